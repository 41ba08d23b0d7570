//! Tables as text: rows of values between commas, semicolons or tabs (RFC 4180
//! and what programs make of it).
//!
//! The first row names the columns. A row whose values are more or fewer than
//! that is not believed: something in it was not quoted, and what follows
//! stands in the wrong columns. The parser takes a file that stops inside of
//! quotes for whole, so its end is looked at here.

use std::borrow::Cow;
use std::io::{BufRead, Read};

use csv_core::{ReadRecordResult, ReaderBuilder};
use serde_json::Map;

use crate::error::ReadError;
use crate::fences::Records;
use crate::fields::Fields;
use crate::lines::{cut, fill, here, pass_mark, take_invalid};
use crate::positioned::Positioned;
use crate::{Position, RecordKind};

/// What may stand between two values.
const DELIMITERS: [u8; 3] = *b",;\t";

/// Columns that a table may have.
const MAX_COLUMNS: usize = 1000;

/// A table, read row by row.
pub(crate) struct Csv<'a> {
    input: Positioned<Box<dyn Read + 'a>>,
    row: RowParser,
    /// Names of the columns; none before the first row was read.
    columns: Option<Vec<String>>,
    name: fn(&str) -> String,
    rows: u64,
}

/// One row below the names.
pub(crate) struct Row {
    pub(crate) at: Position,
    /// Its values by column. Where there are more or fewer than columns, they
    /// may belong to others, but for the first.
    pub(crate) fields: Fields,
    pub(crate) is_ragged: bool,
}

impl<'a> Csv<'a> {
    /// `delimiter` stands between two values ([`columns`] finds it out); `name`
    /// makes a column's name of what is written above it.
    pub(crate) fn new(
        input: Box<dyn Read + 'a>,
        buffer_bytes: usize,
        delimiter: u8,
        name: fn(&str) -> String,
    ) -> Self {
        let input = Positioned::new(input, buffer_bytes, Records::InRoot(&[]));
        Self { input, row: RowParser::new(delimiter), columns: None, name, rows: 0 }
    }

    /// The next row; none at the end of the file. Rows without any value are
    /// no records: spreadsheets add them.
    ///
    /// # Errors
    /// Where the file ends inside of quotes, or a row is longer than a value may be.
    pub(crate) fn next_row(&mut self, of: RecordKind) -> Result<Option<Row>, ReadError> {
        if self.columns.is_none() {
            pass_mark(&mut self.input)?;
            self.row.read(&mut self.input)?;
            let names = self.row.values().map(|value| (self.name)(&value));
            self.columns = Some(names.take(MAX_COLUMNS).collect());
        }
        loop {
            let Some(at) = self.row.read(&mut self.input)? else { return Ok(None) };
            if self.row.values().all(|value| value.trim().is_empty()) {
                continue;
            }
            self.rows += 1;
            let columns = self.columns.as_deref().unwrap_or_default();
            let mut map = Map::new();
            for (name, value) in columns.iter().zip(self.row.values()) {
                if !value.is_empty() {
                    map.entry(name.as_str()).or_insert_with(|| value.into());
                }
            }
            let values = self.row.values().count();
            let is_more = self.row.values().skip(columns.len()).any(|value| !value.is_empty());
            let mut fields = Fields::of_map(of, map);
            if let Some(issue) = take_invalid(&mut self.input, of, None) {
                fields.add(issue);
            }
            let at = Position { record: Some(self.rows), ..at };
            return Ok(Some(Row { at, fields, is_ragged: values < columns.len() || is_more }));
        }
    }
}

/// What stands between the values of a table, and what is written above its
/// columns; none where the text does not begin like a table.
pub(crate) fn columns(head: &[u8]) -> Option<(u8, Vec<String>)> {
    let looks_else = |text: &[u8]| matches!(text.first(), None | Some(b'{' | b'[' | b'<'));
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    if looks_else(text) {
        return None;
    }
    let of = |delimiter: u8| {
        let mut input: Positioned<Box<dyn Read + '_>> =
            Positioned::new(Box::new(text), text.len(), Records::InRoot(&[]));
        let mut row = RowParser::new(delimiter);
        row.read(&mut input).ok()??;
        let names: Vec<_> = row.values().take(MAX_COLUMNS).map(Cow::into_owned).collect();
        (names.len() > 1).then_some((delimiter, names))
    };
    DELIMITERS.into_iter().filter_map(of).max_by_key(|(_, names)| names.len())
}

/// One row at a time, in buffers that are used again.
struct RowParser {
    parser: csv_core::Reader,
    text: Vec<u8>,
    /// Where in `text` the values end.
    ends: Vec<usize>,
    values: usize,
}

impl RowParser {
    fn new(delimiter: u8) -> Self {
        let parser = ReaderBuilder::new().delimiter(delimiter).build();
        Self { parser, text: vec![0; 4096], ends: vec![0; 64], values: 0 }
    }

