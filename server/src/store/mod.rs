//! The database. All SQL is in this folder, one file per area.
//!
//! Everything an admin asks for is looked up with the account's id, so that no
//! caller can forget to ask whose it is.

pub(crate) mod account_use;
pub(crate) mod accounts;
pub(crate) mod api_tokens;
pub(crate) mod audit;
pub(crate) mod backup;
mod bulk;
pub(crate) mod check;
pub(crate) mod chunks;
pub(crate) mod comments;
pub(crate) mod deletion;
pub(crate) mod history;
pub(crate) mod import_moves;
pub(crate) mod imports;
pub(crate) mod invitations;
pub(crate) mod job_ends;
pub(crate) mod jobs;
pub(crate) mod kept_history;
pub(crate) mod members;
pub(crate) mod metrics;
pub(crate) mod notices;
pub(crate) mod outbox;
pub(crate) mod page_joins;
pub(crate) mod pages;
pub(crate) mod password_resets;
#[cfg(test)]
mod plans;
pub(crate) mod regroup;
mod regroup_undo;
pub(crate) mod report;
pub(crate) mod same_comment;
pub(crate) mod sessions;
pub(crate) mod shown;
pub(crate) mod sign_ins;
pub(crate) mod sites;
pub(crate) mod sweeps;
pub(crate) mod undo;
pub(crate) mod undo_plan;
mod undo_statements;
pub(crate) mod unfinished;
mod update_sources;
pub(crate) mod upsert_authors;
pub(crate) mod upsert_comments;
pub(crate) mod upsert_pages;
pub(crate) mod upsert_parents;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rehome_record::Header;
use sqlx::migrate::Migrator;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{Connection, Row, Sqlite, SqliteConnection, Transaction};

/// The oldest SQLite without the known corruption of write-ahead logs.
const OLDEST_SQLITE: (u32, u32, u32) = (3, 51, 3);
const READERS: u32 = 4;
/// In KiB, below zero: of each reader. Together with the writer's they would not
/// fit into the memory that a server may take.
const READER_CACHE: &str = "-8192";
/// For the one writer, in which jobs and requests take turns; shorter than requests may take.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(15);

/// What can go wrong in the store.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StoreError {
    /// The database refused or is out of reach.
    #[error("the database: {0}")]
    Database(#[from] sqlx::Error),
    /// A stored JSON column does not hold what it should.
    #[error("a stored value cannot be read: {0}")]
    Stored(#[from] serde_json::Error),
    /// Another worker took the job over, or it is not running any more.
    #[error("the job was taken over")]
    LeaseLost,
    /// The file that was opened is not at its place any more.
    #[error("the database is not at {0} any more")]
    Gone(PathBuf),
}

impl StoreError {
    /// The disk is full.
    pub(crate) fn is_disk_full(&self) -> bool {
        self.sqlite_code()
            .is_some_and(|code| code & 0xff == SQLITE_FULL || code == SQLITE_IOERR_SHMSIZE)
    }

    /// Worth trying again later: locked, read-only, out of reach or no connection free.
    pub(crate) fn is_unavailable(&self) -> bool {
        match self {
            Self::Gone(_)
            | Self::Database(
                sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Io(_),
            ) => true,
            _ if self.is_disk_full() => false,
            _ => self.sqlite_code().is_some_and(|code| PASSING.contains(&(code & 0xff))),
        }
    }

    /// SQLite's extended result code.
    fn sqlite_code(&self) -> Option<u32> {
        let Self::Database(error) = self else {
            return None;
        };
        error.as_database_error()?.code()?.parse().ok()
    }
}

const SQLITE_FULL: u32 = 13;
/// The index beside the write-ahead log could not grow.
const SQLITE_IOERR_SHMSIZE: u32 = 4874;
/// `SQLITE_BUSY`, `_LOCKED`, `_READONLY`, `_IOERR`, `_CANTOPEN`.
const PASSING: [u32; 5] = [5, 6, 8, 10, 14];

/// What the functions of the store give.
pub(crate) type Stored<T> = Result<T, StoreError>;

static MIGRATIONS: Migrator = sqlx::migrate!("migrations/sqlite");

/// What opening does about the tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tables {
    /// Makes the file where it is missing, and brings its tables up to date.
    BringUpToDate,
    /// Takes only those that are: another process works on them.
    AreUpToDate,
    /// Leaves them, of whichever version they are.
    AsTheyAre,
}

/// The one writer and the readers of a SQLite file.
#[derive(Debug, Clone)]
pub(crate) struct Store {
    write: SqlitePool,
    read: SqlitePool,
    file: PathBuf,
    identity: FileIdentity,
    /// Words that were deleted may still stand in the write-ahead log.
    words_in_log: Arc<AtomicBool>,
}

