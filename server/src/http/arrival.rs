//! A chunk checked as it arrives: nothing in it is trusted.

use std::io::Read;
use std::sync::Arc;

use flate2::read::MultiGzDecoder;
use rehome_record::{Header, Line, LineError, LineReader, MAX_ID_BYTES, MAX_LINE_BYTES};
use serde::Deserialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::codes::Code;
use super::dto::RejectedLine;
use super::problem::{Answer, Refusal};
use crate::store::chunks::ArrivedChunk;
use crate::store::imports::ImportRow;

/// Gzip bytes of a chunk.
pub(crate) const MOST_GZIP_BYTES: usize = 8 * 1024 * 1024;
/// Plain bytes of a chunk.
pub(crate) const MOST_PLAIN_BYTES: usize = 8 * 1024 * 1024;
/// How many times its size a chunk may inflate to: text reaches a tenth of that.
pub(super) const MOST_RATIO: usize = 400;
/// Below this size the ratio says nothing.
pub(super) const RATIO_FLOOR_BYTES: usize = 64 * 1024;

/// What the stream said it would be, and which piece this is said to be.
#[derive(Debug, Clone)]
pub(crate) struct Expected {
    pub number: u32,
    /// SHA-256 of the plain lines, as the sender says.
    pub digest: Vec<u8>,
    pub import: Arc<ImportRow>,
}

/// Inflates, checks and counts a chunk.
pub(crate) fn read(gzip: &[u8], expected: &Expected) -> Answer<ArrivedChunk> {
    let plain = inflate(gzip)?;
    if Sha256::digest(&plain).as_slice() != expected.digest {
        return Err(Refusal::new(Code::DigestMismatch));
    }
    // The JSON library does not look inside strings that it passes over.
    if let Err(error) = std::str::from_utf8(&plain) {
        let up_to_it = plain[..error.valid_up_to()].split(|&byte| byte == b'\n');
        return Err(not_utf8(up_to_it.count() as u64));
    }
    let mut arriving = Arriving::new(Arc::clone(&expected.import), expected.number, 0);
    let mut reader = LineReader::new(plain.as_slice());
    while let Some(read) = reader.next_line().map_err(|_| Refusal::internal())? {
        arriving.take(read.number, read.line, reader.last_bytes())?;
    }
    arriving.finish(expected.digest.clone())
}

fn inflate(gzip: &[u8]) -> Answer<Vec<u8>> {
    let most = gzip.len().saturating_mul(MOST_RATIO).clamp(RATIO_FLOOR_BYTES, MOST_PLAIN_BYTES);
    let mut plain = Vec::with_capacity(gzip.len().saturating_mul(4).min(most));
    MultiGzDecoder::new(gzip)
        .take(most as u64 + 1)
        .read_to_end(&mut plain)
        .map_err(|_| Refusal::new(Code::GzipInvalid))?;
    if plain.len() > most {
        return Err(Refusal::saying(
            Code::ChunkTooLarge,
            "The chunk inflates to more than the server takes. Send smaller chunks.",
        ));
    }
    Ok(plain)
}

/// A chunk that is being checked, line by line.
#[derive(Debug)]
pub(super) struct Arriving {
    import: Arc<ImportRow>,
    chunk: ArrivedChunk,
    first: bool,
    /// Lines that a refusal counts in: the sender of a body knows no chunks.
    lines_before: u64,
}

impl Arriving {
    pub(super) fn new(import: Arc<ImportRow>, number: u32, lines_before: u64) -> Self {
        let chunk = ArrivedChunk { number, ..ArrivedChunk::default() };
        Self { import, chunk, first: true, lines_before }
    }

    /// The `end` line was taken.
    pub(super) fn has_ended(&self) -> bool {
        self.chunk.end.is_some()
    }

    /// Takes the line of this number in the chunk.
    pub(super) fn take(
        &mut self,
        number: u64,
        line: Result<Line, LineError>,
        json: &[u8],
    ) -> Answer<()> {
        let first = std::mem::replace(&mut self.first, false);
        let told = self.lines_before + number;
        if self.has_ended() {
            return Err(end_misplaced(told));
        }
        let wants_header = first && self.chunk.number == 1;
        match line {
            Ok(Line::Header(header)) if wants_header => self.header(header, told),
            Ok(Line::Header(_)) => Err(header_misplaced(told)),
            _ if wants_header => Err(header_missing(told)),
            Ok(Line::End(end)) => {
                self.chunk.end = Some(end);
                Ok(())
            }
            Ok(line) => {
                self.chunk.counts.add(&line);
                match line.validate() {
                    Ok(()) => self.count_reply(&line),
                    Err(invalid) => self.reject(number, invalid.code, &Sniffed::of(json)),
                }
                Ok(())
            }
            Err(error @ LineError::NotARecord { .. }) => self.not_a_record(number, &error, json),
            Err(error @ (LineError::NotJson { .. } | LineError::TooLong)) => {
                Err(refused_line(&error, told))
            }
        }
    }

