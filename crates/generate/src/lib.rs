//! Large exports for tests and measurements, made up and written as they are
//! made: memory does not grow with the file.
//!
//! The same numbers give the same bytes on every machine, so a measurement can
//! be repeated, and a file is never kept in the repository. Nothing in it is a
//! real person's; addresses are under `example.org`.

mod disqus;
mod fragment;
mod people;
mod random;
mod words;

pub use disqus::disqus;

/// What was written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Written {
    /// Pages, those without comments included.
    pub pages: u64,
    /// Comments, as many as were asked for.
    pub comments: u64,
    /// Bytes of the whole file.
    pub size_bytes: u64,
}
