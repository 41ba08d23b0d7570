//! One request, tried until it is answered.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use super::problem::{Answer, Problem};

/// Wait after the first failed try; it doubles with each.
const FIRST_WAIT: Duration = Duration::from_millis(500);
/// The longest wait that nobody asked for.
const MAX_WAIT: Duration = Duration::from_secs(30);
/// The longest wait that a server may ask for.
const MAX_ASKED: Duration = Duration::from_mins(5);

const TOO_MANY_REQUESTS: u16 = 429;

/// Why a try failed.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Another try may help, after so long if that is known.
    Passing(Box<Problem>, Option<Duration>),
    /// It will fail again.
    Final(Box<Problem>),
}

impl Failure {
    /// What to make of an answer that is no success.
    pub(crate) fn from_answer(status: u16, body: &[u8], retry_after: Option<&str>) -> Self {
        let problem = Problem::from_answer(status, body);
        if problem.may_pass() {
            Self::Passing(problem, retry_after.and_then(parse_retry_after))
        } else {
            Self::Final(problem)
        }
    }
}

/// How often a request is tried, the first time included.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tries(u32);

impl Tries {
    /// Of the very first request: an address that is wrong is said soon.
    pub(crate) const FIRST_CONTACT: Self = Self(3);
    /// Of every other: about two minutes, in which a server starts again.
    pub(crate) const UNDER_WAY: Self = Self(10);
    /// Of one that is told to come later: that is no failure, but it ends too,
    /// after half an hour of waits of 20 seconds.
    const TOLD_TO_WAIT: u32 = 90;
}

/// A wait before the next try, for whoever shows it.
#[derive(Debug)]
pub(crate) struct Wait<'a> {
    pub(crate) why: &'a Problem,
    pub(crate) wait: Duration,
}

/// Shared by the senders of one import: the first problem stops them all.
#[derive(Debug, Default)]
pub(crate) struct Halt {
    first: Mutex<Option<Box<Problem>>>,
    called: Condvar,
}

impl Halt {
    /// Stops everybody; the first reason is kept.
    pub(crate) fn call(&self, problem: Box<Problem>) {
        self.first().get_or_insert(problem);
        self.called.notify_all();
    }

    pub(crate) fn is_called(&self) -> bool {
        self.first().is_some()
    }

