//! Panics: a clear message to the page, since no promise of this instance
//! will ever settle again.

use wasm_bindgen::{JsCast, JsValue};

/// Posts `{ type: "crashed", message }` when the module panics. The message is
/// the place in our code alone: a panic's own words may quote the file.
pub(crate) fn tell_the_page() {
    std::panic::set_hook(Box::new(|info| {
        console_error_panic_hook::hook(info);
        let place =
            info.location().map_or_else(String::new, |at| format!("{}:{}", at.file(), at.line()));
        let message = js_sys::Object::new();
        let _ = js_sys::Reflect::set(&message, &"type".into(), &"crashed".into());
        let _ = js_sys::Reflect::set(&message, &"message".into(), &JsValue::from(place));
        if let Ok(worker) = js_sys::global().dyn_into::<web_sys::DedicatedWorkerGlobalScope>() {
            let _ = worker.post_message(&message);
        }
    }));
}
