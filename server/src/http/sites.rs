//! Sites of the account.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use url::Url;

use super::codes::Code;
use super::dto::{AuditAction, NewSite, Site, SiteChange};
use super::extract::{Json, Path};
use super::openapi::refusals;
use super::permission::{Follow, MakeSites, May, Own};
use super::problem::{Answer, Refusal};
use crate::app::App;
use crate::store::{audit, sites};

const LONGEST_NAME: usize = 200;
const LONGEST_URL: usize = 2_000;

/// Lists the sites of the account.
#[utoipa::path(
    get,
    path = "/sites",
    operation_id = "listSites",
    tag = "sites",
    security(("session" = ["viewer"]), ("token" = ["read", "import"])),
    responses((status = 200, description = "All of them, by name.", body = [Site])),
)]
pub(crate) async fn list(
    State(app): State<App>,
    caller: May<Follow>,
) -> Answer<axum::Json<Vec<Site>>> {
    let sites = sites::list(app.store(), caller.admin.account_id).await?;
    Ok(axum::Json(sites))
}

refusals!(CreateRefusals: SiteNameInvalid, SiteUrlInvalid);

/// Makes a site.
#[utoipa::path(
    post,
    path = "/sites",
    operation_id = "createSite",
    tag = "sites",
    security(("session" = ["admin"])),
    request_body = NewSite,
    responses((status = 201, description = "The site.", body = Site), CreateRefusals),
)]
pub(crate) async fn create(
    State(app): State<App>,
    caller: May<MakeSites>,
    Json(mut new): Json<NewSite>,
) -> Answer<Response> {
    check(&mut new)?;
    let account_id = caller.admin.account_id;
    let mut tx = app.store().begin().await?;
    let now = app.clock().now_micros();
    let site = sites::insert(&mut tx, account_id, &new, now).await?;
    let details = [("site", &*site.id.to_string())];
    audit::note(&mut tx, caller.actor(), AuditAction::SiteMade, &details, now).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, axum::Json(site)).into_response())
}

refusals!(ChangeRefusals: SiteNameInvalid, SiteUrlInvalid);

/// Changes a site, or opens its comments to everybody.
#[utoipa::path(
    patch,
    path = "/sites/{site}",
    operation_id = "changeSite",
    tag = "sites",
    security(("session" = ["owner"])),
    params(("site" = i64, Path, description = "Its id.")),
    request_body = SiteChange,
    responses((status = 200, description = "The site as it is now.", body = Site), ChangeRefusals),
)]
pub(crate) async fn change(
    State(app): State<App>,
    owner: May<Own>,
    Path(site_id): Path<i64>,
    Json(mut change): Json<SiteChange>,
) -> Answer<axum::Json<Site>> {
    change.name = change.name.as_deref().map(checked_name).transpose()?;
    change.url = change.url.as_deref().map(checked_url).transpose()?;
    let mut tx = app.store().begin().await?;
    let account_id = owner.admin.account_id;
    let site = sites::change(&mut tx, account_id, site_id, &change).await?;
    let site = site.ok_or_else(Refusal::not_found)?;
    let id = site.id.to_string();
    let mut details = vec![("site", id.as_str())];
    let public = change.public_comments.map(|public| if public { "yes" } else { "no" });
    details.extend(public.map(|public| ("public_comments", public)));
    let now = app.clock().now_micros();
    audit::note(&mut tx, owner.actor(), AuditAction::SiteChanged, &details, now).await?;
    tx.commit().await?;
    Ok(axum::Json(site))
}

/// Checks and tidies a new site.
pub(crate) fn check(site: &mut NewSite) -> Answer<()> {
    site.name = checked_name(&site.name)?;
    site.url = checked_url(&site.url)?;
    Ok(())
}

fn checked_name(given: &str) -> Answer<String> {
    let name = given.trim();
    let length = name.chars().count();
    if length == 0 || length > LONGEST_NAME || name.contains(char::is_control) {
        return Err(Refusal::new(Code::SiteNameInvalid));
    }
    Ok(name.to_owned())
}

fn checked_url(given: &str) -> Answer<String> {
    let given = given.trim();
    let web = Url::parse(given)
        .is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    if !web || given.len() > LONGEST_URL {
        return Err(Refusal::new(Code::SiteUrlInvalid));
    }
    Ok(given.to_owned())
}
