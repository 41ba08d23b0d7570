//! What `cargo xtask bench server` holds an import against: the rows that it
//! left, copied by plain multi-row inserts into the same tables and indexes,
//! with the server's own settings of SQLite. Reading the rows is not timed.
//!
//! `insert_loop <database of the import> <file to make>` prints one object of JSON.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use futures_util::TryStreamExt;
use serde_json::json;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqliteRow, SqliteSynchronous, SqliteValueRef,
};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Row, SqliteConnection, TypeInfo, ValueRef};

const ROWS_A_STATEMENT: usize = 50;
const ROWS_A_TRANSACTION: usize = 50_000;

/// What an import fills, so that no row comes before one that it refers to, and
/// in the order in which an import comes upon the rows.
const FILLED: &[(&str, &str)] = &[
    ("pages", "id"),
    ("page_sources", "page_id"),
    ("page_addresses", "page_id"),
    ("authors", "id"),
    ("author_sources", "author_id"),
    ("comments", "id"),
    ("comment_sources", "comment_id"),
    ("comment_aliases", "comment_id"),
    ("waiting_replies", "source_id"),
    ("import_added", "import, kind, first_id"),
    ("import_changed", "import, kind, id"),
    ("import_changed_sources", "import, kind, source_id"),
    ("import_pages", "import, page_id"),
    ("possible_doubles", "import, source_id"),
    ("rejected_lines", "import, chunk, line"),
];
/// A table with more rows than this that is not in the list was forgotten there.
const FEW_ROWS: i64 = 100;

enum Value {
    Null,
    Integer(i64),
    Real(f64),
    Text(String),
    Blob(Vec<u8>),
}

/// By the clock, and of the processor's time.
#[derive(Default, Clone, Copy)]
struct Took {
    wall: Duration,
    cpu_seconds: f64,
}

impl Took {
    fn add(&mut self, other: Self) {
        self.wall += other.wall;
        self.cpu_seconds += other.cpu_seconds;
    }
}

struct Table {
    name: String,
    columns: Vec<String>,
    order: Option<&'static str>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args_os().skip(1);
    let (Some(from), Some(to)) = (arguments.next(), arguments.next()) else {
        bail!("insert_loop <database of the import> <file to make>");
    };
    let mut from = SqliteConnectOptions::new()
        .filename(Path::new(&from))
        .read_only(true)
        .disable_statement_logging()
        .connect()
        .await?;
    let mut to = make(Path::new(&to)).await?;
    copy_schema(&mut from, &mut to).await?;
    let (mut told, mut total) = (Vec::new(), Took::default());
    for table in tables(&mut from).await? {
        let (rows, took) = copy(&mut from, &mut to, &table).await?;
        if table.order.is_some() {
            total.add(took);
            told.push(json!({ "table": table.name, "rows": rows, "ms": took.wall.as_millis() }));
        } else if rows > FEW_ROWS {
            bail!("{} has {rows} rows, and is not in the list of what an import fills", table.name);
        }
    }
    let comments: i64 =
        sqlx::query_scalar("SELECT count(*) FROM comments").fetch_one(&mut to).await?;
    to.close().await?;
    let Took { wall, cpu_seconds } = total;
    let all = json!({
        "comments": comments, "ms": wall.as_millis(), "cpuSeconds": cpu_seconds, "tables": told,
    });
    println!("{all}");
    Ok(())
}

/// As the server opens its own.
async fn make(file: &Path) -> anyhow::Result<SqliteConnection> {
    Ok(SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(true)
        .foreign_keys(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .pragma("secure_delete", "ON")
        .pragma("temp_store", "MEMORY")
        .pragma("cache_size", "-65536")
        .disable_statement_logging()
        .connect()
        .await?)
}

/// The tables and indexes that the server's migrations made.
async fn copy_schema(from: &mut SqliteConnection, to: &mut SqliteConnection) -> anyhow::Result<()> {
    let all: Vec<String> = sqlx::query_scalar(
        "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'
            AND name <> '_sqlx_migrations'
        ORDER BY type = 'index', rootpage",
    )
    .fetch_all(from)
    .await?;
    for sql in all {
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut *to).await?;
    }
    Ok(())
}

