//! Streams that are not finished: found again by their file, gone on with, or left behind.

use rehome_record::Options;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};

use super::imports::word;
use super::{Store, Stored, execute, from_column, to_column};
use crate::http::dto::{ImportState, Seen, SourceFile};

/// The columns of a [`Frozen`]; the caller adds what to select by.
macro_rules! select_frozen {
    ($rest:literal) => {
        concat!(
            "SELECT i.seq, i.id, i.state, i.ending, i.one_body, i.format, i.origin, i.reader,
                i.options, i.file_size_bytes, i.file_fingerprint, i.seen, i.site_revision,
                s.revision
            FROM imports i JOIN sites s ON s.id = i.site_id AND s.deleted_at IS NULL
            WHERE i.account_id = $1 AND i.site_id = $2 ",
            $rest
        )
    };
}

const FROZEN: &str = select_frozen!("AND i.id = $3");
const OF_FILE: &str = select_frozen!(
    "AND i.file_fingerprint = $3 AND i.file_size_bytes = $4 AND i.one_body = 0
        AND i.state = 'receiving' AND i.ending IS NULL ORDER BY i.seq DESC LIMIT 1"
);
const GO_ON: &str = "UPDATE imports SET received_at = $2 WHERE seq = $1 AND state = 'receiving'";
const STALE: &str = "SELECT seq FROM imports
    WHERE state = 'receiving' AND ending IS NULL AND one_body = 0 AND received_at <= $1";
const SET_ONE_BODY: &str = "UPDATE imports SET one_body = 1 WHERE id = $1";
const ONE_BODIES: &str = "SELECT seq, id FROM imports
    WHERE state = 'receiving' AND ending IS NULL AND one_body = 1";
const SET_SOURCE: &str =
    "UPDATE imports SET seen = $2, file_size_bytes = $3, file_fingerprint = $4 WHERE seq = $1";

/// What a sender froze, to be compared with what is sent now.
#[derive(Debug, Clone)]
pub(crate) struct Frozen {
    pub seq: i64,
    pub id: String,
    pub state: ImportState,
    pub ending: bool,
    pub one_body: bool,
    pub format: String,
    pub origin: String,
    pub reader: String,
    pub options: Options,
    pub file_size_bytes: u64,
    pub file_fingerprint: String,
    pub seen: Seen,
    /// The site's revision then.
    pub site_revision: i64,
    pub site_revision_now: i64,
}

/// What was frozen for an import of the account's site.
pub(crate) async fn frozen(
    tx: &mut SqliteConnection,
    account_id: i64,
    site_id: i64,
    id: &str,
) -> Stored<Option<Frozen>> {
    let find = sqlx::query(FROZEN).bind(account_id).bind(site_id).bind(id);
    find.fetch_optional(tx).await?.as_ref().map(frozen_from).transpose()
}

/// The site's newest unfinished stream of the same file.
pub(crate) async fn of_file(
    tx: &mut SqliteConnection,
    account_id: i64,
    site_id: i64,
    file: &SourceFile,
) -> Stored<Option<Frozen>> {
    let find = sqlx::query(OF_FILE)
        .bind(account_id)
        .bind(site_id)
        .bind(&file.fingerprint)
        .bind(to_column(file.size_bytes));
    find.fetch_optional(tx).await?.as_ref().map(frozen_from).transpose()
}

/// Notes that somebody goes on with an unfinished stream, so that it does not expire.
pub(crate) async fn go_on(tx: &mut SqliteConnection, seq: i64, now: i64) -> Stored<()> {
    execute(tx, sqlx::query(GO_ON).bind(seq).bind(now)).await?;
    Ok(())
}

/// Streams in chunks that took nothing since then.
pub(crate) async fn stale(store: &Store, received_before: i64) -> Stored<Vec<i64>> {
    Ok(sqlx::query_scalar(STALE).bind(received_before).fetch_all(store.reader()).await?)
}

/// Notes that a new import comes as one body.
pub(crate) async fn set_one_body(tx: &mut SqliteConnection, id: &str) -> Stored<()> {
    execute(tx, sqlx::query(SET_ONE_BODY).bind(id)).await?;
    Ok(())
}

/// Number and id of each unfinished import that comes as one body.
pub(crate) async fn one_bodies(store: &Store) -> Stored<Vec<(i64, String)>> {
    Ok(sqlx::query_as(ONE_BODIES).fetch_all(store.reader()).await?)
}

/// Stores what is known of a body once its end has come.
pub(crate) async fn set_source(
    tx: &mut SqliteConnection,
    seq: i64,
    seen: &Seen,
    size_bytes: u64,
    fingerprint: &str,
) -> Stored<()> {
    let set = sqlx::query(SET_SOURCE)
        .bind(seq)
        .bind(serde_json::to_string(seen)?)
        .bind(to_column(size_bytes))
        .bind(fingerprint);
    execute(tx, set).await?;
    Ok(())
}

fn frozen_from(row: &SqliteRow) -> Stored<Frozen> {
    let ending: Option<String> = row.try_get("ending")?;
    Ok(Frozen {
        seq: row.try_get("seq")?,
        id: row.try_get("id")?,
        state: word(row, "state")?,
        ending: ending.is_some(),
        one_body: row.try_get("one_body")?,
        format: row.try_get("format")?,
        origin: row.try_get("origin")?,
        reader: row.try_get("reader")?,
        options: serde_json::from_str(row.try_get("options")?)?,
        file_size_bytes: from_column(row.try_get("file_size_bytes")?),
        file_fingerprint: row.try_get("file_fingerprint")?,
        seen: serde_json::from_str(row.try_get("seen")?)?,
        site_revision: row.try_get("site_revision")?,
        site_revision_now: row.try_get("revision")?,
    })
}
