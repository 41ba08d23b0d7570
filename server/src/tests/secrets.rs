//! Passwords, tokens, links and session ids are in no log and no file.

use super::access::Captured;
use super::people::PASSWORD;
use super::*;
use crate::http::dto::Role;
use crate::reset_link;
use crate::store::password_resets::SentBy;

/// Does everything that handles a secret, and gives the secrets.
async fn use_secrets(server: &Server) -> Vec<String> {
    let mut secrets = vec![server.cookie.clone(), PASSWORD.to_owned()];
    let (bob, member) = server.member("bob@example.org", Role::Owner).await;
    secrets.push(bob.cookie.clone());

    let new = json!({ "name": "Laptop", "scopes": ["read", "import"] });
    let made = server.post("/api/v1/tokens", &new).await;
    let token = made.body["secret"].as_str().unwrap().to_owned();
    server.with_token(&token).create(0).await;
    server.with_token(&token).get("/api/v1/session").await;
    server.with_token("rehome_wrong-token-secret").get("/api/v1/sites").await;
    secrets.extend([token, "rehome_wrong-token-secret".to_owned()]);

    let invited = server.post("/api/v1/invitations", &json!({ "role": "viewer" })).await;
    let link = invited.body["link"].as_str().unwrap();
    let token = link.split_once('#').unwrap().1.to_owned();
    let nobody = server.nobody();
    nobody.post("/api/v1/invitations/look", &json!({ "token": token })).await;
    for password in ["invited password", "invited password again"] {
        let accept = json!({ "token": token, "email": "carl@example.org", "password": password });
        let accepted = nobody.post("/api/v1/invitations/accept", &accept).await;
        if let Some(cookie) = accepted.headers.get(header::SET_COOKIE) {
            secrets.push(cookie.to_str().unwrap().split(['=', ';']).nth(1).unwrap().to_owned());
        }
        secrets.push(password.to_owned());
    }
    secrets.push(token);

    for (current, new) in [("wrong password", "never taken"), (PASSWORD, "changed password")] {
        let change = json!({ "current": current, "new": new });
        bob.ask("PUT", "/api/v1/password", &change).await;
        secrets.extend([current.to_owned(), new.to_owned()]);
    }
    for password in ["guessed password", "changed password"] {
        server.sign_in("bob@example.org", password).await;
        secrets.push(password.to_owned());
    }

    let now = server.app.clock().now_micros();
    let mut tx = server.app.store().begin().await.unwrap();
    let token = reset_link::mint(&mut tx, &member, SentBy::Operator, now).await.unwrap();
    let unused = reset_link::mint(&mut tx, &member, SentBy::Mail, now).await.unwrap();
    tx.commit().await.unwrap();
    nobody.post("/api/v1/password-resets", &json!({ "email": "bob@example.org" })).await;
    for password in ["reset password", "reset password again"] {
        let reset = json!({ "token": token, "password": password });
        nobody.post("/api/v1/password-resets/use", &reset).await;
        secrets.push(password.to_owned());
    }
    secrets.extend([token, unused]);
    assert_eq!(server.sign_in("bob@example.org", "reset password").await, 200);
    assert_eq!(secrets.len(), 19);
    secrets
}

/// One thread, so that the capturing subscriber sees every task.
#[test]
fn they_are_in_no_log_and_no_file() {
    let captured = Captured::default();
    let subscriber = tracing_subscriber::fmt()
        .with_writer(captured.clone())
        .with_max_level(tracing::Level::TRACE)
        .finish();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    // With a single subscriber alive, the library asks the thread that logs first,
    // which may be another test's, whether anybody listens at all.
    let _second = tracing::Dispatch::new(tracing::subscriber::NoSubscriber::default());
    let _guard = tracing::subscriber::set_default(subscriber);
    let (secrets, server) = runtime.block_on(async {
        let server = Server::new().await;
        (use_secrets(&server).await, server)
    });
    let log = captured.text();
    assert!(log.contains("/api/v1/invitations/accept"), "it was captured: {log}");
    for secret in &secrets {
        assert!(!log.contains(secret), "{secret} is in the log");
    }
    for address in ["ann@example.org", "bob@example.org", "carl@example.org"] {
        let line = log.lines().find(|line| line.contains(address));
        assert_eq!(line, None);
    }

    let mut files = vec![server.folder.path().to_owned()];
    let mut read = Vec::new();
    while let Some(path) = files.pop() {
        if path.is_dir() {
            files.extend(std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        } else {
            read.push((path.clone(), std::fs::read(&path).unwrap()));
        }
    }
    let holds = |bytes: &[u8], word: &[u8]| bytes.windows(word.len()).any(|part| part == word);
    let stored = |word: &[u8]| read.iter().find(|(_, bytes)| holds(bytes, word));
    assert!(stored(b"carl@example.org").is_some(), "the database and its log were read");
    assert!(stored(&token::hash(&server.cookie)).is_some(), "a hash is there");
    for secret in &secrets {
        let found = stored(secret.as_bytes()).map(|(path, _)| path.clone());
        assert_eq!(found, None, "{secret}");
    }
}
