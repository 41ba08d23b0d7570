//! The list of formats: one line each.

use crate::vendors::disqus::Disqus;
use crate::{Entry, ReadError, Reason, Source};

/// Every format that Rehome reads.
pub const FORMATS: &[&dyn Format] = &[&Disqus];

/// A vendor's export format.
pub trait Format: Sync {
    /// Stable id, stored in rows, e.g. `disqus`.
    fn id(&self) -> &'static str;
    /// Formats that share ids have one family.
    fn family(&self) -> &'static str;
    /// As the vendor writes it, e.g. `Disqus`.
    fn name(&self) -> &'static str;
    /// Reader and version, frozen into every import: it changes when the same
    /// file would give other lines, e.g. `disqus/1`.
    fn reader(&self) -> &'static str;
    /// Fields that every export of this format carries, as `record.field`.
    fn fields(&self) -> &'static [&'static str];
    /// Fields that only some exports carry: they count where a record has them.
    fn optional_fields(&self) -> &'static [&'static str];
    /// Why the start of a file is of this format; none if it is not.
    fn recognise(&self, head: &[u8]) -> Option<Vec<Reason>>;
    /// Reads the file, asking for `buffer_bytes` at once.
    fn read<'a>(&self, source: Source<'a>, buffer_bytes: usize) -> Box<dyn EntryReader + 'a>;
}

/// Entries in file order, until the end or the first [`ReadError`].
pub trait EntryReader: Iterator<Item = Result<Entry, ReadError>> {
    /// Namespace of the file's ids, once it is known.
    fn origin(&self) -> Option<&str>;
    /// Whether the format's end was seen. Only then is a file whole.
    fn is_complete(&self) -> bool;
}

/// The format of that id.
#[must_use]
pub fn format_by_id(id: &str) -> Option<&'static dyn Format> {
    FORMATS.iter().copied().find(|format| format.id() == id)
}
