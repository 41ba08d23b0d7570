//! What of a page's comments its readers see, and where they go on reading.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::str::FromStr;

use crate::store::shown::ShownNode;
use crate::thread_order::{Placed, thread_order};

/// The comments of a page in the order in which they are read, those that are
/// hidden among them: whoever went on reading there still knows the place.
#[derive(Debug)]
pub(crate) struct ShownOrder {
    placed: Vec<Placed>,
    shown: HashSet<i64>,
    /// Shown, or above one that is.
    kept: HashSet<i64>,
    created_at: HashMap<i64, Option<i64>>,
}

/// The last comment that was given, and the thread that it is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cursor {
    last: i64,
    root: i64,
    root_created_at: Option<i64>,
}

impl ShownOrder {
    /// Takes the comments by time.
    pub(crate) fn new(nodes: &[ShownNode]) -> Self {
        let order: Vec<_> = nodes.iter().map(|shown| shown.node).collect();
        let placed = thread_order(&order);
        let shown: HashSet<_> =
            nodes.iter().filter(|node| node.is_shown).map(|node| node.node.id).collect();
        let mut kept = shown.clone();
        // Replies stand after their parents, so from the end on all is known of a comment.
        for placed in placed.iter().rev() {
            if let Some(parent) = placed.parent_id.filter(|_| kept.contains(&placed.id)) {
                kept.insert(parent);
            }
        }
        let created_at = nodes.iter().map(|node| (node.node.id, node.created_at)).collect();
        Self { placed, shown, kept, created_at }
    }

    /// Comments whose words are shown.
    pub(crate) fn count(&self) -> u64 {
        self.shown.len() as u64
    }

    /// So many comments from a place on, each with whether its words are shown,
    /// and where to go on from; nothing at the end.
    pub(crate) fn part(
        &self,
        after: Option<Cursor>,
        limit: usize,
    ) -> (Vec<(Placed, bool)>, Option<Cursor>) {
        let start = after.map_or(0, |cursor| self.start(cursor));
        let mut rest = (start..self.placed.len())
            .filter(|&at| self.kept.contains(&self.placed[at].id))
            .take(limit + 1)
            .collect::<Vec<_>>();
        let more = rest.len() > limit;
        rest.truncate(limit);
        let next = rest.last().filter(|_| more).map(|&at| self.cursor(at));
        let part = rest.into_iter().map(|at| {
            let placed = self.placed[at];
            (placed, self.shown.contains(&placed.id))
        });
        (part.collect(), next)
    }

    fn cursor(&self, at: usize) -> Cursor {
        let root = self.placed[..=at].iter().rev().find(|placed| placed.depth == 1);
        let last = self.placed[at].id;
        let root = root.map_or(last, |root| root.id);
        Cursor { last, root, root_created_at: self.created_at.get(&root).copied().flatten() }
    }

    /// After the last one. Where that is gone, its thread is begun again, or
    /// else what comes after its thread: rather twice than not at all.
    fn start(&self, cursor: Cursor) -> usize {
        if let Some(at) = self.placed.iter().position(|placed| placed.id == cursor.last) {
            return at + 1;
        }
        let from = (cursor.root_created_at, cursor.root);
        let is_next = |placed: &Placed| {
            let created_at = self.created_at.get(&placed.id).copied().flatten();
            placed.depth == 1 && (created_at, placed.id) >= from
        };
        self.placed.iter().position(is_next).unwrap_or(self.placed.len())
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}-{}", self.last, self.root)?;
        match self.root_created_at {
            Some(created_at) => write!(out, "-{created_at}"),
            None => Ok(()),
        }
    }
}

/// What is no cursor of ours.
#[derive(Debug)]
pub(crate) struct NoCursor;

impl FromStr for Cursor {
    type Err = NoCursor;

    fn from_str(text: &str) -> Result<Self, NoCursor> {
        let mut parts = text.splitn(3, '-');
        let mut id = || parts.next().and_then(|part| part.parse().ok()).ok_or(NoCursor);
        let (last, root) = (id()?, id()?);
        let root_created_at =
            parts.next().map(|part| part.parse().map_err(|_| NoCursor)).transpose()?;
        Ok(Self { last, root, root_created_at })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::thread_order::Node;

    /// `(id, parent, is_shown)`, each a second after the one before.
    fn order(nodes: &[(i64, Option<i64>, bool)]) -> ShownOrder {
        let nodes = nodes.iter().map(|&(id, parent_id, is_shown)| ShownNode {
            node: Node { id, parent_id },
            created_at: Some(id * 1_000_000),
            is_shown,
        });
        ShownOrder::new(&nodes.collect::<Vec<_>>())
    }

    /// Ids, those without words below zero.
    fn ids(part: &[(Placed, bool)]) -> Vec<i64> {
        part.iter().map(|(placed, shown)| if *shown { placed.id } else { -placed.id }).collect()
    }

    fn all(order: &ShownOrder) -> Vec<i64> {
        ids(&order.part(None, 100).0)
    }

    #[test]
    fn what_is_hidden_stands_only_where_an_answer_needs_it() {
        let hidden = order(&[
            (1, None, false),
            (2, Some(1), false),
            (3, Some(2), true),
            (4, Some(1), false),
            (5, None, false),
            (6, None, true),
            (7, Some(6), false),
        ]);
        assert_eq!(all(&hidden), [-1, -2, 3, 6]);
        assert_eq!(hidden.count(), 2);
    }

    #[test]
    fn parts_are_the_whole() {
        let nodes: Vec<_> =
            (1..=50).map(|id| (id, (id % 3 == 0).then_some(id - 1), id % 4 != 0)).collect();
        let order = order(&nodes);
        for limit in 1..=51 {
            let (mut got, mut cursor) = (Vec::new(), None);
            loop {
                let (part, next) = order.part(cursor, limit);
                got.extend(ids(&part));
                // As it travels.
                let Some(next) = next else { break };
                assert_eq!(part.len(), limit);
                cursor = Some(next.to_string().parse().unwrap());
            }
            assert_eq!(got, all(&order), "{limit}");
        }
    }

    #[test]
    fn a_place_outlives_what_stood_there() {
        let before =
            order(&[(1, None, true), (2, Some(1), true), (3, None, true), (4, None, true)]);
        let (_, cursor) = before.part(None, 2);
        let next = |order: &ShownOrder| ids(&order.part(cursor, 10).0);
        assert_eq!(next(&before), [3, 4]);
        // New ones before it are not for this reader any more; those after it are.
        let more = [
            (1, None, true),
            (2, Some(1), true),
            (3, None, true),
            (4, None, true),
            (5, Some(2), true),
        ];
        assert_eq!(next(&order(&more)), [5, 3, 4]);
        assert_eq!(next(&order(&[(1, None, true), (2, Some(1), false), (3, None, true)])), [3]);
        assert_eq!(next(&order(&[(1, None, true), (3, None, true)])), [1, 3]);
        assert_eq!(next(&order(&[(3, None, true)])), [3]);
        assert!(next(&order(&[])).is_empty());
    }

    #[test]
    fn words_are_no_cursor() {
        for words in ["", "1", "-", "1-", "a-b", "1-2-", "1-2-x", "99999999999999999999-1"] {
            assert!(words.parse::<Cursor>().is_err(), "{words}");
        }
        let early = Cursor { last: 1, root: 2, root_created_at: Some(-5) };
        assert_eq!(early.to_string().parse::<Cursor>().unwrap(), early);
    }
}
