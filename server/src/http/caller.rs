//! Who asks: a person with a cookie, or a program with a token.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};

use super::codes::Code;
use super::problem::{Answer, Refusal};
use super::session::{NOTED_EVERY, SignedIn};
use crate::app::App;
use crate::clock::micros;
use crate::store::accounts::AdminRow;
use crate::store::{StoreError, api_tokens};
use crate::token::{self, API_PREFIX};

/// Whoever may use the routes that move comments. Routes that are for people
/// alone take [`SignedIn`].
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    /// The person who signed in, or who made the token.
    pub admin: AdminRow,
    proof: Proof,
}

#[derive(Debug, Clone)]
enum Proof {
    Session(SignedIn),
    /// Id of the token.
    Token(i64),
}

impl FromRequestParts<App> for Caller {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Answer<Self> {
        if let Some(secret) = api_token(&parts.headers) {
            return by_token(app, secret).await;
        }
        match SignedIn::from_request_parts(parts, app).await {
            Ok(person) => Ok(Self { admin: person.admin.clone(), proof: Proof::Session(person) }),
            Err(refusal)
                if refusal.code() == Code::SignedOut && bearer(&parts.headers).is_some() =>
            {
                Err(token_invalid())
            }
            Err(refusal) => Err(refusal),
        }
    }
}

impl Caller {
    /// Whether session or token still hold, for answers that take long.
    pub(crate) async fn holds(&self, app: &App) -> Result<bool, StoreError> {
        match &self.proof {
            Proof::Session(signed_in) => signed_in.holds(app).await,
            Proof::Token(id) => api_tokens::exists(app.store(), self.admin.account_id, *id).await,
        }
    }
}

async fn by_token(app: &App, secret: &str) -> Answer<Caller> {
    let found =
        api_tokens::find(app.store(), &token::hash(secret)).await?.ok_or_else(token_invalid)?;
    let now = app.clock().now_micros();
    if found.used_at.is_none_or(|used_at| now - used_at > micros(NOTED_EVERY)) {
        let noted = api_tokens::touch(app.store(), found.admin.account_id, found.id, now).await;
        // Reading goes on while nothing can be written.
        if let Err(error) = noted {
            tracing::warn!(%error, "the use of a token could not be noted");
        }
    }
    Ok(Caller { admin: found.admin, proof: Proof::Token(found.id) })
}

fn token_invalid() -> Refusal {
    Refusal::new(Code::TokenInvalid)
}

/// What comes as a token of ours. Another bearer is that of a proxy in between,
/// and takes nothing from the person behind it.
pub(super) fn api_token(headers: &HeaderMap) -> Option<&str> {
    bearer(headers).filter(|secret| secret.starts_with(API_PREFIX))
}

/// The secret of `Authorization: Bearer …`. Other schemes are a proxy's affair.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, secret) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| secret.trim())
}
