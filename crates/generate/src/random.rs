//! Numbers that only look random: `SplitMix64`, whose sequence is part of what a
//! generated file is. A library's generator may change between versions.

/// A sequence of numbers that follows from its seed.
pub(crate) struct Random(u64);

impl Random {
    /// The sequence that belongs to one thing of a kind, e.g. the page 7: what
    /// it holds does not depend on what was made before it.
    pub(crate) fn of(seed: u64, kind: &str, number: u64) -> Self {
        let mut start = Self(seed);
        for byte in kind.bytes() {
            start.0 = start.next() ^ u64::from(byte);
        }
        start.0 = start.next() ^ number;
        Self(start.next())
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// From 0 to `limit` - 1; 0 where the limit is 0.
    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        let scaled = u128::from(self.next()) * u128::from(limit);
        u64::try_from(scaled >> 64).expect("less than the limit")
    }

    /// True in so many of a thousand cases.
    pub(crate) fn per_mille(&mut self, cases: u64) -> bool {
        self.below(1000) < cases
    }

    /// One of some, which are never none.
    pub(crate) fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        let at = self.below(from.len() as u64);
        from[usize::try_from(at).expect("less than a length")]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sequence_is_the_published_one() {
        // The first numbers of SplitMix64 from 1234567, as its authors give them.
        let mut random = Random(1_234_567);
        let numbers: Vec<_> = (0..3).map(|_| random.next()).collect();
        assert_eq!(
            numbers,
            [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]
        );
    }

    #[test]
    fn numbers_stay_below_their_limit_and_reach_all_of_it() {
        let mut random = Random::of(1, "test", 0);
        let mut seen = [0; 7];
        for _ in 0..1000 {
            seen[usize::try_from(random.below(7)).unwrap()] += 1;
        }
        assert!(seen.iter().all(|&times| times > 50), "{seen:?}");
        assert_eq!(random.below(0), 0);
    }

    #[test]
    fn each_thing_has_a_sequence_of_its_own() {
        let first = |kind, number| Random::of(42, kind, number).next();
        assert_ne!(first("page", 1), first("page", 2));
        assert_ne!(first("page", 1), first("comment", 1));
        assert_eq!(first("page", 1), first("page", 1));
    }
}
