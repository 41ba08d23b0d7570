//! An export's bytes: one file or several, opened, inflated and decoded where
//! needed, each with its head to look at.

use std::io::{self, BufReader, Cursor, Read, SeekFrom};

use crate::detect::{self, unknown_file};
use crate::encoding::{self, Decoded, DecoderFor};
use crate::error::{InputFault, io_code};
use crate::gzip::Gunzip;
use crate::joined::Joined;
use crate::zip::{self, ReadSeek};
use crate::{Detection, Format, ReadError, Reading, Reason, format_by_id};

/// Inflated bytes that detection looks at.
pub const HEAD_BYTES: usize = 64 * 1024;

/// Files read as one export.
const MAX_FILES: usize = 1000;

/// Names told of files that are no export.
const NAMES_SHOWN: usize = 5;

/// An opened export: plain text from here on, whatever the files were.
pub struct Source<'a> {
    /// By name, so that the order of choosing does not matter.
    files: Vec<OpenFile<'a>>,
}

/// One file of an export.
pub(crate) struct OpenFile<'a> {
    name: String,
    head: Vec<u8>,
    gzip: bool,
    /// What the text is written in, where that is not UTF-8.
    encoding: Option<String>,
    rest: Box<dyn Read + 'a>,
}

impl<'a> Source<'a> {
    /// Opens files that are one export. Gzip and zip are recognised by their
    /// first bytes, never by name; what is in a zip counts as a file each; text
    /// that is not UTF-8 goes through one of `decoders`.
    ///
    /// # Errors
    /// Where the first bytes of a file cannot be read or inflated, or are in an
    /// encoding that there is no decoder for; where there are too many files.
    /// The error's `file` counts the files as they were given.
    pub fn open_all(
        files: Vec<(String, Box<dyn ReadSeek + 'a>)>,
        decoders: DecoderFor,
    ) -> Result<Self, ReadError> {
        let mut opened: Vec<OpenFile<'a>> = Vec::new();
        for (number, (name, file)) in (0..).zip(files) {
            let of_one = open_one(name, file, decoders);
            opened.extend(of_one.map_err(|error| ReadError { file: number, ..error })?);
        }
        if opened.len() > MAX_FILES {
            return Err(at_start("files_too_many"));
        }
        opened.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(Self { files: opened })
    }

    /// Opens one file.
    ///
    /// # Errors
    /// As [`Self::open_all`].
    pub fn open(
        name: &str,
        file: impl ReadSeek + 'a,
        decoders: DecoderFor,
    ) -> Result<Self, ReadError> {
        Self::open_all(vec![(name.to_owned(), Box::new(file))], decoders)
    }

    /// Opens what can only be read forward; a zip archive cannot.
    ///
    /// # Errors
    /// As [`Self::open_all`].
    pub fn open_stream(
        name: &str,
        file: impl Read + 'a,
        decoders: DecoderFor,
    ) -> Result<Self, ReadError> {
        Ok(Self { files: vec![OpenFile::open(name.to_owned(), file, decoders)?] })
    }

    /// The files' names, in their order.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        self.files.iter().map(|file| file.name.clone()).collect()
    }

    /// What the export seems to be.
    #[must_use]
    pub fn detect(&self) -> Detection {
        let heads: Vec<&[u8]> = self.files.iter().map(|file| file.head.as_slice()).collect();
        let mut detection = detect::detect(&heads, self.files.iter().any(|file| file.gzip));
        if detection.format.is_none() && detection.candidates.is_empty() && self.files.len() > 1 {
            detection.reasons.push(self.holds());
        }
        let mut labels: Vec<_> =
            self.files.iter().filter_map(|file| file.encoding.as_ref()).collect();
        labels.dedup();
        let told = |label: &String| Reason { code: "encoding", detail: Some(label.clone()) };
        detection.reasons.extend(labels.into_iter().map(told));
        detection
    }

    /// What is in an export that is none.
    fn holds(&self) -> Reason {
        let mut names = String::new();
        for file in self.files.iter().take(NAMES_SHOWN) {
            if !names.is_empty() {
                names.push_str(", ");
            }
            names.push_str(&file.name);
        }
        if self.files.len() > NAMES_SHOWN {
            names.push_str(", …");
        }
        Reason { code: "holds", detail: Some(names) }
    }

