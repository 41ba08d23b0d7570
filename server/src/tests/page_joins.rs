//! Pages that may be one: proposed, joined, and taken apart again.

use super::tables::Dump;
use super::*;

fn on(page: &str, source_id: &str, parent: Option<&str>) -> Value {
    let mut said = comment(source_id, parent);
    said["page"] = json!(page);
    said
}

fn at(source_id: &str, url: &str) -> Value {
    let mut place = page(source_id);
    place["url"] = json!(url);
    place
}

/// Three addresses of one page, another group of two, and a page by itself. The
/// reply to `4` stands on another page than `4` does.
fn scattered() -> Stream {
    Stream::new(vec![
        at("p", "http://example.org/a"),
        at("q", "https://www.example.org/a/"),
        at("r", "https://example.org/a?utm_source=mail"),
        at("s", "https://example.org/b"),
        at("t", "https://example.org/b/"),
        at("u", "https://example.org/c?ref=1"),
        on("p", "1", None),
        on("q", "2", None),
        on("q", "3", Some("2")),
        on("q", "4", None),
        on("r", "5", Some("4")),
        on("s", "6", Some("7")),
        on("t", "7", Some("6")),
        on("u", "8", None),
    ])
}

impl Server {
    fn joins(&self) -> String {
        format!("/api/v1/sites/{}/page-joins", self.site)
    }

    async fn join(&self, which: &Value) -> i64 {
        let reply = self.post(&self.joins(), which).await;
        assert_eq!(reply.status, 202, "{}", reply.body);
        assert_eq!(
            (&reply.body["kind"], &reply.body["state"]),
            (&json!("regroup"), &json!("queued"))
        );
        reply.body["id"].as_i64().unwrap()
    }

    async fn undo_join(&self, job: i64) -> Reply {
        self.post(&format!("/api/v1/sites/{}/jobs/{job}/undo", self.site), &json!({})).await
    }

    /// Comments of each page, by address.
    async fn pages(&self) -> Vec<(String, u64)> {
        let pages = self.get(&format!("/api/v1/sites/{}/pages", self.site)).await.body;
        let mut pages: Vec<_> = pages["pages"]
            .as_array()
            .unwrap()
            .iter()
            .map(|page| {
                (page["url"].as_str().unwrap().to_owned(), page["comments"].as_u64().unwrap())
            })
            .collect();
        pages.sort_unstable();
        pages
    }

    async fn jobs(&self) -> Vec<Value> {
        let jobs = self.get(&format!("/api/v1/sites/{}/jobs", self.site)).await.body;
        jobs.as_array().unwrap().clone()
    }

    async fn parent_of(&self, source_id: &str) -> Option<String> {
        sqlx::query_scalar(
            "SELECT ps.source_id FROM comment_sources s JOIN comments c ON c.id = s.comment_id
            JOIN comment_sources ps ON ps.comment_id = c.parent_id WHERE s.source_id = $1",
        )
        .bind(source_id)
        .fetch_optional(self.app.store().reader())
        .await
        .unwrap()
    }
}

/// Without what a join and its end leave behind on purpose: the log, the site's revision.
fn but_for_the_log(mut dump: Dump) -> Dump {
    dump.remove("audit");
    dump.remove("sites");
    dump
}

fn pages(of: &[(&str, u64)]) -> Vec<(String, u64)> {
    of.iter().map(|(url, comments)| ((*url).to_owned(), *comments)).collect()
}

#[tokio::test]
async fn pages_that_may_be_one_are_proposed_with_reasons_and_counts() {
    let server = Server::new().await;
    server.apply(&scattered()).await;
    let found = server.get(&server.joins()).await.body;
    assert_eq!((&found["total"], &found["next"]), (&json!(2), &Value::Null), "{found}");
    let [a, b] = found["groups"].as_array().unwrap().as_slice() else { panic!("{found}") };
    assert_eq!((&a["key"], &b["key"]), (&json!("example.org/a"), &json!("example.org/b")));
    assert_eq!(a["reasons"], json!(["scheme", "www", "slash", "tracking"]));
    assert_eq!(b["reasons"], json!(["slash"]));
    assert_eq!((&a["comments"], &a["pages_total"]), (&json!(5), &json!(3)));
    assert_eq!(a["pages"][0]["page"]["url"], "https://www.example.org/a/");
    assert_eq!(
        (&a["pages"][0]["comments"], &a["pages"][0]["page"]["id"]),
        (&json!(3), &a["target"])
    );
    // Of as many comments, the older one.
    assert_eq!(b["pages"][0]["page"]["url"], "https://example.org/b");

    let first = server.get(&format!("{}?limit=1", server.joins())).await.body;
    assert_eq!((&first["next"], &first["total"]), (&json!("example.org/a"), &json!(2)));
    let rest = server.get(&format!("{}?limit=1&after=example.org%2Fa", server.joins())).await.body;
    assert_eq!((&rest["groups"], &rest["next"]), (&json!([b]), &Value::Null));
    let bob = server.other_account("bob@example.org").await;
    let bob = Server { site: server.site, ..bob };
    assert_eq!(bob.get(&server.joins()).await.code(), (404, "not_found"));
    assert_eq!(bob.post(&server.joins(), &json!({ "all": true })).await.code(), (404, "not_found"));
}

