//! The file to be pushed: read once to be known, once more to be sent.

use std::fmt::Write as _;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use rehome_formats::{
    Convert, ErrorReport, Format, Index, Previewer, ReadError, Source, Summary, native_decoder,
};
use rehome_record::{Complete, IMPORT_INCOMPLETE, NewImport, Options, Seen, SourceFile};
use sha2::{Digest, Sha256};

use super::problem::{Answer, Problem};
use super::progress::Progress;
use crate::open;

/// Bytes at both ends of a file that its fingerprint covers.
const FINGERPRINT_BYTES: u64 = 1024 * 1024;

/// A file on this machine's disk.
pub(crate) struct Export {
    path: PathBuf,
    file: SourceFile,
}

/// What the first pass found.
pub(crate) struct Known {
    format: &'static dyn Format,
    summary: Summary,
    index: Index,
    options: Options,
}

impl Export {
    /// # Errors
    /// It is not there, or cannot be read twice.
    pub(crate) fn open(path: &Path) -> Answer<Self> {
        let known = || -> Result<SourceFile, ReadError> {
            let mut file = open::file(path)?;
            let fault = |error: io::Error| open::cannot_open(&error.to_string());
            let metadata = file.metadata().map_err(fault)?;
            if !metadata.is_file() {
                return Err(open::cannot_open(
                    "it is no file on a disk, and it has to be read more than once",
                ));
            }
            let size_bytes = metadata.len();
            let fingerprint = fingerprint(&mut file, size_bytes).map_err(fault)?;
            Ok(SourceFile { name: open::name(path), size_bytes, fingerprint })
        };
        let file = known().map_err(|error| in_file(path, &error))?;
        Ok(Self { path: path.to_owned(), file })
    }

    /// Reads all of it.
    ///
    /// # Errors
    /// It is of no known format, has no comment that can be sent, or stops
    /// before its end, unless what can be read is taken.
    pub(crate) fn read(&self, incomplete: bool, progress: &Progress) -> Answer<Known> {
        progress.reading(self.file.size_bytes);
        let opened = open::file(&self.path)
            .and_then(|file| Source::open(&self.file.name, progress.read(file), native_decoder));
        let source = opened.map_err(|error| self.problem(&error))?;
        let format = source.detect_format().ok_or_else(|| self.problem(&source.unknown()))?;
        let (preview, index) = Previewer::new(format, source, &Options::new()).run();
        let summary = preview.summary;
        let is_broken = preview.error.is_some() || summary.complete == Complete::No;
        if is_broken && !incomplete {
            return Err(broken(preview.error, summary.comments.kept));
        }
        if summary.comments.kept == 0 {
            return Err(nothing_to_send(&summary));
        }
        let chosen = is_broken.then(|| (IMPORT_INCOMPLETE.to_owned(), true.into()));
        Ok(Known { format, summary, index, options: chosen.into_iter().collect() })
    }

    /// Reads it again, as the wire's lines.
    ///
    /// # Errors
    /// It cannot be opened any more.
    pub(crate) fn lines(&self, known: Known) -> Answer<Convert<'static>> {
        let source = open::source(&self.path).map_err(|error| self.problem(&error))?;
        Ok(Convert::new(known.format, source, known.index, known.options))
    }

    /// What the server freezes.
    pub(crate) fn new_import(&self, known: &Known) -> NewImport {
        let comments = &known.summary.comments;
        let skipped = comments.skipped_by_reason.iter();
        let header = known.index.header(known.format, known.options.clone());
        NewImport {
            format: header.format,
            origin: header.origin,
            reader: header.reader,
            options: header.options,
            file: self.file.clone(),
            seen: Seen {
                comments: comments.seen,
                kept: comments.kept,
                skipped_by_reason: skipped.map(|(code, n)| ((*code).to_owned(), *n)).collect(),
                complete: known.summary.complete,
            },
            resume: None,
            replace: None,
        }
    }

    /// What is wrong with the file, as a problem.
    pub(crate) fn problem(&self, error: &ReadError) -> Box<Problem> {
        in_file(&self.path, error)
    }
}

fn in_file(path: &Path, error: &ReadError) -> Box<Problem> {
    open::in_file(path, error).into()
}

fn broken(error: Option<ErrorReport>, kept: u64) -> Box<Problem> {
    let problem = error.map_or_else(
        || Problem::new("incomplete", "The file does not show that it is whole."),
        Box::from,
    );
    match kept {
        0 => problem,
        kept => problem.hint(format!(
            "To send the {kept} comments that can be read all the same, add --incomplete: the \
             import stays marked."
        )),
    }
}

fn nothing_to_send(summary: &Summary) -> Box<Problem> {
    match summary.comments.seen {
        0 => Problem::new("empty", "There is no comment in this file. Nothing was sent."),
        seen => Problem::new(
            "nothing_kept",
            format!("None of the {seen} comments in this file can be sent."),
        )
        .hint("rehome preview says why."),
    }
}

/// SHA-256 over a file's size, first and last MiB, in hex: the pages make the
/// same, so an import begun there can be gone on with here.
fn fingerprint(file: &mut (impl Read + Seek), size_bytes: u64) -> io::Result<String> {
    let mut hash = Sha256::new();
    hash.update(size_bytes.to_string());
    for start in [0, size_bytes.saturating_sub(FINGERPRINT_BYTES)] {
        file.seek(SeekFrom::Start(start))?;
        let mut part = Vec::new();
        file.by_ref().take(FINGERPRINT_BYTES).read_to_end(&mut part)?;
        hash.update(&part);
    }
    Ok(in_hex(&hash.finalize()))
}

fn in_hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    fn hex(parts: &[&[u8]]) -> String {
        in_hex(&Sha256::digest(parts.concat()))
    }

    fn of(bytes: Vec<u8>) -> String {
        let size_bytes = bytes.len() as u64;
        fingerprint(&mut Cursor::new(bytes), size_bytes).unwrap()
    }

    #[test]
    fn a_fingerprint_covers_size_and_both_ends() {
        assert_eq!(of(b"short".to_vec()), hex(&[b"5", b"short", b"short"]));
        let mib = 1024 * 1024;
        let mut long = vec![b'a'; 3 * mib];
        long[2 * mib..].fill(b'b');
        let whole = hex(&[b"3145728", &long[..mib], &long[2 * mib..]]);
        assert_eq!(of(long.clone()), whole);
        long[mib + 5] = b'x';
        assert_eq!(of(long), whole);
    }
}