impl Store {
    /// Opens the file.
    ///
    /// # Errors
    /// The file cannot be opened, its tables are those of another version, or
    /// the SQLite that is built in is too old.
    pub(crate) async fn open(
        file: &Path,
        busy_timeout: Duration,
        tables: Tables,
    ) -> anyhow::Result<Self> {
        let options = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(tables == Tables::BringUpToDate)
            .foreign_keys(true)
            .journal_mode(SqliteJournalMode::Wal)
            // FULL: an answered chunk and a finished import outlive a power cut.
            // With write-ahead logging it costs one fsync per transaction.
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(busy_timeout)
            // Deleted words are overwritten in the file.
            .pragma("secure_delete", "ON")
            .pragma("temp_store", "MEMORY")
            .pragma("cache_size", "-65536");
        // Closing a connection because it idles would drop its page cache.
        let write = SqlitePoolOptions::new()
            .max_connections(1)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            .before_acquire(|connection, _| {
                // A full disk makes SQLite roll back by itself. The connection
                // still counts that transaction and would never begin another.
                let usable = !connection.is_in_transaction();
                Box::pin(async move { Ok(usable) })
            })
            .idle_timeout(None)
            .max_lifetime(None)
            .connect_with(options.clone())
            .await?;
        check_version(&write).await?;
        match tables {
            Tables::BringUpToDate => MIGRATIONS.run(&write).await?,
            Tables::AreUpToDate => check_tables(&write).await?,
            Tables::AsTheyAre => {}
        }
        let read = SqlitePoolOptions::new()
            .max_connections(READERS)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            .connect_with(
                options
                    .create_if_missing(false)
                    .pragma("query_only", "ON")
                    .pragma("cache_size", READER_CACHE),
            )
            .await?;
        Ok(Self {
            write,
            read,
            file: file.to_owned(),
            identity: identity(file)?,
            // A process that died may have left some.
            words_in_log: Arc::new(AtomicBool::new(true)),
        })
    }

    /// For reading alone.
    pub(crate) fn reader(&self) -> &SqlitePool {
        &self.read
    }

    /// Begins a transaction that may write. It waits for the one before it.
    pub(crate) async fn begin(&self) -> Stored<Transaction<'static, Sqlite>> {
        // A deferred transaction that reads first and writes later fails at once when it is overtaken.
        Ok(self.write.begin_with("BEGIN IMMEDIATE").await?)
    }

    /// Words were deleted and are to leave the write-ahead log as well:
    /// [`Self::empty_log`] sees to it.
    pub(crate) fn words_were_deleted(&self) {
        self.words_in_log.store(true, Ordering::Relaxed);
    }

    /// Empties the write-ahead log where deleted words may stand in it. False
    /// where somebody reads from it: the next sweep tries again.
    pub(crate) async fn empty_log(&self) -> Stored<bool> {
        // Before emptying it: what is deleted meanwhile is for the next time.
        if !self.words_in_log.swap(false, Ordering::Relaxed) {
            return Ok(true);
        }
        let emptied = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").fetch_one(&self.write).await;
        let is_empty = matches!(&emptied, Ok(row) if row.try_get::<i64, _>(0)? == 0);
        if !is_empty {
            self.words_were_deleted();
        }
        emptied?;
        Ok(is_empty)
    }

    /// The writer without a transaction, for tests that leave what a killed process would.
    #[cfg(test)]
    pub(crate) async fn begin_raw(&self) -> sqlx::pool::PoolConnection<Sqlite> {
        self.write.acquire().await.expect("the writer is free")
    }

    /// Closes all connections, the write-ahead log included.
    pub(crate) async fn close(&self) {
        self.read.close().await;
        self.write.close().await;
    }

    /// Whether a transaction that writes can begin.
    pub(crate) async fn can_write(&self) -> Stored<()> {
        Ok(self.begin().await?.rollback().await?)
    }

    /// Whether the tables are those that this program knows.
    ///
    /// # Errors
    /// They are of another version, or cannot be read.
    pub(crate) async fn check_tables(&self) -> anyhow::Result<()> {
        check_tables(&self.read).await
    }

    /// Bytes of the file and of its write-ahead log.
    pub(crate) fn bytes(&self) -> u64 {
        let mut log = self.file.clone().into_os_string();
        log.push("-wal");
        let size = |file: &Path| std::fs::metadata(file).map_or(0, |found| found.len());
        size(&self.file) + size(Path::new(&log))
    }

    /// Whether the database answers, and is still the file that was opened: one
    /// whose disk was taken away goes on answering from nowhere.
    pub(crate) async fn ping(&self) -> Stored<()> {
        sqlx::query("SELECT latest FROM import_versions").fetch_one(&self.read).await?;
        if identity(&self.file).is_ok_and(|found| found == self.identity) {
            Ok(())
        } else {
            Err(StoreError::Gone(self.file.clone()))
        }
    }
}

