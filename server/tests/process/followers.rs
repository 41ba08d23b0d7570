//! Two admins of one account follow an import at the same time, and somebody of
//! another account sees nothing of it.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::client::{Client, came_of, done};
use crate::operator::{program, token};
use crate::process::{Server, Settings, wait_for};
use crate::stream::Discussion;

#[test]
fn both_admins_see_the_same_and_another_account_sees_nothing() {
    let folder = TempDir::new().unwrap();
    let settings = Settings { batch_records: 200, ..Settings::default() };
    let server = Server::set_up(folder.path(), settings);
    let (ben, otto) = (second_admin(&server), other_account(&server, folder.path()));
    let [of_ann, of_ben, of_otto] = [&server, &ben, &otto].map(Follower::begin);

    let discussion = Discussion { comments: 20_000, pages: 200 };
    let import = server.send(discussion, &discussion.pieces(4_000));
    for follower in [&of_ann, &of_ben] {
        wait_for("a look at it at work", || {
            let seen = follower.seen(&import);
            seen.values().any(|now| now["state"] == "running" && done(now) > 0).then_some(())
        });
    }
    let (ann, ben_saw) = (of_ann.until_over(&import), of_ben.until_over(&import));
    let both: Vec<_> = ann.keys().filter(|version| ben_saw.contains_key(version)).collect();
    for version in &both {
        assert_eq!(ann[version], ben_saw[version], "version {version}");
    }
    let (last, at_last) = ann.last_key_value().unwrap();
    assert_eq!(both.last(), Some(&last), "the end is told to both");
    assert_eq!(came_of(at_last), [20_000, 0, 0, 0]);
    assert_eq!(server.import(&import), ben.import(&import));

    assert_eq!(otto.get(&format!("/api/v1/imports/{import}")).code(), (404, "not_found"));
    assert_eq!(otto.get("/api/v1/imports").body, json!([]));
    // Its stream is alive, and tells of its own import alone.
    let own = otto.create(discussion);
    wait_for("its own import", || (!of_otto.seen(&own).is_empty()).then_some(()));
    let all = of_otto.events.lock().unwrap();
    let (name, snapshot) = &all[0];
    assert_eq!((name.as_str(), snapshot), ("snapshot", &json!([])));
    assert!(all[1..].iter().all(|(_, told)| told["id"] == *own), "{all:?}");
    assert!(of_ann.seen(&own).is_empty());
}

/// What came of a live stream so far.
struct Follower {
    events: Arc<Mutex<Vec<(String, Value)>>>,
}

impl Follower {
    /// Gives it as soon as it has its snapshot.
    fn begin(client: &Client) -> Self {
        let mut stream = client.connect();
        let (base, cookie) = (client.base().trim_start_matches("http://"), client.cookie());
        let ask =
            format!("GET /api/v1/events HTTP/1.1\r\nhost: {base}\r\ncookie: {cookie}\r\n\r\n");
        stream.write_all(ask.as_bytes()).unwrap();
        let events = Arc::new(Mutex::new(Vec::new()));
        let told = Arc::clone(&events);
        std::thread::spawn(move || {
            let mut name = String::new();
            for line in BufReader::new(stream).lines().map_while(Result::ok) {
                if let Some(event) = line.strip_prefix("event:") {
                    event.trim().clone_into(&mut name);
                } else if let Some(data) = line.strip_prefix("data:") {
                    let data = serde_json::from_str(data.trim()).unwrap();
                    told.lock().unwrap().push((name.clone(), data));
                }
            }
        });
        let follower = Self { events };
        wait_for("a snapshot", || (!follower.events.lock().unwrap().is_empty()).then_some(()));
        follower
    }

    /// What was told of an import, by its version.
    fn seen(&self, import: &str) -> BTreeMap<i64, Value> {
        let events = self.events.lock().unwrap();
        let of_it = events.iter().filter(|(name, told)| name == "import" && told["id"] == import);
        of_it.map(|(_, told)| (told["version"].as_i64().unwrap(), told.clone())).collect()
    }

    fn until_over(&self, import: &str) -> BTreeMap<i64, Value> {
        wait_for("the end of it", || {
            let seen = self.seen(import);
            let over = seen.values().any(|told| told["state"] == "succeeded");
            over.then_some(seen)
        })
    }
}

fn second_admin(server: &Server) -> Client {
    let invited = server.post("/api/v1/invitations", &json!({ "role": "admin" }));
    let (_, token) = invited.body["link"].as_str().unwrap().split_once('#').unwrap();
    let accept =
        json!({ "token": token, "email": "ben@example.org", "password": "a long password" });
    let accepted = server.post("/api/v1/invitations/accept", &accept);
    assert_eq!(accepted.status, 200, "{}", accepted.body);
    server.signed_in_by(&accepted)
}

fn other_account(server: &Server, data: &std::path::Path) -> Client {
    let token = token(&program(data, &["new-account"]), "setup");
    let new = json!({
        "token": token, "email": "otto@example.org", "password": "a long password",
        "site": { "name": "Site", "url": "https://otto.example.org" },
    });
    let made = server.post("/api/v1/setup", &new);
    assert_eq!(made.status, 200, "{}", made.body);
    let mut otto = server.signed_in_by(&made);
    otto.site = made.body["sites"][0]["id"].as_i64().unwrap();
    otto
}
