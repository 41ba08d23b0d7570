//! Several files read one after the other, as one export.

use rehome_record::{Complete, Header, Options};

use crate::input::OpenFile;
use crate::{Choice, Entry, EntryReader, Format, Issue, Position, ReadError, Reading, RecordKind};

/// Entries of all files, in their order, until the end or the first [`ReadError`].
pub struct Joined<'a> {
    files: std::iter::Enumerate<std::vec::IntoIter<OpenFile<'a>>>,
    format: &'static dyn Format,
    reading: Reading,
    /// Some file is of the format: those that are not are left out.
    leaves_out: bool,
    reader: Option<Box<dyn EntryReader + 'a>>,
    file: u32,
    header: Option<Header>,
    origin: Option<String>,
    several_origins: bool,
    complete: Complete,
    choices: Vec<Choice>,
    ended: bool,
}

impl<'a> Joined<'a> {
    pub(crate) fn new(
        files: Vec<OpenFile<'a>>,
        format: &'static dyn Format,
        reading: Reading,
    ) -> Self {
        let leaves_out = files.iter().any(|file| format.recognise(file.head()).is_some());
        Self {
            files: files.into_iter().enumerate(),
            format,
            reading,
            leaves_out,
            reader: None,
            file: 0,
            header: None,
            origin: None,
            several_origins: false,
            complete: Complete::Yes,
            choices: Vec::new(),
            ended: false,
        }
    }

    /// Opens the next file's reader; gives what is to be said where the file is left out.
    fn open(&mut self, index: usize, file: OpenFile<'a>) -> Option<Entry> {
        self.file = u32::try_from(index).unwrap_or(u32::MAX);
        if self.leaves_out && self.format.recognise(file.head()).is_none() {
            let at = Position { file: self.file, line: 1, ..Position::default() };
            return Some(Entry::about_file(at, "file_left_out"));
        }
        self.reader = Some(self.format.read(file.into_text(), &self.reading));
        None
    }

    /// Takes the header of a file that has ended. False where it says other
    /// things of the source than the header of a file before it: one stream
    /// has one header.
    fn take_header(&mut self, reader: &dyn EntryReader) -> bool {
        let Some(header) = reader.header() else { return true };
        let header = Header { options: Options::new(), ..header.clone() };
        *self.header.get_or_insert_with(|| header.clone()) == header
    }

    /// Takes from a reader what is known of its file once it has ended.
    fn close(&mut self, reader: &dyn EntryReader) -> Option<Entry> {
        self.complete = match (self.complete, reader.complete()) {
            (Complete::No, _) | (_, Complete::No) => Complete::No,
            (Complete::Unknown, _) | (_, Complete::Unknown) => Complete::Unknown,
            _ => Complete::Yes,
        };
        for choice in reader.choices() {
            match self.choices.iter_mut().find(|known| known.option == choice.option) {
                Some(known) => merge(known, choice),
                None => self.choices.push(choice),
            }
        }
        let origin = reader.origin()?;
        match &self.origin {
            None => self.origin = Some(origin.to_owned()),
            Some(known) if known != origin && !self.several_origins => {
                self.several_origins = true;
                let at = Position { file: self.file, line: 1, ..Position::default() };
                let issue = Issue::info("several_origins", RecordKind::File, None);
                return Some(Entry {
                    at,
                    record: Err(issue),
                    warnings: Vec::new(),
                    withheld: None,
                });
            }
            Some(_) => {}
        }
        None
    }

    fn placed(&self, mut entry: Entry) -> Entry {
        entry.at.file = self.file;
        let issues = entry.warnings.iter_mut().chain(entry.record.as_mut().err());
        for place in issues.filter_map(|issue| issue.at.as_mut()) {
            place.file = self.file;
        }
        entry
    }
}

/// The values of a choice in another file.
fn merge(known: &mut Choice, other: Choice) {
    known.is_needed |= other.is_needed;
    for value in other.values {
        match known.values.iter_mut().find(|old| old.value == value.value) {
            Some(old) => {
                old.comments = old.comments.zip(value.comments).map(|(old, new)| old + new);
            }
            None => known.values.push(value),
        }
    }
}

impl Iterator for Joined<'_> {
    type Item = Result<Entry, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.ended {
            let Some(reader) = &mut self.reader else {
                let Some((index, file)) = self.files.next() else { break };
                match self.open(index, file) {
                    Some(entry) => return Some(Ok(entry)),
                    None => continue,
                }
            };
            match reader.next_entry() {
                Ok(Some(entry)) => return Some(Ok(self.placed(entry))),
                Err(error) => {
                    self.ended = true;
                    self.complete = Complete::No;
                    if let Some(reader) = self.reader.take() {
                        self.take_header(&*reader);
                        self.close(&*reader);
                    }
                    return Some(Err(ReadError { file: self.file, ..error }));
                }
                Ok(None) => {
                    let Some(reader) = self.reader.take() else { continue };
                    if !self.take_header(&*reader) {
                        self.ended = true;
                        self.complete = Complete::No;
                        let error = ReadError::new("headers_differ", 0, 1);
                        return Some(Err(ReadError { file: self.file, ..error }));
                    }
                    if let Some(entry) = self.close(&*reader) {
                        return Some(Ok(entry));
                    }
                }
            }
        }
        self.ended = true;
        None
    }
}

impl Joined<'_> {
    /// Namespace of the files' ids, once it is known.
    #[must_use]
    pub fn origin(&self) -> Option<&str> {
        self.origin.as_deref().or_else(|| self.reader.as_ref()?.origin())
    }

    /// Whether the end of every file was seen; no while reading goes on.
    #[must_use]
    pub fn complete(&self) -> Complete {
        if self.ended { self.complete } else { Complete::No }
    }

    /// The header that the files' lines were made with, where they are the
    /// wire's own.
    #[must_use]
    pub fn header(&self) -> Option<&Header> {
        self.header.as_ref().or_else(|| self.reader.as_ref()?.header())
    }

    /// What the files leave open, as far as they were read to their ends.
    #[must_use]
    pub fn choices(&self) -> Vec<Choice> {
        self.choices.clone()
    }
}
