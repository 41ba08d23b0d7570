//! How often somebody may try to sign in.
//!
//! Three rules, whose reasons are in `docs/security.md`:
//!
//! - Whoever was let in before from this browser, or else from this network, is
//!   counted apart from everybody else, so that strangers cannot lock them out.
//! - Strangers are counted by network, and by the account that they try.
//! - A try is counted before the password is looked at, and taken back when it
//!   was right. One that comes too early is not counted and costs no hashing.

use std::time::Duration;

use sha2::{Digest, Sha256};

use crate::clock::{Clock, micros};
use crate::network::Network;
use crate::store::sign_ins::{self, Failures, Key};
use crate::store::{Store, StoreError};

/// Failures that nobody added to for so long are forgotten.
const FORGOTTEN_AFTER: Duration = Duration::from_hours(24);
/// Browsers and networks stay familiar so long after the last sign-in.
const FAMILIAR_FOR: Duration = Duration::from_hours(180 * 24);

/// Tries without a wait, and the longest wait after them: it starts at a second and doubles.
#[derive(Debug, Clone, Copy)]
struct Allowance {
    free: u32,
    longest: Duration,
}

/// Of one person, or one network.
const NARROW: Allowance = Allowance { free: 10, longest: Duration::from_mins(15) };
/// Of what many share: an account that the whole world may try, or a /48. A
/// short wait, since it keeps out strangers who have done nothing yet.
const WIDE: Allowance = Allowance { free: 100, longest: Duration::from_mins(1) };

/// Why nobody is let in.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ThrottleError {
    /// Too early.
    #[error("too many attempts")]
    Wait(Duration),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Who tries, as far as can be told before the password is looked at.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Who<'a> {
    /// As typed in.
    pub email: &'a str,
    /// The admin of this address, where there is one.
    pub admin_id: Option<i64>,
    pub network: Network,
    /// The cookie that the browser got when somebody last signed in with it.
    pub browser: Option<&'a str>,
}

/// A try that was counted.
#[derive(Debug)]
pub(crate) struct Attempt {
    counted: Vec<(Key, Allowance)>,
    is_familiar: bool,
}

impl Attempt {
    /// It was made from a browser or a network that this admin has signed in from.
    pub(crate) fn is_familiar(&self) -> bool {
        self.is_familiar
    }
}

/// Counts a try, unless it comes too early.
///
/// # Errors
/// [`ThrottleError::Wait`] where it does.
pub(crate) async fn begin(
    store: &Store,
    clock: &Clock,
    who: Who<'_>,
) -> Result<Attempt, ThrottleError> {
    let attempt = of(store, clock.now_micros(), who).await?;
    counted(store, clock, attempt).await
}

/// Counts a try of somebody who is signed in to say their password again: a
/// session that was left open is no way to guess it.
///
/// # Errors
/// [`ThrottleError::Wait`] where it comes too early.
pub(crate) async fn begin_again(
    store: &Store,
    clock: &Clock,
    admin_id: i64,
) -> Result<Attempt, ThrottleError> {
    let key = digest("again", &[&admin_id.to_string()]);
    counted(store, clock, Attempt { counted: vec![(key, NARROW)], is_familiar: true }).await
}

/// Counts that somebody asks for mail to an address.
///
/// # Errors
/// [`ThrottleError::Wait`] where it comes too early.
pub(crate) async fn ask_for_mail(
    store: &Store,
    clock: &Clock,
    network: Network,
) -> Result<(), ThrottleError> {
    let key = digest("mail", &[&network.name()]);
    counted(store, clock, Attempt { counted: vec![(key, NARROW)], is_familiar: false }).await?;
    Ok(())
}

async fn counted(store: &Store, clock: &Clock, attempt: Attempt) -> Result<Attempt, ThrottleError> {
    let now = clock.now_micros();
    let keys = || attempt.counted.iter().map(|(key, _)| *key);
    // Most of a flood ends here, without a turn at the one writer.
    let mut reader = store.reader().acquire().await.map_err(StoreError::from)?;
    attempt.check(&sign_ins::failures(&mut reader, keys()).await?, now)?;
    drop(reader);
    // Counted in one go with the look, so that a thousand at once are a thousand.
    let mut tx = store.begin().await?;
    attempt.check(&sign_ins::failures(&mut tx, keys()).await?, now)?;
    for key in keys() {
        sign_ins::count(&mut tx, &key, now, now - micros(FORGOTTEN_AFTER)).await?;
    }
    tx.commit().await.map_err(StoreError::from)?;
    Ok(attempt)
}

