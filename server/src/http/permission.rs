//! What a route lets whom do. A handler that takes [`May`] says it in its
//! signature; nothing else gives it the account that the store asks for.

use std::marker::PhantomData;
use std::ops::Deref;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use super::caller::{Caller, Needs};
use super::codes::Code;
use super::dto::{Role, Scope};
use super::problem::{Answer, Refusal};
use crate::app::App;

/// A right that a route asks for.
pub(crate) trait Permission: Send + Sync + 'static {
    /// What is asked of whoever comes.
    const NEEDS: Needs;
}

macro_rules! permissions {
    ($($(#[$doc:meta])+ $name:ident: $role:ident, $scopes:expr;)+) => {
        $(
            $(#[$doc])+
            #[derive(Debug, Clone, Copy)]
            pub(crate) struct $name;

            impl Permission for $name {
                const NEEDS: Needs = Needs { role: Role::$role, scopes: $scopes };
            }
        )+
    };
}

permissions! {
    /// See which sites there are and how imports go.
    Follow: Viewer, &[Scope::Read, Scope::Import];
    /// Read pages and comments.
    Read: Viewer, &[Scope::Read];
    /// See who the members are. For people alone.
    Meet: Viewer, &[];
    /// Make imports, send them, stop them.
    MakeImports: Admin, &[Scope::Import];
    /// Make sites. For people alone.
    MakeSites: Admin, &[];
    /// Make, list and revoke tokens of one's own. For people alone.
    HaveTokens: Admin, &[];
    /// Decide about the account: members, settings, the audit log. For people alone.
    Own: Owner, &[];
}

/// A caller who has the right.
#[derive(Debug, Clone)]
pub(crate) struct May<P> {
    caller: Caller,
    permission: PhantomData<P>,
}

impl<P> May<P> {
    /// For what outlives the request; it remembers the right.
    pub(crate) fn into_caller(self) -> Caller {
        self.caller
    }
}

impl<P> Deref for May<P> {
    type Target = Caller;

    fn deref(&self) -> &Caller {
        &self.caller
    }
}

impl<P: Permission> FromRequestParts<App> for May<P> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Answer<Self> {
        let caller = Caller::find(parts, app, P::NEEDS).await?;
        Ok(Self { caller, permission: PhantomData })
    }
}

impl Needs {
    /// Whether a person of this role has the right; a token of theirs has these scopes.
    pub(super) fn met_by(&self, role: Role, token: Option<&[Scope]>) -> Answer<()> {
        if let Some(scopes) = token
            && !self.scopes.iter().any(|scope| scopes.contains(scope))
        {
            return Err(scope_needed(self.scopes));
        }
        if role < self.role { Err(role_needed(self.role)) } else { Ok(()) }
    }
}

fn scope_needed(scopes: &[Scope]) -> Refusal {
    let scopes = crate::store::api_tokens::words(scopes).replace(' ', " or ");
    Refusal::saying(
        Code::ScopeNeeded,
        format!("This token does not have the scope for this: {scopes}. Make one that has."),
    )
}

fn role_needed(role: Role) -> Refusal {
    let who = if role == Role::Owner { "an owner" } else { "an admin or an owner" };
    Refusal::saying(
        Code::RoleNeeded,
        format!("Only {who} of the account can do this. Ask an owner for that role."),
    )
}
