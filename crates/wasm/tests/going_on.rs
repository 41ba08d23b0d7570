//! Sending where something comes in between: a lost network, a full disk, an
//! import that was begun before, a change of mind.

#![cfg(target_arch = "wasm32")]

mod setting;

use std::rc::Rc;

use js_sys::{Function, Reflect};
use rehome_wasm::{Sender, Session};
use serde_json::{Value, json};
use wasm_bindgen::JsValue;
use wasm_bindgen::closure::Closure;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

use setting::{Both, How, Server, events, export, on_event, plain, previewed, sha256};

wasm_bindgen_test_configure!(run_in_dedicated_worker);

const ALL_WELL: &str = "return method === 'PUT' ? answer(204) : answer(200, url.endsWith('/submit') ? { state: 'queued' } : created)";

async fn send(session: Session, on_event: Function) -> Result<Value, Value> {
    Both::new(session).send(How::default(), on_event).await
}

fn methods() -> Vec<String> {
    Server::requests().into_iter().map(|(method, ..)| method).collect()
}

/// Numbers of the chunks that were sent, in their order.
fn numbers() -> Vec<u32> {
    let mut numbers: Vec<u32> = Server::requests()
        .into_iter()
        .filter(|(method, ..)| method == "PUT")
        .map(|(_, url, ..)| url.rsplit('/').next().unwrap().parse().unwrap())
        .collect();
    numbers.sort_unstable();
    numbers
}

/// Bodies of the requests that make an import.
fn created() -> Vec<Value> {
    Server::requests()
        .into_iter()
        .filter(|(_, url, ..)| url.ends_with("/sites/7/imports"))
        .map(|(_, _, body, _)| serde_json::from_slice(&body).unwrap())
        .collect()
}

/// As of now, waits of a second and more last for ever: only being called ends them.
struct EndlessWaits;

impl EndlessWaits {
    fn begin() -> Self {
        js_sys::eval(
            "self.realTimeout = self.setTimeout;
             self.setTimeout = (work, ms) => (ms >= 1000 ? 0 : self.realTimeout(work, ms));",
        )
        .unwrap();
        Self
    }
}

impl Drop for EndlessWaits {
    fn drop(&mut self) {
        js_sys::eval("self.setTimeout = self.realTimeout").unwrap();
    }
}

/// Calls `work` in the global `name` whenever a try has failed.
fn on_wait(name: &str, work: impl Fn() + 'static) -> Function {
    let work = Closure::<dyn Fn()>::new(work).into_js_value();
    Reflect::set(&js_sys::global(), &name.into(), &work).unwrap();
    js_sys::eval("self.events = []").unwrap();
    Function::new_with_args(
        "event",
        &format!("self.events.push(event); if (event.progress?.retry) queueMicrotask(self.{name})"),
    )
}

/// Codes of the tries that failed.
fn waits() -> Vec<String> {
    events()
        .iter()
        .filter_map(|event| event["progress"]["retry"]["code"].as_str().map(str::to_owned))
        .collect()
}

/// The digests of all chunks of an export, from a server that takes everything.
async fn digests(comments: u32) -> Vec<Value> {
    Server::start(ALL_WELL);
    let (session, _) = previewed(&export(comments));
    send(session, on_event()).await.unwrap();
    let mut chunks: Vec<Value> = Server::requests()
        .into_iter()
        .filter(|(method, ..)| method == "PUT")
        .map(|(_, url, _, digest)| {
            let number: u32 = url.rsplit('/').next().unwrap().parse().unwrap();
            json!({ "number": number, "digest": digest.unwrap() })
        })
        .collect();
    chunks.sort_by_key(|chunk| chunk["number"].as_u64());
    chunks
}

/// A server that holds some chunks already.
fn holding(chunks: &[Value]) {
    let chunks = Value::from(chunks.to_vec());
    Server::start(&format!("created.chunks = {chunks}; {ALL_WELL}"));
}

