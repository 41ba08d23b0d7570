//! An invitation makes one member, once and in time.

use std::time::Duration;

use super::*;
use crate::http::dto::Role;

async fn invite(owner: &Server, body: Value) -> (i64, String) {
    let made = owner.post("/api/v1/invitations", &body).await;
    assert_eq!(made.status, 201, "{}", made.body);
    let link = made.body["link"].as_str().unwrap();
    let token = link.strip_prefix("http://127.0.0.1:8787/invite#").unwrap().to_owned();
    (made.body["invitation"]["id"].as_i64().unwrap(), token)
}

async fn accept(server: &Server, token: &str, email: &str) -> Reply {
    let new = json!({ "token": token, "email": email, "password": "correct horse" });
    server.nobody().post("/api/v1/invitations/accept", &new).await
}

async fn look(server: &Server, token: &str) -> Reply {
    server.nobody().post("/api/v1/invitations/look", &json!({ "token": token })).await
}

#[tokio::test]
async fn it_works_once_and_gives_its_role() {
    let ann = Server::new().await;
    let (id, token) = invite(&ann, json!({ "role": "admin" })).await;
    let offer = look(&ann, &token).await.body;
    assert_eq!(
        (&offer["role"], &offer["invited_by"], &offer["email"]),
        (&json!("admin"), &json!("ann@example.org"), &Value::Null)
    );
    let listed = ann.get("/api/v1/invitations").await.body;
    assert_eq!(listed[0]["id"], id);
    assert!(!listed.to_string().contains(&token), "the link is shown once");
    let stored: Vec<u8> = sqlx::query_scalar("SELECT token_hash FROM invitations")
        .fetch_one(ann.app.store().reader())
        .await
        .unwrap();
    assert_eq!(stored, token::hash(&token));

    let accepted = accept(&ann, &token, "bob@example.org").await;
    assert_eq!((accepted.status.as_u16(), &accepted.body["role"]), (200, &json!("admin")));
    assert_eq!(accepted.body["sites"][0]["id"], ann.site, "it is the same account");
    let cookie = accepted.headers[header::SET_COOKIE].to_str().unwrap();
    let mut bob = ann.nobody();
    bob.cookie = cookie.split(['=', ';']).nth(1).unwrap().to_owned();
    assert_eq!(bob.get("/api/v1/session").await.body["admin"]["email"], "bob@example.org");
    assert_eq!(ann.sign_in("bob@example.org", "correct horse").await, 200);

    let again = accept(&ann, &token, "carl@example.org").await;
    assert_eq!(again.code(), (403, "invitation_invalid"));
    assert_eq!(look(&ann, &token).await.code(), (403, "invitation_invalid"));
    assert_eq!(ann.get("/api/v1/invitations").await.body, json!([]));
    assert_eq!(ann.get("/api/v1/admins").await.body.as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn two_who_accept_at_once_do_not_both_get_in() {
    let ann = Server::new().await;
    let (_, token) = invite(&ann, json!({ "role": "viewer" })).await;
    let (one, other) = tokio::join!(
        accept(&ann, &token, "bob@example.org"),
        accept(&ann, &token, "carl@example.org")
    );
    let mut codes = [one.code(), other.code()];
    codes.sort_unstable();
    assert_eq!(codes, [(200, ""), (403, "invitation_invalid")]);
}

#[tokio::test]
async fn it_expires_and_can_be_taken_back() {
    let ann = Server::new().await;
    let (id, revoked) = invite(&ann, json!({ "role": "viewer" })).await;
    let (_, late) = invite(&ann, json!({ "role": "viewer" })).await;
    let path = format!("/api/v1/invitations/{id}");
    assert_eq!(ann.delete(&path).await.status, 204);
    assert_eq!(ann.delete(&path).await.code(), (404, "not_found"));
    let refused = accept(&ann, &revoked, "bob@example.org").await;
    assert_eq!(refused.code(), (403, "invitation_invalid"));

    ann.app.clock().advance(Duration::from_hours(7 * 24 - 1));
    assert_eq!(look(&ann, &late).await.status, 200);
    ann.app.clock().advance(Duration::from_hours(1));
    assert_eq!(look(&ann, &late).await.code(), (403, "invitation_invalid"));
    let refused = accept(&ann, &late, "bob@example.org").await;
    assert_eq!(refused.code(), (403, "invitation_invalid"));
    assert_eq!(ann.get("/api/v1/invitations").await.body, json!([]));
    crate::sweep::sweep(&ann.app).await.unwrap();
    let left: i64 = sqlx::query_scalar("SELECT count(*) FROM invitations")
        .fetch_one(ann.app.store().reader())
        .await
        .unwrap();
    assert_eq!(left, 0);
}

#[tokio::test]
async fn one_for_an_address_is_for_that_address() {
    let ann = Server::new().await;
    let invalid = json!({ "role": "viewer", "email": "nobody" });
    let refused = ann.post("/api/v1/invitations", &invalid).await;
    assert_eq!(refused.code(), (422, "email_invalid"));
    let (_, token) = invite(&ann, json!({ "role": "viewer", "email": "Bob@example.org" })).await;
    assert_eq!(look(&ann, &token).await.body["email"], "Bob@example.org");
    let other = accept(&ann, &token, "carl@example.org").await;
    assert_eq!(other.code(), (422, "invitation_email_differs"));
    assert_eq!(accept(&ann, &token, "bob@example.org").await.status, 200);
}

#[tokio::test]
async fn an_attempt_that_fails_leaves_it_usable() {
    let ann = Server::new().await;
    ann.other_account("otto@example.org").await;
    let (_, token) = invite(&ann, json!({ "role": "viewer" })).await;
    for taken in ["ann@example.org", "OTTO@example.org"] {
        assert_eq!(accept(&ann, &token, taken).await.code(), (409, "email_taken"));
    }
    let short = json!({ "token": token, "email": "bob@example.org", "password": "short" });
    let refused = ann.nobody().post("/api/v1/invitations/accept", &short).await;
    assert_eq!(refused.code(), (422, "password_too_short"));
    assert_eq!(accept(&ann, &token, "bob@example.org").await.status, 200);
}

#[tokio::test]
async fn only_so_many_are_open() {
    let ann = Server::new().await;
    let mut last = 0;
    for _ in 0..50 {
        last = invite(&ann, json!({ "role": "viewer" })).await.0;
    }
    let full = ann.post("/api/v1/invitations", &json!({ "role": "viewer" })).await;
    assert_eq!(full.code(), (409, "invitations_full"));
    invite(&ann.other_account("otto@example.org").await, json!({ "role": "viewer" })).await;
    ann.delete(&format!("/api/v1/invitations/{last}")).await;
    invite(&ann, json!({ "role": "viewer" })).await;
}

#[tokio::test]
async fn only_owners_invite_and_only_to_known_roles() {
    let ann = Server::new().await;
    let (bob, _) = ann.member("bob@example.org", Role::Admin).await;
    let refused = bob.post("/api/v1/invitations", &json!({ "role": "viewer" })).await;
    assert_eq!(refused.code(), (403, "role_needed"));
    let refused = ann.post("/api/v1/invitations", &json!({ "role": "god" })).await;
    assert_eq!(refused.code(), (422, "body_invalid"));
}
