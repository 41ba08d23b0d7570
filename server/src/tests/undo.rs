//! What an import did is taken back, whatever it did and wherever it stopped.

mod kept;
mod streams;

use self::streams::{
    base, changed, long_stream, of_id, second_import_of_everything, second_imports,
};
use super::*;

/// All that an import can change of a site, but for what counts imports up.
const TABLES: [&str; 14] = [
    "comments",
    "comment_sources",
    "comment_aliases",
    "waiting_replies",
    "pages",
    "page_sources",
    "page_addresses",
    "authors",
    "author_sources",
    "import_added",
    "import_changed",
    "import_changed_sources",
    "import_pages",
    "possible_doubles",
];

/// Every row of the site, the history of imports before `from` aside.
pub(super) async fn dump(server: &Server, from: i64) -> Vec<String> {
    let mut rows = Vec::new();
    for table in TABLES {
        let columns = texts(server, format!("SELECT name FROM pragma_table_info('{table}')")).await;
        let values: Vec<_> = columns
            .iter()
            // What is made of the others is made anew.
            .filter(|name| !["seen_in", "loose_url", "loose_for"].contains(&name.as_str()))
            .map(|name| format!("'{name}=' || quote({name})"))
            .collect();
        let only = if columns.contains(&"import".to_owned()) {
            format!("WHERE import >= {from}")
        } else {
            String::new()
        };
        let list = values.join(" || ' ' || ");
        let sql = format!("SELECT '{table}: ' || {list} FROM {table} {only} ORDER BY 1");
        rows.extend(texts(server, sql).await);
    }
    rows
}

async fn texts(server: &Server, sql: String) -> Vec<String> {
    let query = sqlx::query_scalar(sqlx::AssertSqlSafe(sql));
    query.fetch_all(server.app.store().reader()).await.unwrap()
}

async fn number(server: &Server, sql: &'static str) -> i64 {
    sqlx::query_scalar(sql).fetch_one(server.app.store().reader()).await.unwrap()
}

/// The number that the next import gets.
async fn next_import(server: &Server) -> i64 {
    number(server, "SELECT coalesce(max(seq), 0) + 1 FROM imports").await
}

async fn ask_undo(server: &Server, id: &Value, with_later: bool) -> Reply {
    let path = format!("/api/v1/imports/{}/undo", id.as_str().unwrap());
    server.post(&path, &json!({ "with_later": with_later })).await
}

/// Takes an import back, to the end.
async fn undo(server: &Server, import: &Value) -> Value {
    let reply = ask_undo(server, &import["id"], false).await;
    assert_eq!(reply.status, StatusCode::ACCEPTED, "{}", reply.body);
    assert_eq!(reply.body["undoing"]["state"], "queued");
    assert_eq!(reply.body["can_undo"], false);
    assert!(server.work(None).await);
    let import = server.import(import["id"].as_str().unwrap()).await;
    assert_eq!(
        (&import["state"], &import["undoing"], &import["can_undo"]),
        (&json!("undone"), &Value::Null, &json!(false)),
        "{import}"
    );
    import
}

#[tokio::test]
async fn a_site_is_as_it_was_before_whatever_the_import_did() {
    for (what, stream) in second_imports() {
        let server = Server::with_batches_of(2).await;
        server.apply(&base()).await;
        let from = next_import(&server).await;
        let before = dump(&server, from).await;
        let first = server.apply(&stream).await;
        assert_eq!(first["can_undo"], true, "{what}");
        assert_ne!(dump(&server, from).await, before, "{what}");
        undo(&server, &first).await;
        assert_eq!(dump(&server, from).await, before, "{what}");
        let again = server.apply(&stream).await;
        assert_eq!(again["result"], first["result"], "{what}: as if it had never been");
    }
}

#[tokio::test]
async fn an_undo_that_is_killed_at_any_batch_goes_on_exactly_once() {
    let mut killed_after = 0;
    loop {
        let server = Server::with_batches_of(2).await;
        server.apply(&base()).await;
        let from = next_import(&server).await;
        let before = dump(&server, from).await;
        let import = server.apply(&second_import_of_everything()).await;
        let id = import["id"].as_str().unwrap();
        let revision = number(&server, "SELECT max(revision) FROM sites").await;
        let asked = ask_undo(&server, &import["id"], false).await;
        assert_eq!(asked.status, StatusCode::ACCEPTED, "{}", asked.body);
        server.work(Some(killed_after)).await;
        let is_done = server.import(id).await["state"] == "undone";
        if !is_done {
            leave_claimed(&server).await;
        }
        let server = server.restart(2).await;
        server.work(None).await;
        assert_eq!(server.import(id).await["state"], "undone");
        assert_eq!(dump(&server, from).await, before, "after {killed_after}");
        let now = number(&server, "SELECT max(revision) FROM sites").await;
        assert_eq!(now, revision + 1, "it ends once");
        if is_done {
            assert!(killed_after > 15, "there were batches to be killed between");
            break;
        }
        killed_after += 1;
    }
}

