//! Imports: what lists, pages and live events show.

use rehome_record::{Counts, Header, Options, Timestamp};
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};

use super::import_moves::next_version;
use super::jobs::first_of_site;
use super::undo_plan::any_history;
use super::{Namespace, Store, Stored, execute, from_column, to_column};
use crate::http::dto::{
    Import, ImportResult, ImportState, JobProgress, NewImport, Phase, Progress, Seen, SourceFile,
};

const INSERT: &str = "INSERT INTO imports (id, account_id, site_id, state, version, format, origin,
        reader, file_name, file_size_bytes, file_fingerprint, seen, site_revision, started_by,
        created_at, received_at, result, options)
    SELECT $1, account_id, id, 'receiving', $2, $3, $4, $5, $6, $7, $8, $9, revision, $10, $11, $11, $12,
        $15
    FROM sites WHERE id = $13 AND account_id = $14 AND deleted_at IS NULL";

/// The columns of an [`Import`]; the caller adds what to select by.
macro_rules! select_imports {
    ($rest:literal) => {
        concat!(
            "SELECT i.*, s.name AS site_name,
                coalesce(a.removed_email, a.email) AS started_by_email,
                first.kind AS behind_kind,
                (SELECT b.id FROM imports b WHERE b.seq = first.import) AS behind,
                (i.undoable AND i.finished_at IS NOT NULL AND i.undone_at IS NULL
                    AND (u.state IS NULL OR u.state NOT IN ('queued', 'running'))
                    AND ",
            any_history!("i.seq"),
            ") IS TRUE AS can_undo,
                u.id AS undo_job, u.state AS undo_state, u.done AS undo_done,
                u.total AS undo_total, u.error AS undo_error
            FROM imports i JOIN sites s ON s.id = i.site_id AND s.deleted_at IS NULL
                JOIN admins a ON a.id = i.started_by
            LEFT JOIN jobs first ON i.state = 'queued' AND first.id = ",
            first_of_site!(
                "i.site_id",
                "(1, (SELECT mine.id FROM jobs mine
                    WHERE mine.kind = 'import' AND mine.import = i.seq))"
            ),
            "
            LEFT JOIN jobs u ON i.undone_at IS NULL AND u.id = (
                SELECT max(j.id) FROM jobs mine CROSS JOIN jobs j ON j.undoes = mine.id
                WHERE mine.kind = 'import' AND mine.import = i.seq
                    AND j.state IN ('queued', 'running', 'failed'))
            WHERE i.account_id = $1 ",
            $rest
        )
    };
}

const LIST: &str =
    select_imports!("AND ($2 IS NULL OR i.site_id = $2) ORDER BY i.seq DESC LIMIT $3");
const GET: &str = select_imports!("AND i.id = $2");
const SINCE: &str = select_imports!("AND i.version > $2 ORDER BY i.version LIMIT $3");

/// The columns of an [`ImportRow`]; the caller adds what to select by.
macro_rules! select_rows {
    ($rest:literal) => {
        concat!(
            "SELECT seq, id, account_id, site_id, state, ending, format, origin, reader, options,
                seen, one_body, received_at, header, pages, authors, comments, removed,
                known_origin
            FROM imports WHERE ",
            $rest
        )
    };
}

const FIND: &str = select_rows!(
    "account_id = $1 AND id = $2
        AND site_id IN (SELECT s.id FROM sites s WHERE s.id = site_id AND s.deleted_at IS NULL)"
);
const FIND_BY_SEQ: &str = select_rows!("seq = $1");
const RESULT: &str = "SELECT result FROM imports WHERE seq = $1";
const MOVED_BEFORE: &str = "SELECT known_origin FROM imports
    WHERE site_id = $1 AND known_origin IS NOT NULL AND undone_at IS NULL
        AND state IN ('queued', 'running', 'succeeded', 'failed', 'cancelled')
        AND header ->> 'family' = $2 AND header ->> 'origin' = $3
    ORDER BY seq DESC LIMIT 1";
const ENDING: &str = "SELECT seq FROM imports
    WHERE ending IS NOT NULL AND state IN ('receiving', 'queued', 'running')";
const OPEN_IDS: &str = "SELECT id FROM imports WHERE state IN ('receiving', 'queued', 'running')";

/// What the server itself needs to know of an import.
#[derive(Debug, Clone)]
pub(crate) struct ImportRow {
    pub seq: i64,
    pub id: String,
    pub account_id: i64,
    pub site_id: i64,
    pub state: ImportState,
    /// Its files are being deleted on the way to a final state.
    pub ending: bool,
    pub format: String,
    pub origin: String,
    pub reader: String,
    pub options: Options,
    pub seen: Seen,
    /// It comes as one body, and not in chunks that a sender goes on with.
    pub one_body: bool,
    /// When something last came for it, in microseconds.
    pub received_at: i64,
    pub header: Option<Header>,
    /// The origin under which its comments are known: the blog moved.
    pub known_origin: Option<String>,
    pub received: Counts,
}

