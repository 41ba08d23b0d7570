//! What stands in a zip archive, by the directory at its end.
//!
//! After PKWARE's APPNOTE 6.3.x, sections 4.3 (the records) and 4.4 (their
//! fields). Every number in an archive is a claim: none is taken before it is
//! held against the length of the file.

use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;

use crate::error::InputFault;

/// Files of one archive; splitters of exports make dozens.
const MAX_FILES: u64 = 1000;

/// Bytes of a directory: [`MAX_FILES`] with long names take a tenth.
const MAX_BYTES: u64 = 16 * 1024 * 1024;

/// The end record (4.3.16) without its comment, which has at most
/// [`u16::MAX`] bytes.
const END_BYTES: usize = 22;

/// The zip64 end record (4.3.14) without what may follow.
const END64_BYTES: usize = 56;

/// The locator of the zip64 end record (4.3.15), right before the end record.
const LOCATOR_BYTES: usize = 20;

/// An entry of the directory (4.3.12) without name, extra fields and comment.
const ENTRY_BYTES: usize = 46;

/// The header before a file's bytes (4.3.7) without name and extra fields.
const HEADER_BYTES: usize = 30;

/// The extra field for numbers that take 64 bits (4.5.3).
const ZIP64: u16 = 1;

/// What the directory says about a file or folder.
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) is_encrypted: bool,
    pub(super) method: u16,
    pub(super) checksum: u32,
    pub(super) packed_bytes: u64,
    pub(super) size_bytes: u64,
    header_at: u64,
}

pub(super) struct Directory {
    pub(super) entries: Vec<Entry>,
    at: u64,
}

impl Directory {
    /// # Errors
    /// Where there is none, it does not fit into the archive, or it is longer
    /// than any export's.
    pub(super) fn read(archive: &mut (impl Read + Seek + ?Sized)) -> io::Result<Self> {
        let End { count, bytes, at } = End::find(archive)?;
        if count > bytes / ENTRY_BYTES as u64 {
            return Err(damaged());
        }
        if count > MAX_FILES || bytes > MAX_BYTES {
            return Err(InputFault("zip_too_many").into());
        }
        let mut directory = vec![0; usize::try_from(bytes).map_err(|_| damaged())?];
        read_at(archive, at, &mut directory)?;
        let mut rest = Fields(&directory);
        let entries = (0..count)
            .map(|_| Entry::parse(&mut rest))
            .collect::<Option<Vec<_>>>()
            .ok_or_else(damaged)?;
        // A count that ran over.
        if rest.0.starts_with(b"PK\x01\x02") {
            return Err(damaged());
        }
        Ok(Self { entries, at })
    }

    /// Where an entry starts in the archive, and where its bytes stand.
    ///
    /// # Errors
    /// Where the archive has no such place.
    pub(super) fn place(
        &self,
        entry: &Entry,
        archive: &mut (impl Read + Seek + ?Sized),
    ) -> io::Result<(u64, Range<u64>)> {
        let mut header = [0; HEADER_BYTES];
        let from = end_of(entry.header_at, HEADER_BYTES as u64, self.at).ok_or_else(damaged)?;
        read_at(archive, entry.header_at, &mut header)?;
        let more_bytes = || {
            let mut fields = Fields(&header);
            fields.signature(*b"PK\x03\x04")?;
            fields.take(22)?;
            Some(u64::from(fields.u16()?) + u64::from(fields.u16()?))
        };
        let bytes = more_bytes().and_then(|more_bytes| {
            let start = end_of(from, more_bytes, self.at)?;
            Some(start..end_of(start, entry.packed_bytes, self.at)?)
        });
        Ok((entry.header_at, bytes.ok_or_else(damaged)?))
    }
}

impl Entry {
    fn parse(rest: &mut Fields<'_>) -> Option<Self> {
        rest.signature(*b"PK\x01\x02")?;
        rest.take(4)?; // The versions.
        let flags = rest.u16()?;
        let method = rest.u16()?;
        rest.take(4)?; // When the file was changed.
        let checksum = rest.u32()?;
        let packed_bytes = rest.u32()?;
        let size_bytes = rest.u32()?;
        let name_bytes = rest.u16()?;
        let extra_bytes = rest.u16()?;
        let comment_bytes = rest.u16()?;
        rest.take(8)?; // The disk and the attributes.
        let header_at = rest.u32()?;
        let name = rest.take(name_bytes.into())?;
        let extra = Fields(rest.take(extra_bytes.into())?);
        rest.take(comment_bytes.into())?;

        // Those that are all ones stand in the extra field, in this order.
        let mut wide = extra.extra(ZIP64);
        let mut whole = |number: u32| match &mut wide {
            Some(wide) if number == u32::MAX => wide.u64(),
            _ => Some(number.into()),
        };
        let size_bytes = whole(size_bytes)?;
        let packed_bytes = whole(packed_bytes)?;
        let header_at = whole(header_at)?;
        Some(Self {
            name: String::from_utf8_lossy(name).into_owned(),
            is_encrypted: flags & 1 == 1,
            method,
            checksum,
            packed_bytes,
            size_bytes,
            header_at,
        })
    }
}

