//! The file's lines as chunks, ready to be sent.

use std::io::Write;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;
use rehome_formats::Convert;
use rehome_record::{Chunk, Chunker, Counts};
use sha2::{Digest, Sha256};

use super::problem::Answer;
use crate::open;

/// As the pages compress.
const LEVEL: u32 = 3;

/// A chunk as it goes over the network.
pub(crate) struct Packed {
    /// From 1.
    pub(crate) number: u32,
    pub(crate) gzip: Vec<u8>,
    /// Over the plain lines.
    pub(crate) unencoded_digest: String,
    /// Over the gzip bytes.
    pub(crate) content_digest: String,
    /// Comment lines in it.
    pub(crate) comments: u64,
}

/// Reads the export on, a chunk at a time.
pub(crate) struct Chunks {
    lines: Convert<'static>,
    /// Of the files.
    names: Vec<String>,
    chunker: Option<Chunker>,
}

impl Chunks {
    pub(crate) fn new(lines: Convert<'static>, names: Vec<String>) -> Self {
        Self { lines, names, chunker: Some(Chunker::new()) }
    }

    /// Record lines in the chunks given so far; all of them after the last chunk.
    pub(crate) fn counts(&self) -> Counts {
        self.lines.counts()
    }

    /// The next chunk; none after the last.
    ///
    /// # Errors
    /// Where a file cannot be read on, or not to its end.
    pub(crate) fn next(&mut self) -> Answer<Option<Chunk>> {
        let Some(chunker) = &mut self.chunker else { return Ok(None) };
        for line in self.lines.by_ref() {
            let line = line.map_err(|error| open::in_files(&self.names, &error))?;
            if let Some(full) = chunker.push(&line) {
                return Ok(Some(full));
            }
        }
        Ok(self.chunker.take().and_then(Chunker::finish))
    }
}

impl Packed {
    /// `unencoded_digest` is that of the chunk's plain lines.
    pub(crate) fn new(chunk: &Chunk, unencoded_digest: String) -> Self {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::new(LEVEL));
        let gzip = encoder
            .write_all(&chunk.plain)
            .and_then(|()| encoder.finish())
            .expect("memory takes every byte");
        Self {
            number: chunk.number,
            unencoded_digest,
            content_digest: digest(&gzip),
            gzip,
            comments: chunk.counts.comments,
        }
    }
}

/// `sha-256=:…:` over the bytes, as RFC 9530 has it.
pub(crate) fn digest(bytes: &[u8]) -> String {
    format!("sha-256=:{}:", BASE64_STANDARD.encode(Sha256::digest(bytes)))
}
