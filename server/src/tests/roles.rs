//! What each role and each scope may do, on every route.

use super::people::PASSWORD;
use super::*;
use crate::http::dto::{Role, Scope};

/// Who a route is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum For {
    /// Whoever comes, as the link or the password in the body is the proof.
    All,
    /// A person of any role, about themselves.
    Person,
    /// A person of this role or a greater one.
    Members(Role),
    /// A person of this role or a greater one, or a token of theirs with one of the scopes.
    Programs(Role, &'static [Scope]),
}

use For::{All, Members, Person, Programs};

const FOLLOW: For = Programs(Role::Viewer, &[Scope::Read, Scope::Import]);
const READ: For = Programs(Role::Viewer, &[Scope::Read]);
const IMPORT: For = Programs(Role::Admin, &[Scope::Import]);
const MEMBER: For = Members(Role::Viewer);
const ADMIN: For = Members(Role::Admin);
const OWNER: For = Members(Role::Owner);

/// Objects that do not exist, so that nobody takes them away from who comes next.
const ROUTES: [(&str, &str, For); 55] = [
    ("GET", "/setup", All),
    ("POST", "/setup", All),
    ("POST", "/session", All),
    ("POST", "/password-resets", All),
    ("POST", "/password-resets/use", All),
    ("POST", "/invitations/look", All),
    ("POST", "/invitations/accept", All),
    ("GET", "/session", Person),
    ("DELETE", "/session", Person),
    ("GET", "/sessions", Person),
    ("DELETE", "/sessions", Person),
    ("DELETE", "/sessions/999", Person),
    ("PUT", "/password", Person),
    ("GET", "/notice-settings", Person),
    ("PUT", "/notice-settings", Person),
    ("GET", "/sites", FOLLOW),
    ("GET", "/imports", FOLLOW),
    ("GET", "/imports/none", FOLLOW),
    ("GET", "/imports/none/report?format=csv", FOLLOW),
    ("GET", "/imports/none/doubles", FOLLOW),
    ("GET", "/imports/none/vanished", FOLLOW),
    ("GET", "/events", FOLLOW),
    ("GET", "/sites/999/pages", READ),
    ("GET", "/sites/999/pages/1/comments", READ),
    ("POST", "/sites/999/imports", IMPORT),
    ("POST", "/sites/999/imports/stream", IMPORT),
    ("PUT", "/imports/none/chunks/1", IMPORT),
    ("POST", "/imports/none/submit", IMPORT),
    ("DELETE", "/imports/none", IMPORT),
    ("GET", "/imports/none/undo", FOLLOW),
    ("POST", "/imports/none/undo", IMPORT),
    ("DELETE", "/sites/999/jobs/1", IMPORT),
    ("GET", "/admins", MEMBER),
    ("POST", "/sites", ADMIN),
    ("GET", "/tokens", ADMIN),
    ("POST", "/tokens", ADMIN),
    ("DELETE", "/tokens/999", ADMIN),
    ("GET", "/sites/999/page-joins", READ),
    ("POST", "/sites/999/page-joins", ADMIN),
    ("GET", "/sites/999/jobs", FOLLOW),
    ("POST", "/sites/999/jobs/1/undo", ADMIN),
    ("DELETE", "/sites/999", OWNER),
    ("DELETE", "/account", OWNER),
    ("PATCH", "/admins/999", OWNER),
    ("DELETE", "/admins/999", OWNER),
    ("GET", "/invitations", OWNER),
    ("POST", "/invitations", OWNER),
    ("DELETE", "/invitations/999", OWNER),
    ("GET", "/health", OWNER),
    ("POST", "/health/notices/retry", OWNER),
    ("GET", "/audit", OWNER),
    ("GET", "/audit?action=signed_in", OWNER),
    ("GET", "/audit?admin=1", OWNER),
    ("GET", "/audit/export?format=csv", OWNER),
    ("GET", "/audit/export?format=ndjson", OWNER),
];

const ROLES: [Role; 3] = [Role::Viewer, Role::Admin, Role::Owner];
const SCOPES: [&[Scope]; 4] = [
    &[Scope::Read],
    &[Scope::Import],
    &[Scope::Export],
    &[Scope::Read, Scope::Import, Scope::Export],
];

