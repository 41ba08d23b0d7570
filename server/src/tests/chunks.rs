//! The protocol by which a stream arrives.

use super::*;

fn stream() -> Stream {
    Stream::new(vec![page("p"), comment("1", None), comment("2", Some("1"))])
}

#[tokio::test]
async fn the_same_chunk_is_fine_and_another_is_not() {
    let server = Server::new().await;
    let import = server.create(2).await;
    let text = stream().text();
    assert_eq!(server.put(&import, 1, &text).await.status, 204);
    // Compressed otherwise, the lines are the same.
    let mut encoder = GzEncoder::new(Vec::new(), Compression::none());
    encoder.write_all(text.as_bytes()).unwrap();
    let other_gzip = encoder.finish().unwrap();
    let again = server.put_bytes(&import, 1, other_gzip, &digest(text.as_bytes())).await;
    assert_eq!(again.status, 204);
    let other = Stream::new(vec![page("q")]).text();
    assert_eq!(server.put(&import, 1, &other).await.code(), (409, "chunk_differs"));
    let detail = server.get(&format!("/api/v1/imports/{import}")).await.body;
    assert_eq!(detail["chunks"][0]["number"], 1);
    assert_eq!(detail["import"]["received"], stream().counts());
}

#[tokio::test]
async fn two_senders_of_one_number_leave_one_chunk() {
    let server = Server::new().await;
    let import = server.create(0).await;
    let (one, two) = (Stream::new(vec![page("p")]).text(), Stream::new(vec![page("q")]).text());
    let (first, second) = tokio::join!(server.put(&import, 1, &one), server.put(&import, 1, &two));
    let mut codes = [first.code(), second.code()];
    codes.sort_unstable();
    assert_eq!(codes, [(204, ""), (409, "chunk_differs")]);
    let files = std::fs::read_dir(server.folder.path().join("data/spool").join(&import)).unwrap();
    assert_eq!(files.count(), 1);
}

#[tokio::test]
async fn a_broken_chunk_is_refused_with_its_line() {
    let server = Server::new().await;
    let import = server.create(2).await;
    let text = stream().text();
    let right = digest(text.as_bytes());
    let whole = gzip(text.as_bytes());
    let cut = whole[..whole.len() - 1].to_vec();
    let cases = [
        (cut, right.clone(), (400, "gzip_invalid")),
        (b"plain".to_vec(), right.clone(), (400, "gzip_invalid")),
        (whole.clone(), digest(b"other"), (400, "digest_mismatch")),
        (whole, "sha-256=:AAAA:".to_owned(), (400, "digest_invalid")),
    ];
    for (gzip, digest, code) in cases {
        assert_eq!(server.put_bytes(&import, 1, gzip, &digest).await.code(), code);
    }
    let header = stream().header.to_string();
    let end = stream().end().to_string();
    let long = format!("\"{}\"", "x".repeat(rehome_record::MAX_LINE_BYTES));
    let cases = [
        (format!("{header}\n{{\"type\":\n"), "not_json", 2),
        (format!("{header}\n\n{long}\n"), "line_too_long", 3),
        (format!("{}\n", page("p")), "header_missing", 1),
        (format!("{header}\n{header}\n"), "header_misplaced", 2),
        (format!("{header}\n{end}\n{}\n", page("p")), "end_misplaced", 3),
        (format!("{header}\n{{\"type\":\"end\"}}\n"), "end_invalid", 2),
    ];
    for (plain, code, line) in cases {
        let reply = server.put(&import, 1, &plain).await;
        assert_eq!((reply.code(), &reply.body["line"]), ((422, code), &json!(line)));
    }
    let mut not_text = header.into_bytes();
    not_text.extend(b"\n{\"type\":\"page\",\"source_id\":\"\xff\"}\n");
    let reply = server.put_bytes(&import, 1, gzip(&not_text), &digest(&not_text)).await;
    assert_eq!((reply.code(), &reply.body["line"]), ((422, "not_utf8"), &json!(2)));
    assert_eq!(server.staged(), Vec::<String>::new(), "nothing refused is kept");
    assert_eq!(server.put(&import, 0, &text).await.code(), (422, "chunk_number_invalid"));
}

#[tokio::test]
async fn a_bomb_stops_at_the_limit() {
    let server = Server::new().await;
    let import = server.create(0).await;
    // 20 MB of one letter are about 20 kB: the ratio, then the size.
    for size in [2_000_000, 20_000_000] {
        let plain = vec![b'x'; size];
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(&plain).unwrap();
        let gzip = encoder.finish().unwrap();
        let reply = server.put_bytes(&import, 1, gzip, &digest(&plain)).await;
        assert_eq!(reply.code(), (413, "chunk_too_large"));
    }
    let reply = server.put_bytes(&import, 1, vec![0; 9 * 1024 * 1024], &digest(b"")).await;
    assert_eq!(reply.code(), (413, "chunk_too_large"));
}

