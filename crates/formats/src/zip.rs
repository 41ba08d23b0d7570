//! Zip archives: what is in them, each as a file of its own.
//!
//! The `zip` crate reads the directory; the entries are inflated here, so that
//! several can be open at once and the same caps hold as for gzip.

use std::cell::RefCell;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::rc::Rc;

use flate2::{Crc, bufread::DeflateDecoder};
use zip::{CompressionMethod, ZipArchive};

use crate::error::InputFault;
use crate::gzip::Ratio;

/// Files of one archive; splitters of exports make dozens.
const MAX_FILES: usize = 1000;

/// Bytes asked of the archive at once.
const BUFFER_BYTES: usize = 64 * 1024;

/// A file that can be read anywhere.
pub trait ReadSeek: Read + Seek {}

impl<T: Read + Seek> ReadSeek for T {}

/// A file of an archive: its name there and its bytes.
pub(crate) type Packed<'a> = (String, Box<dyn Read + 'a>);

/// The files of an archive, by name. Folders, and what systems leave behind in
/// archives (`__MACOSX`, dot files), are none.
///
/// # Errors
/// Where the archive is damaged, encrypted or packed in a way that no export is.
pub(crate) fn files<'a>(archive: Box<dyn ReadSeek + 'a>) -> io::Result<Vec<Packed<'a>>> {
    let shared = Rc::new(RefCell::new(archive));
    let whole = BufReader::new(Part { archive: Rc::clone(&shared), at: 0, end: u64::MAX });
    let damaged = |_| io::Error::from(InputFault("zip_damaged"));
    let mut directory = ZipArchive::new(whole).map_err(damaged)?;
    if directory.len() > MAX_FILES {
        return Err(InputFault("zip_too_many").into());
    }
    let mut files: Vec<Packed<'a>> = Vec::new();
    for index in 0..directory.len() {
        let entry = directory.by_index_raw(index).map_err(damaged)?;
        let name = entry.name().map_err(damaged)?.into_owned();
        let is_left_behind =
            name.split('/').any(|part| part.starts_with('.') || part == "__MACOSX");
        if entry.is_dir() || is_left_behind {
            continue;
        }
        if entry.encrypted() {
            return Err(InputFault("zip_encrypted").into());
        }
        let start = entry.data_start().ok_or_else(|| io::Error::from(InputFault("zip_damaged")))?;
        let part = Part {
            archive: Rc::clone(&shared),
            at: start,
            end: start.saturating_add(entry.compressed_size()),
        };
        let packed = BufReader::with_capacity(BUFFER_BYTES, part);
        let bytes: Box<dyn Read + 'a> = match entry.compression() {
            CompressionMethod::Stored => Box::new(packed),
            CompressionMethod::Deflated => Box::new(DeflateDecoder::new(packed)),
            _ => return Err(InputFault("zip_unsupported").into()),
        };
        let ratio = Ratio { packed_bytes: entry.compressed_size(), inflated_bytes: 0 };
        let checked = Checked {
            bytes,
            ratio,
            size_bytes: entry.size(),
            checksum: entry.crc32(),
            crc: Crc::new(),
        };
        files.push((name, Box::new(checked)));
    }
    files.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(files)
}

/// A part of the archive, which others read as well.
struct Part<'a> {
    archive: Rc<RefCell<Box<dyn ReadSeek + 'a>>>,
    at: u64,
    end: u64,
}

impl Read for Part<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let left = self.end.saturating_sub(self.at);
        let most = usize::try_from(left).unwrap_or(usize::MAX).min(into.len());
        let mut archive = self.archive.borrow_mut();
        archive.seek(SeekFrom::Start(self.at))?;
        let read = archive.read(&mut into[..most])?;
        self.at += read as u64;
        Ok(read)
    }
}

impl Seek for Part<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.at = match to {
            SeekFrom::Start(at) => at,
            SeekFrom::Current(by) => self.at.saturating_add_signed(by),
            SeekFrom::End(_) => self.archive.borrow_mut().seek(to)?,
        };
        Ok(self.at)
    }
}

/// Holds what comes out against what the directory says.
struct Checked<'a> {
    bytes: Box<dyn Read + 'a>,
    ratio: Ratio,
    size_bytes: u64,
    checksum: u32,
    crc: Crc,
}

impl Read for Checked<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if into.is_empty() {
            return Ok(0);
        }
        let read = self.bytes.read(into).map_err(|error| match error.kind() {
            io::ErrorKind::UnexpectedEof
            | io::ErrorKind::InvalidData
            | io::ErrorKind::InvalidInput => InputFault("zip_damaged").into(),
            _ => error,
        })?;
        self.crc.update(&into[..read]);
        self.ratio.inflated_bytes += read as u64;
        self.ratio.check()?;
        let is_whole = || self.crc.sum() == self.checksum;
        if read == 0 && (self.ratio.inflated_bytes != self.size_bytes || !is_whole()) {
            return Err(InputFault("zip_damaged").into());
        }
        Ok(read)
    }
}
