//! XML, pulled: elements, texts and places, the same for every XML format.
//!
//! quick-xml gives events; what it lets pass is looked for here: a file that
//! stops between two elements, text outside of the root, malformed attributes.
//! Names are matched without their prefix. What breaks the tags is told as
//! [`Stop::Damaged`], and [`Xml::recover`] goes on at the next record.

mod element;
mod nodes;

use std::io::{self, Read};

use quick_xml::Reader;
use quick_xml::errors::Error;
use quick_xml::events::Event;

use crate::entities::resolve;
use crate::error::io_code;
use crate::fences::{CDATA_END, Records};
use crate::positioned::{Invalid, Positioned, RECORD_STARTED};
use crate::{Position, ReadError};

pub(crate) use nodes::{Damage, Node, Notes, Pulled, Stop};

/// Elements may nest this deep; no export known needs ten.
const MAX_DEPTH: usize = 64;

/// A node that follows from the one before it.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Pending {
    #[default]
    Nothing,
    /// The innermost open element ends.
    End,
    /// The tag that was read last opens a record.
    Start,
}

/// Pulls nodes out of an XML text.
pub(crate) struct Xml<'a> {
    reader: Reader<Positioned<Box<dyn Read + 'a>>>,
    records: Records,
    buffer: Vec<u8>,
    at: Position,
    /// The last start tag without its brackets.
    tag: String,
    name: std::ops::Range<usize>,
    name_end: usize,
    text: String,
    /// Names of the open elements, outermost first.
    open: Vec<String>,
    /// What comes next without being read.
    pending: Pending,
    /// Reading can go on where it stopped: what comes next stands in the root.
    in_step: bool,
    /// Texts are passed over.
    skips: bool,
    root_seen: bool,
    /// Prefixes bound to the namespace asked for, `:` included.
    prefixes: Vec<String>,
    notes: Notes,
}

impl<'a> Xml<'a> {
    /// Reads `input`; `prefix` is a prefix of names that the format gives a
    /// meaning, and [`Xml::bind_prefixes`] adds others. `records` are the
    /// elements at which reading goes on after damage.
    pub(crate) fn new(
        input: Box<dyn Read + 'a>,
        buffer_bytes: usize,
        prefix: &str,
        records: Records,
    ) -> Self {
        Self {
            reader: lenient(Positioned::new(input, buffer_bytes, records)),
            records,
            buffer: Vec::new(),
            at: Position { byte: 0, line: 1, ..Position::default() },
            tag: String::new(),
            name: 0..0,
            name_end: 0,
            text: String::new(),
            open: Vec::new(),
            pending: Pending::Nothing,
            in_step: false,
            skips: false,
            root_seen: false,
            prefixes: vec![if prefix.is_empty() { String::new() } else { format!("{prefix}:") }],
            notes: Notes::default(),
        }
    }

    /// Where the last node starts.
    pub(crate) fn at(&self) -> Position {
        self.at
    }

    /// Local name of the last start tag.
    pub(crate) fn name(&self) -> &str {
        &self.tag[self.name.clone()]
    }

    /// Prefix of the last start tag, `:` included.
    pub(crate) fn prefix(&self) -> &str {
        &self.tag[..self.name.start]
    }

    /// The last start tag has a prefix that the format gives a meaning.
    pub(crate) fn has_known_prefix(&self) -> bool {
        self.prefixes.iter().any(|prefix| prefix == self.prefix())
    }

    /// Elements that are open: 1 in the root.
    pub(crate) fn depth(&self) -> usize {
        self.open.len()
    }

    /// The last text.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// What was wrong since the last call.
    pub(crate) fn take_notes(&mut self) -> Notes {
        std::mem::take(&mut self.notes)
    }

    /// Bytes that are no UTF-8, since the last call.
    pub(crate) fn take_invalid(&mut self) -> Option<Invalid> {
        self.reader.get_mut().take_invalid()
    }

