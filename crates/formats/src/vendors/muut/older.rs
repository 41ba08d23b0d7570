//! Damage in the older form, of which each thread stands by itself.

use super::{Place, Reader, START, open};
use crate::{Entry, Position, ReadError, RecordKind};

/// Codes of errors that end a thread of the older form, and not the file.
const DAMAGE: [&str; 4] = [CUT, "json_broken", "nested_too_deep", "value_too_long"];
/// The code of a text that stops too early.
const CUT: &str = "file_cut";

impl Reader<'_> {
    /// What an error ends: of the older form, damage ends the thread at hand alone.
    pub(super) fn broken(&mut self, error: ReadError) {
        let Some(gate) = self.gate.as_ref().filter(|_| DAMAGE.contains(&error.code)) else {
            self.waiting.error = Some(error);
            return;
        };
        let next = match gate.next_thread() {
            Ok(None) if error.code == CUT => Err(error.clone()),
            Ok(next) => Ok(next),
            Err(code) => Err(ReadError::new(code, error.byte, error.line)),
        };
        let at = Position { byte: error.byte, line: error.line, ..START };
        match next {
            Ok(next) => {
                // How far they are known depends on how much was read ahead.
                self.repairs.forget_from(error.byte);
                self.lose_rest_of_thread(at);
                self.begin_next(next);
            }
            Err(error) => self.waiting.error = Some(error),
        }
    }

    /// Gives what was read of the thread, and what is lost of it.
    fn lose_rest_of_thread(&mut self, at: Position) {
        let is_inside = matches!(self.place, Place::Thread | Place::Replies);
        let has_messages = self.thread.has_begun
            || self.thread.seed.is_some()
            || !self.thread.early_replies.is_empty();
        let lost = if is_inside && has_messages {
            self.end_thread();
            Entry::lost(at, "record_broken", RecordKind::Comment)
        } else {
            Entry::lost(self.thread.at, "record_broken", RecordKind::Page)
        };
        self.give([lost]);
    }

    /// Goes on with the thread of the older form that begins there, or with the
    /// file's end.
    pub(super) fn begin_next(&mut self, next: Option<Position>) {
        match (next, &self.gate) {
            (Some(at), Some(gate)) => {
                let text = Box::new(gate.clone());
                self.json = open(text, self.buffer_bytes, &self.repairs, at);
                self.place = Place::Start;
            }
            _ => self.waiting.is_end = true,
        }
    }
}
