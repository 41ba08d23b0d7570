//! What the report of an import tells beside the import itself.

use rehome_record::{Header, Options, ReaderIssue, Timestamp};
use serde_json::Value;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};

use super::imports::{moment, word};
use super::{Namespace, RecordHash, Store, Stored, execute, from_column};
use crate::http::dto::{
    DoublePage, DoubleSource, ImportState, PossibleDouble, PossibleDoubles, Vanished,
};

const KEEP_ISSUES: &str = "UPDATE imports SET issues = $2 WHERE seq = $1";
const FACTS: &str = "SELECT i.seq, i.site_id, i.origin, i.known_origin, i.header, i.reader,
        i.options, i.issues, i.state, i.created_at, i.received_at, i.finished_at, i.undone_at,
        i.result, j.created_at AS submitted_at, j.started_at
    FROM imports i JOIN sites s ON s.id = i.site_id AND s.deleted_at IS NULL
        LEFT JOIN jobs j ON j.import = i.seq AND j.kind = 'import'
    WHERE i.account_id = $1 AND i.id = $2";

/// Each possible double of an import, in the order of the source's ids.
const DOUBLES: &str = "SELECT d.source_id, s.comment_id, d.other_id, c.page_id, g.title, g.url,
        (SELECT json_group_array(json_object(
                'family', o.family, 'origin', o.origin, 'source_id', o.source_id))
            FROM comment_sources o WHERE o.comment_id = d.other_id) AS other_sources
    FROM possible_doubles d
        LEFT JOIN comment_sources s ON s.site_id = $2 AND s.family = $3 AND s.origin = $4
            AND s.source_id = d.source_id
        LEFT JOIN comments c ON c.id = s.comment_id
        LEFT JOIN pages g ON g.id = c.page_id
    WHERE d.import = $1 AND (d.source_id, d.other_id) > ($5, $6)
    ORDER BY d.source_id, d.other_id LIMIT $7";
const DOUBLES_COUNT: &str = "SELECT count(*) FROM possible_doubles WHERE import = $1";

/// Known of the source before, and not in the file any more.
const VANISHED: &str = "SELECT source_id FROM comment_sources
    WHERE site_id = $1 AND family = $2 AND origin = $3 AND seen_in < $4 AND hash <> $6
    ORDER BY source_id LIMIT $5";
/// Whether another import of the same source has looked since.
const LOOKED_SINCE: &str = "SELECT EXISTS (SELECT 1 FROM comment_sources
    WHERE site_id = $1 AND family = $2 AND origin = $3 AND seen_in > $4)";

/// An import as its report needs it.
#[derive(Debug)]
pub(crate) struct Facts {
    pub seq: i64,
    /// Under which its ids are known.
    namespace: Namespace,
    pub reader: String,
    pub options: Options,
    /// None where its sender said nothing of them.
    pub issues: Option<Vec<ReaderIssue>>,
    pub state: ImportState,
    pub received_at: Timestamp,
    pub submitted_at: Option<Timestamp>,
    pub started_at: Option<Timestamp>,
    pub undone_at: Option<Timestamp>,
    /// As it is kept.
    pub result: Value,
}

/// Keeps what the sender says that its reader found.
pub(crate) async fn keep_issues(
    tx: &mut SqliteConnection,
    import: i64,
    issues: &[ReaderIssue],
) -> Stored<()> {
    let keep = sqlx::query(KEEP_ISSUES).bind(import).bind(serde_json::to_string(issues)?);
    execute(tx, keep).await?;
    Ok(())
}

/// What is known of an import of the account.
pub(crate) async fn facts(store: &Store, account_id: i64, id: &str) -> Stored<Option<Facts>> {
    let row = sqlx::query(FACTS).bind(account_id).bind(id).fetch_optional(store.reader()).await?;
    row.as_ref().map(facts_from).transpose()
}

