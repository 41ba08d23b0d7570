//! Imports: what lists, pages and live events show, and their moves from state to state.

use rehome_record::{Counts, Header, Options, Timestamp};
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};

use super::jobs::first_of_site;
use super::undo_plan::any_history;
use super::{Namespace, Store, StoreError, Stored, execute, from_column, to_column, undo_plan};
use crate::http::dto::{
    Import, ImportError, ImportResult, ImportState, JobProgress, NewImport, Phase, Progress, Seen,
    SourceFile,
};

const NEXT_VERSION: &str = "UPDATE import_versions SET latest = latest + 1 RETURNING latest";
const LATEST_VERSION: &str = "SELECT latest FROM import_versions";
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
const SET_QUEUED: &str =
    "UPDATE imports SET state = 'queued', phase = 'pages', done = $2, total = $3, version = $4
    WHERE seq = $1 AND state = 'receiving' AND ending IS NULL";
const SET_KNOWN_ORIGIN: &str = "UPDATE imports SET known_origin = $2
    WHERE seq = $1 AND state = 'receiving'";
const MOVED_BEFORE: &str = "SELECT known_origin FROM imports
    WHERE site_id = $1 AND known_origin IS NOT NULL AND undone_at IS NULL
        AND state IN ('queued', 'running', 'succeeded', 'failed', 'cancelled')
        AND header ->> 'family' = $2 AND header ->> 'origin' = $3
    ORDER BY seq DESC LIMIT 1";
const SET_RUNNING: &str = "UPDATE imports SET state = 'running', version = $2
    WHERE seq = $1 AND state IN ('queued', 'running')";
const SET_PROGRESS: &str =
    "UPDATE imports SET phase = $2, done = min(total, done + $3), result = $4, version = $5,
        undoable = 1
    WHERE seq = $1 AND state = 'running'";
const SET_ENDING: &str = "UPDATE imports SET ending = $2, error = coalesce($3, error), version = $4
    WHERE seq = $1 AND ending IS NULL AND state IN ('receiving', 'queued', 'running')";
const SET_ENDED: &str = "UPDATE imports SET state = ending, finished_at = $2, version = $3,
        done = CASE ending WHEN 'succeeded' THEN total ELSE done END
    WHERE seq = $1 AND ending IS NOT NULL AND state IN ('receiving', 'queued', 'running')";
const TOUCH: &str = "UPDATE imports SET version = $2 WHERE seq = $1";
const TOUCH_QUEUED: &str =
    "UPDATE imports SET version = $2 WHERE site_id = $1 AND state = 'queued'";
const ENDING: &str = "SELECT seq FROM imports
    WHERE ending IS NOT NULL AND state IN ('receiving', 'queued', 'running')";
const ASK_UNDO: &str = "UPDATE imports SET undo_at_end = $2 WHERE seq = $1
    AND ending IS NULL AND state IN ('receiving', 'queued', 'running')";
const ASKED_UNDO: &str =
    "SELECT undo_at_end FROM imports WHERE seq = $1 AND undoable = 1 AND undo_at_end IS NOT NULL";
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

/// The final states.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    Succeeded,
    Failed,
    Cancelled,
    Expired,
}

impl Ending {
    fn as_str(self) -> &'static str {
        match self {
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
            Self::Expired => "expired",
        }
    }
}

/// Takes the next number of the counter that live events are ordered by.
pub(super) async fn next_version(tx: &mut SqliteConnection) -> Stored<i64> {
    Ok(sqlx::query_scalar(NEXT_VERSION).fetch_one(tx).await?)
}

