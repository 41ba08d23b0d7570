//! JSON as `DynamoDB` writes it: every value in an object that names its type.

use serde_json::{Map, Number, Value};

/// The record that `value` stands for: `{"commentId":{"S":"1"}}`, the same
/// with small letters (Data Pipeline), inside of `{"Item":…}` or plain.
pub(super) fn plain(value: Value) -> Value {
    match value {
        Value::Object(mut map) if map.len() == 1 && map.contains_key("Item") => {
            map.remove("Item").map(plain).unwrap_or_default()
        }
        Value::Object(map) if !map.is_empty() && map.values().all(is_typed) => {
            Value::Object(map.into_iter().map(|(name, value)| (name, untyped(value))).collect())
        }
        other => other,
    }
}

/// The type that the only key of an object names, and its value.
fn typed(map: &Map<String, Value>) -> Option<&str> {
    let name = map.keys().next().filter(|_| map.len() == 1)?;
    let types = ["S", "N", "B", "BOOL", "NULL", "NULLVALUE", "M", "L", "SS", "NS", "BS"];
    types.into_iter().find(|known| known.eq_ignore_ascii_case(name))
}

fn is_typed(value: &Value) -> bool {
    value.as_object().is_some_and(|map| typed(map).is_some())
}

fn untyped(value: Value) -> Value {
    let Value::Object(map) = value else { return value };
    let kind = typed(&map);
    let inner = || map.values().next().cloned().unwrap_or_default();
    match (kind, inner()) {
        (Some("N"), Value::String(digits)) => {
            digits.parse::<Number>().map_or(Value::String(digits), Value::Number)
        }
        (Some("M"), Value::Object(inner)) => {
            inner.into_iter().map(|(name, value)| (name, untyped(value))).collect()
        }
        (Some("L"), Value::Array(inner)) => inner.into_iter().map(untyped).collect(),
        (Some("NULL" | "NULLVALUE" | "B" | "BS"), _) => Value::Null,
        (Some(_), inner) => inner,
        (None, _) => Value::Object(map),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn types_are_taken_off() {
        let typed = json!({"Item": {
            "s": {"S": "x"}, "n": {"n": "12"}, "b": {"bOOL": true}, "z": {"NULL": true},
            "m": {"M": {"like": {"N": "3"}}}, "l": {"L": [{"S": "a"}, {"N": "1"}]},
        }});
        let plain_json =
            json!({"s": "x", "n": 12, "b": true, "z": null, "m": {"like": 3}, "l": ["a", 1]});
        assert_eq!(plain(typed), plain_json);
        // What is plain stays as it is.
        assert_eq!(plain(plain_json.clone()), plain_json);
        let reactions = json!({"commentId": "1", "reactions": {"S": 2}});
        assert_eq!(plain(reactions.clone()), reactions);
    }
}
