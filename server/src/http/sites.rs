//! Sites of the account.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use url::Url;

use super::codes::Code;
use super::dto::{AuditAction, NewSite, Site};
use super::extract::Json;
use super::openapi::refusals;
use super::permission::{Follow, MakeSites, May};
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

/// Checks and tidies a new site.
pub(crate) fn check(site: &mut NewSite) -> Answer<()> {
    site.name = site.name.trim().to_owned();
    site.url = site.url.trim().to_owned();
    let length = site.name.chars().count();
    if length == 0 || length > LONGEST_NAME || site.name.contains(char::is_control) {
        return Err(Refusal::new(Code::SiteNameInvalid));
    }
    let web = Url::parse(&site.url)
        .is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    if !web || site.url.len() > LONGEST_URL {
        return Err(Refusal::new(Code::SiteUrlInvalid));
    }
    Ok(())
}