    /// The one format of the list that recognises the export.
    #[must_use]
    pub fn detect_format(&self) -> Option<&'static dyn Format> {
        format_by_id(self.detect().format?)
    }

    /// Why the export cannot be read, where [`Self::detect_format`] finds no format.
    #[must_use]
    pub fn unknown(&self) -> ReadError {
        unknown_file(self.files.first().map_or(&[], |file| &file.head))
    }

    /// Name, head and text of one file: of that name, else the first.
    pub(crate) fn into_file(self, name: Option<&str>) -> (String, Vec<u8>, Box<dyn Read + 'a>) {
        let wanted = self.files.iter().position(|file| Some(file.name.as_str()) == name);
        match self.files.into_iter().nth(wanted.unwrap_or(0)) {
            Some(file) => (file.name.clone(), file.head.clone(), file.into_text()),
            None => (String::new(), Vec::new(), Box::new(io::empty())),
        }
    }

    /// Reads the files as one export. Where some of several are not of the
    /// format, they are left out and named.
    #[must_use]
    pub fn read(self, format: &'static dyn Format, reading: &Reading) -> Joined<'a> {
        Joined::new(self.files, format, reading.clone())
    }
}

impl<'a> OpenFile<'a> {
    fn open(name: String, file: impl Read + 'a, decoders: DecoderFor) -> Result<Self, ReadError> {
        let mut file = BufReader::new(file);
        let mut magic = Vec::with_capacity(2);
        let read = file.by_ref().take(2).read_to_end(&mut magic);
        read.map_err(|error| at_start(io_code(&error)))?;
        let gzip = magic == [0x1f, 0x8b];
        let whole = Cursor::new(magic).chain(file);
        let bytes: Box<dyn Read + 'a> =
            if gzip { Box::new(Gunzip::new(whole)) } else { Box::new(whole) };
        let (mut head, mut rest) = head(bytes).map_err(at_start)?;
        let mut encoding = encoding::encoding(&head);
        match encoding.as_ref().map(|of| (of.keeps_utf8, decoders(&of.label))) {
            Some((keeps_utf8, Some(decoder))) => {
                let bytes = Box::new(Cursor::new(head).chain(rest));
                let text = Decoded::new(bytes, decoder, keeps_utf8);
                (head, rest) = self::head(Box::new(text)).map_err(at_start)?;
            }
            Some(_) if encoding::is_utf8(&head) => encoding = None,
            Some(_) => return Err(at_start("encoding_unsupported")),
            None => {}
        }
        let encoding = encoding.map(|encoding| encoding.label);
        Ok(Self { name, head, gzip, encoding, rest })
    }

    pub(crate) fn head(&self) -> &[u8] {
        &self.head
    }

    /// The text from its start.
    pub(crate) fn into_text(self) -> Box<dyn Read + 'a> {
        Box::new(Cursor::new(self.head).chain(self.rest))
    }
}

/// Opens one of the files that were given: one, or what is in a zip.
fn open_one<'a>(
    name: String,
    mut file: Box<dyn ReadSeek + 'a>,
    decoders: DecoderFor,
) -> Result<Vec<OpenFile<'a>>, ReadError> {
    if !is_zip(&mut *file).map_err(|error| at_start(io_code(&error)))? {
        return Ok(vec![OpenFile::open(name, file, decoders)?]);
    }
    let packed = zip::files(file).map_err(|error| at_start(io_code(&error)))?;
    if packed.is_empty() {
        return Err(at_start("zip_empty"));
    }
    let of_archive = packed.into_iter();
    of_archive
        .map(|(inside, bytes)| OpenFile::open(format!("{name}/{inside}"), bytes, decoders))
        .collect()
}

fn at_start(code: &'static str) -> ReadError {
    ReadError::new(code, 0, 1)
}

/// Whether the bytes are a zip archive, be it an empty one.
fn is_zip(file: &mut dyn ReadSeek) -> io::Result<bool> {
    let mut magic = Vec::with_capacity(4);
    (&mut *file).take(4).read_to_end(&mut magic)?;
    file.seek(SeekFrom::Start(0))?;
    Ok(magic == *b"PK\x03\x04" || magic == *b"PK\x05\x06")
}

/// The first [`HEAD_BYTES`], and what follows them. A fault behind the first
/// byte comes again when the reader gets there: what stands before it still
/// tells what the file is.
///
/// # Errors
/// The code of a fault before the first byte.
fn head<'a>(mut bytes: Box<dyn Read + 'a>) -> Result<(Vec<u8>, Box<dyn Read + 'a>), &'static str> {
    let mut head = Vec::new();
    match bytes.by_ref().take(HEAD_BYTES as u64).read_to_end(&mut head) {
        Ok(_) => Ok((head, bytes)),
        Err(error) if head.is_empty() => Err(io_code(&error)),
        Err(error) => Ok((head, Box::new(Faulty(InputFault(io_code(&error)))))),
    }
}

/// The start of a text to look at, and the text from its start.
pub(crate) fn peek<'a>(text: Box<dyn Read + 'a>) -> (Vec<u8>, Box<dyn Read + 'a>) {
    match head(text) {
        Ok((start, rest)) => (start.clone(), Box::new(Cursor::new(start).chain(rest))),
        Err(code) => (Vec::new(), Box::new(Faulty(InputFault(code)))),
    }
}

/// Fails with the fault that ended the head.
struct Faulty(InputFault);

impl Read for Faulty {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err(self.0.into())
    }
}
