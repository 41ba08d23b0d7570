//! Who answers whom, in a few bytes a comment.
//!
//! A comment's row holds its page and its depth below an anchor. Most comments
//! follow their parent in the file and need no more. One that names a parent
//! not yet seen becomes an anchor; once the file has ended, each anchor either
//! finds its parent, which gives the absolute depth of all that hangs below
//! it, or is an orphan, or closes a circle, which is cut there.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, DefaultHasher, Hasher};

use rehome_record::Header;

use crate::{Issue, Position, RecordKind};

/// An id as 64 bits, the same on every run. Two different ids of a million
/// share their hash once in 37 million files.
pub(crate) fn id_hash(id: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(id.as_bytes());
    hasher.finish()
}

/// Passes a hash through: the keys are hashes already.
#[derive(Default, Clone, Copy)]
pub(crate) struct Hashed(u64);

impl Hasher for Hashed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, _: &[u8]) {
        unreachable!("only u64 keys are hashed");
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}

pub(crate) type HashedMap<V> = HashMap<u64, V, BuildHasherDefault<Hashed>>;
pub(crate) type HashedSet = HashSet<u64, BuildHasherDefault<Hashed>>;

/// What a second pass over the same file needs to know of the first.
#[derive(Debug, Default)]
pub struct Index {
    /// Namespace of the file's ids.
    pub(crate) origin: Option<String>,
    /// What the file's lines were made with, where they are the wire's own.
    pub(crate) header: Option<Header>,
    /// Pages that are in the file.
    pub(crate) pages: HashedSet,
    /// Comments whose `parent` is not sent: they answer themselves, or in a circle.
    pub(crate) cut_parents: HashedSet,
    /// Ids that more than one comment has.
    pub(crate) clashing: HashedSet,
    /// Fields that this file carries.
    pub(crate) fields: Vec<&'static str>,
    /// Pages to show, by their hashes.
    pub(crate) shown: Shown,
}

/// Pages worth a look, by the hashes of their ids.
#[derive(Debug, Default, Clone)]
pub(crate) struct Shown {
    /// With their kept comments, most first.
    pub(crate) biggest: Vec<(u64, u64)>,
    pub(crate) deepest: Option<u64>,
    pub(crate) first: Option<u64>,
    pub(crate) last: Option<u64>,
}

/// A comment as the tree sees it.
#[derive(Debug)]
pub(crate) struct Placed<'a> {
    pub(crate) id: &'a str,
    pub(crate) parent: Option<&'a str>,
    /// Number of its page in the caller's table; none if the record was lost.
    pub(crate) page: Option<u32>,
    pub(crate) at: Position,
}

/// Where a comment hangs.
#[derive(Debug, Clone, Copy)]
struct Row {
    page: u32,
    /// Levels below the anchor; a root, and the anchor itself, is 1.
    depth: u32,
    /// 0: none, the depth is absolute. Else the number of the anchor, from 1.
    anchor: u32,
}

/// A row as it is kept, 8 bytes: most comments hang on no anchor.
#[derive(Debug, Clone, Copy)]
struct Kept {
    page: u32,
    /// 0: its row has an anchor and is kept apart.
    depth: u32,
}

/// Ids that are kept of one kind of record, at most.
pub(crate) const MAX_IDS: usize = 6_000_000;

/// What is kept at most, so that no file fills the browser's memory.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// Comments whose ids are known: 17 to 39 bytes each.
    pub(crate) ids: usize,
    /// Comments that came before their parents: about 130 bytes each.
    pub(crate) anchors: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { ids: MAX_IDS, anchors: 300_000 }
    }
}

/// The page number of a comment that was lost.
const LOST: u32 = u32::MAX;

#[derive(Debug)]
struct Anchor {
    id: u64,
    parent: u64,
    page: u32,
    at: Position,
    source_id: String,
    /// Deepest row that hangs on it, and that row's page.
    deepest: (u32, u32),
    /// Depth to add, once it is known.
    offset: Option<u32>,
}

