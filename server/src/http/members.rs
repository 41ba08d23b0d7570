//! Members of the account. They see each other; owners decide about them.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;

use super::codes::Code;
use super::dto::{AuditAction, Member, NewRole, Role};
use super::extract::{self, Path};
use super::openapi::refusals;
use super::permission::{May, Meet, Own};
use super::problem::{Answer, Refusal};
use crate::app::App;
use crate::store::accounts::role_word;
use crate::store::{audit, members};

/// Lists the members of the account.
#[utoipa::path(
    get,
    path = "/admins",
    operation_id = "listMembers",
    tag = "members",
    security(("session" = ["viewer"])),
    responses((status = 200, description = "All of them.", body = [Member])),
)]
pub(crate) async fn list(State(app): State<App>, caller: May<Meet>) -> Answer<Json<Vec<Member>>> {
    Ok(Json(members::list(app.store(), caller.admin.account_id).await?))
}

refusals!(MemberRefusals: LastOwner);

/// Gives a member another role, from their next request on.
#[utoipa::path(
    patch,
    path = "/admins/{id}",
    operation_id = "setRole",
    tag = "members",
    security(("session" = ["owner"])),
    params(("id" = i64, Path, description = "Id of the member.")),
    request_body = NewRole,
    responses((status = 200, description = "The member.", body = Member), MemberRefusals),
)]
pub(crate) async fn set_role(
    State(app): State<App>,
    caller: May<Own>,
    Path(id): Path<i64>,
    extract::Json(new): extract::Json<NewRole>,
) -> Answer<Json<Member>> {
    let account_id = caller.admin.account_id;
    let mut tx = app.store().begin().await?;
    let mut member =
        members::find(&mut tx, account_id, id).await?.ok_or_else(Refusal::not_found)?;
    if member.role == new.role {
        return Ok(Json(member));
    }
    // Within the transaction: two owners cannot demote each other.
    if member.role == Role::Owner && !members::other_owner(&mut tx, account_id, id).await? {
        return Err(last_owner());
    }
    members::set_role(&mut tx, account_id, id, new.role).await?;
    let details = [
        ("member", &*id.to_string()),
        ("email", &*member.email),
        ("role", role_word(new.role)),
        ("role_before", role_word(member.role)),
    ];
    let now = app.clock().now_micros();
    audit::note(&mut tx, caller.actor(), AuditAction::RoleChanged, &details, now).await?;
    tx.commit().await?;
    app.changed();
    member.role = new.role;
    Ok(Json(member))
}

/// Removes a member: their sessions, tokens and links end at once.
#[utoipa::path(
    delete,
    path = "/admins/{id}",
    operation_id = "removeMember",
    tag = "members",
    security(("session" = ["owner"])),
    params(("id" = i64, Path, description = "Id of the member.")),
    responses((status = 204, description = "Removed."), MemberRefusals),
)]
pub(crate) async fn remove(
    State(app): State<App>,
    caller: May<Own>,
    Path(id): Path<i64>,
) -> Answer<StatusCode> {
    let account_id = caller.admin.account_id;
    let mut tx = app.store().begin().await?;
    let member = members::find(&mut tx, account_id, id).await?.ok_or_else(Refusal::not_found)?;
    if member.role == Role::Owner && !members::other_owner(&mut tx, account_id, id).await? {
        return Err(last_owner());
    }
    let now = app.clock().now_micros();
    let details = [
        ("member", &*id.to_string()),
        ("email", &*member.email),
        ("role_before", role_word(member.role)),
    ];
    audit::note(&mut tx, caller.actor(), AuditAction::MemberRemoved, &details, now).await?;
    members::remove(&mut tx, account_id, id, now).await?;
    tx.commit().await?;
    // Live answers look whether they may go on.
    app.changed();
    Ok(StatusCode::NO_CONTENT)
}

fn last_owner() -> Refusal {
    Refusal::new(Code::LastOwner)
}
