//! The steps of a run: each timed, each reported, a failure never hiding the steps after it.

use std::fmt::Write as _;
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use anyhow::{Result, anyhow};

use crate::counts::{Counts, Runner};
use crate::process;

/// What a run has done so far.
#[derive(Default)]
pub(crate) struct Report {
    rows: Vec<Row>,
}

struct Row {
    step: &'static str,
    result: StepResult,
    counts: Counts,
    took: Duration,
}

#[derive(Debug, PartialEq, Eq)]
enum StepResult {
    Ok,
    Failed(String),
    /// A step that this one builds on did not succeed.
    NotRun(&'static str),
}

/// What a step did well, or counted before it failed.
pub(crate) struct Outcome {
    counts: Counts,
    failure: Option<anyhow::Error>,
}

impl Outcome {
    /// Succeeded; counts as `counts` in the closing line.
    pub(crate) fn counted(counts: Counts) -> Self {
        Self { counts, failure: None }
    }

    /// Succeeded, but is itself no test.
    pub(crate) fn uncounted() -> Self {
        Self::counted(Counts::default())
    }

    /// Could not be done here, and says why; the other steps go on.
    pub(crate) fn skipped(why: &str) -> Self {
        println!("SKIPPED: {why}");
        Self::counted(Counts { skipped: 1, ..Counts::default() })
    }

    /// Succeeded, and is one check among others.
    pub(crate) fn one_check() -> Self {
        Self::counted(Counts { passed: 1, ..Counts::default() })
    }
}

impl Report {
    /// Runs one step, unless a step of `needs` did not succeed. Steps that are not part of this run do not count.
    pub(crate) fn step(
        &mut self,
        step: &'static str,
        needs: &[&'static str],
        work: impl FnOnce() -> Result<Outcome>,
    ) {
        let missing = needs.iter().find(|need| !self.allows(need));
        let row = match missing {
            Some(need) => Row {
                step,
                result: StepResult::NotRun(need),
                counts: Counts { skipped: 1, ..Counts::default() },
                took: Duration::ZERO,
            },
            None => timed(step, work),
        };
        self.rows.push(row);
    }

    /// Prints the table and the closing line; the exit code is 1 unless every step succeeded.
    pub(crate) fn finish(self) -> ExitCode {
        print!("\n{}", self.table());
        for row in &self.rows {
            if let StepResult::Failed(why) = &row.result {
                println!("{}: {why}", row.step);
            }
        }
        println!("{}", self.total());
        if self.all_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }

    fn allows(&self, step: &str) -> bool {
        let row = self.rows.iter().find(|row| row.step == step);
        row.is_none_or(|row| row.result == StepResult::Ok)
    }

    fn all_ok(&self) -> bool {
        self.rows.iter().all(|row| row.result == StepResult::Ok)
    }

    fn total(&self) -> Counts {
        let mut total = Counts::default();
        for row in &self.rows {
            total += row.counts;
        }
        total
    }

    fn table(&self) -> String {
        let results: Vec<String> = self.rows.iter().map(Row::shown_result).collect();
        let step_width = widest("step", self.rows.iter().map(|row| row.step));
        let result_width = widest("result", results.iter().map(String::as_str));
        let mut table = String::new();
        let mut line = |step: &str, result: &str, seconds: &str| {
            let _ = writeln!(table, "{step:step_width$} | {result:result_width$} | {seconds:>7}");
        };
        line("step", "result", "seconds");
        line(&"-".repeat(step_width), &"-".repeat(result_width), "-------");
        for (row, result) in self.rows.iter().zip(&results) {
            line(row.step, result, &format!("{:.1}", row.took.as_secs_f64()));
        }
        table
    }
}

impl Row {
    fn is_skipped(&self) -> bool {
        self.counts == Counts { skipped: self.counts.skipped.max(1), ..Counts::default() }
    }

