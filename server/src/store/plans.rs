//! How the bulk statements find their rows.
//!
//! A plan that walks a table for each row of a batch is right and far too slow,
//! and shows on large sites only.

use std::time::Duration;

use sqlx::{AssertSqlSafe, Row};
use tempfile::TempDir;

use super::{
    Store, Tables, deletion, history, kept_history, metrics, regroup, regroup_undo, same_comment,
    undo_plan, undo_statements, upsert_authors, upsert_comments, upsert_pages, upsert_parents,
};

#[tokio::test]
async fn every_row_of_a_batch_is_found_by_its_key() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("plans.sqlite");
    let store = Store::open(&file, Duration::ZERO, Tables::BringUpToDate).await.unwrap();
    let areas = [
        history::STATEMENTS,
        regroup::STATEMENTS,
        regroup_undo::STATEMENTS,
        kept_history::STATEMENTS,
        same_comment::STATEMENTS,
        undo_plan::STATEMENTS,
        undo_statements::STATEMENTS,
        upsert_authors::STATEMENTS,
        upsert_comments::STATEMENTS,
        upsert_pages::STATEMENTS,
        upsert_parents::STATEMENTS,
    ];
    // Inserts only name the tables that refer to theirs: those are walked where
    // a row was missing before, which never is.
    let looking = |statement: &&&str| !statement.starts_with("INSERT");
    for statement in areas.into_iter().flatten().filter(looking) {
        let plan = sqlx::query(AssertSqlSafe(format!("EXPLAIN QUERY PLAN {statement}")))
            .fetch_all(store.reader())
            .await
            .unwrap();
        for row in plan {
            let step: String = row.get("detail");
            let walks = step.starts_with("SCAN ")
                && !step.contains("VIRTUAL TABLE")
                && !["SCAN o", "SCAN v", "SCAN up", "SCAN CONSTANT ROW"].contains(&step.as_str())
                && !step.starts_with("SCAN (subquery");
            let whole_site = step.ends_with("(site_id=?)");
            // Replies that wait are gone over as a whole, a batch at a time.
            let whole_origin = step.ends_with(" PRIMARY KEY (site_id=? AND family=? AND origin=?)")
                && !statement.contains("FROM waiting_replies");
            assert!(!walks && !whole_site && !whole_origin, "{step}\n{statement}");
        }
    }
}

/// What is of a whole site is found by the site, and nothing of others is walked.
#[tokio::test]
async fn what_is_deleted_is_found_by_its_site() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("plans.sqlite");
    let store = Store::open(&file, Duration::ZERO, Tables::BringUpToDate).await.unwrap();
    for statement in deletion::STATEMENTS {
        let plan = sqlx::query(AssertSqlSafe(format!("EXPLAIN QUERY PLAN {statement}")))
            .fetch_all(store.reader())
            .await
            .unwrap();
        for row in plan {
            let step: String = row.get("detail");
            let walks = step.starts_with("SCAN ") && !step.contains("VIRTUAL TABLE");
            assert!(!walks, "{step}\n{statement}");
        }
    }
}

#[tokio::test]
async fn whoever_watches_walks_no_table() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("plans.sqlite");
    let store = Store::open(&file, Duration::ZERO, Tables::BringUpToDate).await.unwrap();
    for statement in metrics::STATEMENTS {
        let plan = sqlx::query(AssertSqlSafe(format!("EXPLAIN QUERY PLAN {statement}")))
            .fetch_all(store.reader())
            .await
            .unwrap();
        for row in plan {
            let step: String = row.get("detail");
            // An index that holds what is open alone may be walked.
            let whole = step.starts_with("SCAN ") && !step.contains(" USING INDEX ");
            assert!(!whole, "{step}\n{statement}");
        }
    }
}