/// Collects who answers whom.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    rows: HashedMap<Kept>,
    /// Depth and anchor of the rows that hang on one.
    anchored: HashedMap<(u32, u32)>,
    anchors: Vec<Anchor>,
    limits: Limits,
    /// A limit was reached: what came later was not checked.
    capped: bool,
    /// Deepest row without an anchor, and its page.
    deepest: (u32, u32),
    cut_parents: HashedSet,
    clashing: HashedSet,
}

/// What the tree says once the file has ended.
#[derive(Debug)]
pub(crate) struct Settled {
    pub(crate) issues: Vec<(Position, Issue)>,
    pub(crate) orphans: u64,
    pub(crate) max_depth: u32,
    pub(crate) deepest_page: Option<u32>,
    pub(crate) cut_parents: HashedSet,
    pub(crate) clashing: HashedSet,
    /// There were more comments than are checked.
    pub(crate) capped: bool,
}

impl Tree {
    fn row(&self, id: u64) -> Option<Row> {
        let Kept { page, depth } = *self.rows.get(&id)?;
        let (depth, anchor) = match depth {
            0 => self.anchored.get(&id).copied().unwrap_or((1, 0)),
            depth => (depth, 0),
        };
        Some(Row { page, depth, anchor })
    }

    /// Takes one comment; returns what is wrong with its place so far.
    pub(crate) fn add(&mut self, comment: &Placed<'_>) -> Vec<Issue> {
        let mut issues = Vec::new();
        let warning = |code| Issue::warning(code, RecordKind::Comment, Some(comment.id.to_owned()));
        let id = id_hash(comment.id);
        let row = match (comment.page, comment.parent) {
            (None, _) => Row { page: LOST, depth: 1, anchor: 0 },
            (Some(page), None) => Row { page, depth: 1, anchor: 0 },
            (Some(page), Some(parent)) if parent == comment.id => {
                self.cut_parents.insert(id);
                issues.push(warning("self_parent"));
                Row { page, depth: 1, anchor: 0 }
            }
            (Some(page), Some(parent)) => {
                let (row, issue) = self.below(comment, page, id_hash(parent));
                issues.extend(issue.map(warning));
                row
            }
        };
        let is_full = self.rows.len() >= self.limits.ids;
        match self.rows.entry(id) {
            Entry::Vacant(_) if is_full => self.capped = true,
            Entry::Vacant(vacant) if row.anchor == 0 => {
                vacant.insert(Kept { page: row.page, depth: row.depth });
            }
            Entry::Vacant(vacant) => {
                vacant.insert(Kept { page: row.page, depth: 0 });
                self.anchored.insert(id, (row.depth, row.anchor));
            }
            Entry::Occupied(_) if comment.page.is_some() => {
                self.clashing.insert(id);
                issues.push(warning("id_clash"));
            }
            Entry::Occupied(_) => {}
        }
        self.note_depth(row);
        issues
    }

    fn below(
        &mut self,
        comment: &Placed<'_>,
        page: u32,
        parent: u64,
    ) -> (Row, Option<&'static str>) {
        let Some(above) = self.row(parent) else {
            if self.anchors.len() >= self.limits.anchors || self.capped {
                self.capped = true;
                return (Row { page, depth: 1, anchor: 0 }, None);
            }
            self.anchors.push(Anchor {
                id: id_hash(comment.id),
                parent,
                page,
                at: comment.at,
                source_id: comment.id.to_owned(),
                deepest: (0, page),
                offset: None,
            });
            let anchor = u32::try_from(self.anchors.len()).expect("fewer than 4 billion comments");
            return (Row { page, depth: 1, anchor }, None);
        };
        if let Some(code) = mismatch(above.page, page) {
            return (Row { page, depth: 1, anchor: 0 }, Some(code));
        }
        (Row { page, depth: above.depth.saturating_add(1), anchor: above.anchor }, None)
    }

    fn note_depth(&mut self, row: Row) {
        if row.page == LOST {
            return;
        }
        let deepest = match row.anchor {
            0 => &mut self.deepest,
            number => &mut self.anchors[number as usize - 1].deepest,
        };
        if row.depth > deepest.0 {
            *deepest = (row.depth, row.page);
        }
    }

