//! Values over the border: ours out, errors out.

use js_sys::{JSON, Object, Reflect, Uint8Array};
use rehome_formats::Redacted;
use rehome_record::Options;
use serde::Serialize;
use serde_json::Value;
use wasm_bindgen::JsValue;

use crate::WorkerProblem;

/// A value of ours as plain JavaScript: maps are objects, numbers are numbers.
pub(crate) fn value<T: Serialize>(value: &T) -> JsValue {
    value
        .serialize(&serde_wasm_bindgen::Serializer::json_compatible())
        .expect("the types that cross the border have string keys and small numbers")
}

/// What an admin chose, from a plain object; what is none chooses nothing.
pub(crate) fn options(chosen: &JsValue) -> Options {
    let Value::Object(chosen) = read(chosen) else { return Options::new() };
    chosen.into_iter().collect()
}

/// Places in files, from a list of pairs.
pub(crate) fn places(told: &JsValue) -> Vec<(String, u64)> {
    let Value::Array(told) = read(told) else { return Vec::new() };
    let place = |pair: &Value| Some((pair[0].as_str()?.to_owned(), pair[1].as_u64()?));
    told.iter().filter_map(place).collect()
}

/// By way of text, which the module can read already.
fn read(given: &JsValue) -> Value {
    // Of nothing it gives no text.
    let text = JSON::stringify(given).ok().and_then(|text| text.as_string());
    text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default()
}

/// A sample as `{name, text}`.
pub(crate) fn redacted(sample: &Redacted) -> JsValue {
    let object = Object::new();
    let text = Uint8Array::from(sample.text.as_slice());
    for (name, value) in [("name", sample.name.as_str().into()), ("text", text.into())] {
        Reflect::set(&object, &JsValue::from(name), &value).expect("a plain object takes all");
    }
    object.into()
}

impl WorkerProblem {
    /// A problem of the worker itself.
    pub(crate) fn new(code: &str, message: &str) -> Self {
        Self {
            code: code.to_owned(),
            message: message.to_owned(),
            file: None,
            status: None,
            import: None,
            differs: Vec::new(),
        }
    }
}

impl From<WorkerProblem> for JsValue {
    fn from(problem: WorkerProblem) -> Self {
        value(&problem)
    }
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
