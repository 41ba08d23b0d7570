//! The time, in microseconds since 1970.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The system's clock, plus what tests moved it on by.
#[derive(Debug, Clone, Default)]
pub struct Clock {
    ahead_micros: Arc<AtomicI64>,
    /// Where the clock stands, so that a slow machine changes nothing; 0 where it goes.
    #[cfg(test)]
    stands_at: Arc<AtomicI64>,
}

impl Clock {
    /// Now, in microseconds since 1970.
    #[must_use]
    pub fn now_micros(&self) -> i64 {
        #[cfg(test)]
        if let at @ 1.. = self.stands_at.load(Ordering::Relaxed) {
            return at + self.ahead_micros.load(Ordering::Relaxed);
        }
        system_micros() + self.ahead_micros.load(Ordering::Relaxed)
    }

    /// Moves this clock and its clones on, so that expiry is tested without waiting.
    pub fn advance(&self, by: Duration) {
        self.ahead_micros.fetch_add(micros(by), Ordering::Relaxed);
    }

    /// Puts this clock and its clones so far ahead of the system's, or behind it: one
    /// stands for those of several machines, whose turn it is.
    #[cfg(test)]
    pub(crate) fn set_ahead(&self, micros: i64) {
        self.ahead_micros.store(micros, Ordering::Relaxed);
    }

    /// Stops this clock and its clones: from here on only [`Clock::advance`] moves them.
    #[cfg(test)]
    pub(crate) fn stand_still(&self) {
        self.stands_at.store(system_micros(), Ordering::Relaxed);
    }
}

fn system_micros() -> i64 {
    micros(SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default())
}

/// Whole microseconds; spans past 292,000 years are cut to that.
pub(crate) fn micros(span: Duration) -> i64 {
    i64::try_from(span.as_micros()).unwrap_or(i64::MAX)
}
