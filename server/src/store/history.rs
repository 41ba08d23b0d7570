//! What an import added and what it changed, kept so that it can be taken back.
//!
//! Of a row that is changed more than once, what it was before the import counts;
//! a row that the import added itself has no before.

use sqlx::SqliteConnection;

use super::{Namespace, Stored, execute};

const GROW: &str = "UPDATE import_added SET last_id = $4
    WHERE import = $1 AND kind = $2 AND last_id = $3 - 1";
const ADD: &str =
    "INSERT INTO import_added (import, kind, first_id, last_id) VALUES ($1, $2, $3, $4)";

/// Rows of the ids in `$2` as they are, unless the import in `$1` added them.
macro_rules! keep_rows {
    ($kind:literal, $table:literal, $($column:literal),+) => {
        concat!(
            "INSERT OR IGNORE INTO import_changed (import, kind, id, before)
            SELECT $1, '", $kind, "', t.id, json_object(", keep_rows!(@ $($column),+), ")
            FROM json_each($2) j CROSS JOIN ", $table, " t
            WHERE t.id = j.value AND NOT EXISTS (
                SELECT 1 FROM import_added a WHERE a.import = $1 AND a.kind = '", $kind, "'
                    AND t.id BETWEEN a.first_id AND a.last_id)"
        )
    };
    (@ $first:literal $(, $rest:literal)*) => {
        concat!("'", $first, "', t.", $first $(, ", '", $rest, "', t.", $rest)*)
    };
}

const KEEP_COMMENTS: &str = keep_rows!(
    "comment",
    "comments",
    "page_id",
    "parent_id",
    "author_id",
    "author_source_id",
    "author_name",
    "author_email",
    "author_url",
    "created_at",
    "edited_at",
    "status",
    "kind",
    "body",
    "body_format",
    "votes_up",
    "votes_down",
    "ip",
    "extras"
);
const KEEP_PAGES: &str = keep_rows!(
    "page",
    "pages",
    "url",
    "match_url",
    "identifier",
    "title",
    "closed",
    "created_at",
    "extras"
);
const KEEP_AUTHORS: &str = keep_rows!("author", "authors", "name", "email", "url");

/// The sources of the ids in `$4` as they are, unless the import in `$5` added them.
macro_rules! keep_sources {
    ($kind:literal, $table:literal, $columns:literal) => {
        concat!(
            "INSERT OR IGNORE INTO import_changed_sources (import, kind, source_id, before)
            SELECT $5, '",
            $kind,
            "', s.source_id, json_object('hash', hex(s.hash), ",
            $columns,
            ")
            FROM json_each($4) j CROSS JOIN ",
            $table,
            " s
            WHERE s.site_id = $1 AND s.family = $2 AND s.origin = $3 AND s.source_id = j.value
                AND s.added_in IS NOT $5"
        )
    };
}

const KEEP_COMMENT_SOURCES: &str = keep_sources!(
    "comment",
    "comment_sources",
    "'parent_source_id', s.parent_source_id, 'page_source_id', s.page_source_id,
        'aliases', s.aliases, 'comment_id', s.comment_id"
);
const KEEP_PAGE_SOURCES: &str =
    keep_sources!("page", "page_sources", "'url', s.url, 'page_id', s.page_id");
const KEEP_AUTHOR_SOURCES: &str =
    keep_sources!("author", "author_sources", "'author_id', s.author_id");

const COUNT_ON_PAGES: &str = "INSERT INTO import_pages (import, page_id, added, changed)
    SELECT $1, value ->> 0, value ->> 1, value ->> 2 FROM json_each($2) WHERE true
    ON CONFLICT (import, page_id) DO UPDATE SET
        added = added + excluded.added, changed = changed + excluded.changed";

/// What a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RowKind {
    Page,
    Author,
    Comment,
}

impl RowKind {
    /// As the tables write it.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Author => "author",
            Self::Comment => "comment",
        }
    }

    /// The one of these that is about rows of this kind.
    pub(super) fn pick(
        self,
        comment: &'static str,
        page: &'static str,
        author: &'static str,
    ) -> &'static str {
        match self {
            Self::Comment => comment,
            Self::Page => page,
            Self::Author => author,
        }
    }
}

/// Notes ids that the import gives to new rows, from the first to the last.
pub(super) async fn added(
    tx: &mut SqliteConnection,
    import: i64,
    kind: RowKind,
    (first, last): (i64, i64),
) -> Stored<()> {
    let with = |sql| sqlx::query(sql).bind(import).bind(kind.word()).bind(first).bind(last);
    if execute(tx, with(GROW)).await? == 0 {
        execute(tx, with(ADD)).await?;
    }
    Ok(())
}

/// Keeps rows as they are before the import changes them.
pub(super) async fn keep(
    tx: &mut SqliteConnection,
    import: i64,
    kind: RowKind,
    ids: &[i64],
) -> Stored<()> {
    if ids.is_empty() {
        return Ok(());
    }
    let sql = kind.pick(KEEP_COMMENTS, KEEP_PAGES, KEEP_AUTHORS);
    execute(tx, sqlx::query(sql).bind(import).bind(serde_json::to_string(ids)?)).await?;
    Ok(())
}

/// Keeps what a source's records are known by before the import changes it.
pub(super) async fn keep_sources(
    tx: &mut SqliteConnection,
    namespace: &Namespace,
    import: i64,
    kind: RowKind,
    source_ids: &[&str],
) -> Stored<()> {
    if source_ids.is_empty() {
        return Ok(());
    }
    let sql = kind.pick(KEEP_COMMENT_SOURCES, KEEP_PAGE_SOURCES, KEEP_AUTHOR_SOURCES);
    let keep = namespace.query(sql).bind(serde_json::to_string(source_ids)?).bind(import);
    execute(tx, keep).await?;
    Ok(())
}

/// Counts comments that were added to and changed on pages: `(page, added, changed)`.
pub(crate) async fn count_on_pages(
    tx: &mut SqliteConnection,
    import: i64,
    pages: &[(i64, u64, u64)],
) -> Stored<()> {
    if pages.is_empty() {
        return Ok(());
    }
    let count = sqlx::query(COUNT_ON_PAGES).bind(import).bind(serde_json::to_string(pages)?);
    execute(tx, count).await?;
    Ok(())
}

/// All that takes a batch, for the test of how rows are found.
#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[GROW, COUNT_ON_PAGES];
