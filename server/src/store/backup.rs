//! Copies of the database, and whether a file of it is whole.

use std::path::Path;

use sqlx::sqlite::{SqliteConnectOptions, SqliteRow};
use sqlx::{ConnectOptions, Connection, Row, SqliteConnection};

use super::{Store, Stored};

const COPY: &str = "VACUUM INTO $1";
const INTEGRITY: &str = "PRAGMA integrity_check(20)";
const REFERENCES: &str = "PRAGMA foreign_key_check";

impl Store {
    /// Writes all that is there now into an empty file. Others go on reading and writing.
    pub(crate) async fn copy_into(&self, file: &str) -> Stored<()> {
        sqlx::query(COPY).bind(file).execute(&self.write).await?;
        Ok(())
    }
}

/// What is damaged in a copy that nobody writes to, in sentences.
pub(crate) async fn damage_of_copy(file: &Path) -> Stored<Vec<String>> {
    let options = SqliteConnectOptions::new().filename(file).read_only(true).immutable(true);
    let mut connection = options.connect().await?;
    let found = damage(&mut connection).await?;
    connection.close().await?;
    Ok(found)
}

/// What SQLite itself finds wrong, in sentences.
pub(crate) async fn damage(connection: &mut SqliteConnection) -> Stored<Vec<String>> {
    let said: Vec<String> = sqlx::query_scalar(INTEGRITY).fetch_all(&mut *connection).await?;
    let mut found: Vec<_> = said
        .into_iter()
        .filter(|line| line != "ok")
        .map(|line| format!("The file is damaged: {line}."))
        .collect();
    let dangling = sqlx::query(REFERENCES).fetch_all(connection).await?;
    let of = |row: &SqliteRow| Stored::Ok((row.try_get(0)?, row.try_get(2)?));
    let mut counts = std::collections::BTreeMap::<(String, String), u64>::new();
    for row in &dangling {
        *counts.entry(of(row)?).or_default() += 1;
    }
    found.extend(counts.into_iter().map(|((table, other), count)| {
        format!("Rows of {table} that name what is not in {other}: {count}.")
    }));
    Ok(found)
}
