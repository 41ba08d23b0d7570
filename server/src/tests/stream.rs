//! Whole streams in one body.

use std::io;
use std::time::Duration;

use axum::body::Bytes;
use futures_util::stream;
use rehome_record::{CHUNK_BYTES, Chunker, LineWriter, MAX_LINE_BYTES, parse_line};
use tokio::sync::mpsc;

use super::*;
use crate::http::dto::{Role, Scope};
use crate::sweep::sweep;

fn small() -> Stream {
    Stream::new(vec![page("p"), comment("1", None), comment("2", Some("1"))])
}

/// Of several chunks, as our own writer makes its lines.
fn long() -> Stream {
    let body = "x".repeat(4_000);
    let comments = (0..700).map(|n| {
        let mut comment = comment(&n.to_string(), None);
        comment["body"] = json!(body);
        comment
    });
    Stream::new(std::iter::once(page("p")).chain(comments).collect())
}

fn written(stream: &Stream) -> String {
    let mut writer = LineWriter::new(Vec::new());
    for line in stream.text().lines() {
        writer.write(&parse_line(line.as_bytes()).unwrap()).unwrap();
    }
    String::from_utf8(writer.finish().unwrap()).unwrap()
}

type Pieces = mpsc::Sender<io::Result<Bytes>>;

/// A body that comes as the test sends it.
fn slow_body() -> (Pieces, Body) {
    let (sender, receiver) = mpsc::channel(1);
    let pieces = stream::unfold(receiver, |mut receiver| async move {
        receiver.recv().await.map(|piece| (piece, receiver))
    });
    (sender, Body::from_stream(pieces))
}

impl Server {
    fn path(&self) -> String {
        format!("/api/v1/sites/{}/imports/stream", self.site)
    }

    async fn stream(&self, body: impl Into<Body>) -> Reply {
        self.send(self.request("POST", &self.path()).body(body.into()).unwrap()).await
    }

    async fn stream_gzip(&self, gzip: Vec<u8>) -> Reply {
        let request = self.request("POST", &self.path()).header(header::CONTENT_ENCODING, "gzip");
        self.send(request.body(Body::from(gzip)).unwrap()).await
    }

    /// Applies what was taken in and gives the import.
    async fn applied(&self, reply: &Reply) -> Value {
        assert_eq!((reply.status.as_u16(), &reply.body["state"]), (202, &json!("queued")));
        assert!(self.work(None).await);
        let import = self.import(reply.body["id"].as_str().unwrap()).await;
        assert_eq!(import["state"], "succeeded", "{import}");
        assert_adds_up(&import);
        assert!(self.staged().is_empty());
        import
    }

    /// Waits until the newest import is like this.
    async fn newest(&self, is_like: impl Fn(&Value) -> bool) -> Value {
        let mut changes = self.app.changes();
        loop {
            let imports = self.get("/api/v1/imports").await.body;
            if let Some(import) = imports.get(0).filter(|import| is_like(import)) {
                return import.clone();
            }
            changes.changed().await.unwrap();
        }
    }

    /// Sends the beginning of a long stream, and gives the import and how to go on.
    async fn begun(&self) -> (Value, Pieces, tokio::task::JoinHandle<Reply>) {
        let (pieces, body) = slow_body();
        let request = self.request("POST", &self.path()).body(body).unwrap();
        let router = self.router.clone();
        let reply = tokio::spawn(async move {
            let response = router.oneshot(request).await.unwrap();
            let (parts, body) = response.into_parts();
            let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
            let body = serde_json::from_slice(&bytes).unwrap();
            Reply { status: parts.status, headers: parts.headers, body }
        });
        let first = written(&long()).into_bytes();
        pieces.send(Ok(first[..CHUNK_BYTES + 10_000].to_vec().into())).await.unwrap();
        let is_coming =
            |import: &Value| import["state"] == "receiving" && import["chunks_received"] == 1;
        let import = self.newest(is_coming).await;
        (import, pieces, reply)
    }
}

fn rest() -> Bytes {
    written(&long()).into_bytes()[CHUNK_BYTES + 10_000..].to_vec().into()
}

