//! Who did what: noted with what it tells of, read by owners, fetched as a file.

use super::people::PASSWORD;
use super::*;
use crate::http::dto::{AuditAction, Role, Scope};
use crate::store::audit::{Actor, note};

#[tokio::test]
async fn every_act_is_noted_once_by_whom_and_to_what() {
    let ann = Server::new().await;
    let (bob, member) = ann.member("bob@example.org", Role::Admin).await;
    let path = format!("/api/v1/admins/{}", member.id);
    let signed_in = json!({ "email": "bob@example.org", "password": PASSWORD });
    ann.nobody().post("/api/v1/session", &signed_in).await;
    bob.post("/api/v1/sites", &json!({ "name": "Blog", "url": "https://example.org" })).await;
    let import = bob.create(0).await;
    bob.delete(&format!("/api/v1/imports/{import}")).await;
    bob.delete(&format!("/api/v1/imports/{import}")).await;
    let sent = bob.send_stream(&Stream::new(vec![page("p"), comment("1", None)])).await;
    let submit = Stream::new(vec![page("p"), comment("1", None)]).counts();
    assert_eq!(bob.submit(&sent, 1, &submit).await.status, 200, "the same again is fine");
    assert!(bob.work(None).await);
    let undo = bob.post(&format!("/api/v1/imports/{sent}/undo"), &json!({})).await.body;
    let job = undo["undoing"]["job"].to_string();
    let job_path = format!("/api/v1/sites/{}/jobs/{job}", bob.site);
    bob.delete(&job_path).await;
    bob.delete(&job_path).await;
    let new = json!({ "name": "Laptop", "scopes": ["read", "import"] });
    let token = bob.post("/api/v1/tokens", &new).await.body["token"]["id"].as_i64().unwrap();
    bob.delete(&format!("/api/v1/tokens/{token}")).await;
    let invited = ann.post("/api/v1/invitations", &json!({ "role": "viewer" })).await.body;
    ann.delete(&format!("/api/v1/invitations/{}", invited["invitation"]["id"])).await;
    ann.ask("PATCH", &path, &json!({ "role": "viewer" })).await;
    ann.ask("PATCH", &path, &json!({ "role": "viewer" })).await;
    let change = json!({ "current": PASSWORD, "new": "another horse" });
    bob.ask("PUT", "/api/v1/password", &change).await;
    bob.delete("/api/v1/session").await;
    ann.delete(&path).await;

    let expected = [
        "signed_in",
        "site_made",
        "import_started",
        "import_cancelled",
        "import_started",
        "import_submitted",
        "import_undone",
        "job_cancelled",
        "token_made",
        "token_revoked",
        "invitation_made",
        "invitation_revoked",
        "role_changed",
        "password_changed",
        "signed_out",
        "member_removed",
    ];
    assert_eq!(ann.actions().await, expected);
    let log = ann.get("/api/v1/audit?limit=200").await.body["entries"].take();
    let of = |action: &str| {
        log.as_array().unwrap().iter().find(|entry| entry["action"] == action).unwrap().clone()
    };
    let cancelled = of("import_cancelled");
    assert_eq!(
        (&cancelled["admin"], &cancelled["token"]),
        (&json!("bob@example.org"), &Value::Null)
    );
    let site = ann.site.to_string();
    assert_eq!(cancelled["details"], json!({ "import": import, "site": site, "then": "keep" }));
    assert_eq!(of("import_undone")["details"], json!({ "import": sent, "site": site }));
    assert_eq!(of("job_cancelled")["details"], json!({ "job": job, "site": site }));
    assert_eq!(
        of("role_changed")["details"],
        json!({ "member": member.id.to_string(), "email": "bob@example.org", "role": "viewer",
            "role_before": "admin" })
    );
    assert_eq!(
        of("token_made")["details"],
        json!({ "token": token.to_string(), "name": "Laptop", "scopes": "read import" })
    );
}

#[tokio::test]
async fn what_a_token_does_names_it_and_its_maker() {
    let ann = Server::new().await;
    let program = ann.program(&ann.me().await, &[Scope::Import]).await;
    program.create(0).await;
    let stream = Stream::new(vec![page("p"), comment("1", None)]);
    let path = format!("/api/v1/sites/{}/imports/stream", ann.site);
    let request = program.request("POST", &path).body(Body::from(stream.text())).unwrap();
    assert_eq!(program.send(request).await.status, 202);
    assert_eq!(ann.actions().await, ["import_started", "import_started", "import_submitted"]);
    let log = ann.get("/api/v1/audit").await.body;
    for entry in log["entries"].as_array().unwrap() {
        assert_eq!(
            (&entry["admin"], &entry["token"]),
            (&json!("ann@example.org"), &json!("Laptop"))
        );
    }
}

