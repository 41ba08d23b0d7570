//! The `OpenAPI` document: made of the routes themselves, so that none of them
//! can be without its part of it.
//!
//! Handlers say what they take, what they give where it goes well, and the
//! codes that are their own (`refusals!`). What every route like them may
//! answer besides is added here.

use std::collections::{BTreeMap, BTreeSet};

use axum::Extension;
use axum::body::Bytes;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use rehome_record::MAX_NUMBER;
use serde_json::{Map, Value, json};
use utoipa::OpenApi;

use super::codes::Code;
use super::dto::Problem;
use crate::config::{PublicUrl, Timing};

/// Where the codes of a handler stand until [`finish`] has put them in place.
const CODES: &str = "x-codes";
/// Answers with more codes than this are a route's own; the others stand in one place.
const SHARED: usize = 3;

/// A name (`format = "name"`): not blank, without control characters. Blank is what
/// [`str::trim`] takes for it.
const NAME: &str = "^[^\\u0000-\\u001f\\u007f-\\u009f]*[^\\u0000-\\u0020\\u007f-\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000][^\\u0000-\\u001f\\u007f-\\u009f]*$";

/// What any request may meet.
const ALWAYS: &[Code] = &[Code::Internal, Code::TimedOut, Code::Unavailable];
/// Requests that change something.
const CHANGES: &[Code] = &[Code::CrossSite, Code::DiskFull];
const WITH_JSON: &[Code] =
    &[Code::BodyInvalid, Code::BodyNotJson, Code::BodyTooLarge, Code::JsonExpected];
const WITH_QUERY: &[Code] = &[Code::QueryInvalid];
const WITH_PATH: &[Code] = &[Code::NotFound];
/// Routes that ask for more than the least role.
const BY_ROLE: &[Code] = &[Code::RoleNeeded];
/// Routes for people alone.
const BY_PERSON: &[Code] = &[Code::PersonNeeded, Code::SignedOut];
/// Routes for people and programs.
const BY_CALLER: &[Code] = &[Code::ScopeNeeded, Code::SignedOut, Code::TokenInvalid];

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Rehome",
        description = "Takes comments in, says how that goes, and gives them out again. \
            docs/api.md shows it at work; docs/ndjson.md says what the lines of a stream are."
    ),
    components(schemas(Problem)),
    tags(
        (name = "access", description = "Signing in and out, and the first account."),
        (name = "members", description = "Who is in the account, and what they did."),
        (name = "tokens", description = "What programs sign in with."),
        (name = "sites", description = "What comments are imported into."),
        (name = "imports", description = "Comments on their way in."),
        (name = "comments", description = "What is there."),
        (name = "server", description = "The server itself."),
    )
)]
struct Base;

/// What the document has beside the routes.
pub(super) fn base() -> utoipa::openapi::OpenApi {
    Base::openapi()
}

/// Names the codes that a handler gives by itself: a type to write among the
/// `responses` of its `utoipa::path`.
macro_rules! refusals {
    ($name:ident: $($code:ident),+ $(,)?) => {
        #[doc = "The codes of a handler's own."]
        pub(crate) struct $name;

        impl utoipa::IntoResponses for $name {
            fn responses() -> std::collections::BTreeMap<
                String,
                utoipa::openapi::RefOr<utoipa::openapi::Response>,
            > {
                $crate::http::openapi::noted(&[$($crate::http::codes::Code::$code),+])
            }
        }
    };
}
pub(super) use refusals;

/// The codes, on their way to [`finish`].
pub(super) fn noted(
    codes: &[Code],
) -> BTreeMap<String, utoipa::openapi::RefOr<utoipa::openapi::Response>> {
    let words: Vec<_> = codes.iter().map(|code| code.word()).collect();
    let response = utoipa::openapi::Response::builder()
        .extensions(Some([(CODES.to_owned(), json!(words))].into_iter().collect()))
        .build();
    [(CODES.to_owned(), response.into())].into_iter().collect()
}

/// Makes the document out of what the routes say of themselves. Its cookie is
/// that of this public address.
///
/// # Panics
/// A route says something that is no `OpenAPI`: every start of the server would, so a test does.
pub(super) fn finish(collected: &utoipa::openapi::OpenApi, public: &PublicUrl) -> Value {
    let mut document = serde_json::to_value(collected).expect("the routes are in JSON");
    document["components"]["securitySchemes"] = json!({
        "session": {
            "type": "apiKey", "in": "cookie", "name": public.cookie_name(),
            "description": "What a browser gets by signing in. The name is `__Host-rehome` where \
                the server is reached by https, and `rehome` on a machine's own http address. The \
                words after it are the least role in the account: viewer, admin, owner.",
        },
        "token": {
            "type": "http", "scheme": "bearer",
            "description": "An API token: `Authorization: Bearer …`. The words after it are the \
                scopes, one of which it needs. It can do no more than the role of its maker.",
        },
    });
    let mut shared = Map::new();
    let items = document["paths"].as_object_mut().into_iter().flat_map(Map::values_mut);
    for item in items {
        for (method, operation) in item.as_object_mut().into_iter().flatten() {
            put_codes_in_place(method, operation, &mut shared);
            let parameters = operation.pointer_mut("/parameters").and_then(Value::as_array_mut);
            parameters.into_iter().flatten().for_each(never_null);
        }
    }
    document["components"]["responses"] = shared.into();
    limit_numbers(&mut document);
    spell_out(&mut document);
    document
}

