//! A chunk checked as it arrives: nothing in it is trusted.

use std::io::Read;

use axum::http::StatusCode;
use flate2::read::MultiGzDecoder;
use rehome_record::{Header, Line, LineError, LineReader, MAX_ID_BYTES, MAX_LINE_BYTES};
use serde::Deserialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::dto::RejectedLine;
use super::problem::{Answer, Refusal};
use crate::store::chunks::ArrivedChunk;
use crate::store::imports::ImportRow;

/// Gzip bytes of a chunk.
pub(crate) const MOST_GZIP_BYTES: usize = 8 * 1024 * 1024;
/// Plain bytes of a chunk.
pub(crate) const MOST_PLAIN_BYTES: usize = 8 * 1024 * 1024;
/// How many times its size a chunk may inflate to: text reaches a tenth of that.
const MOST_RATIO: usize = 400;
/// Below this size the ratio says nothing.
const RATIO_FLOOR_BYTES: usize = 64 * 1024;

/// What the stream said it would be, and which piece this is said to be.
#[derive(Debug, Clone)]
pub(crate) struct Expected {
    pub number: u32,
    /// SHA-256 of the plain lines, as the sender says.
    pub digest: Vec<u8>,
    pub import: ImportRow,
}

/// Inflates, checks and counts a chunk.
pub(crate) fn read(gzip: &[u8], expected: &Expected) -> Answer<ArrivedChunk> {
    let plain = inflate(gzip)?;
    if Sha256::digest(&plain).as_slice() != expected.digest {
        return Err(Refusal::new(
            StatusCode::BAD_REQUEST,
            "digest_mismatch",
            "The lines differ from what their digest says. Send the chunk again.",
        ));
    }
    // The JSON library does not look inside strings that it passes over.
    if let Err(error) = std::str::from_utf8(&plain) {
        let up_to_it = plain[..error.valid_up_to()].split(|&byte| byte == b'\n');
        let line = up_to_it.count() as u64;
        let title = format!("Line {line} is not UTF-8.");
        return Err(Refusal::invalid("not_utf8", title).at_line(line));
    }
    let mut arriving = Arriving::new(expected);
    let mut reader = LineReader::new(plain.as_slice());
    while let Some(read) = reader.next_line().map_err(|_| Refusal::internal())? {
        arriving.take(read.number, read.line, reader.last_bytes())?;
    }
    arriving.finish()
}

fn inflate(gzip: &[u8]) -> Answer<Vec<u8>> {
    let most = gzip.len().saturating_mul(MOST_RATIO).clamp(RATIO_FLOOR_BYTES, MOST_PLAIN_BYTES);
    let mut plain = Vec::with_capacity(gzip.len().saturating_mul(4).min(most));
    MultiGzDecoder::new(gzip).take(most as u64 + 1).read_to_end(&mut plain).map_err(|_| {
        Refusal::new(
            StatusCode::BAD_REQUEST,
            "gzip_invalid",
            "The body is not whole gzip data. Send the chunk again.",
        )
    })?;
    if plain.len() > most {
        return Err(Refusal::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "chunk_too_large",
            "The chunk inflates to more than the server takes. Send smaller chunks.",
        ));
    }
    Ok(plain)
}

struct Arriving<'a> {
    expected: &'a Expected,
    chunk: ArrivedChunk,
    first: bool,
}

impl<'a> Arriving<'a> {
    fn new(expected: &'a Expected) -> Self {
        Self {
            expected,
            chunk: ArrivedChunk {
                number: expected.number,
                digest: expected.digest.clone(),
                ..ArrivedChunk::default()
            },
            first: true,
        }
    }

    fn take(&mut self, number: u64, line: Result<Line, LineError>, json: &[u8]) -> Answer<()> {
        let first = std::mem::replace(&mut self.first, false);
        if self.chunk.end.is_some() {
            return Err(misplaced("end_misplaced", "The `end` line comes last.", number));
        }
        let wants_header = first && self.expected.number == 1;
        match line {
            Ok(Line::Header(header)) if wants_header => self.header(header, number),
            Ok(Line::Header(_)) => Err(header_misplaced(number)),
            _ if wants_header => Err(misplaced(
                "header_missing",
                "The first line of the first chunk is the `header`.",
                number,
            )),
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
                Err(refused_line(&error, number))
            }
        }
    }

    fn header(&mut self, header: Header, number: u64) -> Answer<()> {
        if let Err(invalid) = header.validate() {
            let title = format!("The `header` line is not one the server takes: {invalid}.");
            return Err(Refusal::invalid(invalid.code, title).at_line(number));
        }
        let import = &self.expected.import;
        if (&header.format, &header.origin, &header.reader)
            != (&import.format, &import.origin, &import.reader)
        {
            return Err(Refusal::conflict(
                "header_differs",
                "The stream is not the one that this import was made for. Start a new import.",
            )
            .at_line(number));
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
        let counts = &mut self.chunk.counts;
        match sniffed.kind() {
            Some("header") => return Err(header_misplaced(number)),
            Some("end") => {
                return Err(misplaced("end_invalid", "The `end` line is not one.", number));
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

    fn finish(self) -> Answer<ArrivedChunk> {
        if self.first {
            return Err(Refusal::invalid("chunk_empty", "The chunk holds no line."));
        }
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

fn header_misplaced(number: u64) -> Refusal {
    misplaced(
        "header_misplaced",
        "The `header` is the first line of the first chunk, and a record line nowhere.",
        number,
    )
}

fn misplaced(code: &str, title: &str, number: u64) -> Refusal {
    Refusal::invalid(code, title).at_line(number)
}

fn refused_line(error: &LineError, number: u64) -> Refusal {
    let title = match error {
        LineError::TooLong => format!("Line {number} is longer than {MAX_LINE_BYTES} bytes."),
        _ => format!("Line {number} is not JSON. Send one JSON object on each line."),
    };
    Refusal::invalid(error.code(), title).at_line(number)
}