    /// Reads the next row and tells where it begins; none at the end of the file.
    fn read(
        &mut self,
        input: &mut Positioned<Box<dyn Read + '_>>,
    ) -> Result<Option<Position>, ReadError> {
        self.values = 0;
        if !pass_line_ends(input)? {
            return Ok(None);
        }
        let at = here(input);
        let mut bytes = 0;
        loop {
            let text = fill(input)?;
            let is_end = text.is_empty();
            // A line end where the file has none: it ends the last row, unless
            // it stands inside of quotes.
            let text = if is_end { b"\n" } else { text };
            let (result, taken, written, ended) = self.parser.read_record(
                text,
                &mut self.text[bytes..],
                &mut self.ends[self.values..],
            );
            bytes += written;
            self.values += ended;
            if !is_end {
                input.consume(taken);
            }
            match result {
                ReadRecordResult::InputEmpty if is_end => {
                    return Err(cut(input, "inside of quotes"));
                }
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull => self.text.resize(self.text.len() * 2, 0),
                ReadRecordResult::OutputEndsFull => self.ends.resize(self.ends.len() * 2, 0),
                ReadRecordResult::Record | ReadRecordResult::End => return Ok(Some(at)),
            }
        }
    }

    fn values(&self) -> impl Iterator<Item = Cow<'_, str>> {
        let ends = &self.ends[..self.values];
        let starts = std::iter::once(&0).chain(ends);
        starts.zip(ends).map(|(start, end)| String::from_utf8_lossy(&self.text[*start..*end]))
    }
}

/// Passes over the line ends before a row; false at the end of the file.
fn pass_line_ends(input: &mut Positioned<Box<dyn Read + '_>>) -> Result<bool, ReadError> {
    loop {
        input.start_value();
        let text = fill(input)?;
        if text.is_empty() {
            return Ok(false);
        }
        let ends = text.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let is_all = ends == text.len();
        input.consume(ends);
        if !is_all {
            input.start_value();
            return Ok(true);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// line, byte, the values of `a` and `b`, ragged
    type Seen = (u64, u64, Option<String>, Option<String>, bool);

    fn read(text: &str, buffer_bytes: usize) -> Result<Vec<Seen>, ReadError> {
        let (delimiter, _) = columns(text.as_bytes()).expect("a table");
        let name = |name: &str| name.trim().to_owned();
        let mut csv = Csv::new(Box::new(text.as_bytes()), buffer_bytes, delimiter, name);
        let mut seen = Vec::new();
        while let Some(Row { at, mut fields, is_ragged }) = csv.next_row(RecordKind::Comment)? {
            seen.push((at.line, at.byte, fields.text("a"), fields.text("b"), is_ragged));
        }
        Ok(seen)
    }

    fn row(line: u64, byte: u64, a: &str, b: &str, is_ragged: bool) -> Seen {
        let text = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        (line, byte, text(a), text(b), is_ragged)
    }

    #[test]
    fn rows_have_their_places_in_any_buffer() {
        for (delimiter, end) in [(",", "\n"), (";", "\r\n"), ("\t", "\r\n")] {
            let lines = ["a|b ", "1|\"x \"\"y\"\", ;\t#z\"", "", "2|", "\"\"|\u{e9}"];
            let text = format!("\u{feff}{}", lines.join(end)).replace('|', delimiter);
            let text = text.replace('#', end);
            let start = |line: usize| {
                let before: usize = lines[..line].iter().map(|l| l.len() + end.len()).sum();
                let second = if line > 1 { end.len() - 1 } else { 0 };
                (before + second + 3) as u64
            };
            for buffer_bytes in [1, 2, 3, 7, 4096] {
                let x = format!("x \"y\", ;\t{end}z");
                let expected = [
                    row(2, start(1), "1", &x, false),
                    row(5, start(3), "2", "", false),
                    row(6, start(4), "", "\u{e9}", false),
                ];
                assert_eq!(read(&text, buffer_bytes), Ok(expected.to_vec()), "{delimiter:?}");
            }
        }
    }

    #[test]
    fn rows_of_another_length_are_told() {
        let text = "a,b\n1\n2,x,y\n3,z,,\n4,w\n,\n";
        let expected = [
            row(2, 4, "1", "", true),
            row(3, 6, "2", "x", true),
            row(4, 12, "3", "z", false),
            row(5, 18, "4", "w", false),
        ];
        assert_eq!(read(text, 4096), Ok(expected.to_vec()));
    }

    #[test]
    fn a_file_that_stops_inside_of_quotes_is_cut() {
        for text in ["a,b\n1,\"x", "a,b\n1,\"", "a,b\n\"", "a,b\n1,\"x\ny\n", "a,b\n\"x\"\""] {
            for buffer_bytes in [1, 4096] {
                let error = read(text, buffer_bytes).unwrap_err();
                let line = text.split('\n').count() as u64;
                assert_eq!(
                    (error.code, error.byte, error.line),
                    ("file_cut", text.len() as u64, line)
                );
            }
        }
        assert_eq!(read("a,b\n1,\"x\"", 4096).unwrap().len(), 1);
    }

    #[test]
    fn large_rows_fit_and_floods_do_not() {
        let text = format!("a,b\n1,{}\n", "x".repeat(1 << 20));
        assert_eq!(read(&text, 4096).unwrap()[0].3.as_ref().unwrap().len(), 1 << 20);
        let many = format!("a,b\n1,x{}\n", ",".repeat(100_000));
        assert!(!read(&many, 4096).unwrap()[0].4);
        let flood = format!("a,b\n1,\"{}\"\n", "x".repeat(9 << 20));
        assert_eq!(read(&flood, 4096).unwrap_err().code, "value_too_long");
    }
}
