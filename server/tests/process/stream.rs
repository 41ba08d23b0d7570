//! Made-up comments, the same ones each time, as normalized lines.

use std::io::Write;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;
use rehome_record::{
    Author, BodyFormat, Comment, Complete, Counts, End, Extras, Header, Kind, Line, LineWriter,
    Options, Page, SCHEMA_VERSION, Status, Timestamp,
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

const AUTHORS: usize = 500;
/// 2020-01-01T00:00:00Z.
const START_SECONDS: i64 = 1_577_836_800;

/// A discussion of so many comments on so many pages.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Discussion {
    pub comments: usize,
    pub pages: usize,
}

/// A piece of the stream, ready to be sent.
#[derive(Debug, Clone)]
pub(crate) struct Piece {
    /// From 1.
    pub number: usize,
    pub gzip: Vec<u8>,
    /// As in `Unencoded-Digest`.
    pub digest: String,
}

impl Discussion {
    /// The comment that this one answers: the one before it on its page, or the one after it.
    pub(crate) fn parent(self, n: usize) -> Option<usize> {
        match (n / self.pages) % 3 {
            1 => Some(n - self.pages),
            2 => Some(n + self.pages).filter(|&after| after < self.comments),
            _ => None,
        }
    }

    pub(crate) fn page(self, n: usize) -> usize {
        n % self.pages
    }

    pub(crate) fn body(n: usize) -> Option<String> {
        // Digits that hardly compress, so that chunks have some weight.
        let digest = Sha256::digest(n.to_le_bytes());
        let words = format!("Comment {n}: {}", BASE64_STANDARD.encode(digest));
        match n {
            _ if n.is_multiple_of(11) => None,
            _ if n.is_multiple_of(40) => Some(format!("<p>{words}</p>")),
            _ => Some(words),
        }
    }

    pub(crate) fn counts(self) -> Counts {
        Counts {
            pages: self.pages as u64,
            authors: AUTHORS as u64,
            comments: self.comments as u64,
            removed: 0,
        }
    }

    pub(crate) fn new_import(self) -> Value {
        json!({
            "format": "disqus", "origin": "forum", "reader": "disqus/1",
            "file": { "name": "export.xml", "size_bytes": self.comments, "fingerprint": "00" },
            "seen": { "comments": self.comments, "kept": self.comments,
                "skipped_by_reason": {}, "complete": "yes" },
        })
    }

    /// The whole stream in pieces of so many lines.
    pub(crate) fn pieces(self, lines: usize) -> Vec<Piece> {
        let header = Line::Header(header());
        let pages = (0..self.pages).map(page);
        let authors = (0..AUTHORS).map(author);
        let comments = (0..self.comments).map(|n| self.comment(n));
        let end = Line::End(End { counts: self.counts(), complete: Complete::Yes });
        let before = std::iter::once(header).chain(pages).chain(authors);
        Piece::all_of(before.chain(comments).chain([end]), lines)
    }

    fn comment(self, n: usize) -> Line {
        let author = if n.is_multiple_of(7) {
            Author { name: Some(format!("Guest {n}")), ..Author::default() }
        } else {
            Author { source_id: Some(format!("a{}", n % AUTHORS)), ..Author::default() }
        };
        let status = match n {
            _ if n.is_multiple_of(11) => Status::Deleted,
            _ if n.is_multiple_of(13) => Status::Spam,
            _ => Status::Approved,
        };
        let html = n.is_multiple_of(40);
        Line::Comment(Box::new(Comment {
            source_id: format!("c{n}"),
            page: format!("p{}", self.page(n)),
            parent: self.parent(n).map(|parent| format!("c{parent}")),
            author,
            created_at: moment(n),
            edited_at: None,
            status,
            kind: Kind::Comment,
            body: Self::body(n),
            body_format: if html { BodyFormat::Html } else { BodyFormat::Text },
            votes: None,
            ip: None,
            aliases: Vec::new(),
            extras: Extras::new(),
        }))
    }
}

impl Piece {
    /// A stream in pieces of so many lines.
    pub(crate) fn all_of(mut stream: impl Iterator<Item = Line>, lines: usize) -> Vec<Self> {
        let mut pieces = Vec::new();
        loop {
            let mut writer = LineWriter::new(Vec::new());
            for line in stream.by_ref().take(lines) {
                writer.write(&line).unwrap();
            }
            if writer.lines() == 0 {
                return pieces;
            }
            pieces.push(Self::new(pieces.len() + 1, &writer.finish().unwrap()));
        }
    }

    pub(crate) fn new(number: usize, plain: &[u8]) -> Self {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(plain).unwrap();
        Self {
            number,
            gzip: encoder.finish().unwrap(),
            digest: format!("sha-256=:{}:", BASE64_STANDARD.encode(Sha256::digest(plain))),
        }
    }
}

pub(crate) fn header() -> Header {
    let fields = [
        "page.url",
        "author.name",
        "comment.parent",
        "comment.author",
        "comment.created_at",
        "comment.status",
        "comment.body",
    ];
    Header {
        schema: SCHEMA_VERSION,
        format: "disqus".to_owned(),
        family: "disqus".to_owned(),
        origin: "forum".to_owned(),
        reader: "disqus/1".to_owned(),
        fields: fields.map(str::to_owned).to_vec(),
        redacted: Vec::new(),
        options: Options::new(),
    }
}

pub(crate) fn page(n: usize) -> Line {
    Line::Page(Page {
        source_id: format!("p{n}"),
        url: Some(format!("https://example.org/{n}")),
        ..Page::default()
    })
}

pub(crate) fn author(n: usize) -> Line {
    Line::Author(Author {
        source_id: Some(format!("a{n}")),
        name: Some(format!("Author {n}")),
        ..Author::default()
    })
}

pub(crate) fn moment(n: usize) -> Option<Timestamp> {
    let seconds = START_SECONDS + i64::try_from(n).unwrap() * 60;
    Timestamp::from_micros(seconds * 1_000_000)
}

/// Numbers that look random and follow from a seed (`SplitMix64`).
#[derive(Debug)]
pub(crate) struct Random(pub u64);

impl Random {
    /// From `REHOME_SEED`, else from the clock; printed, so that a failure can be repeated.
    pub(crate) fn seeded() -> Self {
        let given = std::env::var("REHOME_SEED").ok();
        let seed = given.map_or_else(
            || {
                let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
                u64::from(now.unwrap().subsec_nanos())
            },
            |seed| seed.parse().expect("REHOME_SEED is a number"),
        );
        eprintln!("REHOME_SEED={seed}");
        Self(seed)
    }

    /// From 0 to below `end`.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (bits ^ (bits >> 31)) % end
    }
}
