//! What would be taken back, and whether it can be.
//!
//! The jobs of a site are its history. Only the newest one can be taken back, so
//! an older one takes all later ones with it. An import that found everything as
//! it was counts too: what it found would be gone.

use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};

use super::imports::{moment, word};
use super::jobs::{self, NewJob};
use super::{Stored, from_column};
use crate::http::dto::{JobKind, PageName, UndoKind, UndoPage, UndoStep};

/// Jobs of the site from this one on that did something and are not undone, the newest first.
const FROM_ON: &str = "SELECT j.id, j.kind, j.site_id, j.account_id, j.import, j.finished_at,
        i.id AS import_id, i.file_name,
        CASE j.kind WHEN 'regroup' THEN j.task IS NOT NULL
                AND EXISTS (SELECT 1 FROM page_moves m WHERE m.job = j.id)
            ELSE coalesce(i.undoable AND i.finished_at > $2, 1) END AS undoable
    FROM jobs mine
    JOIN jobs j ON j.site_id = mine.site_id AND j.id >= mine.id
    LEFT JOIN imports i ON j.kind = 'import' AND i.seq = j.import
    WHERE mine.id = $1 AND j.kind IN ('import', 'regroup') AND j.undone_by IS NULL
        AND j.state IN ('succeeded', 'failed', 'cancelled')
        AND CASE j.kind WHEN 'import' THEN i.undoable OR EXISTS (
                SELECT 1 FROM json_each(i.result) kinds
                WHERE kinds.key IN ('pages', 'authors', 'comments')
                    AND (kinds.value ->> 'inserted') + (kinds.value ->> 'updated')
                        + (kinds.value ->> 'unchanged') > 0)
            -- What it is to do is forgotten with what it did.
            ELSE j.attempt > 0 AND (j.task IS NULL
                OR EXISTS (SELECT 1 FROM page_moves m WHERE m.job = j.id)) END
    ORDER BY j.id DESC";
const OF_IMPORT: &str = "SELECT id FROM jobs WHERE kind = 'import' AND import = $1";
const BUSY: &str = "SELECT EXISTS (SELECT 1 FROM jobs o JOIN sites s ON s.id = $1
    WHERE o.state IN ('queued', 'running')
        AND (o.site_id = s.id OR (o.site_id IS NULL AND o.account_id = s.account_id)))";
/// Whether an import, named by what the caller says, changed anything that is still known.
macro_rules! any_history {
    ($import:literal) => {
        concat!(
            "(EXISTS (SELECT 1 FROM import_added h WHERE h.import = ",
            $import,
            ") OR EXISTS (SELECT 1 FROM import_changed h WHERE h.import = ",
            $import,
            ") OR EXISTS (SELECT 1 FROM import_changed_sources h WHERE h.import = ",
            $import,
            "))"
        )
    };
}
pub(super) use any_history;

const DID_ANYTHING: &str = concat!("SELECT ", any_history!("$1"));
const TO_DO: &str = "SELECT
    (SELECT coalesce(sum(last_id - first_id + 1), 0) FROM import_added
        WHERE import = $1 AND kind = 'comment') AS comments,
    (SELECT coalesce(sum(last_id - first_id + 1), 0) FROM import_added
        WHERE import = $1 AND kind = 'page') AS pages,
    (SELECT coalesce(sum(last_id - first_id + 1), 0) FROM import_added
        WHERE import = $1 AND kind = 'author') AS authors,
    (SELECT count(*) FROM import_changed WHERE import = $1 AND kind = 'comment') AS restored,
    (SELECT count(*) FROM import_changed WHERE import = $1 AND kind <> 'comment') AS others,
    (SELECT count(*) FROM import_changed_sources WHERE import = $1) AS sources";
const PAGES: &str = "SELECT t.page_id AS id, p.title, p.url, sum(t.added) AS deleted,
        sum(t.changed) AS restored, count(*) OVER () AS total
    FROM json_each($1) j CROSS JOIN import_pages t ON t.import = j.value
    LEFT JOIN pages p ON p.id = t.page_id
    GROUP BY t.page_id
    ORDER BY sum(t.added) + sum(t.changed) DESC, t.page_id LIMIT $2";

/// A job of a site's history that can be taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Past {
    pub job: i64,
    pub kind: UndoKind,
    pub account_id: i64,
    pub site_id: i64,
    /// Number of the import.
    pub import: Option<i64>,
    /// What it did is still known.
    pub undoable: bool,
    step: PastStep,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct PastStep {
    import: Option<String>,
    file_name: Option<String>,
    finished_at: i64,
}

/// Rows that taking an import back is about.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct ToDo {
    /// Comments that are deleted.
    pub comments: u64,
    /// Pages that are deleted.
    pub pages: u64,
    /// Comments that are as they were.
    pub restored: u64,
    /// Rows of all tables, about.
    pub rows: u64,
}

