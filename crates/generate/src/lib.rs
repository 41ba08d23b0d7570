//! Large exports for tests and measurements, made up and written as they are
//! made: memory does not grow with the file.
//!
//! The same numbers give the same bytes on every machine, so a measurement can
//! be repeated, and a file is never kept in the repository. Nothing in it is a
//! real person's; addresses are under `example.org`.

mod comentario;
mod commento;
mod cusdis;
mod disqus;
mod disqus_import;
mod fastcomments;
mod fragment;
mod hyvor;
mod intensedebate;
mod json;
mod just_comments;
mod muut;
mod output;
mod people;
mod random;
mod rehome;
mod site;
mod words;
mod wxr;

use std::io::{self, Write};

pub use comentario::comentario;
pub use commento::commento;
pub use cusdis::cusdis;
pub use disqus::disqus;
pub use disqus_import::disqus_import;
pub use fastcomments::fastcomments;
pub use hyvor::hyvor_talk;
pub use intensedebate::intensedebate;
pub use just_comments::just_comments;
pub use muut::muut;
pub use rehome::rehome;
pub use wxr::wxr;

/// An export that can be made up.
pub struct Export {
    /// Its own name: that of its format, where that is written in one way.
    pub id: &'static str,
    /// Id of the format, as the list of readers has it.
    pub format: &'static str,
    /// What its files are called.
    pub ending: &'static str,
    /// Writes one with so many comments; the second number is a seed.
    pub write: WriteExport,
}

/// Every export that can be made up.
pub const EXPORTS: &[Export] = &[
    of("disqus", "xml", |comments, seed, out| disqus(comments, seed, out)),
    of("wordpress-wxr", "xml", wxr),
    of("disqus-import-wxr", "xml", disqus_import),
    of("intensedebate", "xml", intensedebate),
    of("commento", "json", commento),
    Export { id: "comentario", format: "commento", ending: "json", write: comentario },
    of("hyvor-talk", "json", hyvor_talk),
    of("muut", "json", muut),
    of("just-comments", "json", just_comments),
    of("cusdis", "json", cusdis),
    of("fastcomments-csv", "csv", fastcomments),
    of("rehome-ndjson", "ndjson", rehome),
];

/// Writes an export with so many comments; the second number is a seed.
pub type WriteExport = fn(u64, u64, &mut dyn Write) -> io::Result<Written>;

const fn of(id: &'static str, ending: &'static str, write: WriteExport) -> Export {
    Export { id, format: id, ending, write }
}

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
