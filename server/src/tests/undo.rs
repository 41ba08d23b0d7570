//! What an import did is taken back, whatever it did and wherever it stopped.

use super::*;
use crate::sweep::sweep;

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

fn author(source_id: &str, name: &str) -> Value {
    json!({ "type": "author", "source_id": source_id, "name": name })
}

/// Of two pages and two authors; a reply waits for its parent, one names the ids of another source.
fn base() -> Stream {
    let mut records =
        vec![page("p"), page("q"), author("ann", "Ann"), author("bob", "Bob"), comment("1", None)];
    records.push(comment("2", Some("1")));
    records.push(comment("orphan", Some("late")));
    let mut of_ann = comment("of-ann", None);
    of_ann["author"] = json!({ "source_id": "ann", "name": "Ann" });
    of_ann["aliases"] = json!([{ "family": "wordpress", "source_id": "77" }]);
    records.push(of_ann);
    let mut on_q = comment("on-q", None);
    on_q["page"] = json!("q");
    records.push(on_q);
    let mut stream = Stream::new(records);
    let mut fields: Vec<_> = FIELDS.to_vec();
    fields.push("comment.aliases");
    stream.header["fields"] = json!(fields);
    stream
}

fn changed(change: impl FnOnce(&mut Vec<Value>)) -> Stream {
    let mut stream = base();
    change(&mut stream.records);
    stream
}

fn of_id<'a>(records: &'a mut [Value], id: &str) -> &'a mut Value {
    records.iter_mut().find(|record| record["source_id"] == id).unwrap()
}

/// Another source of the same site, whose page and comment are known already.
fn other_source() -> Stream {
    let mut records = vec![page("p"), comment("77", None), comment("78", Some("77"))];
    records[0]["source_id"] = json!("post");
    for record in &mut records[1..] {
        record["page"] = json!("post");
    }
    records[1]["body"] = json!("of-ann");
    records[1]["author"] = json!({ "name": "Ann" });
    let mut stream = Stream::new(records);
    stream.header["family"] = json!("wordpress");
    stream
}

/// Addresses and names were taken out of it.
fn redacting() -> Stream {
    let mut stream = base();
    for record in &mut stream.records {
        let record = record.as_object_mut().unwrap();
        record.remove("url");
        if let Some(author) = record.get_mut("author").and_then(Value::as_object_mut) {
            author.remove("name");
        }
    }
    stream.header["redacted"] = json!(["page.url", "author.name"]);
    stream
}

