//! A browser's file as a blocking reader.

use std::cell::Cell;
use std::io::{self, Read, Seek, SeekFrom};
use std::rc::Rc;

use js_sys::Uint8Array;
use web_sys::{Blob, FileReaderSync};

/// Bytes asked of the browser at once: at 4 MiB its own costs do not show.
const SLICE_BYTES: f64 = 4.0 * 1024.0 * 1024.0;

/// What is asked for first, and after a jump; then twice as much each time. Of
/// many files that are open at once, only one is read on.
const FIRST_SLICE_BYTES: f64 = 128.0 * 1024.0;

/// Reads a file in slices. Works in workers alone, where
/// `FileReaderSync` exists.
pub(crate) struct BlobReader {
    blob: Blob,
    reader: FileReaderSync,
    /// Offset of the first byte that was not asked for yet.
    next: f64,
    /// Bytes to ask for then.
    next_bytes: f64,
    slice: Option<Uint8Array>,
    /// Offset of the slice's first byte.
    slice_start: f64,
    /// Bytes of the slice that were given.
    given: u32,
    read_bytes: ReadBytes,
}

/// Bytes of the files that were read, shared with whoever shows progress.
#[derive(Debug, Default, Clone)]
pub(crate) struct ReadBytes(Rc<Cell<u64>>);

impl ReadBytes {
    pub(crate) fn get(&self) -> u64 {
        self.0.get()
    }

    pub(crate) fn reset(&self) {
        self.0.set(0);
    }
}

impl BlobReader {
    /// # Errors
    /// Where there is no `FileReaderSync`: outside of a worker.
    pub(crate) fn new(blob: Blob, read_bytes: ReadBytes) -> io::Result<Self> {
        let reader = FileReaderSync::new().map_err(|_| io::Error::other("not in a worker"))?;
        Ok(Self {
            blob,
            reader,
            next: 0.0,
            next_bytes: FIRST_SLICE_BYTES,
            slice: None,
            slice_start: 0.0,
            given: 0,
            read_bytes,
        })
    }

    /// The next slice, empty at the end.
    fn fetch(&mut self) -> io::Result<Uint8Array> {
        let end = (self.next + self.next_bytes).min(self.blob.size());
        self.next_bytes = (self.next_bytes * 2.0).min(SLICE_BYTES);
        let read = self
            .blob
            .slice_with_f64_and_f64(self.next, end)
            .and_then(|slice| self.reader.read_as_array_buffer(&slice));
        // The file was changed, moved or is on a disk that went away.
        let buffer = read.map_err(|_| io::Error::other("the browser cannot read the file"))?;
        self.slice_start = self.next;
        self.next = end;
        Ok(Uint8Array::new(&buffer))
    }
}

impl Read for BlobReader {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.slice.as_ref().is_none_or(|slice| slice.length() == self.given) {
            self.slice = Some(self.fetch()?);
            self.given = 0;
        }
        let Some(slice) = &self.slice else { return Ok(0) };
        let wanted = u32::try_from(into.len()).unwrap_or(u32::MAX);
        let end = self.given + wanted.min(slice.length() - self.given);
        let part = slice.subarray(self.given, end);
        let length = part.length() as usize;
        part.copy_to(&mut into[..length]);
        self.given = end;
        self.read_bytes.0.set(self.read_bytes.0.get() + length as u64);
        Ok(length)
    }
}

impl Seek for BlobReader {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "offsets in a file are whole, positive and below 2^53"
    )]
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let here =
            self.slice.as_ref().map_or(self.next, |_| self.slice_start + f64::from(self.given));
        let at = match to {
            SeekFrom::Start(at) => at as f64,
            SeekFrom::Current(by) => here + by as f64,
            SeekFrom::End(by) => self.blob.size() + by as f64,
        };
        if at < 0.0 {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        let slice_bytes = self.slice.as_ref().map_or(0, Uint8Array::length);
        let inside = at - self.slice_start;
        if inside >= 0.0 && inside < f64::from(slice_bytes) {
            self.given = inside as u32;
        } else {
            self.slice = None;
            self.next_bytes = FIRST_SLICE_BYTES;
            self.next = at.min(self.blob.size());
        }
        Ok(at as u64)
    }
}
