//! Members come and go, and an account always has an owner.

use super::people::{PASSWORD, ended, goes_on};
use super::*;
use crate::http::dto::{Role, Scope};

fn path(id: i64) -> String {
    format!("/api/v1/admins/{id}")
}

fn role(word: &str) -> Value {
    json!({ "role": word })
}

#[tokio::test]
async fn the_last_owner_stays_one() {
    let ann = Server::new().await;
    let me = ann.me().await;
    ann.member("vera@example.org", Role::Admin).await;
    // An owner of another account is none of this one.
    ann.other_account("otto@example.org").await;
    for refused in [
        ann.ask("PATCH", &path(me.id), &role("admin")).await,
        ann.ask("PATCH", &path(me.id), &role("viewer")).await,
        ann.delete(&path(me.id)).await,
    ] {
        assert_eq!(refused.code(), (409, "last_owner"));
    }
    assert_eq!(ann.actions().await, Vec::<String>::new(), "nothing is noted of what failed");
    assert_eq!(ann.ask("PATCH", &path(me.id), &role("owner")).await.status, 200, "as it was");

    let (bob, second) = ann.member("bob@example.org", Role::Owner).await;
    assert_eq!(ann.ask("PATCH", &path(me.id), &role("viewer")).await.status, 200);
    assert_eq!(bob.delete(&path(second.id)).await.code(), (409, "last_owner"));
    assert_eq!(bob.ask("PATCH", &path(me.id), &role("owner")).await.status, 200);
    assert_eq!(bob.delete(&path(second.id)).await.status, 204, "owners may leave");
    assert_eq!(bob.get("/api/v1/session").await.code(), (401, "signed_out"));
}

#[tokio::test]
async fn two_owners_cannot_take_the_role_from_each_other_at_once() {
    let ann = Server::new().await;
    let me = ann.me().await;
    let (bob, second) = ann.member("bob@example.org", Role::Owner).await;
    let (theirs, mine) = (path(second.id), path(me.id));
    let (one, other) = tokio::join!(ann.delete(&theirs), bob.delete(&mine));
    let mut codes = [one.code(), other.code()];
    codes.sort_unstable();
    // Whoever comes second is removed already, or the last one.
    let late = [(401, "signed_out"), (409, "last_owner"), (404, "not_found")];
    assert!(codes[0] == (204, "") && late.contains(&codes[1]), "{codes:?}");
    let owners: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM admins WHERE role = 'owner' AND removed_at IS NULL",
    )
    .fetch_one(ann.app.store().reader())
    .await
    .unwrap();
    assert_eq!(owners, 1);
}

#[tokio::test]
async fn whoever_is_removed_is_out_at_once() {
    let ann = Server::new().await;
    let (bob, member) = ann.member("bob@example.org", Role::Owner).await;
    let elsewhere = bob.signed_in(&member).await;
    let program = bob.program(&member, &[Scope::Read, Scope::Import]).await;
    let invited = bob.post("/api/v1/invitations", &role("owner")).await;
    let import = program.send_stream(&Stream::new(vec![page("p"), comment("1", None)])).await;
    let live = [bob.follow().await, elsewhere.follow().await, program.follow().await];
    let anns = ann.follow().await;

    ann.waking(ann.delete(&path(member.id))).await;
    for client in [&bob, &elsewhere] {
        assert_eq!(client.get("/api/v1/sites").await.code(), (401, "signed_out"));
    }
    assert_eq!(program.get("/api/v1/sites").await.code(), (401, "token_invalid"));
    for events in live {
        ended(events).await;
    }
    goes_on(&ann, anns).await;
    assert_eq!(ann.sign_in("bob@example.org", PASSWORD).await, 401);
    let token = invited.body["link"].as_str().unwrap().split_once('#').unwrap().1;
    let look = ann.nobody().post("/api/v1/invitations/look", &json!({ "token": token })).await;
    assert_eq!(look.code(), (403, "invitation_invalid"), "no way back in");
    assert_eq!(ann.delete(&path(member.id)).await.code(), (404, "not_found"));

    // What they did keeps their name, and their address is free.
    assert_eq!(ann.import(&import).await["started_by"], "bob@example.org");
    let log = ann.get(&format!("/api/v1/audit?admin={}", member.id)).await.body;
    assert_eq!(log["entries"][0]["admin"], "bob@example.org");
    let members = ann.get("/api/v1/admins").await.body;
    assert_eq!(members.as_array().unwrap().len(), 1);
    ann.member("bob@example.org", Role::Viewer).await;
    assert_eq!(ann.sign_in("bob@example.org", PASSWORD).await, 200);
    assert_eq!(ann.sign_in(&format!("removed-{}", member.id), PASSWORD).await, 401);
}

