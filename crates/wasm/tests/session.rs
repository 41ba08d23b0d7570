//! The session in a dedicated worker, on files made in memory, against a
//! server that is a function: what would go over the wire is looked at.

#![cfg(target_arch = "wasm32")]

use std::collections::BTreeMap;
use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;
use js_sys::{Array, Function, Reflect, Uint8Array};
use rehome_wasm::Session;
use serde_json::Value;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::File;

wasm_bindgen_test_configure!(run_in_dedicated_worker);

/// An export with so many comments on one page, each of about 700 bytes.
fn export(comments: u32) -> Vec<u8> {
    use std::fmt::Write;
    let mut text = String::from(
        "<disqus xmlns:dsq='http://disqus.com/disqus-internals'>\n<thread dsq:id='1'><forum>blog</forum><link>https://example.org/a</link></thread>\n",
    );
    for id in 0..comments {
        let body = format!("comment {id} ").repeat(50);
        writeln!(text, "<post dsq:id='{id}'><message>{body}</message><createdAt>2020-01-01T00:00:00Z</createdAt><thread dsq:id='1'/></post>").unwrap();
    }
    text.push_str("</disqus>\n");
    text.into_bytes()
}

fn file(name: &str, bytes: &[u8]) -> File {
    let parts = Array::of1(&Uint8Array::from(bytes));
    File::new_with_u8_array_sequence(&parts, name).unwrap()
}

fn session(bytes: &[u8]) -> Session {
    Session::new(file("export.xml", bytes))
}

fn json(value: &JsValue) -> Value {
    serde_wasm_bindgen::from_value(value.clone()).unwrap()
}

/// Reads to the end of the pass; gives the number of steps.
fn run(session: &mut Session) -> u32 {
    let mut steps = 1;
    while !session.step(5.0) {
        steps += 1;
    }
    steps
}

fn previewed(bytes: &[u8]) -> (Session, Value) {
    let mut session = session(bytes);
    session.detect().unwrap();
    session.start_preview().unwrap();
    run(&mut session);
    let preview = json(&session.finish_preview().unwrap());
    (session, preview)
}

#[wasm_bindgen_test]
fn detects_previews_and_samples_a_file() {
    let mut session = session(&export(300));
    assert_eq!(json(&session.detect().unwrap())["format"], "disqus");
    session.start_preview().unwrap();
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
    session.start_preview().unwrap();
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
    let error = session.send(1, Function::new_no_args("")).await.unwrap_err();
    assert_eq!(json(&error)["code"], "incomplete");
    assert_eq!(Server::requests().len(), 0);
}

#[wasm_bindgen_test]
fn an_unknown_file_is_a_problem_with_a_name() {
    let mut session = session(b"{\"version\":1}");
    assert_eq!(json(&session.detect().unwrap())["format"], Value::Null);
    let error = session.start_preview().unwrap_err();
    assert_eq!(json(&error)["code"], "format_unknown");
}

/// `fetch` as a function that keeps what it is asked.
struct Server;

/// `answer(status, body)` and `created` are at hand in `script`, which sees
/// `method`, `url` and `number` (of the request, from 0).
const FETCH: &str = r"
  self.requests = []; self.open = 0; self.most = 0;
  const answer = (status, body, headers) =>
    new Response(status === 204 ? null : JSON.stringify(body), { status, headers });
  const created = { import: { id: 'the-import' } };
  self.fetch = async (request) => {
    const number = self.requests.length;
    const { method } = request; const { pathname: url } = new URL(request.url, 'http://x');
    const body = new Uint8Array(await request.arrayBuffer());
    const digest = request.headers.get('Unencoded-Digest');
    self.requests.push({ method, url, body, digest });
    self.open += 1; self.most = Math.max(self.most, self.open);
    await new Promise((resolve) => setTimeout(resolve, 5));
    self.open -= 1;
    SCRIPT
  };
";

impl Server {
    fn start(script: &str) {
        js_sys::eval(&format!("{{{}}}", FETCH.replace("SCRIPT", script))).unwrap();
    }

    fn get(name: &str) -> JsValue {
        Reflect::get(&js_sys::global(), &name.into()).unwrap()
    }

    /// Method, path, body, digest.
    fn requests() -> Vec<(String, String, Vec<u8>, Option<String>)> {
        let text = |request: &JsValue, name: &str| {
            Reflect::get(request, &name.into()).unwrap().as_string()
        };
        Self::get("requests")
            .unchecked_into::<Array>()
            .iter()
            .map(|request| {
                let body: Uint8Array =
                    Reflect::get(&request, &"body".into()).unwrap().unchecked_into();
                let method = text(&request, "method").unwrap();
                (method, text(&request, "url").unwrap(), body.to_vec(), text(&request, "digest"))
            })
            .collect()
    }

