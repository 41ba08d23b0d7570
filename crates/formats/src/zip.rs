//! Zip archives: what is in them, each as a file of its own.
//!
//! Several can be open at once, and the same caps hold as for gzip.

mod directory;
#[cfg(test)]
mod tests;

use std::cell::RefCell;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::mem;
use std::rc::Rc;

use flate2::{Crc, bufread::DeflateDecoder};

use crate::error::InputFault;
use crate::gzip::Ratio;
use directory::Directory;

/// How an entry is packed (APPNOTE 4.4.5).
const STORED: u16 = 0;
const DEFLATED: u16 = 8;

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
    let mut directory = Directory::read(&mut **shared.borrow_mut())?;
    let entries = mem::take(&mut directory.entries);
    let mut files: Vec<Packed<'a>> = Vec::new();
    let mut places = Vec::new();
    for entry in entries {
        let is_folder = entry.name.ends_with(['/', '\\']);
        let is_left_behind =
            entry.name.split('/').any(|part| part.starts_with('.') || part == "__MACOSX");
        if is_folder || is_left_behind {
            continue;
        }
        if entry.is_encrypted {
            return Err(InputFault("zip_encrypted").into());
        }
        let (from, place) = directory.place(&entry, &mut **shared.borrow_mut())?;
        places.push(from..place.end);
        let part = Part { archive: Rc::clone(&shared), at: place.start, end: place.end };
        let packed = BufReader::with_capacity(BUFFER_BYTES, part);
        let bytes: Box<dyn Read + 'a> = match entry.method {
            STORED => Box::new(packed),
            DEFLATED => Box::new(DeflateDecoder::new(packed)),
            _ => return Err(InputFault("zip_unsupported").into()),
        };
        let ratio = Ratio { packed_bytes: entry.packed_bytes, inflated_bytes: 0 };
        let checked = Checked {
            bytes,
            ratio,
            size_bytes: entry.size_bytes,
            checksum: entry.checksum,
            crc: Crc::new(),
        };
        files.push((entry.name, Box::new(checked)));
    }
    // The same bytes as many files: how small archives are made to inflate without end.
    places.sort_by_key(|place| place.start);
    if places.windows(2).any(|two| two[0].end > two[1].start) {
        return Err(InputFault("zip_damaged").into());
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
