//! The stream cut into numbered pieces.
//!
//! Where a chunk ends follows from the plain lines alone, so the same export
//! read again gives the same chunks, and only those that are missing are sent.

use crate::limits::CHUNK_BYTES;
use crate::write::to_bytes;
use crate::{Counts, Line};

/// A numbered piece of the stream: whole lines of plain NDJSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chunk {
    /// From 1.
    pub number: u32,
    /// The lines, each with its line feed.
    pub plain: Vec<u8>,
    /// Record lines in it.
    pub counts: Counts,
}

/// Collects lines into chunks of at most [`CHUNK_BYTES`], or one longer line.
#[derive(Debug, Default)]
pub struct Chunker {
    full: u32,
    plain: Vec<u8>,
    counts: Counts,
    line: Vec<u8>,
}

impl Chunker {
    /// Starts at chunk 1.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes a line; returns the chunk that this line no longer fits into.
    pub fn push(&mut self, line: &Line) -> Option<Chunk> {
        self.line.clear();
        to_bytes(line, &mut self.line);
        let full = if !self.plain.is_empty() && self.plain.len() + self.line.len() > CHUNK_BYTES {
            self.take()
        } else {
            None
        };
        self.plain.extend_from_slice(&self.line);
        self.counts.add(line);
        full
    }

    /// The last chunk; none if no line was pushed since the one before.
    #[must_use]
    pub fn finish(mut self) -> Option<Chunk> {
        self.take()
    }

    fn take(&mut self) -> Option<Chunk> {
        if self.plain.is_empty() {
            return None;
        }
        self.full += 1;
        Some(Chunk {
            number: self.full,
            plain: std::mem::take(&mut self.plain),
            counts: std::mem::take(&mut self.counts),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Page;

    fn page(source_id: u32, title_bytes: usize) -> Line {
        Line::Page(Page {
            source_id: source_id.to_string(),
            title: Some("x".repeat(title_bytes)),
            ..Page::default()
        })
    }

    fn chunks(lines: &[Line]) -> Vec<Chunk> {
        let mut chunker = Chunker::new();
        let mut chunks: Vec<_> = lines.iter().filter_map(|line| chunker.push(line)).collect();
        chunks.extend(chunker.finish());
        chunks
    }

    #[test]
    fn every_line_is_in_one_chunk_in_order() {
        let lines: Vec<_> = (0..300).map(|n| page(n, 10_000)).collect();
        let chunks = chunks(&lines);
        let numbers: Vec<_> = chunks.iter().map(|chunk| chunk.number).collect();
        assert_eq!(numbers, [1, 2, 3]);
        assert!(chunks.iter().all(|chunk| chunk.plain.len() <= CHUNK_BYTES));
        assert_eq!(chunks.iter().map(|chunk| chunk.counts.pages).sum::<u64>(), 300);
        let mut plain = Vec::new();
        for line in &lines {
            to_bytes(line, &mut plain);
        }
        let joined: Vec<u8> = chunks.into_iter().flat_map(|chunk| chunk.plain).collect();
        assert!(joined == plain);
    }

    #[test]
    fn a_longer_line_is_a_chunk_of_its_own() {
        let lines = [page(1, 5), page(2, CHUNK_BYTES), page(3, 5)];
        let chunks = chunks(&lines);
        assert_eq!(chunks.iter().map(|chunk| chunk.counts.pages).collect::<Vec<_>>(), [1, 1, 1]);
    }

    #[test]
    fn no_lines_make_no_chunk() {
        assert_eq!(chunks(&[]), []);
    }
}