impl Past {
    /// As the plan shows it.
    pub(crate) fn step(&self, deleted: u64, restored: u64) -> UndoStep {
        UndoStep {
            job: self.job,
            kind: self.kind,
            import: self.step.import.clone(),
            file_name: self.step.file_name.clone(),
            at: moment(self.step.finished_at),
            deleted,
            restored,
        }
    }
}

/// The job of the site's history and all later ones that did something, the
/// newest first. Empty where the job did nothing, or is undone. What imports did
/// that finished by `over` is not known any more.
pub(crate) async fn from_on(
    connection: &mut SqliteConnection,
    job: i64,
    over: i64,
) -> Stored<Vec<Past>> {
    let rows = sqlx::query(FROM_ON).bind(job).bind(over).fetch_all(connection).await?;
    let past = rows.iter().map(past_from).collect::<Stored<Vec<_>>>()?;
    let is_there = past.last().is_some_and(|oldest| oldest.job == job);
    Ok(if is_there { past } else { Vec::new() })
}

/// The job that applied an import.
pub(crate) async fn job_of(connection: &mut SqliteConnection, import: i64) -> Stored<Option<i64>> {
    Ok(sqlx::query_scalar(OF_IMPORT).bind(import).fetch_optional(connection).await?)
}

/// Whether a job of the site waits or runs.
pub(crate) async fn is_busy(connection: &mut SqliteConnection, site_id: i64) -> Stored<bool> {
    Ok(sqlx::query_scalar(BUSY).bind(site_id).fetch_one(connection).await?)
}

/// Whether an import changed anything that can be taken back.
pub(crate) async fn did_anything(connection: &mut SqliteConnection, import: i64) -> Stored<bool> {
    Ok(sqlx::query_scalar(DID_ANYTHING).bind(import).fetch_one(connection).await?)
}

/// What there is to do for an import.
pub(crate) async fn to_do(connection: &mut SqliteConnection, import: i64) -> Stored<ToDo> {
    let row = sqlx::query(TO_DO).bind(import).fetch_one(connection).await?;
    let count = |column: &str| Stored::Ok(from_column(row.try_get(column)?));
    let (comments, pages, restored) = (count("comments")?, count("pages")?, count("restored")?);
    // Comments and authors that are added have a source each, and pages one at least.
    let added = comments + pages + count("authors")?;
    let rows = 2 * added + restored + count("others")? + count("sources")?;
    Ok(ToDo { comments, pages, restored, rows })
}

/// Puts the taking back of a job into the queue.
pub(crate) async fn enqueue(
    tx: &mut SqliteConnection,
    past: &Past,
    asked_by: i64,
    now: i64,
) -> Stored<i64> {
    let total = match past.import {
        Some(import) => to_do(tx, import).await?.rows,
        None => 0,
    };
    let job = NewJob {
        kind: JobKind::Undo,
        account_id: past.account_id,
        site_id: Some(past.site_id),
        import: past.import,
        undoes: Some(past.job),
        asked_by: Some(asked_by),
        cursor: "{}".to_owned(),
        task: None,
        total,
    };
    let id = jobs::add(tx, &job, now).await?;
    if let Some(import) = past.import {
        super::import_moves::touch(tx, import).await?;
    }
    Ok(id)
}

/// The pages on which these imports changed the most comments, and how many pages there are.
pub(crate) async fn pages(
    connection: &mut SqliteConnection,
    imports: &[i64],
    limit: u32,
) -> Stored<(Vec<UndoPage>, u64)> {
    let rows = sqlx::query(PAGES)
        .bind(serde_json::to_string(imports)?)
        .bind(limit)
        .fetch_all(connection)
        .await?;
    let total = match rows.first() {
        Some(row) => from_column(row.try_get("total")?),
        None => 0,
    };
    let pages = rows.iter().map(page_from).collect::<Stored<_>>()?;
    Ok((pages, total))
}

fn page_from(row: &SqliteRow) -> Stored<UndoPage> {
    Ok(UndoPage {
        page: PageName {
            id: row.try_get("id")?,
            url: row.try_get("url")?,
            title: row.try_get("title")?,
        },
        deleted: from_column(row.try_get("deleted")?),
        restored: from_column(row.try_get("restored")?),
    })
}

fn past_from(row: &SqliteRow) -> Stored<Past> {
    let finished_at: Option<i64> = row.try_get("finished_at")?;
    Ok(Past {
        job: row.try_get("id")?,
        kind: word(row, "kind")?,
        account_id: row.try_get("account_id")?,
        site_id: row.try_get("site_id")?,
        import: row.try_get("import")?,
        undoable: row.try_get("undoable")?,
        step: PastStep {
            import: row.try_get("import_id")?,
            file_name: row.try_get("file_name")?,
            finished_at: finished_at.unwrap_or(0),
        },
    })
}

/// What is looked up often, for the test of how rows are found.
#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[FROM_ON, OF_IMPORT, DID_ANYTHING, TO_DO];
