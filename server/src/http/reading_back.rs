//! `GET /sites/{site}/comments`: the comments of a page by its address, for
//! whoever shows them. Public where the site's owner says so.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use url::Url;
use utoipa::IntoParams;

use super::codes::Code;
use super::dto::ShownComments;
use super::extract::{AtMost, Path, Query};
use super::openapi::refusals;
use super::pages_embed::{entity_tag, is_known};
use super::permission::{May, Read};
use super::problem::{Answer, Refusal};
use crate::app::App;
use crate::page_address::match_url;
use crate::shown_order::{Cursor, ShownOrder};
use crate::store::shown::{self, Named, Readable};

const AT_ONCE: u32 = 100;
/// Browsers and proxies ask again after a minute.
const FOR_EVERYBODY: HeaderValue = HeaderValue::from_static("public, max-age=60");
/// They ask each time, and hear when nothing changed.
const FOR_ONE: HeaderValue = HeaderValue::from_static("private, no-cache");

/// Which page, and from where on.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Asked {
    /// Address of the page. It or `identifier` is there, and not both.
    url: Option<String>,
    /// What the old comment system called the page.
    identifier: Option<String>,
    /// `next` of the list before.
    #[param(pattern = "^[0-9]{1,15}-[0-9]{1,15}(--?[0-9]{1,16})?$")]
    cursor: Option<String>,
    /// How many at most; 100 where it is not said.
    #[param(inline)]
    limit: Option<AtMost<200>>,
}

refusals!(ShowRefusals: CursorInvalid, PageUnnamed);

/// Gives the comments of a page by its address, as its readers see them.
///
/// Without a proof, of sites that their owner made public alone: others are not
/// there. Scripts of a public site's own host may read the answer.
#[utoipa::path(
    get,
    path = "/sites/{site}/comments",
    operation_id = "readComments",
    tag = "comments",
    security((), ("session" = ["viewer"]), ("token" = ["read"])),
    params(("site" = i64, Path, description = "Id of the site."), Asked),
    responses(
        (
            status = 200,
            description = "Some of them, and where to go on.",
            body = ShownComments,
            headers(
                ("etag" = String, description = "Another one where anything is another."),
                ("cache-control" = String, description = "A minute for everybody, of a public site."),
            ),
        ),
        (status = 304, description = "They are those that bear the tag in `If-None-Match`."),
        ShowRefusals,
    ),
)]
pub(crate) async fn show(
    State(app): State<App>,
    Path(site_id): Path<i64>,
    caller: Answer<May<Read>>,
    headers: HeaderMap,
    asked: Answer<Query<Asked>>,
) -> Answer<Response> {
    let site = shown::site(app.store(), site_id).await?;
    let site = readable(site, caller)?;
    // From here on a script of the site may read what is wrong, too.
    let answer = match asked {
        Ok(Query(asked)) => comments(&app, site_id, &site, &headers, &asked).await,
        Err(refusal) => Err(refusal),
    };
    let mut response = answer.unwrap_or_else(IntoResponse::into_response);
    share(&site, &headers, response.headers_mut());
    Ok(response)
}

/// Says whether a script may ask for them in an uncommon way.
///
/// Browsers ask this by themselves. To them, a site that is not public is not there:
/// they send no proof along.
#[utoipa::path(
    options,
    path = "/sites/{site}/comments",
    operation_id = "askToReadComments",
    tag = "comments",
    security((), ("session" = ["viewer"]), ("token" = ["read"])),
    params(("site" = i64, Path, description = "Id of the site.")),
    responses((status = 204, description = "The headers say it.")),
)]
pub(crate) async fn preflight(
    State(app): State<App>,
    Path(site_id): Path<i64>,
    caller: Answer<May<Read>>,
    headers: HeaderMap,
) -> Answer<Response> {
    let site = readable(shown::site(app.store(), site_id).await?, caller)?;
    let mut response = StatusCode::NO_CONTENT.into_response();
    let answer = response.headers_mut();
    share(&site, &headers, answer);
    if answer.contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN) {
        for (name, value) in PREFLIGHT {
            answer.insert(name, HeaderValue::from_static(value));
        }
    }
    Ok(response)
}

const PREFLIGHT: [(HeaderName, &str); 3] = [
    (header::ACCESS_CONTROL_ALLOW_METHODS, "GET, HEAD"),
    (header::ACCESS_CONTROL_ALLOW_HEADERS, "If-None-Match"),
    (header::ACCESS_CONTROL_MAX_AGE, "600"),
];

