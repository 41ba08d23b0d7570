//! One comment that two sources know, comments that may be one, and those that are gone.

use super::*;

const HOUR: &str = "2024-05-01T16:00:00Z";

/// A stream of WordPress; ids are those of its comments.
fn wordpress(records: Vec<Value>) -> Stream {
    let mut stream = Stream::new(records);
    stream.header["format"] = json!("wordpress-wxr");
    stream.header["family"] = json!("wordpress");
    stream.header["origin"] = json!("blog.example.org");
    stream.header["reader"] = json!("wordpress-wxr/1");
    stream
}

/// `comment` at another time, by somebody, which was another one elsewhere.
fn named(id: &str, author: &str, body: &str, alias: Option<(&str, &str)>) -> Value {
    let mut record = comment(id, None);
    record["author"] = json!({ "name": author });
    record["body"] = json!(body);
    if let Some((family, id)) = alias {
        record["aliases"] = json!([{ "family": family, "source_id": id }]);
    }
    record
}

/// How many rows a table has.
async fn count(server: &Server, sql: &'static str) -> i64 {
    sqlx::query_scalar(sql).fetch_one(server.app.store().reader()).await.unwrap()
}

/// A blog's own comments, and the same as Disqus has them: one agrees in author
/// and words, one in its author, one in its words, one in nothing, one is new.
fn pair() -> (Stream, Stream) {
    let blog = wordpress(vec![
        page("p"),
        named("1", "Ann", "<p>One &amp; two</p>", None),
        named("2", "Bob", "Three", None),
        named("3", "Cleo", "Four", None),
        named("4", "Dan", "Five", None),
        named("5", "Eve", "Only here", None),
    ]);
    let mut forum = Stream::new(vec![
        page("p"),
        named("d1", " ann ", "One &amp; two", Some(("wordpress", "1"))),
        named("d2", "Bob", "Three, edited", Some(("wordpress", "2"))),
        named("d3", "Cleopatra", "<p>FOUR</p>", Some(("wordpress", "3"))),
        named("d4", "Somebody", "Else", Some(("wordpress", "4"))),
        named("d5", "Ann", "An answer", None),
    ]);
    for record in &mut forum.records[1..] {
        record["created_at"] = json!(HOUR);
    }
    forum.records[5]["parent"] = json!("d1");
    (blog, forum)
}

#[tokio::test]
async fn comments_of_two_sources_are_one_whichever_came_first() {
    let (blog, forum) = pair();
    for (first, second, new) in [(&blog, &forum, 2), (&forum, &blog, 2)] {
        let server = Server::new().await;
        let of_first = server.apply(first).await;
        assert_eq!(came_of(&of_first), (5, 0, 0, 0));
        let of_second = server.apply(second).await;
        assert_eq!(came_of(&of_second), (new, 0, 3, 0), "{of_second}");
        assert_adds_up(&of_second);
        assert_eq!(of_second["result"]["joined"], 3);
        assert_eq!(of_second["result"]["possible_doubles"], 1);
        assert_eq!(count(&server, "SELECT count(*) FROM possible_doubles").await, 1);
        assert_eq!(server.comments().await.len(), 7);
        for again in [first, second] {
            let import = server.apply(again).await;
            assert_eq!(came_of(&import), (0, 0, 5, 0));
            assert_eq!(import["result"]["joined"], 0);
        }
    }
}

#[tokio::test]
async fn the_first_time_stays_and_the_shift_is_told() {
    let (blog, forum) = pair();
    let server = Server::new().await;
    server.apply(&blog).await;
    let before = count(&server, "SELECT min(created_at) FROM comments").await;
    let import = server.apply(&forum).await;
    let shifts = import["result"]["time_shifts"].as_object().unwrap();
    assert_eq!(shifts.values().map(|count| count.as_u64().unwrap()).sum::<u64>(), 3, "{shifts:?}");
    let joined = "SELECT min(created_at) FROM comments WHERE id IN
        (SELECT comment_id FROM comment_sources WHERE source_id = 'd1')";
    assert_eq!(count(&server, joined).await, before);
}

#[tokio::test]
async fn an_answer_to_a_joined_comment_finds_it() {
    let (blog, forum) = pair();
    let server = Server::new().await;
    server.apply(&blog).await;
    server.apply(&forum).await;
    let parent =
        "SELECT count(*) FROM comments c JOIN comment_sources s ON s.comment_id = c.parent_id
        WHERE s.family = 'wordpress' AND s.source_id = '1'";
    assert_eq!(count(&server, parent).await, 1);
}

#[tokio::test]
async fn an_update_by_either_source_changes_the_one_comment() {
    let (blog, mut forum) = pair();
    let server = Server::new().await;
    server.apply(&blog).await;
    server.apply(&forum).await;
    forum.records[1]["body"] = json!("One and two");
    let import = server.apply(&forum).await;
    assert_eq!(came_of(&import), (0, 1, 4, 0));
    // The other one says what it said before: it changes nothing back.
    assert_eq!(came_of(&server.apply(&blog).await), (0, 0, 5, 0));
    let now = "SELECT count(*) FROM comments WHERE body = 'One and two'";
    assert_eq!(count(&server, now).await, 1);
}

