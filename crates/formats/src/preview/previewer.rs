//! The first pass: everything is read, counted and checked.

use std::collections::BTreeMap;

use rehome_record::{Author, Comment, Complete, Options, Page};

use super::issues::{IssueGroups, file_name};
use super::summary::{CommentCounts, ErrorReport, PageCounts, Preview, Summary};
use super::tally::{Counted, Tally};
use super::tree::{HashedMap, Index, Placed, Shown, Tree, id_hash};
use crate::{
    Entry, Format, Issue, Joined, Position, ReadError, Reading, Record, RecordKind, Severity,
    Source,
};

/// Pages listed by size.
const BIGGEST_PAGES: usize = 10;

/// Bytes asked of a file at once.
pub(crate) const READ_BYTES: usize = 256 * 1024;

/// The code of a comment whose page has no record.
const PAGE_NOT_IN_FILE: &str = "page_not_in_file";

/// Reads a file to its end, a step at a time.
pub struct Previewer<'a> {
    format: &'static dyn Format,
    reader: Joined<'a>,
    files: Vec<String>,
    pages: Vec<PageRow>,
    page_numbers: HashedMap<u32>,
    pages_seen: u64,
    comments_seen: u64,
    skipped: BTreeMap<&'static str, u64>,
    tree: Tree,
    tally: Tally,
    issues: IssueGroups,
    /// In alphabetical order.
    optional_fields: Vec<&'static str>,
    first_page: Option<u32>,
    last_page: Option<u32>,
    error: Option<ReadError>,
    ended: bool,
}

/// Whether there is more to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// There is.
    More,
    /// The file ended, as it should or not.
    Ended,
}

#[derive(Debug)]
struct PageRow {
    id: u64,
    comments: u64,
    in_file: bool,
    has_address: bool,
    at: Position,
    /// Its comments, while it was not seen itself.
    waiting: Option<Box<Waiting>>,
}

/// Comments that wait for the same page.
#[derive(Debug, Default)]
struct Waiting {
    counted: Vec<Counted>,
    /// What is wrong with them beside that.
    issues: IssueGroups,
    /// What is to be said of them if the page never comes.
    lost: IssueGroups,
}

impl<'a> Previewer<'a> {
    /// Reads `source` as `format`, as `options` say.
    #[must_use]
    pub fn new(format: &'static dyn Format, source: Source<'a>, options: &Options) -> Self {
        let reading = Reading { buffer_bytes: READ_BYTES, options: options.clone() };
        let files = source.names();
        Self {
            format,
            reader: source.read(format, &reading),
            files,
            pages: Vec::new(),
            page_numbers: HashedMap::default(),
            pages_seen: 0,
            comments_seen: 0,
            skipped: BTreeMap::new(),
            tree: Tree::default(),
            tally: Tally::default(),
            issues: IssueGroups::of_all(),
            optional_fields: Vec::new(),
            first_page: None,
            last_page: None,
            error: None,
            ended: false,
        }
    }

    /// Reads at most `entries` further entries.
    pub fn step(&mut self, entries: usize) -> Step {
        for _ in 0..entries {
            match self.reader.next() {
                Some(Ok(entry)) => self.take(entry),
                Some(Err(error)) => {
                    self.error = Some(error);
                    self.ended = true;
                }
                None => self.ended = true,
            }
            if self.ended {
                return Step::Ended;
            }
        }
        Step::More
    }

    /// Page and comment records seen so far.
    #[must_use]
    pub fn seen(&self) -> (u64, u64) {
        (self.pages_seen, self.comments_seen)
    }

    /// Reads to the end at once.
    #[must_use]
    pub fn run(mut self) -> (Preview, Index) {
        while self.step(usize::MAX) == Step::More {}
        self.finish()
    }

