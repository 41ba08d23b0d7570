//! What makes a notice, whom it goes to, and what becomes of one that cannot be
//! sent. Mails and webhooks that arrive: `tests/process/notices.rs`.

use std::time::Duration;

use sqlx::Row;

use super::*;
use crate::http::dto::{JobKind, Role};
use crate::jobs::endings;
use crate::jobs::why::Why;
use crate::notify::send_due;
use crate::store::notices::{self, Counts, FailedJob, Kind};
use crate::store::outbox;
use crate::sweep::sweep;

/// Mail goes to a place where nobody listens, and so does the webhook.
async fn server() -> Server {
    Server::with(nobody_listens).await
}

fn nobody_listens(config: &mut Config) {
    // What was bound once and is let go.
    let bound = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = bound.local_addr().unwrap().port();
    config.mail.smtp_url = Some(format!("smtp://127.0.0.1:{port}"));
    config.mail.mail_from = Some("rehome@example.org".to_owned());
    config.notices.notify_email =
        vec!["op@example.org".to_owned(), "deputy@example.org".to_owned()];
    config.notices.webhook_url = Some(format!("http://127.0.0.1:{port}/"));
    config.notices.webhook_secret = Some("whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD".to_owned());
    config.notices.webhook_allow_private = true;
}

impl Server {
    async fn choose(&self, import_ended: &str) {
        let path = "/api/v1/notice-settings";
        let set = self.ask("PUT", path, &json!({ "import_ended": import_ended })).await;
        assert_eq!((set.status.as_u16(), &set.body["import_ended"]), (200, &json!(import_ended)));
        assert_eq!(self.get(path).await.body, set.body);
    }

    /// Event, kind and whom it goes to, of each notice.
    async fn outbox(&self) -> Vec<String> {
        let rows = sqlx::query(
            "SELECT n.event || ' ' || n.kind || ' ' || coalesce(a.email, n.operator, '-') AS it
            FROM notices n LEFT JOIN admins a ON a.id = n.admin_id ORDER BY n.id",
        )
        .fetch_all(self.app.store().reader())
        .await
        .unwrap();
        rows.iter().map(|row| row.get("it")).collect()
    }

    async fn fail_import(&self) -> String {
        let id = self.send_stream(&short()).await;
        self.app.spool().clear(&id).await.unwrap();
        self.work(None).await;
        assert_eq!(self.import(&id).await["state"], "failed");
        id
    }

    async fn notice_health(&self) -> Value {
        let mut health = self.get("/api/v1/health").await;
        assert_eq!(health.status, 200, "{}", health.body);
        health.body["notices"].take()
    }

    async fn try_all(&self) {
        for kind in [Kind::Email, Kind::Webhook] {
            send_due(&self.app, kind).await.unwrap();
        }
    }
}

fn short() -> Stream {
    Stream::new(vec![page("p"), comment("1", None)])
}

fn numbers(health: &Value) -> [u64; 3] {
    ["waiting", "failing", "given_up"].map(|name| health[name].as_u64().unwrap())
}

#[tokio::test]
async fn members_choose_for_themselves_what_they_are_told() {
    let server = server().await;
    let path = "/api/v1/notice-settings";
    let never = json!({ "import_ended": "never", "mail": true });
    assert_eq!(server.get(path).await.body, never, "until somebody asks for it");
    let (bob, _) = server.member("bob@example.org", Role::Viewer).await;
    server.choose("all").await;
    bob.choose("mine").await;
    assert_eq!(server.get(path).await.body["import_ended"], "all");
    for wrong in [json!({}), json!({ "import_ended": "some" })] {
        assert_eq!(server.ask("PUT", path, &wrong).await.code(), (422, "body_invalid"));
    }
    let silent = Server::new().await;
    assert_eq!(silent.get(path).await.body["mail"], false);
}