    /// What was called first.
    pub(crate) fn into_first(self) -> Option<Box<Problem>> {
        self.first.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits so long, or until somebody calls.
    fn wait(&self, wait: Duration) {
        let guard = self.first();
        // A poisoned lock says that a sender panicked: the scope passes that on.
        drop(self.called.wait_timeout_while(guard, wait, |first| first.is_none()));
    }

    fn first(&self) -> MutexGuard<'_, Option<Box<Problem>>> {
        self.first.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Tries until it is answered, is refused for good, has failed too often, or
/// somebody calls a halt.
///
/// # Errors
/// The problem of the last try.
pub(crate) fn tried<T>(
    tries: Tries,
    halt: &Halt,
    on_wait: impl Fn(&Wait<'_>),
    mut attempt: impl FnMut() -> Result<T, Failure>,
) -> Answer<T> {
    let mut failed = 0;
    let mut told_to_wait = 0;
    loop {
        let (problem, asked) = match attempt() {
            Ok(answer) => return Ok(answer),
            Err(Failure::Final(problem)) => return Err(problem),
            Err(Failure::Passing(problem, asked)) => (problem, asked),
        };
        let (count, most) = if problem.status == Some(TOO_MANY_REQUESTS) {
            (&mut told_to_wait, Tries::TOLD_TO_WAIT)
        } else {
            (&mut failed, tries.0)
        };
        *count += 1;
        if *count >= most || halt.is_called() {
            return Err(problem);
        }
        let wait = wait(*count, asked, fastrand::f64());
        on_wait(&Wait { why: &problem, wait });
        halt.wait(wait);
        if halt.is_called() {
            return Err(problem);
        }
    }
}

/// Between half and all of a wait that doubles, so that many senders do not
/// come back at the same moment; at least what the server asked for.
fn wait(failed: u32, asked: Option<Duration>, jitter: f64) -> Duration {
    let doubled = FIRST_WAIT.saturating_mul(1 << failed.saturating_sub(1).min(10)).min(MAX_WAIT);
    let spread = doubled / 2;
    let own = spread + spread.mul_f64(jitter);
    asked.map_or(own, |asked| asked.min(MAX_ASKED) + FIRST_WAIT.mul_f64(jitter))
}

/// Seconds, or a date.
fn parse_retry_after(value: &str) -> Option<Duration> {
    let value = value.trim();
    if let Ok(seconds) = value.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let at = httpdate::parse_http_date(value).ok()?;
    // A moment that has passed is no wait.
    Some(at.duration_since(SystemTime::now()).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    fn passing() -> Failure {
        Failure::Passing(Problem::new("unavailable", "Later."), Some(Duration::ZERO))
    }

    #[test]
    fn waits_double_up_to_a_bound_and_are_spread() {
        let longest = |failed| wait(failed, None, 1.0).as_millis();
        assert_eq!([1, 2, 3, 7, 50].map(longest), [500, 1_000, 2_000, 30_000, 30_000]);
        assert_eq!(wait(3, None, 0.0).as_millis(), 1_000);
    }

    #[test]
    fn what_the_server_asks_for_is_waited_for_at_least() {
        assert_eq!(wait(1, Some(Duration::from_secs(40)), 0.0).as_secs(), 40);
        assert_eq!(wait(1, Some(Duration::from_hours(24)), 0.0), MAX_ASKED);
        assert_eq!(parse_retry_after(" 120 "), Some(Duration::from_mins(2)));
        assert_eq!(parse_retry_after("Sun, 06 Nov 1994 08:49:37 GMT"), Some(Duration::ZERO));
        let future = httpdate::fmt_http_date(SystemTime::now() + Duration::from_hours(2));
        assert!(parse_retry_after(&future) > Some(Duration::from_hours(1)));
        assert_eq!(parse_retry_after("soon"), None);
    }

    #[test]
    fn what_may_pass_is_tried_again_and_nothing_else() {
        for status in [408, 429, 500, 502, 503, 504, 507] {
            assert!(matches!(Failure::from_answer(status, b"", None), Failure::Passing(..)));
        }
        for status in [301, 400, 401, 403, 404, 409, 413, 422, 501] {
            assert!(matches!(Failure::from_answer(status, b"", None), Failure::Final(_)));
        }
        let cut = br#"{"code":"body_cut","title":"Cut."}"#;
        assert!(matches!(Failure::from_answer(400, cut, None), Failure::Passing(..)));
        let asked = Failure::from_answer(503, b"", Some("7"));
        assert!(matches!(asked, Failure::Passing(_, Some(wait)) if wait.as_secs() == 7));
    }

    #[test]
    fn it_gives_up_in_the_end() {
        let (tries, waits) = (Cell::new(0), Cell::new(0));
        let failed = tried::<()>(
            Tries::FIRST_CONTACT,
            &Halt::default(),
            |_| waits.set(waits.get() + 1),
            || {
                tries.set(tries.get() + 1);
                Err(passing())
            },
        );
        assert_eq!(failed.unwrap_err().code, "unavailable");
        assert_eq!((tries.get(), waits.get()), (3, 2));
    }

    #[test]
    fn a_limit_is_waited_for_longer_than_a_failure_and_not_for_ever() {
        let limited = || Failure::from_answer(429, b"", Some("0"));
        let (tries, halt) = (Cell::new(0), Halt::default());
        let ended = tried(
            Tries::FIRST_CONTACT,
            &halt,
            |wait| assert!(wait.wait <= FIRST_WAIT, "{wait:?}"),
            || {
                tries.set(tries.get() + 1);
                if tries.get() > 4 { Ok("through") } else { Err(limited()) }
            },
        );
        assert_eq!(ended.unwrap(), "through");
    }

    #[test]
    fn a_halt_ends_a_wait() {
        let halt = Halt::default();
        let forever = Some(Duration::from_hours(1));
        std::thread::scope(|scope| {
            let waiting = scope.spawn(|| {
                let lost = || Err(Failure::Passing(Problem::new("busy", "Later."), forever));
                tried::<()>(Tries::UNDER_WAY, &halt, |_| {}, lost)
            });
            halt.call(Problem::new("first", "Stop."));
            halt.call(Problem::new("second", "Stop."));
            assert_eq!(waiting.join().unwrap().unwrap_err().code, "busy");
        });
        assert_eq!(halt.into_first().unwrap().code, "first");
    }
}
