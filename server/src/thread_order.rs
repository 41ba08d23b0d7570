//! A page's comments in the order in which they are read.

use std::collections::{HashMap, HashSet};

/// What the order follows from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Node {
    pub id: i64,
    pub parent_id: Option<i64>,
}

/// A comment's place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Placed {
    pub id: i64,
    /// Its parent among these comments.
    pub parent_id: Option<i64>,
    /// A root is 1.
    pub depth: u32,
}

/// Each comment after its parent, siblings in the order given. Nothing is left
/// out: without its parent here a comment is a root, and so is the first
/// comment of a ring. Depth costs no stack.
pub(crate) fn thread_order(nodes: &[Node]) -> Vec<Placed> {
    let here: HashSet<i64> = nodes.iter().map(|node| node.id).collect();
    let mut replies: HashMap<i64, Vec<i64>> = HashMap::new();
    let mut roots = Vec::new();
    for node in nodes {
        match node.parent_id.filter(|parent| here.contains(parent)) {
            Some(parent) => replies.entry(parent).or_default().push(node.id),
            None => roots.push(node.id),
        }
    }
    let mut placed = Vec::with_capacity(nodes.len());
    let mut seen = HashSet::with_capacity(nodes.len());
    let in_rings = nodes.iter().map(|node| node.id);
    for root in roots.into_iter().chain(in_rings) {
        let mut stack = vec![(root, None, 1_u32)];
        while let Some((id, parent_id, depth)) = stack.pop() {
            if !seen.insert(id) {
                continue;
            }
            placed.push(Placed { id, parent_id, depth });
            let below = replies.get(&id).into_iter().flatten().rev();
            stack.extend(below.map(|&reply| (reply, Some(id), depth + 1)));
        }
    }
    placed
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(nodes: &[(i64, Option<i64>)]) -> Vec<(i64, Option<i64>, u32)> {
        let nodes: Vec<_> = nodes.iter().map(|&(id, parent_id)| Node { id, parent_id }).collect();
        thread_order(&nodes)
            .into_iter()
            .map(|placed| (placed.id, placed.parent_id, placed.depth))
            .collect()
    }

    #[test]
    fn replies_follow_their_parents() {
        let nodes = [(1, None), (2, None), (3, Some(1)), (4, Some(3)), (5, Some(1))];
        assert_eq!(
            order(&nodes),
            [(1, None, 1), (3, Some(1), 2), (4, Some(3), 3), (5, Some(1), 2), (2, None, 1)]
        );
    }

    #[test]
    fn a_missing_parent_and_a_ring_hide_nothing() {
        assert_eq!(
            order(&[(1, Some(9)), (2, Some(3)), (3, Some(2))]),
            [(1, None, 1), (2, None, 1), (3, Some(2), 2)]
        );
    }

    #[test]
    fn depth_has_no_limit() {
        let nodes: Vec<_> = (1..=100_000).map(|id| (id, (id > 1).then_some(id - 1))).collect();
        assert_eq!(order(&nodes).last(), Some(&(100_000, Some(99_999), 100_000)));
    }
}
