//! What each vendor's export looks like: one file each.

pub(crate) mod disqus;
pub(crate) mod disqus_import;
pub(crate) mod intensedebate;
pub(crate) mod muut;
pub(crate) mod wordpress;
mod wxr;
