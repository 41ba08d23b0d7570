//! Sends what the outbox holds: mails, and the operator's webhook.
//!
//! A notice is made in the transaction of what it tells of, so that none is
//! lost. It is sent twice only where that it was sent could not be stored; its id
//! is the same then.

mod addresses;
mod back_off;
mod message;
mod settings;
mod signature;
pub(crate) mod trouble;
mod webhook;

use std::time::Duration;

use lettre::Address;
use sha2::{Digest, Sha256};
use sqlx::SqliteConnection;
use tokio::sync::Notify;

pub use self::settings::{NoticeError, NoticeSettings};
use self::trouble::Trouble;
use self::webhook::Webhook;
use crate::app::App;
use crate::clock::micros;
use crate::store::notices::{self, Audience, Kind};
use crate::store::outbox::{self, Claimed, Recipient};
use crate::store::{StoreError, Stored};

/// How long a claim holds; longer than [`SEND_WITHIN`].
const LEASE: Duration = Duration::from_mins(3);
/// How long one try may take.
const SEND_WITHIN: Duration = Duration::from_mins(1);
/// In case that a wake-up was missed.
const POLL: Duration = Duration::from_mins(1);
/// Between two tries to store what came of a try.
const STORE_AGAIN: Duration = Duration::from_secs(1);
/// What was sent or given up is kept so long.
pub(crate) const KEPT: Duration = Duration::from_hours(30 * 24);

/// Whom the operator has told, and how.
#[derive(Debug)]
pub(crate) struct Notifier {
    operators: Vec<Address>,
    webhook: Option<Webhook>,
    audience: Audience,
    woken: [Notify; 2],
}

impl Notifier {
    /// # Errors
    /// A setting is missing or cannot be used.
    pub(crate) fn new(settings: &NoticeSettings, mail: bool) -> Result<Self, NoticeError> {
        let operators = settings.operators(mail)?;
        let webhook = settings.webhook()?.map(Webhook::new).transpose()?;
        let audience = Audience {
            operators: operators.iter().map(digest).collect(),
            webhook: webhook.is_some(),
            mail,
        };
        Ok(Self { operators, webhook, audience, woken: [Notify::new(), Notify::new()] })
    }

    /// Whom the operator has told.
    pub(crate) fn audience(&self) -> &Audience {
        &self.audience
    }

    /// A notice may be waiting, and that is committed.
    pub(crate) fn wake(&self) {
        self.woken.iter().for_each(Notify::notify_one);
    }

    fn woken(&self, kind: Kind) -> &Notify {
        match kind {
            Kind::Email => &self.woken[0],
            Kind::Webhook => &self.woken[1],
        }
    }
}