#[tokio::test]
async fn one_body_is_applied_as_chunks_are() {
    let server = Server::new().await;
    let text = small().text();
    let request = server.request("POST", &format!("{}?name=old%20blog.ndjson", server.path()));
    let reply = server.send(request.body(Body::from(text.clone())).unwrap()).await;
    let import = server.applied(&reply).await;
    assert_eq!(came_of(&import), (2, 0, 0, 0));
    assert_eq!(server.thread().await, [(1, "1".to_owned()), (2, "2".to_owned())]);
    let hash =
        Sha256::digest(&text).iter().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"));
    assert_eq!(
        import["file"],
        json!({ "name": "old blog.ndjson", "size_bytes": text.len(),
            "fingerprint": format!("sha256:{hash}") })
    );
    assert_eq!(
        import["seen"],
        json!({ "comments": 2, "kept": 2, "skipped_by_reason": {}, "complete": "yes" })
    );
    let again = server.applied(&server.stream_gzip(gzip(text.as_bytes())).await).await;
    assert_eq!(came_of(&again), (0, 0, 2, 0));
    let (again, first) = (&again["file"], &import["file"]);
    assert_eq!(again["fingerprint"], first["fingerprint"], "it is over the plain lines");
    assert_eq!(again["name"], "stream.ndjson");
}

#[tokio::test]
async fn chunks_end_where_every_sender_ends_them() {
    let server = Server::new().await;
    let text = written(&long());
    let mut chunker = Chunker::new();
    let mut chunks: Vec<_> = text
        .lines()
        .filter_map(|line| chunker.push(&parse_line(line.as_bytes()).unwrap()))
        .collect();
    chunks.extend(chunker.finish());
    assert!(chunks.len() > 2);
    let expected: Vec<_> = chunks
        .iter()
        .map(|chunk| json!({ "number": chunk.number, "digest": digest(&chunk.plain) }))
        .collect();
    for reply in
        [server.stream(text.clone()).await, server.stream_gzip(gzip(text.as_bytes())).await]
    {
        let id = reply.body["id"].as_str().unwrap();
        let held = server.get(&format!("/api/v1/imports/{id}")).await.body["chunks"].take();
        assert_eq!(held, json!(expected));
        assert!(server.work(None).await);
        assert_adds_up(&server.import(id).await);
    }
    assert_eq!(server.comments().await.len(), 100, "a page of them");
}

#[tokio::test]
async fn it_does_not_matter_how_a_body_is_cut_on_its_way() {
    let server = Server::new().await;
    let text = small().text();
    // Blank lines count for nothing, and the last line may lack its line feed.
    let text = format!("\n{}", text.trim_end().replacen('\n', "\n \r\n", 1));
    let mut members = gzip(&text.as_bytes()[..100]);
    members.extend(gzip(&text.as_bytes()[100..]));
    for (bytes, encoding) in [(text.into_bytes(), "identity"), (members, "gzip")] {
        for length in [1, 7, 64, 4096] {
            let pieces: Vec<_> =
                bytes.chunks(length).map(|piece| Ok::<_, io::Error>(piece.to_vec())).collect();
            let request = server
                .request("POST", &server.path())
                .header(header::CONTENT_ENCODING, encoding)
                .body(Body::from_stream(stream::iter(pieces)))
                .unwrap();
            let import = server.applied(&server.send(request).await).await;
            let sent = came_of(&import);
            assert_eq!(sent.0 + sent.2, 2, "{encoding}, {length} bytes at a time");
        }
    }
}

#[tokio::test]
async fn a_bad_record_is_counted_and_the_rest_is_applied() {
    let server = Server::new().await;
    let mut no_page = comment("bad", None);
    no_page.as_object_mut().unwrap().remove("page");
    let stream = Stream::new(vec![page("p"), no_page, comment("1", None)]);
    let import = server.applied(&server.stream(stream.text()).await).await;
    assert_eq!(came_of(&import), (1, 0, 0, 1));
    assert_eq!(import["result"]["rejected_by_reason"], json!({ "not_a_record": 1 }));
}

