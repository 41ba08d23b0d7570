//! A discussion that goes on: each edition of its export has changed, removed
//! and new comments, and says what must come of it.

use rehome_record::{
    Author, BodyFormat, Comment, Complete, Counts, End, Extras, Kind, Line, Removed, RemovedKind,
    Status,
};
use serde_json::{Value, json};
use sqlx::Row;

use crate::client::Client;
use crate::database::Database;
use crate::stream::{self, Piece, Random};

const PAGES: usize = 200;
const AUTHORS: usize = 300;
/// One of so many comments changes from an edition to the next.
const CHANGED: u64 = 15;
const REMOVED: u64 = 60;
/// New comments in each edition, for so many that there are.
const NEW: usize = 100;

/// What a comment should be now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Wanted {
    /// Edition in which it last changed.
    changed_in: u32,
    removed: bool,
}

/// All comments of a discussion as they should be now. The `n`th has the id `c<n>`.
#[derive(Debug, Clone)]
pub(crate) struct Edition {
    number: u32,
    wanted: Vec<Wanted>,
}

impl Edition {
    /// The first one has no removed comments.
    pub(crate) fn first(comments: usize) -> Self {
        Self { number: 1, wanted: vec![Wanted { changed_in: 1, removed: false }; comments] }
    }

    pub(crate) fn comments(&self) -> usize {
        self.wanted.len()
    }

    pub(crate) fn next(&self, random: &mut Random) -> Self {
        let number = self.number + 1;
        let mut wanted = self.wanted.clone();
        for comment in wanted.iter_mut().filter(|comment| !comment.removed) {
            comment.removed = random.below(REMOVED) == 0;
            if random.below(CHANGED) == 0 {
                comment.changed_in = number;
            }
        }
        let fresh = Wanted { changed_in: number, removed: false };
        wanted.extend(std::iter::repeat_n(fresh, wanted.len() / NEW));
        Self { number, wanted }
    }

    /// Whether an import of it changes anything where the other one is.
    pub(crate) fn differs_from(&self, other: &Self) -> bool {
        self.wanted != other.wanted
    }

    /// `(inserted, updated, unchanged, rejected)` of the comments after the edition before it.
    pub(crate) fn must_come_of(&self, before: Option<&Self>) -> [u64; 4] {
        let old = before.map_or(0, Self::comments);
        let changed = before.map_or(0, |before| {
            let pairs = before.wanted.iter().zip(&self.wanted);
            pairs.filter(|(was, is)| is.differs_from(**was)).count()
        });
        [self.comments() - old, changed, old - changed, 0].map(|count| count as u64)
    }

    fn counts(&self) -> Counts {
        let removed = self.wanted.iter().filter(|wanted| wanted.removed).count();
        Counts {
            pages: PAGES as u64,
            authors: AUTHORS as u64,
            comments: (self.comments() - removed) as u64,
            removed: removed as u64,
        }
    }

    /// The whole stream in pieces of so many lines.
    fn pieces(&self, lines: usize) -> Vec<Piece> {
        let header = Line::Header(stream::header());
        let pages = (0..PAGES).map(stream::page);
        let authors = (0..AUTHORS).map(stream::author);
        let comments = (0..self.comments()).map(|n| self.line(n));
        let end = Line::End(End { counts: self.counts(), complete: Complete::Yes });
        let before = std::iter::once(header).chain(pages).chain(authors);
        Piece::all_of(before.chain(comments).chain([end]), lines)
    }

    /// Creates, sends and submits, and gives the import's id.
    pub(crate) fn send(&self, client: &Client) -> String {
        let pieces = self.pieces(5_000);
        let kept = self.counts().comments;
        let new = json!({
            "format": "disqus", "origin": "forum", "reader": "disqus/1",
            "file": { "name": "export.xml", "size_bytes": kept, "fingerprint": self.number.to_string() },
            "seen": { "comments": kept, "kept": kept, "skipped_by_reason": {}, "complete": "yes" },
        });
        let mut reply = client.post(&format!("/api/v1/sites/{}/imports", client.site), &new);
        assert_eq!(reply.status, 201, "{}", reply.body);
        let Value::String(import) = reply.body["import"]["id"].take() else { panic!("no id") };
        client.put_all(&import, &pieces);
        let body = json!({ "chunks": pieces.len(), "counts": self.counts() });
        let reply = client.post(&format!("/api/v1/imports/{import}/submit"), &body);
        assert_eq!(reply.status, 200, "{}", reply.body);
        import
    }

