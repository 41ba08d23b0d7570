//! A compressed body, inflated as it comes.

use std::io::Write;

use flate2::write::MultiGzDecoder;

use super::arrival::{MOST_RATIO, RATIO_FLOOR_BYTES};
use super::codes::Code;
use super::problem::{Answer, Refusal};

/// The ratio is looked at again for each so many plain bytes: what went well
/// before is no credit for a bomb.
const WINDOW_BYTES: usize = 1024 * 1024;

/// Inflates pieces of gzip data, of one member or several.
#[derive(Debug)]
pub(super) struct Gunzip {
    decoder: MultiGzDecoder<Vec<u8>>,
    /// Gzip bytes taken in this window.
    taken: usize,
    /// Plain bytes given in this window.
    given: usize,
}

impl Gunzip {
    pub(super) fn new() -> Self {
        Self { decoder: MultiGzDecoder::new(Vec::new()), taken: 0, given: 0 }
    }

    /// The plain bytes that come out with this piece; some may come with the next.
    pub(super) fn push(&mut self, gzip: &[u8]) -> Answer<Vec<u8>> {
        self.decoder.write_all(gzip).map_err(|_| invalid())?;
        let plain = std::mem::take(self.decoder.get_mut());
        self.taken += gzip.len();
        self.given += plain.len();
        if self.given > self.taken.saturating_mul(MOST_RATIO).max(RATIO_FLOOR_BYTES) {
            return Err(Refusal::new(Code::InflatesTooMuch));
        }
        if self.given >= WINDOW_BYTES {
            (self.taken, self.given) = (0, 0);
        }
        Ok(plain)
    }

    /// The plain bytes that are left, where the gzip data is whole.
    pub(super) fn finish(self) -> Answer<Vec<u8>> {
        self.decoder.finish().map_err(|_| invalid())
    }
}

fn invalid() -> Refusal {
    Refusal::new(Code::GzipInvalid)
}
