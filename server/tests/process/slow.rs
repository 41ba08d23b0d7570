//! Clients that say little, slowly or not at all: they are hung up on, and
//! nobody else waits for them.

use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

use tempfile::TempDir;

use crate::process::{Server, Settings, wait_for};

/// Between two bytes of a client that dribbles: far less than is waited for one.
const DRIP: Duration = Duration::from_millis(20);

fn impatient() -> Settings {
    Settings { header_timeout_ms: 400, body_idle_ms: 400, ..Settings::default() }
}

/// Everything that comes until the server hangs up. It never hangs up: the test does not end.
fn heard(stream: &mut TcpStream) -> String {
    let mut heard = Vec::new();
    match stream.read_to_end(&mut heard) {
        Ok(_) => {}
        Err(error) => assert_eq!(error.kind(), ErrorKind::ConnectionReset, "{error}"),
    }
    String::from_utf8_lossy(&heard).into_owned()
}

/// The head of the answer, and the word for what is wrong.
fn answer(stream: &TcpStream) -> (String, String) {
    let mut reader = BufReader::new(stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        assert_ne!(reader.read_line(&mut head).unwrap(), 0, "no answer: {head}");
    }
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    let mut body = vec![0; length.map_or(0, |length| length.parse().unwrap())];
    reader.read_exact(&mut body).unwrap();
    let body: serde_json::Value = serde_json::from_slice(&body).unwrap();
    let status = head.lines().next().unwrap().to_owned();
    (status, body["code"].as_str().unwrap().to_owned())
}

#[test]
fn headers_that_never_end_hold_no_connection() {
    let folder = TempDir::new().unwrap();
    let server = Server::set_up(folder.path(), impatient());
    // Some say nothing, some stop in the middle, some go on for ever.
    let silent: Vec<_> = (0..100).map(|_| server.connect()).collect();
    let stopped: Vec<_> = (0..100)
        .map(|_| {
            let mut stream = server.connect();
            stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: ").unwrap();
            stream
        })
        .collect();
    let dribbling = server.connect();
    let mut writer = dribbling.try_clone().unwrap();
    let dripped = std::thread::spawn(move || {
        let mut head = b"GET /healthz HTTP/1.1\r\n".to_vec();
        head.extend(b"X-A: b\r\n".repeat(10_000));
        head.iter()
            .take_while(|byte| {
                std::thread::sleep(DRIP);
                writer.write_all(&[**byte]).is_ok()
            })
            .count()
    });
    assert_eq!(server.get("/healthz").status, 200, "others are answered meanwhile");
    for mut stream in silent.into_iter().chain(stopped).chain([dribbling]) {
        heard(&mut stream);
    }
    assert!(dripped.join().unwrap() < 80_000, "it was not heard to its end");
    assert_eq!(server.get("/healthz").status, 200);
}

#[test]
fn bodies_that_stand_still_are_given_up() {
    let folder = TempDir::new().unwrap();
    let server = Server::set_up(folder.path(), impatient());
    let import = server.create(crate::stream::Discussion { comments: 1, pages: 1 });
    let stream_path = format!("/api/v1/sites/{}/imports/stream", server.site);
    let chunk_path = format!("/api/v1/imports/{import}/chunks/1");
    for (method, path, headers) in [
        ("POST", stream_path.as_str(), ""),
        ("PUT", chunk_path.as_str(), "Content-Encoding: gzip\r\n"),
    ] {
        let mut stream = server.connect();
        let cookie = server.cookie();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: x\r\nCookie: {cookie}\r\n{headers}\
             Content-Length: 1000\r\n\r\nnot a thousand bytes"
        )
        .unwrap();
        let (status, code) = answer(&stream);
        assert!(status.starts_with("HTTP/1.1 408"), "{path}: {status}");
        assert_eq!(code, "timed_out", "{path}");
        // And then it hangs up, instead of waiting for the rest.
        heard(&mut stream);
    }
    let made = server.import(&import);
    assert_eq!(made["chunks_received"], 0);
}

#[test]
fn an_idle_connection_is_closed_and_one_that_nobody_reads_as_well() {
    let folder = TempDir::new().unwrap();
    let server = Server::set_up(folder.path(), impatient());
    let mut idle = server.connect();
    idle.write_all(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
    assert!(heard(&mut idle).starts_with("HTTP/1.1 200"));

    // Asks again and again, and takes no answer: the server's side fills up.
    let deaf = server.connect();
    let mut writer = deaf.try_clone().unwrap();
    let request = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n".repeat(1_000);
    let refused = wait_for("it is hung up on", || writer.write_all(request.as_bytes()).err());
    assert!(
        matches!(refused.kind(), ErrorKind::ConnectionReset | ErrorKind::BrokenPipe),
        "{refused}"
    );
    let _ = deaf.shutdown(Shutdown::Both);
    assert_eq!(server.get("/healthz").status, 200);
}

#[test]
fn a_head_that_is_too_large_is_refused() {
    let folder = TempDir::new().unwrap();
    let server = Server::set_up(folder.path(), Settings::default());
    let mut stream = server.connect();
    let long = "a".repeat(40 * 1024);
    // It may be hung up on before all of it is said, and the answer be lost with that.
    let _ = write!(stream, "GET /healthz?{long} HTTP/1.1\r\nHost: x\r\n\r\n");
    let heard = heard(&mut stream);
    assert!(heard.is_empty() || heard.starts_with("HTTP/1.1 4"), "{heard}");
}