#[tokio::test]
async fn a_token_follows_its_makers_role() {
    let ann = Server::new().await;
    let (bob, member) = ann.member("bob@example.org", Role::Admin).await;
    let program = bob.program(&member, &[Scope::Read, Scope::Import]).await;
    let create = format!("/api/v1/sites/{}/imports", ann.site);
    assert_eq!(program.post(&create, &new_import(0)).await.status, 201);
    ann.waking(ann.ask("PATCH", &path(member.id), &role("viewer"))).await;
    assert_eq!(program.post(&create, &new_import(0)).await.code(), (403, "role_needed"));
    assert_eq!(program.get("/api/v1/imports").await.status, 200);
    ann.ask("PATCH", &path(member.id), &role("admin")).await;
    assert_eq!(program.post(&create, &new_import(0)).await.status, 201);
}

#[tokio::test]
async fn an_owner_who_is_one_no_more_takes_their_invitations_along() {
    let ann = Server::new().await;
    let (bob, member) = ann.member("bob@example.org", Role::Owner).await;
    bob.post("/api/v1/invitations", &role("owner")).await;
    ann.post("/api/v1/invitations", &role("viewer")).await;
    ann.ask("PATCH", &path(member.id), &role("admin")).await;
    let open = ann.get("/api/v1/invitations").await.body;
    assert_eq!(open.as_array().unwrap().len(), 1);
    assert_eq!(open[0]["invited_by"], "ann@example.org");
}

#[tokio::test]
async fn nothing_of_another_account_can_be_seen_or_changed() {
    let ann = Server::new().await;
    let (_, member) = ann.member("bob@example.org", Role::Viewer).await;
    let invitation = ann.post("/api/v1/invitations", &role("viewer")).await.body;
    let invitation = invitation["invitation"]["id"].as_i64().unwrap();
    let otto = ann.other_account("otto@example.org").await;
    for refused in [
        otto.ask("PATCH", &path(member.id), &role("owner")).await,
        otto.delete(&path(member.id)).await,
        otto.delete(&format!("/api/v1/invitations/{invitation}")).await,
    ] {
        assert_eq!(refused.code(), (404, "not_found"));
    }
    let members = otto.get("/api/v1/admins").await.body;
    assert_eq!(members.as_array().unwrap().len(), 1);
    assert_eq!(members[0]["email"], "otto@example.org");
    assert_eq!(otto.get("/api/v1/invitations").await.body, json!([]));
    assert_eq!(otto.actions().await, Vec::<String>::new());
    let filtered = otto.get(&format!("/api/v1/audit?admin={}", ann.me().await.id)).await;
    assert_eq!(filtered.body["entries"], json!([]));
    assert_eq!(ann.get("/api/v1/admins").await.body.as_array().unwrap().len(), 2);
    assert_eq!(ann.actions().await, ["invitation_made"]);
}

#[tokio::test]
async fn admins_have_their_own_tokens_and_owners_everybodys() {
    let ann = Server::new().await;
    let (bob, _) = ann.member("bob@example.org", Role::Admin).await;
    let new = json!({ "name": "Laptop", "scopes": ["read"] });
    let anns = ann.post("/api/v1/tokens", &new).await.body["token"]["id"].as_i64().unwrap();
    let bobs = bob.post("/api/v1/tokens", &new).await.body["token"]["id"].as_i64().unwrap();
    assert_eq!(bob.get("/api/v1/tokens").await.body.as_array().unwrap().len(), 1);
    assert_eq!(bob.delete(&format!("/api/v1/tokens/{anns}")).await.code(), (404, "not_found"));
    assert_eq!(ann.get("/api/v1/tokens").await.body.as_array().unwrap().len(), 2);
    ann.waking(ann.delete(&format!("/api/v1/tokens/{bobs}"))).await;
    assert_eq!(bob.get("/api/v1/tokens").await.body, json!([]));
}
