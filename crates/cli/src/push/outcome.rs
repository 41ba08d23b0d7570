//! What came of it, for people and for programs.

use std::fmt::Write as _;
use std::io::{self, Write as _};

use rehome_formats::issue_text;
use serde::Serialize;
use serde_json::Value;

use super::problem::{Answer, Problem};
use super::send::Sent;

/// The server took the import.
pub(crate) struct Pushed {
    /// As the server shows it.
    pub(crate) import: Value,
    pub(crate) sent: Sent,
}

/// What `--json` prints.
#[derive(Serialize)]
struct Report<'a> {
    ok: bool,
    import: Option<&'a Value>,
    sent: Option<Sent>,
    error: Option<&'a Problem>,
}

/// Comments, from the file to the server.
struct Sum {
    in_file: u64,
    inserted: u64,
    updated: u64,
    unchanged: u64,
    rejected: u64,
    left_out: u64,
}

/// Prints the one object of `--json`.
pub(crate) fn print_json(outcome: &Answer<Pushed>, verdict: &Answer<()>) -> io::Result<()> {
    let pushed = outcome.as_ref().ok();
    let report = Report {
        ok: verdict.is_ok(),
        import: pushed.map(|pushed| &pushed.import),
        sent: pushed.map(|pushed| pushed.sent),
        error: verdict.as_ref().err().map(AsRef::as_ref),
    };
    let mut out = io::stdout().lock();
    serde_json::to_writer(&mut out, &report)?;
    out.write_all(b"\n")
}

/// Prints what a person wants to know: the result, then what is wrong.
pub(crate) fn print(outcome: &Answer<Pushed>, verdict: &Answer<()>) -> io::Result<()> {
    if let Ok(pushed) = outcome {
        io::stdout().lock().write_all(pushed.in_words().as_bytes())?;
    }
    if let Err(problem) = verdict {
        io::stderr().lock().write_all(in_words(problem).as_bytes())?;
    }
    Ok(())
}

impl Pushed {
    /// Whether all is as it should be: ended well, with a sum that adds up.
    ///
    /// # Errors
    /// What is not.
    pub(crate) fn verdict(&self) -> Answer<()> {
        let id = self.import["id"].as_str().unwrap_or_default();
        let verdict = match self.state() {
            "queued" | "running" => Ok(()),
            "succeeded" if self.sum().adds_up() => Ok(()),
            "succeeded" => Err(Problem::new(
                "sum_differs",
                "The numbers do not add up: something was lost or counted twice. This is a bug; please report it.",
            )),
            "failed" => Err(self.failure()),
            "cancelled" => Err(Problem::new("cancelled", "Somebody cancelled the import.")),
            "expired" => Err(Problem::new("expired", "The import was not finished in time.")),
            other => Err(Problem::new("ended", format!("The import ended as {other}."))),
        };
        verdict.map_err(|problem| problem.about(id))
    }

    fn failure(&self) -> Box<Problem> {
        let text = |name: &str| self.import["error"][name].as_str();
        Problem::new(
            text("code").unwrap_or("failed"),
            text("message").unwrap_or("The import failed, and the server does not say why."),
        )
    }

    fn state(&self) -> &str {
        self.import["state"].as_str().unwrap_or_default()
    }

    fn sum(&self) -> Sum {
        let comments = |name: &str| self.import["result"]["comments"][name].as_u64().unwrap_or(0);
        Sum {
            in_file: self.import["seen"]["comments"].as_u64().unwrap_or(0),
            inserted: comments("inserted"),
            updated: comments("updated"),
            unchanged: comments("unchanged"),
            rejected: comments("rejected"),
            left_out: reasons(&self.import["seen"]["skipped_by_reason"]).map(|(_, n)| n).sum(),
        }
    }

    fn in_words(&self) -> String {
        let text = |name: &str| self.import[name].as_str().unwrap_or_default();
        let mut words = String::new();
        let Sent { chunks, chunks_held, bytes } = self.sent;
        let _ = writeln!(
            words,
            "Import {} into {}: {}",
            text("id"),
            text("site_name"),
            self.state_in_words()
        );
        let _ = writeln!(
            words,
            "sent {chunks} chunks ({bytes} bytes), {chunks_held} were there before"
        );
        let sum = self.sum();
        let _ = match self.state() {
            "queued" | "running" => Ok(()),
            "succeeded" => writeln!(words, "{}", sum.in_words()),
            _ => writeln!(words, "until it stopped: {}", sum.parts_in_words()),
        };
        for (reason, count) in reasons(&self.import["seen"]["skipped_by_reason"]) {
            let _ = writeln!(words, "left out: {count} times {reason}: {}", issue_text(reason));
        }
        for (reason, count) in reasons(&self.import["result"]["rejected_by_reason"]) {
            let _ = writeln!(words, "rejected: {count} times {reason}");
        }
        words
    }

