//! A whole stream in one body, cut into chunks as it comes.
//!
//! It cuts where [`rehome_record::Chunker`] does, and holds a chunk and a piece
//! of the body at most, however long the body is.

use std::fmt::Write as _;
use std::io::Write as _;
use std::ops::Range;
use std::sync::Arc;

use axum::body::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use rehome_record::{CHUNK_BYTES, Header, Line, LineError, MAX_LINE_BYTES, parse_line};
use sha2::{Digest, Sha256};

use super::arrival::{self, Arriving, refused_line};
use super::chunks::MOST_CHUNKS;
use super::codes::Code;
use super::gunzip::Gunzip;
use super::problem::{Answer, Refusal};
use crate::store::chunks::ArrivedChunk;
use crate::store::imports::ImportRow;

/// Bytes of the body that are looked at in one go; gzip may make a thousand times that of them.
const PIECE_BYTES: usize = 4 * 1024;

/// A chunk to be staged.
#[derive(Debug)]
pub(super) struct Full {
    pub chunk: ArrivedChunk,
    pub gzip: Bytes,
}

/// What comes next out of the body.
#[derive(Debug)]
pub(super) enum Step {
    /// First of all. [`Cutting::begin`] goes on from there.
    Header(Box<Header>),
    Chunk(Box<Full>),
    /// More of the body is needed.
    Hungry,
    /// The body has ended, and everything of it was given out.
    Done,
}

/// A body on its way to chunks.
#[derive(Debug)]
pub(super) struct Cutting {
    source: Source,
    filling: Filling,
}

impl Cutting {
    pub(super) fn new(is_gzip: bool) -> Self {
        let gunzip = is_gzip.then(Gunzip::new);
        Self { source: Source { gunzip, ..Source::default() }, filling: Filling::default() }
    }

    /// Takes what came of the body. Only where [`Step::Hungry`] was given.
    pub(super) fn feed(&mut self, bytes: Bytes) {
        self.source.input = bytes;
    }

    /// The body has ended.
    pub(super) fn end(&mut self) -> Answer<()> {
        self.source.end()
    }

    /// What is made of what came so far.
    pub(super) fn next(&mut self) -> Answer<Step> {
        while let Some(line) = self.source.next_line()? {
            if let Some(step) = self.filling.take(&self.source.plain[line])? {
                return Ok(step);
            }
        }
        if !self.source.ended {
            return Ok(Step::Hungry);
        }
        match self.filling.last()? {
            Some(full) => Ok(Step::Chunk(full)),
            None => Ok(Step::Done),
        }
    }

    /// Goes on after the header: the import was made of it.
    pub(super) fn begin(&mut self, import: Arc<ImportRow>, header: Header) -> Answer<()> {
        self.filling.begin(import, header)
    }

    /// Plain bytes of the body.
    pub(super) fn size_bytes(&self) -> u64 {
        self.source.size_bytes
    }