impl ImportRow {
    /// Whose ids it brings; none where it has no header.
    pub(crate) fn namespace(&self) -> Option<Namespace> {
        let header = self.header.as_ref()?;
        Some(Namespace::of(self.site_id, header, self.known_origin.as_deref()))
    }
}

/// Makes an import in `receiving`. False where the account has no such site.
pub(crate) async fn insert(
    tx: &mut SqliteConnection,
    admin: &super::accounts::AdminRow,
    site_id: i64,
    id: &str,
    new: &NewImport,
    now: i64,
) -> Stored<bool> {
    let version = next_version(tx).await?;
    let insert = sqlx::query(INSERT)
        .bind(id)
        .bind(version)
        .bind(&new.format)
        .bind(&new.origin)
        .bind(&new.reader)
        .bind(&new.file.name)
        .bind(to_column(new.file.size_bytes))
        .bind(&new.file.fingerprint)
        .bind(serde_json::to_string(&new.seen)?)
        .bind(admin.id)
        .bind(now)
        .bind(serde_json::to_string(&ImportResult::default())?)
        .bind(site_id)
        .bind(admin.account_id)
        .bind(serde_json::to_string(&new.options)?);
    Ok(execute(tx, insert).await? == 1)
}

/// The account's newest imports.
pub(crate) async fn list(
    store: &Store,
    account_id: i64,
    site_id: Option<i64>,
    limit: u32,
) -> Stored<Vec<Import>> {
    let rows = sqlx::query(LIST)
        .bind(account_id)
        .bind(site_id)
        .bind(limit)
        .fetch_all(store.reader())
        .await?;
    rows.iter().map(import_from).collect()
}

/// One import of the account.
pub(crate) async fn get(store: &Store, account_id: i64, id: &str) -> Stored<Option<Import>> {
    let row = sqlx::query(GET).bind(account_id).bind(id).fetch_optional(store.reader()).await?;
    row.as_ref().map(import_from).transpose()
}

/// What changed after a version, in that order.
pub(crate) async fn changed_since(
    store: &Store,
    account_id: i64,
    version: i64,
    limit: u32,
) -> Stored<Vec<Import>> {
    let rows = sqlx::query(SINCE)
        .bind(account_id)
        .bind(version)
        .bind(limit)
        .fetch_all(store.reader())
        .await?;
    rows.iter().map(import_from).collect()
}

/// Finds an import of the account.
pub(crate) async fn find(
    connection: &mut SqliteConnection,
    account_id: i64,
    id: &str,
) -> Stored<Option<ImportRow>> {
    let row = sqlx::query(FIND).bind(account_id).bind(id).fetch_optional(connection).await?;
    row.as_ref().map(row_from).transpose()
}

/// Finds an import by its number, for the server's own work.
pub(crate) async fn find_by_seq(connection: &mut SqliteConnection, seq: i64) -> Stored<ImportRow> {
    let row = sqlx::query(FIND_BY_SEQ).bind(seq).fetch_one(connection).await?;
    row_from(&row)
}

/// What came of the lines so far.
pub(crate) async fn result(connection: &mut SqliteConnection, seq: i64) -> Stored<ImportResult> {
    let json: String = sqlx::query_scalar(RESULT).bind(seq).fetch_one(connection).await?;
    Ok(serde_json::from_str(&json)?)
}

/// What was answered before, of the same family and origin.
pub(crate) async fn moved_before(
    store: &Store,
    site_id: i64,
    header: &Header,
) -> Stored<Option<String>> {
    Ok(sqlx::query_scalar(MOVED_BEFORE)
        .bind(site_id)
        .bind(&header.family)
        .bind(&header.origin)
        .fetch_optional(store.reader())
        .await?)
}

/// Imports whose files are still to be deleted on the way to a final state.
pub(crate) async fn ending(store: &Store) -> Stored<Vec<i64>> {
    Ok(sqlx::query_scalar(ENDING).fetch_all(store.reader()).await?)
}

/// Ids of the imports that may have staged files.
pub(crate) async fn open_ids(store: &Store) -> Stored<Vec<String>> {
    Ok(sqlx::query_scalar(OPEN_IDS).fetch_all(store.reader()).await?)
}

