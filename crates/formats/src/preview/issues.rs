//! Issues by code, with the first few places of each.

use rehome_record::{IssuePlace, IssueSeverity, MAX_PLACES, ReaderIssue};

use super::summary::{IssueExample, IssueGroup};
use crate::{Issue, Position, RecordKind, Severity};

/// Places shown of one code.
const MAX_EXAMPLES: usize = 5;

/// Groups issues by code.
#[derive(Debug)]
pub(crate) struct IssueGroups {
    /// In the order of their codes.
    groups: Vec<Group>,
    /// Places kept of one code.
    most_places: usize,
}

/// Of a part of the file: there may be very many parts.
impl Default for IssueGroups {
    fn default() -> Self {
        Self { groups: Vec::new(), most_places: MAX_EXAMPLES }
    }
}

#[derive(Debug)]
struct Group {
    code: &'static str,
    severity: Severity,
    count: u64,
    /// In file order.
    examples: Vec<(Position, Option<String>)>,
}

impl IssueGroups {
    /// Of the whole file.
    pub(crate) fn of_all() -> Self {
        Self { groups: Vec::new(), most_places: MAX_PLACES }
    }

    /// Counts one issue of the record at `record`, and keeps its place if it is
    /// among the first.
    pub(crate) fn add(&mut self, record: Position, issue: Issue) {
        let place = issue.at.unwrap_or(record);
        let at = Position { record: record.record, ..place };
        let most = self.most_places;
        let group = self.group(issue.code, issue.severity);
        group.count += issue.times;
        group.severity = group.severity.max(issue.severity);
        // Some issues only show at the end of the file, so the order of calls
        // is not that of the file.
        let after = group
            .examples
            .partition_point(|(known, _)| (known.file, known.byte) <= (at.file, at.byte));
        if after < most {
            group.examples.insert(after, (at, issue.source_id));
            group.examples.truncate(most);
        }
    }

    /// Takes what was grouped apart.
    pub(crate) fn merge(&mut self, other: Self) {
        for Group { code, severity, count, examples } in other.groups {
            let mut rest = count;
            for (at, source_id) in examples {
                rest -= 1;
                let of = RecordKind::Comment;
                self.add(at, Issue { code, severity, of, source_id, at: None, times: 1 });
            }
            self.group(code, severity).count += rest;
        }
    }

    /// Counts something that has no place.
    pub(crate) fn add_placeless(&mut self, code: &'static str, severity: Severity) {
        let group = self.group(code, severity);
        *group = Group { code, severity, count: 1, examples: Vec::new() };
    }

    /// The group of a code; a new one where there is none.
    fn group(&mut self, code: &'static str, severity: Severity) -> &mut Group {
        let at = self.groups.binary_search_by_key(&code, |group| group.code).unwrap_or_else(|at| {
            self.groups.insert(at, Group { code, severity, count: 0, examples: Vec::new() });
            at
        });
        &mut self.groups[at]
    }

    /// What goes with the import, by code: places, and nothing of what stands there.
    pub(crate) fn as_sent(&self, files: &[String]) -> Vec<ReaderIssue> {
        let place = |at: &Position| IssuePlace {
            file: file_name(files, at.file),
            line: at.line,
            byte: at.byte,
        };
        let issue = |group: &Group| ReaderIssue {
            code: group.code.to_owned(),
            severity: match group.severity {
                Severity::Info => IssueSeverity::Info,
                Severity::Warning => IssueSeverity::Warning,
                Severity::Error => IssueSeverity::Error,
            },
            count: group.count,
            places: group.examples.iter().map(|(at, _)| place(at)).collect(),
        };
        rehome_record::fitting(self.groups.iter().map(issue).collect())
    }

    /// The groups, worst first, then by code.
    pub(crate) fn into_groups(self, files: &[String]) -> Vec<IssueGroup> {
        let mut groups: Vec<IssueGroup> = Vec::with_capacity(self.groups.len());
        for Group { code, severity, count, examples } in self.groups {
            let examples = examples
                .into_iter()
                .take(MAX_EXAMPLES)
                .map(|(at, source_id)| IssueExample {
                    file: file_name(files, at.file),
                    byte: at.byte,
                    line: at.line,
                    record: at.record,
                    source_id,
                })
                .collect();
            let after = groups.partition_point(|known| known.severity >= severity);
            groups.insert(after, IssueGroup { code, severity, count, examples });
        }
        groups
    }
}

/// The name of a file of the export.
pub(crate) fn file_name(files: &[String], file: u32) -> String {
    files.get(file as usize).cloned().unwrap_or_default()
}
