//! What is wrong with the record that is being read, and values that may be.

use rehome_record::Timestamp;

use crate::{Issue, Position, RecordKind};

/// What was found wrong with the record at hand.
pub(crate) struct RecordNotes {
    pub(crate) of: RecordKind,
    pub(crate) source_id: Option<String>,
    pub(crate) issues: Vec<Issue>,
}

impl RecordNotes {
    /// Once a record for each code.
    pub(crate) fn warn(&mut self, code: &'static str, place: Position) {
        if self.issues.iter().all(|issue| issue.code != code) {
            let issue = Issue::warning(code, self.of, self.source_id.clone());
            self.issues.push(issue.at(place.byte, place.line));
        }
    }

    /// A moment with a zone, or a date and time that is UTC without saying so.
    pub(crate) fn date(&mut self, (text, place): &(String, Position)) -> Option<Timestamp> {
        if text.is_empty() {
            return None;
        }
        let zoned = text.parse().ok();
        let date = zoned.or_else(|| {
            let civil: jiff::civil::DateTime = text.parse().ok()?;
            let moment = civil.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp();
            Timestamp::from_micros(moment.as_microsecond())
        });
        if date.is_none() {
            self.warn("bad_date", *place);
        }
        date
    }

    /// A yes or no; neither is no, with a warning.
    pub(crate) fn flag(&mut self, (text, place): &(String, Position)) -> bool {
        match text.to_ascii_lowercase().as_str() {
            "true" | "1" => true,
            "false" | "0" | "" => false,
            _ => {
                self.warn("bad_flag", *place);
                false
            }
        }
    }

    /// Characters between the fields of a record.
    pub(crate) fn stray(&mut self, text: &str, place: Position) {
        if !text.trim().is_empty() {
            self.warn("field_unreadable", place);
        }
    }
}