#[tokio::test]
async fn an_end_is_told_to_those_who_asked_and_a_failure_to_operators_too() {
    let server = server().await;
    let (bob, _) = server.member("bob@example.org", Role::Admin).await;
    let (_, quiet) = server.member("quiet@example.org", Role::Admin).await;
    let stranger = server.other_account("stranger@example.org").await;
    stranger.choose("all").await;
    server.choose("all").await;
    bob.choose("mine").await;

    server.apply(&short()).await;
    assert_eq!(server.outbox().await, ["import.ended email ann@example.org"]);
    bob.apply(&short()).await;
    let ended = ["import.ended email ann@example.org", "import.ended email bob@example.org"];
    assert_eq!(server.outbox().await[1..], ended);
    bob.fail_import().await;
    let outbox = server.outbox().await;
    assert_eq!(outbox.len(), 8);
    assert_eq!(outbox.iter().filter(|it| it.starts_with("import.failed email")).count(), 2);
    assert_eq!(outbox[5], "import.failed webhook -");
    assert_eq!(outbox[6..], ended);
    // By digests: no address of an operator is stored.
    assert!(!outbox.iter().any(|it| it.contains("op@") || it.contains("deputy@")));
    assert!(!outbox.iter().any(|it| it.contains(&quiet.email) || it.contains("stranger")));
}

#[tokio::test]
async fn whoever_stops_an_import_knows_and_one_that_nobody_stopped_is_told() {
    let server = server().await;
    server.choose("all").await;
    let import = server.create(1).await;
    server.delete(&format!("/api/v1/imports/{import}")).await;
    assert!(server.outbox().await.is_empty());
    server.create(1).await;
    server.app.clock().advance(Duration::from_hours(25));
    sweep(&server.app).await.unwrap();
    assert_eq!(server.outbox().await, ["import.ended email ann@example.org"]);
}

#[tokio::test]
async fn an_end_is_told_once_however_often_it_is_reached() {
    let server = server().await;
    server.choose("mine").await;
    let id = server.fail_import().await;
    assert_eq!(server.outbox().await.len(), 4);
    let seq = "SELECT seq FROM imports WHERE id = $1";
    let seq = sqlx::query_scalar(seq).bind(id).fetch_one(server.app.store().reader()).await;
    let seq: i64 = seq.unwrap();
    endings::finish(&server.app, seq).await.unwrap();
    let mut tx = server.app.store().begin().await.unwrap();
    let audience = server.app.notifier().audience();
    assert!(!notices::import_ended(&mut tx, seq, audience, 0).await.unwrap());
    drop(tx);
    assert_eq!(server.outbox().await.len(), 4);
}

#[tokio::test]
async fn nothing_is_made_where_nothing_is_set_up() {
    let server = Server::new().await;
    server.choose("all").await;
    server.fail_import().await;
    assert!(server.outbox().await.is_empty());
    let health = server.get("/api/v1/health").await.body;
    let notices = json!({ "waiting": 0, "failing": 0, "given_up": 0, "oldest_waiting_at": null,
        "last_error_code": null });
    let nothing = json!({ "notices": notices, "mail": false, "operators_mailed": false,
        "webhook": false });
    assert_eq!(health, nothing);
}

#[tokio::test]
async fn an_owner_sees_what_is_not_sent_of_their_account_alone() {
    let server = server().await;
    let other = server.other_account("stranger@example.org").await;
    let failed = server.fail_import().await;
    let health = server.get("/api/v1/health").await.body;
    assert_eq!(numbers(&health["notices"]), [3, 0, 0]);
    let failed = server.import(&failed).await;
    assert_eq!(health["notices"]["oldest_waiting_at"], failed["finished_at"], "{health}");
    assert_eq!(["mail", "operators_mailed", "webhook"].map(|name| health[name] == true), [true; 3]);
    server.try_all().await;
    let health = server.notice_health().await;
    assert_eq!(numbers(&health), [0, 3, 0]);
    assert_eq!(health["last_error_code"], "webhook_unreachable");
    let others = other.notice_health().await;
    assert_eq!((numbers(&others), &others["last_error_code"]), ([0; 3], &Value::Null));
    assert_eq!(other.post("/api/v1/health/notices/retry", &json!({})).await.status, 200);
    let all = notices::counts(server.app.store()).await.unwrap();
    let Counts { oldest: Some(_), failing: 3, waiting: 0, given_up: 0 } = all else {
        panic!("{all:?}")
    };
}

