//! The session in a dedicated worker: reading, and sending where all goes well.

#![cfg(target_arch = "wasm32")]

mod setting;

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json as object};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

use setting::{
    Both, How, Server, events, export, json, on_event, plain, previewed, previewed_as, run,
    session, sha256_hex,
};

wasm_bindgen_test_configure!(run_in_dedicated_worker);

#[wasm_bindgen_test]
fn detects_previews_and_samples_a_file() {
    let mut session = session(&export(300));
    assert_eq!(json(&session.detect().unwrap())["format"], "disqus");
    session.start_preview(None, &JsValue::UNDEFINED).unwrap();
    run(&mut session);
    let progress = json(&session.read_progress());
    assert_eq!(progress["comments"], 300);
    assert_eq!(progress["read_bytes"], progress["total_bytes"]);
    let preview = json(&session.finish_preview().unwrap());
    assert_eq!(preview["summary"]["complete"], "yes");
    assert_eq!(preview["summary"]["comments"]["kept"], 300);
    assert_eq!(preview["months"][0]["month"], "2020-01");
    session.start_samples().unwrap();
    run(&mut session);
    let samples = json(&session.finish_samples().unwrap());
    assert_eq!(samples["biggest_pages"][0]["comments"], 300);
    assert_eq!(samples["threads"][0]["comments"].as_array().unwrap().len(), 30);
}

#[wasm_bindgen_test]
fn reads_files_larger_than_a_slice_in_many_steps() {
    let bytes = export(20_000);
    assert!(bytes.len() > 3 * 4 * 1024 * 1024, "{}", bytes.len());
    let mut session = session(&bytes);
    session.detect().unwrap();
    session.start_preview(None, &JsValue::UNDEFINED).unwrap();
    assert!(run(&mut session) > 3);
    let preview = json(&session.finish_preview().unwrap());
    assert_eq!(preview["summary"]["comments"]["kept"], 20_000);
}

#[wasm_bindgen_test]
fn gzip_of_many_members_reads_as_one_file() {
    let bytes = export(100);
    let gzip: Vec<u8> = bytes
        .chunks(bytes.len() / 3)
        .flat_map(|part| {
            let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
            encoder.write_all(part).unwrap();
            encoder.finish().unwrap()
        })
        .collect();
    let (_, preview) = previewed(&gzip);
    assert_eq!(preview["summary"]["comments"]["kept"], 100);
}

#[wasm_bindgen_test]
async fn a_cut_file_says_where_and_is_not_sent() {
    let bytes = export(10);
    let (session, preview) = previewed(&bytes[..bytes.len() - 20]);
    assert_eq!(preview["error"]["code"], "file_cut");
    assert_eq!(preview["error"]["byte"], bytes.len() - 20);
    Server::start("return answer(500, {})");
    let error = Both::new(session).send(How::default(), on_event()).await.unwrap_err();
    assert_eq!(error["code"], "incomplete");
    assert_eq!(Server::requests().len(), 0);
}

#[wasm_bindgen_test]
async fn a_cut_file_is_sent_as_incomplete_where_that_is_chosen() {
    Server::start(
        "return method === 'PUT' ? answer(204) : answer(200, url.endsWith('/submit') ? { state: 'queued' } : created)",
    );
    let bytes = export(10);
    let (session, preview) = previewed(&bytes[..bytes.len() - 20]);
    let kept = &preview["summary"]["comments"]["kept"];
    let how = How { incomplete: true, ..How::default() };
    let submitted = Both::new(session).send(how, on_event()).await.unwrap();
    assert_eq!(submitted["state"], "queued");

    let new: Value = serde_json::from_slice(&Server::requests()[0].2).unwrap();
    assert_eq!(new["options"], serde_json::json!({ "import_incomplete": true }));
    assert_eq!((&new["seen"]["complete"], &new["seen"]["kept"]), (&"no".into(), kept));
    let (_, lines) = plain();
    let lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines[0]["options"], new["options"]);
    let end = lines.last().unwrap();
    assert_eq!((&end["type"], &end["complete"]), (&"end".into(), &"no".into()));
    assert_eq!(&end["counts"]["comments"], kept);
}

