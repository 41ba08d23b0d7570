//! Lines out, counted.

use std::io::{self, Write};

use crate::{Counts, Line};

/// Writes lines and counts what it wrote.
#[derive(Debug)]
pub struct LineWriter<W> {
    output: W,
    line: Vec<u8>,
    counts: Counts,
    lines: u64,
    size_bytes: u64,
}

impl<W: Write> LineWriter<W> {
    /// Writes to `output`, one `write_all` a line.
    pub fn new(output: W) -> Self {
        Self { output, line: Vec::new(), counts: Counts::default(), lines: 0, size_bytes: 0 }
    }

    /// Writes one line and its line feed.
    pub fn write(&mut self, line: &Line) -> io::Result<()> {
        self.line.clear();
        to_bytes(line, &mut self.line);
        self.output.write_all(&self.line)?;
        self.counts.add(line);
        self.lines += 1;
        self.size_bytes += self.line.len() as u64;
        Ok(())
    }

    /// Record lines written so far.
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// All lines written so far.
    pub fn lines(&self) -> u64 {
        self.lines
    }

    /// Plain bytes written so far.
    pub fn size_bytes(&self) -> u64 {
        self.size_bytes
    }

    /// Flushes and gives the output back.
    pub fn finish(mut self) -> io::Result<W> {
        self.output.flush()?;
        Ok(self.output)
    }
}

/// Appends the line and its line feed.
pub(crate) fn to_bytes(line: &Line, bytes: &mut Vec<u8>) {
    serde_json::to_writer(&mut *bytes, line)
        .expect("the types have string keys and memory takes every byte");
    bytes.push(b'\n');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Comment, parse_line};

    #[test]
    fn what_is_written_reads_back_the_same() {
        let json = br#"{"type":"comment","source_id":"6331466933","page":"9796275722","parent":"5","author":{"source_id":"ann","name":"Ann"},"created_at":"2021-06-03T03:54:08Z","status":"approved","body":"<p>a &amp; b\n</p>","body_format":"html","aliases":[{"family":"wordpress","source_id":"764"}]}"#;
        let line = parse_line(json).unwrap();
        let mut writer = LineWriter::new(Vec::new());
        writer.write(&line).unwrap();
        assert_eq!(writer.counts().comments, 1);
        assert_eq!((writer.lines(), writer.size_bytes()), (1, json.len() as u64 + 1));
        let bytes = writer.finish().unwrap();
        assert_eq!(bytes.strip_suffix(b"\n").unwrap(), json);
        assert_eq!(parse_line(&bytes).unwrap(), line);
    }

    #[test]
    fn the_largest_allowed_body_fits_a_line() {
        let comment = Comment {
            source_id: "1".into(),
            page: "1".into(),
            parent: None,
            author: crate::Author::default(),
            created_at: None,
            edited_at: None,
            status: crate::Status::Approved,
            kind: crate::Kind::Comment,
            body: Some("\u{1}".repeat(crate::MAX_BODY_BYTES)),
            body_format: crate::BodyFormat::Text,
            votes: None,
            ip: None,
            aliases: Vec::new(),
            extras: crate::Extras::new(),
        };
        comment.validate().unwrap();
        let mut bytes = Vec::new();
        to_bytes(&Line::Comment(Box::new(comment)), &mut bytes);
        assert!(bytes.len() <= crate::MAX_LINE_BYTES, "{}", bytes.len());
    }
}
