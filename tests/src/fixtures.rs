//! The fixtures, by format, and the helpers through which tests read files.

use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};

use rehome_formats::{
    Convert, Entry, FORMATS, Format, Index, Preview, Previewer, ReadError, Reading, Source,
    native_decoder,
};
use rehome_record::{Line, LineWriter, Options};

/// An input of ours.
pub(crate) struct Fixture {
    pub(crate) format: &'static dyn Format,
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
}

/// Every fixture of every format. Fails where a format has none.
pub(crate) fn all() -> Vec<Fixture> {
    let mut fixtures = Vec::new();
    for format in FORMATS {
        let of_format = in_folder("fixtures", *format);
        assert!(!of_format.is_empty(), "{} has no fixture", format.facts().id);
        fixtures.extend(of_format);
    }
    fixtures
}

/// What fuzzing found once: bytes of no meaning, by the format that read them wrong.
pub(crate) fn found_by_fuzzing() -> Vec<Fixture> {
    FORMATS.iter().flat_map(|format| in_folder("inputs", *format)).collect()
}

/// The files for a format in one of the folders here; none where it has no folder.
fn in_folder(folder: &str, format: &'static dyn Format) -> Vec<Fixture> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder).join(format.facts().id);
    let paths = if folder.exists() { files(&folder) } else { Vec::new() };
    let fixtures = paths.into_iter().map(|path| Fixture {
        format,
        name: path.file_name().unwrap().to_string_lossy().into_owned(),
        bytes: fs::read(&path).unwrap(),
    });
    fixtures.collect()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_none_or(|extension| extension != "md"));
    files.sort();
    files
}

/// Opens bytes and finds their format.
pub(crate) fn open<'a>(
    name: &str,
    bytes: &'a [u8],
) -> Result<(&'static dyn Format, Source<'a>), ReadError> {
    recognised(Source::open(name, Cursor::new(bytes), native_decoder)?)
}

/// The source with the format that recognises it.
pub(crate) fn recognised(
    source: Source<'_>,
) -> Result<(&'static dyn Format, Source<'_>), ReadError> {
    match source.detect_format() {
        Some(format) => Ok((format, source)),
        None => Err(source.unknown()),
    }
}

/// The first pass over bytes.
pub(crate) fn preview(name: &str, bytes: &[u8]) -> Result<(Preview, Index), ReadError> {
    let (format, source) = open(name, bytes)?;
    Ok(Previewer::new(format, source, &Options::new()).run())
}

/// Entries in order, and the error that ended them.
pub(crate) fn entries(
    name: &str,
    bytes: &[u8],
    buffer_bytes: usize,
) -> (Vec<Entry>, Option<ReadError>) {
    let (format, source) = match open(name, bytes) {
        Ok(opened) => opened,
        Err(error) => return (Vec::new(), Some(error)),
    };
    let mut entries = Vec::new();
    let reading = Reading { buffer_bytes, ..Reading::default() };
    for entry in source.read(format, &reading) {
        match entry {
            Ok(entry) => entries.push(entry),
            Err(error) => return (entries, Some(error)),
        }
    }
    (entries, None)
}

/// The wire's lines of a file, and the error that ended them.
pub(crate) fn lines(name: &str, bytes: &[u8]) -> Result<(Vec<Line>, Option<ReadError>), ReadError> {
    let (_, index) = preview(name, bytes)?;
    let (format, source) = open(name, bytes)?;
    let mut lines = Vec::new();
    for line in Convert::new(format, source, index, Options::new()) {
        match line {
            Ok(line) => lines.push(line),
            Err(error) => return Ok((lines, Some(error))),
        }
    }
    Ok((lines, None))
}

/// Lines as the wire has them.
pub(crate) fn ndjson(lines: &[Line]) -> String {
    let mut writer = LineWriter::new(Vec::new());
    for line in lines {
        writer.write(line).unwrap();
    }
    String::from_utf8(writer.finish().unwrap()).unwrap()
}
