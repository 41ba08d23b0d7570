//! What a preview says: the stable JSON of `rehome preview --json`, and what
//! the import page shows beside it.

use std::collections::BTreeMap;

use rehome_record::{BodyFormat, Complete, Options, ReaderIssue, Seen, Status, Timestamp};
use serde::Serialize;

use crate::options::{TAKE_PRIVATE, is_set};
use crate::{Choice, Severity};

/// The numbers of an export. Held stable: `rehome preview --json` prints it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Summary {
    /// Format id, e.g. `disqus`; none where the file is of no known format.
    pub format: Option<&'static str>,
    /// Namespace of the source's ids; none where the file names none.
    pub origin: Option<String>,
    /// Whether the file proved that it ended.
    pub complete: Complete,
    /// Page records.
    pub pages: PageCounts,
    /// Comment records.
    pub comments: CommentCounts,
    /// Who wrote the kept comments.
    pub authors: AuthorCounts,
    /// Oldest time of a kept comment.
    #[cfg_attr(feature = "ts", ts(type = "string | null"))]
    pub first_at: Option<Timestamp>,
    /// Newest time of a kept comment.
    #[cfg_attr(feature = "ts", ts(type = "string | null"))]
    pub last_at: Option<Timestamp>,
    /// What needs a look, by code.
    pub issues: Vec<IssueGroup>,
}

/// Page records.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct PageCounts {
    /// As the file holds them.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub seen: u64,
    /// Those that a kept comment stands on.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub with_comments: u64,
}

/// Comment records: `seen = kept + skipped`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct CommentCounts {
    /// As the file holds them.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub seen: u64,
    /// Those that can be sent.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub kept: u64,
    /// Those that are not.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub skipped: u64,
    /// The same by issue code.
    #[cfg_attr(feature = "ts", ts(type = "Record<string, number>"))]
    pub skipped_by_reason: BTreeMap<&'static str, u64>,
    /// Of those that are kept: not sent unless an admin says so, by reason,
    /// e.g. `private_page`. [`Summary::sent`] tells what is left.
    #[cfg_attr(feature = "ts", ts(type = "Record<string, number>"))]
    pub withheld_by_reason: BTreeMap<&'static str, u64>,
    /// Kept comments that name a parent.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub replies: u64,
    /// Kept comments whose parent is not in the file.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub orphans: u64,
    /// Deepest nesting; a comment without a parent in the file is 1.
    pub max_depth: u32,
    /// Kept comments by status.
    pub by_status: StatusCounts,
}

/// Kept comments by status.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct StatusCounts {
    /// Shown.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub approved: u64,
    /// Waiting for a moderator.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub pending: u64,
    /// Marked as spam.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub spam: u64,
    /// Deleted.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub deleted: u64,
}

impl StatusCounts {
    /// Counts one comment.
    pub(crate) fn add(&mut self, status: Status) {
        match status {
            Status::Approved => self.approved += 1,
            Status::Pending => self.pending += 1,
            Status::Spam => self.spam += 1,
            Status::Deleted => self.deleted += 1,
        }
    }
}

/// Who wrote the kept comments.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct AuthorCounts {
    /// Distinct accounts.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub named: u64,
    /// Comments without an account.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub guests: u64,
}

/// Issues of one code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct IssueGroup {
    /// Stable word, e.g. `page_not_in_file`.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// How often it occurs.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub count: u64,
    /// The first few places.
    pub examples: Vec<IssueExample>,
}

/// One place where an issue occurs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct IssueExample {
    /// Name of the file.
    pub file: String,
    /// Offset in the inflated text, from 0.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub byte: u64,
    /// From 1.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub line: u64,
    /// Number of the record in the file, from 1; none outside of records.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub record: Option<u64>,
    /// The vendor's id, where the record has one.
    pub source_id: Option<String>,
}

/// Why and where a file could not be read on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct ErrorReport {
    /// Stable word, e.g. `file_cut`.
    pub code: &'static str,
    /// One English sentence: what is wrong and what to do.
    pub message: String,
    /// Name of the file.
    pub file: String,
    /// Offset in the inflated text, from 0.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub byte: u64,
    /// From 1.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub line: u64,
    /// The number of the file's version, where no reader knows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "ts", ts(type = "number", optional))]
    pub version: Option<i64>,
}