    fn take(&mut self, entry: Entry) {
        let Entry { at, record, mut warnings, withheld } = entry;
        match record {
            Ok(Record::Page(page)) => self.page(&page, at),
            Ok(Record::Author(author)) => self.note_author_fields(&author),
            Ok(Record::Removed(_)) => {}
            Ok(Record::Comment(comment)) => {
                warnings.extend(self.comment(&comment, withheld, at));
            }
            Err(issue) => {
                match issue.of {
                    RecordKind::Page => self.pages_seen += 1,
                    RecordKind::Comment => self.lost_comment(&issue, at),
                    RecordKind::Author | RecordKind::File => {}
                }
                self.issues.add(at, issue);
            }
        }
        for warning in warnings {
            self.issues.add(at, warning);
        }
    }

    fn page_number(&mut self, id: &str) -> u32 {
        let id = id_hash(id);
        // Of the wire's own lines, a page may be in an earlier stream.
        let may_be_elsewhere = self.reader.header().is_some();
        *self.page_numbers.entry(id).or_insert_with(|| {
            let at = Position { byte: 0, line: 1, ..Position::default() };
            self.pages.push(PageRow {
                id,
                comments: 0,
                in_file: may_be_elsewhere,
                has_address: may_be_elsewhere,
                at,
                waiting: None,
            });
            u32::try_from(self.pages.len() - 1).expect("fewer than 4 billion pages")
        })
    }

    fn page(&mut self, page: &Page, at: Position) {
        self.pages_seen += 1;
        let number = self.page_number(&page.source_id);
        let row = &mut self.pages[number as usize];
        row.in_file = true;
        row.has_address |= page.url.is_some() || page.identifier.is_some();
        row.at = at;
        if let Some(waiting) = row.waiting.take() {
            for counted in waiting.counted {
                self.count(number, counted);
            }
            self.issues.merge(waiting.issues);
        }
    }

    fn count(&mut self, page: u32, comment: Counted) {
        self.pages[page as usize].comments += 1;
        self.first_page = self.first_page.or(Some(page));
        self.last_page = Some(page);
        self.tally.add(comment);
    }

    /// Takes a readable comment; returns the issues with its place in the
    /// tree, unless they wait with it for its page.
    fn comment(
        &mut self,
        comment: &Comment,
        withheld: Option<&'static str>,
        at: Position,
    ) -> Vec<Issue> {
        self.comments_seen += 1;
        self.note_comment_fields(comment);
        let page = self.page_number(&comment.page);
        let issues = self.tree.add(&Placed {
            id: &comment.source_id,
            parent: comment.parent.as_deref(),
            page: Some(page),
            at,
        });
        let counted = Counted::of(comment, withheld);
        if self.pages[page as usize].in_file {
            self.count(page, counted);
            return issues;
        }
        let waiting = self.pages[page as usize].waiting.get_or_insert_default();
        waiting.counted.push(counted);
        let source_id = Some(comment.source_id.clone());
        waiting.lost.add(at, Issue::lost(PAGE_NOT_IN_FILE, RecordKind::Comment, source_id));
        for issue in issues {
            waiting.issues.add(at, issue);
        }
        Vec::new()
    }

    fn lost_comment(&mut self, issue: &Issue, at: Position) {
        self.comments_seen += 1;
        *self.skipped.entry(issue.code).or_default() += 1;
        if let Some(id) = &issue.source_id {
            self.tree.add(&Placed { id, parent: None, page: None, at });
        }
    }

    fn note_comment_fields(&mut self, comment: &Comment) {
        self.note_author_fields(&comment.author);
        self.note_optional_fields([
            ("comment.ip", comment.ip.is_some()),
            ("comment.edited_at", comment.edited_at.is_some()),
            ("comment.votes", comment.votes.is_some()),
        ]);
    }

    /// Of an author in a comment, or of one that the file lists.
    fn note_author_fields(&mut self, author: &Author) {
        self.note_optional_fields([
            ("author.email", author.email.is_some()),
            ("author.url", author.url.is_some()),
        ]);
    }

