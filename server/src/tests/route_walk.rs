//! Every route of the document, as nobody, as a viewer, as an admin, as the
//! owner of another account, and as a program whose token lacks the scope.
//!
//! [`EXPECTED`] says what each gets. A route without a row fails the test, and
//! so does a row without a route. Whatever is refused, and whatever another
//! account gets, holds nothing of what stands in this account.

use std::collections::BTreeMap;

use axum::http::Method;
use futures_util::StreamExt;

use super::documented::operations;
use super::*;
use crate::http::dto::{Role, Scope};
use crate::store::accounts::AdminRow;

/// In all that the account holds, and in nothing else.
const MARK: &str = "zebra";

/// Status and code; a success has no code.
type Got = (u16, &'static str);

const OK: Got = (200, "");
const CREATED: Got = (201, "");
const ACCEPTED: Got = (202, "");
const GONE: Got = (204, "");
const NO_ONE: Got = (401, "signed_out");
const PERSON: Got = (403, "person_needed");
const ROLE: Got = (403, "role_needed");
const SCOPE: Got = (403, "scope_needed");
const ABSENT: Got = (404, "not_found");

/// Who asks, in the order of the table's columns.
const ASKERS: [&str; 5] = ["nobody", "stranger", "program", "viewer", "admin"];

#[rustfmt::skip]
const EXPECTED: &[(&str, [Got; 5])] = &[
    //                    nobody    another's  program  viewer    admin
    ("healthz",           [OK,      OK,        OK,      OK,       OK]),
    ("readyz",            [OK,      OK,        OK,      OK,       OK]),
    ("showDocument",      [OK,      OK,        OK,      OK,       OK]),
    ("showSetup",         [OK,      OK,        OK,      OK,       OK]),
    ("setUp",             [(409, "already_set_up"); 5]),
    ("signIn",            [(401, "credentials_wrong"); 5]),
    ("askForPassword",    [ACCEPTED; 5]),
    ("resetPassword",     [(403, "reset_link_invalid"); 5]),
    ("lookAtInvitation",  [(403, "invitation_invalid"); 5]),
    ("acceptInvitation",  [(403, "invitation_invalid"); 5]),

    ("showSession",       [NO_ONE,  OK,        PERSON,  OK,       OK]),
    ("signOut",           [NO_ONE,  GONE,      PERSON,  GONE,     GONE]),
    ("listSessions",      [NO_ONE,  OK,        PERSON,  OK,       OK]),
    ("endSession",        [NO_ONE,  ABSENT,    PERSON,  ABSENT,   ABSENT]),
    ("endSessions",       [NO_ONE,  GONE,      PERSON,  GONE,     GONE]),
    ("changePassword",    [NO_ONE,  (403, "password_wrong"), PERSON, (403, "password_wrong"), (403, "password_wrong")]),

    ("showNoticeSettings", [NO_ONE, OK,        PERSON,  OK,       OK]),
    ("setNoticeSettings", [NO_ONE,  OK,        PERSON,  OK,       OK]),
    ("showHealth",        [NO_ONE,  OK,        PERSON,  ROLE,     ROLE]),
    ("retryNotices",      [NO_ONE,  OK,        PERSON,  ROLE,     ROLE]),

    ("listMembers",       [NO_ONE,  OK,        PERSON,  OK,       OK]),
    ("setRole",           [NO_ONE,  ABSENT,    PERSON,  ROLE,     ROLE]),
    ("removeMember",      [NO_ONE,  ABSENT,    PERSON,  ROLE,     ROLE]),
    ("listInvitations",   [NO_ONE,  OK,        PERSON,  ROLE,     ROLE]),
    ("invite",            [NO_ONE,  CREATED,   PERSON,  ROLE,     ROLE]),
    ("revokeInvitation",  [NO_ONE,  ABSENT,    PERSON,  ROLE,     ROLE]),
    ("listAudit",         [NO_ONE,  OK,        PERSON,  ROLE,     ROLE]),
    ("exportAudit",       [NO_ONE,  OK,        PERSON,  ROLE,     ROLE]),

    ("listTokens",        [NO_ONE,  OK,        PERSON,  ROLE,     OK]),
    ("createToken",       [NO_ONE,  CREATED,   PERSON,  ROLE,     CREATED]),
    // An admin's are their own alone.
    ("revokeToken",       [NO_ONE,  ABSENT,    PERSON,  ROLE,     ABSENT]),

    ("listSites",         [NO_ONE,  OK,        SCOPE,   OK,       OK]),
    ("createSite",        [NO_ONE,  CREATED,   PERSON,  ROLE,     CREATED]),
    // What nobody may is not looked at: the name and the password are wrong.
    ("deleteSite",        [NO_ONE,  ABSENT,    PERSON,  ROLE,     ROLE]),
    ("deleteAccount",     [NO_ONE,  (403, "password_wrong"), PERSON, ROLE, ROLE]),
    ("listPageJoins",     [NO_ONE,  ABSENT,    SCOPE,   OK,       OK]),
    ("joinPages",         [NO_ONE,  ABSENT,    PERSON,  ROLE,     (409, "nothing_to_join")]),
    ("listJobs",          [NO_ONE,  ABSENT,    SCOPE,   OK,       OK]),
    ("undoJob",           [NO_ONE,  ABSENT,    PERSON,  ROLE,     ABSENT]),
    ("changeSite",        [NO_ONE,  ABSENT,    PERSON,  ROLE,     ROLE]),
    // As long as its owner has not made it public.
    ("readComments",      [ABSENT,  ABSENT,    SCOPE,   OK,       OK]),
    ("askToReadComments", [ABSENT,  ABSENT,    SCOPE,   GONE,     GONE]),
    ("listPages",         [NO_ONE,  ABSENT,    SCOPE,   OK,       OK]),
    ("listComments",      [NO_ONE,  ABSENT,    SCOPE,   OK,       OK]),

    ("createImport",      [NO_ONE,  ABSENT,    SCOPE,   ROLE,     CREATED]),
    ("streamImport",      [NO_ONE,  ABSENT,    SCOPE,   ROLE,     ACCEPTED]),
    ("listImports",       [NO_ONE,  OK,        SCOPE,   OK,       OK]),
    ("showImport",        [NO_ONE,  ABSENT,    SCOPE,   OK,       OK]),
    ("putChunk",          [NO_ONE,  ABSENT,    SCOPE,   ROLE,     GONE]),
    ("submitImport",      [NO_ONE,  ABSENT,    SCOPE,   ROLE,     OK]),
    ("cancelImport",      [NO_ONE,  ABSENT,    SCOPE,   ROLE,     OK]),
    ("downloadReport",    [NO_ONE,  ABSENT,    SCOPE,   OK,       OK]),
    ("listDoubles",       [NO_ONE,  ABSENT,    SCOPE,   OK,       OK]),
    ("listVanished",      [NO_ONE,  ABSENT,    SCOPE,   OK,       OK]),
    ("planUndo",          [NO_ONE,  ABSENT,    SCOPE,   OK,       OK]),
    ("undoImport",        [NO_ONE,  ABSENT,    SCOPE,   ROLE,     ACCEPTED]),
    ("cancelJob",         [NO_ONE,  ABSENT,    SCOPE,   ROLE,     (409, "not_waiting")]),
    ("followImports",     [NO_ONE,  OK,        SCOPE,   OK,       OK]),
];

/// Not by its id in the path alone.
fn body_of(operation: &str, seeds: &Seeds) -> Sent {
    let token = "no such token";
    Sent::Json(match operation {
        "setUp" => json!({
            "token": token, "email": "eve@example.org", "password": "long enough",
            "site": { "name": "Site", "url": "https://example.org" },
        }),
        "signIn" => json!({ "email": "ann@example.org", "password": "a wrong one" }),
        "askForPassword" => json!({ "email": "ann@example.org" }),
        "resetPassword" => json!({ "token": token, "password": "long enough" }),
        "lookAtInvitation" => json!({ "token": token }),
        "acceptInvitation" => {
            json!({ "token": token, "email": "eve@example.org", "password": "long enough" })
        }
        "changePassword" => json!({ "current": "a wrong one", "new": "long enough" }),
        "setNoticeSettings" => json!({ "import_ended": "all" }),
        "setRole" | "invite" => json!({ "role": "owner" }),
        "createToken" => json!({ "name": "Token", "scopes": ["read"] }),
        "createSite" => json!({ "name": "Site", "url": "https://example.org" }),
        "changeSite" => json!({ "public_comments": true }),
        "deleteSite" => json!({ "name": "a wrong one" }),
        "deleteAccount" => json!({ "password": "a wrong one" }),
        "joinPages" => json!({ "keys": ["example.org/none"] }),
        "undoJob" | "undoImport" => json!({}),
        "createImport" => new_import(0),
        "submitImport" => json!({ "chunks": 1, "counts": seeds.stream.counts() }),
        "putChunk" => return Sent::Chunk(seeds.stream.text()),
        "streamImport" => return Sent::Lines(seeds.stream.text()),
        _ => return Sent::Nothing,
    })
}

enum Sent {
    Nothing,
    Json(Value),
    Lines(String),
    Chunk(String),
}

/// An account in which there is something of everything.
struct Seeds {
    owner: Server,
    ann: AdminRow,
    /// What its open import is sent.
    stream: Stream,
    /// What stands in the place of a path's variable, by the part before it.
    ids: BTreeMap<&'static str, String>,
    /// An import that is through.
    applied: String,
}

impl Seeds {
    async fn new() -> Self {
        let owner = Server::new().await;
        let ann = owner.me().await;
        let name = format!("{MARK} site");
        let site = json!({ "name": name, "url": format!("https://{MARK}.example.org") });
        let site = owner.post("/api/v1/sites", &site).await.body["id"].as_i64().unwrap();
        let owner = Server { site, ..owner };
        let mut said = comment(&format!("{MARK}-1"), None);
        said["author"] = json!({ "name": MARK, "email": format!("{MARK}@example.org") });
        let mut place = page("p");
        place["url"] = json!(format!("https://{MARK}.example.org/p"));
        let applied = owner.apply(&Stream::new(vec![place, said])).await;
        let job: i64 = sqlx::query_scalar("SELECT max(id) FROM jobs WHERE site_id IS NOT NULL")
            .fetch_one(owner.app.store().reader())
            .await
            .unwrap();
        let stream = Stream::new(vec![]);
        let open = owner.create(0).await;
        assert_eq!(owner.put(&open, 1, &stream.text()).await.status, 204);
        let (_, member) = owner.member(&format!("{MARK}@example.org"), Role::Viewer).await;
        let token = json!({ "name": format!("{MARK} token"), "scopes": ["read"] });
        let token = owner.post("/api/v1/tokens", &token).await.body["token"]["id"].to_string();
        let invitation = json!({ "role": "viewer", "email": format!("{MARK}-2@example.org") });
        let made = owner.post("/api/v1/invitations", &invitation).await;
        let invitation = made.body["invitation"]["id"].to_string();
        let sessions = owner.get("/api/v1/sessions").await;
        let session = sessions.body[0]["id"].to_string();
        let pages = owner.get(&format!("/api/v1/sites/{site}/pages")).await;
        let ids = [
            ("sites", site.to_string()),
            ("pages", pages.body["pages"][0]["id"].to_string()),
            ("imports", open),
            ("chunks", "1".to_owned()),
            ("tokens", token),
            ("admins", member.id.to_string()),
            ("invitations", invitation),
            ("sessions", session),
            ("jobs", job.to_string()),
        ];
        let applied = applied["id"].as_str().unwrap().to_owned();
        Self { owner, ann, stream, ids: ids.into(), applied }
    }

    fn path(&self, template: &str) -> String {
        let mut before = "";
        let parts = template.split('/').map(|part| {
            let named = part.starts_with('{');
            let id = named.then(|| {
                let id = self.ids.get(before);
                id.unwrap_or_else(|| panic!("nothing was made for {template}")).as_str()
            });
            before = part;
            id.unwrap_or(part)
        });
        let path = parts.collect::<Vec<_>>().join("/");
        match template {
            "/api/v1/audit/export" | "/api/v1/imports/{id}/report" => {
                format!("{path}?format=ndjson")
            }
            "/api/v1/imports/{id}/undo" => format!("/api/v1/imports/{}/undo", self.applied),
            "/api/v1/sites/{site}/comments" => {
                format!("{path}?url=https%3A%2F%2F{MARK}.example.org%2Fp")
            }
            _ => path,
        }
    }

    /// Each time anew: some of what they ask for ends their session.
    async fn asker(&self, who: &str) -> Server {
        static PEOPLE: AtomicU64 = AtomicU64::new(0);
        let email = format!("p{}@example.org", PEOPLE.fetch_add(1, Ordering::Relaxed));
        match who {
            "nobody" => self.owner.nobody(),
            "stranger" => self.owner.other_account(&email).await,
            "program" => self.owner.program(&self.ann, &[Scope::Export]).await,
            "viewer" => self.owner.member(&email, Role::Viewer).await.0,
            "admin" => self.owner.member(&email, Role::Admin).await.0,
            _ => unreachable!("{who}"),
        }
    }
}

async fn ask(server: &Server, method: &str, path: &str, sent: Sent) -> (Reply, String) {
    let request = server.request(&method.to_uppercase(), path);
    let request = match sent {
        Sent::Nothing => request.body(Body::empty()),
        Sent::Json(json) => {
            let request = request.header(header::CONTENT_TYPE, "application/json");
            request.body(Body::from(json.to_string()))
        }
        Sent::Lines(lines) => request.body(Body::from(lines)),
        Sent::Chunk(lines) => request
            .header(header::CONTENT_ENCODING, "gzip")
            .header("unencoded-digest", digest(lines.as_bytes()))
            .body(Body::from(gzip(lines.as_bytes()))),
    };
    let response = server.router.clone().oneshot(request.unwrap()).await.unwrap();
    let (parts, body) = response.into_parts();
    let kind = parts.headers.get(header::CONTENT_TYPE).map(|kind| kind.to_str().unwrap());
    let bytes = if kind == Some("text/event-stream") {
        // It does not end by itself; its first event has all that there is.
        body.into_data_stream().next().await.unwrap().unwrap()
    } else {
        axum::body::to_bytes(body, usize::MAX).await.unwrap()
    };
    let reply = Reply {
        status: parts.status,
        headers: parts.headers,
        body: serde_json::from_slice(&bytes).unwrap_or(Value::Null),
    };
    let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
    documented::check(&method, path.split('?').next().unwrap(), &reply);
    (reply, String::from_utf8(bytes.to_vec()).unwrap())
}

#[test]
fn every_route_has_a_row_and_every_row_a_route() {
    let mut routes: Vec<_> =
        operations().map(|(_, _, operation)| operation["operationId"].as_str().unwrap()).collect();
    let mut rows: Vec<_> = EXPECTED.iter().map(|(id, _)| *id).collect();
    routes.sort_unstable();
    rows.sort_unstable();
    assert_eq!(routes, rows);
}

#[tokio::test]
async fn whoever_may_not_gets_nothing() {
    let mut asked = 0;
    for (method, template, operation) in operations() {
        let id = operation["operationId"].as_str().unwrap();
        let Some((_, expected)) = EXPECTED.iter().find(|(row, _)| *row == id) else {
            panic!("{id} has no row in the table");
        };
        let seeds = Seeds::new().await;
        let path = seeds.path(template);
        for (who, wanted) in ASKERS.into_iter().zip(expected) {
            let server = seeds.asker(who).await;
            let (reply, text) = ask(&server, method, &path, body_of(id, &seeds)).await;
            assert_eq!(reply.code(), *wanted, "{who}: {method} {path}: {text}");
            let outside = !["viewer", "admin"].contains(&who) || wanted.0 >= 400;
            let shown = text.contains(MARK) || text.contains("ann@example.org");
            assert!(!(outside && shown), "{who}: {method} {path}: {text}");
            asked += 1;
        }
        // What was refused did nothing either: the owner finds all of it.
        let (reply, _) =
            ask(&seeds.owner, "get", &seeds.path("/api/v1/admins"), Sent::Nothing).await;
        assert!(reply.body.to_string().contains(MARK), "{id}: {}", reply.body);
    }
    assert_eq!(asked, operations().count() * ASKERS.len());
}

/// The walk is no proof where what it looks for would not show.
#[tokio::test]
async fn the_owner_sees_the_marks() {
    let seeds = Seeds::new().await;
    let mut seen = Vec::new();
    for (method, template, operation) in operations().filter(|(method, ..)| *method == "get") {
        let path = seeds.path(template);
        let (reply, text) = ask(&seeds.owner, method, &path, Sent::Nothing).await;
        assert_eq!(reply.status, 200, "{path}: {text}");
        if text.contains(MARK) || text.contains("ann@example.org") {
            seen.push(operation["operationId"].as_str().unwrap());
        }
    }
    seen.sort_unstable();
    let wanted = [
        "downloadReport",
        "exportAudit",
        "followImports",
        "listAudit",
        "listComments",
        "listImports",
        "listInvitations",
        "listMembers",
        "listPages",
        "listSites",
        "listTokens",
        "planUndo",
        "readComments",
        "showImport",
        "showSession",
    ];
    assert_eq!(seen, wanted);
}