    fn state_in_words(&self) -> String {
        let sum = self.sum();
        let mut words = match self.state() {
            "succeeded" if sum.left_out + sum.rejected > 0 => {
                format!("succeeded, {} comments were not taken", sum.left_out + sum.rejected)
            }
            "queued" | "running" => "sent; the server applies it".to_owned(),
            state => state.to_owned(),
        };
        if self.import["seen"]["complete"] == "no" {
            words.push_str(" (NOT COMPLETE: the file stops before its end)");
        }
        words
    }
}

impl Sum {
    fn adds_up(&self) -> bool {
        let parts = [self.inserted, self.updated, self.unchanged, self.rejected, self.left_out];
        self.in_file == parts.iter().sum::<u64>()
    }

    fn in_words(&self) -> String {
        let equals = if self.adds_up() { "=" } else { "is NOT" };
        format!("{} in the file {equals} {}", self.in_file, self.parts_in_words())
    }

    fn parts_in_words(&self) -> String {
        format!(
            "{} new + {} changed + {} the same + {} rejected + {} left out",
            self.inserted, self.updated, self.unchanged, self.rejected, self.left_out
        )
    }
}

fn reasons(by_reason: &Value) -> impl Iterator<Item = (&str, u64)> {
    let entries = by_reason.as_object().into_iter().flatten();
    entries.map(|(reason, count)| (reason.as_str(), count.as_u64().unwrap_or(0)))
}

/// A problem as lines of text.
fn in_words(problem: &Problem) -> String {
    let mut words = String::from("error: ");
    if let Some(place) = &problem.place {
        let _ = write!(words, "{}, line {}, byte {}: ", place.file, place.line, place.byte);
    }
    let _ = writeln!(words, "{} ({})", problem.message, problem.code);
    if let Some(hint) = &problem.hint {
        let _ = writeln!(words, "{hint}");
    }
    if let Some(import) = &problem.import {
        let _ = writeln!(words, "It is about the import {import}.");
    }
    words
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn pushed(state: &str, inserted: u64) -> Pushed {
        let import = json!({
            "id": "i1", "site_name": "Blog", "state": state,
            "seen": { "comments": 10, "kept": 9, "complete": "yes",
                "skipped_by_reason": { "page_not_in_file": 1 } },
            "result": {
                "comments": { "inserted": inserted, "updated": 2, "unchanged": 3, "rejected": 1 },
                "rejected_by_reason": { "not_a_record": 1 },
            },
            "error": { "code": "storage", "message": "The disk went away." },
        });
        Pushed { import, sent: Sent { chunks: 2, chunks_held: 1, bytes: 99 } }
    }

    #[test]
    fn the_sum_is_written_as_a_sum() {
        let words = pushed("succeeded", 3).in_words();
        let sum = "10 in the file = 3 new + 2 changed + 3 the same + 1 rejected + 1 left out\n";
        assert!(words.contains(sum), "{words}");
        assert!(words.contains("succeeded, 2 comments were not taken\n"), "{words}");
        assert!(words.contains("left out: 1 times page_not_in_file: "), "{words}");
        assert!(words.contains("rejected: 1 times not_a_record\n"), "{words}");
        assert_eq!(pushed("succeeded", 3).verdict(), Ok(()));
    }

    #[test]
    fn a_sum_that_does_not_add_up_is_no_success() {
        let wrong = pushed("succeeded", 4);
        assert!(wrong.in_words().contains("10 in the file is NOT 4 new"));
        assert_eq!(wrong.verdict().unwrap_err().code, "sum_differs");
    }

    #[test]
    fn the_state_decides() {
        for (state, code) in [
            ("failed", "storage"),
            ("cancelled", "cancelled"),
            ("expired", "expired"),
            ("undone", "ended"),
        ] {
            let error = pushed(state, 3).verdict().unwrap_err();
            assert_eq!((&*error.code, error.import.as_deref()), (code, Some("i1")));
            let words = pushed(state, 1).in_words();
            assert!(words.contains("\nuntil it stopped: 1 new + 2 changed + "), "{words}");
        }
        assert_eq!(pushed("queued", 0).verdict(), Ok(()));
    }

    #[test]
    fn a_problem_names_its_place() {
        let place = super::super::problem::Place { file: "a.xml".to_owned(), line: 7, byte: 99 };
        let mut problem = Problem::new("file_cut", "It stops.");
        problem.place = Some(place);
        let words = in_words(&problem.hint("Do that."));
        assert_eq!(words, "error: a.xml, line 7, byte 99: It stops. (file_cut)\nDo that.\n");
    }
}
