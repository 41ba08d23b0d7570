//! Where records begin, and where values end, told from the text alone and
//! before a parser sees it.
//!
//! A start tag of a record is a fence, and so is the end tag of the root: a
//! value that began before it cannot be read past it. Otherwise a missing `]]>`
//! or quote would swallow the records behind it without a trace.
//!
//! Where records nest, posts are quoted in CDATA, and old WordPress did not
//! escape what they hold: `<![CDATA[ // <![CDATA[ … // ]]> ]]>`. There, a `]]>`
//! ends a value only where the value's end tag, or another part of it, comes
//! next. Every other one is text: it is read as [`CDATA_END`], which has the
//! same length, so that places stay those of the file.

mod records;

pub(crate) use records::{Mark, Nested, Records};
use records::{is_identified_record, nested_record};

/// A record's start tag, and what must follow it, stand within so many bytes.
const MAX_TAG_BYTES: usize = 4096;

/// Stands for a `]]>` that is text. No XML file holds it (XML 1.0, `Char`).
pub(crate) const CDATA_END: char = '\u{ffff}';

const CDATA_OPENS: &[u8] = b"<![CDATA[";

/// What stands next in the text.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// A fence: its index, and how many elements are open around it.
    Fence(usize, usize),
    /// More of the text is needed to tell what stands at this index.
    Undecided(usize),
    /// No fence in all of the text.
    Nothing,
}

/// Looks for fences, from the text's start to its end.
#[derive(Debug)]
pub(crate) struct Fences {
    records: Records,
    /// The root's end tag without its `<`; empty until it is known.
    root_end: Vec<u8>,
    within: Within,
    /// Name of the element that was opened last, while nothing was closed.
    opened: Vec<u8>,
    /// Indices of each `]]>` that is text, since they were last taken.
    inner_ends: Vec<usize>,
}

/// What the text at hand is. Looked at where records nest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Within {
    Markup,
    Comment,
    Cdata {
        /// Openings in it that wait for their `]]>`.
        inner: u32,
        /// The end tag of its element, or of the record, stands in it: its
        /// `]]>` is missing.
        end_tag_seen: bool,
    },
}

impl Fences {
    pub(crate) fn new(records: Records) -> Self {
        Self {
            records,
            root_end: Vec::new(),
            within: Within::Markup,
            opened: Vec::new(),
            inner_ends: Vec::new(),
        }
    }

    /// The root's end tag is a fence too, from now on. The text has to be looked
    /// at again, since that end may stand in what was looked at: how much is read
    /// ahead must not decide what is found.
    pub(crate) fn set_root(&mut self, name: &str) {
        self.root_end = format!("/{name}").into_bytes();
        self.within = Within::Markup;
        self.opened.clear();
        self.opened.extend_from_slice(name.as_bytes());
    }

    /// The root ended.
    pub(crate) fn end_root(&mut self) {
        self.root_end.clear();
    }

