//! Issues by code, with the first few places of each.

use std::collections::BTreeMap;

use super::summary::{IssueExample, IssueGroup};
use crate::{Issue, Position, RecordKind, Severity};

/// Places kept of one code.
const MAX_EXAMPLES: usize = 5;

/// Groups issues by code.
#[derive(Debug, Default)]
pub(crate) struct IssueGroups {
    groups: BTreeMap<&'static str, Group>,
}

#[derive(Debug)]
struct Group {
    severity: Severity,
    count: u64,
    /// In file order.
    examples: Vec<(Position, Option<String>)>,
}

impl IssueGroups {
    /// Counts one issue of the record at `record`, and keeps its place if it is
    /// among the first.
    pub(crate) fn add(&mut self, record: Position, issue: Issue) {
        let place = issue.at.unwrap_or(record);
        let at = Position { byte: place.byte, line: place.line, record: record.record };
        let group = self.groups.entry(issue.code).or_insert(Group {
            severity: issue.severity,
            count: 0,
            examples: Vec::new(),
        });
        group.count += issue.times;
        group.severity = group.severity.max(issue.severity);
        // Some issues only show at the end of the file, so the order of calls
        // is not that of the file.
        let after = group.examples.partition_point(|(known, _)| known.byte <= at.byte);
        if after < MAX_EXAMPLES {
            group.examples.insert(after, (at, issue.source_id));
            group.examples.truncate(MAX_EXAMPLES);
        }
    }

    /// Takes what was grouped apart.
    pub(crate) fn merge(&mut self, other: Self) {
        for (code, group) in other.groups {
            let mut rest = group.count;
            for (at, source_id) in group.examples {
                rest -= 1;
                let of = RecordKind::Comment;
                let issue =
                    Issue { code, severity: group.severity, of, source_id, at: None, times: 1 };
                self.add(at, issue);
            }
            if let Some(known) = self.groups.get_mut(code) {
                known.count += rest;
            }
        }
    }

    /// Counts something that has no place.
    pub(crate) fn add_placeless(&mut self, code: &'static str, severity: Severity) {
        self.groups.insert(code, Group { severity, count: 1, examples: Vec::new() });
    }

    /// The groups, worst first, then by code.
    pub(crate) fn into_groups(self, file: &str) -> Vec<IssueGroup> {
        let mut groups: Vec<_> = self
            .groups
            .into_iter()
            .map(|(code, group)| IssueGroup {
                code,
                severity: group.severity,
                count: group.count,
                examples: group
                    .examples
                    .into_iter()
                    .map(|(at, source_id)| IssueExample {
                        file: file.to_owned(),
                        byte: at.byte,
                        line: at.line,
                        record: at.record,
                        source_id,
                    })
                    .collect(),
            })
            .collect();
        groups.sort_by_key(|group| std::cmp::Reverse(group.severity));
        groups
    }
}
