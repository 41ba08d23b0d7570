//! The report of an import: what it says, and what it never says.

use super::*;
use crate::http::dto::{Role, Scope};

/// What people wrote, and where; none of it may be in a report.
const WRITTEN: [&str; 5] = ["Zoe Zimt", "zoe@example.org", "a secret body", "A title", "/a-page"];

fn telling() -> Stream {
    let mut place = page("p");
    place["title"] = json!("A title");
    place["url"] = json!("https://example.org/a-page");
    let mut said = comment("=1", None);
    said["author"] = json!({ "name": "Zoe Zimt", "email": "zoe@example.org" });
    said["body"] = json!("a secret body");
    let mut wrong = comment("2", None);
    wrong["status"] = json!("unheard of");
    Stream::new(vec![place, said, wrong, comment("3", Some("9"))])
}

fn issues() -> Value {
    json!([
        { "code": "page_without_address", "severity": "warning", "count": 7, "places": [
            { "file": "=export.xml", "line": 12, "byte": 345 },
            { "file": "=export.xml", "line": 14, "byte": 400 },
        ] },
        { "code": "checks_capped", "severity": "info", "count": 1, "places": [] },
    ])
}

impl Server {
    /// Sends, submits with these issues, and applies.
    async fn apply_with(&self, stream: &Stream, issues: &Value) -> String {
        let import = self.create(stream.comments()).await;
        assert_eq!(self.put(&import, 1, &stream.text()).await.status, 204);
        let body = json!({ "chunks": 1, "counts": stream.counts(), "issues": issues });
        let reply = self.post(&format!("/api/v1/imports/{import}/submit"), &body).await;
        assert_eq!(reply.status, 200, "{}", reply.body);
        assert!(self.work(None).await);
        import
    }

