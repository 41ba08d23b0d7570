//! Connections break, answers are lost, and the server is busy: the same push goes on.

use std::collections::BTreeSet;

use crate::proxy::{Fate, Proxy};
use crate::rehome::{Came, file_of, large};
use crate::server::Server;

/// Pushes through something that breaks; gives how many chunks there are.
fn push_through(fates: &'static [(usize, Fate)]) {
    let server = Server::set_up();
    let fate_of = move |nth| fates.iter().find(|(at, _)| *at == nth).map_or(Fate::Pass, |f| f.1);
    let proxy = Proxy::start(&server.base, fate_of);
    let file = file_of(&large());
    let mut command = server.push_through(&proxy.base, file.path());
    command.arg("--json");
    let came = Came::of(command);
    assert_eq!((came.code, came.err.as_str()), (0, ""), "{came:?}");
    let json = came.json();
    assert_eq!(json["import"]["result"]["comments"]["inserted"], 12_000);
    let puts = proxy.puts();
    let chunks: BTreeSet<_> = puts.iter().copied().collect();
    assert!(chunks.len() > 5, "{puts:?}");
    assert_eq!(json["sent"]["chunks"], chunks.len());
    // What broke was sent once more, and nothing else was.
    assert_eq!(puts.len(), chunks.len() + fates.len(), "{puts:?}");
    for (_, fate) in fates {
        assert!(proxy.met(*fate) > 0, "{fate:?}");
    }
}

#[test]
fn broken_connections_and_lost_answers_are_tried_again() {
    push_through(&[(1, Fate::Cut), (3, Fate::LoseAnswer), (4, Fate::Cut)]);
}

#[test]
fn a_busy_server_is_asked_again() {
    push_through(&[
        (0, Fate::Answer("HTTP/1.1 503 Busy\r\ncontent-length: 0\r\nretry-after: 1\r\n\r\n")),
        (1, Fate::Answer("HTTP/1.1 429 Slower\r\ncontent-length: 0\r\nretry-after: 1\r\n\r\n")),
        (2, Fate::Answer("HTTP/1.1 429 Slower\r\ncontent-length: 4\r\n\r\nslow")),
    ]);
}
