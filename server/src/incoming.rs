//! The imports that this process takes in as one body.
//!
//! Nobody but the request that brings the body can go on with one: where the
//! request is gone, so is the stream.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Ids of imports whose body is coming in.
#[derive(Debug, Clone, Default)]
pub(crate) struct Incoming(Arc<Mutex<HashSet<String>>>);

/// As long as this lives, the body is coming in.
#[derive(Debug)]
pub(crate) struct Entered {
    incoming: Incoming,
    id: String,
}

impl Incoming {
    /// Before the import is stored, so that none is stored that is not here.
    pub(crate) fn enter(&self, id: &str) -> Entered {
        self.ids().insert(id.to_owned());
        Entered { incoming: self.clone(), id: id.to_owned() }
    }

    pub(crate) fn has(&self, id: &str) -> bool {
        self.ids().contains(id)
    }

    fn ids(&self) -> MutexGuard<'_, HashSet<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Entered {
    fn drop(&mut self) {
        self.incoming.ids().remove(&self.id);
    }
}
