//! Which pages are one, and that every address given for a page is kept.

use super::*;

fn at(source_id: &str, url: &str) -> Value {
    json!({ "type": "page", "source_id": source_id, "url": url })
}

fn from(origin: &str, records: Vec<Value>) -> Stream {
    let mut stream = Stream::new(records);
    stream.header["origin"] = json!(origin);
    stream
}

impl Server {
    async fn apply_from(&self, stream: &Stream) -> Value {
        let mut new = new_import(stream.comments());
        new["origin"] = stream.header["origin"].clone();
        let path = format!("/api/v1/sites/{}/imports", self.site);
        let id = self.post(&path, &new).await.body["import"]["id"].as_str().unwrap().to_owned();
        assert_eq!(self.put(&id, 1, &stream.text()).await.status, StatusCode::NO_CONTENT);
        assert_eq!(self.submit(&id, 1, &stream.counts()).await.status, StatusCode::OK);
        assert!(self.work(None).await);
        let import = self.import(&id).await;
        assert_eq!(import["state"], "succeeded", "{import}");
        import
    }

    /// For each page the address shown and all that were given for it.
    async fn addresses(&self) -> Vec<(Option<String>, Vec<String>)> {
        let pages = self.get(&format!("/api/v1/sites/{}/pages?limit=200", self.site)).await.body;
        let mut ids: Vec<_> = pages["pages"]
            .as_array()
            .unwrap()
            .iter()
            .map(|page| page["id"].as_i64().unwrap())
            .collect();
        ids.sort_unstable();
        let mut all = Vec::new();
        for id in ids {
            let path = format!("/api/v1/sites/{}/pages/{id}/comments", self.site);
            let shown = self.get(&path).await.body;
            let given = shown["addresses"].as_array().unwrap().iter();
            all.push((
                shown["page"]["url"].as_str().map(str::to_owned),
                given.map(|url| url.as_str().unwrap().to_owned()).collect(),
            ));
        }
        all
    }
}

fn one(url: &str) -> (Option<String>, Vec<String>) {
    (Some(url.to_owned()), vec![url.to_owned()])
}

#[tokio::test]
async fn host_case_default_port_and_fragment_join_and_every_spelling_is_kept() {
    for batch in [1, 1_000] {
        let server = Server::with_batches_of(batch).await;
        let spellings = [
            "https://example.org/a",
            "HTTPS://EXAMPLE.org/a",
            "https://example.org:443/a",
            "https://example.org/a#comments",
        ];
        let pages = spellings.iter().enumerate().map(|(n, url)| at(&n.to_string(), url));
        server.apply(&Stream::new(pages.collect())).await;
        let mut sorted = spellings.map(str::to_owned);
        sorted.sort();
        let expected = (Some(spellings[0].to_owned()), sorted.to_vec());
        assert_eq!(server.addresses().await, [expected], "batches of {batch}");
    }
}

#[tokio::test]
async fn whatever_else_differs_keeps_pages_apart_and_as_given() {
    let server = Server::new().await;
    let others = [
        "https://example.org/a",
        "http://example.org/a",
        "https://www.example.org/a",
        "https://example.org/a/",
        "https://example.org/a?utm_source=x",
        "https://example.org:8443/a",
        "https://żółw.example/%7Eann/ślad",
        "https://żółw.example/~ann/ślad",
    ];
    let pages = others.iter().enumerate().map(|(n, url)| at(&n.to_string(), url));
    server.apply(&Stream::new(pages.collect())).await;
    assert_eq!(server.addresses().await, others.map(one));
}

#[tokio::test]
async fn junk_is_kept_and_joins_nothing() {
    let server = Server::new().await;
    let junk = ["localhost", "localhost", "", "/a", "https:example.org/a"];
    let mut pages = vec![at("real", "https://example.org/a")];
    pages.extend(junk.iter().enumerate().map(|(n, url)| at(&n.to_string(), url)));
    server.apply(&Stream::new(pages)).await;
    let mut expected = vec![one("https://example.org/a")];
    expected.extend(junk.map(one));
    assert_eq!(server.addresses().await, expected);
}

#[tokio::test]
async fn an_address_that_its_source_changes_is_kept_beside_the_new_one() {
    let server = Server::new().await;
    let (old, new) = ("https://example.org/old", "https://example.org/new");
    server.apply(&Stream::new(vec![at("p", old)])).await;
    server.apply(&Stream::new(vec![at("p", new)])).await;
    let both = (Some(new.to_owned()), vec![old.to_owned(), new.to_owned()]);
    assert_eq!(server.addresses().await, std::slice::from_ref(&both));
    // Once is enough, and the first import stays the first.
    server.apply(&Stream::new(vec![at("p", old)])).await;
    server.apply(&Stream::new(vec![at("p", new)])).await;
    assert_eq!(server.addresses().await, [both]);
    let found: Vec<(String, i64)> = sqlx::query_as(
        "SELECT match_url, first_seen_in FROM page_addresses WHERE site_id = $1 AND match_url = $2",
    )
    .bind(server.site)
    .bind(old)
    .fetch_all(server.app.store().reader())
    .await
    .unwrap();
    assert_eq!(found, [(old.to_owned(), 1)]);
}

#[tokio::test]
async fn the_addresses_of_all_sources_of_a_page_are_kept() {
    let server = Server::new().await;
    let (a, b) = ("https://example.org/a", "https://EXAMPLE.org/a#b");
    server.apply(&Stream::new(vec![at("p", a)])).await;
    let joined = server.apply_from(&from("other", vec![at("p", b), at("q", a)])).await;
    let pages = &joined["result"]["pages"];
    assert_eq!((&pages["inserted"], &pages["unchanged"]), (&json!(0), &json!(2)), "none is new");
    let both = (Some(a.to_owned()), vec![a.to_owned(), b.to_owned()]);
    assert_eq!(server.addresses().await, [both]);
    let given: i64 = sqlx::query_scalar("SELECT count(*) FROM page_addresses")
        .fetch_one(server.app.store().reader())
        .await
        .unwrap();
    assert_eq!(given, 3, "one for each source");
}

#[tokio::test]
async fn an_address_taken_by_another_page_is_kept_all_the_same() {
    let server = Server::new().await;
    let (a, b) = ("https://example.org/a", "https://example.org/b");
    server.apply(&Stream::new(vec![at("p", a), at("q", b)])).await;
    server.apply(&Stream::new(vec![at("p", b)])).await;
    let moved = (Some(a.to_owned()), vec![a.to_owned(), b.to_owned()]);
    assert_eq!(server.addresses().await, [moved, one(b)]);
}

#[tokio::test]
async fn addresses_taken_out_on_purpose_are_erased() {
    let server = Server::new().await;
    let (a, b) = ("https://example.org/a", "https://example.org/b");
    server.apply(&Stream::new(vec![at("p", a), at("q", b)])).await;
    let mut redacted = Stream::new(vec![at("p", a)]);
    redacted.header["redacted"] = json!(["page.url"]);
    server.apply(&redacted).await;
    assert_eq!(server.addresses().await, [(None, vec![]), one(b)]);
}