#[tokio::test]
async fn joined_pages_are_one_for_readers_and_for_imports() {
    let server = Server::new().await;
    server.apply(&scattered()).await;
    assert_eq!(server.parent_of("5").await, None, "its parent is on another page");
    let job = server.join(&json!({ "keys": ["example.org/a"] })).await;
    assert!(server.work(None).await);
    let wanted = pages(&[
        ("https://example.org/b", 1),
        ("https://example.org/b/", 1),
        ("https://example.org/c?ref=1", 1),
        ("https://www.example.org/a/", 5),
    ]);
    assert_eq!(server.pages().await, wanted);
    assert_eq!(server.parent_of("5").await.as_deref(), Some("4"));
    let jobs = server.jobs().await;
    assert_eq!((&jobs[0]["id"], &jobs[0]["state"]), (&json!(job), &json!("succeeded")));
    assert_eq!((&jobs[0]["can_undo"], &jobs[0]["undone"]), (&json!(true), &json!(false)));

    // The same file again finds all of it.
    let again = server.apply(&scattered()).await;
    assert_eq!(came_of(&again), (0, 0, 8, 0));
    assert_eq!(server.pages().await, wanted);
    assert_eq!(server.parent_of("5").await.as_deref(), Some("4"));
    // And so does a page that another record names by an address that was joined.
    let mut later = Stream::new(vec![at("z", "http://example.org/a"), on("z", "9", None)]);
    later.header["fields"] = json!(FIELDS);
    server.apply(&later).await;
    assert_eq!(server.pages().await[3], ("https://www.example.org/a/".to_owned(), 6));
    let public = json!({ "public_comments": true });
    let path = format!("/api/v1/sites/{}", server.site);
    server.ask("PATCH", &path, &public).await;
    for url in ["http%3A%2F%2Fexample.org%2Fa", "https%3A%2F%2Fexample.org%2Fa%3Futm_source%3Dmail"]
    {
        let path = format!("/api/v1/sites/{}/comments?url={url}", server.site);
        let shown = server.nobody().get(&path).await.body;
        assert_eq!(shown["comments"].as_array().unwrap().len(), 6, "{shown}");
    }
}

#[tokio::test]
async fn a_join_that_is_taken_back_leaves_all_as_it_was() {
    for batch in [1, 2, 1_000] {
        let server = Server::with_batches_of(batch).await;
        server.apply(&scattered()).await;
        let before = but_for_the_log(server.dump().await);
        let job = server.join(&json!({ "all": true })).await;
        // As if the process stopped after each batch.
        while server.work(Some(1)).await {}
        let joined = server.pages().await;
        let wanted = pages(&[
            ("https://example.org/b", 2),
            ("https://example.org/c?ref=1", 1),
            ("https://www.example.org/a/", 5),
        ]);
        assert_eq!(joined, wanted);
        // Each waited for the other: one of them alone can be the reply.
        let rings = [server.parent_of("6").await, server.parent_of("7").await];
        assert_eq!(rings.iter().flatten().count(), 1, "{rings:?}");
        assert_eq!(server.get(&server.joins()).await.body["total"], 0);
        let reply = server.undo_join(job).await;
        assert_eq!(reply.status, 202, "{}", reply.body);
        assert_eq!((&reply.body["kind"], &reply.body["undoes"]), (&json!("undo"), &json!(job)));
        while server.work(Some(1)).await {}
        assert_eq!(but_for_the_log(server.dump().await), before, "{batch}");
        let jobs = server.jobs().await;
        assert_eq!((&jobs[1]["id"], &jobs[1]["undone"]), (&json!(job), &json!(true)));
        assert_eq!(jobs[1]["can_undo"], false);
        assert_eq!(server.undo_join(job).await.code(), (409, "nothing_to_undo"));
        let again = server.apply(&scattered()).await;
        assert_eq!(came_of(&again), (0, 0, 8, 0));
    }
}