#[tokio::test]
async fn what_is_wrong_with_a_stream_is_named_and_nothing_of_it_stays() {
    let server = Server::new().await;
    let (header, end) = (small().header.to_string(), small().end().to_string());
    let text = small().text();
    let lines: Vec<_> = text.split_inclusive('\n').collect();
    let without_end = lines[..lines.len() - 1].concat();
    let too_long = format!("{header}\n\"{}", "x".repeat(MAX_LINE_BYTES));
    let second_chunk =
        format!("{}nonsense\n", written(&long()).rsplit_once("{\"type\":\"end\"").unwrap().0);
    let fewer = without_end.replacen(&format!("{}\n", comment("1", None)), "", 1) + &end;
    let newer = text.replace("\"schema\":1", "\"schema\":2");
    let cases = [
        (String::new(), (422, "header_missing"), json!(1)),
        ("\n\nnonsense\n".to_owned(), (422, "not_json"), json!(3)),
        (page("p").to_string(), (422, "header_missing"), json!(1)),
        (newer, (422, "schema_unknown"), json!(1)),
        (format!("{header}\n{{\"type\":\n{end}\n"), (422, "not_json"), json!(2)),
        (format!("{header}\n{header}\n{end}\n"), (422, "header_misplaced"), json!(2)),
        (format!("{text}\n{}\n", page("p")), (422, "end_misplaced"), json!(6 + 1)),
        (too_long, (422, "line_too_long"), json!(2)),
        (second_chunk, (422, "not_json"), json!(703)),
        (without_end.clone(), (409, "end_missing"), Value::Null),
        (text[..text.len() - 5].to_owned(), (422, "not_json"), json!(5)),
        (fewer, (409, "counts_differ"), Value::Null),
        (
            text.replace("\"complete\":\"yes\"", "\"complete\":\"no\""),
            (409, "incomplete"),
            Value::Null,
        ),
    ];
    for (body, code, line) in cases {
        let started = body.clone();
        let reply = server.stream(body).await;
        let shown = &started[..started.len().min(200)];
        assert_eq!((reply.code(), &reply.body["line"]), (code, &line), "{shown}");
        assert!(server.staged().is_empty(), "{shown}");
        if let Some(id) = reply.body["import"].as_str() {
            let import = server.import(id).await;
            assert_eq!(import["state"], "cancelled", "{shown}");
            assert_eq!(import["error"]["code"], code.1, "{shown}");
        }
        assert!(!server.work(None).await, "nothing of it is applied: {shown}");
    }
    let mut not_text = header.into_bytes();
    not_text.extend(b"\n{\"type\":\"page\",\"source_id\":\"\xff\"}\n");
    let reply = server.stream(not_text).await;
    assert_eq!((reply.code(), &reply.body["line"]), ((422, "not_utf8"), &json!(2)));
    let open = server.get("/api/v1/imports").await.body;
    assert!(open.as_array().unwrap().iter().all(|import| import["state"] == "cancelled"), "{open}");
}

#[tokio::test]
async fn compressed_bodies_are_whole_and_inflate_to_what_text_may() {
    let server = Server::new().await;
    let whole = gzip(small().text().as_bytes());
    for cut in [0, 5, 12, whole.len() - 9, whole.len() - 1] {
        let reply = server.stream_gzip(whole[..cut].to_vec()).await;
        assert_eq!(reply.code(), (400, "gzip_invalid"), "{cut}");
    }
    let mut followed = whole.clone();
    followed.extend(b"something else");
    assert_eq!(server.stream_gzip(followed).await.code(), (400, "gzip_invalid"));
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    let mut same = page("p");
    same["title"] = json!("x".repeat(10_000));
    let lines = format!("{}\n", small().header) + &format!("{same}\n").repeat(2_000);
    encoder.write_all(lines.as_bytes()).unwrap();
    let bomb = server.stream_gzip(encoder.finish().unwrap()).await;
    assert_eq!(bomb.code(), (413, "inflates_too_much"));
    let request = server.request("POST", &server.path()).header(header::CONTENT_ENCODING, "br");
    let other = server.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!(other.code(), (415, "encoding_unknown"));
    assert!(server.staged().is_empty());
    assert!(!server.work(None).await);
}

#[tokio::test]
async fn a_stream_shows_while_it_comes_and_only_its_sender_goes_on_with_it() {
    let server = Server::new().await;
    let (import, pieces, reply) = server.begun().await;
    let id = import["id"].as_str().unwrap();
    assert_eq!(import["state"], "receiving");
    let came = import["received"]["comments"].as_u64().unwrap();
    assert!(came > 0);
    assert_eq!(
        (&import["seen"]["comments"], &import["seen"]["kept"]),
        (&json!(came), &json!(came))
    );

    let mut same = new_import(0);
    same["file"] = import["file"].clone();
    same["seen"] = import["seen"].clone();
    let create = format!("/api/v1/sites/{}/imports", server.site);
    let made = server.post(&create, &same).await;
    assert_eq!(made.status, 201, "it is not matched by its file: {}", made.body);
    same["resume"] = json!(id);
    assert_eq!(server.post(&create, &same).await.code(), (409, "not_receiving"));
    assert_eq!(server.put(id, 2, &small().text()).await.code(), (409, "not_receiving"));
    let submit = server.submit(id, 1, &small().counts()).await;
    assert_eq!(submit.code(), (409, "not_receiving"));

    server.app.clock().advance(Duration::from_hours(25));
    sweep(&server.app).await.unwrap();
    assert_eq!(server.import(id).await["state"], "receiving", "it does not expire meanwhile");
    pieces.send(Ok(rest())).await.unwrap();
    drop(pieces);
    let reply = reply.await.unwrap();
    assert_eq!(reply.body["id"], id);
    assert_eq!(came_of(&server.applied(&reply).await), (700, 0, 0, 0));
}