#[tokio::test]
async fn what_cannot_be_sent_for_three_days_is_given_up_until_an_owner_tries_again() {
    let server = server().await;
    server.fail_import().await;
    let mut tries = 0;
    loop {
        server.try_all().await;
        tries += 1;
        let health = server.notice_health().await;
        if numbers(&health) == [0, 0, 3] {
            assert_eq!(health["oldest_waiting_at"], Value::Null);
            break;
        }
        assert_eq!(numbers(&health)[0], 0, "{health}");
        assert!(tries < 100, "never given up");
        // Before it is due nothing is tried.
        let before = attempts(&server).await;
        server.try_all().await;
        assert_eq!(attempts(&server).await, before);
        server.app.clock().advance(Duration::from_hours(8));
    }
    assert!(tries > 5, "given up after {tries} tries");
    server.app.clock().advance(Duration::from_hours(48));
    let before = attempts(&server).await;
    server.try_all().await;
    assert_eq!(attempts(&server).await, before, "it is not tried again by itself");

    let retried = server.post("/api/v1/health/notices/retry", &json!({})).await;
    assert_eq!(numbers(&retried.body["notices"]), [0, 3, 0]);
    server.try_all().await;
    assert_eq!(attempts(&server).await, [1, 1, 1], "as if it were new");
    assert_eq!(numbers(&server.notice_health().await), [0, 3, 0]);
    let log = server.get("/api/v1/audit?action=notices_retried").await.body;
    assert_eq!(log["entries"][0]["details"], json!({ "notices": "3" }));
    assert_eq!(log["entries"].as_array().unwrap().len(), 1);
}

async fn attempts(server: &Server) -> Vec<i64> {
    let attempts = "SELECT attempts FROM notices ORDER BY id";
    sqlx::query_scalar(attempts).fetch_all(server.app.store().reader()).await.unwrap()
}

#[tokio::test]
async fn a_claim_is_for_one_alone_and_ends() {
    let server = server().await;
    server.fail_import().await;
    let store = server.app.store();
    let now = server.app.clock().now_micros();
    let claim = |now: i64| outbox::claim(store, Kind::Webhook, now, now + 60);
    let first = claim(now).await.unwrap().unwrap();
    assert!(claim(now + 59).await.unwrap().is_none());
    assert!(outbox::claim(store, Kind::Email, now, now + 60).await.unwrap().is_some());
    let second = claim(now + 60).await.unwrap().unwrap();
    assert_eq!((second.id, &second.message_id), (first.id, &first.message_id));
    assert!(outbox::sent(store, &first, now).await.is_err(), "it was taken over");
    assert!(outbox::failed(store, &first, "late", now, None).await.is_err());
    outbox::sent(store, &second, now).await.unwrap();
    assert!(outbox::failed(store, &second, "late", now, None).await.is_err(), "it is sent");
    assert!(claim(now + 1000).await.unwrap().is_none());

    // The next process waits for no claim of the one before.
    outbox::claim(store, Kind::Email, now, i64::MAX).await.unwrap().unwrap();
    let server = server.restart(1_000).await;
    let open = "SELECT count(*) FROM notices WHERE lease_until IS NOT NULL";
    let open: i64 = sqlx::query_scalar(open).fetch_one(server.app.store().reader()).await.unwrap();
    assert_eq!(open, 0);
}

#[tokio::test]
async fn whoever_wants_it_no_more_gets_nothing_and_settings_that_went_show() {
    let server = server().await;
    let (bob, _) = server.member("bob@example.org", Role::Admin).await;
    bob.choose("all").await;
    server.choose("all").await;
    server.fail_import().await;
    assert_eq!(server.outbox().await.len(), 5);
    bob.choose("never").await;
    drop(bob);
    server.try_all().await;
    assert_eq!(server.outbox().await.len(), 4, "withdrawn");
    assert_eq!(numbers(&server.notice_health().await), [0, 4, 0]);
    // Restarted without any of the settings.
    let server = server.restart(1_000).await;
    server.app.clock().advance(Duration::from_hours(1));
    server.try_all().await;
    let health = server.notice_health().await;
    assert_eq!(
        (numbers(&health), &health["last_error_code"]),
        ([0, 4, 0], &json!("webhook_not_set_up"))
    );
}

