//! Everything goes well.

use std::io::Write;
use std::process::Stdio;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::rehome::{Came, file_of, fixture, push, wait_for};
use crate::server::Server;

#[test]
fn a_push_is_a_sum_and_a_second_one_finds_all_the_same() {
    let server = Server::set_up();
    let first = Came::of(server.push(&fixture("basic.xml")));
    assert_eq!(first.code, 0, "{first:?}");
    let sum = "14 in the file = 14 new + 0 changed + 0 the same + 0 rejected + 0 left out\n";
    assert!(first.out.contains(sum), "{first:?}");
    assert!(first.out.contains(" into The Blog: succeeded\n"), "{first:?}");
    assert_eq!(first.err, "", "no terminal, no progress");
    let import = server.newest();
    assert_eq!(
        (&import["state"], &import["result"]["comments"]["inserted"]),
        (&"succeeded".into(), &14.into())
    );

    let second = Came::of(server.push(&fixture("basic.xml")));
    assert_eq!(second.code, 0, "{second:?}");
    let sum = "14 in the file = 0 new + 0 changed + 14 the same + 0 rejected + 0 left out\n";
    assert!(second.out.contains(sum), "{second:?}");
}

#[test]
fn what_is_left_out_is_said_with_its_reason() {
    let server = Server::set_up();
    let came = Came::of(server.push(&fixture("interleaved.xml")));
    assert_eq!(came.code, 0, "{came:?}");
    assert!(came.out.contains(" comments were not taken\n"), "{came:?}");
    assert!(came.out.contains("left out: 1 times page_not_in_file: "), "{came:?}");
    assert!(came.out.contains(" + 1 left out\n"), "{came:?}");
}

#[test]
fn the_token_comes_from_a_file_from_standard_input_or_from_the_command_line() {
    let server = Server::set_up();
    let file = fixture("basic.xml");
    let token = file_of(format!("{}\n", server.token).as_bytes());
    let mut from_file = push(&server.base, "1", &file);
    // The one in the environment is not asked.
    from_file.arg("--token-file").arg(token.path()).env("REHOME_TOKEN", "rehome_wrong");
    assert_eq!(Came::of(from_file).code, 0);

    let mut from_stdin = push(&server.base, "1", &file);
    from_stdin.args(["--token-file", "-"]).stdin(Stdio::piped()).stdout(Stdio::null());
    let mut child = from_stdin.spawn().unwrap();
    child.stdin.take().unwrap().write_all(server.token.as_bytes()).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));

    let mut given = push(&server.base, "1", &file);
    given.args(["--token", &server.token]);
    let came = Came::of(given);
    assert_eq!(came.code, 0, "{came:?}");
    assert!(came.out.contains("14 the same"), "{came:?}");
}

#[test]
fn the_site_is_found_by_name_and_by_address_and_gzip_is_read() {
    let server = Server::set_up();
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(&std::fs::read(fixture("basic.xml")).unwrap()).unwrap();
    let file = file_of(&gzip.finish().unwrap());
    for site in ["the blog", "https://blog.example.org"] {
        let mut command = push(&server.base, site, file.path());
        command.env("REHOME_TOKEN", &server.token);
        let came = Came::of(command);
        assert_eq!(came.code, 0, "{came:?}");
    }
    assert_eq!(server.newest()["result"]["comments"]["unchanged"], 14);
}

#[test]
fn json_is_one_object_for_programs() {
    let server = Server::set_up();
    let mut command = server.push(&fixture("basic.xml"));
    command.arg("--json");
    let came = Came::of(command);
    assert_eq!((came.code, came.err.as_str()), (0, ""), "{came:?}");
    let json = came.json();
    assert_eq!((&json["ok"], &json["error"]), (&true.into(), &serde_json::Value::Null));
    assert_eq!(json["import"]["id"], server.newest()["id"]);
    assert_eq!(json["import"]["state"], "succeeded");
    assert_eq!(json["import"]["result"]["comments"]["inserted"], 14);
    assert_eq!((&json["sent"]["chunks"], &json["sent"]["chunks_held"]), (&1.into(), &0.into()));
    assert!(json["sent"]["bytes"].as_u64().unwrap() > 0);
}

#[test]
fn without_waiting_it_returns_as_all_is_sent() {
    let server = Server::set_up();
    let mut command = server.push(&fixture("basic.xml"));
    command.args(["--no-wait", "--json"]);
    let came = Came::of(command);
    assert_eq!(came.code, 0, "{came:?}");
    let json = came.json();
    assert_eq!(json["import"]["received"]["comments"], 14);
    // The server goes on by itself.
    let ended = wait_for("the import ends", || {
        Some(server.newest()).filter(|import| import["state"] == "succeeded")
    });
    assert_eq!(ended["id"], json["import"]["id"]);
}

#[test]
fn a_server_on_this_machine_is_reached_without_the_proxy_that_is_set() {
    let server = Server::set_up();
    let mut command = server.push(&fixture("basic.xml"));
    // Nobody listens there.
    command.env("ALL_PROXY", "http://127.0.0.1:9").env_remove("NO_PROXY").env_remove("no_proxy");
    let came = Came::of(command);
    assert_eq!(came.code, 0, "{came:?}");
}

#[test]
fn several_files_are_one_import_with_a_name_and_a_fingerprint_of_theirs() {
    let server = Server::set_up();
    let files = ["old-2012.xml", "basic.xml"].map(fixture);
    let mut command = server.push(&files[0]);
    command.arg(&files[1]).arg("--json");
    let came = Came::of(command);
    assert_eq!(came.code, 0, "{came:?}");
    let import = &came.json()["import"];
    let sizes: u64 = files.iter().map(|file| file.metadata().unwrap().len()).sum();
    assert_eq!(import["file"]["name"], "basic.xml + 1 more", "{import}");
    assert_eq!(import["file"]["size_bytes"], sizes);
    let result = &import["result"]["comments"];
    assert_eq!(result["inserted"], import["seen"]["kept"], "{import}");
}
