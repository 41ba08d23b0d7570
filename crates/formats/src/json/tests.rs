use serde_json::{Value, json};

use super::*;

fn json(text: &str, buffer_bytes: usize) -> Json<'_> {
    Json::new(Box::new(text.as_bytes()), buffer_bytes)
}

/// All of a text through the walker, as `serde_json` would have it.
fn walked(json: &mut Json<'_>) -> Walked<Value> {
    if json.is_object()? {
        let mut object = serde_json::Map::new();
        json.enter()?;
        while let Some(key) = json.next_key()? {
            object.insert(key, walked(json)?);
        }
        return Ok(object.into());
    }
    if json.is_array()? {
        let mut array = Vec::new();
        json.enter()?;
        while json.next_element()? {
            array.push(walked(json)?);
        }
        return Ok(array.into());
    }
    Ok(json.value()?.expect("any value is a value"))
}

const TEXT: &str = "\u{feff} {\"a\": [1, -2.5e3 ,true,null, \"x\\\"}]\", {}, []],\n \"b\\u00e9\":{\"c\":\"\\\\\"}, \"d\":0}\n";

/// Found by fuzzing: a bad byte becomes three, and places are the file's.
#[test]
fn an_error_behind_bad_bytes_stands_inside_of_its_value() {
    let text: &[u8] = b"{\"\xff\xff\xff\xff\xff\xff\xff\xff\\u\": 1, \"b\": 2}";
    let key_ends = text.iter().position(|byte| *byte == b':').unwrap() as u64;
    for buffer_bytes in [1, 4096] {
        let mut json = Json::new(Box::new(text), buffer_bytes);
        json.enter().unwrap();
        let error = json.next_key().unwrap_err();
        assert_eq!(error.code, "json_broken");
        assert!(error.byte <= key_ends, "{error:?}");
    }
}

#[test]
fn walks_everything_in_any_buffer() {
    let expected =
        json!({"a": [1, -2500.0, true, null, "x\"}]", {}, []], "b\u{e9}": {"c": "\\"}, "d": 0});
    for buffer_bytes in [1, 2, 3, 7, 4096] {
        let mut whole = json(TEXT, buffer_bytes);
        assert_eq!(walked(&mut whole), Ok(expected.clone()));
        assert_eq!(whole.next_document(), Ok(false));
        let mut skipped = json(TEXT, buffer_bytes);
        skipped.skip().unwrap();
        assert_eq!(skipped.next_document(), Ok(false));
        let mut at_once = json(TEXT, buffer_bytes);
        assert_eq!(at_once.value(), Ok(Ok(expected.clone())));
    }
}

#[test]
fn every_prefix_is_an_error() {
    let end = TEXT.trim_end().len();
    for cut in (1..end).filter(|cut| TEXT.is_char_boundary(*cut)) {
        for read in [walked as fn(&mut Json<'_>) -> _, |json| json.skip().map(|()| Value::Null)] {
            let error = read(&mut json(&TEXT[..cut], 7)).expect_err(&TEXT[..cut]);
            assert_eq!(error.code, "file_cut", "{}", &TEXT[..cut]);
        }
    }
}

#[test]
fn what_is_broken_is_placed() {
    for (text, byte, line) in [
        ("{\"a\":1,}", 7, 1),
        ("{\"a\" 1}", 5, 1),
        ("[1 2]", 3, 1),
        ("[1,,2]", 3, 1),
        ("{\n\"a\":\n tru}", 10, 3),
        ("{a:1}", 1, 1),
        ("[1}", 2, 1),
    ] {
        for buffer_bytes in [1, 4096] {
            let error = walked(&mut json(text, buffer_bytes)).expect_err(text);
            assert_eq!((error.code, error.byte, error.line), ("json_broken", byte, line), "{text}");
        }
    }
}

#[test]
fn another_shape_is_told_and_passed_over() {
    let mut list = json("[{\"n\":1},{\"n\":\"x\"},{\"n\":3}]", 5);
    let mut shapes = Vec::new();
    list.enter().unwrap();
    while list.next_element().unwrap() {
        let value = list.value::<std::collections::BTreeMap<String, u8>>().unwrap();
        shapes.push(value.map(|map| map["n"]).map_err(|wrong| wrong.at.byte));
    }
    assert_eq!(shapes, [Ok(1), Err(16), Ok(3)]);
}

#[test]
fn floods_are_refused() {
    let deep = "[".repeat(1000);
    assert_eq!(walked(&mut json(&deep, 64)).unwrap_err().code, "nested_too_deep");
    assert_eq!(json(&deep, 64).skip().unwrap_err().code, "file_cut");
    let closed = deep.clone() + &"]".repeat(1000);
    assert_eq!(json(&closed, 64).value::<Value>().unwrap_err().code, "nested_too_deep");
    assert_eq!(json(&closed, 64).skip(), Ok(()));
    let long = format!("\"{}\"", "x".repeat(9 << 20));
    assert_eq!(json(&long, 4096).value::<String>().unwrap_err().code, "value_too_long");
    assert_eq!(json(&long, 4096).skip(), Ok(()));
}