    /// Finds the anchors' parents. `in_file` says whether a page's record is in
    /// the file: comments elsewhere are not kept, and neither count nor nest.
    pub(crate) fn settle(mut self, in_file: impl Fn(u32) -> bool) -> Settled {
        let mut issues = Vec::new();
        let mut orphans = 0;
        for number in 0..self.anchors.len() {
            self.settle_anchor(number, &in_file, &mut issues, &mut orphans);
        }
        let mut deepest =
            if self.deepest.0 > 0 && in_file(self.deepest.1) { self.deepest } else { (0, 0) };
        for anchor in &self.anchors {
            let depth = anchor.deepest.0.saturating_add(anchor.offset.unwrap_or(0));
            if depth > deepest.0 && in_file(anchor.page) {
                deepest = (depth, anchor.deepest.1);
            }
        }
        Settled {
            issues,
            orphans,
            max_depth: deepest.0,
            deepest_page: (deepest.0 > 0).then_some(deepest.1),
            cut_parents: self.cut_parents,
            clashing: self.clashing,
            capped: self.capped,
        }
    }

    /// Walks up from an anchor to one whose depth is known, then back down.
    fn settle_anchor(
        &mut self,
        number: usize,
        in_file: &impl Fn(u32) -> bool,
        issues: &mut Vec<(Position, Issue)>,
        orphans: &mut u64,
    ) {
        let mut path = Vec::new();
        let mut on_path = HashedSet::default();
        let mut at = number;
        // Depth of the parent of the topmost anchor of the path.
        let top = loop {
            let anchor = &self.anchors[at];
            if anchor.offset.is_some() {
                break None;
            }
            path.push(at);
            on_path.insert(at as u64);
            let above = self.row(anchor.parent);
            let code = match above {
                // It may be one of those that were not kept.
                None if self.capped => break Some(0),
                None => Some("parent_not_in_file"),
                Some(row) => mismatch(row.page, anchor.page),
            };
            if let Some(code) = code {
                if in_file(anchor.page) {
                    *orphans += u64::from(above.is_none());
                    let source_id = Some(anchor.source_id.clone());
                    issues.push((anchor.at, Issue::warning(code, RecordKind::Comment, source_id)));
                }
                break Some(0);
            }
            let row = above.expect("a missing row has a code");
            match row.anchor {
                0 => break Some(row.depth),
                next if on_path.contains(&(u64::from(next) - 1)) => {
                    self.cut_circle(next as usize - 1, &path, in_file, issues, orphans);
                    return;
                }
                next => at = next as usize - 1,
            }
        };
        if let Some(offset) = top {
            let last = path.pop().expect("the loop pushed before it broke with a depth");
            self.anchors[last].offset = Some(offset);
        }
        for below in path.into_iter().rev() {
            let Some(row) = self.row(self.anchors[below].parent) else { continue };
            let above = self.anchors[row.anchor as usize - 1].offset.unwrap_or(0);
            self.anchors[below].offset = Some(above.saturating_add(row.depth));
        }
    }

    /// Of the anchors that form a circle, the one that stands first in the file
    /// becomes a root; the others are then below it.
    fn cut_circle(
        &mut self,
        entry: usize,
        path: &[usize],
        in_file: &impl Fn(u32) -> bool,
        issues: &mut Vec<(Position, Issue)>,
        orphans: &mut u64,
    ) {
        let from = path.iter().position(|at| *at == entry).unwrap_or(0);
        let Some(first) = path[from..]
            .iter()
            .copied()
            .min_by_key(|at| (self.anchors[*at].at.file, self.anchors[*at].at.byte))
        else {
            return;
        };
        let anchor = &mut self.anchors[first];
        anchor.offset = Some(0);
        self.cut_parents.insert(anchor.id);
        let source_id = Some(anchor.source_id.clone());
        issues.push((anchor.at, Issue::warning("parent_cycle", RecordKind::Comment, source_id)));
        for at in path {
            self.settle_anchor(*at, in_file, issues, orphans);
        }
    }
}

/// Why a comment cannot stand below one of another page.
fn mismatch(above: u32, page: u32) -> Option<&'static str> {
    match above {
        LOST => Some("parent_skipped"),
        above if above != page => Some("parent_on_other_page"),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
