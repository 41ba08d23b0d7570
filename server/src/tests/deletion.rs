//! Sites and accounts that are deleted, with all that belongs to them and nothing else.

use super::people::PASSWORD;
use super::*;
use crate::http::dto::{Role, Scope};

/// In whatever is to be gone, and in nothing else.
const MARK: &str = "xylophone";

fn marked() -> Stream {
    let mut place = page("p");
    place["title"] = json!(format!("{MARK} title"));
    place["url"] = json!(format!("https://{MARK}.example.org/p"));
    let said = |id: &str, parent: Option<&str>| {
        let mut said = comment(id, parent);
        said["author"] = json!({ "name": MARK, "email": format!("{MARK}@example.org") });
        said["body"] = json!(format!("{MARK} {id}"));
        said
    };
    let author = json!({ "type": "author", "source_id": MARK, "name": MARK });
    let mut wrong = said("4", None);
    wrong["status"] = json!("unheard of");
    let records =
        vec![place, author, said("1", None), said("2", Some("1")), said("3", Some("9")), wrong];
    Stream::new(records)
}

impl Server {
    /// Another site of the account.
    async fn other_site(&self, name: &str) -> Self {
        let new = json!({ "name": name, "url": format!("https://{MARK}.example.org") });
        let site = self.post("/api/v1/sites", &new).await.body["id"].as_i64().unwrap();
        Self { site, ..self.seen_as_it_is() }
    }

    fn seen_as_it_is(&self) -> Self {
        Self {
            app: self.app.clone(),
            folder: Arc::clone(&self.folder),
            router: self.router.clone(),
            cookie: self.cookie.clone(),
            token: self.token.clone(),
            site: self.site,
        }
    }

    /// Imports twice, so that there is history too.
    async fn fill_with_marks(&self) {
        self.apply(&marked()).await;
        let mut changed = marked();
        changed.records[2]["body"] = json!(format!("{MARK} once more"));
        self.apply(&changed).await;
    }

    async fn delete_site(&self, name: &str) -> Reply {
        let path = format!("/api/v1/sites/{}", self.site);
        self.ask("DELETE", &path, &json!({ "name": name })).await
    }

    async fn delete_account(&self, password: &str) -> Reply {
        self.ask("DELETE", "/api/v1/account", &json!({ "password": password })).await
    }

    /// Works until nothing waits, and empties the log as the sweep does.
    async fn work_all(&self) {
        while self.work(None).await {}
        assert!(self.app.store().empty_log().await.unwrap());
    }

    async fn jobs_of(&self, condition: &'static str) -> i64 {
        let sql = format!("SELECT count(*) FROM jobs WHERE {condition}");
        sqlx::query_scalar(sqlx::AssertSqlSafe(sql))
            .fetch_one(self.app.store().reader())
            .await
            .unwrap()
    }
}

#[tokio::test]
async fn a_site_goes_with_all_that_belongs_to_it() {
    let ann = Server::new().await;
    ann.apply(&Stream::new(vec![page("p"), comment("1", None)])).await;
    let bob = ann.other_account("bob@example.org").await;
    bob.apply(&Stream::new(vec![page("p"), comment("1", None)])).await;
    let mut before = ann.dump().await;
    let doomed = ann.other_site("Old blog").await;
    doomed.fill_with_marks().await;
    let import = doomed.send_stream(&marked()).await;
    let open = doomed.create(0).await;
    let public = json!({ "public_comments": true });
    let path = format!("/api/v1/sites/{}", doomed.site);
    assert_eq!(doomed.ask("PATCH", &path, &public).await.status, 200);
    assert!(!doomed.files_with(MARK).is_empty());

    assert_eq!(doomed.delete_site("Another").await.code(), (409, "name_differs"));
    let stranger = Server { site: doomed.site, ..bob.seen_as_it_is() };
    assert_eq!(stranger.delete_site("Old blog").await.code(), (404, "not_found"));
    assert_eq!(doomed.delete_site(" Old blog ").await.status, 204);

    // At once, before any job ran.
    let sites = ann.get("/api/v1/sites").await.body;
    assert_eq!(sites.as_array().unwrap().len(), 1, "{sites}");
    let imports = ann.get("/api/v1/imports").await.body;
    assert_eq!(imports.as_array().unwrap().len(), 1, "{imports}");
    let site = doomed.site;
    for path in [
        format!("/api/v1/imports/{import}"),
        format!("/api/v1/imports/{import}/report?format=csv"),
        format!("/api/v1/sites/{site}/pages"),
        format!("/api/v1/sites/{site}/page-joins"),
        format!("/api/v1/sites/{site}/jobs"),
        format!("/api/v1/sites/{site}/comments?url=https%3A%2F%2F{MARK}.example.org%2Fp"),
    ] {
        assert_eq!(ann.get(&path).await.code(), (404, "not_found"), "{path}");
        assert!(["not_found", "signed_out"].contains(&ann.nobody().get(&path).await.code().1));
    }
    assert_eq!(doomed.delete_site("Old blog").await.code(), (404, "not_found"));
    assert_eq!(doomed.put(&open, 1, "").await.code(), (404, "not_found"));
    let new = ann.post(&format!("/api/v1/sites/{site}/imports"), &new_import(0)).await;
    assert_eq!(new.code(), (404, "not_found"));

    ann.work_all().await;
    assert_eq!(ann.actions().await.last().unwrap(), "site_deleted");
    assert_eq!(doomed.files_with(MARK), [""; 0], "its address is in no log either");
    assert!(ann.staged().is_empty());
    let mut after = ann.dump().await;
    // What was done stays said.
    before.remove("audit");
    after.remove("audit");
    assert_eq!(after, before);
    assert_eq!(ann.comments().await.len(), 1);
    assert_eq!(ann.jobs_of("state IN ('queued', 'running') AND kind <> 'sweep'").await, 0);
}

