//! XML, pulled: elements, texts and places, the same for every XML format.
//!
//! quick-xml gives events; what it lets pass is looked for here: a file that
//! stops between two elements, text outside of the root, malformed attributes.
//! Names are matched without their prefix.

use std::io::Read;

use quick_xml::Reader;
use quick_xml::errors::{Error, SyntaxError};
use quick_xml::events::Event;
use quick_xml::events::attributes::Attributes;

use crate::error::io_code;
use crate::positioned::Positioned;
use crate::{Position, ReadError};

/// Elements may nest this deep; no export known needs ten.
const MAX_DEPTH: u32 = 64;

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

/// Pulls nodes out of an XML text.
pub(crate) struct Xml<R: Read> {
    reader: Reader<Positioned<R>>,
    buffer: Vec<u8>,
    at: Position,
    /// The last start tag without its brackets.
    tag: String,
    name: std::ops::Range<usize>,
    name_end: usize,
    text: String,
    depth: u32,
    empty: bool,
    root_seen: bool,
    /// Prefixes bound to the namespace asked for, `:` included.
    prefixes: Vec<String>,
    notes: Notes,
}

/// What was wrong since it was last asked, without ending the reading.
///
/// Each with the place of the node that shows it first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Notes {
    pub(crate) unknown_entity: Option<Position>,
    pub(crate) malformed_attribute: Option<Position>,
}

