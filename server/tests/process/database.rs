//! Looks into the database file beside the running server.

use std::path::Path;

use sqlx::sqlite::{SqliteConnectOptions, SqliteRow};
use sqlx::{Connection, Row, SqliteConnection};
use tokio::runtime::{Builder, Runtime};

use crate::stream::Discussion;

/// A connection of its own, as another program would have.
pub(crate) struct Database {
    runtime: Runtime,
    connection: Option<SqliteConnection>,
}

impl Database {
    pub(crate) fn open(file: &Path) -> Self {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let options = SqliteConnectOptions::new().filename(file);
        let connection = runtime.block_on(SqliteConnection::connect_with(&options)).unwrap();
        Self { runtime, connection: Some(connection) }
    }

    pub(crate) fn rows(&mut self, sql: &'static str) -> Vec<SqliteRow> {
        let connection = self.connection.as_mut().expect("it is open");
        self.runtime.block_on(sqlx::query(sql).fetch_all(connection)).unwrap()
    }

    pub(crate) fn count(&mut self, sql: &'static str) -> usize {
        let count: i64 = self.rows(sql)[0].get(0);
        usize::try_from(count).unwrap()
    }

    pub(crate) fn text(&mut self, sql: &'static str) -> Option<String> {
        self.rows(sql)[0].get(0)
    }

    /// Takes the lock for writing until it is dropped or let go.
    pub(crate) fn lock(file: &Path) -> Self {
        let mut database = Self::open(file);
        database.rows("BEGIN IMMEDIATE");
        database
    }

    /// Every comment once, on its page, under its parent, with its own words.
    pub(crate) fn assert_holds(&mut self, discussion: Discussion) {
        assert_eq!(self.count("SELECT count(*) FROM comments"), discussion.comments);
        assert_eq!(self.count("SELECT count(*) FROM pages"), discussion.pages);
        let rows = self.rows(
            "SELECT s.source_id, g.source_id AS page, ps.source_id AS parent, c.body
            FROM comment_sources s JOIN comments c ON c.id = s.comment_id
            JOIN page_sources g ON g.page_id = c.page_id
            LEFT JOIN comment_sources ps ON ps.comment_id = c.parent_id",
        );
        let mut seen = vec![false; discussion.comments];
        for row in &rows {
            let source_id: &str = row.get("source_id");
            let n: usize = source_id[1..].parse().unwrap();
            assert!(!std::mem::replace(&mut seen[n], true), "{source_id} is there twice");
            let parent: Option<String> = row.get("parent");
            assert_eq!(parent, discussion.parent(n).map(|parent| format!("c{parent}")));
            assert_eq!(row.get::<String, _>("page"), format!("p{}", discussion.page(n)));
            assert_eq!(row.get::<Option<String>, _>("body"), Discussion::body(n));
        }
        assert_eq!(rows.len(), discussion.comments);
        let shown = self.count("SELECT sum(comments) FROM pages");
        assert_eq!(shown, discussion.comments, "what pages say of themselves");
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        // Not only dropped: its file may be unmounted next.
        if let Some(connection) = self.connection.take() {
            let _ = self.runtime.block_on(connection.close());
        }
    }
}