#[tokio::test]
async fn an_account_goes_and_leaves_the_others_as_they_were() {
    let ann = Server::new().await;
    ann.fill_with_marks_of_ann().await;
    let before = ann.dump().await;
    let bob = ann.other_account(&format!("{MARK}@example.org")).await;
    bob.fill_with_marks().await;
    bob.other_site("Second").await.fill_with_marks().await;
    let (owner, _) = bob.member(&format!("{MARK}-2@example.org"), Role::Owner).await;
    let program = bob.program(&bob.me().await, &[Scope::Read]).await;
    let invitation = json!({ "role": "viewer", "email": format!("{MARK}-3@example.org") });
    assert_eq!(bob.post("/api/v1/invitations", &invitation).await.status, 201);
    bob.send_stream(&marked()).await;
    assert!(!bob.files_with(MARK).is_empty());

    assert_eq!(owner.delete_account("a wrong one").await.code(), (403, "password_wrong"));
    let (viewer, _) = bob.member(&format!("{MARK}-4@example.org"), Role::Admin).await;
    assert_eq!(viewer.delete_account(PASSWORD).await.code(), (403, "role_needed"));
    assert_eq!(owner.delete_account(PASSWORD).await.status, 204);

    for one in [&bob, &owner, &viewer] {
        assert_eq!(one.get("/api/v1/session").await.code(), (401, "signed_out"));
    }
    assert_eq!(program.get("/api/v1/sites").await.code(), (401, "token_invalid"));
    let again = json!({ "email": format!("{MARK}-2@example.org"), "password": PASSWORD });
    let again = ann.nobody().post("/api/v1/session", &again).await;
    assert_eq!(again.code(), (401, "credentials_wrong"));

    ann.work_all().await;
    assert_eq!(ann.dump().await, before);
    assert_eq!(ann.files_with(MARK), [""; 0]);
    assert!(ann.staged().is_empty());
    let account = ann.me().await.account_id;
    assert_eq!(account, 1);
    assert_eq!(ann.jobs_of("account_id <> 1").await, 0);
    assert_eq!(ann.jobs_of("kind = 'delete' AND state = 'succeeded'").await, 1);
}

impl Server {
    async fn fill_with_marks_of_ann(&self) {
        let stream = Stream::new(vec![page("p"), comment("1", None), comment("2", Some("1"))]);
        self.apply(&stream).await;
    }
}

#[tokio::test]
async fn a_process_that_dies_in_the_middle_goes_on_at_the_next_start() {
    let ann = Server::with_batches_of(1).await;
    let doomed = ann.other_site("Old blog").await;
    doomed.fill_with_marks().await;
    assert_eq!(doomed.delete_site("Old blog").await.status, 204);
    for _ in 0..5 {
        assert!(ann.work(Some(1)).await);
    }
    assert!(!ann.files_with(MARK).is_empty(), "it has not come to its end");
    drop(doomed);
    let ann = ann.restart(2).await;
    assert_eq!(ann.get("/api/v1/sites").await.body.as_array().unwrap().len(), 1);
    ann.work_all().await;
    assert_eq!(ann.files_with(MARK), [""; 0]);
}

#[tokio::test]
async fn a_running_import_stops_and_the_deletion_comes_after_it() {
    let ann = Server::with_batches_of(1).await;
    let doomed = ann.other_site("Old blog").await;
    doomed.send_stream(&marked()).await;
    let claim = ann.claim().await.unwrap();
    assert_eq!(doomed.delete_site("Old blog").await.status, 204);
    assert!(!ann.work(None).await, "the site is being worked on");
    let stop = Stop::AtShutdown(ann.app.shutdown().clone());
    runner::work(&ann.app, claim, stop).await;
    assert!(ann.staged().is_empty());
    ann.work_all().await;
    assert_eq!(ann.files_with(MARK), [""; 0]);
    assert_eq!(ann.jobs_of("site_id IS NOT NULL").await, 0);
}

#[tokio::test]
async fn a_deletion_that_failed_is_tried_again_by_the_sweep() {
    let ann = Server::new().await;
    let doomed = ann.other_site("Old blog").await;
    doomed.fill_with_marks().await;
    assert_eq!(doomed.delete_site("Old blog").await.status, 204);
    let fail = |finished_at: i64| {
        let app = ann.app.clone();
        async move {
            let mut tx = app.store().begin().await.unwrap();
            sqlx::query("UPDATE jobs SET state = 'failed', finished_at = $1 WHERE kind = 'delete'")
                .bind(finished_at)
                .execute(&mut *tx)
                .await
                .unwrap();
            tx.commit().await.unwrap();
        }
    };
    let now = ann.app.clock().now_micros();
    fail(now).await;
    crate::sweep::sweep(&ann.app).await.unwrap();
    assert!(!ann.work(None).await, "it failed just now");
    fail(now - 3_600_000_001).await;
    crate::sweep::sweep(&ann.app).await.unwrap();
    ann.work_all().await;
    assert_eq!(ann.files_with(MARK), [""; 0]);
}
