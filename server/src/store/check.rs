//! What must always be true of the tables, asked of all of them.

use sqlx::{AssertSqlSafe, Row};

use super::backup::damage;
use super::{Store, Stored, from_column};

/// What is wrong where there are such rows.
struct Invariant {
    says: &'static str,
    /// Gives how many rows break it, and the number of the first.
    sql: &'static str,
}

/// Of sites that no job is changing: the last step of a job makes these true.
macro_rules! at_rest {
    ($row:literal) => {
        concat!(
            " AND NOT EXISTS (SELECT 1 FROM jobs j WHERE j.site_id = ",
            $row,
            ".site_id AND j.state = 'running')"
        )
    };
}

const INVARIANTS: &[Invariant] = &[
    Invariant {
        says: "Comments on a page that is not there or of another site",
        sql: "SELECT count(*), min(c.id) FROM comments c LEFT JOIN pages p ON p.id = c.page_id
            WHERE p.id IS NULL OR p.site_id <> c.site_id",
    },
    Invariant {
        says: "Comments under a parent that is not there or on another page",
        sql: concat!(
            "SELECT count(*), min(c.id) FROM comments c LEFT JOIN comments p ON p.id = c.parent_id
            WHERE c.parent_id IS NOT NULL AND (p.id IS NULL OR p.page_id <> c.page_id)",
            at_rest!("c")
        ),
    },
    Invariant {
        says: "Comments of which no source is known",
        sql: concat!(
            "SELECT count(*), min(c.id) FROM comments c
            WHERE NOT EXISTS (SELECT 1 FROM comment_sources s WHERE s.comment_id = c.id)",
            at_rest!("c")
        ),
    },
    Invariant {
        says: "Comments whose author is not there or of another site",
        sql: "SELECT count(*), min(c.id) FROM comments c LEFT JOIN authors a ON a.id = c.author_id
            WHERE c.author_id IS NOT NULL AND (a.id IS NULL OR a.site_id <> c.site_id)",
    },
    Invariant {
        says: "Sources of comments that name one of another site",
        sql: "SELECT count(*), min(c.id) FROM comment_sources s
            JOIN comments c ON c.id = s.comment_id WHERE c.site_id <> s.site_id",
    },
    Invariant {
        says: "Sources and addresses of pages that name one of another site",
        sql: "SELECT count(*), min(p.id) FROM (
                SELECT site_id, page_id FROM page_sources
                UNION ALL SELECT site_id, page_id FROM page_addresses
            ) s JOIN pages p ON p.id = s.page_id WHERE p.site_id <> s.site_id",
    },
    Invariant {
        says: "Sources of authors that name one of another site",
        sql: "SELECT count(*), min(a.id) FROM author_sources s
            JOIN authors a ON a.id = s.author_id WHERE a.site_id <> s.site_id",
    },
    Invariant {
        says: "Pages that count their comments wrong",
        sql: concat!(
            "SELECT count(*), min(p.id) FROM pages p
            WHERE (p.comments, p.last_comment_at) IS NOT (
                SELECT count(*), max(c.created_at) FROM comments c
                WHERE c.site_id = p.site_id AND c.page_id = p.id)",
            at_rest!("p")
        ),
    },
    Invariant {
        says: "Imports that are said to have added what was added already",
        sql: "SELECT count(*), min(a.import) FROM import_added a JOIN import_added b
            ON b.kind = a.kind AND (b.import, b.first_id) <> (a.import, a.first_id)
                AND b.first_id BETWEEN a.first_id AND a.last_id",
    },
    Invariant {
        says: "Replies that wait for a parent and are not there, by site",
        sql: concat!(
            "SELECT count(*), min(w.site_id) FROM waiting_replies w
            LEFT JOIN comment_sources s ON s.site_id = w.site_id AND s.family = w.family
                AND s.origin = w.origin AND s.source_id = w.source_id
            WHERE s.comment_id IS NULL",
            at_rest!("w")
        ),
    },
    Invariant {
        says: "Imports that wait or run without a job",
        sql: "SELECT count(*), min(i.seq) FROM imports i
            WHERE i.state IN ('queued', 'running') AND NOT EXISTS (
                SELECT 1 FROM jobs j WHERE j.import = i.seq AND j.state IN ('queued', 'running'))",
    },
    Invariant {
        says: "Jobs that wait or run for an import which has ended",
        sql: "SELECT count(*), min(j.id) FROM jobs j JOIN imports i ON i.seq = j.import
            WHERE j.kind = 'import' AND j.state IN ('queued', 'running')
                AND i.state NOT IN ('queued', 'running')",
    },
    Invariant {
        says: "Imports that have ended at no time",
        sql: "SELECT count(*), min(seq) FROM imports
            WHERE state NOT IN ('receiving', 'queued', 'running') AND finished_at IS NULL",
    },
    Invariant {
        says: "Chunks that are held for an import which has ended",
        sql: "SELECT count(*), min(i.seq) FROM chunks c JOIN imports i ON i.seq = c.import
            WHERE i.state NOT IN ('receiving', 'queued', 'running')",
    },
    Invariant {
        says: "Imports that succeeded and whose sums do not add up",
        sql: "SELECT count(*), min(seq) FROM imports WHERE ending = 'succeeded'
            AND state NOT IN ('receiving', 'queued', 'running') AND (
                pages <> (SELECT sum(value) FROM json_each(result, '$.pages'))
                OR authors <> (SELECT sum(value) FROM json_each(result, '$.authors'))
                OR comments + removed <> (SELECT sum(value) FROM json_each(result, '$.comments')))",
    },
];

const HELD: &str =
    "SELECT i.id, c.number, c.digest FROM chunks c JOIN imports i ON i.seq = c.import
    WHERE i.state IN ('receiving', 'queued', 'running') AND i.ending IS NULL";
const COUNTS: &str = "SELECT (SELECT count(*) FROM sites), (SELECT count(*) FROM pages),
    (SELECT count(*) FROM comments)";

/// How much there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Amounts {
    pub sites: u64,
    pub pages: u64,
    pub comments: u64,
}

/// A chunk that must be staged: its import, number and digest.
pub(crate) type Held = (String, u32, Vec<u8>);

/// What is wrong in the tables, in sentences; all at one moment.
pub(crate) async fn findings(store: &Store) -> Stored<Vec<String>> {
    let mut tx = store.reader().begin().await?;
    let mut found = damage(&mut tx).await?;
    if !found.is_empty() {
        // Of a damaged file nothing else can be said.
        return Ok(found);
    }
    for Invariant { says, sql } in INVARIANTS {
        let row = sqlx::query(AssertSqlSafe(*sql)).fetch_one(&mut *tx).await?;
        let (count, first): (i64, Option<i64>) = (row.try_get(0)?, row.try_get(1)?);
        if let (1.., Some(first)) = (count, first) {
            found.push(format!("{says}: {count}. The first has the number {first}."));
        }
    }
    Ok(found)
}

/// The chunks that must be staged.
pub(crate) async fn held(store: &Store) -> Stored<Vec<Held>> {
    Ok(sqlx::query_as(HELD).fetch_all(store.reader()).await?)
}

/// How much there is.
pub(crate) async fn amounts(store: &Store) -> Stored<Amounts> {
    let row = sqlx::query(COUNTS).fetch_one(store.reader()).await?;
    let count = |at: usize| Stored::Ok(from_column(row.try_get(at)?));
    Ok(Amounts { sites: count(0)?, pages: count(1)?, comments: count(2)? })
}