#[wasm_bindgen_test]
async fn only_chunks_that_the_server_lacks_are_sent() {
    let all = digests(8_000).await;
    assert!(all.len() > 4, "{}", all.len());
    let (_, whole) = plain();

    // As three at a time leave them: not only the first ones.
    holding(&[all[0].clone(), all[1].clone(), all[3].clone()]);
    let (session, _) = previewed(&export(8_000));
    send(session, on_event()).await.unwrap();
    let missing: Vec<u32> =
        (1..=u32::try_from(all.len()).unwrap()).filter(|n| ![1, 2, 4].contains(n)).collect();
    assert_eq!(numbers(), missing);
    let (_, lines) = plain();
    assert!(lines.len() < whole.len());

    let submit: Value = serde_json::from_slice(&Server::requests().pop().unwrap().2).unwrap();
    assert_eq!(submit["chunks"], all.len());
    assert_eq!(submit["counts"]["comments"], 8000);
    let last = events().pop().unwrap();
    let sent = lines.lines().filter(|line| line.starts_with("{\"type\":\"comment\"")).count();
    assert_eq!(last["progress"]["comments_sent"], 8000);
    assert_eq!(last["progress"]["comments_held"], 8000 - sent);
}

#[wasm_bindgen_test]
async fn a_server_that_holds_everything_is_only_told_that_it_does() {
    let all = digests(2_000).await;
    holding(&all);
    let (session, _) = previewed(&export(2_000));
    send(session, on_event()).await.unwrap();
    assert_eq!(methods(), ["POST", "POST"]);
}

#[wasm_bindgen_test]
async fn a_held_chunk_of_other_lines_stops_the_stream_and_names_the_import() {
    let other = json!({ "number": 1, "digest": sha256(b"other lines\n") });
    holding(&[other]);
    let (session, _) = previewed(&export(2_000));
    let problem = send(session, on_event()).await.unwrap_err();
    assert_eq!(problem["code"], "chunk_differs");
    assert_eq!(problem["import"], "the-import");
    assert_eq!(methods(), ["POST"]);
}

#[wasm_bindgen_test]
async fn tries_again_after_a_lost_network_and_a_busy_server() {
    Server::start(&format!(
        "if (number === 0 || number === 3) throw new TypeError('network');
         if (number === 1 || number === 4) return answer(503, {{ code: 'unavailable', title: 'Busy.' }}, {{ 'Retry-After': '0' }});
         {ALL_WELL}"
    ));
    let (session, _) = previewed(&export(2_000));
    send(session, on_event()).await.unwrap();
    let (_, lines) = plain();
    assert_eq!(lines.lines().count(), 2000 + 3);
    let mut waits = waits();
    waits[2..].sort();
    assert_eq!(waits, ["network_lost", "unavailable", "network_lost", "unavailable"]);
}

#[wasm_bindgen_test]
async fn the_network_coming_back_ends_all_waits_at_once() {
    // Three chunks fail at the same time, and each is told to wait for long.
    Server::start(&format!(
        "if (method === 'PUT' && !self.isBack) return answer(503, {{ code: 'unavailable', title: 'Busy.' }}, {{ 'Retry-After': '30' }});
         {ALL_WELL}"
    ));
    js_sys::eval(
        "self.isBack = false; self.listeners = 0;
         for (const [name, change] of [['addEventListener', 1], ['removeEventListener', -1]])
           self[name] = (type, ...rest) => {
             if (type === 'online') self.listeners += change;
             return EventTarget.prototype[name].call(self, type, ...rest);
           };",
    )
    .unwrap();
    let (session, _) = previewed(&export(8_000));
    let _endless = EndlessWaits::begin();
    let back = Function::new_no_args(
        "if (self.events.filter((event) => event.progress?.retry).length < 3) return;
         self.isBack = true; self.dispatchEvent(new Event('online'));",
    );
    let on_event = on_wait("back", move || {
        back.call0(&JsValue::NULL).unwrap();
    });
    send(session, on_event).await.unwrap();
    assert_eq!(waits(), ["unavailable"; 3]);
    assert_eq!(Reflect::get(&js_sys::global(), &"listeners".into()).unwrap(), 0);
    js_sys::eval("delete self.addEventListener; delete self.removeEventListener").unwrap();
}