    fn note_optional_fields<const N: usize>(&mut self, carried: [(&'static str, bool); N]) {
        for (field, is_carried) in carried {
            if is_carried
                && self.format.facts().optional_fields.contains(&field)
                && let Err(at) = self.optional_fields.binary_search(&field)
            {
                self.optional_fields.insert(at, field);
            }
        }
    }

    /// What the file holds, as far as it was read.
    #[must_use]
    pub fn finish(mut self) -> (Preview, Index) {
        let complete = if self.error.is_some() { Complete::No } else { self.reader.complete() };
        let origin = self.reader.origin().map(str::to_owned);
        self.skip_waiting();
        let pages = std::mem::take(&mut self.pages);
        let settled = std::mem::take(&mut self.tree)
            .settle(|page| pages.get(page as usize).is_some_and(|row| row.in_file));
        for (at, issue) in settled.issues {
            self.issues.add(at, issue);
        }
        for row in pages.iter().filter(|row| row.in_file && row.comments > 0 && !row.has_address) {
            self.issues.add(row.at, Issue::warning("page_without_address", RecordKind::Page, None));
        }
        if settled.capped {
            self.issues.add_placeless("checks_capped", Severity::Info);
        }
        if self.tally.kept == 0 {
            self.issues.add_placeless("no_comments", Severity::Warning);
        }
        let issues = self.issues.as_sent(&self.files);
        let header = self.reader.header().cloned();
        let fields: Vec<_> = match &header {
            Some(header) => header.known_fields().collect(),
            None => {
                self.format.facts().fields.iter().chain(&self.optional_fields).copied().collect()
            }
        };
        let skipped = self.skipped.values().sum();
        let summary = Summary {
            format: Some(self.format.facts().id),
            origin: origin.clone(),
            complete,
            pages: PageCounts {
                seen: self.pages_seen,
                with_comments: pages.iter().filter(|row| row.comments > 0).count() as u64,
            },
            comments: CommentCounts {
                seen: self.comments_seen,
                kept: self.tally.kept,
                skipped,
                skipped_by_reason: self.skipped,
                withheld_by_reason: self.tally.withheld.clone(),
                replies: self.tally.replies,
                orphans: settled.orphans,
                max_depth: settled.max_depth,
                by_status: self.tally.by_status,
            },
            authors: self.tally.authors(),
            first_at: self.tally.first_at,
            last_at: self.tally.last_at,
            issues: self.issues.into_groups(&self.files),
        };
        let of = |number: Option<u32>| number.map(|number| pages[number as usize].id);
        let index = Index {
            origin,
            header,
            shown: Shown {
                biggest: biggest(&pages),
                deepest: of(settled.deepest_page),
                first: of(self.first_page),
                last: of(self.last_page),
            },
            pages: pages.iter().filter(|row| row.in_file).map(|row| row.id).collect(),
            cut_parents: settled.cut_parents,
            clashing: settled.clashing,
            fields: fields.clone(),
        };
        let error = self.error.map(|error| ErrorReport {
            code: error.code,
            message: error.message,
            file: file_name(&self.files, error.file),
            byte: error.byte,
            line: error.line,
            version: error.version,
        });
        let preview = Preview {
            summary,
            error,
            months: self.tally.months(),
            fields,
            choices: self.reader.choices(),
            issues,
        };
        (preview, index)
    }

    /// Comments whose page never came are not kept.
    fn skip_waiting(&mut self) {
        for waiting in self.pages.iter_mut().filter_map(|row| row.waiting.take()) {
            *self.skipped.entry(PAGE_NOT_IN_FILE).or_default() += waiting.counted.len() as u64;
            self.issues.merge(waiting.lost);
        }
    }
}

fn biggest(pages: &[PageRow]) -> Vec<(u64, u64)> {
    let mut biggest: Vec<(u64, u64)> = Vec::new();
    for row in pages.iter().filter(|row| row.comments > 0) {
        // Of equals, the one that came first in the file.
        let after = biggest.partition_point(|(_, comments)| *comments >= row.comments);
        if after < BIGGEST_PAGES {
            biggest.insert(after, (row.id, row.comments));
            biggest.truncate(BIGGEST_PAGES);
        }
    }
    biggest
}