    /// Each `]]>` that is text, of what was looked at since the last call: its
    /// index in that text.
    pub(crate) fn take_inner_ends(&mut self) -> std::vec::Drain<'_, usize> {
        self.inner_ends.drain(..)
    }

    fn nests(&self) -> bool {
        matches!(self.records, Records::Nested(_))
    }

    /// Looks on from `text[from]`. `is_all` says that no text follows; then
    /// nothing is undecided. Where records nest, nothing outside of the root is
    /// looked at.
    pub(crate) fn next(&mut self, text: &[u8], from: usize, is_all: bool) -> Next {
        if matches!(self.records, Records::InRoot([])) || self.nests() && self.root_end.is_empty() {
            return Next::Nothing;
        }
        let mut at = from;
        loop {
            let step = match self.within {
                Within::Markup => self.markup(text, at, is_all),
                Within::Comment => self.comment(text, at, is_all),
                Within::Cdata { inner, end_tag_seen } => {
                    self.cdata(text, at, is_all, inner, end_tag_seen)
                }
            };
            match step {
                Ok(next) => at = next,
                Err(found) => {
                    if let Next::Fence(..) = found {
                        self.within = Within::Markup;
                    }
                    return found;
                }
            }
        }
    }

    /// One step in markup: where to look on, or what was found.
    fn markup(&mut self, text: &[u8], from: usize, is_all: bool) -> Result<usize, Next> {
        let at = from + memchr::memchr(b'<', &text[from..]).ok_or(Next::Nothing)?;
        let (tag, is_all) = tag_at(text, at, is_all);
        let undecided = |known: Option<bool>| known.ok_or(Next::Undecided(at));
        if undecided(self.is_root_end(tag, is_all))? {
            if self.nests() {
                self.root_end.clear();
            }
            return Err(Next::Fence(at, 1));
        }
        if let Records::InRoot(names) = self.records {
            let is_record = undecided(is_identified_record(names, tag, is_all))?;
            return if is_record { Err(Next::Fence(at, 1)) } else { Ok(at + 1) };
        }
        if undecided(begins(&text[at..], CDATA_OPENS, is_all))? {
            self.within = Within::Cdata { inner: 0, end_tag_seen: false };
            return Ok(at + CDATA_OPENS.len());
        }
        if undecided(begins(&text[at..], b"<!--", is_all))? {
            self.within = Within::Comment;
            return Ok(at + 4);
        }
        if let Some(depth) = self.nested(tag, is_all, false).ok_or(Next::Undecided(at))? {
            return Err(Next::Fence(at, depth));
        }
        match tag.first() {
            Some(b'/') => self.opened.clear(),
            Some(b'!' | b'?') | None => {}
            Some(_) => {
                let name = name_end(tag).or(is_all.then_some(tag.len()));
                self.opened.clear();
                self.opened.extend_from_slice(&tag[..name.ok_or(Next::Undecided(at))?]);
            }
        }
        Ok(at + 1)
    }

    fn comment(&mut self, text: &[u8], from: usize, is_all: bool) -> Result<usize, Next> {
        let at = from + memchr::memchr2(b'<', b'-', &text[from..]).ok_or(Next::Nothing)?;
        let undecided = |known: Option<bool>| known.ok_or(Next::Undecided(at));
        if undecided(begins(&text[at..], b"-->", is_all))? {
            self.within = Within::Markup;
            return Ok(at + 3);
        }
        let (tag, is_all) = tag_at(text, at, is_all);
        if text[at] == b'<' {
            if undecided(self.is_root_end(tag, is_all))? {
                self.root_end.clear();
                return Err(Next::Fence(at, 1));
            }
            if let Some(depth) = self.nested(tag, is_all, false).ok_or(Next::Undecided(at))? {
                return Err(Next::Fence(at, depth));
            }
        }
        Ok(at + 1)
    }

    fn cdata(
        &mut self,
        text: &[u8],
        from: usize,
        is_all: bool,
        inner: u32,
        end_tag_seen: bool,
    ) -> Result<usize, Next> {
        let at = from + memchr::memchr2(b'<', b']', &text[from..]).ok_or(Next::Nothing)?;
        let undecided = |known: Option<bool>| known.ok_or(Next::Undecided(at));
        if text[at] == b'<' {
            if undecided(begins(&text[at..], CDATA_OPENS, is_all))? {
                self.within = Within::Cdata { inner: inner + 1, end_tag_seen };
                return Ok(at + CDATA_OPENS.len());
            }
            let (tag, is_all) = tag_at(text, at, is_all);
            if end_tag_seen && undecided(self.is_root_end(tag, is_all))? {
                self.root_end.clear();
                return Err(Next::Fence(at, 1));
            }
            let found = self.nested(tag, is_all, !end_tag_seen).ok_or(Next::Undecided(at))?;
            if let Some(depth) = found {
                return Err(Next::Fence(at, depth));
            }
            let end_tag_seen = end_tag_seen || undecided(self.is_end(tag, is_all))?;
            self.within = Within::Cdata { inner, end_tag_seen };
            return Ok(at + 1);
        }
        if !undecided(begins(&text[at..], b"]]>", is_all))? {
            return Ok(at + 1);
        }
        let (behind, is_all) = tag_at(text, at + 2, is_all);
        if undecided(self.ends_value(behind, is_all, inner))? {
            self.within = Within::Markup;
        } else {
            self.within = Within::Cdata { inner: inner.saturating_sub(1), end_tag_seen };
            self.inner_ends.push(at);
        }
        Ok(at + 3)
    }

    /// Whether a `]]>` with that behind it is the end of what was opened by the
    /// outermost `<![CDATA[`; none where more is needed to tell.
    fn ends_value(&self, behind: &[u8], is_all: bool, inner: u32) -> Option<bool> {
        if self.opened.is_empty() || begins(behind, CDATA_OPENS, is_all)? {
            return Some(true);
        }
        let Some(next) = memchr::memchr(b'<', behind) else {
            return is_all.then_some(false);
        };
        let (plain, tag) = (&behind[..next], &behind[next + 1..]);
        let is_space = plain.trim_ascii().is_empty();
        let closes = is_end_of(&self.opened, tag, is_all)?;
        if is_space && closes {
            return Some(true);
        }
        if inner > 0 {
            return Some(false);
        }
        // Text and CDATA may take turns in a value, and its end tag may be missing.
        let next_part = closes || begins(&behind[next..], CDATA_OPENS, is_all)?;
        let name = tag.strip_prefix(b"/").unwrap_or(tag);
        let name = &name[..name_end(name).or(is_all.then_some(name.len()))?];
        Some(next_part || is_space && (name.contains(&b':') || self.records.begun(name).is_some()))
    }

    /// Whether a tag in CDATA shows that its `]]>` is missing: it closes its
    /// element, or a record that has a prefix, which nobody quotes.
    fn is_end(&self, tag: &[u8], is_all: bool) -> Option<bool> {
        if is_end_of(&self.opened, tag, is_all)? {
            return Some(true);
        }
        let (Records::Nested(records), Some(name)) = (self.records, tag.strip_prefix(b"/")) else {
            return Some(false);
        };
        let name = &name[..name_end(name).or(is_all.then_some(name.len()))?];
        let Some(colon) = memchr::memchr(b':', name) else { return Some(false) };
        let local = &name[colon + 1..];
        Some(
            records
                .iter()
                .any(|record| record.mark == Mark::Prefix && record.name.as_bytes() == local),
        )
    }

    #[expect(clippy::option_option, reason = "whether it can be told, and what is told")]
    fn nested(&self, tag: &[u8], is_all: bool, strictly: bool) -> Option<Option<usize>> {
        match self.records {
            Records::Nested(records) => nested_record(records, tag, is_all, strictly),
            Records::InRoot(_) => Some(None),
        }
    }

    fn is_root_end(&self, tag: &[u8], is_all: bool) -> Option<bool> {
        if self.root_end.is_empty() || !shares_start(tag, &self.root_end) {
            return Some(false);
        }
        let next = tag.get(self.root_end.len());
        next.map_or(is_all.then_some(false), |b| Some(*b == b'>' || b.is_ascii_whitespace()))
    }
}