/// As a killed process leaves it: the job is still its own.
async fn leave_claimed(server: &Server) {
    sqlx::query("UPDATE jobs SET state = 'running', lease_until = 1 WHERE state = 'queued'")
        .execute(&mut *server.app.store().begin_raw().await)
        .await
        .unwrap();
}

#[tokio::test]
async fn what_came_later_goes_first() {
    let server = Server::new().await;
    let empty = dump(&server, 1).await;
    let first = server.apply(&base()).await;
    let between = dump(&server, 1).await;
    // It finds all of it as it was, and is nothing without it.
    let second = server.apply(&base()).await;
    assert_eq!((came_of(&second), &second["can_undo"]), ((0, 0, 5, 0), &json!(false)));
    let third = server.apply(&changed(|records| records.push(comment("new", None)))).await;
    let plan = |import: &Value| format!("/api/v1/imports/{}/undo", import["id"].as_str().unwrap());
    assert_eq!(server.get(&plan(&second)).await.code(), (409, "nothing_to_undo"));
    let shown = server.get(&plan(&first)).await.body;
    let steps: Vec<_> =
        shown["steps"].as_array().unwrap().iter().map(|one| &one["import"]).collect();
    assert_eq!(steps, [&third["id"], &second["id"], &first["id"]]);
    assert_eq!(
        (&shown["deleted"], &shown["restored"], &shown["pages_deleted"], &shown["pages_total"]),
        (&json!(6), &json!(0), &json!(2), &json!(2))
    );
    let top = &shown["pages"][0];
    assert_eq!((&top["page"]["title"], &top["deleted"]), (&json!("Page p"), &json!(5)));
    let refused = ask_undo(&server, &first["id"], false).await;
    assert_eq!(refused.code(), (409, "undo_later_first"));
    let newest = |job: &Value| json!({ "with_later": true, "newest": job });
    let seen = newest(&shown["steps"][0]["job"]);
    undo(&server, &third).await;
    assert_eq!(dump(&server, 1).await.len(), between.len());
    let changed = server.post(&plan(&first), &seen).await;
    assert_eq!(changed.code(), (409, "undo_changed"), "more or less than was shown");
    let seen = newest(&server.get(&plan(&first)).await.body["steps"][0]["job"]);
    let asked = server.post(&plan(&first), &seen).await;
    assert_eq!(asked.status, StatusCode::ACCEPTED, "{}", asked.body);
    assert_eq!(ask_undo(&server, &first["id"], true).await.code(), (409, "undo_busy"));
    assert!(server.work(None).await && server.work(None).await && !server.work(None).await);
    for import in [&first, &second, &third] {
        assert_eq!(server.import(import["id"].as_str().unwrap()).await["state"], "undone");
    }
    assert_eq!(dump(&server, 1).await, empty);
    assert_eq!(ask_undo(&server, &first["id"], true).await.code(), (409, "nothing_to_undo"));
}

#[tokio::test]
async fn what_is_asked_for_in_the_wrong_order_fails_and_may_be_asked_for_again() {
    let server = Server::new().await;
    let first = server.apply(&base()).await;
    let id = first["id"].as_str().unwrap();
    ask_undo(&server, &first["id"], false).await;
    // Nothing else can come between; a job that was put back might have.
    sqlx::query("UPDATE jobs SET state = 'cancelled' WHERE kind = 'undo'")
        .execute(&mut *server.app.store().begin_raw().await)
        .await
        .unwrap();
    let second = server.apply(&changed(|records| records.push(comment("new", None)))).await;
    sqlx::query("UPDATE jobs SET state = 'queued' WHERE kind = 'undo'")
        .execute(&mut *server.app.store().begin_raw().await)
        .await
        .unwrap();
    server.work(None).await;
    let failed = server.import(id).await;
    assert_eq!(
        (&failed["undoing"]["state"], &failed["undoing"]["error"]["code"]),
        (&json!("failed"), &json!("undo_later_first"))
    );
    assert_eq!((&failed["state"], &failed["can_undo"]), (&json!("succeeded"), &json!(true)));
    assert!(!server.work(None).await, "it is not started again");
    undo(&server, &second).await;
    undo(&server, &first).await;
    assert_eq!(number(&server, "SELECT count(*) FROM comments").await, 0);
}

