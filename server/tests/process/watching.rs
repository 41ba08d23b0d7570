//! What monitors read: numbers, and whether the server can take work.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};

use serde_json::Value;
use tempfile::TempDir;

use crate::mounts::Disk;
use crate::process::{Server, Settings, wait_for};
use crate::stream::Discussion;

fn watched() -> Settings {
    let listen = ("REHOME_METRICS_LISTEN", "127.0.0.1:0".to_owned());
    Settings { environment: vec![listen], ..Settings::default() }
}

/// What the operators' own address answers: status and text.
fn ask(server: &Server, path: &str) -> (u16, String) {
    let address = wait_for("the operators' address", || {
        server
            .logged_line("numbers are at /metrics")?
            .split_once("address=")
            .map(|it| it.1.to_owned())
    });
    let agent: ureq::Agent =
        ureq::Agent::config_builder().http_status_as_error(false).build().into();
    let mut response = agent.get(format!("http://{}{path}", address.trim())).call().unwrap();
    (response.status().as_u16(), response.body_mut().read_to_string().unwrap())
}

fn ready(server: &Server) -> (u16, Value) {
    let (status, text) = ask(server, "/readyz");
    (status, serde_json::from_str(&text).unwrap())
}

/// The checks that are not as they should be.
fn failing(found: &Value) -> Vec<&str> {
    let checks = found["checks"].as_array().unwrap().iter();
    checks
        .filter(|check| check["ok"] == false)
        .map(|check| check["name"].as_str().unwrap())
        .collect()
}

/// Every series and its value; panics where the text is none that Prometheus takes.
fn parse(text: &str) -> BTreeMap<String, f64> {
    let is_name = |name: &str| {
        let mut letters = name.chars();
        letters.next().is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
            && letters.all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
    };
    let (mut series, mut types) = (BTreeMap::new(), BTreeMap::new());
    assert!(text.ends_with('\n'));
    for line in text.lines().filter(|line| !line.is_empty()) {
        if let Some(rest) = line.strip_prefix("# TYPE ") {
            let (name, kind) = rest.split_once(' ').unwrap();
            assert!(["counter", "gauge", "histogram"].contains(&kind), "{line}");
            assert!(types.insert(name, kind).is_none(), "twice: {line}");
            continue;
        }
        if let Some(rest) = line.strip_prefix("# HELP ") {
            assert!(is_name(rest.split(' ').next().unwrap()), "{line}");
            continue;
        }
        let (id, value) = line.rsplit_once(' ').unwrap();
        let (name, labels) = match id.split_once('{') {
            Some((name, labels)) => (name, labels.strip_suffix('}').expect("labels end")),
            None => (id, ""),
        };
        assert!(is_name(name), "{line}");
        let base = ["_bucket", "_sum", "_count"].iter().find_map(|end| name.strip_suffix(end));
        let kind = types.get(name).or_else(|| types.get(base.unwrap_or(name)));
        assert!(kind.is_some(), "its type comes first: {line}");
        let mut rest = labels;
        while !rest.is_empty() {
            let (label, after) = rest.split_once("=\"").expect("a label has a value");
            assert!(is_name(label), "{line}");
            let (_, after) = after.split_once('"').expect("a value ends");
            rest = after.strip_prefix(',').unwrap_or(after);
            assert!(after.is_empty() || after.starts_with(','), "{line}");
        }
        let value: f64 = value.parse().unwrap_or_else(|_| panic!("{line}"));
        assert!(series.insert(id.to_owned(), value).is_none(), "twice: {line}");
    }
    series
}

fn numbers(server: &Server) -> BTreeMap<String, f64> {
    let (status, text) = ask(server, "/metrics");
    assert_eq!(status, 200, "{text}");
    for secret in ["example.org", "Site", "export.xml", server.cookie()] {
        assert!(!text.contains(secret), "{secret} is in\n{text}");
    }
    parse(&text)
}