/// First what an import refers to, then what it fills.
async fn tables(from: &mut SqliteConnection) -> anyhow::Result<Vec<Table>> {
    let names: Vec<String> = sqlx::query_scalar(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'
            AND name <> '_sqlx_migrations'
        ORDER BY name NOT IN ('accounts', 'admins', 'sites', 'imports'), rootpage",
    )
    .fetch_all(&mut *from)
    .await?;
    let others = names.iter().filter(|name| FILLED.iter().all(|(filled, _)| filled != name));
    let others = others.map(|name| (name.clone(), None));
    let filled = FILLED.iter().filter(|(filled, _)| names.iter().any(|name| name == filled));
    let filled = filled.map(|(name, order)| ((*name).to_owned(), Some(*order)));
    let mut tables = Vec::new();
    for (name, order) in others.chain(filled) {
        let columns = sqlx::query_scalar("SELECT name FROM pragma_table_info($1)")
            .bind(&name)
            .fetch_all(&mut *from)
            .await?;
        tables.push(Table { name, columns, order });
    }
    Ok(tables)
}

/// Gives the rows, and how long their inserts and commits took.
async fn copy(
    from: &mut SqliteConnection,
    to: &mut SqliteConnection,
    table: &Table,
) -> anyhow::Result<(i64, Took)> {
    let Table { name, columns, order } = table;
    let columns = columns.join(", ");
    let order = order.map(|order| format!(" ORDER BY {order}")).unwrap_or_default();
    let select = format!("SELECT {columns} FROM {name}{order}");
    let mut rows = sqlx::query(AssertSqlSafe(select)).fetch(from);
    let (mut count, mut took) = (0, Took::default());
    loop {
        let mut slice = Vec::with_capacity(ROWS_A_TRANSACTION);
        while slice.len() < ROWS_A_TRANSACTION
            && let Some(row) = rows.try_next().await?
        {
            slice.push(values(&row)?);
        }
        if slice.is_empty() {
            return Ok((count, took));
        }
        count += i64::try_from(slice.len())?;
        took.add(insert(to, table, slice).await?);
    }
}

async fn insert(
    to: &mut SqliteConnection,
    table: &Table,
    slice: Vec<Vec<Value>>,
) -> anyhow::Result<Took> {
    let (begun, cpu_before) = (Instant::now(), cpu_seconds());
    let mut tx = to.begin().await?;
    let mut rows = slice.into_iter();
    loop {
        let some: Vec<_> = rows.by_ref().take(ROWS_A_STATEMENT).collect();
        if some.is_empty() {
            break;
        }
        // The same text is the same prepared statement.
        let row = format!("({})", vec!["?"; table.columns.len()].join(", "));
        let all = vec![row; some.len()].join(", ");
        let columns = table.columns.join(", ");
        let sql = format!("INSERT INTO {} ({columns}) VALUES {all}", table.name);
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for value in some.into_iter().flatten() {
            query = match value {
                Value::Null => query.bind(None::<i64>),
                Value::Integer(value) => query.bind(value),
                Value::Real(value) => query.bind(value),
                Value::Text(value) => query.bind(value),
                Value::Blob(value) => query.bind(value),
            };
        }
        query.execute(&mut *tx).await?;
    }
    tx.commit().await?;
    Ok(Took { wall: begun.elapsed(), cpu_seconds: cpu_seconds() - cpu_before })
}

/// Of this process so far; nothing where the system does not say it as Linux does.
fn cpu_seconds() -> f64 {
    const TICKS_A_SECOND: f64 = 100.0;
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // Behind the program's name, which may hold anything.
    let fields = stat.rsplit_once(')').map_or("", |(_, fields)| fields);
    let ticks = fields.split_whitespace().skip(11).take(2);
    ticks.filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() / TICKS_A_SECOND
}

fn values(row: &SqliteRow) -> anyhow::Result<Vec<Value>> {
    (0..row.len()).map(|column| value(row, column)).collect()
}

fn value(row: &SqliteRow, column: usize) -> anyhow::Result<Value> {
    let raw: SqliteValueRef<'_> = row.try_get_raw(column)?;
    if raw.is_null() {
        return Ok(Value::Null);
    }
    Ok(match raw.type_info().name() {
        "INTEGER" => Value::Integer(row.try_get(column)?),
        "REAL" => Value::Real(row.try_get(column)?),
        "TEXT" => Value::Text(row.try_get(column)?),
        "BLOB" => Value::Blob(row.try_get(column)?),
        other => return Err(anyhow::anyhow!("{other}")).context("a value of an unknown type"),
    })
}