#[wasm_bindgen_test]
fn an_unknown_file_is_a_problem_with_a_name() {
    let mut session = session(b"{\"name\":1}");
    assert_eq!(json(&session.detect().unwrap())["format"], Value::Null);
    let error = session.start_preview(None, &JsValue::UNDEFINED).unwrap_err();
    assert_eq!(json(&error)["code"], "format_unknown");
}

#[wasm_bindgen_test]
async fn streams_every_line_three_chunks_at_a_time() {
    Server::start(
        "return method === 'PUT' ? answer(204) : answer(200, url.endsWith('/submit') ? { id: 'the-import', state: 'queued' } : created)",
    );
    let (session, _) = previewed(&export(8_000));
    let submitted = Both::new(session).send(How::default(), on_event()).await.unwrap();
    assert_eq!(submitted["state"], "queued");

    let requests = Server::requests();
    let new: Value = serde_json::from_slice(&requests[0].2).unwrap();
    assert_eq!(requests[0].1, "/api/v1/sites/7/imports");
    assert_eq!(new["seen"]["kept"], 8000);
    assert_eq!(new["file"]["fingerprint"].as_str().unwrap().len(), 64);
    let (chunks, lines) = plain();
    assert!(chunks > 4, "{chunks}");
    assert!((Server::most_at_once() - 3.0).abs() < 0.1);
    assert_eq!(lines.lines().count(), 8000 + 3);
    assert!(
        lines.starts_with("{\"type\":\"header\"")
            && lines.trim_end().ends_with("\"complete\":\"yes\"}")
    );
    let (_, url, body, _) = requests.last().unwrap();
    assert_eq!(url, "/api/v1/imports/the-import/submit");
    let submit: Value = serde_json::from_slice(body).unwrap();
    assert_eq!(submit["chunks"], chunks);
    assert_eq!(submit["counts"]["comments"], 8000);

    let events = events();
    assert_eq!(events[0]["type"], "created");
    let last = events.last().unwrap();
    assert_eq!(last["progress"]["comments_sent"], 8000);
    assert_eq!(last["progress"]["comments_total"], 8000);
}

/// An export with one comment, whose id and page are of that number.
fn one_of_several(number: u32) -> Vec<u8> {
    let text = String::from_utf8(export(1)).unwrap();
    text.replace("dsq:id='0'", &format!("dsq:id='1{number}'"))
        .replace("dsq:id='1'", &format!("dsq:id='2{number}'"))
        .into_bytes()
}

#[wasm_bindgen_test]
async fn several_files_are_one_import_in_any_order() {
    let parts: Vec<_> = (1..4).map(one_of_several).collect();
    let [a, b, c] = [("a.xml", &*parts[0]), ("b.xml", &*parts[1]), ("c.xml", &*parts[2])];
    let mut imports = Vec::new();
    for files in [[c, a, b], [b, c, a]] {
        Server::start(
            "return method === 'PUT' ? answer(204) : answer(200, url.endsWith('/submit') ? { state: 'queued' } : created)",
        );
        let (session, preview) = previewed_as(&files, None, &object!({}));
        assert_eq!(preview["summary"]["comments"]["kept"], 3);
        Both::new(session).send(How::default(), on_event()).await.unwrap();
        let new: Value = serde_json::from_slice(&Server::requests()[0].2).unwrap();
        imports.push((new["file"].clone(), plain().1));
    }
    assert_eq!(imports[0], imports[1]);
    let of_one = |(name, bytes)| {
        let (session, _) = previewed_as(&[(name, bytes)], None, &object!({}));
        session.fingerprint().unwrap()
    };
    let all: String = [a, b, c].into_iter().map(of_one).collect();
    let size: usize = parts.iter().map(Vec::len).sum();
    assert_eq!(
        imports[0].0,
        object!({ "name": "a.xml + 2 more", "size_bytes": size, "fingerprint": sha256_hex(all.as_bytes()) })
    );
}