#[test]
fn the_numbers_of_an_import_are_right() {
    let folder = TempDir::new().unwrap();
    let mut server = Server::set_up(folder.path(), watched());
    let discussion = Discussion { comments: 3_000, pages: 30 };
    let pieces = discussion.pieces(1_000);
    let import = server.create(discussion);
    server.put_all(&import, &pieces);
    let now = numbers(&server);
    let staged: u64 = pieces.iter().map(|piece| piece.gzip.len() as u64).sum();
    assert!((now["rehome_spool_bytes"] - staged as f64).abs() < 0.5);
    assert!((now["rehome_imports_receiving"] - 1.0).abs() < 0.5);
    assert_eq!(server.submit(&import, discussion, &pieces).status, 200);
    server.wait_state(&import, "succeeded");

    let now = numbers(&server);
    let rows = |record: &str, outcome: &str| {
        format!("rehome_rows_total{{record=\"{record}\",outcome=\"{outcome}\"}}")
    };
    let put =
        "rehome_http_requests_total{route=\"/api/v1/imports/{id}/chunks/{number}\",status=\"2xx\"}";
    let job = "rehome_job_duration_seconds_count{kind=\"import\",outcome=\"succeeded\"}";
    for (series, value) in [
        (rows("comment", "inserted").as_str(), 3_000.0),
        (rows("page", "inserted").as_str(), 30.0),
        (rows("author", "inserted").as_str(), 500.0),
        (rows("comment", "rejected").as_str(), 0.0),
        (put, pieces.len() as f64),
        (job, 1.0),
        ("rehome_imports_ended_total{outcome=\"succeeded\"}", 1.0),
        ("rehome_imports_receiving", 0.0),
        ("rehome_jobs_running{kind=\"import\"}", 0.0),
        ("rehome_spool_bytes", 0.0),
    ] {
        let found = now.get(series).unwrap_or_else(|| panic!("{series} is not in {now:#?}"));
        assert!((found - value).abs() < 0.5, "{series} is {found}, and not {value}");
    }
    assert!(now["rehome_database_bytes"] > 100_000.0);
    assert!(now["rehome_last_sweep_timestamp_seconds"] > 1.6e9);

    // Counters begin anew, and what ended before is not counted again.
    server.kill_and_start();
    assert!(numbers(&server)[&rows("comment", "inserted")] < 0.5);
    let again = server.send(discussion, &pieces);
    server.wait_state(&again, "succeeded");
    assert!((numbers(&server)[&rows("comment", "unchanged")] - 3_000.0).abs() < 0.5);
}

/// Waits until exactly these checks fail, on both addresses.
fn wait_failing(server: &Server, names: &[&str]) {
    wait_for("the checks fail", || {
        let (status, found) = ready(server);
        (status == 503 && failing(&found) == names).then_some(())
    });
    assert_eq!(server.get("/readyz").status, 503);
    assert_eq!(ask(server, "/healthz").0, 200, "it is there all the same");
}

fn wait_ready(server: &Server) {
    wait_for("it is ready", || (ready(server).0 == 200).then_some(()));
    let found = server.get("/readyz");
    assert_eq!((found.status, &found.body["ready"]), (200, &Value::Bool(true)), "{}", found.body);
}

#[test]
fn a_server_whose_disks_take_nothing_is_not_ready() {
    let folder = TempDir::new().unwrap();
    let Some(disk) = Disk::mount(folder.path(), "64m") else { return };
    let Some(spool) = Disk::mount(&folder.path().join("spool"), "32m") else { return };
    let server = Server::set_up(folder.path(), watched());
    wait_ready(&server);
    spool.remount("ro");
    wait_failing(&server, &["spool_folder"]);
    spool.remount("rw");
    wait_ready(&server);
    let ballast = disk.fill();
    wait_failing(&server, &["data_folder"]);
    std::fs::remove_file(ballast).unwrap();
    wait_ready(&server);
    drop((server, spool, disk));
}

#[test]
fn a_server_that_stops_is_not_ready_and_is_watched_until_its_end() {
    let folder = TempDir::new().unwrap();
    let mut server = Server::set_up(folder.path(), watched());
    assert_eq!(ready(&server).0, 200);
    // A request that does not end keeps the server from its own end.
    let mut stream = server.connect();
    let head = "POST /api/v1/session HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n\
        Content-Length: 100\r\nExpect: 100-continue\r\n\r\n";
    stream.write_all(head.as_bytes()).unwrap();
    let mut answer = String::new();
    BufReader::new(&stream).read_line(&mut answer).unwrap();
    assert!(answer.contains("100 Continue"), "{answer}");
    server.ask_to_stop();
    let found = wait_for("it stops", || {
        let (status, found) = ready(&server);
        (status == 503).then_some(found)
    });
    assert_eq!(failing(&found), ["running"], "{found}");
    assert!(!numbers(&server).is_empty());
    drop(stream);
    assert_eq!(server.wait_end().code(), Some(0));
}