/// The text behind the `<` at `text[at]`, as far as it is looked at, and
/// whether no more of it will be.
fn tag_at(text: &[u8], at: usize, is_all: bool) -> (&[u8], bool) {
    let tag = &text[at + 1..];
    let tag = &tag[..tag.len().min(MAX_TAG_BYTES)];
    (tag, is_all || tag.len() == MAX_TAG_BYTES)
}

/// As far as both reach, they are the same.
fn shares_start(text: &[u8], start: &[u8]) -> bool {
    let shared = start.len().min(text.len());
    text[..shared] == start[..shared]
}

fn begins(text: &[u8], start: &[u8], is_all: bool) -> Option<bool> {
    if text.len() < start.len() && shares_start(text, start) && !is_all {
        return None;
    }
    Some(text.starts_with(start))
}

/// Where a name ends.
fn name_end(tag: &[u8]) -> Option<usize> {
    tag.iter().position(|b| b.is_ascii_whitespace() || matches!(b, b'/' | b'>' | b'<'))
}

/// Whether a tag closes the element of that name.
fn is_end_of(name: &[u8], tag: &[u8], is_all: bool) -> Option<bool> {
    let Some(closed) = tag.strip_prefix(b"/") else {
        return if tag.is_empty() && !is_all { None } else { Some(false) };
    };
    if name.is_empty() || !shares_start(closed, name) {
        return Some(false);
    }
    let next = closed.get(name.len());
    next.map_or(is_all.then_some(false), |b| Some(*b == b'>' || b.is_ascii_whitespace()))
}
