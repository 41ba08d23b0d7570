//! The tables themselves, for tests of what must be as it was, or gone.

use std::collections::BTreeMap;

use sqlx::{AssertSqlSafe, Row};

use super::Server;

/// Rows by table, as text and in order.
pub(super) type Dump = BTreeMap<String, Vec<String>>;

/// What changes by itself: counters, and what the server keeps of its own work.
const OWN: [&str; 5] =
    ["_sqlx_migrations", "import_versions", "jobs", "sqlite_sequence", "sign_in_failures"];

impl Server {
    /// All rows of all tables but the server's own.
    pub(super) async fn dump(&self) -> Dump {
        let reader = self.app.store().reader();
        let tables: Vec<String> =
            sqlx::query_scalar("SELECT name FROM sqlite_schema WHERE type = 'table'")
                .fetch_all(reader)
                .await
                .unwrap();
        let mut dump = Dump::new();
        for table in tables.into_iter().filter(|table| !OWN.contains(&table.as_str())) {
            let columns: Vec<String> =
                sqlx::query_scalar("SELECT 'quote(' || name || ')' FROM pragma_table_info($1)")
                    .bind(&table)
                    .fetch_all(reader)
                    .await
                    .unwrap();
            let columns = columns.join(" || '|' || ");
            let sql = format!("SELECT {columns} AS row FROM {table} ORDER BY 1");
            let rows = sqlx::query(AssertSqlSafe(sql)).fetch_all(reader).await.unwrap();
            dump.insert(table, rows.iter().map(|row| row.get("row")).collect());
        }
        dump
    }

    /// Where these words stand in the files of the server.
    pub(super) fn files_with(&self, words: &str) -> Vec<String> {
        let mut found = Vec::new();
        let mut folders = vec![self.folder.path().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                let bytes = std::fs::read(&path).unwrap();
                if bytes.windows(words.len()).any(|window| window == words.as_bytes()) {
                    found.push(path.file_name().unwrap().to_string_lossy().into_owned());
                }
            }
        }
        found
    }
}
