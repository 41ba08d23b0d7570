use super::*;

/// `(id, parent)` in file order, all on one page.
fn settle(comments: &[(&str, &str)]) -> (u32, u64, Vec<(&'static str, String)>) {
    let mut tree = Tree::default();
    let mut codes = Vec::new();
    for (at, (id, parent)) in (0..).zip(comments) {
        let parent = Some(*parent).filter(|parent| !parent.is_empty());
        let at = Position { byte: at, line: 1, record: Some(at + 1), file: 0 };
        let issues = tree.add(&Placed { id, parent, page: Some(0), at });
        codes.extend(issues.into_iter().map(|i| (i.code, i.source_id.unwrap())));
    }
    let settled = tree.settle(|_| true);
    codes.extend(settled.issues.into_iter().map(|(_, i)| (i.code, i.source_id.unwrap())));
    (settled.max_depth, settled.orphans, codes)
}

#[test]
fn depth_is_the_same_in_any_order() {
    let comments = [("a", ""), ("b", "a"), ("c", "b"), ("d", "c"), ("e", "b")];
    let mut order = [0, 1, 2, 3, 4];
    // Heap's algorithm over all 120 orders.
    let mut counters = [0; 5];
    let mut at = 0;
    loop {
        let shuffled: Vec<_> = order.iter().map(|n| comments[*n]).collect();
        assert_eq!(settle(&shuffled), (4, 0, vec![]), "{shuffled:?}");
        while at < 5 && counters[at] >= at {
            counters[at] = 0;
            at += 1;
        }
        if at == 5 {
            return;
        }
        order.swap(if at % 2 == 0 { 0 } else { counters[at] }, at);
        counters[at] += 1;
        at = 0;
    }
}

#[test]
fn an_orphan_starts_a_thread() {
    let expected = [("parent_not_in_file", "b".to_owned())];
    assert_eq!(settle(&[("a", ""), ("b", "x"), ("c", "b")]), (2, 1, expected.to_vec()));
}

#[test]
fn circles_are_cut_at_their_first_comment() {
    let (depth, orphans, codes) = settle(&[("t", "c"), ("a", "c"), ("b", "a"), ("c", "b")]);
    assert_eq!((depth, orphans), (4, 0));
    assert_eq!(codes, [("parent_cycle", "a".to_owned())]);
    assert_eq!(settle(&[("a", "a")]), (1, 0, vec![("self_parent", "a".to_owned())]));
}

#[test]
fn what_is_not_checked_any_more_is_said() {
    for (limits, capped) in [((9, 9), false), ((2, 9), true), ((9, 0), true)] {
        let limits = Limits { ids: limits.0, anchors: limits.1 };
        let mut tree = Tree { limits, ..Tree::default() };
        for (id, parent) in [("a", None), ("b", Some("c")), ("c", Some("a"))] {
            let at = Position { byte: 0, line: 1, ..Position::default() };
            assert_eq!(tree.add(&Placed { id, parent, page: Some(0), at }), []);
        }
        let settled = tree.settle(|_| true);
        assert_eq!(settled.capped, capped, "{limits:?}");
        // What was not looked for is never called missing, unless the check was whole.
        assert!(capped || settled.orphans == 0, "{limits:?}");
    }
}

#[test]
fn equal_ids_are_said() {
    let (_, _, codes) = settle(&[("a", ""), ("a", "")]);
    assert_eq!(codes, [("id_clash", "a".to_owned())]);
}
