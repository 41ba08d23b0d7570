//! The statements by which [`super::undo`] takes back what an import did.
//!
//! A plus before a column keeps the planner from walking that index, row for
//! row, where the rows of the batch are found by their own key.

/// The part of a table of sources that a batch takes, by its key.
pub(super) const NEXT_CHANGED_SOURCES: &str = "SELECT max(source_id), count(*) FROM (
        SELECT source_id FROM import_changed_sources
        WHERE import = $1 AND kind = $2 AND source_id > $3 ORDER BY source_id LIMIT $4)";
pub(super) const FORGET_CHANGED_SOURCES: &str = "DELETE FROM import_changed_sources
    WHERE import = $1 AND kind = $2 AND source_id > $3 AND source_id <= $4";
pub(super) const NEXT_CHANGED: &str = "SELECT max(id), count(*) FROM (
        SELECT id FROM import_changed
        WHERE import = $1 AND kind = $2 AND id > $3 ORDER BY id LIMIT $4)";
pub(super) const FORGET_CHANGED: &str = "DELETE FROM import_changed
    WHERE import = $1 AND kind = $2 AND id > $3 AND id <= $4";
pub(super) const NEXT_ADDED: &str = "SELECT first_id, last_id FROM import_added
    WHERE import = $1 AND kind = $2 ORDER BY first_id LIMIT 1";
pub(super) const FORGET_ADDED: &str = "DELETE FROM import_added
    WHERE import = $1 AND kind = $2 AND first_id = $3";
pub(super) const REST_OF_ADDED: &str =
    "INSERT INTO import_added (import, kind, first_id, last_id) VALUES ($1, $2, $3, $4)";

/// The kept sources between two keys, beside the rows of `$table`.
macro_rules! restore_sources {
    ($kind:literal, $table:literal, $set:literal) => {
        concat!(
            "UPDATE ",
            $table,
            " SET hash = unhex(h.before ->> 'hash'), ",
            $set,
            " FROM import_changed_sources h
            WHERE h.import = $4 AND h.kind = '",
            $kind,
            "' AND h.source_id > $5
                AND h.source_id <= $6 AND ",
            $table,
            ".site_id = $1 AND ",
            $table,
            ".family = $2
                AND ",
            $table,
            ".origin = $3 AND ",
            $table,
            ".source_id = h.source_id"
        )
    };
}

/// The kept rows between two ids, beside the rows of `$table`.
macro_rules! restore_rows {
    ($kind:literal, $table:literal, $first:literal $(, $column:literal)*) => {
        concat!(
            "UPDATE ", $table, " SET ", $first, " = h.before ->> '", $first, "'"
            $(, ", ", $column, " = h.before ->> '", $column, "'")*,
            " FROM import_changed h
            WHERE h.import = $2 AND h.kind = '", $kind, "' AND h.id > $3 AND h.id <= $4
                AND ", $table, ".id = h.id AND +", $table, ".site_id = $1"
        )
    };
}

/// The key at which a batch of a namespace's sources ends.
macro_rules! next_sources {
    ($table:literal) => {
        concat!(
            "SELECT max(source_id), sum(added_in IS $5) FROM (
                SELECT source_id, added_in FROM ",
            $table,
            "
                WHERE site_id = $1 AND family = $2 AND origin = $3 AND source_id > $4
                ORDER BY source_id LIMIT $6)"
        )
    };
}

macro_rules! delete_sources {
    ($table:literal) => {
        concat!(
            "DELETE FROM ",
            $table,
            " WHERE site_id = $1 AND family = $2 AND origin = $3
                AND source_id > $5 AND source_id <= $6 AND added_in = $4"
        )
    };
}

pub(super) const RESTORE_COMMENT_SOURCES: &str = restore_sources!(
    "comment",
    "comment_sources",
    "parent_source_id = h.before ->> 'parent_source_id',
    page_source_id = h.before ->> 'page_source_id', aliases = h.before ->> 'aliases',
    comment_id = h.before ->> 'comment_id'"
);
pub(super) const RESTORE_PAGE_SOURCES: &str = restore_sources!(
    "page",
    "page_sources",
    "url = h.before ->> 'url', page_id = h.before ->> 'page_id'"
);
pub(super) const RESTORE_AUTHOR_SOURCES: &str =
    restore_sources!("author", "author_sources", "author_id = h.before ->> 'author_id'");