/// Everything the first pass over a file tells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Preview {
    /// The numbers.
    pub summary: Summary,
    /// Why the file could not be read to its end.
    pub error: Option<ErrorReport>,
    /// Kept comments per month, oldest first; months without any are not listed.
    pub months: Vec<MonthCount>,
    /// Fields that this file carries, for the header of the stream.
    pub fields: Vec<&'static str>,
    /// What the file leaves open and an admin can decide.
    pub choices: Vec<Choice>,
    /// The summary's issues as they go with the import: more places of each, and
    /// no ids. Not part of what is shown.
    #[serde(skip)]
    #[cfg_attr(feature = "ts", ts(skip))]
    pub issues: Vec<ReaderIssue>,
}

/// Kept comments of one month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct MonthCount {
    /// `YYYY-MM`, UTC.
    pub month: String,
    /// How many.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub comments: u64,
}

/// What the second pass shows: pages and threads as they will look.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Samples {
    /// Pages with the most kept comments, most first.
    pub biggest_pages: Vec<PageSample>,
    /// The threads that are worth a look, without repeats.
    pub threads: Vec<ThreadSample>,
}

/// A page and how much stands on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct PageSample {
    /// The vendor's id.
    pub source_id: String,
    /// Plain text.
    pub title: Option<String>,
    /// As the file gives it.
    pub url: Option<String>,
    /// Kept comments.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub comments: u64,
}

/// Some comments of one page, in thread order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct ThreadSample {
    /// Why this one is shown.
    pub why: ThreadReason,
    /// The page.
    pub page: PageSample,
    /// Each after its parent.
    pub comments: Vec<CommentSample>,
}

/// Why a thread is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub enum ThreadReason {
    /// The page with the most comments.
    Biggest,
    /// The page with the deepest nesting.
    Deepest,
    /// The page of the first comment in the file.
    First,
    /// The page of the last comment in the file.
    Last,
}

/// One comment of a sample thread.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct CommentSample {
    /// The vendor's id.
    pub source_id: String,
    /// The parent's id, where it names one.
    pub parent: Option<String>,
    /// A root, or a comment whose parent is not shown, is 1.
    pub depth: u32,
    /// Name as shown; none for a purged author.
    pub author: Option<String>,
    /// When it was written.
    #[cfg_attr(feature = "ts", ts(type = "string | null"))]
    pub created_at: Option<Timestamp>,
    /// Whether it is shown.
    pub status: Status,
    /// The vendor's words, not sanitised: for a sandbox alone. Long ones are cut.
    pub body: Option<String>,
    /// How to read `body`.
    pub body_format: BodyFormat,
}

/// What a file seems to be, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Detection {
    /// Format id; none where no format of the list is recognised.
    pub format: Option<&'static str>,
    /// The format's own name, e.g. `Disqus`.
    pub name: Option<&'static str>,
    /// What was found, or what the file is instead, strongest first.
    pub reasons: Vec<Reason>,
    /// The file is gzip.
    pub gzip: bool,
    /// Format ids that recognise the file, where more than one does: an admin
    /// has to say which it is.
    pub candidates: Vec<&'static str>,
    /// Files that are read as one export.
    pub files: u32,
    /// Of those, files that are of no format that this build reads.
    pub unknown_files: u32,
}

/// One thing that was found in a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Reason {
    /// Stable word, e.g. `root_element`.
    pub code: &'static str,
    /// What stands there, e.g. the element's name.
    pub detail: Option<String>,
}

impl Summary {
    /// What an import with these options sends, in a sum that adds up: what is
    /// withheld counts as left out unless it is taken.
    #[must_use]
    pub fn sent(&self, options: &Options) -> Seen {
        let comments = &self.comments;
        let mut kept = comments.kept;
        let mut skipped_by_reason = BTreeMap::new();
        let mut leave_out = |by_reason: &BTreeMap<&'static str, u64>| {
            for (reason, count) in by_reason {
                *skipped_by_reason.entry((*reason).to_owned()).or_default() += count;
            }
        };
        leave_out(&comments.skipped_by_reason);
        if !is_set(options, TAKE_PRIVATE) {
            leave_out(&comments.withheld_by_reason);
            kept -= comments.withheld_by_reason.values().sum::<u64>();
        }
        Seen { comments: comments.seen, kept, skipped_by_reason, complete: self.complete }
    }

    /// Of a file of which nothing could be read.
    #[must_use]
    pub fn of_nothing() -> Self {
        Self {
            format: None,
            origin: None,
            complete: Complete::No,
            pages: PageCounts::default(),
            comments: CommentCounts::default(),
            authors: AuthorCounts::default(),
            first_at: None,
            last_at: None,
            issues: Vec::new(),
        }
    }
}