    fn header(&mut self, header: Header, number: u64) -> Answer<()> {
        check_header(&header, number)?;
        let import = &self.import;
        if (&header.format, &header.origin, &header.reader, &header.options)
            != (&import.format, &import.origin, &import.reader, &import.options)
        {
            return Err(Refusal::new(Code::HeaderDiffers).at_line(number));
        }
        self.chunk.header = Some(header);
        Ok(())
    }

    fn count_reply(&mut self, line: &Line) {
        if let Line::Comment(comment) = line
            && comment.parent.is_some()
        {
            self.chunk.replies += 1;
        }
    }

    /// Counted as what it says it is; what says nothing counts as a comment.
    fn not_a_record(&mut self, number: u64, error: &LineError, json: &[u8]) -> Answer<()> {
        let sniffed = Sniffed::of(json);
        let told = self.lines_before + number;
        let counts = &mut self.chunk.counts;
        match sniffed.kind() {
            Some("header") => return Err(header_misplaced(told)),
            Some("end") => {
                return Err(Refusal::new(Code::EndInvalid).at_line(told));
            }
            Some("page") => counts.pages += 1,
            Some("author") => counts.authors += 1,
            Some("removed") => counts.removed += 1,
            _ => counts.comments += 1,
        }
        self.reject(number, error.code(), &sniffed);
        Ok(())
    }

    fn reject(&mut self, number: u64, code: &str, sniffed: &Sniffed) {
        let upserted = match sniffed.kind() {
            Some("page") => &mut self.chunk.result.pages,
            Some("author") => &mut self.chunk.result.authors,
            _ => &mut self.chunk.result.comments,
        };
        upserted.rejected += 1;
        let by_reason = &mut self.chunk.result.rejected_by_reason;
        *by_reason.entry(code.to_owned()).or_default() += 1;
        self.chunk.rejected.push(RejectedLine {
            chunk: self.chunk.number,
            line: number,
            code: code.to_owned(),
            source_id: sniffed.sane_source_id(),
        });
    }

    /// The chunk, whose plain lines have this SHA-256.
    pub(super) fn finish(mut self, digest: Vec<u8>) -> Answer<ArrivedChunk> {
        if self.first {
            return Err(Refusal::new(Code::ChunkEmpty));
        }
        self.chunk.digest = digest;
        Ok(self.chunk)
    }
}

/// The two fields that are looked at where a line is no record.
#[derive(Debug, Default, Deserialize)]
struct Sniffed {
    #[serde(rename = "type")]
    kind: Option<Value>,
    source_id: Option<Value>,
}

impl Sniffed {
    fn of(json: &[u8]) -> Self {
        serde_json::from_slice(json).unwrap_or_default()
    }

    fn kind(&self) -> Option<&str> {
        self.kind.as_ref()?.as_str()
    }

    fn sane_source_id(&self) -> Option<String> {
        let id = self.source_id.as_ref()?.as_str()?;
        let sane = !id.is_empty() && id.len() <= MAX_ID_BYTES && !id.contains(char::is_control);
        sane.then(|| id.to_owned())
    }
}

/// Checks the header by itself.
pub(super) fn check_header(header: &Header, number: u64) -> Answer<()> {
    header.validate().map_err(|invalid| {
        let title = format!("The `header` line is not one the server takes: {invalid}.");
        Refusal::saying(Code::of_line(invalid.code), title).at_line(number)
    })
}

pub(super) fn not_utf8(number: u64) -> Refusal {
    Refusal::saying(Code::NotUtf8, format!("Line {number} is not UTF-8.")).at_line(number)
}

pub(super) fn header_missing(number: u64) -> Refusal {
    Refusal::new(Code::HeaderMissing).at_line(number)
}

pub(super) fn end_misplaced(number: u64) -> Refusal {
    Refusal::new(Code::EndMisplaced).at_line(number)
}

fn header_misplaced(number: u64) -> Refusal {
    Refusal::new(Code::HeaderMisplaced).at_line(number)
}

pub(super) fn refused_line(error: &LineError, number: u64) -> Refusal {
    let title = match error {
        LineError::TooLong => format!("Line {number} is longer than {MAX_LINE_BYTES} bytes."),
        _ => format!("Line {number} is not JSON. Send one JSON object on each line."),
    };
    Refusal::saying(Code::of_line(error.code()), title).at_line(number)
}