#[tokio::test]
async fn it_is_read_in_parts_and_by_filters() {
    let ann = Server::new().await;
    let (bob, member) = ann.member("bob@example.org", Role::Admin).await;
    for _ in 0..3 {
        ann.create(0).await;
        bob.create(0).await;
    }
    ann.post("/api/v1/tokens", &json!({ "name": "Laptop", "scopes": ["read"] })).await;
    let ids = |list: &Value| -> Vec<i64> {
        let entries = list["entries"].as_array().unwrap();
        entries.iter().map(|entry| entry["id"].as_i64().unwrap()).collect()
    };
    let mut seen = Vec::new();
    let mut query = "?limit=3".to_owned();
    loop {
        let list = ann.get(&format!("/api/v1/audit{query}")).await.body;
        seen.extend(ids(&list));
        let Some(next) = list["next"].as_i64() else { break };
        query = format!("?limit=3&before={next}");
    }
    assert_eq!(seen.len(), 7);
    assert!(seen.is_sorted_by(|newer, older| newer > older), "{seen:?}");
    let asked = async |query: &str| ids(&ann.get(&format!("/api/v1/audit?{query}")).await.body);
    assert_eq!(asked("action=import_started").await.len(), 6);
    assert_eq!(asked(&format!("admin={}", member.id)).await.len(), 3);
    assert_eq!(asked(&format!("admin={}&action=token_made", member.id)).await.len(), 0);
    assert_eq!(ann.get("/api/v1/audit?action=nothing").await.code(), (400, "query_invalid"));
}

async fn exported(client: &Server, query: &str) -> (HeaderMap, String) {
    let path = format!("/api/v1/audit/export?{query}");
    let request = client.request("GET", &path).body(Body::empty()).unwrap();
    let response = client.router.clone().oneshot(request).await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    let (parts, body) = response.into_parts();
    let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
    (parts.headers, String::from_utf8(bytes.to_vec()).unwrap())
}

#[tokio::test]
async fn a_long_log_is_fetched_whole() {
    let ann = Server::new().await;
    let me = ann.me().await;
    let evil = "=cmd|' /C calc'!A0";
    let mut tx = ann.app.store().begin().await.unwrap();
    for n in 0..1_234 {
        let actor = Actor { admin: &me, token: Some(evil) };
        let details = [("import", &*n.to_string())];
        note(&mut tx, actor, AuditAction::ImportStarted, &details, n).await.unwrap();
    }
    tx.commit().await.unwrap();
    let (headers, text) = exported(&ann, "format=csv").await;
    assert_eq!(headers[header::CONTENT_DISPOSITION], "attachment; filename=\"rehome-audit.csv\"");
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    assert_eq!(reader.headers().unwrap(), vec!["id", "at", "admin", "token", "action", "details"]);
    let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 1_235, "the export itself is noted first");
    assert_eq!((&rows[0][4], &rows[0][2]), ("audit_exported", "ann@example.org"));
    assert_eq!(&rows[1][3], format!("'{evil}"), "no spreadsheet runs it");
    assert_eq!((&rows[1][5], &rows[1_234][5]), ("import=1233", "import=0"));

    let (_, text) = exported(&ann, "format=ndjson&action=import_started").await;
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 1_234);
    let list = ann.get("/api/v1/audit?action=import_started&limit=1").await.body;
    assert_eq!(lines[0], list["entries"][0]);
    assert_eq!(lines[0]["token"], evil, "programs get it as it is");
}

#[tokio::test]
async fn an_export_stops_when_the_right_to_it_ends() {
    let ann = Server::new().await;
    let (bob, member) = ann.member("bob@example.org", Role::Owner).await;
    let mut tx = ann.app.store().begin().await.unwrap();
    for n in 0..1_000 {
        let actor = Actor::person(&member);
        note(&mut tx, actor, AuditAction::SignedIn, &[], n).await.unwrap();
    }
    tx.commit().await.unwrap();
    let path = "/api/v1/audit/export?format=ndjson";
    let request = bob.request("GET", path).body(Body::empty()).unwrap();
    let response = bob.router.clone().oneshot(request).await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    let demoted = json!({ "role": "admin" });
    ann.ask("PATCH", &format!("/api/v1/admins/{}", member.id), &demoted).await;
    let body = axum::body::to_bytes(response.into_body(), usize::MAX).await;
    assert!(body.is_err(), "a file that is cut off does not look whole");
}
