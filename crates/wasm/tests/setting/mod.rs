//! Files made in memory, and a server that is a function: what would go over
//! the wire is looked at.

#![allow(dead_code, reason = "each test file uses a part of this")]

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::Read;
use std::rc::Rc;

use flate2::read::MultiGzDecoder;
use js_sys::{Array, Function, Reflect, Uint8Array};
use rehome_wasm::{Sender, Session};
use serde_json::Value;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::File;

/// An export with so many comments on one page, each of about 700 bytes.
pub(crate) fn export(comments: u32) -> Vec<u8> {
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

pub(crate) fn file(name: &str, bytes: &[u8]) -> File {
    let parts = Array::of1(&Uint8Array::from(bytes));
    File::new_with_u8_array_sequence(&parts, name).unwrap()
}

pub(crate) fn session(bytes: &[u8]) -> Session {
    Session::new(vec![file("export.xml", bytes)])
}

/// A session that has read these files with these choices, and its preview.
pub(crate) fn previewed_as(
    files: &[(&str, &[u8])],
    format: Option<&str>,
    options: &Value,
) -> (Session, Value) {
    let files = files.iter().map(|(name, bytes)| file(name, bytes)).collect();
    let mut session = Session::new(files);
    session.detect().unwrap();
    let options = js_sys::JSON::parse(&options.to_string()).unwrap();
    session.start_preview(format.map(str::to_owned), &options).unwrap();
    run(&mut session);
    let preview = json(&session.finish_preview().unwrap());
    (session, preview)
}

pub(crate) fn json(value: &JsValue) -> Value {
    serde_wasm_bindgen::from_value(value.clone()).unwrap()
}

/// Reads to the end of the pass; gives the number of steps.
pub(crate) fn run(session: &mut Session) -> u32 {
    let mut steps = 1;
    while !session.step(5.0) {
        steps += 1;
    }
    steps
}

pub(crate) fn previewed(bytes: &[u8]) -> (Session, Value) {
    previewed_as(&[("export.xml", bytes)], None, &serde_json::json!({}))
}

/// `fetch` as a function that keeps what it is asked.
pub(crate) struct Server;

/// `answer(status, body)` and `created` are at hand in `script`, which sees
/// `method`, `url` and `number` (of the request, from 0).
const FETCH: &str = r"
  self.requests = []; self.open = 0; self.most = 0;
  const answer = (status, body, headers) =>
    new Response(status === 204 ? null : JSON.stringify(body), { status, headers });
  const created = { import: { id: 'the-import' }, chunks: [] };
  self.fetch = async (request) => {
    const { method } = request; const { pathname: url } = new URL(request.url, 'http://x');
    const digest = request.headers.get('Unencoded-Digest');
    const number = self.requests.length;
    const asked = { method, url, digest };
    self.requests.push(asked);
    asked.body = new Uint8Array(await request.arrayBuffer());
    self.open += 1; self.most = Math.max(self.most, self.open);
    await new Promise((resolve) => setTimeout(resolve, 5));
    self.open -= 1;
    SCRIPT
  };
";

impl Server {
    pub(crate) fn start(script: &str) {
        js_sys::eval(&format!("{{{}}}", FETCH.replace("SCRIPT", script))).unwrap();
    }

    pub(crate) fn get(name: &str) -> JsValue {
        Reflect::get(&js_sys::global(), &name.into()).unwrap()
    }

    /// Method, path, body, digest.
    pub(crate) fn requests() -> Vec<(String, String, Vec<u8>, Option<String>)> {
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

    pub(crate) fn most_at_once() -> f64 {
        Self::get("most").as_f64().unwrap()
    }
}

/// The plain lines of all chunks, in the order of their numbers, each chunk once.
pub(crate) fn plain() -> (usize, String) {
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

pub(crate) fn sha256(bytes: &[u8]) -> String {
    use base64::Engine;
    use sha2::Digest;
    let hash = base64::prelude::BASE64_STANDARD.encode(sha2::Sha256::digest(bytes));
    format!("sha-256=:{hash}:")
}

pub(crate) fn sha256_hex(bytes: &[u8]) -> String {
    use sha2::Digest;
    use std::fmt::Write;
    sha2::Sha256::digest(bytes).iter().fold(String::new(), |mut hex, byte| {
        write!(hex, "{byte:02x}").unwrap();
        hex
    })
}

/// A session and what sends it, put together as the worker's script does it.
pub(crate) struct Both {
    pub(crate) session: Rc<RefCell<Session>>,
    pub(crate) sender: Rc<Sender>,
}

/// How an export is sent.
#[derive(Default, Clone, Copy)]
pub(crate) struct How {
    pub(crate) incomplete: bool,
    pub(crate) private: bool,
    pub(crate) resume: Option<&'static str>,
    pub(crate) replace: Option<&'static str>,
}

impl Both {
    pub(crate) fn new(session: Session) -> Self {
        Self { session: Rc::new(RefCell::new(session)), sender: Rc::new(Sender::new()) }
    }

    /// Sends to site 7, and gives the submitted import, or the problem.
    pub(crate) async fn send(&self, how: How, on_event: Function) -> Result<Value, Value> {
        let sent = self.sent(how, on_event).await;
        sent.map(|import| json(&import)).map_err(|problem| json(&problem))
    }

    /// Answers whether it is the same blog, and gives the submitted import, or the problem.
    pub(crate) async fn answer_origin(&self, known: &str) -> Result<Value, Value> {
        let answered = self.sender.answer_origin(known.to_owned()).await;
        answered.map(|import| json(&import)).map_err(|problem| json(&problem))
    }

    async fn sent(&self, how: How, on_event: Function) -> Result<JsValue, JsValue> {
        let new = self.session.borrow_mut().freeze(how.incomplete, how.private)?;
        for (name, id) in [("resume", how.resume), ("replace", how.replace)] {
            Reflect::set(&new, &name.into(), &id.map_or(JsValue::NULL, JsValue::from))?;
        }
        self.sender.open(7, new, on_event).await?;
        let session = self.session.clone();
        let next = Closure::<dyn FnMut() -> Result<JsValue, JsValue>>::new(move || {
            session.borrow_mut().next_chunk()
        });
        let session = self.session.clone();
        let counts = Closure::<dyn FnMut() -> Result<JsValue, JsValue>>::new(move || {
            session.borrow().counts()
        });
        let [next, counts] = [next.into_js_value(), counts.into_js_value()];
        let issues = self.session.borrow().issues()?;
        self.sender.run(next.unchecked_into(), counts.unchecked_into(), issues).await
    }
}

/// Keeps the events it is told in the global `events`.
pub(crate) fn on_event() -> Function {
    js_sys::eval("self.events = []").unwrap();
    Function::new_with_args("event", "self.events.push(event)")
}

pub(crate) fn events() -> Vec<Value> {
    Server::get("events").unchecked_into::<Array>().iter().map(|event| json(&event)).collect()
}