/// The site, if whoever asks may read it. To strangers, a site that is not
/// public is none.
fn readable(site: Option<Readable>, caller: Answer<May<Read>>) -> Answer<Readable> {
    if let Some(site) = site.as_ref().filter(|site| site.public) {
        return Ok(site.clone());
    }
    match caller {
        Ok(caller) => site
            .filter(|site| site.account_id == caller.admin.account_id)
            .ok_or_else(Refusal::not_found),
        Err(refusal) if refusal.code() == Code::SignedOut => Err(Refusal::not_found()),
        Err(refusal) => Err(refusal),
    }
}

async fn comments(
    app: &App,
    site_id: i64,
    site: &Readable,
    headers: &HeaderMap,
    asked: &Asked,
) -> Answer<Response> {
    let cursor = asked.cursor.as_deref().map(str::parse::<Cursor>).transpose();
    let cursor = cursor.map_err(|_| Refusal::new(Code::CursorInvalid))?;
    let limit = asked.limit.map_or(AT_ONCE, AtMost::get) as usize;
    // A junk address is looked up as it is: pages keep those, too.
    let address = asked.url.as_deref().map(|url| match_url(url).unwrap_or_else(|| url.to_owned()));
    let named = match (&address, &asked.identifier) {
        (Some(address), None) => Named::Address(address),
        (None, Some(identifier)) => Named::Identifier(identifier),
        _ => return Err(Refusal::new(Code::PageUnnamed)),
    };
    let _permit = if site.public {
        Some(app.public_readers().acquire().await.map_err(|_| Refusal::internal())?)
    } else {
        None
    };
    let mut list = ShownComments { page: None, comments: Vec::new(), next: None };
    if let Some((page_id, mut page)) = shown::page(app.store(), site_id, named).await? {
        let order = ShownOrder::new(&shown::nodes(app.store(), site_id, page_id).await?);
        let (part, next) = order.part(cursor, limit);
        page.comments = order.count();
        list.comments = shown::read(app.store(), site_id, &part).await?;
        list.next = next.map(|cursor| cursor.to_string());
        list.page = Some(page);
    }
    answer(site, headers, &list)
}

/// The list, or that it is the one which is known already.
fn answer(site: &Readable, asked: &HeaderMap, list: &ShownComments) -> Answer<Response> {
    let body = serde_json::to_vec(list).map_err(|_| Refusal::internal())?;
    let tag = entity_tag(&Sha256::digest(&body));
    let known = is_known(asked, &tag);
    let tag = HeaderValue::try_from(tag).map_err(|_| Refusal::internal())?;
    let cache = if site.public { FOR_EVERYBODY } else { FOR_ONE };
    let headers = [(header::ETAG, tag), (header::CACHE_CONTROL, cache)];
    if known {
        return Ok((StatusCode::NOT_MODIFIED, headers).into_response());
    }
    let json = (header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    Ok((headers, [json], body).into_response())
}

/// Lets scripts of the site itself read the answer, wherever it is cached.
/// Never with cookies: what they would add is not for scripts of another host.
fn share(site: &Readable, asked: &HeaderMap, answer: &mut HeaderMap) {
    let vary = if site.public { "Origin" } else { "Origin, Cookie, Authorization" };
    answer.insert(header::VARY, HeaderValue::from_static(vary));
    let origin = asked.get(header::ORIGIN).filter(|_| site.public);
    let Some(origin) = origin.filter(|origin| is_of_site(&site.url, origin)) else {
        return;
    };
    answer.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
    answer.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("ETag"));
}

/// Whether it is the site's host: with or without `www.`, by http or https, on
/// the site's port.
fn is_of_site(site: &str, origin: &HeaderValue) -> bool {
    let parsed = |text: &str| {
        let url = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
        let host = url.host_str()?;
        Some((host.strip_prefix("www.").unwrap_or(host).to_owned(), url.port()))
    };
    let origin = origin.to_str().ok().and_then(parsed);
    origin.is_some() && origin == parsed(site)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_site_is_its_host_and_port() {
        let is_of =
            |site: &str, origin: &'static str| is_of_site(site, &HeaderValue::from_static(origin));
        for origin in [
            "https://example.org",
            "http://example.org",
            "https://www.example.org",
            "http://EXAMPLE.org",
        ] {
            assert!(is_of("https://example.org/blog/", origin), "{origin}");
            assert!(is_of("http://www.example.org", origin), "{origin}");
        }
        for origin in [
            "null",
            "",
            "https://example.org.evil.example",
            "https://evil-example.org",
            "https://sub.example.org",
            "https://example.org:8443",
            "ftp://example.org",
            "https://example.com",
        ] {
            assert!(!is_of("https://example.org", origin), "{origin}");
        }
        assert!(is_of("http://localhost:4000", "http://localhost:4000"));
        assert!(!is_of("http://localhost:4000", "http://localhost:4001"));
        assert!(is_of("https://żółw.example", "https://xn--w-uga1v8h.example"));
    }
}