fn row_from(row: &SqliteRow) -> Stored<ImportRow> {
    let header: Option<String> = row.try_get("header")?;
    let ending: Option<String> = row.try_get("ending")?;
    Ok(ImportRow {
        seq: row.try_get("seq")?,
        id: row.try_get("id")?,
        account_id: row.try_get("account_id")?,
        site_id: row.try_get("site_id")?,
        state: word(row, "state")?,
        ending: ending.is_some(),
        format: row.try_get("format")?,
        origin: row.try_get("origin")?,
        reader: row.try_get("reader")?,
        options: serde_json::from_str(row.try_get("options")?)?,
        seen: serde_json::from_str(row.try_get("seen")?)?,
        one_body: row.try_get("one_body")?,
        received_at: row.try_get("received_at")?,
        header: header.as_deref().map(serde_json::from_str).transpose()?,
        known_origin: row.try_get("known_origin")?,
        received: counts_from(row)?,
    })
}

fn import_from(row: &SqliteRow) -> Stored<Import> {
    let undone_at: Option<i64> = row.try_get("undone_at")?;
    let state = if undone_at.is_some() { ImportState::Undone } else { word(row, "state")? };
    let error: Option<String> = row.try_get("error")?;
    let finished_at: Option<i64> = row.try_get("finished_at")?;
    Ok(Import {
        id: row.try_get("id")?,
        site_id: row.try_get("site_id")?,
        site_name: row.try_get("site_name")?,
        state,
        version: row.try_get("version")?,
        format: row.try_get("format")?,
        origin: row.try_get("origin")?,
        file: SourceFile {
            name: row.try_get("file_name")?,
            size_bytes: from_column(row.try_get("file_size_bytes")?),
            fingerprint: row.try_get("file_fingerprint")?,
        },
        seen: serde_json::from_str(row.try_get("seen")?)?,
        started_by: row.try_get("started_by_email")?,
        created_at: moment(row.try_get("created_at")?),
        finished_at: finished_at.map(moment),
        received: counts_from(row)?,
        chunks_received: row.try_get("chunks")?,
        progress: progress_from(row)?,
        result: serde_json::from_str(row.try_get("result")?)?,
        error: error.as_deref().map(serde_json::from_str).transpose()?,
        behind: row.try_get("behind")?,
        behind_kind: optional_word(row, "behind_kind")?,
        can_undo: row.try_get("can_undo")?,
        undoing: undoing_from(row)?,
    })
}

fn undoing_from(row: &SqliteRow) -> Stored<Option<JobProgress>> {
    let Some(job) = row.try_get("undo_job")? else { return Ok(None) };
    let error: Option<String> = row.try_get("undo_error")?;
    Ok(Some(JobProgress {
        job,
        state: word(row, "undo_state")?,
        done: from_column(row.try_get("undo_done")?),
        total: from_column(row.try_get("undo_total")?),
        error: error.as_deref().map(serde_json::from_str).transpose()?,
    }))
}

fn progress_from(row: &SqliteRow) -> Stored<Option<Progress>> {
    let phase: Option<&str> = row.try_get("phase")?;
    let phase = match phase {
        None => return Ok(None),
        Some("pages") => Phase::Pages,
        Some("comments") => Phase::Comments,
        Some("parents") => Phase::Parents,
        Some(_) => Phase::Cleanup,
    };
    Ok(Some(Progress {
        phase,
        done: from_column(row.try_get("done")?),
        total: from_column(row.try_get("total")?),
    }))
}

fn counts_from(row: &SqliteRow) -> Stored<Counts> {
    Ok(Counts {
        pages: from_column(row.try_get("pages")?),
        authors: from_column(row.try_get("authors")?),
        comments: from_column(row.try_get("comments")?),
        removed: from_column(row.try_get("removed")?),
    })
}

/// A column that holds one of the words of an enum.
pub(super) fn word<T: serde::de::DeserializeOwned>(row: &SqliteRow, column: &str) -> Stored<T> {
    let word: String = row.try_get(column)?;
    Ok(serde_json::from_value(serde_json::Value::String(word))?)
}

/// The same of a column that may be empty.
pub(super) fn optional_word<T: serde::de::DeserializeOwned>(
    row: &SqliteRow,
    column: &str,
) -> Stored<Option<T>> {
    let word: Option<String> = row.try_get(column)?;
    Ok(word.map(|word| serde_json::from_value(serde_json::Value::String(word))).transpose()?)
}

/// The tables hold moments of the clock and of validated records alone.
pub(crate) fn moment(micros: i64) -> Timestamp {
    Timestamp::from_micros(micros).or_else(|| Timestamp::from_micros(0)).expect("1970 is in range")
}