/// What a second import may do to the first one's rows.
fn second_imports() -> Vec<(&'static str, Stream)> {
    vec![
        ("nothing but new comments", changed(|records| records.push(comment("new", Some("2"))))),
        (
            "a new page and a new author",
            changed(|records| {
                records.push(page("new"));
                records.push(author("new", "New"));
                let mut comment = comment("new", None);
                comment["page"] = json!("new");
                comment["author"] = json!({ "source_id": "new", "name": "New" });
                records.push(comment);
            }),
        ),
        (
            "changed comments, pages and authors",
            changed(|records| {
                of_id(records, "2")["body"] = json!("other words");
                of_id(records, "1")["status"] = json!("spam");
                of_id(records, "p")["title"] = json!("Another title");
                of_id(records, "bob")["name"] = json!("Robert");
            }),
        ),
        (
            "a removed comment",
            changed(|records| {
                records.retain(|record| record["source_id"] != "2");
                records.push(json!({ "type": "removed", "kind": "comment", "source_id": "2" }));
            }),
        ),
        ("a parent that was waited for", changed(|records| records.push(comment("late", None)))),
        (
            "a reply of another parent",
            changed(|records| of_id(records, "2")["parent"] = json!("nobody")),
        ),
        (
            "aliases that are others",
            changed(|records| {
                let other = json!([{ "family": "wordpress", "source_id": "78" }]);
                of_id(records, "of-ann")["aliases"] = other;
                of_id(records, "1")["aliases"] =
                    json!([{ "family": "wordpress", "source_id": "5" }]);
            }),
        ),
        (
            "a comment that moved to a new page",
            changed(|records| {
                records.push(page("new"));
                of_id(records, "1")["page"] = json!("new");
            }),
        ),
        (
            "pages that moved on in a row",
            changed(|records| {
                of_id(records, "p")["url"] = json!("https://example.org/moved");
                of_id(records, "q")["url"] = json!("https://example.org/p");
                let mut late = page("late-page");
                late["url"] = json!("https://example.org/q");
                records.push(late);
            }),
        ),
        ("what is taken out on purpose", redacting()),
        ("another source of the same comments", other_source()),
    ]
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

/// Most of it at once.
fn second_import_of_everything() -> Stream {
    changed(|records| {
        of_id(records, "p")["url"] = json!("https://example.org/moved");
        of_id(records, "q")["url"] = json!("https://example.org/p");
        of_id(records, "bob")["name"] = json!("Robert");
        of_id(records, "on-q")["body"] = json!("other words");
        of_id(records, "of-ann")["aliases"] = Value::Null;
        of_id(records, "of-ann").as_object_mut().unwrap().remove("aliases");
        records.retain(|record| record["source_id"] != "2");
        records.push(json!({ "type": "removed", "kind": "comment", "source_id": "2" }));
        records.extend([page("new"), author("new", "New"), comment("late", None)]);
        of_id(records, "1")["page"] = json!("new");
        records.extend((0..5).map(|n| comment(&format!("new-{n}"), Some("late"))));
    })
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
    undo(&server, &third).await;
    assert_eq!(dump(&server, 1).await.len(), between.len());
    let asked = ask_undo(&server, &first["id"], true).await;
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

fn long_stream() -> Stream {
    let mut records = vec![page("p")];
    records.extend((0..20).map(|n| comment(&n.to_string(), (n > 0).then_some("0"))));
    Stream::new(records)
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

#[tokio::test]
async fn what_was_there_before_is_kept_for_thirty_days() {
    let server = Server::with_batches_of(2).await;
    server.apply(&base()).await;
    let second =
        server.apply(&changed(|records| of_id(records, "2")["body"] = json!("other words"))).await;
    let ann = server.me().await;
    let kept = "SELECT (SELECT count(*) FROM import_changed)
        + (SELECT count(*) FROM import_changed_sources) + (SELECT count(*) FROM import_added)
        + (SELECT count(*) FROM import_pages)";
    server.app.clock().advance(std::time::Duration::from_hours(24 * 29));
    sweep(&server.app).await.unwrap();
    let server = server.signed_in(&ann).await;
    assert_eq!(server.import(second["id"].as_str().unwrap()).await["can_undo"], true);
    assert_ne!(number(&server, kept).await, 0);
    let asked = ask_undo(&server, &second["id"], false).await;
    assert_eq!(asked.status, StatusCode::ACCEPTED);
    server.app.clock().advance(std::time::Duration::from_hours(24));
    sweep(&server.app).await.unwrap();
    server.work(None).await;
    let second = server.import(second["id"].as_str().unwrap()).await;
    assert_eq!(second["state"], "undone", "asked for in time: {second}");
    assert_eq!(number(&server, kept).await, 0);
    let reply = server.get("/api/v1/imports").await.body;
    assert_eq!(reply[1]["can_undo"], false);
    let late = ask_undo(&server, &reply[1]["id"], false).await;
    assert_eq!(late.code(), (409, "undo_expired"));
}

#[tokio::test]
async fn nothing_is_kept_where_nothing_is_to_be_kept() {
    let server = Server::with(|config| config.keep_history_days = 0).await;
    let import = server.apply(&base()).await;
    assert_eq!(ask_undo(&server, &import["id"], false).await.code(), (409, "undo_expired"));
    sweep(&server.app).await.unwrap();
    assert_eq!(number(&server, "SELECT count(*) FROM import_added").await, 0);
}

#[tokio::test]
async fn words_that_are_undone_or_expired_are_in_no_file() {
    let server = Server::new().await;
    server.apply(&changed(|records| of_id(records, "2")["body"] = json!("theold words"))).await;
    let second = server
        .apply(&changed(|records| {
            of_id(records, "2")["body"] = json!("thenew words");
            records.push(comment("theadded", None));
        }))
        .await;
    for word in ["theold", "thenew", "theadded"] {
        assert!(is_on_disk(&server, word), "{word}");
    }
    undo(&server, &second).await;
    for word in ["thenew", "theadded"] {
        assert!(!is_on_disk(&server, word), "{word}");
    }
    server.apply(&base()).await;
    assert!(is_on_disk(&server, "theold"), "as it was before the last one");
    server.app.clock().advance(std::time::Duration::from_hours(24 * 30));
    sweep(&server.app).await.unwrap();
    assert!(!is_on_disk(&server, "theold"));
}

fn is_on_disk(server: &Server, word: &str) -> bool {
    let word = word.as_bytes();
    std::fs::read_dir(server.folder.path().join("data")).unwrap().any(|entry| {
        let path = entry.unwrap().path();
        path.is_file()
            && std::fs::read(path).unwrap().windows(word.len()).any(|window| window == word)
    })
}

#[tokio::test]
async fn an_import_of_before_there_was_undo_cannot_be_taken_back() {
    let server = Server::new().await;
    let import = server.apply(&base()).await;
    for sql in
        ["DELETE FROM import_added", "DELETE FROM import_pages", "UPDATE imports SET undoable = 0"]
    {
        sqlx::query(sql).execute(&mut *server.app.store().begin_raw().await).await.unwrap();
    }
    let import = server.import(import["id"].as_str().unwrap()).await;
    assert_eq!(import["can_undo"], false);
    assert_eq!(ask_undo(&server, &import["id"], false).await.code(), (409, "undo_expired"));
    let later = server.apply(&changed(|records| records.push(comment("new", None)))).await;
    assert_eq!(ask_undo(&server, &import["id"], true).await.code(), (409, "undo_expired"));
    undo(&server, &later).await;
}
