//! The file's lines as chunks.

use rehome_formats::{Convert, ReadError};
use rehome_record::{Chunk, Chunker, Counts};

/// Reads the file on, a chunk at a time.
pub(super) struct Chunks {
    lines: Convert<'static>,
    chunker: Option<Chunker>,
}

impl Chunks {
    pub(super) fn new(lines: Convert<'static>) -> Self {
        Self { lines, chunker: Some(Chunker::new()) }
    }

    /// Record lines in the chunks given so far; all of them after the last chunk.
    pub(super) fn counts(&self) -> Counts {
        self.lines.counts()
    }

    /// The next chunk; none after the last.
    ///
    /// # Errors
    /// Where the file cannot be read on, or not to its end.
    pub(super) fn next(&mut self) -> Result<Option<Chunk>, ReadError> {
        let Some(chunker) = &mut self.chunker else { return Ok(None) };
        for line in self.lines.by_ref() {
            if let Some(full) = chunker.push(&line?) {
                return Ok(Some(full));
            }
        }
        Ok(self.chunker.take().and_then(Chunker::finish))
    }
}
