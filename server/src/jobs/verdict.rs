//! What becomes of a line whose record may be known already.

use std::collections::HashMap;

use crate::store::{Known, RecordHash};

/// What to do with a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It is new.
    Insert,
    /// Its source sent something else before; our id.
    Update(i64),
    /// It is as its source sent it before.
    Unchanged,
    /// This import had the same line already.
    SameAgain,
    /// This import had another record of this id already.
    Clash,
}

/// Judges by what is known of the id, from before or from this import.
pub(crate) fn judge(
    known: &HashMap<String, Known>,
    source_id: &str,
    hash: RecordHash,
    import: i64,
) -> Verdict {
    match known.get(source_id) {
        None => Verdict::Insert,
        Some(known) if known.seen_in == import && known.hash == hash => Verdict::SameAgain,
        Some(known) if known.seen_in == import => Verdict::Clash,
        Some(known) if known.hash == hash => Verdict::Unchanged,
        Some(known) => Verdict::Update(known.id),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_judged_by_id_hash_and_import() {
        let at = |seen_in| Known { id: 7, hash: [1; 16], seen_in };
        let known = HashMap::from([("before".to_owned(), at(1)), ("now".to_owned(), at(2))]);
        let cases = [
            ("new", [1; 16], Verdict::Insert),
            ("before", [1; 16], Verdict::Unchanged),
            ("before", [2; 16], Verdict::Update(7)),
            ("now", [1; 16], Verdict::SameAgain),
            ("now", [2; 16], Verdict::Clash),
        ];
        for (id, hash, verdict) in cases {
            assert_eq!(judge(&known, id, hash, 2), verdict, "{id}");
        }
    }
}