#[tokio::test]
async fn an_undo_that_dies_twice_at_one_place_fails_and_goes_on_when_asked_again() {
    let server = Server::with_batches_of(2).await;
    let empty = dump(&server, 1).await;
    let import = server.apply(&base()).await;
    let id = import["id"].as_str().unwrap().to_owned();
    ask_undo(&server, &import["id"], false).await;
    server.work(Some(2)).await;
    leave_claimed(&server).await;
    let server = server.restart(2).await;
    leave_claimed(&server).await;
    let server = server.restart(2).await;
    let failed = server.import(&id).await;
    assert_eq!(failed["undoing"]["error"]["code"], "interrupted_twice", "{failed}");
    assert!(!server.work(None).await);
    undo(&server, &import).await;
    assert_eq!(dump(&server, 1).await, empty);
}

#[tokio::test]
async fn an_import_is_stopped_and_undone_before_what_waits_behind_it() {
    let server = Server::with_batches_of(5).await;
    let empty = dump(&server, 1).await;
    let first = server.send_stream(&long_stream()).await;
    server.work(Some(3)).await;
    let second = server.send_stream(&base()).await;
    server.delete(&format!("/api/v1/imports/{first}?then=undo")).await;
    server.work(None).await;
    let stopped = server.import(&first).await;
    assert_eq!(
        (&stopped["state"], &stopped["undoing"]["state"]),
        (&json!("cancelled"), &json!("queued")),
        "{stopped}"
    );
    let waits = server.import(&second).await;
    assert_eq!((&waits["behind"], &waits["behind_kind"]), (&json!(first), &json!("undo")));
    server.work(None).await;
    assert_eq!(server.import(&first).await["state"], "undone");
    assert_eq!(dump(&server, 1).await, empty);
    assert_eq!(server.import(&second).await["behind_kind"], Value::Null);
    server.work(None).await;
    assert_eq!(came_of(&server.import(&second).await), (5, 0, 0, 0));
}

#[tokio::test]
async fn an_import_that_is_stopped_before_it_did_anything_has_nothing_to_undo() {
    let server = Server::new().await;
    let receiving = server.create(20).await;
    let queued = server.send_stream(&long_stream()).await;
    for id in [&receiving, &queued] {
        let reply = server.delete(&format!("/api/v1/imports/{id}?then=undo")).await;
        assert_eq!(
            (&reply.body["state"], &reply.body["undoing"]),
            (&json!("cancelled"), &Value::Null)
        );
    }
    assert!(!server.work(None).await);
    assert_eq!(ask_undo(&server, &json!(queued), false).await.code(), (409, "nothing_to_undo"));
    let unknown = server.delete(&format!("/api/v1/imports/{queued}?then=think")).await;
    assert_eq!(unknown.code(), (400, "query_invalid"));
}

#[tokio::test]
async fn what_an_import_did_before_it_failed_is_undone() {
    let server = Server::with_batches_of(5).await;
    let empty = dump(&server, 1).await;
    let id = server.send_stream(&long_stream()).await;
    server.work(Some(3)).await;
    server.app.spool().clear(&id).await.unwrap();
    server.work(None).await;
    let import = server.import(&id).await;
    assert_eq!((&import["state"], &import["can_undo"]), (&json!("failed"), &json!(true)));
    assert_eq!(came_of(&import), (10, 0, 0, 0));
    undo(&server, &import).await;
    assert_eq!(dump(&server, 1).await, empty);
}

#[tokio::test]
async fn an_undo_that_waits_can_be_cancelled_and_one_that_runs_cannot() {
    let server = Server::with_batches_of(2).await;
    let import = server.apply(&base()).await;
    let asked = ask_undo(&server, &import["id"], false).await.body;
    let path = |job: &Value| format!("/api/v1/sites/{}/jobs/{job}", server.site);
    let job = path(&asked["undoing"]["job"]);
    assert_eq!(server.delete(&job).await.status, StatusCode::NO_CONTENT);
    assert_eq!(server.delete(&job).await.code(), (409, "not_waiting"));
    assert!(!server.work(None).await);
    let import = server.import(import["id"].as_str().unwrap()).await;
    assert_eq!((&import["undoing"], &import["can_undo"]), (&Value::Null, &json!(true)));
    let asked = ask_undo(&server, &import["id"], false).await.body;
    let claim = server.claim().await.unwrap();
    assert_eq!(server.delete(&path(&asked["undoing"]["job"])).await.code(), (409, "not_waiting"));
    let stop = Stop::AtShutdown(server.app.shutdown().clone());
    runner::work(&server.app, claim, stop).await;
    assert_eq!(server.import(import["id"].as_str().unwrap()).await["state"], "undone");
}
