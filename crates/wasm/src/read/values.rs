//! What crosses the border while a file is read.

use js_sys::{Object, Reflect, Uint8Array};
use rehome_formats::Redacted;
use rehome_record::{Chunk, Options};
use serde_json::Value;
use wasm_bindgen::JsValue;

use crate::WorkerProblem;
use crate::js::read;

/// What an admin chose, from a plain object; what is none chooses nothing.
pub(super) fn options(chosen: &JsValue) -> Options {
    let Value::Object(chosen) = read(chosen) else { return Options::new() };
    chosen.into_iter().collect()
}

/// Places in files, from a list of pairs.
pub(super) fn places(told: &JsValue) -> Vec<(String, u64)> {
    let Value::Array(told) = read(told) else { return Vec::new() };
    let place = |pair: &Value| Some((pair[0].as_str()?.to_owned(), pair[1].as_u64()?));
    told.iter().filter_map(place).collect()
}

/// A sample as `{name, text}`.
pub(super) fn redacted(sample: &Redacted) -> JsValue {
    let text = Uint8Array::from(sample.text.as_slice());
    object([("name", sample.name.as_str().into()), ("text", text.into())])
}

/// A chunk as `{number, plain, comments}`.
pub(super) fn chunk(chunk: &Chunk) -> JsValue {
    let plain = Uint8Array::from(chunk.plain.as_slice());
    let comments = chunk.counts.comments as f64;
    object([
        ("number", chunk.number.into()),
        ("plain", plain.into()),
        ("comments", comments.into()),
    ])
}

fn object<const N: usize>(fields: [(&str, JsValue); N]) -> JsValue {
    let object = Object::new();
    for (name, value) in fields {
        Reflect::set(&object, &JsValue::from(name), &value).expect("a plain object takes all");
    }
    object.into()
}

impl From<rehome_formats::ReadError> for WorkerProblem {
    fn from(error: rehome_formats::ReadError) -> Self {
        Self::new(error.code, &error.to_string())
    }
}

impl From<std::io::Error> for WorkerProblem {
    fn from(_: std::io::Error) -> Self {
        Self::new("read_failed", "The browser cannot read the file any more. Choose it again.")
    }
}