#[tokio::test]
async fn only_the_newest_change_can_be_taken_back() {
    let server = Server::new().await;
    server.apply(&scattered()).await;
    let job = server.join(&json!({ "all": true })).await;
    assert_eq!(server.undo_join(job).await.code(), (409, "undo_busy"));
    assert!(server.work(None).await);
    server.apply(&Stream::new(vec![at("p", "http://example.org/a"), on("p", "10", None)])).await;
    assert_eq!(server.undo_join(job).await.code(), (409, "undo_later_first"));
    assert_eq!(server.jobs().await[0]["can_undo"], false);
    assert_eq!(server.undo_join(job + 1).await.code(), (404, "not_found"), "an import is none");
    assert_eq!(server.undo_join(999).await.code(), (404, "not_found"));
}

#[tokio::test]
async fn what_is_not_proposed_is_not_joined() {
    let server = Server::new().await;
    server.apply(&scattered()).await;
    for nothing in [
        json!({}),
        json!({ "all": false }),
        json!({ "keys": [] }),
        json!({ "keys": ["example.org/c?ref=1", "x"] }),
    ] {
        let reply = server.post(&server.joins(), &nothing).await;
        assert_eq!(reply.code(), (409, "nothing_to_join"), "{nothing}");
    }
    assert!(!server.work(None).await);
}

#[tokio::test]
async fn what_the_page_lacks_is_filled_from_the_others() {
    let server = Server::new().await;
    let mut bare = at("p", "http://example.org/a");
    bare.as_object_mut().unwrap().remove("title");
    let mut named = at("q", "https://example.org/a");
    named["title"] = json!("Its title");
    server
        .apply(&Stream::new(vec![
            bare,
            named,
            on("p", "1", None),
            on("p", "2", None),
            on("q", "3", None),
        ]))
        .await;
    server.join(&json!({ "all": true })).await;
    assert!(server.work(None).await);
    let pages = server.get(&format!("/api/v1/sites/{}/pages", server.site)).await.body;
    assert_eq!((&pages["total"], &pages["pages"][0]["title"]), (&json!(1), &json!("Its title")));
    assert_eq!(pages["pages"][0]["url"], "http://example.org/a");
}