impl<R: Read> Xml<R> {
    /// Reads `input`; attributes are asked for by the prefix `prefix` or one
    /// that the root binds to `namespace`.
    pub(crate) fn new(input: R, buffer_bytes: usize, prefix: &str) -> Self {
        let mut reader = Reader::from_reader(Positioned::new(input, buffer_bytes));
        reader.config_mut().allow_dangling_amp = true;
        Self {
            reader,
            buffer: Vec::new(),
            at: Position { byte: 0, line: 1, record: None },
            tag: String::new(),
            name: 0..0,
            name_end: 0,
            text: String::new(),
            depth: 0,
            empty: false,
            root_seen: false,
            prefixes: vec![format!("{prefix}:")],
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

    /// The last text.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// What was wrong since the last call.
    pub(crate) fn take_notes(&mut self) -> Notes {
        std::mem::take(&mut self.notes)
    }

    /// The next node; comments, processing instructions and the document type
    /// are passed over.
    pub(crate) fn next(&mut self) -> Result<Node, ReadError> {
        if std::mem::take(&mut self.empty) {
            self.depth -= 1;
            return Ok(Node::End);
        }
        loop {
            self.buffer.clear();
            let input = self.reader.get_mut();
            input.start_value();
            self.at = Position { byte: input.byte(), line: input.line(), record: None };
            let event = match self.reader.read_event_into(&mut self.buffer) {
                Ok(event) => event,
                Err(error) => return Err(self.read_error(&error)),
            };
            match event {
                Event::Start(tag) => {
                    set_tag(&mut self.tag, &mut self.name, &mut self.name_end, &tag);
                    return self.open();
                }
                Event::Empty(tag) => {
                    set_tag(&mut self.tag, &mut self.name, &mut self.name_end, &tag);
                    self.empty = true;
                    return self.open();
                }
                Event::End(_) => {
                    self.depth -= 1;
                    return Ok(Node::End);
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
                    return Ok(Node::Text);
                }
                Event::CData(text) => {
                    self.text.clear();
                    self.text.push_str(&text.xml10_content());
                    return Ok(Node::Text);
                }
                Event::GeneralRef(reference) => {
                    self.text.clear();
                    if !resolve(&reference, &mut self.text) {
                        self.notes.unknown_entity.get_or_insert(self.at);
                    }
                    return Ok(Node::Text);
                }
                Event::Eof => return self.end_of_file(),
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
            }
        }
    }

    /// Text of the element that was just opened, trimmed, with all its end read.
    /// Elements inside are passed over.
    pub(crate) fn element_text(&mut self) -> Result<String, ReadError> {
        let mut whole = String::new();
        let mut inside = 0_u32;
        loop {
            match self.next()? {
                Node::Start => inside += 1,
                Node::End if inside == 0 => break,
                Node::End => inside -= 1,
                Node::Text if inside == 0 => whole.push_str(&self.text),
                Node::Text => {}
                Node::Eof => unreachable!("an end of file inside of an element is an error"),
            }
        }
        let trimmed = whole.trim_matches(|c: char| c.is_ascii_whitespace());
        if trimmed.len() == whole.len() { Ok(whole) } else { Ok(trimmed.to_owned()) }
    }

    /// Passes over the element that was just opened, its end included.
    pub(crate) fn skip_element(&mut self) -> Result<(), ReadError> {
        let outside = self.depth - 1;
        while self.depth > outside {
            self.next()?;
        }
        Ok(())
    }

    /// Value of an attribute of the last start tag that carries the asked-for
    /// prefix, trimmed; an unquoted value is taken, with a note.
    pub(crate) fn attribute(&mut self, local_name: &str) -> Option<String> {
        let mut found = None;
        for attribute in Attributes::html(&self.tag, self.name_end) {
            let Ok(attribute) = attribute else {
                self.notes.malformed_attribute.get_or_insert(self.at);
                continue;
            };
            let key = attribute.key.as_ref();
            let wanted =
                self.prefixes.iter().any(|p| key.strip_prefix(p.as_str()) == Some(local_name));
            if wanted {
                let value = htmlize::unescape_attribute(attribute.value.as_ref());
                found = Some(value.trim().to_owned());
            }
        }
        // The lenient reading above takes what XML forbids: `id=7`.
        if Attributes::new(&self.tag, self.name_end).any(|attribute| attribute.is_err()) {
            self.notes.malformed_attribute.get_or_insert(self.at);
        }
        found.filter(|value| !value.is_empty())
    }

    /// Takes the prefixes that the last start tag binds to `namespace`.
    pub(crate) fn bind_prefixes(&mut self, namespace: &str) {
        for attribute in Attributes::html(&self.tag, self.name_end).filter_map(Result::ok) {
            if let Some(prefix) = attribute.key.as_ref().strip_prefix("xmlns:")
                && attribute.value == namespace
            {
                self.prefixes.push(format!("{prefix}:"));
            }
        }
    }

    fn open(&mut self) -> Result<Node, ReadError> {
        self.depth += 1;
        self.root_seen = true;
        if self.depth > MAX_DEPTH {
            return Err(ReadError::new("nested_too_deep", self.at.byte, self.at.line));
        }
        Ok(Node::Start)
    }

    /// quick-xml calls it a clean end even with elements still open.
    fn end_of_file(&mut self) -> Result<Node, ReadError> {
        let (byte, line) = self.place();
        if self.depth > 0 {
            let inside = format!("with {} of its elements still open", self.depth);
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

    fn read_error(&mut self, error: &Error) -> ReadError {
        let (byte, line) = self.place();
        let at_end = self.reader.get_mut().at_end();
        match error {
            Error::Io(error) => ReadError::new(io_code(error), byte, line),
            Error::Syntax(SyntaxError::InvalidBangMarkup) if !at_end => {
                ReadError::new("xml_broken", self.at.byte, self.at.line)
            }
            Error::Syntax(_) => {
                let inside = format!("inside of something that starts on line {}", self.at.line);
                ReadError::cut(byte, line, &inside)
            }
            // A character cut in the middle is no wrong byte.
            Error::Encoding(_) if at_end => {
                ReadError::cut(byte, line, "in the middle of a character")
            }
            Error::Encoding(_) => ReadError::new("invalid_utf8", self.at.byte, self.at.line),
            _ => ReadError::new("xml_broken", self.at.byte, self.at.line),
        }
    }
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

/// Appends the character that a reference stands for. XML knows five names;
/// exports also hold those of HTML. An unknown one is kept as it is written.
fn resolve(reference: &quick_xml::events::BytesRef<'_>, text: &mut String) -> bool {
    if let Ok(Some(character)) = reference.resolve_char_ref() {
        text.push(character);
        return true;
    }
    let written = format!("&{};", &**reference);
    let decoded = htmlize::unescape(written.as_str());
    text.push_str(&decoded);
    decoded != written
}