    /// The next node; comments, processing instructions and the document type
    /// are passed over.
    pub(crate) fn next(&mut self) -> Pulled<Node> {
        match std::mem::take(&mut self.pending) {
            Pending::Nothing => {}
            Pending::Start => return self.open(),
            Pending::End => return Ok(self.close()),
        }
        loop {
            self.buffer.clear();
            let input = self.reader.get_mut();
            let opens_record = input.start_value();
            self.at = Position { byte: input.byte(), line: input.line(), ..Position::default() };
            let event = match self.reader.read_event_into(&mut self.buffer) {
                Ok(event) => event,
                Err(error) => return Err(self.stop(&error)),
            };
            match event {
                Event::Start(tag) => {
                    set_tag(&mut self.tag, &mut self.name, &mut self.name_end, &tag);
                    if opens_record
                        && let Some(depth) = self.records.depth_of(self.name())
                        && self.open.len() > depth
                    {
                        return Err(self.unclosed(depth));
                    }
                    return self.open();
                }
                Event::Empty(tag) => {
                    set_tag(&mut self.tag, &mut self.name, &mut self.name_end, &tag);
                    let opened = self.open()?;
                    self.pending = Pending::End;
                    return Ok(opened);
                }
                Event::End(tag) => {
                    let level = self.open.iter().rposition(|name| **name == *tag.name().as_ref());
                    match level {
                        Some(level) if level + 1 == self.open.len() => return Ok(self.close()),
                        Some(level) => return Err(self.closes(level)),
                        None if self.open.len() > 1 => {
                            self.notes.stray_end.get_or_insert(self.at);
                        }
                        // Between records it is seen as text that does not belong there.
                        None => {
                            self.text.clear();
                            self.text.push_str("</>");
                            return Ok(Node::Text);
                        }
                    }
                }
                Event::Text(_) | Event::CData(_) | Event::GeneralRef(_) if self.skips => {
                    return Ok(Node::Text);
                }
                Event::Text(text) => {
                    let text = text.xml10_content();
                    // quick-xml sees a byte order mark in a full buffer alone.
                    let text = match self.at.byte {
                        0 => text.strip_prefix('\u{feff}').unwrap_or(&text),
                        _ => &text,
                    };
                    self.text.clear();
                    self.text.push_str(text);
                    return Ok(self.plain_text());
                }
                Event::CData(text) => {
                    self.text.clear();
                    self.text.push_str(&text.xml10_content());
                    if self.text.contains(CDATA_END) {
                        self.text = self.text.replace(CDATA_END, "]]>");
                    }
                    return Ok(self.plain_text());
                }
                Event::GeneralRef(reference) => {
                    self.text.clear();
                    if !resolve(&reference, &mut self.text) {
                        self.notes.unknown_entity.get_or_insert(self.at);
                    }
                    return Ok(self.plain_text());
                }
                Event::Eof => return self.end_of_file().map_err(Stop::Ended),
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
            }
        }
    }

    /// The text at hand without characters that XML forbids.
    fn plain_text(&mut self) -> Node {
        if !has_forbidden(self.text.as_bytes()) {
            return Node::Text;
        }
        let before = self.text.len();
        self.text.retain(|c| !is_forbidden(c));
        // Each is one byte long.
        let taken = before - self.text.len();
        self.notes.control.get_or_insert(self.at);
        self.notes.controls += taken as u64;
        Node::Text
    }

    /// Goes on after damage: with the next record, or the end of the root.
    pub(crate) fn recover(&mut self) -> Result<(), ReadError> {
        let in_step = std::mem::take(&mut self.in_step);
        if in_step {
            return Ok(());
        }
        self.pending = Pending::Nothing;
        let nothing: Box<dyn Read + 'a> = Box::new(io::empty());
        let nothing = lenient(Positioned::new(nothing, 1, self.records));
        let mut input = std::mem::replace(&mut self.reader, nothing).into_inner();
        let skipped = input.skip_to_fence();
        self.reader = lenient(input);
        self.open.truncate(*skipped.as_ref().unwrap_or(&1));
        skipped.map(|_| ()).map_err(|error| {
            let (byte, line) = self.place();
            ReadError::new(io_code(&error), byte, line)
        })
    }

    /// The next record, which stands in `outside` elements, began inside of one
    /// that is not closed.
    fn unclosed(&mut self, outside: usize) -> Stop {
        let depth = self.open.len();
        self.open.truncate(outside);
        self.pending = Pending::Start;
        self.in_step = true;
        Stop::Damaged(Damage { at: self.at, record: None, unclosed_at_depth: Some(depth) })
    }

