//! Sessions are listed and ended, one by one and all at once.

use super::people::{PASSWORD, ended, goes_on};
use super::*;
use crate::http::dto::{Role, Scope};

async fn listed(client: &Server) -> Vec<Value> {
    client.get("/api/v1/sessions").await.body.as_array().unwrap().clone()
}

async fn this(client: &Server) -> i64 {
    let sessions = listed(client).await;
    let this: Vec<_> = sessions.iter().filter(|session| session["is_this"] == true).collect();
    assert_eq!(this.len(), 1, "{sessions:?}");
    this[0]["id"].as_i64().unwrap()
}

#[tokio::test]
async fn a_person_sees_their_own_and_ends_one() {
    let ann = Server::new().await;
    let phone = ann.signed_in(&ann.me().await).await;
    let (bob, _) = ann.member("bob@example.org", Role::Owner).await;
    assert_eq!(listed(&ann).await.len(), 2);
    assert_eq!(listed(&bob).await.len(), 1);
    let text = ann.get("/api/v1/sessions").await.body.to_string();
    assert!(!text.contains(&ann.cookie) && !text.contains(&phone.cookie));

    let of_phone = this(&phone).await;
    let path = format!("/api/v1/sessions/{of_phone}");
    assert_eq!(bob.delete(&path).await.code(), (404, "not_found"), "not theirs");
    let (live, other) = (phone.follow().await, ann.follow().await);
    ann.waking(ann.delete(&path)).await;
    assert_eq!(phone.get("/api/v1/session").await.code(), (401, "signed_out"));
    ended(live).await;
    goes_on(&ann, other).await;
    assert_eq!(ann.delete(&path).await.code(), (404, "not_found"));
    assert_eq!(listed(&ann).await.len(), 1);
}

#[tokio::test]
async fn signing_out_ends_what_is_live() {
    let ann = Server::new().await;
    let live = ann.follow().await;
    ann.waking(ann.delete("/api/v1/session")).await;
    ended(live).await;
}

#[tokio::test]
async fn signing_out_everywhere_ends_all_of_ones_own() {
    let ann = Server::new().await;
    let me = ann.me().await;
    let phone = ann.signed_in(&me).await;
    let program = ann.program(&me, &[Scope::Read]).await;
    let (bob, _) = ann.member("bob@example.org", Role::Viewer).await;
    let live = [ann.follow().await, phone.follow().await];
    let reply = phone.waking(phone.delete("/api/v1/sessions")).await;
    assert_eq!(reply.status, 204);
    let cookie = reply.headers[header::SET_COOKIE].to_str().unwrap();
    assert!(cookie.starts_with("rehome=; ") && cookie.contains("Max-Age=0"), "{cookie}");
    for client in [&ann, &phone] {
        assert_eq!(client.get("/api/v1/session").await.code(), (401, "signed_out"));
    }
    for events in live {
        ended(events).await;
    }
    assert_eq!(bob.get("/api/v1/session").await.status, 200);
    assert_eq!(program.get("/api/v1/sites").await.status, 200, "tokens are revoked one by one");
}

#[tokio::test]
async fn it_says_the_browser_in_words_of_ours() {
    let ann = Server::new().await;
    ann.member("bob@example.org", Role::Viewer).await;
    let new = json!({ "email": "bob@example.org", "password": PASSWORD });
    let request = ann
        .nobody()
        .request("POST", "/api/v1/session")
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::USER_AGENT, "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0 <b>");
    let reply = ann.send(request.body(Body::from(new.to_string())).unwrap()).await;
    let mut bob = ann.nobody();
    let cookie = reply.headers[header::SET_COOKIE].to_str().unwrap();
    bob.cookie = cookie.split(['=', ';']).nth(1).unwrap().to_owned();
    let sessions = listed(&bob).await;
    let this = sessions.iter().find(|session| session["is_this"] == true).unwrap();
    assert_eq!(this["browser"], "Firefox, Linux");
}

#[tokio::test]
async fn an_id_never_comes_back() {
    let ann = Server::new().await;
    let me = ann.me().await;
    let phone = ann.signed_in(&me).await;
    let first = this(&phone).await;
    phone.delete("/api/v1/session").await;
    let next = this(&ann.signed_in(&me).await).await;
    assert!(next > first, "{next} {first}");
    let new = json!({ "name": "Laptop", "scopes": ["read"] });
    let made = async || ann.post("/api/v1/tokens", &new).await.body["token"]["id"].as_i64();
    let first = made().await.unwrap();
    ann.delete(&format!("/api/v1/tokens/{first}")).await;
    assert!(made().await.unwrap() > first);
}