#[wasm_bindgen_test]
async fn a_full_disk_is_waited_for_until_the_person_says_now() {
    Server::start(&format!(
        "if (number < 3) return answer(507, {{ code: 'disk_full', title: 'The disk is full.' }});
         {ALL_WELL}"
    ));
    let (session, _) = previewed(&export(10));
    let both = Both::new(session);
    let _endless = EndlessWaits::begin();
    let on_event = on_wait("now", {
        let sender = both.sender.clone();
        move || sender.try_now()
    });
    both.send(How::default(), on_event).await.unwrap();
    assert_eq!(waits(), ["disk_full"; 3]);
}

#[wasm_bindgen_test]
async fn a_limit_of_the_account_is_waited_for_as_long_as_the_server_says() {
    // Of the import itself, then of its chunks; the second says no time.
    Server::start(&format!(
        "if (number === 0) return answer(429, {{ code: 'imports_full', title: 'Full.' }}, {{ 'Retry-After': '90' }});
         if (number === 2) return answer(429, {{ code: 'chunks_too_fast', title: 'Fast.' }});
         if (number === 3) return answer(429, {{ code: 'staging_full', title: 'Full.' }}, {{ 'Retry-After': '86400' }});
         {ALL_WELL}"
    ));
    let (session, _) = previewed(&export(10));
    let both = Both::new(session);
    let endless = EndlessWaits::begin();
    let on_event = on_wait("now", {
        let sender = both.sender.clone();
        move || sender.try_now()
    });
    both.send(How::default(), on_event).await.unwrap();
    drop(endless);
    assert_eq!(waits(), ["imports_full", "chunks_too_fast", "staging_full"]);
    let asked: Vec<_> = events()
        .iter()
        .filter_map(|event| event["progress"]["retry"]["wait_ms"].as_u64())
        .collect();
    assert_eq!((asked[0], asked[2]), (90_000, 300_000));
    assert!(asked[1] < 1_000, "{asked:?}");
    assert_eq!(methods(), ["POST", "POST", "PUT", "PUT", "PUT", "POST"]);
}

#[wasm_bindgen_test]
async fn a_refusal_is_told_with_its_code_and_leaves_the_import_to_go_on_with() {
    Server::start(
        "if (method === 'PUT') return answer(401, { code: 'not_signed_in', title: 'Sign in.' });
         return answer(200, created)",
    );
    let (session, _) = previewed(&export(10));
    let problem = send(session, on_event()).await.unwrap_err();
    assert_eq!((&problem["code"], &problem["status"]), (&"signed_out".into(), &401.into()));
    assert_eq!(methods(), ["POST", "PUT"]);
}

#[wasm_bindgen_test]
async fn what_differs_from_the_unfinished_import_is_told_and_it_can_be_replaced() {
    Server::start(&format!(
        "if (method === 'POST' && number === 0) return answer(409, {{ code: 'import_differs', title: 'Differs.', import: 'old', differs: ['reader', 'site_revision'] }});
         {ALL_WELL}"
    ));
    let (session, _) = previewed(&export(10));
    let mut both = Both::new(session);
    let resume = How { resume: Some("old"), ..How::default() };
    let problem = both.send(resume, on_event()).await.unwrap_err();
    assert_eq!((&problem["code"], &problem["import"]), (&"import_differs".into(), &"old".into()));
    assert_eq!(problem["differs"], json!(["reader", "site_revision"]));

    // The same session sends: the file need not be read once more.
    both.sender = Rc::new(Sender::new());
    let replace = How { replace: Some("old"), ..How::default() };
    both.send(replace, on_event()).await.unwrap();
    let created = created();
    assert_eq!((&created[0]["resume"], &created[0]["replace"]), (&"old".into(), &Value::Null));
    assert_eq!((&created[1]["resume"], &created[1]["replace"]), (&Value::Null, &"old".into()));
}

#[wasm_bindgen_test]
async fn a_replacement_whose_answer_was_lost_is_found_again() {
    Server::start(&format!(
        "if (number === 0) throw new TypeError('network');
         if (number === 1) return answer(409, {{ code: 'not_receiving', title: 'It takes nothing more.' }});
         {ALL_WELL}"
    ));
    let (session, _) = previewed(&export(10));
    let replace = How { replace: Some("old"), ..How::default() };
    Both::new(session).send(replace, on_event()).await.unwrap();
    let replaces: Vec<Value> = created().iter().map(|new| new["replace"].clone()).collect();
    assert_eq!(replaces, [json!("old"), json!("old"), Value::Null]);
}

