//! Settings of the real program, and the way in to one that has no account yet.

use std::fs;

use serde_json::json;
use tempfile::TempDir;

use crate::process::{Server, Settings};
use crate::terminal::{printed, run, run_with, text};

/// What stands before the token.
fn origin(printed: &str) -> &str {
    let at = printed.find("http").expect("a link");
    printed[at..].split_once("/setup#").expect("a link for an account").0
}

#[test]
fn options_outweigh_variables_and_those_the_file() {
    let folder = TempDir::new().unwrap();
    let data = folder.path().join("data");
    let _server = Server::set_up(&data, Settings::default());
    let file = folder.path().join("rehome.toml");
    fs::write(&file, "public_url = \"https://file.example.org\"\n").unwrap();
    let file = file.to_str().unwrap();
    let variable = [("REHOME_PUBLIC_URL", "https://variable.example.org")];
    let option = ["--public-url", "https://option.example.org"];

    let default = printed(&run(&data, &["new-account"]));
    assert_eq!(origin(&default), "http://127.0.0.1:8787");
    let line = ["--config", file, "new-account"];
    assert_eq!(origin(&printed(&run(&data, &line))), "https://file.example.org");
    let named = run_with(&data, &["new-account"], &[("REHOME_CONFIG", file)]);
    assert_eq!(origin(&printed(&named)), "https://file.example.org");
    let output = run_with(&data, &line, &variable);
    assert_eq!(origin(&printed(&output)), "https://variable.example.org");
    let line = ["--config", file, "new-account", option[0], option[1]];
    let output = run_with(&data, &line, &variable);
    assert_eq!(origin(&printed(&output)), "https://option.example.org");
}

#[test]
fn what_is_unknown_in_a_file_is_refused_and_in_the_environment_named() {
    let folder = TempDir::new().unwrap();
    let data = folder.path().join("data");
    let _server = Server::set_up(&data, Settings::default());
    let file = folder.path().join("rehome.toml");
    fs::write(&file, "listen = \"127.0.0.1:0\"\npublc_url = \"https://secret.example.org\"\n")
        .unwrap();
    let refused = run(&data, &["--config", file.to_str().unwrap(), "new-account"]);
    let said = text(&refused.stderr);
    assert!(!refused.status.success() && refused.stdout.is_empty());
    assert!(said.contains("line 2: publc_url is no setting; did you mean public_url?"), "{said}");
    assert!(!said.contains("secret"), "{said}");
    let named = run_with(&data, &["new-account"], &[("REHOME_PUBLC_URL", "secret")]);
    let said = text(&named.stderr);
    assert!(named.status.success(), "{said}");
    assert!(said.contains("did you mean REHOME_PUBLIC_URL?") && !said.contains("secret"), "{said}");
    let refused = run(&data, &["--log", "rehome_server=loud", "new-account"]);
    assert!(text(&refused.stderr).contains("--log"), "{}", text(&refused.stderr));
}

#[test]
fn the_first_link_is_printed_again_as_long_as_nobody_has_an_account() {
    let folder = TempDir::new().unwrap();
    let mut links = Vec::new();
    let server = Server::set_up_with(folder.path(), Settings::default(), |first| {
        let again = printed(&run(folder.path(), &["setup-link"]));
        let again = again.trim().split_once('#').expect("the link carries a token").1.to_owned();
        assert_ne!(first, again);
        links.push(first.to_owned());
        again
    });
    let old = json!({
        "token": links[0], "email": "eve@example.org", "password": "a long password",
        "site": { "name": "Site", "url": "https://example.org" },
    });
    assert_eq!(server.post("/api/v1/setup", &old).status, 409);
    let refused = run(folder.path(), &["setup-link"]);
    assert!(!refused.status.success() && refused.stdout.is_empty());
    let said = text(&refused.stderr);
    assert!(said.contains("there is an account already") && said.contains("new-account"), "{said}");
}