#[tokio::test]
async fn a_job_of_any_kind_can_tell_operators_that_it_failed() {
    let server = server().await;
    server.choose("all").await;
    let me = server.me().await;
    let job = FailedJob {
        account_id: Some(me.account_id),
        site_id: Some(server.site),
        job: 7,
        kind: JobKind::Undo,
        code: "store_failed",
    };
    let audience = server.app.notifier().audience();
    let now = server.app.clock().now_micros();
    for told in [true, false] {
        let mut tx = server.app.store().begin().await.unwrap();
        assert_eq!(notices::job_failed(&mut tx, &job, audience, now).await.unwrap(), told);
        tx.commit().await.unwrap();
    }
    let outbox = server.outbox().await;
    assert_eq!(outbox.len(), 3);
    assert!(outbox.iter().all(|it| it.starts_with("job.failed")), "{outbox:?}");
    server.try_all().await;
    assert_eq!(numbers(&server.notice_health().await), [0, 3, 0]);
}

#[tokio::test]
async fn a_job_that_fails_tells_operators_in_the_same_transaction() {
    let server = server().await;
    server.choose("all").await;
    let me = server.me().await;
    let job: i64 = sqlx::query_scalar(
        "INSERT INTO jobs (kind, account_id, site_id, state, lease_until, cursor, created_at)
        VALUES ('undo', $1, $2, 'running', 1, '{}', 0), ('sweep', NULL, NULL, 'running', 1, '{}', 0)
        RETURNING id",
    )
    .bind(me.account_id)
    .bind(server.site)
    .fetch_one(&mut *server.app.store().begin_raw().await)
    .await
    .unwrap();
    let error = Why::InterruptedTwice.into();
    for job in [job, job + 1, job] {
        endings::fail_abandoned(&server.app, job, i64::MAX, &error).await.unwrap();
    }
    assert_eq!(server.outbox().await.len(), 6, "each once");
    // What is of the whole server is no account's.
    assert_eq!(numbers(&server.notice_health().await), [3, 0, 0]);
    assert_eq!(notices::counts(server.app.store()).await.unwrap().waiting, 6);
    server.try_all().await;
    assert_eq!(notices::counts(server.app.store()).await.unwrap().failing, 6);
}

#[tokio::test]
async fn what_is_about_a_deleted_site_goes_with_it() {
    let server = server().await;
    let other = server.other_account("stranger@example.org").await;
    server.fail_import().await;
    other.fail_import().await;
    assert_eq!(server.outbox().await.len(), 6);
    let path = format!("/api/v1/sites/{}", server.site);
    let deleted = server.ask("DELETE", &path, &json!({ "name": "Site" })).await;
    assert!(deleted.status.is_success(), "{}", deleted.body);
    while server.work(None).await {}
    assert_eq!(numbers(&server.notice_health().await), [0; 3]);
    assert_eq!(numbers(&other.notice_health().await), [3, 0, 0]);
}

#[tokio::test]
async fn what_is_settled_is_forgotten_after_a_month() {
    let server = server().await;
    server.fail_import().await;
    let now = server.app.clock().now_micros();
    let sent = outbox::claim(server.app.store(), Kind::Webhook, now, now + 60).await;
    outbox::sent(server.app.store(), &sent.unwrap().unwrap(), now).await.unwrap();
    server.app.clock().advance(Duration::from_hours(29 * 24));
    sweep(&server.app).await.unwrap();
    assert_eq!(server.outbox().await.len(), 3);
    server.app.clock().advance(Duration::from_hours(24));
    sweep(&server.app).await.unwrap();
    assert_eq!(server.outbox().await.len(), 2, "what is not sent stays");
}
