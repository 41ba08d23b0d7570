//! Inflating, up to a limit.

use std::io::{self, BufReader, Read};

use flate2::bufread::MultiGzDecoder;

use crate::error::InputFault;

/// Bytes asked of the file at once.
const BUFFER_BYTES: usize = 256 * 1024;

/// A packed file may inflate to this many times its size: real exports reach 7,
/// text of nothing but repeats 40.
const MAX_RATIO: u64 = 200;

/// Inflated bytes below which the ratio is not looked at.
const RATIO_FREE_BYTES: u64 = 64 * 1024 * 1024;

/// What an inflated size is held against.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Ratio {
    pub(crate) packed_bytes: u64,
    pub(crate) inflated_bytes: u64,
}

impl Ratio {
    /// # Errors
    /// Where no export would inflate to so much.
    pub(crate) fn check(self) -> io::Result<()> {
        let limit = self.packed_bytes.saturating_mul(MAX_RATIO);
        if self.inflated_bytes > RATIO_FREE_BYTES.max(limit) {
            return Err(InputFault("inflates_too_large").into());
        }
        Ok(())
    }
}

/// Inflates gzip of one member or many, up to [`MAX_RATIO`].
pub(crate) struct Gunzip<R> {
    decoder: MultiGzDecoder<BufReader<Counted<R>>>,
    inflated_bytes: u64,
}

impl<R: Read> Gunzip<R> {
    pub(crate) fn new(file: R) -> Self {
        let counted = BufReader::with_capacity(BUFFER_BYTES, Counted { file, read_bytes: 0 });
        Self { decoder: MultiGzDecoder::new(counted), inflated_bytes: 0 }
    }
}

impl<R: Read> Read for Gunzip<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.decoder.read(into).map_err(|error| match error.kind() {
            io::ErrorKind::UnexpectedEof => InputFault("gzip_cut").into(),
            io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => {
                InputFault("gzip_damaged").into()
            }
            _ => error,
        })?;
        self.inflated_bytes += read as u64;
        let packed_bytes = self.decoder.get_ref().get_ref().read_bytes;
        Ratio { packed_bytes, inflated_bytes: self.inflated_bytes }.check()?;
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
