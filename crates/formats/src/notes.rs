//! What is wrong with the record that is being read, and values that may be.

use rehome_record::Timestamp;

use crate::dates::parse_date;
use crate::xml::{Pulled, Stop, Xml};
use crate::{Entry, Issue, Position, ReadError, Record, RecordKind};

/// What becomes of a record that is damaged inside of one of its fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Damaged {
    /// The fields read before the damage are worth having.
    Kept,
    /// Its words may be those of another.
    Lost,
}

/// What was found wrong with the record at hand.
pub(crate) struct RecordNotes {
    pub(crate) of: RecordKind,
    pub(crate) source_id: Option<String>,
    pub(crate) issues: Vec<Issue>,
}

impl RecordNotes {
    /// For a record that starts now; what was noted before it is not its own.
    pub(crate) fn start(of: RecordKind, xml: &mut Xml<'_>) -> Self {
        xml.take_notes();
        Self { of, source_id: None, issues: Vec::new() }
    }

    /// What becomes of a record whose fields were read so far: damage in it is
    /// its own, and the next record is read as if nothing had been. What ends
    /// the reading goes to `error`, to come after this record.
    pub(crate) fn settle(
        &mut self,
        read: Pulled<()>,
        damaged: Damaged,
        xml: &mut Xml<'_>,
        error: &mut Option<ReadError>,
    ) -> Result<(), &'static str> {
        /// Of the root and the record: between two fields.
        const BETWEEN_FIELDS: usize = 2;
        match read {
            Ok(()) => Ok(()),
            Err(Stop::Damaged(damage)) => {
                *error = xml.recover().err();
                let is_whole = damage.unclosed_at_depth == Some(BETWEEN_FIELDS);
                if !is_whole && damaged == Damaged::Lost {
                    return Err("record_broken");
                }
                self.warn("record_damaged", damage.at);
                Ok(())
            }
            Err(Stop::Ended(ended)) => {
                *error = Some(ended);
                Err("record_cut")
            }
        }
    }

    /// The record with all that was noted since its start, or the code of why it is lost.
    pub(crate) fn finish(
        mut self,
        at: Position,
        record: Result<Record, &'static str>,
        xml: &mut Xml<'_>,
    ) -> Entry {
        let found = xml.take_notes();
        for (place, code) in [
            (found.unknown_entity, "unknown_entity"),
            (found.malformed_attribute, "malformed_attribute"),
            (found.stray_end, "field_unreadable"),
        ] {
            if let Some(place) = place {
                self.warn(code, place);
            }
        }
        if let Some(invalid) = xml.take_invalid() {
            let issue = Issue::warning("invalid_bytes", self.of, self.source_id.clone());
            let issue = issue.at(invalid.at.byte, invalid.at.line);
            self.issues.push(Issue { times: invalid.count, ..issue });
        }
        let Self { of, source_id, issues } = self;
        let record = record.map_err(|code| Issue::lost(code, of, source_id));
        Entry { at, record, warnings: issues, withheld: None }
    }

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
        let date = parse_date(text);
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
