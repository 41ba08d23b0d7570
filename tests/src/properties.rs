//! What holds for threads and ids, in every format.

use std::collections::{BTreeMap, BTreeSet};

use rehome_formats::{FORMATS, Record};
use rehome_record::{Comment, Line, Status};

use crate::fixtures::{self, Fixture, entries, lines, ndjson, preview};

/// What a file can have that breaks threads, or looks as if it did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Trap {
    SelfParent,
    Circle,
    AnswerToDeleted,
    AnswerToSpam,
    EqualIds,
}

const TRAPS: [Trap; 5] =
    [Trap::SelfParent, Trap::Circle, Trap::AnswerToDeleted, Trap::AnswerToSpam, Trap::EqualIds];

/// What a format cannot have.
const CANNOT: &[(&str, Trap, &str)] = &[
    ("cusdis", Trap::AnswerToSpam, "there is no such mark"),
    ("intensedebate", Trap::AnswerToDeleted, "exports hold public comments alone"),
    ("intensedebate", Trap::AnswerToSpam, "exports hold public comments alone"),
    ("just-comments", Trap::AnswerToDeleted, "what is deleted is not in the table"),
    ("just-comments", Trap::AnswerToSpam, "there is no such mark"),
    ("muut", Trap::SelfParent, "replies stand inside of what they answer"),
    ("muut", Trap::Circle, "replies stand inside of what they answer"),
];

/// The comments of a fixture that are sent: as the file has them, and as the
/// wire does.
fn before_and_after(fixture: &Fixture) -> Vec<(Comment, Comment)> {
    let (entries, error) = entries(&fixture.name, &fixture.bytes, 4096);
    assert_eq!(error, None, "{}", fixture.name);
    let mut before = entries.into_iter().filter_map(|entry| match entry.record {
        Ok(Record::Comment(comment)) if entry.withheld.is_none() => Some(*comment),
        _ => None,
    });
    let sent = lines(&fixture.name, &fixture.bytes).unwrap().0;
    let after = sent.into_iter().filter_map(|line| match line {
        Line::Comment(comment) => Some(*comment),
        _ => None,
    });
    // In the same order, but for those that are left out.
    let pairs = after.map(|after| {
        let is_same = |before: &Comment| {
            let mut same = Comment { parent: before.parent.clone(), ..after.clone() };
            let told_apart = same.source_id.starts_with(&format!("{}~", before.source_id));
            if told_apart {
                same.source_id.clone_from(&before.source_id);
            }
            same == *before
        };
        let found = before.by_ref().find(is_same);
        let found = found.unwrap_or_else(|| panic!("{}: {}", fixture.name, after.source_id));
        (found, after)
    });
    pairs.collect()
}

/// How often the preview names an issue.
fn named(fixture: &Fixture, code: &str) -> u64 {
    let issues = preview(&fixture.name, &fixture.bytes).unwrap().0.summary.issues;
    issues.iter().filter(|issue| issue.code == code).map(|issue| issue.count).sum()
}

#[test]
fn every_parent_is_sent_as_it_is_but_for_circles_which_are_cut_and_said() {
    for fixture in fixtures::all() {
        let name = &fixture.name;
        let comments = before_and_after(&fixture);
        let mut cut = 0;
        for (before, after) in &comments {
            if before.parent != after.parent {
                assert_eq!(after.parent, None, "{name}: {}", after.source_id);
                cut += 1;
            }
        }
        assert_eq!(cut, named(&fixture, "self_parent") + named(&fixture, "parent_cycle"), "{name}");
        let parents: BTreeMap<_, _> =
            comments.iter().map(|(_, after)| (&after.source_id, after.parent.as_ref())).collect();
        for start in parents.keys() {
            let mut at = Some(*start);
            let mut steps = 0;
            while let Some(id) = at {
                at = parents.get(id).copied().flatten();
                steps += 1;
                assert!(steps <= parents.len(), "{name}: {start} is in a circle");
            }
        }
    }
}

#[test]
fn equal_ids_are_told_apart_and_said_the_same_way_on_every_run() {
    for fixture in fixtures::all() {
        let name = &fixture.name;
        let comments = before_and_after(&fixture);
        let ids: BTreeSet<_> = comments.iter().map(|(_, after)| &after.source_id).collect();
        assert_eq!(ids.len(), comments.len(), "{name}");
        let mut met: BTreeMap<&str, u32> = BTreeMap::new();
        for (before, after) in &comments {
            let times = met.entry(&before.source_id).or_default();
            *times += 1;
            match *times {
                1 => assert_eq!(after.source_id, before.source_id, "{name}"),
                n => assert_eq!(after.source_id, format!("{}~{n}", before.source_id), "{name}"),
            }
        }
        let again: u64 = met.values().map(|times| u64::from(times - 1)).sum();
        assert!(named(&fixture, "id_clash") >= again, "{name}");
        let run = || ndjson(&lines(name, &fixture.bytes).unwrap().0);
        assert!(run() == run(), "{name}");
    }
}

#[test]
fn every_format_has_a_fixture_for_each_trap_that_it_can_have() {
    let mut shown = BTreeSet::new();
    for fixture in fixtures::all() {
        let format = fixture.format.facts().id;
        let codes = [
            ("self_parent", Trap::SelfParent),
            ("parent_cycle", Trap::Circle),
            ("id_clash", Trap::EqualIds),
        ];
        for (code, trap) in codes {
            if named(&fixture, code) > 0 {
                shown.insert((format, trap));
            }
        }
        let comments = before_and_after(&fixture);
        let by_id: BTreeMap<_, _> =
            comments.iter().map(|(_, after)| (&after.source_id, after)).collect();
        for (_, after) in &comments {
            let parent = after.parent.as_ref().and_then(|parent| by_id.get(parent));
            match parent.filter(|parent| parent.page == after.page).map(|parent| parent.status) {
                Some(Status::Deleted) => drop(shown.insert((format, Trap::AnswerToDeleted))),
                Some(Status::Spam) => drop(shown.insert((format, Trap::AnswerToSpam))),
                _ => {}
            }
        }
    }
    let mut missing = Vec::new();
    for format in FORMATS.iter().map(|format| format.facts().id) {
        for trap in TRAPS {
            let cannot = CANNOT.iter().any(|(id, which, _)| (*id, *which) == (format, trap));
            let is_shown = shown.contains(&(format, trap));
            assert!(!(cannot && is_shown), "{format} has {trap:?} after all");
            if !cannot && !is_shown {
                missing.push((format, trap));
            }
        }
    }
    assert!(missing.is_empty(), "no fixture shows {missing:?}");
}