#[wasm_bindgen_test]
fn of_several_files_a_strange_one_is_left_out_and_named() {
    let part = one_of_several(1);
    let (_, preview) = previewed_as(
        &[("a.xml", &part), ("picture.png", b"\x89PNG\r\n\x1a\n")],
        None,
        &object!({}),
    );
    assert_eq!(preview["summary"]["comments"]["kept"], 1);
    let issue = &preview["summary"]["issues"][0];
    assert_eq!(
        (&issue["code"], &issue["examples"][0]["file"]),
        (&"file_left_out".into(), &"picture.png".into())
    );
}

#[wasm_bindgen_test]
fn of_several_files_the_one_that_cannot_be_opened_is_named() {
    let part = one_of_several(1);
    let files = [("a.xml", &*part), ("b.zip", b"PK\x03\x04 and no more")];
    let files = files.into_iter().map(|(name, bytes)| setting::file(name, bytes)).collect();
    let problem = json(&rehome_wasm::Session::new(files).detect().unwrap_err());
    assert_eq!((&problem["code"], &problem["file"]), (&"zip_damaged".into(), &"b.zip".into()));
}

#[wasm_bindgen_test]
async fn what_was_chosen_goes_with_the_import_and_its_lines() {
    Server::start(
        "return method === 'PUT' ? answer(204) : answer(200, url.endsWith('/submit') ? { state: 'queued' } : created)",
    );
    let bytes = export(2);
    let chosen = object!({ "host": "blog.example.org" });
    let (session, _) = previewed_as(&[("export.xml", &bytes)], Some("disqus"), &chosen);
    let how = How { private: true, ..How::default() };
    Both::new(session).send(how, on_event()).await.unwrap();
    let new: Value = serde_json::from_slice(&Server::requests()[0].2).unwrap();
    assert_eq!(new["options"], object!({ "host": "blog.example.org", "take_private": true }));
    let (_, lines) = plain();
    let header: Value = serde_json::from_str(lines.lines().next().unwrap()).unwrap();
    assert_eq!(header["options"], new["options"]);
}

#[wasm_bindgen_test]
fn a_file_is_read_as_what_the_admin_says() {
    let (_, preview) =
        previewed_as(&[("list.html", b"<html></html>")], Some("disqus"), &object!({}));
    assert_eq!(preview["summary"]["format"], "disqus");
    assert_eq!(preview["summary"]["comments"]["seen"], 0);
    let mut session = session(b"<html></html>");
    session.detect().unwrap();
    let unknown = session.start_preview(Some("none-such".to_owned()), &JsValue::UNDEFINED);
    assert_eq!(json(&unknown.unwrap_err())["code"], "format_unknown");
}

#[wasm_bindgen_test]
fn chunks_before_anything_was_read_are_a_problem_with_a_name() {
    let mut session = session(&export(1));
    for problem in [session.counts(), session.next_chunk(), session.freeze(false, false)] {
        assert_eq!(json(&problem.unwrap_err())["code"], "out_of_order");
    }
}

#[wasm_bindgen_test]
fn a_redacted_sample_holds_no_word_of_the_file_and_needs_no_preview() {
    let bytes = export(20_000);
    let mut session = session(&bytes);
    let places = object!([["export.xml", bytes.len() - 100]]);
    let places = js_sys::JSON::parse(&places.to_string()).unwrap();
    session.start_redaction(Some("disqus".to_owned()), &places).unwrap();
    run(&mut session);
    let sample = session.finish_redaction().unwrap();
    let get = |name: &str| js_sys::Reflect::get(&sample, &name.into()).unwrap();
    assert_eq!(get("name"), "redacted-export.xml");
    let text = js_sys::Uint8Array::from(get("text")).to_vec();
    let text = String::from_utf8(text).unwrap();
    assert!(text.starts_with(
        "<disqus xmlns:dsq='http://disqus.com/disqus-internals'>\n<thread dsq:id='1'>"
    ));
    assert!(text.ends_with("</disqus>\n"));
    assert!(text.contains("<message>xxxxxxx 0 ") && !text.contains("comment "));
    assert!((2_000_000..2_300_000).contains(&text.len()), "{}", text.len());
}
