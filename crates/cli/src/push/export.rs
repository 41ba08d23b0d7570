//! The export to be pushed: read once to be known, once more to be sent.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

use rehome_formats::{Convert, ErrorReport, Format, Index, Previewer, Summary};
use rehome_record::{Complete, IMPORT_INCOMPLETE, NewImport, Options, ReaderIssue, SourceFile};
use sha2::{Digest, Sha256};

use super::chunks::Chunks;
use super::problem::{Answer, Problem};
use super::progress::Progress;
use crate::chosen;
use crate::open::{self, Files, Opened};

/// Bytes at both ends of a file that its fingerprint covers.
const FINGERPRINT_BYTES: u64 = 1024 * 1024;

/// Files on this machine's disk, and what is chosen about them.
pub(crate) struct Export {
    files: Files,
    file: SourceFile,
    options: Options,
}

/// What the first pass found.
pub(crate) struct Known {
    format: &'static dyn Format,
    summary: Summary,
    issues: Vec<ReaderIssue>,
    index: Index,
    options: Options,
}

impl Export {
    /// # Errors
    /// A file is not there, or cannot be read twice.
    pub(crate) fn open(files: Files, options: Options) -> Answer<Self> {
        files.check_readable_again()?;
        let mut size_bytes = 0;
        let mut fingerprints = Vec::new();
        for (name, path) in files.iter() {
            let known = || -> io::Result<(u64, String)> {
                let mut file = File::open(path)?;
                let size_bytes = file.metadata()?.len();
                Ok((size_bytes, fingerprint(&mut file, size_bytes)?))
            };
            let known = known().map_err(|error| open::in_file(name, &open::cannot_open(&error)))?;
            size_bytes += known.0;
            fingerprints.push(known.1);
        }
        let file =
            SourceFile { name: files.title(), size_bytes, fingerprint: of_all(fingerprints) };
        Ok(Self { files, file, options })
    }

    /// Reads all of it.
    ///
    /// # Errors
    /// It is of no known format, leaves something open, has no comment that can
    /// be sent, or stops before its end, unless what can be read is taken.
    pub(crate) fn read(&self, incomplete: bool, progress: &Progress) -> Answer<Known> {
        progress.reading(self.file.size_bytes);
        let opened = self.files.open_through(|file| progress.read(file))?;
        let Opened { format, source, .. } = opened;
        let (preview, index) = Previewer::new(format, source, &self.options).run();
        chosen::check(&self.files, &preview, &self.options)?;
        let (summary, issues) = (preview.summary, preview.issues);
        let sent = summary.sent(&self.options).kept;
        let is_broken = preview.error.is_some() || summary.complete == Complete::No;
        if is_broken && !incomplete {
            return Err(broken(preview.error, sent));
        }
        if sent == 0 {
            return Err(nothing_to_send(&summary));
        }
        let mut options = self.options.clone();
        if is_broken {
            options.insert(IMPORT_INCOMPLETE.to_owned(), true.into());
        }
        Ok(Known { format, summary, issues, index, options })
    }

    /// Reads it again, as chunks of the wire's lines.
    ///
    /// # Errors
    /// It cannot be opened any more.
    pub(crate) fn chunks(&self, known: Known) -> Answer<Chunks> {
        let Opened { source, names, .. } = self.files.open()?;
        let lines = Convert::new(known.format, source, known.index, known.options);
        Ok(Chunks::new(lines, names))
    }

    /// What the server freezes.
    pub(crate) fn new_import(&self, known: &Known) -> NewImport {
        let header = known.index.header(known.format, known.options.clone());
        NewImport {
            format: header.format,
            origin: header.origin,
            reader: header.reader,
            options: header.options,
            file: self.file.clone(),
            seen: known.summary.sent(&known.options),
            resume: None,
            replace: None,
        }
    }
}

impl Known {
    /// What was found wrong with the files, for the import's report.
    pub(crate) fn take_issues(&mut self) -> Vec<ReaderIssue> {
        std::mem::take(&mut self.issues)
    }
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
    match (summary.comments.seen, summary.comments.kept) {
        (0, _) => Problem::new("empty", "There is no comment in this file. Nothing was sent."),
        (seen, 0) => Problem::new(
            "nothing_kept",
            format!("None of the {seen} comments in this file can be sent."),
        )
        .hint("rehome preview says why."),
        (_, private) => Problem::new(
            "nothing_kept",
            format!("All {private} comments in this file that can be sent were never public."),
        )
        .hint("To send them all the same, add --take-private."),
    }
}

/// Of one file its own; of several, in the order of their names, a hash of theirs.
fn of_all(fingerprints: Vec<String>) -> String {
    match <[String; 1]>::try_from(fingerprints) {
        Ok([own]) => own,
        Err(several) => in_hex(&Sha256::digest(several.concat())),
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
    use std::collections::BTreeMap;
    use std::io::Cursor;

    use rehome_formats::TAKE_PRIVATE;

    use super::*;

    fn hex(parts: &[&[u8]]) -> String {
        in_hex(&Sha256::digest(parts.concat()))
    }

    fn of(bytes: Vec<u8>) -> String {
        let size_bytes = bytes.len() as u64;
        fingerprint(&mut Cursor::new(bytes), size_bytes).unwrap()
    }

    #[test]
    fn several_files_have_a_fingerprint_of_theirs() {
        let (one, other) = ("1".repeat(64), "2".repeat(64));
        assert_eq!(of_all(vec![one.clone()]), one);
        let both = of_all(vec![one.clone(), other.clone()]);
        assert_eq!(both, hex(&[one.as_bytes(), other.as_bytes()]));
        assert_ne!(both, of_all(vec![other, one]));
    }

    #[test]
    fn what_was_never_public_counts_as_left_out_unless_it_is_taken() {
        let mut summary = Summary::of_nothing();
        summary.comments.seen = 10;
        summary.comments.kept = 9;
        summary.comments.skipped_by_reason = BTreeMap::from([("page_not_in_file", 1)]);
        summary.comments.withheld_by_reason =
            BTreeMap::from([("private_page", 2), ("private_note", 3)]);
        let left = summary.sent(&Options::new());
        assert_eq!((left.comments, left.kept), (10, 4));
        let reasons: Vec<_> =
            left.skipped_by_reason.iter().map(|(r, n)| (r.as_str(), *n)).collect();
        assert_eq!(reasons, [("page_not_in_file", 1), ("private_note", 3), ("private_page", 2)]);
        let taken = summary.sent(&Options::from([(TAKE_PRIVATE.to_owned(), true.into())]));
        assert_eq!((taken.kept, taken.skipped_by_reason.len()), (9, 1));
        summary.comments.kept = 5;
        assert_eq!(summary.sent(&Options::new()).kept, 0);
        let hint = nothing_to_send(&summary).hint.clone().unwrap();
        assert!(hint.contains("--take-private"), "{hint}");
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
