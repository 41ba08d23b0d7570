//! A blog that moved, and one that only looks like it.

use std::process::Command;

use crate::rehome::{Came, file_of, fixture};
use crate::server::Server;

/// The fixture, as the same blog would export it under another name.
fn moved() -> tempfile::NamedTempFile {
    let export = std::fs::read_to_string(fixture("basic.xml")).unwrap();
    assert!(export.contains("<forum>example-blog</forum>"));
    file_of(export.replace("<forum>example-blog</forum>", "<forum>new-blog</forum>").as_bytes())
}

fn answering(mut command: Command, answer: &str) -> Came {
    command.args(["--same-blog", answer]);
    Came::of(command)
}

#[test]
fn a_blog_that_moved_is_asked_about_and_goes_through_with_the_answer() {
    for (answer, comes_in) in [("yes", false), ("no", true)] {
        let server = Server::set_up();
        assert_eq!(Came::of(server.push(&fixture("basic.xml"))).code, 0);
        let comments = server.newest()["result"]["comments"]["inserted"].as_u64().unwrap();
        let file = moved();

        let asked = Came::of(server.push(file.path()));
        assert_eq!((asked.code, asked.out.as_str()), (1, ""), "{asked:?}");
        assert!(asked.err.contains("known from example-blog"), "{asked:?}");
        assert!(asked.err.contains("--same-blog yes"), "{asked:?}");
        assert_eq!(server.newest()["state"], "receiving", "what arrived is kept");

        let came = answering(server.push(file.path()), answer);
        assert_eq!(came.code, 0, "{came:?}");
        let result = &server.newest()["result"]["comments"];
        let expected = if comes_in { comments } else { 0 };
        assert_eq!(result["inserted"], expected, "{answer}: {result}");
        assert_eq!(server.get("/imports").as_array().unwrap().len(), 2);
    }
}

#[test]
fn the_answer_changes_nothing_where_nobody_asks() {
    let server = Server::set_up();
    for answer in ["yes", "no"] {
        let came = answering(server.push(&fixture("basic.xml")), answer);
        assert_eq!(came.code, 0, "{came:?}");
    }
    assert_eq!(server.newest()["result"]["comments"]["inserted"], 0);
}

#[test]
fn the_question_is_told_to_programs() {
    let server = Server::set_up();
    assert_eq!(Came::of(server.push(&fixture("basic.xml"))).code, 0);
    let file = moved();
    let mut command = server.push(file.path());
    command.arg("--json");
    let error = Came::of(command).json()["error"].take();
    assert_eq!(
        (&error["code"], &error["origin"]),
        (&"same_blog".into(), &"example-blog".into()),
        "{error}"
    );
}