/// The password was right: the try is taken back, within the transaction.
pub(crate) async fn succeeded(
    tx: &mut sqlx::SqliteConnection,
    attempt: &Attempt,
) -> Result<(), StoreError> {
    for (key, _) in &attempt.counted {
        if attempt.is_familiar {
            sign_ins::forget(tx, key).await?;
        } else {
            // Not to nothing: one good account would be the way to try all others without end.
            sign_ins::take_back(tx, key).await?;
        }
    }
    Ok(())
}

/// Notes, within the transaction, what an admin was let in from.
pub(crate) async fn remember(
    tx: &mut sqlx::SqliteConnection,
    admin_id: i64,
    network: Network,
    browser: &str,
    now: i64,
) -> Result<(), StoreError> {
    let keys = [browser_key(browser), network_key(network)];
    sign_ins::remember(tx, admin_id, &keys, now).await
}

/// Removes what is forgotten.
pub(crate) async fn sweep(store: &Store, clock: &Clock) -> Result<(), StoreError> {
    let now = clock.now_micros();
    sign_ins::sweep(store, now - micros(FORGOTTEN_AFTER), now - micros(FAMILIAR_FOR)).await
}

async fn of(store: &Store, now: i64, who: Who<'_>) -> Result<Attempt, StoreError> {
    let since = now - micros(FAMILIAR_FOR);
    if let Some(admin_id) = who.admin_id {
        if let Some(browser) = who.browser {
            let key = browser_key(browser);
            if sign_ins::is_familiar(store, admin_id, &key, since).await? {
                let counted = vec![(key, NARROW)];
                return Ok(Attempt { counted, is_familiar: true });
            }
        }
        let key = network_key(who.network);
        if sign_ins::is_familiar(store, admin_id, &key, since).await? {
            let pair = digest("pair", &[&admin_id.to_string(), &who.network.name()]);
            return Ok(Attempt { counted: vec![(pair, NARROW)], is_familiar: true });
        }
    }
    // The same for an address that nobody has: whether it is known is not told.
    let email = who.email.to_ascii_lowercase();
    let mut counted =
        vec![(network_key(who.network), NARROW), (digest("account", &[&email]), WIDE)];
    if let Some(wider) = who.network.wider() {
        counted.push((network_key(wider), WIDE));
    }
    Ok(Attempt { counted, is_familiar: false })
}

impl Attempt {
    fn check(&self, failures: &[Failures], now: i64) -> Result<(), ThrottleError> {
        let waits = self.counted.iter().zip(failures);
        let longest = waits.map(|((_, allowance), failures)| wait(*allowance, *failures, now));
        match longest.max().unwrap_or_default() {
            Duration::ZERO => Ok(()),
            wait => Err(ThrottleError::Wait(wait)),
        }
    }
}

/// How long a next try is too early.
fn wait(allowance: Allowance, failures: Failures, now: i64) -> Duration {
    let since = now - failures.last_at;
    let Some(over) = failures.count.checked_sub(allowance.free) else {
        return Duration::ZERO;
    };
    if since > micros(FORGOTTEN_AFTER) {
        return Duration::ZERO;
    }
    let delay = Duration::from_secs(1 << over.min(30)).min(allowance.longest);
    // A clock that was set back makes nobody wait longer than that.
    let left = (micros(delay) - since).clamp(0, micros(delay));
    Duration::from_micros(u64::try_from(left).unwrap_or(0))
}

fn network_key(network: Network) -> Key {
    digest("network", &[&network.name()])
}

fn browser_key(token: &str) -> Key {
    digest("browser", &[token])
}

fn digest(kind: &str, parts: &[&str]) -> Key {
    let mut hash = Sha256::new_with_prefix(kind);
    for part in parts {
        hash.update([0]);
        hash.update(part);
    }
    let mut key = Key::default();
    key.copy_from_slice(&hash.finalize()[..16]);
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: i64 = 1_000_000;

    fn seconds(allowance: Allowance, count: u32, since: i64) -> u64 {
        let failures = Failures { count, last_at: 0 };
        wait(allowance, failures, since * SECOND).as_secs()
    }

    #[test]
    fn waits_double_up_to_a_bound() {
        let waits = [9, 10, 11, 12, 19, 20, 4_000_000_000].map(|count| seconds(NARROW, count, 0));
        assert_eq!(waits, [0, 1, 2, 4, 512, 900, 900]);
        assert_eq!([99, 100, 105, 106].map(|count| seconds(WIDE, count, 0)), [0, 1, 32, 60]);
        assert_eq!(seconds(NARROW, 12, 3), 1);
        assert_eq!(seconds(NARROW, 12, 4), 0);
        assert_eq!(seconds(NARROW, 99, 24 * 3_600 + 1), 0);
    }

    #[test]
    fn a_clock_that_was_set_back_locks_nobody_out() {
        assert_eq!(seconds(NARROW, 10, -1_000_000), 1);
    }
}
