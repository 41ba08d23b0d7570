//! Text that is not UTF-8: which encoding it is in, and its way to UTF-8.
//!
//! Exports are made in UTF-8, but editors save them anew in whatever they like.
//! The tables of the old encodings are large, and a browser has them: whoever
//! opens a file says where decoders come from.

use std::io::{self, Read};

/// Bytes decoded at once.
const PIECE_BYTES: usize = 64 * 1024;

/// What stands for bytes that are no character, after decoding.
const REPLACEMENT: &[u8] = "\u{fffd}".as_bytes();

/// Bytes in which an XML declaration is looked for.
const DECLARATION_BYTES: usize = 1024;

/// Finds the decoder for a label of the [Encoding Standard], such as
/// `utf-16le`; none for one that it does not know.
///
/// [Encoding Standard]: https://encoding.spec.whatwg.org/#names-and-labels
pub type DecoderFor = fn(label: &str) -> Option<Box<dyn Decode>>;

/// Turns text of one encoding into UTF-8, piece by piece.
pub trait Decode {
    /// Appends the text of `bytes`, without a byte order mark, and U+FFFD for
    /// each sequence that is no character. `is_last` says that nothing follows.
    fn decode(&mut self, bytes: &[u8], is_last: bool, into: &mut Vec<u8>);
}

/// The label of the encoding that a file's first bytes show; none for UTF-8.
///
/// A byte order mark comes first, then zeros between letters, then the XML
/// declaration (XML 1.0, appendix F). Declarations are left over where a file
/// was saved anew, so one is not believed against text that is UTF-8.
pub(crate) fn label(head: &[u8]) -> Option<String> {
    let by_bytes = match head {
        [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] => Some("utf-32"),
        [0xff, 0xfe, ..] | [1..=0x7f, 0, 1..=0x7f, 0, ..] => Some("utf-16le"),
        [0xfe, 0xff, ..] | [0, 1..=0x7f, 0, 1..=0x7f, ..] => Some("utf-16be"),
        _ => None,
    };
    match by_bytes {
        Some(label) => Some(label.to_owned()),
        None => declared(head).filter(|_| head.is_ascii() || !is_utf8(head)),
    }
}

/// Whether bytes are UTF-8, but for a character that is cut at their end.
pub(crate) fn is_utf8(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).err().is_none_or(|error| error.error_len().is_none())
}

/// The label in the XML declaration. Where the declaration can be read byte by
/// byte, its text is neither UTF-16 nor UTF-32, whatever it says.
fn declared(head: &[u8]) -> Option<String> {
    let start = memchr::memmem::find(&head[..head.len().min(DECLARATION_BYTES)], b"<?xml")?;
    let rest = &head[start..head.len().min(start + DECLARATION_BYTES)];
    let declaration = &rest[..memchr::memmem::find(rest, b"?>")?];
    let after = memchr::memmem::find(declaration, b"encoding")? + "encoding".len();
    let value = declaration[after..].trim_ascii_start().strip_prefix(b"=")?.trim_ascii_start();
    let (quote, value) = value.split_first().filter(|(quote, _)| matches!(quote, b'"' | b'\''))?;
    let label = str::from_utf8(&value[..memchr::memchr(*quote, value)?]).ok()?;
    let label = label.trim().to_ascii_lowercase();
    let is_label = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | ':');
    let is_wide = ["utf", "ucs", "iso-10646"].iter().any(|wide| label.starts_with(wide));
    (!is_wide && !label.is_empty() && label.chars().all(is_label)).then_some(label)
}

/// Gives UTF-8, and a byte that is none for each character that could not be
/// decoded: whoever mends and counts those finds them there.
pub(crate) struct Decoded<'a> {
    bytes: Box<dyn Read + 'a>,
    decoder: Box<dyn Decode>,
    piece: Vec<u8>,
    text: Vec<u8>,
    given: usize,
    ended: bool,
}

impl<'a> Decoded<'a> {
    pub(crate) fn new(bytes: Box<dyn Read + 'a>, decoder: Box<dyn Decode>) -> Self {
        let piece = vec![0; PIECE_BYTES];
        Self { bytes, decoder, piece, text: Vec::new(), given: 0, ended: false }
    }
}

impl Read for Decoded<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.given == self.text.len() && !self.ended {
            let read = self.bytes.read(&mut self.piece)?;
            self.ended = read == 0;
            (self.given, self.text) = (0, std::mem::take(&mut self.text));
            self.text.clear();
            self.decoder.decode(&self.piece[..read], self.ended, &mut self.text);
            mark_undecoded(&mut self.text);
        }
        let taken = into.len().min(self.text.len() - self.given);
        into[..taken].copy_from_slice(&self.text[self.given..self.given + taken]);
        self.given += taken;
        Ok(taken)
    }
}

fn mark_undecoded(text: &mut Vec<u8>) {
    let mut from = 0;
    while let Some(found) = memchr::memmem::find(&text[from..], REPLACEMENT) {
        let at = from + found;
        text.splice(at..at + REPLACEMENT.len(), [0xff]);
        from = at + 1;
    }
}

/// The decoders of a program that runs outside of a browser.
#[cfg(feature = "encoding")]
#[must_use]
pub fn native_decoder(label: &str) -> Option<Box<dyn Decode>> {
    let encoding = encoding_rs::Encoding::for_label_no_replacement(label.as_bytes())?;
    Some(Box::new(Native(encoding.new_decoder_with_bom_removal())))
}

#[cfg(feature = "encoding")]
struct Native(encoding_rs::Decoder);

#[cfg(feature = "encoding")]
impl Decode for Native {
    fn decode(&mut self, bytes: &[u8], is_last: bool, into: &mut Vec<u8>) {
        let start = into.len();
        let most = self.0.max_utf8_buffer_length(bytes.len()).expect("a piece is small");
        into.resize(start + most, 0);
        let (_, _, written, _) = self.0.decode_to_utf8(bytes, &mut into[start..], is_last);
        into.truncate(start + written);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_bytes_show_the_encoding() {
        let cases: &[(&[u8], Option<&str>)] = &[
            (b"", None),
            (b"<disqus>", None),
            (b"\xef\xbb\xbf<?xml version=\"1.0\" encoding=\"utf-8\"?>", None),
            (b"\xff\xfe<\0", Some("utf-16le")),
            (b"\xfe\xff\0<", Some("utf-16be")),
            (b"<\0?\0x\0", Some("utf-16le")),
            (b"\0<\0?\0x", Some("utf-16be")),
            (b"\xff\xfe\0\0<\0\0\0", Some("utf-32")),
            (b"x<?xml version='1.0' encoding = 'Windows-1252' ?>", Some("windows-1252")),
            (b"<?xml version='1.0' encoding='iso-8859-2'?><t>\xb1", Some("iso-8859-2")),
            // Saved anew as UTF-8, with the old declaration.
            ("<?xml version='1.0' encoding='iso-8859-2'?><t>ą</t>".as_bytes(), None),
            (b"<?xml version='1.0' encoding='utf-16'?><t>", None),
            (b"<?xml version='1.0' encoding='no label!'?><t>", None),
            (b"<?xml version='1.0'?><t encoding='latin1'>", None),
        ];
        for (head, expected) in cases {
            assert_eq!(label(head).as_deref(), *expected, "{}", head.escape_ascii());
        }
    }
}
