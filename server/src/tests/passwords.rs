//! Passwords are changed by those who have them, and reset by those who have a link.

use std::time::Duration;

use super::people::{PASSWORD, ended, goes_on};
use super::*;
use crate::http::dto::{Role, Scope};
use crate::reset_link;
use crate::store::accounts::{AdminRow, LinkFor};
use crate::store::password_resets::SentBy;

const NEW: &str = "another horse";

async fn link(server: &Server, person: &AdminRow, sent_by: SentBy) -> String {
    let now = server.app.clock().now_micros();
    let mut tx = server.app.store().begin().await.unwrap();
    let token = reset_link::mint(&mut tx, person, sent_by, now).await.unwrap();
    tx.commit().await.unwrap();
    token
}

async fn reset(server: &Server, token: &str, password: &str) -> Reply {
    let new = json!({ "token": token, "password": password });
    server.nobody().post("/api/v1/password-resets/use", &new).await
}

#[tokio::test]
async fn a_change_needs_the_old_one_and_ends_all_other_sessions() {
    let ann = Server::new().await;
    let (bob, member) = ann.member("bob@example.org", Role::Viewer).await;
    let phone = bob.signed_in(&member).await;
    let open = link(&ann, &member, SentBy::Mail).await;
    let change = |current: &str, new: &str| json!({ "current": current, "new": new });
    let wrong = bob.ask("PUT", "/api/v1/password", &change("wrong", NEW)).await;
    assert_eq!(wrong.code(), (403, "password_wrong"));
    let short = bob.ask("PUT", "/api/v1/password", &change(PASSWORD, "short")).await;
    assert_eq!(short.code(), (422, "password_too_short"));
    assert_eq!(phone.get("/api/v1/session").await.status, 200);

    let (live, other) = (bob.follow().await, phone.follow().await);
    bob.waking(bob.ask("PUT", "/api/v1/password", &change(PASSWORD, NEW))).await;
    assert_eq!(phone.get("/api/v1/session").await.code(), (401, "signed_out"));
    ended(other).await;
    assert_eq!(bob.get("/api/v1/session").await.status, 200);
    goes_on(&ann, live).await;
    assert_eq!(ann.get("/api/v1/session").await.status, 200, "it is Bob's alone");
    assert_eq!(ann.sign_in("bob@example.org", PASSWORD).await, 401);
    assert_eq!(ann.sign_in("bob@example.org", NEW).await, 200);
    assert_eq!(reset(&ann, &open, "a third horse").await.code(), (403, "reset_link_invalid"));
}

#[tokio::test]
async fn a_link_works_once_and_ends_every_session() {
    let ann = Server::new().await;
    let (bob, member) = ann.member("bob@example.org", Role::Admin).await;
    let program = bob.program(&member, &[Scope::Read]).await;
    let token = link(&ann, &member, SentBy::Operator).await;
    let other = link(&ann, &member, SentBy::Mail).await;
    assert_eq!(reset(&ann, &token, "short").await.code(), (422, "password_too_short"));
    assert_eq!(reset(&ann, "wrong", NEW).await.code(), (403, "reset_link_invalid"));
    let live = bob.follow().await;
    ann.waking(reset(&ann, &token, NEW)).await;
    assert_eq!(bob.get("/api/v1/session").await.code(), (401, "signed_out"));
    ended(live).await;
    assert_eq!(program.get("/api/v1/sites").await.status, 200, "tokens stay");
    for used in [token, other] {
        let again = reset(&ann, &used, "a third horse").await;
        assert_eq!(again.code(), (403, "reset_link_invalid"));
    }
    assert_eq!(ann.sign_in("bob@example.org", NEW).await, 200);
    let log = ann.get(&format!("/api/v1/audit?admin={}", member.id)).await.body;
    assert_eq!(log["entries"][1]["action"], "password_reset", "{log}");
}

#[tokio::test]
async fn links_expire() {
    let ann = Server::new().await;
    let me = ann.me().await;
    for (sent_by, lifetime) in
        [(SentBy::Operator, Duration::from_mins(15)), (SentBy::Mail, Duration::from_hours(1))]
    {
        let token = link(&ann, &me, sent_by).await;
        ann.app.clock().advance(lifetime);
        assert_eq!(reset(&ann, &token, NEW).await.code(), (403, "reset_link_invalid"));
    }
    crate::sweep::sweep(&ann.app).await.unwrap();
    let left: i64 = sqlx::query_scalar("SELECT count(*) FROM password_resets")
        .fetch_one(ann.app.store().reader())
        .await
        .unwrap();
    assert_eq!(left, 0);
}

#[tokio::test]
async fn asking_says_the_same_of_every_address() {
    let ann = Server::new().await;
    for email in ["ann@example.org", "nobody@example.org", "no address", ""] {
        let reply = ann.nobody().post("/api/v1/password-resets", &json!({ "email": email })).await;
        assert_eq!((reply.status.as_u16(), reply.body), (202, Value::Null), "{email}");
    }
}

#[tokio::test]
async fn a_further_account_is_made_beside_the_first() {
    let ann = Server::new().await;
    let (app, now) = (&ann.app, ann.app.clock().now_micros());
    let mint = |for_| crate::setup_link::mint(app.store(), app.public_url(), for_, now);
    let first = mint(LinkFor::First).await.unwrap();
    let further = mint(LinkFor::Further).await.unwrap();
    let another = mint(LinkFor::Further).await.unwrap();
    let new = |link: &str, email: &str| {
        json!({ "token": link.split_once('#').unwrap().1, "email": email, "password": PASSWORD,
            "site": { "name": "Blog", "url": "https://otto.example.org" } })
    };
    let nobody = ann.nobody();
    let refused = nobody.post("/api/v1/setup", &new(&first, "otto@example.org")).await;
    assert_eq!(refused.code(), (409, "already_set_up"), "it was for the first account");
    let refused = nobody.post("/api/v1/setup", &new(&further, "ann@example.org")).await;
    assert_eq!(refused.code(), (409, "email_taken"));
    let made = nobody.post("/api/v1/setup", &new(&further, "otto@example.org")).await;
    assert_eq!((made.status.as_u16(), &made.body["role"]), (200, &json!("owner")));
    assert_eq!(made.body["sites"].as_array().unwrap().len(), 1, "Ann's are not theirs");
    let again = nobody.post("/api/v1/setup", &new(&further, "olga@example.org")).await;
    assert_eq!(again.code(), (409, "already_set_up"));
    let second = nobody.post("/api/v1/setup", &new(&another, "olga@example.org")).await;
    assert_eq!(second.status, 200, "links take nothing from each other");
    assert_eq!(ann.get("/api/v1/admins").await.body.as_array().unwrap().len(), 1);
    let late = mint(LinkFor::Further).await.unwrap();
    ann.app.clock().advance(Duration::from_mins(15));
    let refused = nobody.post("/api/v1/setup", &new(&late, "late@example.org")).await;
    assert_eq!(refused.code(), (409, "already_set_up"));
}
