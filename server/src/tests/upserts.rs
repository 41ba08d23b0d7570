//! What comes of records that are new, known, changed or gone.

use super::*;

fn thread() -> Stream {
    Stream::new(vec![page("p"), comment("1", None), comment("2", Some("1")), comment("3", None)])
}

/// One value of the first comment, straight from the table.
async fn stored(server: &Server, column: &'static str) -> Option<String> {
    let sql = format!("SELECT CAST({column} AS TEXT) FROM comments ORDER BY id LIMIT 1");
    sqlx::query_scalar(sqlx::AssertSqlSafe(sql))
        .fetch_one(server.app.store().reader())
        .await
        .unwrap()
}

#[tokio::test]
async fn the_second_time_nothing_is_new() {
    let server = Server::new().await;
    let first = server.apply(&thread()).await;
    assert_eq!(came_of(&first), (3, 0, 0, 0));
    let before = server.comments().await;
    let second = server.apply(&thread()).await;
    assert_eq!(came_of(&second), (0, 0, 3, 0));
    assert_eq!(second["result"]["pages"]["unchanged"], 1);
    assert_eq!(server.comments().await, before);
    let pages = server.get(&format!("/api/v1/sites/{}/pages", server.site)).await.body;
    assert_eq!((&pages["total"], &pages["pages"][0]["comments"]), (&json!(1), &json!(3)));
}

#[tokio::test]
async fn only_what_changed_is_updated() {
    let server = Server::new().await;
    server.apply(&thread()).await;
    let mut changed = thread();
    changed.records[3]["body"] = json!("<b>new</b><script>x</script>");
    let import = server.apply(&changed).await;
    assert_eq!(came_of(&import), (0, 1, 2, 0));
    let bodies: Vec<_> = server.thread().await.into_iter().map(|(_, body)| body).collect();
    assert_eq!(bodies, ["1", "2", "<b>new</b>"]);
}

#[tokio::test]
async fn fields_are_left_alone_cleared_or_erased_as_the_header_says() {
    let server = Server::new().await;
    let with_email = |email: Option<&str>| {
        let mut record = comment("1", None);
        record["author"]["email"] = json!(email);
        Stream::new(vec![page("p"), record])
    };
    server.apply(&with_email(Some("a@example.org"))).await;
    assert_eq!(stored(&server, "author_email").await.as_deref(), Some("a@example.org"));

    let mut unlisted = with_email(None);
    let fields: Vec<_> = FIELDS.iter().filter(|field| **field != "author.email").collect();
    unlisted.header["fields"] = json!(fields);
    server.apply(&unlisted).await;
    assert_eq!(stored(&server, "author_email").await.as_deref(), Some("a@example.org"));

    // The record is the one before: another list of fields changes nothing.
    let same = server.apply(&with_email(None)).await;
    assert_eq!(came_of(&same), (0, 0, 1, 0));

    server.apply(&with_email(Some("a@example.org"))).await;
    server.apply(&with_email(None)).await;
    assert_eq!(stored(&server, "author_email").await, None);

    server.apply(&with_email(Some("a@example.org"))).await;
    server.apply(&unlisted).await;
    let mut redacted = unlisted.clone();
    redacted.header["redacted"] = json!(["author.email"]);
    server.apply(&redacted).await;
    assert_eq!(stored(&server, "author_email").await, None);
    assert_eq!(stored(&server, "author_name").await.as_deref(), Some("Ann"));

    let mut left_in = with_email(Some("a@example.org"));
    left_in.header["redacted"] = json!(["author.email", "comment.body"]);
    server.apply(&left_in).await;
    assert_eq!(stored(&server, "author_email").await, None);
    assert_eq!(stored(&server, "body").await, None);
}

#[tokio::test]
async fn one_id_twice_is_one_comment_across_batches_too() {
    for batch in [1, 2, 1_000] {
        let server = Server::with_batches_of(batch).await;
        let mut other = comment("1", None);
        other["body"] = json!("other");
        let records =
            vec![page("p"), comment("1", None), comment("2", None), comment("1", None), other];
        let import = server.apply(&Stream::new(records)).await;
        assert_eq!(came_of(&import), (2, 0, 1, 1), "batches of {batch}");
        assert_eq!(import["result"]["rejected_by_reason"], json!({ "duplicate_id": 1 }));
        assert_eq!(server.thread().await, [(1, "1".into()), (1, "2".into())]);
    }
}