    fn line(&self, n: usize) -> Line {
        let wanted = self.wanted[n];
        let source_id = format!("c{n}");
        if wanted.removed {
            return Line::Removed(Removed { kind: RemovedKind::Comment, source_id });
        }
        let author = if n.is_multiple_of(7) {
            Author { name: Some(format!("Guest {n}")), ..Author::default() }
        } else {
            Author { source_id: Some(format!("a{}", n % AUTHORS)), ..Author::default() }
        };
        Line::Comment(Box::new(Comment {
            source_id,
            page: format!("p{}", n % PAGES),
            parent: parent(n).map(|parent| format!("c{parent}")),
            author,
            created_at: stream::moment(n),
            edited_at: None,
            status: wanted.status(n),
            kind: Kind::Comment,
            body: Some(wanted.body(n)),
            body_format: BodyFormat::Text,
            votes: None,
            ip: None,
            aliases: Vec::new(),
            extras: Extras::new(),
        }))
    }

    /// Every comment once, on its page, under its parent, as it should be now.
    pub(crate) fn assert_held(&self, database: &mut Database) {
        assert_eq!(database.count("SELECT count(*) FROM comments"), self.comments());
        let rows = database.rows(
            "SELECT s.source_id, g.source_id AS page, ps.source_id AS parent, c.status, c.body,
                a.source_id AS author, c.author_name
            FROM comment_sources s JOIN comments c ON c.id = s.comment_id
            JOIN page_sources g ON g.page_id = c.page_id
            LEFT JOIN comment_sources ps ON ps.comment_id = c.parent_id
            LEFT JOIN author_sources a ON a.author_id = c.author_id",
        );
        let mut seen = vec![false; self.comments()];
        for row in &rows {
            let source_id: &str = row.get("source_id");
            let n: usize = source_id[1..].parse().unwrap();
            assert!(!std::mem::replace(&mut seen[n], true), "{source_id} is there twice");
            let wanted = self.wanted[n];
            assert_eq!(row.get::<String, _>("page"), format!("p{}", n % PAGES), "{source_id}");
            let parent = parent(n).map(|parent| format!("c{parent}"));
            assert_eq!(row.get::<Option<String>, _>("parent"), parent, "{source_id}");
            let (author, guest): (Option<&str>, Option<&str>) =
                (row.get("author"), row.get("author_name"));
            if n.is_multiple_of(7) {
                assert_eq!((author, guest), (None, Some(&*format!("Guest {n}"))), "{source_id}");
            } else {
                assert_eq!((author, guest), (Some(&*format!("a{}", n % AUTHORS)), None));
            }
            let status = if wanted.removed { Status::Deleted } else { wanted.status(n) };
            assert_eq!(row.get::<&str, _>("status"), status.as_str(), "{source_id}");
            // What a removed one said last is the business of the one edition that had both.
            if !wanted.removed {
                assert_eq!(row.get::<&str, _>("body"), wanted.body(n), "{source_id}");
            }
        }
        assert_eq!(rows.len(), self.comments());
        let shown = database.count("SELECT sum(comments) FROM pages");
        assert_eq!(shown, self.comments(), "what pages say of themselves");
        assert_eq!(database.count("SELECT count(*) FROM pages"), PAGES);
        assert_eq!(database.count("SELECT count(*) FROM authors"), AUTHORS);
    }
}

impl Wanted {
    /// Whether its source's line is another one.
    fn differs_from(self, was: Self) -> bool {
        !was.removed && (self.removed || self.changed_in != was.changed_in)
    }

    fn body(self, n: usize) -> String {
        format!("Comment {n} of edition {}", self.changed_in)
    }

    fn status(self, n: usize) -> Status {
        match n + self.changed_in as usize {
            sum if sum.is_multiple_of(11) => Status::Spam,
            sum if sum.is_multiple_of(13) => Status::Pending,
            _ => Status::Approved,
        }
    }
}

/// Every third on its page answers the one before it.
fn parent(n: usize) -> Option<usize> {
    ((n / PAGES) % 3 == 1).then(|| n - PAGES)
}
