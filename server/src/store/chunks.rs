//! Chunks that are held, and the lines of them that were not taken.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use rehome_record::{Counts, End, Header};
use sqlx::{Row, SqliteConnection};

use super::import_moves::next_version;
use super::{Store, Stored, execute, from_column, to_column};
use crate::http::dto::{ChunkHeld, ImportResult, RejectedLine};

const DIGEST: &str = "SELECT digest FROM chunks WHERE import = $1 AND number = $2";
const INSERT: &str = "INSERT INTO chunks
        (import, number, digest, pages, authors, comments, removed, replies, rejected, end_line)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
/// What a body brings is known at its end alone: until then, what came was seen.
const COUNT_IN: &str =
    "UPDATE imports SET chunks = chunks + 1, pages = pages + $2, authors = authors + $3,
        comments = comments + $4, removed = removed + $5, result = $6,
        header = coalesce($7, header), received_at = $8, version = $9,
        staged_bytes = staged_bytes + $10,
        seen = CASE one_body WHEN 0 THEN seen
            ELSE json_set(seen, '$.comments', comments + $4, '$.kept', comments + $4) END
    WHERE seq = $1 AND state = 'receiving' AND ending IS NULL";
const DIGESTS: &str = "SELECT number, digest FROM chunks WHERE import = $1 ORDER BY number";
const ALL: &str =
    "SELECT number, digest, pages, authors, comments, removed, replies, rejected, end_line
    FROM chunks WHERE import = $1 ORDER BY number";
const FORGET: &str = "DELETE FROM chunks WHERE import = $1";
const REJECT: &str = "INSERT INTO rejected_lines (import, chunk, line, code, source_id)
    SELECT $1, value ->> 0, value ->> 1, value ->> 2, value ->> 3 FROM jsonb_each($2) LIMIT $3";
const REJECTED_COUNT: &str = "SELECT count(*) FROM rejected_lines WHERE import = $1";
const REJECTED: &str = "SELECT chunk, line, code, source_id FROM rejected_lines
    WHERE import = $1 ORDER BY chunk, line LIMIT $2";

/// Rejected lines that are kept for an import; all are counted.
const KEPT_REJECTED: i64 = 1_000;

/// A chunk as it was found on arrival.
#[derive(Debug, Clone, Default)]
pub(crate) struct ArrivedChunk {
    pub number: u32,
    /// SHA-256 of the plain lines.
    pub digest: Vec<u8>,
    /// Bytes that it takes where it is staged.
    pub staged_bytes: u64,
    /// Lines by what they say they are, rejected ones included.
    pub counts: Counts,
    /// Valid comments that name a parent.
    pub replies: u64,
    /// Lines that are JSON, but not valid records.
    pub rejected: Vec<RejectedLine>,
    /// The same, counted.
    pub result: ImportResult,
    /// The stream's first line.
    pub header: Option<Header>,
    /// The stream's last line.
    pub end: Option<End>,
}

/// What the passes need to know of a held chunk.
#[derive(Debug, Clone)]
pub(crate) struct HeldChunk {
    pub number: u32,
    /// SHA-256 of the plain lines.
    pub digest: Vec<u8>,
    pub counts: Counts,
    pub replies: u64,
    pub rejected: u64,
    pub end: Option<End>,
}

/// The digest under which a chunk is held.
pub(crate) async fn digest(
    connection: &mut SqliteConnection,
    import: i64,
    number: u32,
) -> Stored<Option<Vec<u8>>> {
    Ok(sqlx::query_scalar(DIGEST).bind(import).bind(number).fetch_optional(connection).await?)
}

