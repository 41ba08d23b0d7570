//! The last pass: entries become the wire's lines.

use rehome_record::{
    Comment, Complete, Counts, End, Header, Line, Options, SCHEMA_VERSION, takes_incomplete,
};

use crate::options::{TAKE_PRIVATE, is_set};
use crate::preview::{HashedMap, Index, READ_BYTES, id_hash};
use crate::{Format, Joined, ReadError, Reading, Record, Source};

/// Origin of a file that names none.
const NO_ORIGIN: &str = "unknown";

/// A header, every kept record in file order, an end.
///
/// The lines follow from the file and the options alone: the same file gives
/// the same lines. A file that cannot be read to its end gives an error in
/// place of the end line, so that what was read is never taken for the whole,
/// unless [`rehome_record::IMPORT_INCOMPLETE`] is chosen: then the end line
/// says that it is not.
pub struct Convert<'a> {
    reader: Joined<'a>,
    index: Index,
    header: Option<Header>,
    counts: Counts,
    /// How often each clashing id was met.
    met: HashedMap<u32>,
    /// What could be read is taken, even where the file stops before its end.
    takes_incomplete: bool,
    /// What is withheld by default is taken.
    takes_private: bool,
    ended: bool,
}

impl<'a> Convert<'a> {
    /// Reads the same file that `index` was made from.
    #[must_use]
    pub fn new(
        format: &'static dyn Format,
        source: Source<'a>,
        index: Index,
        options: Options,
    ) -> Self {
        let takes_incomplete = takes_incomplete(&options);
        let takes_private = is_set(&options, TAKE_PRIVATE);
        let reading = Reading { buffer_bytes: READ_BYTES, options: options.clone() };
        let header = index.header(format, options);
        Self {
            reader: source.read(format, &reading),
            index,
            header: Some(header),
            counts: Counts::default(),
            met: HashedMap::default(),
            takes_incomplete,
            takes_private,
            ended: false,
        }
    }

    /// Record lines given so far.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.counts
    }

    fn end(&mut self, complete: Complete) -> Line {
        self.ended = true;
        Line::End(End { counts: self.counts, complete })
    }

    /// The wire's form of a comment; none if its page is not in the file.
    fn comment(&mut self, mut comment: Comment) -> Option<Comment> {
        let id = id_hash(&comment.source_id);
        if self.index.clashing.contains(&id) {
            let met = self.met.entry(id).or_default();
            *met += 1;
            if *met > 1 {
                comment.source_id = format!("{}~{met}", comment.source_id);
            }
        }
        if self.index.cut_parents.contains(&id) {
            comment.parent = None;
        }
        self.index.pages.contains(&id_hash(&comment.page)).then_some(comment)
    }
}

impl Index {
    /// The stream's first line, if the file is sent as `format` with `options`.
    #[must_use]
    pub fn header(&self, format: &dyn Format, options: Options) -> Header {
        let fields = self.fields.iter().map(|field| (*field).to_owned()).collect();
        if let Some(made_with) = &self.header {
            return Header { fields, options, ..made_with.clone() };
        }
        let facts = format.facts();
        Header {
            schema: SCHEMA_VERSION,
            format: facts.id.to_owned(),
            family: facts.family.to_owned(),
            origin: self.origin.as_deref().unwrap_or(NO_ORIGIN).to_owned(),
            reader: facts.reader.to_owned(),
            fields,
            redacted: Vec::new(),
            options,
        }
    }
}

impl Iterator for Convert<'_> {
    type Item = Result<Line, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(header) = self.header.take() {
            return Some(Ok(Line::Header(header)));
        }
        while !self.ended {
            let line = match self.reader.next() {
                Some(Ok(entry)) if entry.withheld.is_some() && !self.takes_private => continue,
                Some(Ok(entry)) => match entry.record {
                    Ok(Record::Page(page)) => Line::Page(page),
                    Ok(Record::Author(author)) => Line::Author(author),
                    Ok(Record::Removed(removed)) => Line::Removed(removed),
                    Ok(Record::Comment(comment)) => match self.comment(*comment) {
                        Some(comment) => Line::Comment(Box::new(comment)),
                        None => continue,
                    },
                    Err(_) => continue,
                },
                Some(Err(error)) if !self.takes_incomplete => {
                    self.ended = true;
                    return Some(Err(error));
                }
                Some(Err(_)) => self.end(Complete::No),
                None => {
                    let complete = self.reader.complete();
                    self.end(complete)
                }
            };
            self.counts.add(&line);
            return Some(Ok(line));
        }
        None
    }
}
