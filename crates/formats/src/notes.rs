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
    /// Elements that are open between two fields.
    depth: usize,
}

impl RecordNotes {
    /// For a record whose start tag was just read; what was noted before it is not its own.
    pub(crate) fn start(of: RecordKind, xml: &mut Xml<'_>) -> Self {
        xml.take_notes();
        Self { of, source_id: None, issues: Vec::new(), depth: xml.depth() }
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
        match read {
            Ok(()) => Ok(()),
            Err(Stop::Damaged(damage)) => {
                *error = xml.recover().err();
                let is_whole = damage.unclosed_at_depth == Some(self.depth);
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
        self.collect(xml);
        let Self { of, source_id, issues, .. } = self;
        let record = record.map_err(|code| Issue::lost(code, of, source_id));
        Entry { at, record, warnings: issues, withheld: None }
    }

    /// Takes what was found since the last call.
    pub(crate) fn collect(&mut self, xml: &mut Xml<'_>) {
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
        if let Some(place) = found.control {
            self.count("control_characters", place, found.controls);
        }
        if let Some(invalid) = xml.take_invalid() {
            self.count("invalid_bytes", invalid.at, invalid.count);
        }
    }

    fn count(&mut self, code: &'static str, place: Position, times: u64) {
        if let Some(issue) = self.issues.iter_mut().find(|issue| issue.code == code) {
            issue.times += times;
            return;
        }
        let issue = Issue::warning(code, self.of, self.source_id.clone());
        self.issues.push(Issue { times, ..issue.at(place.byte, place.line) });
    }

    /// A warning about the record as a whole.
    pub(crate) fn note(&mut self, code: &'static str) {
        self.issues.push(Issue::warning(code, self.of, self.source_id.clone()));
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