#[tokio::test]
async fn a_stream_of_something_else_is_refused() {
    let server = Server::new().await;
    let import = server.create(0).await;
    for field in ["format", "origin", "reader"] {
        let mut other = stream();
        other.header[field] = json!("other");
        let reply = server.put(&import, 1, &other.text()).await;
        assert_eq!(reply.code(), (409, "header_differs"), "{field}");
    }
    let mut newer = stream();
    newer.header["schema"] = json!(2);
    assert_eq!(server.put(&import, 1, &newer.text()).await.code(), (422, "schema_unknown"));
}

#[tokio::test]
async fn a_bad_record_is_counted_and_blocks_nothing() {
    let server = Server::new().await;
    let mut no_page = comment("bad", None);
    no_page.as_object_mut().unwrap().remove("page");
    let mut long = page("q");
    long["title"] = json!("x".repeat(17_000));
    let import =
        server.apply(&Stream::new(vec![page("p"), long, no_page, comment("1", None)])).await;
    assert_eq!(came_of(&import), (1, 0, 0, 1));
    assert_eq!(import["result"]["pages"]["rejected"], 1);
    assert_eq!(
        import["result"]["rejected_by_reason"],
        json!({ "not_a_record": 1, "text_too_long": 1 })
    );
    let id = import["id"].as_str().unwrap();
    let detail = server.get(&format!("/api/v1/imports/{id}")).await.body;
    assert_eq!(
        detail["rejected"],
        json!([
            { "chunk": 1, "line": 3, "code": "text_too_long", "source_id": "q" },
            { "chunk": 1, "line": 4, "code": "not_a_record", "source_id": "bad" },
        ])
    );
}

#[tokio::test]
async fn only_a_whole_stream_is_submitted() {
    let server = Server::new().await;
    let import = server.create(2).await;
    let stream = stream();
    let text = stream.text();
    let lines: Vec<_> = text.split_inclusive('\n').collect();
    assert_eq!(server.put(&import, 1, &lines[..2].concat()).await.status, 204);
    assert_eq!(server.put(&import, 3, &lines[3..].concat()).await.status, 204);
    let gap = server.submit(&import, 3, &stream.counts()).await;
    assert_eq!(gap.code(), (409, "chunks_missing"));
    assert!(gap.body["title"].as_str().unwrap().contains("chunks 2."), "{}", gap.body);
    let extra = server.submit(&import, 1, &stream.counts()).await;
    assert_eq!(extra.code(), (409, "chunks_extra"));
    assert_eq!(server.put(&import, 2, lines[2]).await.status, 204);
    let mut counts = stream.counts();
    counts["comments"] = json!(3);
    assert_eq!(server.submit(&import, 3, &counts).await.code(), (409, "counts_differ"));
    let done = server.submit(&import, 3, &stream.counts()).await;
    assert_eq!((done.status.as_u16(), &done.body["state"]), (200, &json!("queued")));
    let again = server.submit(&import, 3, &stream.counts()).await;
    assert_eq!((again.status.as_u16(), &again.body["id"]), (200, &done.body["id"]));
    assert_eq!(server.put(&import, 4, lines[2]).await.code(), (409, "not_receiving"));
    assert!(server.work(None).await && !server.work(None).await, "one job");
}

#[tokio::test]
async fn a_stream_that_does_not_add_up_is_not_submitted() {
    let server = Server::new().await;
    let stream = stream();
    let fewer = server.create(1).await;
    server.put(&fewer, 1, &stream.text()).await;
    assert_eq!(server.submit(&fewer, 1, &stream.counts()).await.code(), (409, "counts_differ"));

    let cut = server.create(2).await;
    let text = stream.text().replace("\"complete\":\"yes\"", "\"complete\":\"no\"");
    assert_eq!(server.put(&cut, 1, &text).await.status, 204);
    assert_eq!(server.submit(&cut, 1, &stream.counts()).await.code(), (409, "incomplete"));

    let endless = server.create(2).await;
    let text = stream.text();
    let without_end = &text[..=text.trim_end().rfind('\n').unwrap()];
    assert_eq!(server.put(&endless, 1, without_end).await.status, 204);
    assert_eq!(server.submit(&endless, 1, &stream.counts()).await.code(), (409, "end_missing"));

    let mut new = new_import(2);
    new["seen"]["comments"] = json!(3);
    let reply = server.post(&format!("/api/v1/sites/{}/imports", server.site), &new).await;
    assert_eq!(reply.code(), (422, "seen_differs"));
}