#[tokio::test]
async fn a_comment_needs_its_page_from_this_stream_or_an_earlier_one() {
    let server = Server::new().await;
    let lost = server.apply(&Stream::new(vec![comment("1", None)])).await;
    assert_eq!(came_of(&lost), (0, 0, 0, 1));
    assert_eq!(lost["result"]["rejected_by_reason"], json!({ "page_unknown": 1 }));
    server.apply(&Stream::new(vec![page("p")])).await;
    let found = server.apply(&Stream::new(vec![comment("1", None)])).await;
    assert_eq!(came_of(&found), (1, 0, 0, 0));
}

#[tokio::test]
async fn parents_are_found_in_any_order_and_from_other_imports() {
    let expected = [(1, "1".to_owned()), (2, "2".to_owned()), (3, "3".to_owned())];
    let records = [comment("1", None), comment("2", Some("1")), comment("3", Some("2"))];
    for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0]] {
        for batch in [1, 1_000] {
            let server = Server::with_batches_of(batch).await;
            let mut lines = vec![page("p")];
            lines.extend(order.iter().map(|&at| records[at].clone()));
            let import = server.apply(&Stream::new(lines)).await;
            assert_eq!(import["result"]["orphans"], 0);
            assert_eq!(server.thread().await, expected, "{order:?}, batches of {batch}");
        }
    }
    let server = Server::new().await;
    let early = Stream::new(vec![page("p"), records[1].clone(), records[2].clone()]);
    assert_eq!(server.apply(&early).await["result"]["orphans"], 1);
    let mut late = early.clone();
    late.records.push(records[0].clone());
    let import = server.apply(&late).await;
    assert_eq!((came_of(&import), &import["result"]["orphans"]), ((1, 0, 2, 0), &json!(0)));
    assert_eq!(server.thread().await, expected);
}

#[tokio::test]
async fn a_parent_on_another_page_and_a_ring_are_cut() {
    for batch in [1, 1_000] {
        let server = Server::with_batches_of(batch).await;
        let mut elsewhere = comment("e", Some("a"));
        elsewhere["page"] = json!("q");
        let records = vec![
            page("p"),
            page("q"),
            comment("a", Some("b")),
            comment("b", Some("c")),
            comment("c", Some("a")),
            comment("s", Some("s")),
            elsewhere,
        ];
        let import = server.apply(&Stream::new(records)).await;
        assert!(import["result"]["orphans"].as_u64().unwrap() >= 3, "{import}");
        let thread = server.thread().await;
        assert_eq!(thread.len(), 4, "all of page p: {thread:?}");
        let parents: Vec<(i64, Option<i64>)> = sqlx::query_as("SELECT id, parent_id FROM comments")
            .fetch_all(server.app.store().reader())
            .await
            .unwrap();
        for (id, _) in &parents {
            let mut at = Some(*id);
            for _ in 0..=parents.len() {
                at = at.and_then(|at| parents.iter().find(|(id, _)| *id == at).unwrap().1);
            }
            assert_eq!(at, None, "{id} leads to no root: {parents:?}");
        }
    }
}

#[tokio::test]
async fn a_deep_thread_is_read_in_parts() {
    let server = Server::new().await;
    let mut records = vec![page("p"), comment("0", None)];
    records.extend((1..300).map(|n| comment(&n.to_string(), Some(&(n - 1).to_string()))));
    server.apply(&Stream::new(records)).await;
    let pages = server.get(&format!("/api/v1/sites/{}/pages", server.site)).await.body;
    let base = format!("/api/v1/sites/{}/pages/{}/comments", server.site, pages["pages"][0]["id"]);
    let (mut bodies, mut after) = (Vec::new(), String::new());
    loop {
        let list = server.get(&format!("{base}?limit=70{after}")).await.body;
        for comment in list["comments"].as_array().unwrap() {
            assert_eq!(comment["depth"], bodies.len() as u64 + 1);
            bodies.push(comment["body"].as_str().unwrap().to_owned());
        }
        let Some(next) = list["next"].as_str() else { break };
        after = format!("&after={next}");
    }
    assert_eq!(bodies, (0..300).map(|n| n.to_string()).collect::<Vec<_>>());
}

