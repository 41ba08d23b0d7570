//! What a reader has ready, where one step may give several entries or none.

use std::collections::VecDeque;

use crate::{Entry, ReadError};

/// Entries to give, in order, and what follows the last of them.
#[derive(Default)]
pub(crate) struct Waiting {
    entries: VecDeque<Entry>,
    /// Ends the reading once the entries are given.
    pub(crate) error: Option<ReadError>,
    /// Nothing comes behind the entries.
    pub(crate) is_end: bool,
}

impl Waiting {
    /// What [`crate::EntryReader::next_entry`] gives now; none where it has to
    /// read on first.
    pub(crate) fn next(&mut self) -> Option<Result<Option<Entry>, ReadError>> {
        if let Some(entry) = self.entries.pop_front() {
            return Some(Ok(Some(entry)));
        }
        if let Some(error) = self.error.take() {
            return Some(Err(error));
        }
        self.is_end.then_some(Ok(None))
    }

    /// The byte at which stands what is given next; none where that is not known.
    pub(crate) fn next_byte(&self) -> Option<u64> {
        match (self.entries.front(), &self.error) {
            (Some(entry), _) => Some(entry.at.byte),
            (None, Some(error)) => Some(error.byte),
            (None, None) => self.is_end.then_some(u64::MAX),
        }
    }

    /// Adds one behind the others.
    pub(crate) fn push(&mut self, entry: Entry) {
        self.entries.push_back(entry);
    }
}

impl Extend<Entry> for Waiting {
    fn extend<I: IntoIterator<Item = Entry>>(&mut self, entries: I) {
        self.entries.extend(entries);
    }
}
