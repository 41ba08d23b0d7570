//! What one account may take of the server, so that others have some of it too.

use std::num::NonZeroU32;
use std::time::Duration;

use governor::middleware::NoOpMiddleware;
use governor::nanos::Nanos;
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};

use crate::clock::Clock;

/// What an account may take.
#[derive(Debug, Clone, Copy, clap::Args)]
pub struct AccountLimits {
    /// Imports of one account that are being sent, wait or run at the same time.
    #[arg(long, env = "REHOME_MOST_OPEN_IMPORTS", default_value_t = AccountLimits::default().most_open_imports)]
    pub most_open_imports: NonZeroU32,
    /// Chunks that one account may send in a minute; each holds up to 1 MiB of lines.
    #[arg(long, env = "REHOME_CHUNKS_PER_MINUTE", default_value_t = AccountLimits::default().chunks_per_minute)]
    pub chunks_per_minute: NonZeroU32,
    /// MiB that the staged chunks of one account may take, gzipped as they are.
    #[arg(long, env = "REHOME_MOST_STAGED_MIB", default_value_t = AccountLimits::default().most_staged_mib)]
    pub most_staged_mib: NonZeroU32,
}

impl Default for AccountLimits {
    fn default() -> Self {
        let most = |count| NonZeroU32::new(count).unwrap_or(NonZeroU32::MIN);
        Self {
            most_open_imports: most(20),
            chunks_per_minute: most(3_000),
            most_staged_mib: most(4_096),
        }
    }
}

impl AccountLimits {
    /// Bytes that may be staged.
    pub(crate) fn most_staged_bytes(self) -> u64 {
        u64::from(self.most_staged_mib.get()) << 20
    }
}

/// The chunks that accounts sent in the last minute. Forgotten by a restart,
/// which takes longer than it could gain anybody.
#[derive(Debug)]
pub(crate) struct ChunkRate {
    limiter: RateLimiter<i64, HashMapStateStore<i64>, Clock, NoOpMiddleware<Nanos>>,
    clock: Clock,
}

impl ChunkRate {
    pub(crate) fn new(per_minute: NonZeroU32, clock: Clock) -> Self {
        let store = HashMapStateStore::default();
        Self {
            limiter: RateLimiter::new(Quota::per_minute(per_minute), store, clock.clone()),
            clock,
        }
    }

    /// Takes a chunk of the account; else how long it is too early for that.
    pub(crate) fn take(&self, account_id: i64) -> Result<(), Duration> {
        let now = governor::clock::Clock::now(&self.clock);
        self.limiter.check_key(&account_id).map_err(|until| until.wait_time_from(now))
    }

    /// Forgets accounts that sent nothing for long.
    pub(crate) fn sweep(&self) {
        self.limiter.retain_recent();
    }
}

impl governor::clock::Clock for Clock {
    type Instant = Nanos;
    fn now(&self) -> Nanos {
        Nanos::new(u64::try_from(self.now_micros()).unwrap_or(0).saturating_mul(1_000))
    }
}
