//! API tokens: made, listed and revoked by people.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::codes::Code;
use super::dto::{ApiToken, AuditAction, CreatedApiToken, NewApiToken, Role, Scope};
use super::extract::{Json, Path};
use super::openapi::refusals;
use super::permission::{HaveTokens, May};
use super::problem::{Answer, Refusal};
use crate::app::App;
use crate::store::accounts::AdminRow;
use crate::store::{api_tokens, audit};
use crate::token::{self, API_PREFIX};

/// Tokens of one account.
const MOST_TOKENS: u64 = 50;
const LONGEST_NAME: usize = 100;

/// Lists the tokens of the account.
#[utoipa::path(
    get,
    path = "/tokens",
    operation_id = "listTokens",
    tag = "tokens",
    security(("session" = ["admin"])),
    responses((status = 200, description = "All of them, the oldest first.", body = [ApiToken])),
)]
pub(crate) async fn list(
    State(app): State<App>,
    caller: May<HaveTokens>,
) -> Answer<axum::Json<Vec<ApiToken>>> {
    let admin = &caller.admin;
    Ok(axum::Json(api_tokens::list(app.store(), admin.account_id, whose(admin)).await?))
}

refusals!(CreateRefusals: TokenNameInvalid, TokenScopesMissing, TokensFull);

/// Makes a token. The answer is the only one that has its secret.
#[utoipa::path(
    post,
    path = "/tokens",
    operation_id = "createToken",
    tag = "tokens",
    security(("session" = ["admin"])),
    request_body = NewApiToken,
    responses(
        (status = 201, description = "The token and its secret.", body = CreatedApiToken),
        CreateRefusals,
    ),
)]
pub(crate) async fn create(
    State(app): State<App>,
    caller: May<HaveTokens>,
    Json(new): Json<NewApiToken>,
) -> Answer<Response> {
    let name = checked_name(&new.name)?;
    let scopes = checked_scopes(new.scopes)?;
    let secret = format!("{API_PREFIX}{}", token::mint().map_err(|_| Refusal::internal())?);
    let admin = &caller.admin;
    let mut tx = app.store().begin().await?;
    if api_tokens::count(&mut tx, admin.account_id).await? >= MOST_TOKENS {
        return Err(Refusal::saying(
            Code::TokensFull,
            format!(
                "There are {MOST_TOKENS} tokens already. Revoke one that is not used any more."
            ),
        ));
    }
    let now = app.clock().now_micros();
    let hash = token::hash(&secret);
    let token = api_tokens::insert(&mut tx, admin, name, &scopes, &hash, now).await?;
    let (id, words) = (token.id.to_string(), api_tokens::words(&scopes));
    let details = [("token", &*id), ("name", name), ("scopes", &*words)];
    audit::note(&mut tx, caller.actor(), AuditAction::TokenMade, &details, now).await?;
    tx.commit().await?;
    let created = CreatedApiToken { token, secret };
    Ok((StatusCode::CREATED, axum::Json(created)).into_response())
}

/// Revokes a token: it is refused from now on.
#[utoipa::path(
    delete,
    path = "/tokens/{id}",
    operation_id = "revokeToken",
    tag = "tokens",
    security(("session" = ["admin"])),
    params(("id" = i64, Path, description = "Id of the token.")),
    responses((status = 204, description = "Revoked.")),
)]
pub(crate) async fn revoke(
    State(app): State<App>,
    caller: May<HaveTokens>,
    Path(id): Path<i64>,
) -> Answer<StatusCode> {
    let admin = &caller.admin;
    let mut tx = app.store().begin().await?;
    let name = api_tokens::delete(&mut tx, admin.account_id, id, whose(admin))
        .await?
        .ok_or_else(Refusal::not_found)?;
    let now = app.clock().now_micros();
    let details = [("token", &*id.to_string()), ("name", &*name)];
    audit::note(&mut tx, caller.actor(), AuditAction::TokenRevoked, &details, now).await?;
    tx.commit().await?;
    // Live answers look whether they may go on.
    app.changed();
    Ok(StatusCode::NO_CONTENT)
}

/// Whose tokens the person decides about; none are everybody's.
fn whose(admin: &AdminRow) -> Option<i64> {
    (admin.role != Role::Owner).then_some(admin.id)
}

fn checked_name(given: &str) -> Answer<&str> {
    let name = given.trim();
    let length = name.chars().count();
    if (1..=LONGEST_NAME).contains(&length) && !name.contains(char::is_control) {
        Ok(name)
    } else {
        Err(Refusal::new(Code::TokenNameInvalid))
    }
}

fn checked_scopes(mut scopes: Vec<Scope>) -> Answer<Vec<Scope>> {
    scopes.sort_unstable();
    scopes.dedup();
    if scopes.is_empty() { Err(Refusal::new(Code::TokenScopesMissing)) } else { Ok(scopes) }
}
