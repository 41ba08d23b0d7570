//! The list of formats: one line each.

use std::io::Read;

use rehome_record::{Complete, Header};
use serde::Serialize;

use crate::vendors::commento::Commento;
use crate::vendors::cusdis::Cusdis;
use crate::vendors::disqus::Disqus;
use crate::vendors::disqus_import::DisqusImport;
use crate::vendors::fastcomments::FastComments;
use crate::vendors::hyvor_talk::HyvorTalk;
use crate::vendors::intensedebate::IntenseDebate;
use crate::vendors::just_comments::JustComments;
use crate::vendors::muut::Muut;
use crate::vendors::rehome::Rehome;
use crate::vendors::wordpress::WordPress;
use crate::{Choice, Entry, ReadError, Reading, Reason};

/// Makes the list of one line for each format: the part of the browser's module
/// that carries its reader, which is a cargo feature, and the format.
macro_rules! formats {
    ($($part:literal => $format:expr,)+) => {
        /// Every format that this build reads, by name: programs read all.
        pub const FORMATS: &[&dyn Format] = &[$(#[cfg(feature = $part)] &$format,)+];

        /// The part of the browser's module that carries a format's reader.
        #[must_use]
        pub fn part_of(id: &str) -> Option<&'static str> {
            let parts: &[(&dyn Format, &str)] =
                &[$(#[cfg(feature = $part)] (&$format, $part),)+];
            parts.iter().find(|(format, _)| format.facts().id == id).map(|(_, part)| *part)
        }
    };
}

formats! {
    "json" => Commento,
    "tables" => Cusdis,
    "xml" => Disqus,
    "xml" => DisqusImport,
    "tables" => FastComments,
    "json" => HyvorTalk,
    "xml" => IntenseDebate,
    "tables" => JustComments,
    "tables" => Muut,
    "json" => Rehome,
    "xml" => WordPress,
}

/// A vendor's export format.
pub trait Format: Sync {
    /// What is known of it without a file.
    fn facts(&self) -> &'static Facts;
    /// Why the start of a file's text is of this format; none if it is not.
    fn recognise(&self, head: &[u8]) -> Option<Vec<Reason>>;
    /// Reads one file from its start.
    fn read<'a>(&self, text: Box<dyn Read + 'a>, reading: &Reading) -> Box<dyn EntryReader + 'a>;
}

/// What is known of a format without a file.
#[derive(Debug)]
pub struct Facts {
    /// Stable id, stored in rows, e.g. `disqus`.
    pub id: &'static str,
    /// Formats that share ids have one family.
    pub family: &'static str,
    /// As the vendor writes it, e.g. `Disqus`.
    pub name: &'static str,
    /// What the files are called, e.g. `.xml, .xml.gz`.
    pub files: &'static str,
    /// Reader and version, frozen into every import: it changes when the same
    /// file would give other lines, e.g. `disqus/1`.
    pub reader: &'static str,
    /// Fields that every export of this format carries, as `record.field`.
    pub fields: &'static [&'static str],
    /// Fields that only some exports carry: they count where a record has them.
    pub optional_fields: &'static [&'static str],
    /// Whether real files were seen.
    pub evidence: Evidence,
    /// Versions that were seen, or that the vendor documents.
    pub versions: &'static str,
    /// Steps to get the export, in English, each a sentence.
    pub how_to_get: &'static [&'static str],
    /// What the reader keeps beside text, author, date, page and thread.
    pub keeps: &'static [&'static str],
    /// What is lost and why, each a sentence.
    pub loses: &'static [&'static str],
}

/// What a reader was built on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub enum Evidence {
    /// Real files, or the code that writes them.
    Confirmed,
    /// What others tell of the files.
    Inferred,
}

/// Gives the entries of one file, in its order.
pub trait EntryReader {
    /// The next entry; none at the file's end. Not called again behind the end
    /// or an error: whoever calls it ([`crate::Joined`]) sees to that.
    ///
    /// # Errors
    /// What ends the reading before the file's end.
    fn next_entry(&mut self) -> Result<Option<Entry>, ReadError>;
    /// Namespace of the file's ids, once it is known.
    fn origin(&self) -> Option<&str>;
    /// Whether the format's end was seen: only then is a file whole.
    /// [`Complete::Unknown`] where the format has no end to see.
    fn complete(&self) -> Complete;
    /// The header that the file's lines were made with, where they are the
    /// wire's own: what it says of their source stands in for [`Facts`].
    fn header(&self) -> Option<&Header> {
        None
    }
    /// What the file leaves open, as far as it was read.
    fn choices(&self) -> Vec<Choice> {
        Vec::new()
    }
}

/// The format of that id, where this build reads it.
#[must_use]
pub fn format_by_id(id: &str) -> Option<&'static dyn Format> {
    FORMATS.iter().copied().find(|format| format.facts().id == id)
}