/// Every route of the server, as `docs/openapi.json` has it.
#[must_use]
pub fn document() -> Value {
    finish(&super::routes(Timing::default()).into_openapi(), &PublicUrl::of_document())
}

/// The document of a running server, as it is sent.
#[derive(Debug, Clone)]
pub(crate) struct Served(Bytes);

impl Served {
    pub(super) fn new(collected: &utoipa::openapi::OpenApi, public: &PublicUrl) -> Self {
        Self(finish(collected, public).to_string().into())
    }
}

/// Gives this document.
///
/// `/api/docs` is a page made of it.
#[utoipa::path(
    get,
    path = "/openapi.json",
    operation_id = "showDocument",
    tag = "server",
    responses((status = 200, description = "The document.", body = Object)),
)]
pub(crate) async fn show(Extension(Served(document)): Extension<Served>) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], document).into_response()
}

fn put_codes_in_place(method: &str, operation: &mut Value, shared: &mut Map<String, Value>) {
    let own = operation["responses"].as_object_mut().and_then(|all| all.remove(CODES));
    let own = own.as_ref().and_then(|noted| noted[CODES].as_array()).into_iter().flatten();
    let mut codes: BTreeSet<Code> =
        own.filter_map(|word| Some(Code::of_line(word.as_str()?))).collect();
    let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
    let has = |place: &str| parameters.iter().any(|parameter| parameter["in"] == place);
    let security = operation["security"].to_string();
    let groups = [
        (true, ALWAYS),
        (method != "get", CHANGES),
        (!operation["requestBody"]["content"]["application/json"].is_null(), WITH_JSON),
        (has("query"), WITH_QUERY),
        (has("path"), WITH_PATH),
        (security.contains("session") && !security.contains("token"), BY_PERSON),
        (security.contains("token"), BY_CALLER),
        (security.contains("admin") || security.contains("owner"), BY_ROLE),
    ];
    for (applies, group) in groups {
        codes.extend(group.iter().filter(|_| applies));
    }
    let mut by_status: BTreeMap<u16, Vec<Code>> = BTreeMap::new();
    for code in codes {
        by_status.entry(code.status()).or_default().push(code);
    }
    for (status, codes) in by_status {
        let own = &mut operation["responses"][status.to_string()];
        if let Some(content) = own["content"].as_object_mut() {
            // The handler answers this status by itself as well.
            let mut refusal = refusal(status, &codes);
            content.extend(refusal["content"].as_object().cloned().into_iter().flatten());
            own["headers"] = refusal["headers"].take();
            continue;
        }
        *own = if codes.len() > SHARED {
            refusal(status, &codes)
        } else {
            let name: Vec<_> = codes.iter().map(|code| code.word()).collect();
            let name = name.join(".");
            let reference = json!({ "$ref": format!("#/components/responses/{name}") });
            shared.entry(name).or_insert_with(|| refusal(status, &codes));
            reference
        };
    }
}

/// What is not sent in an address or a header is not there, and never null.
fn never_null(parameter: &mut Value) {
    let Some(schema) = parameter.get_mut("schema") else { return };
    let choices = schema.get_mut("oneOf").and_then(Value::as_array_mut);
    if let Some(choices) = choices {
        choices.retain(|choice| choice["type"] != "null");
        if let [only] = choices.as_slice() {
            *schema = only.clone();
        }
    }
    let Some(kind) = schema.get_mut("type") else { return };
    if let Some(kinds) = kind.as_array_mut() {
        kinds.retain(|kind| kind != "null");
        if let [only] = kinds.as_slice() {
            *kind = only.clone();
        }
    }
}

fn refusal(status: u16, codes: &[Code]) -> Value {
    let words: Vec<_> = codes.iter().map(|code| code.word()).collect();
    let says: Vec<_> =
        codes.iter().map(|code| format!("`{}`: {}", code.word(), code.says())).collect();
    let mut response = json!({
        "description": says.join("\n\n"),
        "content": { "application/problem+json": { "schema": { "allOf": [
            { "$ref": "#/components/schemas/Problem" },
            { "properties": { "status": { "const": status }, "code": { "enum": words } } },
        ] } } },
    });
    if status == 503 || status == 429 {
        response["headers"] = json!({ "retry-after": {
            "description": "Seconds after which to try again.",
            "required": true,
            "schema": { "type": "string", "pattern": "^[0-9]+$" },
        } });
    }
    response
}

/// Puts patterns in the place of formats of our own.
fn spell_out(value: &mut Value) {
    match value {
        Value::Array(all) => all.iter_mut().for_each(spell_out),
        Value::Object(object) => {
            if object.get("format").is_some_and(|format| format == "name") {
                object.remove("format");
                object.insert("pattern".to_owned(), json!(NAME));
            }
            object.values_mut().for_each(spell_out);
        }
        _ => {}
    }
}

/// Says how large numbers may be: what has a width in Rust has a limit here.
fn limit_numbers(value: &mut Value) {
    match value {
        Value::Array(all) => all.iter_mut().for_each(limit_numbers),
        Value::Object(object) => {
            let most = match object.get("format").and_then(Value::as_str) {
                Some("int64") => Some(MAX_NUMBER),
                Some("int32") => Some(u32::MAX.into()),
                _ => None,
            };
            if let Some(most) = most {
                object.entry("maximum").or_insert_with(|| json!(most));
                // Both say less than the limits, and `int32` would be wrong.
                object.remove("format");
            }
            object.values_mut().for_each(limit_numbers);
        }
        _ => {}
    }
}