/// As before the server knew of this.
#[tokio::test]
async fn pages_of_before_are_proposed_too() {
    let server = Server::new().await;
    server.apply(&scattered()).await;
    crate::sweep::sweep(&server.app).await.unwrap();
    let mut tx = server.app.store().begin().await.unwrap();
    sqlx::query("UPDATE pages SET loose_url = NULL, loose_for = NULL")
        .execute(&mut *tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    crate::sweep::sweep(&server.app).await.unwrap();
    assert_eq!(server.get(&server.joins()).await.body["total"], 2);
    // An address that moved is looked at anew.
    let mut tx = server.app.store().begin().await.unwrap();
    sqlx::query("UPDATE pages SET match_url = 'https://example.org/d' WHERE match_url = 'https://example.org/b'")
        .execute(&mut *tx).await.unwrap();
    tx.commit().await.unwrap();
    crate::sweep::sweep(&server.app).await.unwrap();
    assert_eq!(server.get(&server.joins()).await.body["total"], 1);
}

#[tokio::test]
async fn what_a_join_moved_is_forgotten_in_time() {
    let server = Server::with_batches_of(2).await;
    server.apply(&scattered()).await;
    let job = server.join(&json!({ "all": true })).await;
    assert!(server.work(None).await);
    crate::sweep::sweep(&server.app).await.unwrap();
    assert_eq!(server.jobs().await[0]["can_undo"], true);
    server.app.clock().advance(std::time::Duration::from_hours(31 * 24));
    // Whose session is over by now.
    let again = server.signed_in(&server.ann().await).await;
    crate::sweep::sweep(&server.app).await.unwrap();
    let jobs = again.jobs().await;
    let joined = jobs.iter().find(|one| one["id"] == job).unwrap();
    assert_eq!(joined["can_undo"], false);
    assert_eq!(again.undo_join(job).await.code(), (409, "undo_expired"));
    let dump = server.dump().await;
    let notes = [
        "page_moves",
        "comment_moves",
        "parent_joins",
        "page_source_moves",
        "joined_address_moves",
    ];
    for table in notes {
        assert!(dump[table].is_empty(), "{table}");
    }
    assert!(!dump["joined_addresses"].is_empty(), "the pages stay joined");
}

impl Server {
    async fn ann(&self) -> crate::store::accounts::AdminRow {
        let found = accounts::admin_by_email(self.app.store(), "ann@example.org").await;
        found.unwrap().unwrap().0
    }
}

#[tokio::test]
async fn a_join_that_did_nothing_keeps_no_other_from_being_taken_back() {
    let server = Server::new().await;
    server.apply(&scattered()).await;
    let first = server.join(&json!({ "all": true })).await;
    let second = server.join(&json!({ "all": true })).await;
    assert!(server.work(None).await && server.work(None).await);
    assert_eq!(server.undo_join(second).await.code(), (409, "nothing_to_undo"));
    let reply = server.undo_join(first).await;
    assert_eq!(reply.status, 202, "{}", reply.body);
    assert!(server.work(None).await);
    assert_eq!(server.get(&server.joins()).await.body["total"], 2);
    // There is nothing of it to be forgotten either.
    server.app.clock().advance(std::time::Duration::from_hours(31 * 24));
    crate::sweep::sweep(&server.app).await.unwrap();
    let again = server.signed_in(&server.ann().await).await;
    assert_eq!(again.undo_join(second).await.code(), (409, "nothing_to_undo"));
}

#[tokio::test]
async fn the_newest_join_that_did_something_can_be_taken_back() {
    let server = Server::new().await;
    server.apply(&scattered()).await;
    let can_undo = async || {
        let jobs = server.jobs().await;
        let can = jobs.iter().filter(|job| job["can_undo"] == true);
        can.map(|job| job["id"].as_i64().unwrap()).collect::<Vec<_>>()
    };
    let first = server.join(&json!({ "keys": ["example.org/a"] })).await;
    let nothing = server.join(&json!({ "keys": ["example.org/a"] })).await;
    assert!(server.work(None).await && server.work(None).await);
    assert_eq!(can_undo().await, [first], "{nothing} found nothing to join");
    let waits = server.join(&json!({ "keys": ["example.org/b"] })).await;
    assert_eq!(can_undo().await, [0_i64; 0], "another one waits");
    let path = format!("/api/v1/sites/{}/jobs/{waits}", server.site);
    assert_eq!(server.delete(&path).await.status, 204);
    assert_eq!(can_undo().await, [first], "it is cancelled");
    assert_eq!(server.undo_join(first).await.status, 202);
}

#[tokio::test]
async fn jobs_wait_behind_the_one_that_goes_first() {
    let server = Server::with_batches_of(2).await;
    server.apply(&scattered()).await;
    let mut more = vec![at("u", "https://example.org/c?ref=1")];
    more.extend((10..20).map(|n| on("u", &n.to_string(), None)));
    let import = server.send_stream(&Stream::new(more)).await;
    server.work(Some(3)).await;
    let join = server.join(&json!({ "all": true })).await;
    let jobs = server.jobs().await;
    assert_eq!(jobs[0]["behind"], join - 1, "the import");
    server.delete(&format!("/api/v1/imports/{import}?then=undo")).await;
    assert!(server.work(None).await);
    let jobs = server.jobs().await;
    let [undo, regroup] = jobs.as_slice() else { panic!("{jobs:?}") };
    assert_eq!((&undo["kind"], &regroup["id"]), (&json!("undo"), &json!(join)));
    assert_eq!((&undo["state"], &undo["behind"]), (&json!("queued"), &Value::Null));
    assert_eq!((&regroup["state"], &regroup["behind"]), (&json!("queued"), &undo["id"]));
    let claim = server.claim().await.unwrap();
    assert_eq!(json!(claim.job), undo["id"], "as it is taken");
    assert_eq!(server.jobs().await[1]["behind"], undo["id"]);
}

#[tokio::test]
async fn a_place_that_is_handed_out_is_taken_back() {
    let server = Server::new().await;
    let of_length = |length: usize| format!("example.org/{}", "x".repeat(length - 12));
    let (longest, too_long) = (of_length(2_000), of_length(2_001));
    let records = [&longest, &too_long, "example.org/y"];
    let pages = records.iter().enumerate().flat_map(|(n, key)| {
        [("http", n * 2), ("https", n * 2 + 1)]
            .map(|(scheme, id)| at(&format!("p{id}"), &format!("{scheme}://{key}")))
    });
    server.apply(&Stream::new(pages.collect())).await;
    let first = server.get(&format!("{}?limit=1", server.joins())).await.body;
    assert_eq!((&first["next"], &first["total"]), (&json!(longest), &json!(2)));
    let rest = server.get(&format!("{}?after={longest}", server.joins())).await;
    assert_eq!(
        (rest.status.as_u16(), &rest.body["groups"][0]["key"]),
        (200, &json!("example.org/y"))
    );
}
