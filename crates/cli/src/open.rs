//! Files in, errors out.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use rehome_formats::{ErrorReport, Format, ReadError, ReadSeek, Source, native_decoder};

/// Files of this machine's disk that are one export.
pub(crate) struct Files {
    /// By name, as the export is read.
    files: Vec<(String, PathBuf)>,
    /// What they are said to be, whatever they look like.
    format: Option<&'static dyn Format>,
}

/// An export that is ready to be read.
pub(crate) struct Opened {
    pub(crate) format: &'static dyn Format,
    pub(crate) source: Source<'static>,
    /// Of the files, those in an archive by themselves.
    pub(crate) names: Vec<String>,
}

impl Files {
    /// `paths` are never none.
    pub(crate) fn new(paths: &[PathBuf], format: Option<&'static dyn Format>) -> Self {
        let mut files: Vec<_> = paths.iter().map(|path| (name(path), path.clone())).collect();
        files.sort();
        Self { files, format }
    }

    /// The files' names and places, in their order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &Path)> {
        self.files.iter().map(|(name, path)| (name.as_str(), path.as_path()))
    }

    /// The first file's name, and how many more there are.
    pub(crate) fn title(&self) -> String {
        let first = self.first();
        match self.files.len() - 1 {
            0 => first.to_owned(),
            more => format!("{first} + {more} more"),
        }
    }

    fn first(&self) -> &str {
        &self.files[0].0
    }

    /// Opens the files and finds out what they are.
    ///
    /// # Errors
    /// Where one is not there, may not be read or inflated, or where they are
    /// of no known format.
    pub(crate) fn open(&self) -> Result<Opened, ErrorReport> {
        self.open_through(|file| file)
    }

    /// The same, with something between the files and their reader.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub(crate) fn open_through<T: ReadSeek + 'static>(
        &self,
        through: impl Fn(File) -> T,
    ) -> Result<Opened, ErrorReport> {
        let source = self.source(through)?;
        let names = source.names();
        let format = match self.format {
            Some(format) => format,
            None => source.detect_format().ok_or_else(|| self.unknown(&source))?,
        };
        Ok(Opened { format, source, names })
    }

    fn source<T: ReadSeek + 'static>(
        &self,
        through: impl Fn(File) -> T,
    ) -> Result<Source<'static>, ErrorReport> {
        if let [(name, path)] = &self.files[..]
            && !path.is_file()
            && !path.is_dir()
        {
            // A pipe cannot be read anywhere but forward.
            let opened =
                file(path).and_then(|file| Source::open_stream(name, file, native_decoder));
            return opened.map_err(|error| in_file(name, &error));
        }
        let mut opened: Vec<(String, Box<dyn ReadSeek>)> = Vec::new();
        for (name, path) in &self.files {
            let file = file(path).map_err(|error| in_file(name, &error))?;
            opened.push((name.clone(), Box::new(through(file))));
        }
        Source::open_all(opened, native_decoder).map_err(|error| self.at_fault(&error))
    }

    /// The first file that cannot be opened by itself is the one that is wrong.
    fn at_fault(&self, error: &ReadError) -> ErrorReport {
        let fault = self.files.iter().find_map(|(name, path)| {
            let source = Source::open(name, file(path).ok()?, native_decoder);
            source.err().map(|error| in_file(name, &error))
        });
        fault.unwrap_or_else(|| in_file(self.first(), error))
    }

    /// Why no format was found.
    fn unknown(&self, source: &Source<'_>) -> ErrorReport {
        let candidates = source.detect().candidates;
        if candidates.is_empty() {
            return in_files(&source.names(), &source.unknown());
        }
        let message = format!(
            "The export looks like more than one format. Say which it is, with --as: {}.",
            candidates.join(", ")
        );
        let file = self.first().to_owned();
        ErrorReport { code: "format_ambiguous", message, file, byte: 0, line: 1, version: None }
    }

    /// An error about the export as a whole.
    pub(crate) fn error(&self, code: &'static str, message: String) -> ErrorReport {
        ErrorReport { code, message, file: self.title(), byte: 0, line: 1, version: None }
    }

    /// Refuses what cannot be read more than once.
    ///
    /// # Errors
    /// A file is not there, or is none on a disk.
    pub(crate) fn check_readable_again(&self) -> Result<(), ErrorReport> {
        for (name, path) in &self.files {
            let metadata = path.metadata().map_err(|error| in_file(name, &cannot_open(&error)))?;
            if !metadata.is_file() {
                let error = io::Error::other(
                    "it is no file on a disk, and it has to be read more than once",
                );
                return Err(in_file(name, &cannot_open(&error)));
            }
        }
        Ok(())
    }
}

/// Opens a file, and looks at nothing of it.
///
/// # Errors
/// Where it is not there or may not be read.
pub(crate) fn file(path: &Path) -> Result<File, ReadError> {
    File::open(path).map_err(|error| cannot_open(&error))
}

/// The error of a file that cannot be opened.
pub(crate) fn cannot_open(why: &io::Error) -> ReadError {
    ReadError {
        code: "read_failed",
        message: format!("The file cannot be opened: {why}."),
        file: 0,
        byte: 0,
        line: 1,
        version: None,
    }
}

/// The file's name without its folder.
fn name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

/// What is wrong with one file, as it is printed.
pub(crate) fn in_file(name: &str, error: &ReadError) -> ErrorReport {
    ErrorReport {
        code: error.code,
        message: error.message.clone(),
        file: name.to_owned(),
        byte: error.byte,
        line: error.line,
        version: error.version,
    }
}

/// What is wrong with one of the files, as it is printed.
pub(crate) fn in_files(names: &[String], error: &ReadError) -> ErrorReport {
    let name = usize::try_from(error.file).ok().and_then(|number| names.get(number));
    in_file(name.map_or("", String::as_str), error)
}

/// Prints the error as one JSON object to standard error.
pub(crate) fn print_error(error: &ErrorReport) -> anyhow::Result<ExitCode> {
    eprintln!("{}", serde_json::to_string(error)?);
    Ok(ExitCode::FAILURE)
}