    fn most_at_once() -> f64 {
        Self::get("most").as_f64().unwrap()
    }
}

/// The plain lines of all chunks, in the order of their numbers, each chunk once.
fn plain() -> (usize, String) {
    let mut chunks: BTreeMap<u32, Vec<u8>> = BTreeMap::new();
    for (method, url, body, digest) in Server::requests() {
        if method == "PUT" {
            let number = url.rsplit('/').next().unwrap().parse().unwrap();
            let mut plain = Vec::new();
            MultiGzDecoder::new(body.as_slice()).read_to_end(&mut plain).unwrap();
            assert_eq!(digest.as_deref(), Some(sha256(&plain).as_str()), "chunk {number}");
            chunks.insert(number, plain);
        }
    }
    (chunks.len(), String::from_utf8(chunks.into_values().flatten().collect()).unwrap())
}

fn sha256(bytes: &[u8]) -> String {
    use base64::Engine;
    use sha2::Digest;
    let hash = base64::prelude::BASE64_STANDARD.encode(sha2::Sha256::digest(bytes));
    format!("sha-256=:{hash}:")
}

/// Keeps the events it is told in the global `events`.
fn on_event() -> Function {
    js_sys::eval("self.events = []").unwrap();
    Function::new_with_args("event", "self.events.push(event)")
}

fn events() -> Vec<Value> {
    Server::get("events").unchecked_into::<Array>().iter().map(|event| json(&event)).collect()
}

#[wasm_bindgen_test]
async fn streams_every_line_three_chunks_at_a_time() {
    Server::start(
        "return method === 'PUT' ? answer(204) : answer(200, url.endsWith('/submit') ? { id: 'the-import', state: 'queued' } : created)",
    );
    let (session, _) = previewed(&export(8_000));
    let submitted = session.send(7, on_event()).await.unwrap();
    assert_eq!(json(&submitted)["state"], "queued");

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

#[wasm_bindgen_test]
async fn tries_again_after_a_lost_network_and_a_busy_server() {
    Server::start(
        "if (number === 0 || number === 3) throw new TypeError('network');
         if (number === 1 || number === 4) return answer(503, { code: 'busy', title: 'Busy.' }, { 'Retry-After': '0' });
         return method === 'PUT' ? answer(204) : answer(200, url.endsWith('/submit') ? { state: 'queued' } : created)",
    );
    let (session, _) = previewed(&export(2_000));
    session.send(1, on_event()).await.unwrap();
    let (_, lines) = plain();
    assert_eq!(lines.lines().count(), 2000 + 3);
    assert!(events().iter().any(|event| event["progress"]["retry"]["tries"] == 1));
}

#[wasm_bindgen_test]
async fn a_refusal_is_told_with_its_code_and_leaves_nothing_behind() {
    Server::start(
        "if (method === 'PUT') return answer(409, { status: 409, code: 'chunk_differs', title: 'Another chunk.' });
         return answer(200, created)",
    );
    let (session, _) = previewed(&export(10));
    let problem = json(&session.send(1, on_event()).await.unwrap_err());
    assert_eq!((&problem["code"], &problem["status"]), (&"chunk_differs".into(), &409.into()));
    let (method, url, ..) = Server::requests().pop().unwrap();
    assert_eq!((method.as_str(), url.as_str()), ("DELETE", "/api/v1/imports/the-import"));
}

#[wasm_bindgen_test]
async fn cancel_stops_the_stream_and_tells_the_server() {
    Server::start(
        "if (method === 'PUT') self.cancel();
         return method === 'PUT' ? answer(204) : answer(200, created)",
    );
    let (session, _) = previewed(&export(8_000));
    let session = std::rc::Rc::new(session);
    let cancel = {
        let session = session.clone();
        wasm_bindgen::closure::Closure::<dyn Fn()>::new(move || session.cancel())
    };
    Reflect::set(&js_sys::global(), &"cancel".into(), cancel.as_ref()).unwrap();
    let problem = json(&session.send(1, on_event()).await.unwrap_err());
    assert_eq!(problem["code"], "cancelled");
    assert!(plain().0 <= 3);
    assert_eq!(Server::requests().pop().unwrap().0, "DELETE");
}
