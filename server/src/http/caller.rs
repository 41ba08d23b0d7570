//! Who asks: a person with a cookie, or a program with a token.

use axum::http::request::Parts;
use axum::http::{HeaderMap, header};

use super::codes::Code;
use super::dto::{Role, Scope};
use super::problem::{Answer, Refusal};
use super::session::{NOTED_EVERY, SignedIn};
use crate::app::App;
use crate::clock::micros;
use crate::store::accounts::AdminRow;
use crate::store::audit::Actor;
use crate::store::{StoreError, api_tokens};
use crate::token::{self, API_PREFIX};

/// What a route asks of whoever comes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Needs {
    /// At least this role.
    pub role: Role,
    /// One of these, of a token. None: for people alone.
    pub scopes: &'static [Scope],
}

/// Whoever may do what was asked for. Handlers get one through [`super::permission::May`] alone.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    /// The person who signed in, or who made the token.
    pub admin: AdminRow,
    proof: Proof,
    needs: Needs,
}

#[derive(Debug, Clone)]
enum Proof {
    Session(SignedIn),
    Token { hash: Vec<u8>, name: String },
}

impl Caller {
    /// Who asks, where they have the right.
    pub(super) async fn find(parts: &Parts, app: &App, needs: Needs) -> Answer<Self> {
        match api_token(&parts.headers) {
            Some(secret) if !needs.scopes.is_empty() => Self::by_token(app, secret, needs).await,
            _ => Self::by_session(parts, app, needs).await,
        }
    }

    async fn by_session(parts: &Parts, app: &App, needs: Needs) -> Answer<Self> {
        let for_programs = !needs.scopes.is_empty();
        let person = SignedIn::find(parts, app).await.map_err(|refusal| {
            let nobody = refusal.code() == Code::SignedOut;
            let by_token = for_programs && bearer(&parts.headers).is_some();
            if nobody && by_token { token_invalid() } else { refusal }
        })?;
        needs.met_by(person.admin.role, None)?;
        Ok(Self { admin: person.admin.clone(), proof: Proof::Session(person), needs })
    }

    async fn by_token(app: &App, secret: &str, needs: Needs) -> Answer<Self> {
        let hash = token::hash(secret);
        let found = api_tokens::find(app.store(), &hash).await?.ok_or_else(token_invalid)?;
        let now = app.clock().now_micros();
        if found.used_at.is_none_or(|used_at| now - used_at > micros(NOTED_EVERY)) {
            let noted = api_tokens::touch(app.store(), found.admin.account_id, found.id, now).await;
            // Reading goes on while nothing can be written.
            if let Err(error) = noted {
                tracing::warn!(%error, "the use of a token could not be noted");
            }
        }
        needs.met_by(found.admin.role, Some(&found.scopes))?;
        Ok(Self { admin: found.admin, proof: Proof::Token { hash, name: found.name }, needs })
    }

    /// Whether session or token still hold, and with the same right, for answers that take long.
    pub(crate) async fn holds(&self, app: &App) -> Result<bool, StoreError> {
        match &self.proof {
            Proof::Session(signed_in) => {
                let admin = signed_in.holds(app).await?;
                Ok(admin.is_some_and(|admin| self.needs.met_by(admin.role, None).is_ok()))
            }
            Proof::Token { hash, .. } => {
                let found = api_tokens::find(app.store(), hash).await?;
                Ok(found.is_some_and(|found| {
                    self.needs.met_by(found.admin.role, Some(&found.scopes)).is_ok()
                }))
            }
        }
    }

    /// Refuses where they do not hold any more, in the middle of what takes long.
    pub(crate) async fn still_may(&self, app: &App) -> Answer<()> {
        if self.holds(app).await? { Ok(()) } else { Err(no_longer()) }
    }

    /// For the audit log.
    pub(crate) fn actor(&self) -> Actor<'_> {
        let token = match &self.proof {
            Proof::Session(_) => None,
            Proof::Token { name, .. } => Some(name.as_str()),
        };
        Actor { admin: &self.admin, token }
    }
}

fn no_longer() -> Refusal {
    Refusal::new(Code::NoLonger)
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
