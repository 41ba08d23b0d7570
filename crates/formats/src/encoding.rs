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

/// What a file's first bytes say of its encoding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Encoding {
    /// Of the Encoding Standard.
    pub(crate) label: String,
    /// Text that is UTF-8 all the same is taken as such: programs write it under
    /// the declaration of the old encoding, between texts that keep to it
    /// (WordPress does, for blogs in ISO 8859-1).
    pub(crate) keeps_utf8: bool,
}

/// The encoding that a file's first bytes show; none for UTF-8.
///
/// A byte order mark comes first, then zeros between letters, then the XML
/// declaration (XML 1.0, appendix F). Declarations are left over where a file
/// was saved anew, so one is not believed against text that is UTF-8. Text that
/// declares nothing and has not one character of UTF-8 beside ASCII is taken
/// for what Western editors make, windows-1252.
pub(crate) fn encoding(head: &[u8]) -> Option<Encoding> {
    let by_bytes = match head {
        [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] => Some("utf-32"),
        [0xff, 0xfe, ..] | [1..=0x7f, 0, 1..=0x7f, 0, ..] => Some("utf-16le"),
        [0xfe, 0xff, ..] | [0, 1..=0x7f, 0, 1..=0x7f, ..] => Some("utf-16be"),
        _ => None,
    };
    if let Some(label) = by_bytes {
        return Some(Encoding { label: label.to_owned(), keeps_utf8: false });
    }
    match declared(head) {
        Declared::Label(label) if is_single_byte(&label) => {
            Some(Encoding { label, keeps_utf8: true })
        }
        Declared::Label(label) if head.is_ascii() || !is_utf8(head) => {
            Some(Encoding { label, keeps_utf8: false })
        }
        Declared::Nothing if is_western(head) => {
            Some(Encoding { label: "windows-1252".to_owned(), keeps_utf8: true })
        }
        Declared::Label(_) | Declared::Utf8 | Declared::Nothing => None,
    }
}

/// Encodings in which one byte is one character, so that a sequence of UTF-8
/// would be a run of odd signs.
fn is_single_byte(label: &str) -> bool {
    ["iso-8859-", "iso8859-", "windows-125", "cp125", "latin", "koi8-", "macintosh"]
        .iter()
        .any(|start| label.starts_with(start))
}

/// Neither ASCII nor UTF-8 nor something other than text, and every odd byte a
/// letter or a mark of windows-1252.
fn is_western(head: &[u8]) -> bool {
    if is_utf8(head) {
        return false;
    }
    // At the end, the first bytes of a character of UTF-8 may be all that is left of it.
    for chunk in without_cut(head).utf8_chunks() {
        if !chunk.valid().is_ascii() || chunk.valid().contains('\0') {
            return false;
        }
        let is_text = |byte: &u8| matches!(byte, 0x80 | 0x82..=0x8c | 0x91..=0x9c | 0xa0..=0xff);
        if !chunk.invalid().iter().all(is_text) {
            return false;
        }
    }
    !head.starts_with(b"PK")
}

/// The bytes without a character of UTF-8 that is cut at their end.
fn without_cut(bytes: &[u8]) -> &[u8] {
    let starts = bytes.iter().rposition(|byte| byte & 0xc0 != 0x80).unwrap_or(0);
    let is_cut = |error: std::str::Utf8Error| error.error_len().is_none();
    if std::str::from_utf8(&bytes[starts..]).is_err_and(is_cut) { &bytes[..starts] } else { bytes }
}

/// Whether bytes are UTF-8, but for a character that is cut at their end.
pub(crate) fn is_utf8(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).err().is_none_or(|error| error.error_len().is_none())
}

/// What the XML declaration says.
enum Declared {
    Nothing,
    Utf8,
    Label(String),
}

fn declared(head: &[u8]) -> Declared {
    match declared_label(head) {
        Some(label) if label == "utf-8" || label == "utf8" => Declared::Utf8,
        Some(label) if is_wide(&label) => Declared::Nothing,
        Some(label) => Declared::Label(label),
        None if head.starts_with(b"\xef\xbb\xbf") => Declared::Utf8,
        None => Declared::Nothing,
    }
}

fn is_wide(label: &str) -> bool {
    ["utf", "ucs", "iso-10646"].iter().any(|wide| label.starts_with(wide))
}

