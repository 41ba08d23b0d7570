//! A push that was killed midway, and the same command again.

use std::path::Path;

use serde_json::Value;

use crate::proxy::{Fate, Proxy};
use crate::rehome::{Came, file_of, fixture, large, start, wait_for};
use crate::server::Server;

/// Chunks that get through before the push is killed.
const GOT_THROUGH: usize = 4;

/// Kills a push after some chunks; gives the unfinished import and what it holds.
fn killed(server: &Server, file: &Path, got_through: usize) -> (Value, Vec<u32>) {
    let fate = move |nth| if nth < got_through { Fate::Pass } else { Fate::Cut };
    let proxy = Proxy::start(&server.base, fate);
    let mut child = start(server.push_through(&proxy.base, file));
    wait_for("a chunk is cut", || (proxy.met(Fate::Cut) > 0).then_some(()));
    child.kill().unwrap();
    child.wait().unwrap();
    let import = server.newest();
    let held = wait_for("all that got through is held", || {
        Some(server.held(&import)).filter(|held| held.len() == got_through)
    });
    (import, held)
}

#[test]
fn only_the_missing_chunks_go_over_the_wire() {
    let server = Server::set_up();
    let file = file_of(&large());
    let (import, held) = killed(&server, file.path(), GOT_THROUGH);
    assert_eq!(import["state"], "receiving");

    let proxy = Proxy::start(&server.base, |_| Fate::Pass);
    let mut again = server.push_through(&proxy.base, file.path());
    again.arg("--json");
    let came = Came::of(again);
    assert_eq!(came.code, 0, "{came:?}");
    let json = came.json();
    assert_eq!(json["import"]["id"], import["id"]);
    assert_eq!(json["import"]["result"]["comments"]["inserted"], 12_000);
    let mut puts = proxy.puts();
    assert_eq!(json["sent"]["chunks"], puts.len());
    assert_eq!(json["sent"]["chunks_held"], GOT_THROUGH);
    // Together they are all chunks, each once.
    puts.extend(&held);
    puts.sort_unstable();
    let chunks = json["import"]["chunks_received"].as_u64().unwrap();
    assert_eq!(puts, (1..=u32::try_from(chunks).unwrap()).collect::<Vec<_>>());
}

#[test]
fn an_unfinished_import_that_differs_is_replaced_only_when_asked() {
    let server = Server::set_up();
    let file = fixture("basic.xml");
    let (old, _) = killed(&server, &file, 0);
    // Another import changes the site meanwhile.
    assert_eq!(Came::of(server.push(&fixture("entities.xml"))).code, 0);

    let refused = Came::of(server.push(&file));
    assert_eq!(refused.code, 1, "{refused:?}");
    assert_eq!(refused.out, "");
    assert!(refused.err.contains("(import_differs)"), "{refused:?}");
    assert!(refused.err.contains("Add --replace "), "{refused:?}");
    assert!(refused.err.contains(old["id"].as_str().unwrap()), "{refused:?}");

    let mut replacing = server.push(&file);
    replacing.args(["--replace", "--json"]);
    let came = Came::of(replacing);
    assert_eq!(came.code, 0, "{came:?}");
    assert_ne!(came.json()["import"]["id"], old["id"]);
    let old = server.get(&format!("/imports/{}", old["id"].as_str().unwrap()));
    assert_eq!(old["import"]["state"], "cancelled");
}

#[test]
fn a_file_with_another_middle_is_not_mixed_with_the_old_one() {
    let server = Server::set_up();
    let mut export = large();
    let file = file_of(&export);
    let (old, held) = killed(&server, file.path(), GOT_THROUGH);
    assert!(held.contains(&2), "{held:?}");
    // The same size and ends, other words in the second chunk.
    let middle = 1_500_000;
    let message = b"<message><![CDATA[";
    let at = export[middle..].windows(message.len()).position(|bytes| bytes == message).unwrap();
    export[middle + at + message.len()] = b'#';
    std::fs::write(file.path(), &export).unwrap();

    let mut command = server.push(file.path());
    command.arg("--json");
    let refused = Came::of(command);
    assert_eq!(refused.code, 1, "{refused:?}");
    let json = refused.json();
    assert_eq!((&json["ok"], &json["error"]["code"]), (&false.into(), &"chunk_differs".into()));
    assert_eq!(json["error"]["import"], old["id"]);

    let mut command = server.push(file.path());
    command.args(["--replace", "--json"]);
    let came = Came::of(command);
    assert_eq!(came.code, 0, "{came:?}");
    let json = came.json();
    assert_ne!(json["import"]["id"], old["id"]);
    assert_eq!(json["sent"]["chunks_held"], 0);
    assert_eq!(json["import"]["result"]["comments"]["inserted"], 12_000);
}
