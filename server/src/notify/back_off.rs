//! When what could not be sent is tried again.

use std::time::Duration;

use crate::clock::micros;

/// Waits after the first tries, in units of the first one; the last is that of
/// all further ones. With 10 seconds: half a minute, 2, 10 and 30 minutes, 1, 2, 4, 6 hours.
const STEPS: [u32; 9] = [1, 3, 12, 60, 180, 360, 720, 1440, 2160];
/// After so long it is given up.
const LONGEST: Duration = Duration::from_hours(72);

/// When to try again what failed now for the `attempts`th time, in microseconds;
/// none where it is given up. `jitter` spreads the waits by a fifth to either
/// side, so that what failed together does not come back together.
pub(super) fn next_try(
    attempts: u32,
    tried_since: i64,
    now: i64,
    first_wait: Duration,
    jitter: u8,
) -> Option<i64> {
    let step = usize::try_from(attempts.max(1) - 1).unwrap_or(usize::MAX).min(STEPS.len() - 1);
    let wait = first_wait * STEPS[step];
    let wait = wait * (800 + 400 * u32::from(jitter) / 255) / 1000;
    let next = now.saturating_add(micros(wait));
    (next < tried_since.saturating_add(micros(LONGEST))).then_some(next)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: Duration = Duration::from_secs(10);

    fn wait(attempts: u32, jitter: u8) -> i64 {
        next_try(attempts, 0, 0, FIRST, jitter).unwrap() / 1_000_000
    }

    #[test]
    fn waits_grow_to_six_hours_and_are_spread() {
        assert_eq!(
            [1, 2, 3, 4].map(|n| (wait(n, 0), wait(n, 255))),
            [(8, 12), (24, 36), (96, 144), (480, 720)]
        );
        let most = 6 * 3600;
        assert_eq!((wait(9, 0), wait(9, 255)), (most * 8 / 10, most * 12 / 10));
        assert_eq!(wait(1000, 0), wait(9, 0));
    }

    #[test]
    fn after_three_days_it_is_given_up() {
        for jitter in [0, 128, 255] {
            let (mut now, mut tries) = (1_000, 1);
            while let Some(next) = next_try(tries, 1_000, now, FIRST, jitter) {
                assert!(next > now);
                (now, tries) = (next, tries + 1);
            }
            let hours = now / 3_600_000_000;
            assert!((60..72).contains(&hours), "given up after {hours} hours, {tries} tries");
            assert!((17..27).contains(&tries), "{tries} tries");
        }
    }
}
