//! Links for new passwords, mailed through a real mail server.

use serde_json::json;
use tempfile::TempDir;

use crate::mail_server::{MailServer, pem};
use crate::process::{Server, Settings};

fn by_mail(url: String) -> Settings {
    let environment = vec![
        ("REHOME_SMTP_URL", url),
        ("REHOME_MAIL_FROM", "Rehome <rehome@example.org>".to_owned()),
    ];
    Settings { environment, ..Settings::default() }
}

fn ask(server: &Server, email: &str) {
    let reply = server.post("/api/v1/password-resets", &json!({ "email": email }));
    assert_eq!(reply.status, 202, "{}", reply.body);
}

fn token_in(mail: &str) -> &str {
    let link = mail.lines().find(|line| line.contains("/reset#")).expect("a link on its own line");
    link.split_once("/reset#").unwrap().1.trim()
}

#[test]
fn a_link_is_mailed_and_lets_its_owner_in_again() {
    let folder = TempDir::new().unwrap();
    let Some(mails) = MailServer::start(folder.path(), &[]) else { return };
    let url = format!("smtp://127.0.0.1:{}", mails.port);
    let server = Server::set_up(&folder.path().join("data"), by_mail(url));
    assert_eq!(server.get("/api/v1/setup").body["mail"], true);
    ask(&server, "nobody@example.org");
    ask(&server, " Ann@example.org ");
    let mail = mails.wait_mails(1).remove(0);
    let (head, body) = mail.split_once("\n\n").unwrap();
    assert!(head.contains("From: Rehome <rehome@example.org>"), "{head}");
    assert!(head.contains("To: ann@example.org"), "as it was signed up: {head}");
    assert!(head.contains("Subject: A new password for Rehome"), "{head}");
    let link = body.lines().find(|line| line.contains("/reset#")).unwrap();
    let token = token_in(&mail);
    assert_eq!(link.trim(), format!("{}/reset#{token}", server.base()));

    let reset = json!({ "token": token, "password": "another long password" });
    assert_eq!(server.post("/api/v1/password-resets/use", &reset).status, 204);
    assert_eq!(server.get("/api/v1/session").code(), (401, "signed_out"));
    let sign_in = json!({ "email": "ann@example.org", "password": "another long password" });
    assert_eq!(server.post("/api/v1/session", &sign_in).status, 200);
    let again = server.post("/api/v1/password-resets/use", &reset);
    assert_eq!(again.code(), (403, "reset_link_invalid"));

    // Three within an hour, and the rest is not sent. The server stops only
    // after all that was asked for is done.
    let mut server = server;
    for _ in 0..6 {
        ask(&server, "ann@example.org");
    }
    assert_eq!(server.stop().code(), Some(0));
    let mails = mails.mails();
    assert_eq!(mails.len(), 1 + 3);
    assert!(mails.iter().all(|mail| mail.contains("To: ann@example.org")));
    for mail in &mails {
        assert_eq!(server.logged(token_in(mail)), 0);
    }
    assert_eq!(server.logged("example.org"), 0);
}

#[test]
fn it_goes_to_the_server_that_is_meant_or_nowhere() {
    let folder = TempDir::new().unwrap();
    let (certificate, key) = (pem("localhost.pem"), pem("localhost-key.pem"));
    let tls = ["--tlscert", &certificate, "--tlskey", &key];
    let Some(mails) = MailServer::start(folder.path(), &tls) else { return };
    let mut settings = by_mail(format!("smtp://localhost:{}?tls=required", mails.port));
    settings.environment.push(("SSL_CERT_FILE", pem("stranger.pem")));
    let mut server = Server::set_up(&folder.path().join("stranger"), settings.clone());
    ask(&server, "ann@example.org");
    server.wait_logged("a link for a new password could not be sent", 1);
    assert_eq!(server.stop().code(), Some(0));
    assert_eq!(mails.mails().len(), 0);
    assert_eq!(server.logged("example.org"), 0);

    settings.environment.pop();
    settings.environment.push(("SSL_CERT_FILE", certificate.clone()));
    let server = Server::set_up(&folder.path().join("known"), settings);
    ask(&server, "ann@example.org");
    assert_eq!(mails.wait_mails(1).len(), 1);
    assert_eq!(server.logged("could not be sent"), 0);
}