    async fn report(&self, import: &str, format: &str) -> String {
        let path = format!("/api/v1/imports/{import}/report?format={format}");
        let request = self.request("GET", &path).body(Body::empty()).unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status(), 200);
        let name = format!("attachment; filename=\"rehome-import-{import}.{format}\"");
        assert_eq!(response.headers()[header::CONTENT_DISPOSITION].to_str().unwrap(), name);
        let bytes = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
        String::from_utf8(bytes.to_vec()).unwrap()
    }

    async fn report_lines(&self, import: &str) -> Vec<Value> {
        let text = self.report(import, "ndjson").await;
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

#[tokio::test]
async fn a_report_says_who_what_and_whether_it_adds_up() {
    let ann = Server::new().await;
    let import = ann.apply_with(&telling(), &issues()).await;
    let lines = ann.report_lines(&import).await;
    let kinds: Vec<_> = lines.iter().map(|line| line["type"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["import", "issue", "issue", "rejected", "end"]);
    let first = &lines[0];
    let shown = ann.import(&import).await;
    assert_eq!(first["started_by"], "ann@example.org");
    assert_eq!((&first["id"], &first["site"]), (&json!(import), &json!(ann.site)));
    assert_eq!((&first["format"], &first["origin"]), (&json!("disqus"), &json!("forum")));
    assert_eq!((&first["file"], &first["seen"]), (&shown["file"], &shown["seen"]));
    assert_eq!((&first["received"], &first["state"]), (&shown["received"], &json!("succeeded")));
    for time in ["created_at", "received_at", "submitted_at", "finished_at"] {
        assert!(first[time].is_string(), "{time}: {first}");
    }
    assert_eq!(first["result"]["comments"]["inserted"], 2);
    assert_eq!(first["result"]["comments"]["rejected"], 1);
    assert_eq!(first["result"]["orphans"], 1);
    assert_eq!(first["adds_up"], true);
    for (sum, total) in
        [("seen", 3), ("comments", 3), ("pages", 1), ("authors", 0), ("rejected", 1)]
    {
        let said = json!({ "total": total, "parts": total, "not_applied": 0, "adds_up": true });
        assert_eq!(first["sums"][sum], said, "{sum}");
    }
    for (line, issue) in lines[1..3].iter().zip(issues().as_array().unwrap()) {
        let mut line = line.clone();
        line.as_object_mut().unwrap().remove("type");
        assert_eq!(line, *issue);
    }
    assert_eq!(lines[3]["code"], ann.rejected_code(&import).await);
    assert_eq!((&lines[3]["chunk"], &lines[3]["line"]), (&json!(1), &json!(4)));
    assert_eq!(lines[3]["source_id"], "2");
    assert_eq!(lines[4], json!({ "type": "end", "lines": 4 }));
    assert_eq!(ann.actions().await.last().unwrap(), "report_downloaded");
}

impl Server {
    async fn comment_of(&self, source_id: &str) -> i64 {
        sqlx::query_scalar("SELECT comment_id FROM comment_sources WHERE source_id = $1")
            .bind(source_id)
            .fetch_one(self.app.store().reader())
            .await
            .unwrap()
    }

    async fn rejected_code(&self, import: &str) -> Value {
        let reply = self.get(&format!("/api/v1/imports/{import}")).await;
        reply.body["rejected"][0]["code"].clone()
    }
}

#[tokio::test]
async fn nothing_that_people_wrote_is_in_it() {
    let ann = Server::new().await;
    let import = ann.apply_with(&telling(), &issues()).await;
    assert_eq!(ann.comments().await[0]["body"], "a secret body", "it is there to be found");
    for format in ["csv", "ndjson"] {
        let text = ann.report(&import, format).await;
        for written in WRITTEN {
            assert!(!text.contains(written), "{written}: {text}");
        }
    }
}

#[tokio::test]
async fn a_spreadsheet_gets_a_row_for_each_fact_and_no_formula() {
    let ann = Server::new().await;
    let mut stream = telling();
    stream.records[2]["source_id"] = json!("=SUM(A1)");
    let import = ann.apply_with(&stream, &issues()).await;
    let text = ann.report(&import, "csv").await;
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let columns: Vec<_> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    assert_eq!(
        columns,
        ["section", "name", "value", "count", "file", "chunk", "line", "byte", "source_id"]
    );
    let rows: Vec<Vec<String>> =
        reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect();
    let has =
        |wanted: [&str; 9]| assert!(rows.iter().any(|row| *row == wanted), "{wanted:?} {text}");
    has(["import", "adds_up", "true", "", "", "", "", "", ""]);
    has(["import", "result.comments.inserted", "2", "", "", "", "", "", ""]);
    has(["import", "file.size_bytes", "10", "", "", "", "", "", ""]);
    has(["issue", "page_without_address", "warning", "7", "'=export.xml", "", "12", "345", ""]);
    has(["issue", "page_without_address", "warning", "7", "'=export.xml", "", "14", "400", ""]);
    has(["issue", "checks_capped", "info", "1", "", "", "", "", ""]);
    let code = ann.rejected_code(&import).await;
    has(["rejected", code.as_str().unwrap(), "", "", "", "1", "4", "", "'=SUM(A1)"]);
    let cells = rows.iter().flatten();
    let formulas = cells.filter(|cell| cell.starts_with(['=', '+', '-', '@']));
    assert_eq!(formulas.count(), 0, "{text}");
    assert_eq!(rows.last().unwrap()[0], "end");
}

#[tokio::test]
async fn an_import_that_was_stopped_lacks_lines_and_says_how_many() {
    let ann = Server::with_batches_of(1).await;
    let import = ann.send_stream(&telling()).await;
    assert!(ann.work(Some(2)).await);
    let path = format!("/api/v1/imports/{import}");
    assert_eq!(ann.delete(&path).await.status, 200);
    ann.work(None).await;
    let first = ann.report_lines(&import).await.remove(0);
    assert_eq!((&first["state"], &first["adds_up"]), (&json!("cancelled"), &json!(true)));
    let sums = &first["sums"]["comments"];
    assert_eq!((&sums["total"], &sums["adds_up"]), (&json!(3), &json!(true)));
    let lacks = sums["total"].as_u64().unwrap() - sums["parts"].as_u64().unwrap();
    assert!(lacks > 0);
    assert_eq!(sums["not_applied"], lacks);
    assert_eq!(first["issues_told"], true, "told that there are none");
}

#[tokio::test]
async fn issues_are_bounded_and_hold_words_and_places_alone() {
    let ann = Server::new().await;
    let stream = Stream::new(vec![page("p"), comment("1", None)]);
    let import = ann.create(1).await;
    ann.put(&import, 1, &stream.text()).await;
    let path = format!("/api/v1/imports/{import}/submit");
    let place = json!({ "file": "a", "line": 1, "byte": 1 });
    let issue = json!({ "code": "a", "severity": "info", "count": 1, "places": [place] });
    let set = |name: &str, value: Value| {
        let mut issue = issue.clone();
        issue[name] = value;
        json!([issue])
    };
    let places = |count: usize| json!(vec![place.clone(); count]);
    let many = json!(vec![json!({ "code": "a", "severity": "info", "count": 1 }); 201]);
    for (issues, code) in [
        (set("code", json!("He said: no")), "issues_invalid"),
        (set("code", json!("")), "issues_invalid"),
        (set("places", places(101)), "issues_invalid"),
        (set("severity", json!("dire")), "body_invalid"),
        (set("text", json!("He said")), "body_invalid"),
        (many, "issues_invalid"),
    ] {
        let body = json!({ "chunks": 1, "counts": stream.counts(), "issues": issues });
        assert_eq!(ann.post(&path, &body).await.code(), (422, code));
    }
    let long = "a".repeat(1_000);
    let large = json!(vec![json!({ "file": long, "line": 1, "byte": 1 }); 100]);
    let body = json!({ "chunks": 1, "counts": stream.counts(), "issues": set("places", large) });
    assert_eq!(ann.post(&path, &body).await.code(), (413, "body_too_large"));
    assert_eq!(ann.import(&import).await["state"], "receiving");
    let most =
        json!({ "chunks": 1, "counts": stream.counts(), "issues": set("places", places(100)) });
    assert_eq!(ann.post(&path, &most).await.status, 200);
    assert_eq!(ann.report_lines(&import).await[1]["places"].as_array().unwrap().len(), 100);
}

#[tokio::test]
async fn what_the_file_no_longer_has_is_listed_until_another_has_looked() {
    let ann = Server::new().await;
    let all = Stream::new(vec![page("p"), comment("1", None), comment("2", None)]);
    ann.apply(&all).await;
    let less = Stream::new(vec![page("p"), comment("2", None)]);
    let second = ann.apply(&less).await["id"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/imports/{second}/vanished");
    let found = ann.get(&path).await.body;
    assert_eq!((&found["known"], &found["source_ids"]), (&json!(true), &json!(["1"])));
    let lines = ann.report_lines(&second).await;
    assert!(lines.contains(&json!({ "type": "vanished", "source_id": "1" })), "{lines:?}");
    // Of another forum: it says nothing about this one.
    let mut elsewhere = Stream::new(vec![page("p"), comment("7", None)]);
    elsewhere.header["origin"] = json!("other");
    let mut new = new_import(1);
    new["origin"] = json!("other");
    let made = ann.post(&format!("/api/v1/sites/{}/imports", ann.site), &new).await;
    let other = made.body["import"]["id"].as_str().unwrap().to_owned();
    assert_eq!(ann.put(&other, 1, &elsewhere.text()).await.status, 204);
    assert_eq!(ann.submit(&other, 1, &elsewhere.counts()).await.status, 200);
    assert!(ann.work(None).await);
    assert_eq!(ann.get(&path).await.body["known"], true);
    ann.apply(&all).await;
    let found = ann.get(&path).await.body;
    assert_eq!((&found["known"], &found["source_ids"]), (&json!(false), &json!([])));
}

#[tokio::test]
async fn possible_doubles_name_both_and_their_page() {
    let ann = Server::new().await;
    let stream = Stream::new(vec![page("p"), comment("1", None), comment("2", None)]);
    let import = ann.apply(&stream).await["id"].as_str().unwrap().to_owned();
    let (one, two) = (ann.comment_of("1").await, ann.comment_of("2").await);
    let mut tx = ann.app.store().begin().await.unwrap();
    sqlx::query("INSERT INTO possible_doubles SELECT seq, '1', $2 FROM imports WHERE id = $1")
        .bind(&import)
        .bind(two)
        .execute(&mut *tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let found = ann.get(&format!("/api/v1/imports/{import}/doubles")).await.body;
    let page = ann.get(&format!("/api/v1/sites/{}/pages", ann.site)).await.body["pages"][0].clone();
    let wanted = json!({ "total": 1, "doubles": [{
        "source_id": "1", "comment": one, "other": two,
        "other_sources": [{ "family": "disqus", "origin": "forum", "source_id": "2" }],
        "page": { "id": page["id"], "title": page["title"], "url": page["url"] },
    }] });
    assert_eq!(found, wanted);
    let lines = ann.report_lines(&import).await;
    let line = lines.iter().find(|line| line["type"] == "possible_double").unwrap();
    assert_eq!((&line["source_id"], &line["other"]), (&json!("1"), &json!(two)));
    assert!(!line.to_string().contains("Page p"), "pages by their ids alone");
}

#[tokio::test]
async fn another_account_gets_none_and_a_viewer_all_of_it() {
    let ann = Server::new().await;
    let import = ann.apply_with(&telling(), &issues()).await;
    let bob = ann.other_account("bob@example.org").await;
    for what in ["report?format=csv", "report?format=ndjson", "doubles", "vanished"] {
        let path = format!("/api/v1/imports/{import}/{what}");
        assert_eq!(bob.get(&path).await.code(), (404, "not_found"), "{what}");
    }
    let (viewer, _) = ann.member("vera@example.org", Role::Viewer).await;
    let program = ann.program(&ann.me().await, &[Scope::Read]).await;
    for reader in [&viewer, &program] {
        assert_eq!(reader.report_lines(&import).await.len(), 5);
    }
    let path = format!("/api/v1/imports/{import}/report");
    assert_eq!(ann.get(&path).await.code(), (400, "query_invalid"));
}