#[tokio::test]
async fn an_origin_that_is_named_must_be_that_one() {
    let (blog, mut forum) = pair();
    for (origin, joined) in [("another.example.org", 2), ("blog.example.org", 3)] {
        let server = Server::new().await;
        server.apply(&blog).await;
        forum.records[1]["aliases"][0]["origin"] = json!(origin);
        assert_eq!(server.apply(&forum).await["result"]["joined"], joined, "{origin}");
    }
}

#[tokio::test]
async fn what_the_source_no_longer_has_stays_and_is_counted() {
    let (blog, _) = pair();
    let server = Server::new().await;
    server.apply(&blog).await;
    let mut less = blog.clone();
    less.records.truncate(4);
    let import = server.apply(&less).await;
    assert_eq!((came_of(&import), &import["result"]["vanished"]), ((0, 0, 3, 0), &json!(2)));
    assert_eq!(server.comments().await.len(), 5);
    less.records.push(json!({ "type": "removed", "kind": "comment", "source_id": "5" }));
    let import = server.apply(&less).await;
    assert_eq!((came_of(&import), &import["result"]["vanished"]), ((0, 1, 3, 0), &json!(1)));
    // One that was removed is not missed.
    less.records.pop();
    assert_eq!(server.apply(&less).await["result"]["vanished"], 1);
}

#[tokio::test]
async fn a_reply_waits_for_a_parent_of_a_later_import() {
    let server = Server::with_batches_of(2).await;
    let mut early = Stream::new(vec![page("p")]);
    early.records.extend((0..5).map(|n| comment(&format!("r{n}"), Some("root"))));
    let import = server.apply(&early).await;
    assert_eq!(import["result"]["orphans"], 5);
    let late = Stream::new(vec![page("p"), comment("root", None)]);
    let import = server.apply(&late).await;
    assert_eq!((&import["result"]["orphans"], came_of(&import)), (&json!(0), (1, 0, 0, 0)));
    assert_eq!(
        count(&server, "SELECT count(*) FROM comments WHERE parent_id IS NOT NULL").await,
        5
    );
    assert_eq!(count(&server, "SELECT count(*) FROM waiting_replies").await, 0);
    // They were there before, and their place changed: that is kept.
    assert_eq!(
        count(&server, "SELECT count(*) FROM import_changed WHERE kind = 'comment'").await,
        5
    );
    assert_eq!(server.apply(&early).await["result"]["orphans"], 0);
}

/// The blog's comments at another address.
fn moved() -> Stream {
    let (mut blog, _) = pair();
    blog.header["origin"] = json!("new.example.org");
    blog.records.push(named("6", "Fay", "Since then", None));
    blog
}

async fn send_moved(server: &Server, stream: &Stream) -> String {
    let mut new = new_import(stream.comments());
    for key in ["format", "origin", "reader"] {
        new[key] = stream.header[key].clone();
    }
    let reply = server.post(&format!("/api/v1/sites/{}/imports", server.site), &new).await;
    let id = reply.body["import"]["id"].as_str().unwrap().to_owned();
    assert_eq!(server.put(&id, 1, &stream.text()).await.status, 204);
    id
}

async fn submit_as(server: &Server, id: &str, stream: &Stream, origin: Option<&str>) -> Reply {
    let mut body = json!({ "chunks": 1, "counts": stream.counts() });
    if let Some(origin) = origin {
        body["same_origin"] = json!(origin);
    }
    server.post(&format!("/api/v1/imports/{id}/submit"), &body).await
}

#[tokio::test]
async fn a_blog_that_moved_is_asked_about_once() {
    let server = Server::new().await;
    server.apply(&pair().0).await;
    let stream = moved();
    let id = send_moved(&server, &stream).await;
    let asked = submit_as(&server, &id, &stream, None).await;
    assert_eq!(asked.code(), (409, "same_blog"));
    assert_eq!(asked.body["origin"], "blog.example.org");
    let wrong = submit_as(&server, &id, &stream, Some("third.example.org")).await;
    assert_eq!(wrong.code(), (409, "same_blog"));
    let same = submit_as(&server, &id, &stream, Some("blog.example.org")).await;
    assert_eq!(same.status, 200, "{}", same.body);
    assert!(server.work(None).await);
    assert_eq!(came_of(&server.import(&id).await), (1, 0, 5, 0));
    assert_eq!(submit_as(&server, &id, &stream, Some("any")).await.status, 200);
    let long = submit_as(&server, &id, &stream, Some(&"o".repeat(1_025))).await;
    assert_eq!(long.code(), (409, "same_blog"), "no origin is as long");
    // It is not asked again, and whatever it is called, nothing is there twice.
    assert_eq!(came_of(&server.apply(&moved()).await), (0, 0, 6, 0));
    assert_eq!(came_of(&server.apply(&pair().0).await), (0, 0, 5, 0));
}

#[tokio::test]
async fn another_blog_with_the_same_ids_is_its_own() {
    let server = Server::new().await;
    server.apply(&pair().0).await;
    let mut other = moved();
    for record in &mut other.records[1..] {
        record["author"] = json!({ "name": "Gil" });
        record["body"] = json!("Something else");
    }
    assert_eq!(came_of(&server.apply(&other).await), (6, 0, 0, 0));
    let server = Server::new().await;
    server.apply(&pair().0).await;
    let stream = moved();
    let id = send_moved(&server, &stream).await;
    assert_eq!(submit_as(&server, &id, &stream, Some("")).await.status, 200);
    assert!(server.work(None).await);
    assert_eq!(came_of(&server.import(&id).await), (6, 0, 0, 0));
}