    fn shown_result(&self) -> String {
        let verdict = match &self.result {
            StepResult::Ok if self.is_skipped() => "SKIPPED".to_owned(),
            StepResult::Ok => "ok".to_owned(),
            StepResult::Failed(_) => "FAILED".to_owned(),
            StepResult::NotRun(need) => return format!("not run: needs {need}"),
        };
        if self.counts.passed + self.counts.failed + self.counts.skipped > 1 {
            format!("{verdict}: {}", self.counts)
        } else {
            verdict
        }
    }
}

/// Runs a test runner, shown, and counts its tests.
///
/// A runner that ends well without having run a single test is a failure: something was not found.
pub(crate) fn run_tests(command: &mut Command, runner: Runner) -> Result<Outcome> {
    run_tests_in("", command, runner)
}

/// Like [`run_tests`], and the runner has to say `place`: where its tests ran.
pub(crate) fn run_tests_in(place: &str, command: &mut Command, runner: Runner) -> Result<Outcome> {
    let (status, output) = process::run_and_capture(command)?;
    let counts = runner.count(&output);
    let shown = process::shown(command);
    let failure = if !status.success() {
        anyhow!("`{shown}` failed ({status})")
    } else if counts.failed > 0 {
        anyhow!("{counts}, though `{shown}` said it went well")
    } else if counts.passed == 0 {
        anyhow!("`{shown}` ran no tests")
    } else if !output.contains(place) {
        anyhow!("`{shown}` does not say \"{place}\"")
    } else {
        return Ok(Outcome::counted(counts));
    };
    Ok(Outcome { counts, failure: Some(failure) })
}

fn timed(step: &'static str, work: impl FnOnce() -> Result<Outcome>) -> Row {
    println!("\n== {step}");
    let started = Instant::now();
    let outcome = work()
        .unwrap_or_else(|failure| Outcome { counts: Counts::default(), failure: Some(failure) });
    let took = started.elapsed();
    let mut counts = outcome.counts;
    let result = match outcome.failure {
        None => StepResult::Ok,
        Some(failure) => {
            eprintln!("{step}: {failure:#}");
            // A step that broke before its tests did is a failure all the same.
            counts.failed = counts.failed.max(1);
            StepResult::Failed(format!("{failure:#}"))
        }
    };
    Row { step, result, counts, took }
}

fn widest<'a>(head: &str, cells: impl Iterator<Item = &'a str>) -> usize {
    cells.map(|cell| cell.chars().count()).chain([head.len()]).max().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use anyhow::bail;

    use super::*;

    #[test]
    fn a_failure_stops_only_what_needs_it() {
        let mut report = Report::default();
        report.step("a", &[], || bail!("broken"));
        report.step("b", &["a"], || Ok(Outcome::one_check()));
        report.step("c", &["b"], || Ok(Outcome::one_check()));
        report.step("d", &["not in this run"], || Ok(Outcome::one_check()));
        assert_eq!(report.total().to_string(), "1 passed, 1 failed, 2 skipped");
        assert!(!report.all_ok());
        assert_eq!(report.rows[1].result, StepResult::NotRun("a"));
        assert_eq!(report.rows[2].result, StepResult::NotRun("b"));
    }

    #[test]
    fn the_table_lines_up() {
        let mut report = Report::default();
        report.step("rust", &[], || {
            Ok(Outcome::counted(Counts { passed: 12, failed: 0, skipped: 1 }))
        });
        report.step("pages", &[], || Ok(Outcome::uncounted()));
        let table = report.table();
        let columns: Vec<_> = table
            .lines()
            .map(|line| line.match_indices('|').map(|(at, _)| at).collect::<Vec<_>>())
            .collect();
        assert!(columns.windows(2).all(|pair| pair[0] == pair[1]), "{table}");
        assert!(table.contains("ok: 12 passed, 0 failed, 1 skipped"), "{table}");
    }

    #[test]
    fn a_runner_without_tests_fails() {
        let outcome = run_tests(Command::new("echo").arg("nothing to do"), Runner::Cargo);
        let failure = outcome.expect("the runner ran").failure.expect("no tests ran");
        assert!(failure.to_string().contains("ran no tests"), "{failure}");
    }

    #[test]
    fn a_runner_that_ran_elsewhere_fails() {
        let passing = "1 passed, 0 failed in Chrome";
        let run = |place| run_tests_in(place, Command::new("echo").arg(passing), Runner::Journey);
        assert!(run("in Chrome").expect("it ran").failure.is_none());
        assert!(run("in Firefox").expect("it ran").failure.is_some());
    }

    #[test]
    fn a_runner_that_hides_its_failures_fails() {
        let outcome = run_tests(Command::new("echo").arg("3 passed, 1 failed"), Runner::Journey);
        let outcome = outcome.expect("the runner ran");
        assert!(outcome.failure.is_some());
        assert_eq!(outcome.counts.failed, 1);
    }
}
