//! Where a request comes from, and with which browser.

use std::convert::Infallible;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Once;
use std::time::Duration;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::header;
use axum::http::request::Parts;
use axum::response::Response;
use sqlx::SqliteConnection;

use super::problem::{Answer, Refusal};
use super::session::{cookie, cookie_named};
use crate::app::App;
use crate::config::PublicUrl;
use crate::network::{self, Network};
use crate::{throttle, token};

/// How long a browser keeps the cookie that it is known by.
const BROWSER_KNOWN_FOR: Duration = Duration::from_hours(180 * 24);

/// Who sends a request, as far as that is known of anybody.
#[derive(Debug, Clone)]
pub(crate) struct Sender {
    pub network: Network,
    /// The cookie of a browser that somebody signed in with before.
    pub browser: Option<String>,
}

/// The browser that was let in, and is known from now on.
#[derive(Debug)]
pub(crate) struct Browser(String);

impl FromRequestParts<App> for Sender {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        // Requests without a connection come from this machine: those of tests.
        let nowhere = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map_or(nowhere, |peer| peer.0);
        let trusted = app.trusted_proxies();
        if network::is_unknown_proxy(peer, &parts.headers, trusted) {
            hint_at_proxies();
        }
        let name = app.public_url().browser_cookie_name();
        Ok(Self {
            network: Network::of(network::client(peer, &parts.headers, trusted)),
            browser: cookie(&parts.headers, name).map(str::to_owned),
        })
    }
}

fn hint_at_proxies() {
    static HINTED: Once = Once::new();
    HINTED.call_once(|| {
        tracing::warn!(
            "requests come through a proxy that --trusted-proxy does not name: \
             everybody behind it shares one limit for signing in"
        );
    });
}

impl Sender {
    /// Notes, within the transaction, that this admin was let in from here.
    pub(crate) async fn remember(
        &self,
        tx: &mut SqliteConnection,
        admin_id: i64,
        now: i64,
    ) -> Answer<Browser> {
        // Another one each time: nobody can give a browser a cookie that they know.
        let browser = token::mint().map_err(|_| Refusal::internal())?;
        throttle::remember(tx, admin_id, self.network, &browser, now).await?;
        Ok(Browser(browser))
    }
}

impl Browser {
    /// Gives the browser its cookie along with the answer.
    pub(crate) fn keep_in(self, mut response: Response, public: &PublicUrl) -> Answer<Response> {
        let name = public.browser_cookie_name();
        let cookie = cookie_named(public, name, &self.0, BROWSER_KNOWN_FOR)?;
        response.headers_mut().append(header::SET_COOKIE, cookie);
        Ok(response)
    }
}