/// The label in the XML declaration. Where the declaration can be read byte by
/// byte, its text is neither UTF-16 nor UTF-32, whatever it says.
fn declared_label(head: &[u8]) -> Option<String> {
    let start = find(&head[..head.len().min(DECLARATION_BYTES)], b"<?xml")?;
    let rest = &head[start..head.len().min(start + DECLARATION_BYTES)];
    let declaration = &rest[..find(rest, b"?>")?];
    let after = find(declaration, b"encoding")? + "encoding".len();
    let value = declaration[after..].trim_ascii_start().strip_prefix(b"=")?.trim_ascii_start();
    let (quote, value) = value.split_first().filter(|(quote, _)| matches!(quote, b'"' | b'\''))?;
    let label = str::from_utf8(&value[..memchr::memchr(*quote, value)?]).ok()?;
    let label = label.trim().to_ascii_lowercase();
    let is_label = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | ':');
    (!label.is_empty() && label.chars().all(is_label)).then_some(label)
}

/// Gives UTF-8, and a byte that is none for each character that could not be
/// decoded: whoever mends and counts those finds them there.
pub(crate) struct Decoded<'a> {
    bytes: Box<dyn Read + 'a>,
    decoder: Box<dyn Decode>,
    keeps_utf8: bool,
    /// Read and not decoded: a character of UTF-8 that is not whole yet.
    piece: Vec<u8>,
    text: Vec<u8>,
    given: usize,
    ended: bool,
}

impl<'a> Decoded<'a> {
    pub(crate) fn new(
        bytes: Box<dyn Read + 'a>,
        decoder: Box<dyn Decode>,
        keeps_utf8: bool,
    ) -> Self {
        let (piece, text) = (Vec::new(), Vec::new());
        Self { bytes, decoder, keeps_utf8, piece, text, given: 0, ended: false }
    }

    fn refill(&mut self) -> io::Result<()> {
        let start = self.piece.len();
        self.piece.resize(start + PIECE_BYTES, 0);
        let read = self.bytes.read(&mut self.piece[start..]);
        self.piece.truncate(start + *read.as_ref().unwrap_or(&0));
        self.ended = read? == 0;
        self.given = 0;
        self.text.clear();
        if self.keeps_utf8 {
            self.decode_around_utf8();
        } else {
            self.decoder.decode(&self.piece, self.ended, &mut self.text);
            self.piece.clear();
            mark_undecoded(&mut self.text);
        }
        Ok(())
    }

    fn decode_around_utf8(&mut self) {
        let mut decoded = 0;
        for chunk in self.piece.utf8_chunks() {
            self.text.extend_from_slice(chunk.valid().as_bytes());
            decoded += chunk.valid().len();
            let invalid = chunk.invalid();
            let is_last = decoded + invalid.len() == self.piece.len();
            let is_cut = std::str::from_utf8(invalid).is_err_and(|e| e.error_len().is_none());
            if is_last && is_cut && !self.ended {
                break;
            }
            decoded += invalid.len();
            let start = self.text.len();
            self.decoder.decode(invalid, false, &mut self.text);
            mark_undecoded_from(&mut self.text, start);
        }
        self.piece.drain(..decoded);
    }
}

impl Read for Decoded<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.given == self.text.len() && !self.ended {
            self.refill()?;
        }
        let taken = into.len().min(self.text.len() - self.given);
        into[..taken].copy_from_slice(&self.text[self.given..self.given + taken]);
        self.given += taken;
        Ok(taken)
    }
}

fn mark_undecoded(text: &mut Vec<u8>) {
    mark_undecoded_from(text, 0);
}

fn mark_undecoded_from(text: &mut Vec<u8>, mut from: usize) {
    while let Some(found) = find(&text[from..], REPLACEMENT) {
        let at = from + found;
        text.splice(at..at + REPLACEMENT.len(), [0xff]);
        from = at + 1;
    }
}

/// The module has no search for text otherwise.
fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    text.windows(wanted.len()).position(|window| window == wanted)
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
            ("<?xml version='1.0' encoding='shift_jis'?><t>ą</t>".as_bytes(), None),
            (b"{\"name\":\"Ren\xe9\"}", Some("windows-1252")),
            ("{\"name\":\"Ren\u{e9}\",\"odd\":\"".as_bytes(), None),
            (b"<?xml version='1.0' encoding='utf-8'?><t>Ren\xe9</t>", None),
            (b"\x89PNG\r\n\x1a\n\0", None),
            (b"<?xml version='1.0' encoding='utf-16'?><t>", None),
            (b"<?xml version='1.0' encoding='no label!'?><t>", None),
            (b"<?xml version='1.0'?><t encoding='latin1'>", None),
        ];
        for (head, expected) in cases {
            let found = encoding(head).map(|encoding| encoding.label);
            assert_eq!(found.as_deref(), *expected, "{}", head.escape_ascii());
        }
    }
}