fn facts_from(row: &SqliteRow) -> Stored<Facts> {
    let time = |name: &str| Stored::Ok(row.try_get::<Option<i64>, _>(name)?.map(moment));
    let site_id = row.try_get("site_id")?;
    let header: Option<String> = row.try_get("header")?;
    let header: Option<Header> = header.as_deref().map(serde_json::from_str).transpose()?;
    let known: Option<&str> = row.try_get("known_origin")?;
    let namespace = match &header {
        Some(header) => Namespace::of(site_id, header, known),
        // No row is of it.
        None => Namespace { site_id, family: String::new(), origin: row.try_get("origin")? },
    };
    let issues: Option<String> = row.try_get("issues")?;
    Ok(Facts {
        seq: row.try_get("seq")?,
        namespace,
        reader: row.try_get("reader")?,
        options: serde_json::from_str(row.try_get("options")?)?,
        issues: issues.as_deref().map(serde_json::from_str).transpose()?,
        state: word(row, "state")?,
        received_at: moment(row.try_get("received_at")?),
        submitted_at: time("submitted_at")?,
        started_at: time("started_at")?,
        undone_at: time("undone_at")?,
        result: serde_json::from_str(row.try_get("result")?)?,
    })
}

/// Where a list of possible doubles goes on.
pub(crate) type AfterDouble = (String, i64);

/// The next possible doubles of an import.
pub(crate) async fn doubles(
    store: &Store,
    import: &Facts,
    (source_id, other_id): &AfterDouble,
    limit: u32,
) -> Stored<Vec<PossibleDouble>> {
    let rows = sqlx::query(DOUBLES)
        .bind(import.seq)
        .bind(import.namespace.site_id)
        .bind(&import.namespace.family)
        .bind(&import.namespace.origin)
        .bind(source_id)
        .bind(other_id)
        .bind(limit)
        .fetch_all(store.reader())
        .await?;
    rows.iter().map(double_from).collect()
}

fn double_from(row: &SqliteRow) -> Stored<PossibleDouble> {
    let page_id: Option<i64> = row.try_get("page_id")?;
    let page = page_id.map(|id| {
        Stored::Ok(DoublePage { id, title: row.try_get("title")?, url: row.try_get("url")? })
    });
    let others: Vec<DoubleSource> = serde_json::from_str(row.try_get("other_sources")?)?;
    Ok(PossibleDouble {
        source_id: row.try_get("source_id")?,
        comment: row.try_get("comment_id")?,
        other: row.try_get("other_id")?,
        other_sources: others,
        page: page.transpose()?,
    })
}

/// The first possible doubles of an import, and how many there are.
pub(crate) async fn first_doubles(
    store: &Store,
    import: &Facts,
    limit: u32,
) -> Stored<PossibleDoubles> {
    let start = (String::new(), i64::MIN);
    let doubles = doubles(store, import, &start, limit).await?;
    let total: i64 =
        sqlx::query_scalar(DOUBLES_COUNT).bind(import.seq).fetch_one(store.reader()).await?;
    Ok(PossibleDoubles { total: from_column(total), doubles })
}

/// Comments that the source had before and the file no longer has, the first
/// so many of them. `removed` is the hash of those that it had taken back already.
pub(crate) async fn vanished(
    store: &Store,
    import: &Facts,
    limit: u32,
    removed: RecordHash,
) -> Stored<Vanished> {
    let counted = import.result["vanished"].as_u64().unwrap_or(0);
    let applied = import.state == ImportState::Succeeded && import.undone_at.is_none();
    if !applied || looked_since(store, import).await? {
        return Ok(Vanished { total: counted, known: false, source_ids: Vec::new() });
    }
    let source_ids: Vec<String> = sqlx::query_scalar(VANISHED)
        .bind(import.namespace.site_id)
        .bind(&import.namespace.family)
        .bind(&import.namespace.origin)
        .bind(import.seq)
        .bind(limit)
        .bind(removed.to_vec())
        .fetch_all(store.reader())
        .await?;
    Ok(Vanished { total: counted.max(source_ids.len() as u64), known: true, source_ids })
}

async fn looked_since(store: &Store, import: &Facts) -> Stored<bool> {
    Ok(sqlx::query_scalar(LOOKED_SINCE)
        .bind(import.namespace.site_id)
        .bind(&import.namespace.family)
        .bind(&import.namespace.origin)
        .bind(import.seq)
        .fetch_one(store.reader())
        .await?)
}
