//! What is pulled out of an XML text, and why it may end.

use crate::{Position, ReadError};

/// What the reader met. Its name, attributes and text are asked of the [`Xml`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Node {
    /// An opened element; its content follows. An empty one (`<a/>`) is
    /// followed by its end as well.
    Start,
    /// The end of the innermost open element.
    End,
    /// Characters, decoded. Texts and CDATA follow each other in pieces.
    Text,
    /// The end of the file, outside of all elements.
    Eof,
}

/// Why there is no next node here.
#[derive(Debug)]
pub(crate) enum Stop {
    /// The tags are broken. [`Xml::recover`] goes on behind the damage.
    Damaged(Damage),
    /// Nothing more can be read.
    Ended(ReadError),
}

/// What a reader gives that can meet damage.
pub(crate) type Pulled<T> = Result<T, Stop>;

/// Where the tags are broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Damage {
    /// Of the node that shows it.
    pub(crate) at: Position,
    /// The element whose own start tag is broken, where it is that of a record.
    pub(crate) record: Option<&'static str>,
    /// The next record began between two elements of this depth: of the one
    /// that was not closed, all that was read is whole.
    pub(crate) unclosed_at_depth: Option<usize>,
}

/// What was wrong since it was last asked, without ending the reading.
///
/// Each with the place of the node that shows it first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Notes {
    pub(crate) unknown_entity: Option<Position>,
    pub(crate) malformed_attribute: Option<Position>,
    /// An end tag that closes nothing.
    pub(crate) stray_end: Option<Position>,
    /// Characters that no XML text may hold, taken out.
    pub(crate) control: Option<Position>,
    /// How many those are.
    pub(crate) controls: u64,
}