/// Where the directory is.
struct End {
    count: u64,
    bytes: u64,
    at: u64,
}

impl End {
    fn find(archive: &mut (impl Read + Seek + ?Sized)) -> io::Result<Self> {
        let file_bytes = archive.seek(SeekFrom::End(0))?;
        let most = LOCATOR_BYTES + END_BYTES + usize::from(u16::MAX);
        let tail_bytes = usize::try_from(file_bytes).unwrap_or(usize::MAX).min(most);
        let mut tail = vec![0; tail_bytes];
        let tail_at = file_bytes - tail_bytes as u64;
        read_at(archive, tail_at, &mut tail)?;
        let mut found = None;
        // Not `memmem`, which is larger than all of this.
        let starts = (0..tail.len()).rev().filter(|at| tail[*at..].starts_with(b"PK\x05\x06"));
        for start in starts {
            // Some systems add bytes to the file, and a comment is any bytes.
            match Self::parse(&tail[start..]) {
                Some((end, 0)) => {
                    found = Some((start, end));
                    break;
                }
                Some((end, _)) => found = found.or(Some((start, end))),
                None => {}
            }
        }
        let (start, mut end) = found.ok_or_else(damaged)?;
        let mut before = tail_at + start as u64;
        let is_wide =
            end.count == u64::from(u16::MAX) || [end.bytes, end.at].contains(&u64::from(u32::MAX));
        let locator = start.checked_sub(LOCATOR_BYTES).map(|at| Fields(&tail[at..start]));
        let locator = locator.filter(|locator| is_wide && locator.0.starts_with(b"PK\x06\x07"));
        if let Some(mut locator) = locator {
            locator.take(8);
            let at = locator.u64().ok_or_else(damaged)?;
            end_of(at, END64_BYTES as u64, before).ok_or_else(damaged)?;
            let mut record = [0; END64_BYTES];
            read_at(archive, at, &mut record)?;
            end = Self::parse_wide(&record).ok_or_else(damaged)?;
            before = at;
        }
        end_of(end.at, end.bytes, before).ok_or_else(damaged)?;
        Ok(end)
    }

    /// The record, and how many bytes follow its comment.
    fn parse(tail: &[u8]) -> Option<(Self, usize)> {
        let mut fields = Fields(tail);
        fields.take(10)?; // The signature, the disks, the count on this disk.
        let count = fields.u16()?.into();
        let bytes = fields.u32()?.into();
        let at = fields.u32()?.into();
        let comment_bytes = fields.u16()?;
        fields.take(comment_bytes.into())?;
        Some((Self { count, bytes, at }, fields.0.len()))
    }

    fn parse_wide(record: &[u8]) -> Option<Self> {
        let mut fields = Fields(record);
        fields.signature(*b"PK\x06\x06")?;
        fields.take(28)?; // Its size, versions, the disks, the count on this disk.
        Some(Self { count: fields.u64()?, bytes: fields.u64()?, at: fields.u64()? })
    }
}

/// Numbers and names, one after the other.
struct Fields<'a>(&'a [u8]);

impl<'a> Fields<'a> {
    fn take(&mut self, bytes: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(bytes)?;
        self.0 = rest;
        Some(taken)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }

    fn u16(&mut self) -> Option<u16> {
        self.array().map(u16::from_le_bytes)
    }

    fn u32(&mut self) -> Option<u32> {
        self.array().map(u32::from_le_bytes)
    }

    fn u64(&mut self) -> Option<u64> {
        self.array().map(u64::from_le_bytes)
    }

    fn signature(&mut self, wanted: [u8; 4]) -> Option<()> {
        (self.array() == Some(wanted)).then_some(())
    }

    /// The extra field of a kind.
    fn extra(mut self, wanted: u16) -> Option<Self> {
        loop {
            let kind = self.u16()?;
            let bytes = self.u16()?;
            let field = self.take(bytes.into())?;
            if kind == wanted {
                return Some(Self(field));
            }
        }
    }
}

/// The end of so many bytes from a place on, if it is not behind the limit.
fn end_of(at: u64, bytes: u64, limit: u64) -> Option<u64> {
    at.checked_add(bytes).filter(|end| *end <= limit)
}

fn read_at(archive: &mut (impl Read + Seek + ?Sized), at: u64, into: &mut [u8]) -> io::Result<()> {
    archive.seek(SeekFrom::Start(at))?;
    archive.read_exact(into).map_err(|error| match error.kind() {
        io::ErrorKind::UnexpectedEof => damaged(),
        _ => error,
    })
}

fn damaged() -> io::Error {
    InputFault("zip_damaged").into()
}
