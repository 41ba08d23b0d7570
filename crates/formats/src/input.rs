//! A file's bytes: opened, inflated where needed, with its head to look at.

use std::io::{self, BufReader, Chain, Cursor, Read};

use flate2::bufread::MultiGzDecoder;

use crate::detect::unknown_file;
use crate::error::{InputFault, io_code};
use crate::{Detection, Format, ReadError, detect, format_by_id};

/// Inflated bytes that detection looks at.
pub const HEAD_BYTES: usize = 64 * 1024;

/// Bytes asked of the file at once.
const BUFFER_BYTES: usize = 256 * 1024;

/// A gzip file may inflate to this many times its size: real exports reach 7,
/// text of nothing but repeats 40.
const MAX_RATIO: u64 = 200;

/// Inflated bytes below which the ratio is not looked at.
const RATIO_FREE_BYTES: u64 = 64 * 1024 * 1024;

/// An opened file: plain text from here on, whatever the file was.
pub struct Source<'a> {
    name: String,
    head: Vec<u8>,
    gzip: bool,
    rest: Box<dyn Read + 'a>,
}

impl<'a> Source<'a> {
    /// Opens a file. Gzip is recognised by its first bytes, never by its name.
    ///
    /// # Errors
    /// Where the first bytes cannot be read or inflated.
    pub fn open(name: &str, file: impl Read + 'a) -> Result<Self, ReadError> {
        let at_start = |error: &io::Error| ReadError::new(io_code(error), 0, 1);
        let mut file = BufReader::with_capacity(BUFFER_BYTES, file);
        let mut magic = Vec::with_capacity(2);
        file.by_ref().take(2).read_to_end(&mut magic).map_err(|e| at_start(&e))?;
        let gzip = magic == [0x1f, 0x8b];
        let whole = Cursor::new(magic).chain(file);
        let mut rest: Box<dyn Read + 'a> =
            if gzip { Box::new(Inflate::new(whole)) } else { Box::new(whole) };
        let mut head = Vec::new();
        let read = rest.by_ref().take(HEAD_BYTES as u64).read_to_end(&mut head);
        if let Err(error) = read {
            // What was inflated before the fault still tells what the file is;
            // the fault comes again when the reader gets there.
            let code = io_code(&error);
            if head.is_empty() {
                return Err(ReadError::new(code, 0, 1));
            }
            rest = Box::new(Faulty(InputFault(code)));
        }
        Ok(Self { name: name.to_owned(), head, gzip, rest })
    }

    /// The file's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The first [`HEAD_BYTES`] of the text, or all of it.
    #[must_use]
    pub fn head(&self) -> &[u8] {
        &self.head
    }

    /// The file is gzip.
    #[must_use]
    pub fn is_gzip(&self) -> bool {
        self.gzip
    }

    /// What the file seems to be.
    #[must_use]
    pub fn detect(&self) -> Detection {
        detect(&self.head, self.gzip)
    }

    /// The format of the list that recognises the file.
    #[must_use]
    pub fn detect_format(&self) -> Option<&'static dyn Format> {
        format_by_id(self.detect().format?)
    }

    /// Why the file cannot be read, where [`Self::detect_format`] finds no format.
    #[must_use]
    pub fn unknown(&self) -> ReadError {
        unknown_file(&self.head)
    }

    /// The text from its start.
    pub(crate) fn into_text(self) -> Text<'a> {
        Cursor::new(self.head).chain(self.rest)
    }
}

/// A file's text from its start.
pub(crate) type Text<'a> = Chain<Cursor<Vec<u8>>, Box<dyn Read + 'a>>;

/// Fails with the fault that ended the head.
struct Faulty(InputFault);

impl Read for Faulty {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err(self.0.into())
    }
}

/// Inflates gzip of one member or many, up to [`MAX_RATIO`].
struct Inflate<R> {
    decoder: MultiGzDecoder<BufReader<Counted<R>>>,
    inflated_bytes: u64,
}

impl<R: Read> Inflate<R> {
    fn new(file: R) -> Self {
        let counted = BufReader::with_capacity(BUFFER_BYTES, Counted { file, read_bytes: 0 });
        Self { decoder: MultiGzDecoder::new(counted), inflated_bytes: 0 }
    }
}

impl<R: Read> Read for Inflate<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.decoder.read(into).map_err(|error| match error.kind() {
            io::ErrorKind::UnexpectedEof => InputFault("gzip_cut").into(),
            io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => {
                InputFault("gzip_damaged").into()
            }
            _ => error,
        })?;
        self.inflated_bytes += read as u64;
        let limit = self.decoder.get_ref().get_ref().read_bytes.saturating_mul(MAX_RATIO);
        if self.inflated_bytes > RATIO_FREE_BYTES.max(limit) {
            return Err(InputFault("inflates_too_large").into());
        }
        Ok(read)
    }
}

/// Counts the bytes taken from the file.
struct Counted<R> {
    file: R,
    read_bytes: u64,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(into)?;
        self.read_bytes += read as u64;
        Ok(read)
    }
}