/// Sends, cancels at the first failed try or at the first chunk, gives the problem.
async fn cancelled(comments: u32) -> Value {
    let (session, _) = previewed(&export(comments));
    let both = Both::new(session);
    let _endless = EndlessWaits::begin();
    let on_event = on_wait("cancelNow", {
        let sender = both.sender.clone();
        move || sender.cancel()
    });
    both.send(How::default(), on_event).await.unwrap_err()
}

#[wasm_bindgen_test]
async fn cancel_stops_the_stream_and_tells_the_server() {
    Server::start(&format!("if (method === 'PUT') self.cancelNow(); {ALL_WELL}"));
    assert_eq!(cancelled(8_000).await["code"], "cancelled");
    assert!(plain().0 <= 3);
    assert_eq!(methods().pop().unwrap(), "DELETE");
}

#[wasm_bindgen_test]
async fn cancel_ends_a_wait() {
    Server::start(&format!(
        "if (method === 'PUT') return answer(507, {{ code: 'disk_full', title: 'Full.' }}); {ALL_WELL}"
    ));
    assert_eq!(cancelled(10).await["code"], "cancelled");
    assert_eq!(methods(), ["POST", "PUT", "DELETE"]);
}

#[wasm_bindgen_test]
async fn a_cancel_that_the_server_cannot_be_told_of_says_so() {
    Server::start(&format!("if (number > 0) throw new TypeError('network'); {ALL_WELL}"));
    let problem = cancelled(10).await;
    assert_eq!(problem["code"], "cancel_untold");
    assert_eq!(problem["import"], "the-import");
    assert_eq!(methods(), ["POST", "PUT", "DELETE"]);
}

#[wasm_bindgen_test]
async fn an_answer_that_is_no_import_is_an_error_and_nothing_is_sent() {
    for answer in ["{ import: { id: 'the-import' } }", "{ import: {}, chunks: [] }", "['hello']"] {
        Server::start(&format!("return answer(200, {answer})"));
        let (session, _) = previewed(&export(3));
        let problem = send(session, on_event()).await.unwrap_err();
        assert_eq!(problem["code"], "server_error", "{answer}");
        assert_eq!(methods(), ["POST"], "{answer}");
        assert!(events().is_empty(), "{answer}");
    }
}

/// What a submit was told.
fn submitted() -> Vec<Value> {
    let bodies = Server::requests().into_iter().filter(|(_, url, ..)| url.ends_with("/submit"));
    bodies.map(|(_, _, body, _)| serde_json::from_slice(&body).unwrap()).collect()
}

#[wasm_bindgen_test]
async fn whether_it_is_the_same_blog_is_asked_once_everything_is_sent_and_answered() {
    for known in ["blog.example.org", ""] {
        Server::start(&format!(
            "if (url.endsWith('/submit') && requests.filter(({{ url }}) => url.endsWith('/submit')).length === 1)
              return answer(409, {{ code: 'same_blog', title: 'Is it?', origin: 'blog.example.org' }});
            {ALL_WELL}"
        ));
        let (session, _) = previewed(&export(3));
        let both = Both::new(session);
        let problem = both.send(How::default(), on_event()).await.unwrap_err();
        assert_eq!(problem["code"], "same_blog");
        assert_eq!(problem["origin"], "blog.example.org");
        assert_eq!(methods(), ["POST", "PUT", "POST"]);

        assert_eq!(both.answer_origin(known).await.unwrap()["state"], "queued");
        assert_eq!(methods(), ["POST", "PUT", "POST", "POST"], "no line is sent twice");
        let [asked, answered] = &submitted()[..] else { panic!("two submits") };
        assert_eq!(asked.get("same_origin"), None);
        assert_eq!(answered["same_origin"], known);
        assert_eq!(answered["counts"], asked["counts"]);
    }
}

#[wasm_bindgen_test]
async fn an_answer_that_nobody_asked_for_is_refused() {
    Server::start(ALL_WELL);
    let (session, _) = previewed(&export(3));
    let both = Both::new(session);
    both.send(How::default(), on_event()).await.unwrap();
    let problem = both.answer_origin("blog.example.org").await.unwrap_err();
    assert_eq!(problem["code"], "out_of_order");
}
