//! What occurred in a file before.

use crate::preview::{HashedSet, id_hash};

/// Ids held at most; about 16 bytes each.
const MAX_IDS: usize = 1_000_000;

/// Ids that were met, where a page has no record of its own and is given when
/// it first occurs. Of more than are held some are given again, which changes
/// nothing but their number.
#[derive(Default)]
pub(crate) struct Met(HashedSet);

impl Met {
    /// Whether the id was not met before.
    pub(crate) fn is_new(&mut self, id: &str) -> bool {
        if self.0.len() == MAX_IDS {
            self.0.clear();
        }
        self.0.insert(id_hash(id))
    }
}