/// The last number of that counter.
pub(crate) async fn latest_version(store: &Store) -> Stored<i64> {
    Ok(sqlx::query_scalar(LATEST_VERSION).fetch_one(store.reader()).await?)
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

/// `receiving` → `queued`. False where it is in another state.
pub(crate) async fn set_queued(
    tx: &mut SqliteConnection,
    seq: i64,
    done: u64,
    total: u64,
) -> Stored<bool> {
    let version = next_version(tx).await?;
    let update = sqlx::query(SET_QUEUED)
        .bind(seq)
        .bind(to_column(done))
        .bind(to_column(total))
        .bind(version);
    Ok(execute(tx, update).await? == 1)
}

/// Notes under which origin the import's comments are known.
pub(crate) async fn set_known_origin(
    tx: &mut SqliteConnection,
    seq: i64,
    origin: Option<&str>,
) -> Stored<()> {
    execute(tx, sqlx::query(SET_KNOWN_ORIGIN).bind(seq).bind(origin)).await?;
    Ok(())
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

/// `queued` → `running`; stays there where it goes on after an interruption.
pub(super) async fn set_running(tx: &mut SqliteConnection, seq: i64) -> Stored<bool> {
    let version = next_version(tx).await?;
    let update = sqlx::query(SET_RUNNING).bind(seq).bind(version);
    Ok(execute(tx, update).await? == 1)
}

/// Notes how far a running import is and what came of it so far.
pub(crate) async fn set_progress(
    tx: &mut SqliteConnection,
    seq: i64,
    phase: Phase,
    newly_done: u64,
    result: &ImportResult,
) -> Stored<()> {
    let version = next_version(tx).await?;
    let update = sqlx::query(SET_PROGRESS)
        .bind(seq)
        .bind(phase_word(phase))
        .bind(to_column(newly_done))
        .bind(serde_json::to_string(result)?)
        .bind(version);
    if execute(tx, update).await? == 1 { Ok(()) } else { Err(StoreError::LeaseLost) }
}

/// Sends an import on its way to a final state: nothing is taken for it any more.
/// False where it is already on its way or there.
pub(crate) async fn set_ending(
    tx: &mut SqliteConnection,
    seq: i64,
    ending: Ending,
    error: Option<&ImportError>,
) -> Stored<bool> {
    let version = next_version(tx).await?;
    let update = sqlx::query(SET_ENDING)
        .bind(seq)
        .bind(ending.as_str())
        .bind(error.map(serde_json::to_string).transpose()?)
        .bind(version);
    Ok(execute(tx, update).await? == 1)
}

/// The files are gone: takes the final state that `set_ending` named. False
/// where it was taken before.
pub(crate) async fn set_ended(
    tx: &mut SqliteConnection,
    row: &ImportRow,
    now: i64,
) -> Stored<bool> {
    let version = next_version(tx).await?;
    let update = sqlx::query(SET_ENDED).bind(row.seq).bind(now).bind(version);
    let ended = execute(tx, update).await? == 1;
    if ended {
        super::job_ends::end_of_import(tx, row.seq, now).await?;
        undo_where_asked(tx, row.seq, now).await?;
        super::jobs::tell_queue(tx, Some(row.site_id)).await?;
    }
    Ok(ended)
}

/// Notes that an import is to be taken back as soon as it ends. False where it
/// is on its way to its end already.
pub(crate) async fn ask_undo(tx: &mut SqliteConnection, seq: i64, admin: i64) -> Stored<bool> {
    Ok(execute(tx, sqlx::query(ASK_UNDO).bind(seq).bind(admin)).await? == 1)
}

/// In the transaction in which an import ends: whoever stopped it may want it
/// taken back as well. Nothing came after it yet, so that can be done.
async fn undo_where_asked(tx: &mut SqliteConnection, seq: i64, now: i64) -> Stored<()> {
    let asked = sqlx::query_scalar(ASKED_UNDO).bind(seq).fetch_optional(&mut *tx).await?;
    let Some(admin): Option<i64> = asked else { return Ok(()) };
    let Some(job) = undo_plan::job_of(tx, seq).await? else { return Ok(()) };
    if !undo_plan::did_anything(tx, seq).await? {
        return Ok(());
    }
    if let Some(past) = undo_plan::from_on(tx, job, i64::MIN).await?.pop() {
        undo_plan::enqueue(tx, &past, admin, now).await?;
    }
    Ok(())
}

/// Tells live streams that something about an import changed.
pub(crate) async fn touch(tx: &mut SqliteConnection, seq: i64) -> Stored<()> {
    let version = next_version(tx).await?;
    execute(tx, sqlx::query(TOUCH).bind(seq).bind(version)).await?;
    Ok(())
}

/// The same for those of a site that wait.
pub(super) async fn touch_queued(
    tx: &mut SqliteConnection,
    site_id: i64,
    version: i64,
) -> Stored<()> {
    execute(tx, sqlx::query(TOUCH_QUEUED).bind(site_id).bind(version)).await?;
    Ok(())
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

fn phase_word(phase: Phase) -> &'static str {
    match phase {
        Phase::Pages => "pages",
        Phase::Comments => "comments",
        Phase::Parents => "parents",
        Phase::Cleanup => "cleanup",
    }
}

/// The tables hold moments of the clock and of validated records alone.
pub(crate) fn moment(micros: i64) -> Timestamp {
    Timestamp::from_micros(micros).or_else(|| Timestamp::from_micros(0)).expect("1970 is in range")
}