/// Whether the tables are those that this program knows.
async fn check_tables(pool: &SqlitePool) -> anyhow::Result<()> {
    let applied: i64 =
        sqlx::query_scalar("SELECT max(version) FROM _sqlx_migrations WHERE success")
            .fetch_one(pool)
            .await?;
    let known = MIGRATIONS.iter().map(|migration| migration.version).max();
    anyhow::ensure!(
        known == Some(applied),
        "its tables are those of another version of Rehome; use that version's own program"
    );
    Ok(())
}

/// Device and inode; nothing where the system has none.
type FileIdentity = Option<(u64, u64)>;

fn identity(file: &Path) -> std::io::Result<FileIdentity> {
    let found = std::fs::metadata(file)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        Ok(Some((found.dev(), found.ino())))
    }
    #[cfg(not(unix))]
    {
        let _ = found;
        Ok(None)
    }
}

async fn check_version(pool: &SqlitePool) -> anyhow::Result<()> {
    let version: String = sqlx::query_scalar("SELECT sqlite_version()").fetch_one(pool).await?;
    let mut parts = version.split('.').map(|part| part.parse().unwrap_or(0));
    let mut part = || parts.next().unwrap_or(0);
    let found = (part(), part(), part());
    anyhow::ensure!(
        found >= OLDEST_SQLITE,
        "SQLite {version} is built in, which can damage its files; 3.51.3 or newer is needed"
    );
    Ok(())
}

/// Whose ids a stream's `source_id`s are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Namespace {
    /// Site that is imported into.
    pub site_id: i64,
    /// Formats that share ids.
    pub family: String,
    /// Where the ids are unique.
    pub origin: String,
}

impl Namespace {
    /// Whose ids a stream brings, by its header and the origin that its blog is known by.
    fn of(site_id: i64, header: &Header, known_origin: Option<&str>) -> Self {
        Self {
            site_id,
            family: header.family.clone(),
            origin: known_origin.unwrap_or(&header.origin).to_owned(),
        }
    }

    /// A statement whose first three parameters are site, family and origin.
    fn query<'q>(&'q self, sql: &'static str) -> SqliteQuery<'q> {
        sqlx::query(sql).bind(self.site_id).bind(&self.family).bind(&self.origin)
    }
}

type SqliteQuery<'q> = sqlx::query::Query<'q, Sqlite, <Sqlite as sqlx::Database>::Arguments>;

/// What the tables know a source's record by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Known {
    /// Our id.
    pub id: i64,
    /// Of what the source last sent.
    pub hash: RecordHash,
    /// Number of the import that last saw it.
    pub seen_in: i64,
}

/// 16 bytes of SHA-256 over what a source sent.
pub(crate) type RecordHash = [u8; 16];

/// What is known of these source ids: `sql` gives `source_id`, `id`, `hash` and `seen_in`.
async fn known(
    connection: &mut SqliteConnection,
    sql: &'static str,
    namespace: &Namespace,
    source_ids: &[&str],
) -> Stored<HashMap<String, Known>> {
    let rows =
        namespace.query(sql).bind(serde_json::to_string(source_ids)?).fetch_all(connection).await?;
    rows.iter()
        .map(|row| {
            let known = Known {
                id: row.try_get("id")?,
                hash: hash_from(row.try_get("hash")?),
                seen_in: row.try_get("seen_in")?,
            };
            Ok((row.try_get("source_id")?, known))
        })
        .collect()
}

/// Notes that these were seen again as they were; `sql` takes their ids and the import's number.
async fn touch(
    tx: &mut SqliteConnection,
    sql: &'static str,
    namespace: &Namespace,
    import: i64,
    source_ids: &[&str],
) -> Stored<()> {
    if source_ids.is_empty() {
        return Ok(());
    }
    let touch = namespace.query(sql).bind(serde_json::to_string(source_ids)?).bind(import);
    execute(tx, touch).await?;
    Ok(())
}

fn hash_from(bytes: &[u8]) -> RecordHash {
    let mut hash = RecordHash::default();
    let length = bytes.len().min(hash.len());
    hash[..length].copy_from_slice(&bytes[..length]);
    hash
}

/// For JSON parameters, which hold no bytes.
pub(crate) fn hex(hash: RecordHash) -> String {
    use std::fmt::Write;
    hash.iter().fold(String::with_capacity(32), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The same, where a row is written as JSON.
fn as_hex<S: serde::Serializer>(hash: &RecordHash, out: S) -> Result<S::Ok, S::Error> {
    out.serialize_str(&hex(*hash))
}

/// Runs a statement without rows and says how many rows it changed.
async fn execute(connection: &mut SqliteConnection, query: SqliteQuery<'_>) -> Stored<u64> {
    Ok(query.execute(connection).await?.rows_affected())
}

/// A count for a column: SQLite's integers end at 2^63 - 1.
fn to_column(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// A count from a column; the tables hold none below zero.
fn from_column(count: i64) -> u64 {
    u64::try_from(count).unwrap_or(0)
}