/// Takes a chunk in. False where the import takes nothing any more.
pub(crate) async fn insert(
    tx: &mut SqliteConnection,
    import: i64,
    chunk: &ArrivedChunk,
    now: i64,
) -> Stored<bool> {
    let version = next_version(tx).await?;
    let mut result = super::imports::result(tx, import).await?;
    result.add(&chunk.result);
    let header = chunk.header.as_ref().map(serde_json::to_string).transpose()?;
    let count_in = sqlx::query(COUNT_IN)
        .bind(import)
        .bind(to_column(chunk.counts.pages))
        .bind(to_column(chunk.counts.authors))
        .bind(to_column(chunk.counts.comments))
        .bind(to_column(chunk.counts.removed))
        .bind(serde_json::to_string(&result)?)
        .bind(header)
        .bind(now)
        .bind(version)
        .bind(to_column(chunk.staged_bytes));
    if execute(tx, count_in).await? == 0 {
        return Ok(false);
    }
    let insert = sqlx::query(INSERT)
        .bind(import)
        .bind(chunk.number)
        .bind(&chunk.digest)
        .bind(to_column(chunk.counts.pages))
        .bind(to_column(chunk.counts.authors))
        .bind(to_column(chunk.counts.comments))
        .bind(to_column(chunk.counts.removed))
        .bind(to_column(chunk.replies))
        .bind(to_column(chunk.rejected.len() as u64))
        .bind(chunk.end.as_ref().map(serde_json::to_string).transpose()?);
    execute(tx, insert).await?;
    reject(tx, import, &chunk.rejected).await?;
    Ok(true)
}

/// Keeps lines that were not taken, as far as there is room.
pub(crate) async fn reject(
    tx: &mut SqliteConnection,
    import: i64,
    lines: &[RejectedLine],
) -> Stored<()> {
    if lines.is_empty() {
        return Ok(());
    }
    let kept: i64 = sqlx::query_scalar(REJECTED_COUNT).bind(import).fetch_one(&mut *tx).await?;
    let room = (KEPT_REJECTED - kept).max(0);
    let rows: Vec<_> =
        lines.iter().map(|line| (line.chunk, line.line, &line.code, &line.source_id)).collect();
    let insert = sqlx::query(REJECT).bind(import).bind(serde_json::to_string(&rows)?).bind(room);
    execute(tx, insert).await?;
    Ok(())
}

/// Numbers and digests of the chunks held, in order.
pub(crate) async fn digests(store: &Store, import: i64) -> Stored<Vec<ChunkHeld>> {
    let rows = sqlx::query(DIGESTS).bind(import).fetch_all(store.reader()).await?;
    rows.iter()
        .map(|row| {
            let digest: &[u8] = row.try_get("digest")?;
            let digest = format!("sha-256=:{}:", BASE64_STANDARD.encode(digest));
            Ok(ChunkHeld { number: row.try_get("number")?, digest })
        })
        .collect()
}

/// The chunks held, in order.
pub(crate) async fn held(connection: &mut SqliteConnection, import: i64) -> Stored<Vec<HeldChunk>> {
    let rows = sqlx::query(ALL).bind(import).fetch_all(connection).await?;
    rows.iter()
        .map(|row| {
            let end: Option<String> = row.try_get("end_line")?;
            Ok(HeldChunk {
                number: row.try_get("number")?,
                digest: row.try_get("digest")?,
                counts: Counts {
                    pages: from_column(row.try_get("pages")?),
                    authors: from_column(row.try_get("authors")?),
                    comments: from_column(row.try_get("comments")?),
                    removed: from_column(row.try_get("removed")?),
                },
                replies: from_column(row.try_get("replies")?),
                rejected: from_column(row.try_get("rejected")?),
                end: end.as_deref().map(serde_json::from_str).transpose()?,
            })
        })
        .collect()
}

/// Forgets the chunks of an import whose files are gone.
pub(crate) async fn forget(tx: &mut SqliteConnection, import: i64) -> Stored<()> {
    execute(tx, sqlx::query(FORGET).bind(import)).await?;
    Ok(())
}

/// The first rejected lines of an import.
pub(crate) async fn rejected(store: &Store, import: i64, limit: u32) -> Stored<Vec<RejectedLine>> {
    let rows = sqlx::query(REJECTED).bind(import).bind(limit).fetch_all(store.reader()).await?;
    rows.iter()
        .map(|row| {
            Ok(RejectedLine {
                chunk: row.try_get("chunk")?,
                line: from_column(row.try_get("line")?),
                code: row.try_get("code")?,
                source_id: row.try_get("source_id")?,
            })
        })
        .collect()
}