    /// SHA-256 over the plain bytes of the body.
    pub(super) fn fingerprint(&self) -> String {
        let hash = self.source.hash.clone().finalize();
        hash.iter().fold("sha256:".to_owned(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
    }
}

/// The body's plain bytes, a line at a time.
#[derive(Debug, Default)]
struct Source {
    /// Not looked at yet.
    input: Bytes,
    gunzip: Option<Gunzip>,
    plain: Vec<u8>,
    /// Where the next line starts in `plain`.
    start: usize,
    /// Up to where `plain` was searched for its end.
    searched: usize,
    ended: bool,
    hash: Sha256,
    size_bytes: u64,
}

impl Source {
    /// Where the next line is in `plain`; none where more is needed. Of a line
    /// that is too long, as much as shows that.
    fn next_line(&mut self) -> Answer<Option<Range<usize>>> {
        loop {
            let found = self.plain[self.searched..].iter().position(|&byte| byte == b'\n');
            let end = match found {
                Some(at) => self.searched + at + 1,
                None => self.plain.len(),
            };
            let open = found.is_none() && end - self.start <= MAX_LINE_BYTES;
            self.searched = end;
            if open && !self.input.is_empty() {
                let piece = self.input.split_to(PIECE_BYTES.min(self.input.len()));
                let plain = match &mut self.gunzip {
                    Some(gunzip) => Bytes::from(gunzip.push(&piece)?),
                    None => piece,
                };
                self.add(&plain);
            } else if (open && !self.ended) || end == self.start {
                return Ok(None);
            } else {
                return Ok(Some(std::mem::replace(&mut self.start, end)..end));
            }
        }
    }

    fn end(&mut self) -> Answer<()> {
        if let Some(gunzip) = self.gunzip.take() {
            let rest = gunzip.finish()?;
            self.add(&rest);
        }
        self.ended = true;
        Ok(())
    }

    fn add(&mut self, plain: &[u8]) {
        self.plain.drain(..self.start);
        self.searched -= self.start;
        self.start = 0;
        self.plain.extend_from_slice(plain);
        self.hash.update(plain);
        self.size_bytes += plain.len() as u64;
    }
}

/// The chunk that is being filled.
#[derive(Debug, Default)]
struct Filling {
    import: Option<Arc<ImportRow>>,
    /// None before the header.
    arriving: Option<Arriving>,
    /// Chunks that are full.
    full: u32,
    plain: Vec<u8>,
    lines: u64,
    /// Lines of the body before this chunk.
    lines_before: u64,
}

impl Filling {
    /// Takes a line. A chunk that it does not fit into any more is full.
    fn take(&mut self, line: &[u8]) -> Answer<Option<Step>> {
        let is_blank = line.trim_ascii().is_empty();
        let told = self.lines_before + self.lines + 1;
        if self.arriving.as_ref().is_some_and(Arriving::has_ended) {
            self.lines += 1;
            return if is_blank { Ok(None) } else { Err(arrival::end_misplaced(told)) };
        }
        let mut full = None;
        if !self.plain.is_empty() && self.plain.len() + line.len() > CHUNK_BYTES {
            full = Some(Step::Chunk(self.cut()?));
        }
        self.plain.extend_from_slice(line);
        self.lines += 1;
        if is_blank {
            return Ok(full);
        }
        // The JSON library does not look inside strings that it passes over.
        std::str::from_utf8(line).map_err(|_| arrival::not_utf8(told))?;
        let parsed = parse_line(line);
        match &mut self.arriving {
            Some(arriving) => arriving.take(self.lines, parsed, line)?,
            None => return header(parsed, told).map(|header| Some(Step::Header(header))),
        }
        Ok(full)
    }

    fn begin(&mut self, import: Arc<ImportRow>, header: Header) -> Answer<()> {
        let mut arriving = Arriving::new(Arc::clone(&import), 1, 0);
        arriving.take(self.lines, Ok(Line::Header(header)), b"")?;
        self.import = Some(import);
        self.arriving = Some(arriving);
        Ok(())
    }

    fn last(&mut self) -> Answer<Option<Box<Full>>> {
        if self.plain.is_empty() && self.full > 0 { Ok(None) } else { self.cut().map(Some) }
    }

    fn cut(&mut self) -> Answer<Box<Full>> {
        let missing = || arrival::header_missing(self.lines_before + self.lines.max(1));
        let import = self.import.as_ref().ok_or_else(missing)?;
        let arriving = self.arriving.take().ok_or_else(missing)?;
        let plain = std::mem::take(&mut self.plain);
        let mut chunk = arriving.finish(Sha256::digest(&plain).to_vec())?;
        let gzip = Bytes::from(gzip(&plain));
        chunk.staged_bytes = gzip.len() as u64;
        self.full += 1;
        if self.full > MOST_CHUNKS {
            return Err(Refusal::new(Code::StreamTooLarge));
        }
        self.lines_before += std::mem::take(&mut self.lines);
        let next = Arriving::new(Arc::clone(import), self.full + 1, self.lines_before);
        self.arriving = Some(next);
        Ok(Box::new(Full { chunk, gzip }))
    }
}

/// The first line, which says what the stream is.
fn header(line: Result<Line, LineError>, number: u64) -> Answer<Box<Header>> {
    match line {
        Ok(Line::Header(header)) => {
            arrival::check_header(&header, number)?;
            Ok(Box::new(header))
        }
        Err(error @ (LineError::NotJson { .. } | LineError::TooLong)) => {
            Err(refused_line(&error, number))
        }
        Ok(_) | Err(LineError::NotARecord { .. }) => Err(arrival::header_missing(number)),
    }
}

fn gzip(plain: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(plain).and_then(|()| encoder.finish()).expect("memory takes every byte")
}