/// Status and code where the gate refuses; none where the request got behind it.
async fn refused(client: &Server, method: &str, path: &str) -> Option<(u16, String)> {
    let request = client
        .request(method, &format!("/api/v1{path}"))
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from("{}"))
        .unwrap();
    // Headers are enough: a live answer has no end.
    let response = client.router.clone().oneshot(request).await.unwrap();
    let status = response.status();
    if status.is_success() {
        return None;
    }
    let bytes = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
    let problem: Value = serde_json::from_slice(&bytes).unwrap();
    let code = problem["code"].as_str().unwrap();
    let gates = ["signed_out", "token_invalid", "person_needed", "role_needed", "scope_needed"];
    gates.contains(&code).then(|| (status.as_u16(), code.to_owned()))
}

fn with(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}

#[tokio::test]
async fn nobody_gets_in_without_a_proof() {
    let server = Server::new().await;
    for (method, path, whom) in ROUTES {
        let expected = (whom != All).then(|| with(401, "signed_out"));
        assert_eq!(refused(&server.nobody(), method, path).await, expected, "{method} {path}");
        let wrong = server.with_token("rehome_wrong");
        let expected = match whom {
            All => None,
            Person | Members(_) => Some(with(403, "person_needed")),
            Programs(..) => Some(with(401, "token_invalid")),
        };
        assert_eq!(refused(&wrong, method, path).await, expected, "{method} {path}");
    }
}

#[tokio::test]
async fn each_role_does_what_it_may_and_no_more() {
    let owner = Server::new().await;
    for role in ROLES {
        let (_, member) = owner.member(&format!("{role:?}@example.org"), role).await;
        for (method, path, whom) in ROUTES {
            let least = match whom {
                All | Person => Role::Viewer,
                Members(least) | Programs(least, _) => least,
            };
            let expected = (role < least).then(|| with(403, "role_needed"));
            // A session for each, since some end it.
            let browser = owner.signed_in(&member).await;
            let came = refused(&browser, method, path).await;
            assert_eq!(came, expected, "{role:?} {method} {path}");
        }
    }
}

#[tokio::test]
async fn each_token_does_what_its_scopes_and_its_makers_role_allow() {
    let owner = Server::new().await;
    for role in ROLES {
        let (_, maker) = owner.member(&format!("{role:?}@example.org"), role).await;
        for scopes in SCOPES {
            let program = owner.program(&maker, scopes).await;
            for (method, path, whom) in ROUTES {
                let expected = match whom {
                    Person | Members(_) => Some(with(403, "person_needed")),
                    Programs(_, needed) if !needed.iter().any(|one| scopes.contains(one)) => {
                        Some(with(403, "scope_needed"))
                    }
                    Programs(least, _) if role < least => Some(with(403, "role_needed")),
                    All | Programs(..) => None,
                };
                let came = refused(&program, method, path).await;
                assert_eq!(came, expected, "{role:?} {scopes:?} {method} {path}");
            }
        }
    }
}

#[tokio::test]
async fn the_session_says_the_role_and_it_holds_from_the_next_request_on() {
    let owner = Server::new().await;
    assert_eq!(owner.get("/api/v1/session").await.body["role"], "owner");
    let (bob, member) = owner.member("bob@example.org", Role::Viewer).await;
    assert_eq!(bob.get("/api/v1/session").await.body["role"], "viewer");
    let site = json!({ "name": "Blog", "url": "https://example.org" });
    assert_eq!(bob.post("/api/v1/sites", &site).await.code(), (403, "role_needed"));
    let path = format!("/api/v1/admins/{}", member.id);
    let promoted = owner.ask("PATCH", &path, &json!({ "role": "admin" })).await;
    assert_eq!((promoted.status.as_u16(), &promoted.body["role"]), (200, &json!("admin")));
    assert_eq!(bob.post("/api/v1/sites", &site).await.status, 201);
    let seen = bob.get("/api/v1/admins").await.body;
    assert_eq!(seen, owner.get("/api/v1/admins").await.body);
    assert_eq!(
        bob.ask("PATCH", &path, &json!({ "role": "owner" })).await.code(),
        (403, "role_needed")
    );
    assert_eq!(bob.get("/api/v1/invitations").await.code(), (403, "role_needed"));
}

#[tokio::test]
async fn a_viewer_sees_every_import_of_the_account() {
    let owner = Server::new().await;
    let import = owner.apply(&Stream::new(vec![page("p"), comment("1", None)])).await;
    let (viewer, _) = owner.member("vera@example.org", Role::Viewer).await;
    assert_eq!(viewer.import(import["id"].as_str().unwrap()).await, import);
    assert_eq!(viewer.get("/api/v1/imports").await.body, json!([import]));
    assert_eq!(viewer.comments().await.len(), 1);
    let new = json!({ "current": PASSWORD, "new": "another horse" });
    assert_eq!(viewer.ask("PUT", "/api/v1/password", &new).await.status, 204, "about themselves");
}
