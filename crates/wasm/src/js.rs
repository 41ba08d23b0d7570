//! Values over the border: ours out, errors out.

use js_sys::JSON;
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

/// By way of text, which the module can read already.
pub(crate) fn read(given: &JsValue) -> Value {
    // Of nothing it gives no text.
    let text = JSON::stringify(given).ok().and_then(|text| text.as_string());
    text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default()
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
            origin: None,
        }
    }
}

impl From<WorkerProblem> for JsValue {
    fn from(problem: WorkerProblem) -> Self {
        value(&problem)
    }
}