#[tokio::test]
async fn several_source_pages_may_be_one_page() {
    let server = Server::new().await;
    let at =
        |id: &str, url: &str| json!({ "type": "page", "source_id": id, "url": url, "title": id });
    let mut on_b = comment("2", None);
    on_b["page"] = json!("b");
    let mut on_a = comment("1", None);
    on_a["page"] = json!("a");
    let stream = Stream::new(vec![
        at("a", "https://Example.org/x#top"),
        at("b", "https://example.org:443/x"),
        at("c", "https://example.org/x/"),
        on_a,
        on_b,
    ]);
    server.apply(&stream).await;
    let path = format!("/api/v1/sites/{}/pages", server.site);
    let pages = server.get(&path).await.body;
    assert_eq!(pages["total"], 2);
    assert_eq!(pages["pages"][0]["url"], "https://Example.org/x#top");
    assert_eq!(pages["pages"][0]["comments"], 2);
    let again = server.apply(&stream).await;
    assert_eq!(again["result"]["pages"]["unchanged"], 3);
    let first = server.get(&format!("{path}?limit=1")).await.body;
    let next = first["next"].as_str().unwrap();
    let second = server.get(&format!("{path}?limit=1&after={next}")).await.body;
    assert_eq!((&second["pages"][0]["title"], &second["next"]), (&json!("c"), &Value::Null));
    assert_eq!(server.get(&format!("{path}?q=x/")).await.body["total"], 1);
    assert_eq!(server.get(&format!("{path}?q=%25")).await.body["total"], 0);
}

#[tokio::test]
async fn author_lines_name_those_who_are_referred_to() {
    let server = Server::new().await;
    let author = |name: &str| json!({ "type": "author", "source_id": "ann", "name": name });
    let mut record = comment("1", None);
    record["author"] = json!({ "source_id": "ann" });
    server.apply(&Stream::new(vec![page("p"), record.clone(), author("Ann")])).await;
    assert_eq!(server.comments().await[0]["author"], "Ann");
    let import = server.apply(&Stream::new(vec![page("p"), record, author("Anna")])).await;
    assert_eq!(
        (came_of(&import), &import["result"]["authors"]["updated"]),
        ((0, 0, 1, 0), &json!(1))
    );
    assert_eq!(server.comments().await[0]["author"], "Anna");
}

#[tokio::test]
async fn a_removed_comment_is_marked_and_may_come_back() {
    let server = Server::new().await;
    server.apply(&thread()).await;
    let removed = |id: &str| json!({ "type": "removed", "kind": "comment", "source_id": id });
    let gone = Stream::new(vec![removed("1"), removed("never")]);
    assert_eq!(came_of(&server.apply(&gone).await), (0, 1, 1, 0));
    assert_eq!(server.comments().await[0]["status"], "deleted");
    assert_eq!(came_of(&server.apply(&gone).await), (0, 0, 2, 0));
    assert_eq!(came_of(&server.apply(&thread()).await), (0, 1, 2, 0));
    assert_eq!(server.comments().await[0]["status"], "approved");
}

#[tokio::test]
async fn an_id_that_comes_again_is_seen_wherever_its_chunk_ends() {
    for batch_records in [1, 2, 1_000] {
        let server = Server::with_batches_of(batch_records).await;
        let mut other = comment("1", None);
        other["body"] = json!("another one");
        let records = [comment("1", None), comment("2", None), other, comment("2", None)];
        let stream = Stream::new([vec![page("p")], records.to_vec()].concat());
        let id = server.create(stream.comments()).await;
        let text = stream.text();
        let lines: Vec<_> = text.split_inclusive('\n').collect();
        // The second and the third chunk are each read while the one before is written.
        let chunks = [&lines[..3], &lines[3..5], &lines[5..]];
        for (number, lines) in (1..).zip(chunks) {
            assert_eq!(server.put(&id, number, &lines.concat()).await.status, 204);
        }
        assert_eq!(server.submit(&id, 3, &stream.counts()).await.status, 200);
        assert!(server.work(None).await);
        let import = server.import(&id).await;
        assert_eq!(came_of(&import), (2, 0, 1, 1), "{batch_records}: {import}");
        assert_eq!(import["result"]["rejected_by_reason"]["duplicate_id"], 1);
        assert_adds_up(&import);
    }
}