    /// An end tag closes the element at `level` while others inside are open.
    fn closes(&mut self, level: usize) -> Stop {
        self.open.truncate(level + 1);
        match level {
            0 => (self.pending, self.in_step) = (Pending::End, true),
            _ if level <= self.records.deepest() => {
                self.open.pop();
                self.in_step = true;
            }
            _ => {}
        }
        Stop::Damaged(Damage { at: self.at, record: None, unclosed_at_depth: None })
    }

    fn open(&mut self) -> Pulled<Node> {
        let name = &self.tag[..self.name_end];
        if self.open.is_empty() {
            self.reader.get_mut().set_root(name);
        }
        self.open.push(name.to_owned());
        self.root_seen = true;
        if self.open.len() > MAX_DEPTH {
            let error = ReadError::new("nested_too_deep", self.at.byte, self.at.line);
            return Err(self.damaged(error));
        }
        Ok(Node::Start)
    }

    fn close(&mut self) -> Node {
        self.open.pop();
        if self.open.is_empty() {
            self.reader.get_mut().end_root();
        }
        Node::End
    }

    /// quick-xml calls it a clean end even with elements still open.
    fn end_of_file(&mut self) -> Result<Node, ReadError> {
        let (byte, line) = self.place();
        if !self.open.is_empty() {
            let inside = format!("with {} of its elements still open", self.open.len());
            return Err(ReadError::cut(byte, line, &inside));
        }
        if !self.root_seen {
            return Err(ReadError::cut(byte, line, "without a first element"));
        }
        Ok(Node::Eof)
    }

    fn place(&self) -> (u64, u64) {
        let input = self.reader.get_ref();
        (input.byte(), input.line())
    }

    fn stop(&mut self, error: &Error) -> Stop {
        if let Error::Io(error) = error {
            let code = io_code(error);
            if code == RECORD_STARTED {
                self.reader.get_mut().back_to_fence();
            }
            let (byte, line) = self.place();
            return match code {
                // There is no record outside of the root.
                RECORD_STARTED if self.open.is_empty() => {
                    Stop::Ended(ReadError::new("xml_broken", self.at.byte, self.at.line))
                }
                RECORD_STARTED | "value_too_long" => self.damaged(ReadError::new(code, byte, line)),
                _ => Stop::Ended(ReadError::new(code, byte, line)),
            };
        }
        if self.reader.get_mut().at_end() {
            let (byte, line) = self.place();
            let inside = format!("inside of something that starts on line {}", self.at.line);
            return Stop::Ended(ReadError::cut(byte, line, &inside));
        }
        self.damaged(ReadError::new("xml_broken", self.at.byte, self.at.line))
    }

    /// Inside of the root, reading can go on at the next record; outside, `error` ends it.
    fn damaged(&self, error: ReadError) -> Stop {
        if self.open.is_empty() {
            return Stop::Ended(error);
        }
        // What was read of the event that broke.
        let begun = self.buffer.strip_prefix(b"<").and_then(|tag| self.records.begun(tag));
        let is_there = |name: &&str| self.records.depth_of(name) == Some(self.open.len());
        let record = begun.filter(is_there);
        Stop::Damaged(Damage { at: self.at, record, unclosed_at_depth: None })
    }
}

/// Characters that no XML text may hold (XML 1.0, `Char`), and that are not seen.
fn is_forbidden(c: char) -> bool {
    matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}')
}

/// Whether [`is_forbidden`] holds for any character of a text, looked at in
/// pieces, so that the compiler compares many bytes at once.
fn has_forbidden(text: &[u8]) -> bool {
    let is_one = |byte: &u8| *byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r');
    text.chunks(64).any(|piece| piece.iter().fold(false, |found, byte| found | is_one(byte)))
}

/// quick-xml's own check of names cannot go on after damage: ours can.
fn lenient<R: Read>(input: Positioned<R>) -> Reader<Positioned<R>> {
    let mut reader = Reader::from_reader(input);
    let config = reader.config_mut();
    config.allow_dangling_amp = true;
    config.allow_unmatched_ends = true;
    config.check_end_names = false;
    reader
}

fn set_tag(
    tag: &mut String,
    name: &mut std::ops::Range<usize>,
    name_end: &mut usize,
    start: &quick_xml::events::BytesStart<'_>,
) {
    tag.clear();
    tag.push_str(start);
    let whole = start.name().as_ref().len();
    let local = start.local_name().as_ref().len();
    *name = whole - local..whole;
    *name_end = whole;
}
