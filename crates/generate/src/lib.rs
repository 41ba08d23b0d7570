//! Large exports for tests and measurements, made up and written as they are
//! made: memory does not grow with the file.
//!
//! The same numbers give the same bytes on every machine, so a measurement can
//! be repeated, and a file is never kept in the repository. Nothing in it is a
//! real person's; addresses are under `example.org`.

mod commento;
mod disqus;
mod fragment;
mod hyvor;
mod intensedebate;
mod json;
mod just_comments;
mod muut;
mod output;
mod people;
mod random;
mod site;
mod words;
mod wxr;

use std::io::{self, Write};

pub use commento::commento;
pub use disqus::disqus;
pub use hyvor::hyvor_talk;
pub use intensedebate::intensedebate;
pub use just_comments::just_comments;
pub use muut::muut;
pub use wxr::wxr;

/// An export that can be made up.
pub struct Export {
    /// Id of the format, as the list of readers has it.
    pub id: &'static str,
    /// What its files are called.
    pub ending: &'static str,
    /// Writes one with so many comments; the second number is a seed.
    pub write: fn(u64, u64, &mut dyn Write) -> io::Result<Written>,
}

/// Every export that can be made up.
pub const EXPORTS: &[Export] = &[
    Export {
        id: "disqus",
        ending: "xml",
        write: |comments, seed, out| disqus(comments, seed, out),
    },
    Export { id: "wordpress-wxr", ending: "xml", write: wxr },
    Export { id: "commento", ending: "json", write: commento },
    Export { id: "hyvor-talk", ending: "json", write: hyvor_talk },
    Export { id: "intensedebate", ending: "xml", write: intensedebate },
    Export { id: "just-comments", ending: "json", write: just_comments },
    Export { id: "muut", ending: "json", write: muut },
];

/// What was written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Written {
    /// Pages, those without comments included where the format has them.
    pub pages: u64,
    /// Comments, as many as were asked for.
    pub comments: u64,
    /// Bytes of the whole file.
    pub size_bytes: u64,
}

#[cfg(test)]
mod tests;
