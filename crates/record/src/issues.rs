//! What a reader found wrong with an export, as it goes with the import: codes,
//! counts and places, and nothing of what stands there.

use serde::{Deserialize, Serialize};

use crate::{MAX_ID_BYTES, MAX_NUMBER};

/// Codes of one import.
const MAX_ISSUES: usize = 200;
/// Places of one code; all are counted.
pub const MAX_PLACES: usize = 100;
/// Bytes of a code.
const MAX_CODE_BYTES: usize = 64;
/// Bytes of all of them as JSON: they fit into a request with room to spare.
const MAX_ISSUES_BYTES: usize = 60 * 1024;

/// Issues of one code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReaderIssue {
    /// Stable word, e.g. `page_not_in_file`.
    #[cfg_attr(
        feature = "openapi",
        schema(min_length = 1, max_length = 64, pattern = r"^[a-z0-9_]*$")
    )]
    pub code: String,
    /// How bad it is.
    pub severity: IssueSeverity,
    /// How often it occurs.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub count: u64,
    /// The first places, in the order of the files.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(length(max = 100)))]
    #[cfg_attr(feature = "openapi", schema(max_items = 100))]
    pub places: Vec<IssuePlace>,
}

/// How bad an issue is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum IssueSeverity {
    /// Good to know; nothing is missing.
    Info,
    /// The record is kept, but a part of it is not as the file has it.
    Warning,
    /// The record is left out.
    Error,
}

/// Where an issue occurs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct IssuePlace {
    /// Name of the file.
    #[cfg_attr(feature = "openapi", schema(max_length = 1024))]
    pub file: String,
    /// From 1.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub line: u64,
    /// Offset in the inflated text, from 0.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub byte: u64,
}

/// Whether a server takes them.
#[must_use]
pub fn issues_fit(issues: &[ReaderIssue]) -> bool {
    let is_word = |code: &str| {
        let of_word = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_');
        !code.is_empty() && code.len() <= MAX_CODE_BYTES && code.bytes().all(of_word)
    };
    let is_place = |place: &IssuePlace| {
        place.file.len() <= MAX_ID_BYTES && place.line <= MAX_NUMBER && place.byte <= MAX_NUMBER
    };
    issues.len() <= MAX_ISSUES
        && issues.iter().all(|issue| {
            is_word(&issue.code)
                && issue.count <= MAX_NUMBER
                && issue.places.len() <= MAX_PLACES
                && issue.places.iter().all(is_place)
        })
}

/// Leaves out places until a server takes them: of each code the last ones, and
/// as many of one as of another.
#[must_use]
pub fn fitting(mut issues: Vec<ReaderIssue>) -> Vec<ReaderIssue> {
    issues.truncate(MAX_ISSUES);
    for place in issues.iter_mut().flat_map(|issue| &mut issue.places) {
        place.file.truncate(place.file.floor_char_boundary(MAX_ID_BYTES));
    }
    let mut most = MAX_PLACES;
    loop {
        for issue in &mut issues {
            issue.places.truncate(most);
        }
        if most == 0 || bytes(&issues) <= MAX_ISSUES_BYTES {
            return issues;
        }
        most /= 2;
    }
}

/// At most so many as JSON.
fn bytes(issues: &[ReaderIssue]) -> usize {
    let of_place = |place: &IssuePlace| {
        let escaped: usize =
            place.file.bytes().map(|byte| if needs_escape(byte) { 6 } else { 1 }).sum();
        escaped + 74
    };
    let of_issue = |issue: &ReaderIssue| {
        issue.code.len() + 82 + issue.places.iter().map(of_place).sum::<usize>()
    };
    2 + issues.iter().map(of_issue).sum::<usize>()
}

fn needs_escape(byte: u8) -> bool {
    byte < b' ' || byte == b'"' || byte == b'\\'
}

#[cfg(test)]
mod tests {
    use super::*;

    fn issues(codes: usize, places: usize, file: &str) -> Vec<ReaderIssue> {
        let place = |line| IssuePlace { file: file.to_owned(), line, byte: MAX_NUMBER };
        let issue = |code: usize| ReaderIssue {
            code: format!("code_{code}"),
            severity: IssueSeverity::Warning,
            count: MAX_NUMBER,
            places: (1..=places as u64).map(|line| place(MAX_NUMBER - line)).collect(),
        };
        (0..codes).map(issue).collect()
    }

    #[test]
    fn the_first_places_stay_and_the_whole_fits() {
        let names = ["export.xml".to_owned(), "\u{1}\"".repeat(5_000), "ż".repeat(5_000)];
        for file in &names {
            for (codes, places) in [(0, 0), (1, 100), (1, 5_000), (7, 100), (200, 100), (1_000, 3)]
            {
                let all = issues(codes, places, file);
                let fit = fitting(all.clone());
                assert!(issues_fit(&fit), "{codes} {places}");
                let json = serde_json::to_vec(&fit).unwrap();
                assert!(json.len() <= MAX_ISSUES_BYTES, "{codes} {places}: {}", json.len());
                assert!(json.len() <= bytes(&fit), "{codes} {places}: {}", json.len());
                assert_eq!(fit.len(), codes.min(MAX_ISSUES));
                for (fit, all) in fit.iter().zip(&all) {
                    let lines = |issue: &ReaderIssue| {
                        issue.places.iter().map(|place| place.line).collect::<Vec<_>>()
                    };
                    assert!(lines(all).starts_with(&lines(fit)));
                    assert_eq!(fit.count, all.count);
                }
            }
        }
        assert_eq!(fitting(issues(3, 100, "export.xml")), issues(3, 100, "export.xml"));
    }

    #[test]
    fn what_is_no_word_does_not_fit() {
        for code in ["", "Code", "a b", "ż", &"a".repeat(65)] {
            let mut one = issues(1, 1, "a");
            one[0].code = code.to_owned();
            assert!(!issues_fit(&one), "{code}");
        }
        let one = || issues(1, 1, "a").remove(0);
        let mut past = [one(), one(), one()];
        past[0].count += 1;
        past[1].places[0].line = MAX_NUMBER + 1;
        past[2].places[0].byte += 1;
        for issue in past {
            assert!(!issues_fit(&[issue]), "no number of JSON is as large");
        }
        assert!(!issues_fit(&issues(201, 0, "a")));
        assert!(!issues_fit(&issues(1, 101, "a")));
        assert!(issues_fit(&issues(200, 100, "a")));
    }
}
