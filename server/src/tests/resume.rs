//! Going on with an unfinished import, and imports of files that are not whole.

use serde_json::{Value, json};

use super::{Reply, Server, Stream, assert_adds_up, comment, digest, new_import, page};

fn stream() -> Stream {
    Stream::new(vec![page("p"), comment("1", None), comment("2", Some("1"))])
}

async fn create(server: &Server, new: &Value) -> Reply {
    server.post(&format!("/api/v1/sites/{}/imports", server.site), new).await
}

fn id_of(reply: &Reply) -> String {
    reply.body["import"]["id"].as_str().unwrap().to_owned()
}

fn with(new: &Value, key: &str, value: Value) -> Value {
    let mut changed = new.clone();
    changed[key] = value;
    changed
}

#[tokio::test]
async fn the_same_file_goes_on_with_what_is_held() {
    let server = Server::new().await;
    let stream = stream();
    let text = stream.text();
    let lines: Vec<_> = text.split_inclusive('\n').collect();
    let new = new_import(2);
    let first = create(&server, &new).await;
    assert_eq!(first.status, 201);
    let id = id_of(&first);
    assert_eq!(server.put(&id, 1, &lines[..2].concat()).await.status, 204);
    for new in [new.clone(), with(&new, "resume", json!(id))] {
        let again = create(&server, &new).await;
        assert_eq!((again.status.as_u16(), id_of(&again)), (200, id.clone()));
        let held = digest(lines[..2].concat().as_bytes());
        assert_eq!(again.body["chunks"], json!([{ "number": 1, "digest": held }]));
    }
    assert_eq!(server.put(&id, 2, &lines[2..].concat()).await.status, 204);
    assert_eq!(server.submit(&id, 2, &stream.counts()).await.status, 200);
    assert!(server.work(None).await);
    let import = server.import(&id).await;
    assert_eq!(import["state"], "succeeded");
    assert_adds_up(&import);
    // It is finished: the same file is a new import now.
    assert_eq!(create(&server, &new).await.status, 201);
    let named = create(&server, &with(&new, "resume", json!(id))).await;
    assert_eq!(named.code(), (409, "not_receiving"));
}

#[tokio::test]
async fn what_is_not_as_it_was_frozen_is_named() {
    let server = Server::new().await;
    let new = new_import(2);
    let id = id_of(&create(&server, &new).await);
    let file = json!({ "name": "export.xml", "size_bytes": 11, "fingerprint": "other" });
    let seen = json!({
        "comments": 3, "kept": 2, "skipped_by_reason": { "id_missing": 1 }, "complete": "yes"
    });
    let renamed = json!({
        "name": "export (1).xml", "size_bytes": 10, "fingerprint": new["file"]["fingerprint"]
    });
    let resume = with(&new, "resume", json!(id));
    assert_eq!(create(&server, &with(&resume, "file", renamed)).await.status, 200);
    for (key, value) in [
        ("file", file),
        ("format", json!("muut")),
        ("origin", json!("elsewhere")),
        ("reader", json!("disqus/0")),
        ("options", json!({ "import_incomplete": true })),
        ("seen", seen),
    ] {
        let reply = create(&server, &with(&resume, key, value)).await;
        assert_eq!(reply.code(), (409, "import_differs"), "{key}");
        assert_eq!(reply.body["import"], json!(id), "{key}");
        assert_eq!(reply.body["differs"], json!([key]), "{}", reply.body);
    }
    server.apply(&stream()).await;
    let reply = create(&server, &new).await;
    assert_eq!(reply.body["differs"], json!(["site_revision"]), "{}", reply.body);
}

#[tokio::test]
async fn a_new_import_takes_the_place_of_an_unfinished_one() {
    let server = Server::new().await;
    let new = new_import(2);
    let id = id_of(&create(&server, &new).await);
    assert_eq!(server.put(&id, 1, &stream().text()).await.status, 204);
    let reply = create(&server, &with(&new, "replace", json!(id))).await;
    assert_eq!(reply.status, 201, "{}", reply.body);
    assert_ne!(id_of(&reply), id);
    assert_eq!(reply.body["chunks"], json!([]));
    assert_eq!(server.import(&id).await["state"], "cancelled");
    assert!(server.staged().is_empty());
    let again = create(&server, &with(&new, "replace", json!(id))).await;
    assert_eq!(again.code(), (409, "not_receiving"));
}

#[tokio::test]
async fn nobody_goes_on_with_the_import_of_another_account_or_site() {
    let server = Server::new().await;
    let other = server.other_account("ben@example.org").await;
    let new = new_import(2);
    let id = id_of(&create(&server, &new).await);
    assert_eq!(create(&other, &new).await.status, 201);
    for key in ["resume", "replace"] {
        let reply = create(&other, &with(&new, key, json!(id))).await;
        assert_eq!(reply.code(), (404, "not_found"), "{key}");
    }
    assert_eq!(server.import(&id).await["state"], "receiving");
}

#[tokio::test]
async fn a_file_that_is_not_whole_needs_the_choice_and_stays_marked() {
    let server = Server::new().await;
    let mut stream = stream();
    let mut new = new_import(2);
    new["seen"]["complete"] = json!("no");
    assert_eq!(create(&server, &new).await.code(), (409, "incomplete"));
    let chosen = json!({ "import_incomplete": true });
    new["options"] = chosen.clone();
    let id = id_of(&create(&server, &new).await);
    // The stream must say the same as what was frozen.
    let cut =
        |stream: &Stream| stream.text().replace("\"complete\":\"yes\"", "\"complete\":\"no\"");
    assert_eq!(server.put(&id, 1, &cut(&stream)).await.code().0, 409);
    stream.header["options"] = chosen;
    assert_eq!(server.put(&id, 1, &cut(&stream)).await.status, 204);
    assert_eq!(server.submit(&id, 1, &stream.counts()).await.status, 200);
    assert!(server.work(None).await);
    let import = server.import(&id).await;
    assert_eq!(
        (&import["state"], &import["seen"]["complete"]),
        (&json!("succeeded"), &json!("no"))
    );
    assert_adds_up(&import);

    let mut whole = new_import(2);
    whole["options"] = json!({ "import_incomplete": true });
    let id = id_of(&create(&server, &whole).await);
    assert_eq!(server.put(&id, 1, &cut(&stream)).await.status, 204);
    let reply = server.submit(&id, 1, &stream.counts()).await;
    assert_eq!(reply.code(), (409, "complete_differs"));
}
