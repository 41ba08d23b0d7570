//! What each vendor's export looks like: one file each.

#[cfg(feature = "all-readers")]
pub(crate) mod commento;
#[cfg(feature = "all-readers")]
pub(crate) mod cusdis;
pub(crate) mod disqus;
pub(crate) mod disqus_import;
#[cfg(feature = "all-readers")]
pub(crate) mod fastcomments;
#[cfg(feature = "all-readers")]
pub(crate) mod hyvor_talk;
#[cfg(feature = "all-readers")]
pub(crate) mod intensedebate;
#[cfg(feature = "all-readers")]
pub(crate) mod just_comments;
#[cfg(feature = "all-readers")]
pub(crate) mod muut;
#[cfg(feature = "all-readers")]
pub(crate) mod rehome;
pub(crate) mod wordpress;
mod wxr;
