//! A database of an older version keeps what is in it.

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection, Row};

const BEFORE_KINDS: [&str; 4] = [
    include_str!("../../migrations/sqlite/0001_start.sql"),
    include_str!("../../migrations/sqlite/0002_frozen_options.sql"),
    include_str!("../../migrations/sqlite/0003_page_addresses.sql"),
    include_str!("../../migrations/sqlite/0004_tokens_and_streams.sql"),
];
const PEOPLE: &str = include_str!("../../migrations/sqlite/0006_people.sql");
const KINDS: &str = include_str!("../../migrations/sqlite/0005_comment_kinds.sql");

const ROWS: &str = "
INSERT INTO accounts (id, created_at) VALUES (1, 0);
INSERT INTO sites (id, account_id, name, url, created_at) VALUES (1, 1, 'A', 'https://a.example.org/', 0);
INSERT INTO pages (id, site_id) VALUES (7, 1);
INSERT INTO comments (id, site_id, page_id, status, kind, body, body_format, author_name, votes_up, extras)
    VALUES (3, 1, 7, 'approved', 'comment', 'Words.', 'html', 'Ann', 2, '{\"a\":1}'),
           (9, 1, 7, 'spam', 'pingback', NULL, 'text', NULL, NULL, NULL);
UPDATE comments SET parent_id = 3, created_at = 5 WHERE id = 9;
INSERT INTO comment_sources (site_id, family, origin, source_id, comment_id, hash, page_source_id, aliases, seen_in)
    VALUES (1, 'f', 'o', 'a', 3, x'00ff', 'p', '[]', 1), (1, 'f', 'o', 'b', 9, x'01', 'p', NULL, 1);
";

async fn run(db: &mut SqliteConnection, sql: &'static str) -> Result<(), sqlx::Error> {
    let mut transaction = db.begin().await?;
    sqlx::raw_sql(sql).execute(&mut *transaction).await?;
    transaction.commit().await
}

/// Every row of a table, as SQL writes its values.
async fn rows(db: &mut SqliteConnection, table: &str) -> Vec<String> {
    let columns = column(db, format!("SELECT name FROM pragma_table_info('{table}')")).await;
    let values: Vec<_> = columns.iter().map(|name| format!("quote({name})")).collect();
    let list = values.join(" || ', ' || ");
    column(db, format!("SELECT {list} FROM {table} ORDER BY 1")).await
}

async fn column(db: &mut SqliteConnection, sql: String) -> Vec<String> {
    let rows = sqlx::query(sqlx::AssertSqlSafe(sql)).fetch_all(db).await.unwrap();
    rows.iter().map(|row| row.get(0)).collect()
}

#[tokio::test]
async fn comments_get_their_new_kinds_and_lose_nothing() {
    let mut db =
        SqliteConnectOptions::new().in_memory(true).foreign_keys(true).connect().await.unwrap();
    for migration in BEFORE_KINDS.into_iter().chain([ROWS]) {
        run(&mut db, migration).await.unwrap();
    }
    let schema = "SELECT type || ' ' || name FROM sqlite_schema ORDER BY 1";
    let new_kind = "UPDATE comments SET kind = 'review' WHERE id = 9";
    assert!(run(&mut db, new_kind).await.is_err(), "an old database refuses it");
    let before = (
        rows(&mut db, "comments").await,
        rows(&mut db, "comment_sources").await,
        column(&mut db, schema.to_owned()).await,
    );
    assert_eq!((before.0.len(), before.1.len()), (2, 2));

    run(&mut db, KINDS).await.unwrap();
    let after = (
        rows(&mut db, "comments").await,
        rows(&mut db, "comment_sources").await,
        column(&mut db, schema.to_owned()).await,
    );
    assert_eq!(before, after);
    for kind in ["like", "note", "review", "other"] {
        let sql = format!("UPDATE comments SET kind = '{kind}' WHERE id = 9");
        sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&mut db).await.unwrap();
    }
    assert!(run(&mut db, "UPDATE comments SET kind = 'poem'").await.is_err());
    assert!(run(&mut db, "DELETE FROM comments WHERE id = 3").await.is_err(), "it has a source");
    assert!(run(&mut db, "UPDATE comments SET page_id = 8").await.is_err(), "no such page");
    let sources = "SELECT sql FROM sqlite_schema WHERE name = 'comment_sources'".to_owned();
    let sources = column(&mut db, sources).await.remove(0);
    assert!(sources.ends_with("STRICT, WITHOUT ROWID"), "{sources}");
    let index = "SELECT sql FROM sqlite_schema WHERE name = 'comments_by_page'".to_owned();
    assert!(
        column(&mut db, index).await[0].contains("(site_id, page_id, parent_id, created_at, id)")
    );
}

const SIGNED_IN: &str = "
INSERT INTO admins (id, account_id, email, password_hash, role, created_at)
    VALUES (4, 1, 'ann@example.org', 'hash', 'owner', 0);
INSERT INTO sessions (token_hash, admin_id, created_at, used_at) VALUES (x'0b', 4, 2, 3), (x'0a', 4, 1, 9);
INSERT INTO api_tokens (id, account_id, admin_id, name, token_hash, created_at, used_at)
    VALUES (6, 1, 4, 'Laptop', x'0c', 5, 7);
INSERT INTO setup_links (token_hash, expires_at) VALUES (x'0d', 8);
";

#[tokio::test]
async fn whoever_is_signed_in_stays_so_and_tokens_keep_what_they_could_do() {
    let mut db =
        SqliteConnectOptions::new().in_memory(true).foreign_keys(true).connect().await.unwrap();
    for migration in BEFORE_KINDS.into_iter().chain([KINDS, ROWS, SIGNED_IN, PEOPLE]) {
        run(&mut db, migration).await.unwrap();
    }
    // In the order of their columns.
    let sessions = rows(&mut db, "sessions").await;
    assert_eq!(sessions, ["1, X'0A', 4, 1, 9, NULL", "2, X'0B', 4, 2, 3, NULL"]);
    let tokens = rows(&mut db, "api_tokens").await;
    assert_eq!(tokens, ["6, 1, 4, 'Laptop', X'0C', 'read import', 5, 7"]);
    let admins = rows(&mut db, "admins").await;
    assert_eq!(admins, ["4, 1, 'ann@example.org', 'hash', 'owner', 0, NULL, NULL"]);
    assert_eq!(rows(&mut db, "setup_links").await, ["X'0D', 8, 0"]);
    let stranger = "UPDATE sessions SET admin_id = 5";
    assert!(run(&mut db, stranger).await.is_err(), "no such admin");
    run(&mut db, "DELETE FROM api_tokens").await.unwrap();
    let new = "INSERT INTO api_tokens (account_id, admin_id, name, token_hash, scopes, created_at)
        VALUES (1, 4, 'Phone', x'0e', 'read', 9)";
    run(&mut db, new).await.unwrap();
    assert_eq!(rows(&mut db, "api_tokens").await, ["7, 1, 4, 'Phone', X'0E', 'read', 9, NULL"]);
}