/// What the outbox knows an operator's address by.
fn digest(address: &Address) -> String {
    use std::fmt::Write;
    let whole = Sha256::digest(address.to_string());
    whole.iter().take(16).fold(String::with_capacity(32), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Tells of an import that has reached its final state, in the transaction in
/// which it does. [`Notifier::wake`] once that is committed.
pub(crate) async fn import_ended(
    app: &App,
    tx: &mut SqliteConnection,
    seq: i64,
    now: i64,
) -> Stored<()> {
    notices::import_ended(tx, seq, app.notifier().audience(), now).await?;
    Ok(())
}

/// Sends what is due of that kind, until the server stops. The rest is for the next start.
pub(crate) async fn run(app: App, kind: Kind) {
    while !app.shutdown().is_cancelled() {
        let wait = match send_due(&app, kind).await {
            Ok(wait) => wait,
            Err(error) => {
                tracing::warn!(%error, "the outbox cannot be read");
                POLL
            }
        };
        tokio::select! {
            () = app.notifier().woken(kind).notified() => {}
            () = tokio::time::sleep(wait) => {}
            () = app.shutdown().cancelled() => {}
        }
    }
}

/// Sends what is due of that kind, and says how long the next one has time.
pub(crate) async fn send_due(app: &App, kind: Kind) -> Stored<Duration> {
    while !app.shutdown().is_cancelled() {
        let now = app.clock().now_micros();
        let lease_until = now.saturating_add(micros(LEASE));
        let Some(notice) = outbox::claim(app.store(), kind, now, lease_until).await? else {
            let Some(next) = outbox::next_due(app.store(), kind).await? else { return Ok(POLL) };
            let wait = u64::try_from(next.saturating_sub(now)).unwrap_or(0);
            return Ok(Duration::from_micros(wait).min(POLL));
        };
        let came = match tokio::time::timeout(SEND_WITHIN, send(app, &notice)).await {
            Ok(came) => came,
            Err(_) if kind == Kind::Webhook => Came::Failed(Trouble::WebhookTimedOut),
            Err(_) => Came::Failed(Trouble::MailTimedOut),
        };
        store(app, &notice, came, lease_until).await;
    }
    Ok(POLL)
}

/// What came of a try.
#[derive(Debug, Clone, Copy)]
enum Came {
    Sent,
    Failed(Trouble),
    /// Nobody wants it any more.
    Unwanted,
}

impl<E: Into<Trouble>> From<Result<(), E>> for Came {
    fn from(sent: Result<(), E>) -> Self {
        match sent {
            Ok(()) => Self::Sent,
            Err(error) => Self::Failed(error.into()),
        }
    }
}

async fn send(app: &App, notice: &Claimed) -> Came {
    let notifier = app.notifier();
    match &notice.to {
        Recipient::Webhook => {
            let Some(webhook) = &notifier.webhook else {
                return Came::Failed(Trouble::WebhookNotSetUp);
            };
            let body = message::payload(notice, app.public_url());
            let now = app.clock().now_micros() / 1_000_000;
            webhook.send(&notice.message_id, now, body).await.into()
        }
        Recipient::Operator(wanted) => {
            let address = notifier.operators.iter().find(|address| digest(address) == *wanted);
            match address {
                Some(address) => mail(app, notice, address.as_ref()).await,
                None if notifier.operators.is_empty() => Came::Failed(Trouble::MailNotSetUp),
                None => Came::Failed(Trouble::OperatorGone),
            }
        }
        Recipient::Member(Some(address)) => mail(app, notice, address).await,
        Recipient::Member(None) => Came::Unwanted,
    }
}

async fn mail(app: &App, notice: &Claimed, to: &str) -> Came {
    let Some(mailer) = app.mailer() else { return Came::Failed(Trouble::MailNotSetUp) };
    let mail = message::mail(notice, app.public_url());
    mailer.send_notice(to, &notice.message_id, mail.subject, mail.body).await.into()
}

/// Stores what came of a try, as soon as the database takes it: what was sent is
/// sent again otherwise.
async fn store(app: &App, notice: &Claimed, came: Came, lease_until: i64) {
    loop {
        let error = match try_store(app, notice, came).await {
            Ok(()) => return,
            Err(error) => error,
        };
        tracing::warn!(notice = notice.id, %error, "what came of a notice cannot be stored");
        let lost = matches!(error, StoreError::LeaseLost);
        if lost || app.clock().now_micros() >= lease_until {
            return;
        }
        tokio::select! {
            () = tokio::time::sleep(STORE_AGAIN) => {}
            () = app.shutdown().cancelled() => return,
        }
    }
}

async fn try_store(app: &App, notice: &Claimed, came: Came) -> Stored<()> {
    let now = app.clock().now_micros();
    let id = notice.id;
    match came {
        Came::Sent => {
            outbox::sent(app.store(), notice, now).await?;
            tracing::info!(notice = id, "a notice is sent");
        }
        Came::Unwanted => {
            outbox::withdraw(app.store(), notice).await?;
            tracing::info!(notice = id, "a notice has nobody to go to any more");
        }
        Came::Failed(trouble) => {
            let next = (!trouble.is_final()).then(|| next_try(app, notice, now)).flatten();
            outbox::failed(app.store(), notice, trouble.word(), now, next).await?;
            let given_up = next.is_none();
            tracing::warn!(notice = id, code = trouble.word(), given_up, "a notice is not sent");
        }
    }
    Ok(())
}

fn next_try(app: &App, notice: &Claimed, now: i64) -> Option<i64> {
    let first_wait = Duration::from_millis(app.timing().notice_wait_ms.into());
    let mut jitter = [0];
    // Without it they come back together, which is no reason not to.
    let _ = getrandom::fill(&mut jitter);
    back_off::next_try(notice.attempts, notice.tried_since, now, first_wait, jitter[0])
}
