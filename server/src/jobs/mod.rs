//! Work that goes on after its request: importing what was staged, taking it back, cleaning up.

mod authors_batch;
mod comments_batch;
pub(crate) mod deletion;
pub(crate) mod endings;
mod fields;
pub(crate) mod import;
mod pages_batch;
pub(crate) mod prepare;
mod regroup;
pub(crate) mod runner;
mod same_comment;
mod undo;
mod verdict;
pub(crate) mod why;
pub(crate) mod work;
