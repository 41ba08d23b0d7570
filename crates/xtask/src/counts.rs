//! How many tests ran, read from what the test runners print.

use std::fmt;
use std::ops::AddAssign;

/// Numbers of tests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
    pub(crate) skipped: u64,
}

/// The program whose output is read.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Runner {
    /// `cargo test`, and `wasm-bindgen-test`, which prints the same line: one line for each test binary.
    Cargo,
    /// Vitest's summary line, which starts with `Tests`.
    Vitest,
    /// The browser journey's last line, `N passed, N failed`.
    Journey,
}

impl Runner {
    /// Sums up the result lines in `output`; zeros when there are none.
    pub(crate) fn count(self, output: &str) -> Counts {
        let plain = without_colors(output);
        let mut lines = plain.lines().map(str::trim);
        match self {
            Self::Cargo => count_cargo(lines),
            Self::Vitest => sum(lines.filter_map(|line| {
                let numbers = line.strip_prefix("Tests ")?;
                let numbers = numbers.split_once('(').map_or(numbers, |(before, _)| before);
                Some(read_numbers(numbers.split('|')))
            })),
            Self::Journey => lines
                .rfind(|line| line.contains(" passed, ") && line.contains(" failed"))
                .map(|line| read_numbers(line.split(',')))
                .unwrap_or_default(),
        }
    }
}

/// The runner has no word for a test that finds at run time that it has
/// nothing to test: such a test passes, and says so in a line of its own.
fn count_cargo<'a>(lines: impl Iterator<Item = &'a str>) -> Counts {
    let mut counts = Counts::default();
    let mut skipped = 0;
    for line in lines {
        if line.starts_with("SKIPPED ") {
            skipped += 1;
        } else if let Some((_verdict, numbers)) =
            line.strip_prefix("test result: ").and_then(|result| result.split_once(". "))
        {
            counts += read_numbers(numbers.split(';'));
        }
    }
    counts.passed = counts.passed.saturating_sub(skipped);
    counts.skipped += skipped;
    counts
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { passed, failed, skipped } = self;
        write!(f, "{passed} passed, {failed} failed, {skipped} skipped")
    }
}

fn sum(counts: impl Iterator<Item = Counts>) -> Counts {
    counts.fold(Counts::default(), |mut total, counts| {
        total += counts;
        total
    })
}

/// Reads pieces like `12 passed`; pieces about anything else (`3 filtered out`) count nothing.
fn read_numbers<'a>(pieces: impl Iterator<Item = &'a str>) -> Counts {
    let mut counts = Counts::default();
    for piece in pieces {
        let Some((number, word)) = piece.trim().split_once(' ') else {
            continue;
        };
        let Ok(number) = number.parse::<u64>() else {
            continue;
        };
        match word.trim() {
            "passed" => counts.passed += number,
            "failed" => counts.failed += number,
            "ignored" | "skipped" | "todo" => counts.skipped += number,
            _ => {}
        }
    }
    counts
}

/// Takes out terminal colours (`ESC [ … letter`).
fn without_colors(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("\u{1b}[") {
        plain.push_str(before);
        let end = after.find(|c: char| c.is_ascii_alphabetic());
        rest = end.map_or("", |end| &after[end + 1..]);
    }
    plain.push_str(rest);
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(passed: u64, failed: u64, skipped: u64) -> Counts {
        Counts { passed, failed, skipped }
    }

    #[test]
    fn tests_that_say_so_are_skipped_and_not_passed() {
        let output = "\
test a ... ok

SKIPPED disqus/real.xml: no samples at /nowhere (REHOME_SAMPLES)
test b ... ok
test result: ok. 2 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s
";
        assert_eq!(Runner::Cargo.count(output), counts(1, 0, 1));
    }

    #[test]
    fn cargo_lines_are_summed_over_test_binaries() {
        let output = "\
running 3 tests
test a ... ok
test result: ok. 2 passed; 0 failed; 1 ignored; 0 measured; 7 filtered out; finished in 0.00s

   Doc-tests rehome_record
test result: FAILED. 4 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.31s
";
        assert_eq!(Runner::Cargo.count(output), counts(6, 2, 1));
    }

    #[test]
    fn wasm_bindgen_test_prints_cargos_line() {
        let output =
            "test result: ok. 2 passed; 0 failed; 0 ignored; 0 filtered out; finished in 0.03s\n";
        assert_eq!(Runner::Cargo.count(output), counts(2, 0, 0));
    }

    #[test]
    fn vitest_counts_tests_and_not_files() {
        let output = "\
 Test Files  1 failed | 3 passed (4)
      Tests  2 failed | 30 passed | 1 skipped | 1 todo (34)
   Start at  04:37:00
";
        assert_eq!(Runner::Vitest.count(output), counts(30, 2, 2));
    }

    #[test]
    fn vitest_is_read_through_its_colours() {
        let output = "\u{1b}[2m      Tests \u{1b}[22m \u{1b}[1m\u{1b}[32m8 passed\u{1b}[39m\u{1b}[22m\u{1b}[90m (8)\u{1b}[39m\n";
        assert_eq!(Runner::Vitest.count(output), counts(8, 0, 0));
    }

    #[test]
    fn the_journeys_last_line_counts() {
        let output = "step one: 1 passed, 0 failed\n9 passed, 1 failed\n";
        assert_eq!(Runner::Journey.count(output), counts(9, 1, 0));
        let output = "9 passed, 0 failed, 2 skipped\n";
        assert_eq!(Runner::Journey.count(output), counts(9, 0, 2));
    }

    #[test]
    fn output_without_results_counts_nothing() {
        for runner in [Runner::Cargo, Runner::Vitest, Runner::Journey] {
            assert_eq!(runner.count("error: could not compile\n"), Counts::default());
        }
    }
}