#[tokio::test]
async fn a_connection_that_breaks_leaves_nothing() {
    let server = Server::new().await;
    let (import, pieces, reply) = server.begun().await;
    pieces.send(Err(io::ErrorKind::ConnectionReset.into())).await.unwrap();
    assert_eq!(reply.await.unwrap().code(), (400, "body_cut"));
    let import = server.import(import["id"].as_str().unwrap()).await;
    assert_eq!(
        (&import["state"], &import["error"]["code"]),
        (&json!("cancelled"), &json!("body_cut"))
    );
    assert!(server.staged().is_empty());

    // Nobody waits for the answer any more, and the last line is cut.
    let (import, pieces, reply) = server.begun().await;
    reply.abort();
    drop(pieces);
    let ended = server.newest(|newest| newest["state"] == "cancelled").await;
    assert_eq!((&ended["id"], &ended["error"]["code"]), (&import["id"], &json!("not_json")));
    assert!(server.staged().is_empty());
    assert!(!server.work(None).await);
}

#[tokio::test]
async fn a_person_cancels_a_stream_that_comes() {
    let server = Server::new().await;
    let (import, pieces, reply) = server.begun().await;
    let id = import["id"].as_str().unwrap();
    let cancelled = server.delete(&format!("/api/v1/imports/{id}")).await;
    assert_eq!(cancelled.body["state"], "cancelled");
    pieces.send(Ok(rest())).await.unwrap();
    assert_eq!(reply.await.unwrap().code(), (409, "not_receiving"));
    assert_eq!(server.import(id).await["error"], Value::Null, "a person's wish is no error");
    assert!(server.staged().is_empty());
}

#[tokio::test]
async fn whoever_loses_the_right_in_the_middle_sends_nothing_more() {
    let ann = Server::new().await;
    let (bob, member) = ann.member("bob@example.org", Role::Admin).await;
    let program = bob.program(&member, &[Scope::Read, Scope::Import]).await;
    let (import, pieces, reply) = program.begun().await;
    let demoted = json!({ "role": "viewer" });
    ann.ask("PATCH", &format!("/api/v1/admins/{}", member.id), &demoted).await;
    pieces.send(Ok(rest())).await.unwrap();
    assert_eq!(reply.await.unwrap().code(), (403, "no_longer"));
    let ended = ann.import(import["id"].as_str().unwrap()).await;
    assert_eq!(
        (&ended["state"], &ended["error"]["code"]),
        (&json!("cancelled"), &json!("no_longer"))
    );
    assert!(ann.staged().is_empty());
}

#[tokio::test]
async fn a_stopping_server_says_so_and_a_killed_one_cleans_up_at_its_next_start() {
    let server = Server::new().await;
    let (import, _pieces, reply) = server.begun().await;
    server.app.begin_shutdown();
    assert_eq!(reply.await.unwrap().code(), (503, "stopping"));
    let ended = server.import(import["id"].as_str().unwrap()).await;
    assert_eq!(ended["state"], "cancelled");
    let server = server.restart(1_000).await;

    let id = server.create(2).await;
    assert_eq!(server.put(&id, 1, &small().text()).await.status, 204);
    sqlx::query("UPDATE imports SET one_body = 1 WHERE id = $1")
        .bind(&id)
        .execute(&mut *server.app.store().begin_raw().await)
        .await
        .unwrap();
    let server = server.restart(1_000).await;
    let ended = server.import(&id).await;
    assert_eq!(
        (&ended["state"], &ended["error"]["code"]),
        (&json!("cancelled"), &json!("interrupted"))
    );
    assert!(server.staged().is_empty());
}

#[tokio::test]
async fn what_can_be_read_of_a_cut_source_is_taken_where_the_header_says_so() {
    let server = Server::new().await;
    let mut stream = small();
    stream.header["options"] = json!({ "import_incomplete": true });
    let text = stream.text().replace("\"complete\":\"yes\"", "\"complete\":\"no\"");
    let import = server.applied(&server.stream(text).await).await;
    assert_eq!(import["seen"]["complete"], "no");
}

#[tokio::test]
async fn a_stream_into_the_site_of_another_account_is_not_read() {
    let ann = Server::new().await;
    let bob = ann.other_account("bob@example.org").await;
    let request = bob.request("POST", &ann.path()).body(Body::from(small().text())).unwrap();
    assert_eq!(bob.send(request).await.code(), (404, "not_found"));
    assert_eq!(ann.get("/api/v1/imports").await.body, json!([]));
    assert_eq!(ann.with_token("wrong").stream(small().text()).await.code(), (401, "token_invalid"));
}
