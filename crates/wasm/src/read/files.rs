//! The files that were chosen: one export, whether it is one file or several.

use std::fmt::Write;
use std::io::{self, Read};

use rehome_formats::{ReadError, ReadSeek, Source};
use rehome_record::SourceFile;
use sha2::{Digest, Sha256};
use web_sys::{Blob, File};

use super::blob::{BlobReader, ReadBytes};
use super::decoder::decoder;
use crate::WorkerProblem;

/// Bytes at both ends of a file that its fingerprint covers.
const FINGERPRINT_BYTES: f64 = 1024.0 * 1024.0;

/// In the order of their names, so that the order of choosing does not matter.
pub(crate) struct Files(Vec<File>);

impl Files {
    pub(crate) fn new(files: Vec<File>) -> Self {
        // There are few, and a sort of their own would be larger than all of this.
        let mut sorted: Vec<File> = Vec::with_capacity(files.len());
        for file in files {
            let name = file.name();
            let after = sorted.partition_point(|other| other.name() <= name);
            sorted.insert(after, file);
        }
        Self(sorted)
    }

    /// Opens them from their start, as one export.
    pub(crate) fn open(&self, read_bytes: &ReadBytes) -> Result<Source<'static>, WorkerProblem> {
        read_bytes.reset();
        let mut opened: Vec<(String, Box<dyn ReadSeek>)> = Vec::with_capacity(self.0.len());
        for file in &self.0 {
            let reader = BlobReader::new(file.clone().into(), read_bytes.clone())?;
            opened.push((file.name(), Box::new(reader)));
        }
        Source::open_all(opened, decoder).map_err(|error| self.problem(error))
    }

    /// With the file's name where it may be any of several.
    fn problem(&self, error: ReadError) -> WorkerProblem {
        let one_of_several =
            self.0.get(error.file as usize).filter(|_| self.0.len() > 1).map(File::name);
        WorkerProblem { file: one_of_several, ..error.into() }
    }

    pub(crate) fn size_bytes(&self) -> u64 {
        self.0.iter().map(|file| size_bytes(file)).sum()
    }

    /// What the server keeps of them.
    pub(crate) fn as_source_file(&self) -> io::Result<SourceFile> {
        let first = self.0.first().map(File::name).unwrap_or_default();
        let name = match self.0.len() {
            0 | 1 => first,
            several => format!("{first} + {} more", several - 1),
        };
        Ok(SourceFile { name, size_bytes: self.size_bytes(), fingerprint: self.fingerprint()? })
    }

    /// That of the file; of several, SHA-256 over theirs in hex, in the order
    /// of their names.
    pub(crate) fn fingerprint(&self) -> io::Result<String> {
        if let [one] = self.0.as_slice() {
            return fingerprint(one);
        }
        let mut hash = Sha256::new();
        for file in &self.0 {
            hash.update(fingerprint(file)?);
        }
        Ok(in_hex(&hash.finalize()))
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a file's size")]
fn size_bytes(blob: &Blob) -> u64 {
    blob.size() as u64
}

/// SHA-256 over a file's size, first and last MiB, in hex: tells whether the
/// same file was chosen again without reading all of it.
fn fingerprint(blob: &Blob) -> io::Result<String> {
    let size = blob.size();
    let mut hash = Sha256::new();
    hash.update(size_bytes(blob).to_string());
    let last = (size - FINGERPRINT_BYTES).max(0.0);
    for (start, end) in [(0.0, FINGERPRINT_BYTES.min(size)), (last, size)] {
        let part = blob
            .slice_with_f64_and_f64(start, end)
            .map_err(|_| io::Error::other("the browser cannot read the file"))?;
        let mut bytes = Vec::new();
        BlobReader::new(part, ReadBytes::default())?.read_to_end(&mut bytes)?;
        hash.update(&bytes);
    }
    Ok(in_hex(&hash.finalize()))
}

fn in_hex(bytes: &[u8]) -> String {
    let mut hex = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}
