//! What each vendor's export looks like: one file each.

pub(crate) mod commento;
pub(crate) mod cusdis;
pub(crate) mod disqus;
pub(crate) mod disqus_import;
pub(crate) mod fastcomments;
pub(crate) mod hyvor_talk;
pub(crate) mod intensedebate;
pub(crate) mod just_comments;
pub(crate) mod muut;
pub(crate) mod rehome;
pub(crate) mod wordpress;
mod wxr;