pub(super) const RESTORE_COMMENTS: &str = restore_rows!(
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
pub(super) const RESTORE_PAGES: &str = restore_rows!(
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
pub(super) const RESTORE_AUTHORS: &str = restore_rows!("author", "authors", "name", "email", "url");
/// Two pages may have exchanged their addresses, and an address has one page at a time.
pub(super) const FREE_ADDRESSES: &str = "UPDATE pages SET match_url = NULL FROM import_changed h
    WHERE h.import = $2 AND h.kind = 'page' AND h.id > $3 AND h.id <= $4 AND pages.id = h.id
        AND +pages.site_id = $1 AND +pages.match_url IS NOT h.before ->> 'match_url'";

/// Comments whose kept sources are between two keys, as they are joined now and as they were.
pub(super) const COMMENTS_OF_CHANGED_SOURCES: &str =
    "SELECT s.comment_id FROM import_changed_sources h
        CROSS JOIN comment_sources s ON s.site_id = $1 AND s.family = $2 AND s.origin = $3
            AND s.source_id = h.source_id
    WHERE h.import = $4 AND h.kind = 'comment' AND h.source_id > $5 AND h.source_id <= $6
    UNION SELECT h.before ->> 'comment_id' FROM import_changed_sources h
    WHERE h.import = $4 AND h.kind = 'comment' AND h.source_id > $5 AND h.source_id <= $6";
pub(super) const CHANGED_COMMENTS: &str = "SELECT id FROM import_changed
    WHERE import = $1 AND kind = 'comment' AND id > $2 AND id <= $3";

pub(super) const NEXT_COMMENT_SOURCES: &str = next_sources!("comment_sources");
pub(super) const NEXT_PAGE_SOURCES: &str = next_sources!("page_sources");
pub(super) const NEXT_AUTHOR_SOURCES: &str = next_sources!("author_sources");
pub(super) const DELETE_COMMENT_SOURCES: &str = delete_sources!("comment_sources");
pub(super) const DELETE_PAGE_SOURCES: &str = delete_sources!("page_sources");
pub(super) const DELETE_AUTHOR_SOURCES: &str = delete_sources!("author_sources");
pub(super) const STOP_WAITING: &str = "DELETE FROM waiting_replies
    WHERE site_id = $1 AND family = $2 AND origin = $3 AND (parent_source_id, source_id) IN (
        SELECT s.parent_source_id, s.source_id FROM comment_sources s
        WHERE s.site_id = $1 AND s.family = $2 AND s.origin = $3 AND s.source_id > $5
            AND s.source_id <= $6 AND s.added_in = $4 AND s.parent_source_id IS NOT NULL)";
/// Comments that stay, to which the import joined a source.
pub(super) const JOINED: &str = "SELECT DISTINCT s.comment_id FROM comment_sources s
    WHERE s.site_id = $1 AND s.family = $2 AND s.origin = $3 AND s.source_id > $5
        AND s.source_id <= $6 AND s.added_in = $4 AND NOT coalesce((
            SELECT a.last_id >= s.comment_id FROM import_added a
            WHERE a.import = $4 AND a.kind = 'comment' AND a.first_id <= s.comment_id
            ORDER BY a.first_id DESC LIMIT 1), false)";
pub(super) const DELETE_ADDRESSES: &str = "DELETE FROM page_addresses
    WHERE site_id = $1 AND family = $2 AND origin = $3 AND source_id > $5 AND source_id <= $6
        AND (first_seen_in = $4 OR source_id IN (
            SELECT source_id FROM page_sources
            WHERE site_id = $1 AND family = $2 AND origin = $3 AND source_id > $5
                AND source_id <= $6 AND added_in = $4))";
/// An import may have erased addresses on purpose.
pub(super) const WITHOUT_ADDRESS: &str = "SELECT s.source_id, s.url, s.page_id, s.added_in
    FROM import_changed_sources h
    CROSS JOIN page_sources s ON s.site_id = $1 AND s.family = $2 AND s.origin = $3
        AND s.source_id = h.source_id
    WHERE h.import = $4 AND h.kind = 'page' AND h.source_id > $5 AND h.source_id <= $6
        AND s.url IS NOT NULL AND NOT EXISTS (SELECT 1 FROM page_addresses a
            WHERE a.site_id = $1 AND a.family = $2 AND a.origin = $3
                AND a.source_id = s.source_id AND a.url = s.url)";
pub(super) const ADD_ADDRESS: &str = "INSERT INTO page_addresses
        (site_id, family, origin, source_id, url, match_url, page_id, first_seen_in)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
pub(super) const MOVE_ADDRESSES_BACK: &str =
    "UPDATE page_addresses SET page_id = h.before ->> 'page_id'
    FROM import_changed_sources h
    WHERE h.import = $4 AND h.kind = 'page' AND h.source_id > $5 AND h.source_id <= $6
        AND page_addresses.site_id = $1 AND page_addresses.family = $2
        AND page_addresses.origin = $3 AND page_addresses.source_id = h.source_id
        AND +page_addresses.page_id IS NOT h.before ->> 'page_id'";

/// Replies that stay although their parent goes. They are on its page, and on
/// pages that the import added nothing stays.
pub(super) const LEFT_BEHIND: &str = "SELECT c.id FROM comments p
        CROSS JOIN comments c ON c.site_id = p.site_id AND c.page_id = p.page_id
            AND c.parent_id = p.id
    WHERE p.id BETWEEN $2 AND $3 AND NOT coalesce((
            SELECT a.last_id >= p.page_id FROM import_added a
            WHERE a.import = $1 AND a.kind = 'page' AND a.first_id <= p.page_id
            ORDER BY a.first_id DESC LIMIT 1), false)
        AND NOT coalesce((
            SELECT a.last_id >= c.id FROM import_added a
            WHERE a.import = $1 AND a.kind = 'comment' AND a.first_id <= c.id
            ORDER BY a.first_id DESC LIMIT 1), false)";
pub(super) const CUT: &str =
    "UPDATE comments SET parent_id = NULL WHERE id IN (SELECT value FROM json_each($1))";
pub(super) const DELETE_ALIASES: &str =
    "DELETE FROM comment_aliases WHERE comment_id BETWEEN $2 AND $3";
pub(super) const DELETE_COMMENTS: &str =
    "DELETE FROM comments WHERE id BETWEEN $2 AND $3 AND +site_id = $1";
pub(super) const DELETE_ADDRESSES_OF_PAGES: &str =
    "DELETE FROM page_addresses WHERE page_id BETWEEN $2 AND $3 AND +site_id = $1";
pub(super) const DELETE_PAGES: &str =
    "DELETE FROM pages WHERE id BETWEEN $2 AND $3 AND +site_id = $1";
pub(super) const DELETE_AUTHORS: &str =
    "DELETE FROM authors WHERE id BETWEEN $2 AND $3 AND +site_id = $1";

pub(super) const NAMESPACES: &str = "SELECT DISTINCT s.site_id, s.family, s.origin
    FROM json_each($1) j CROSS JOIN comment_sources s ON s.comment_id = j.value
    WHERE s.parent_source_id IS NOT NULL";
pub(super) const FORGET_WAITING: &str = "DELETE FROM waiting_replies
    WHERE site_id = $1 AND family = $2 AND origin = $3 AND (parent_source_id, source_id) IN (
        SELECT s.parent_source_id, s.source_id
        FROM json_each($4) j CROSS JOIN comment_sources s ON s.comment_id = j.value
        WHERE s.site_id = $1 AND s.family = $2 AND s.origin = $3
            AND s.parent_source_id IS NOT NULL)";
pub(super) const FIND_WAITING: &str = "INSERT OR IGNORE INTO waiting_replies
        (site_id, family, origin, parent_source_id, source_id)
    SELECT s.site_id, s.family, s.origin, s.parent_source_id, s.source_id
    FROM json_each($1) j CROSS JOIN comments c ON c.id = j.value
        CROSS JOIN comment_sources s ON s.comment_id = c.id
    WHERE c.parent_id IS NULL AND s.parent_source_id IS NOT NULL";

pub(super) const NEXT_COUNTED: &str = "SELECT max(page_id), count(*) FROM (
        SELECT page_id FROM import_pages
        WHERE import = $1 AND page_id > $2 ORDER BY page_id LIMIT $3)";
pub(super) const COUNT_COMMENTS: &str = "UPDATE pages SET
        comments = (SELECT count(*) FROM comments c
            WHERE c.site_id = pages.site_id AND c.page_id = pages.id),
        last_comment_at = (SELECT max(c.created_at) FROM comments c
            WHERE c.site_id = pages.site_id AND c.page_id = pages.id)
    WHERE +site_id = $1 AND id IN (SELECT page_id FROM import_pages
        WHERE import = $2 AND page_id > $3 AND page_id <= $4)";
pub(super) const FORGET_COUNTED: &str =
    "DELETE FROM import_pages WHERE import = $1 AND page_id > $2 AND page_id <= $3";
pub(super) const SET_UNDONE: &str = "UPDATE imports SET undone_at = $2, undoable = 0, version = $3
    WHERE seq = $1 AND undone_at IS NULL";

/// All that takes a batch, for the test of how rows are found.
#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[
    NEXT_CHANGED_SOURCES,
    FORGET_CHANGED_SOURCES,
    NEXT_CHANGED,
    FORGET_CHANGED,
    NEXT_ADDED,
    FORGET_ADDED,
    RESTORE_COMMENT_SOURCES,
    RESTORE_PAGE_SOURCES,
    RESTORE_AUTHOR_SOURCES,
    RESTORE_COMMENTS,
    RESTORE_PAGES,
    RESTORE_AUTHORS,
    FREE_ADDRESSES,
    COMMENTS_OF_CHANGED_SOURCES,
    CHANGED_COMMENTS,
    NEXT_COMMENT_SOURCES,
    NEXT_PAGE_SOURCES,
    NEXT_AUTHOR_SOURCES,
    DELETE_COMMENT_SOURCES,
    DELETE_PAGE_SOURCES,
    DELETE_AUTHOR_SOURCES,
    STOP_WAITING,
    JOINED,
    DELETE_ADDRESSES,
    WITHOUT_ADDRESS,
    MOVE_ADDRESSES_BACK,
    LEFT_BEHIND,
    CUT,
    DELETE_ALIASES,
    DELETE_COMMENTS,
    DELETE_ADDRESSES_OF_PAGES,
    DELETE_PAGES,
    DELETE_AUTHORS,
    NAMESPACES,
    FORGET_WAITING,
    NEXT_COUNTED,
    COUNT_COMMENTS,
    FORGET_COUNTED,
];
