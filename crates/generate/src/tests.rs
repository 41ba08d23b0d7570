use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::Value;

use super::*;

fn generated(export: &Export, comments: u64, seed: u64) -> (String, Written) {
    let mut bytes = Vec::new();
    let written = (export.write)(comments, seed, &mut bytes).unwrap();
    assert_eq!(written.size_bytes, bytes.len() as u64, "{}", export.id);
    (String::from_utf8(bytes).unwrap(), written)
}

/// Element names of an XML text that is well-formed.
fn elements(text: &str) -> Vec<String> {
    let mut reader = Reader::from_str(text);
    let mut elements = Vec::new();
    let mut depth = 0_u64;
    loop {
        match reader.read_event().unwrap() {
            Event::Start(start) => {
                depth += 1;
                elements.push(start.name().as_ref().to_owned());
            }
            Event::End(_) => depth -= 1,
            Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!(depth, 0);
    elements
}

#[test]
fn the_same_numbers_give_the_same_bytes_and_others_do_not() {
    for export in EXPORTS {
        let first = generated(export, 400, 42).0;
        assert!(first == generated(export, 400, 42).0, "{}", export.id);
        assert!(first != generated(export, 400, 43).0, "{}", export.id);
    }
}

#[test]
fn every_export_is_well_formed_and_holds_what_was_asked_for() {
    let records = [
        ("disqus", "post"),
        ("wordpress-wxr", "wp:comment"),
        ("disqus-import-wxr", "wp:comment"),
        ("intensedebate", "comment"),
    ];
    for export in EXPORTS {
        for comments in [0, 1, 1000] {
            let (text, written) = generated(export, comments, 7);
            assert_eq!(written.comments, comments, "{}", export.id);
            let found = if export.ending == "xml" {
                let (_, name) = records.iter().find(|(id, _)| *id == export.id).unwrap();
                elements(&text).iter().filter(|element| element == name).count()
            } else if export.ending == "ndjson" {
                let lines = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
                lines.filter(|line| line["type"] == "comment").count()
            } else if export.ending == "csv" {
                // Line ends inside of texts are plain line feeds.
                text.matches("\r\n").count() - 1
            } else {
                let json: Value = serde_json::from_str(&text).unwrap();
                match export.id {
                    "just-comments" => json.as_array().unwrap().len(),
                    "cusdis" => {
                        let pages = json["projects"][0]["pages"].as_array().unwrap();
                        let comments = pages.iter().map(|page| page["comments"].as_array());
                        comments.map(|comments| comments.unwrap().len()).sum()
                    }
                    "muut" => {
                        let threads = json["threads"]["blog.example.org"].as_array().unwrap();
                        let replies = threads.iter().map(|thread| thread["replies"].as_array());
                        replies.map(|replies| replies.unwrap().len()).sum()
                    }
                    _ => json["comments"].as_array().unwrap().len(),
                }
            };
            assert_eq!(found as u64, comments, "{}", export.id);
        }
    }
}

#[test]
fn they_have_what_readers_get_wrong() {
    for (id, traps) in [
        (
            "wordpress-wxr",
            ["[...]]]>", "<wp:comment_approved><![CDATA[trash", "\r\n\r\n"].as_slice(),
        ),
        ("commento", &["\"[deleted]\"", "\"root\"", "\"anonymous\"", "\"undefined\"", "\\u003c"]),
        (
            "hyvor-talk",
            &["\"parent\":{", "\\/", "\\ud83d", "\"type\":null", "{\\\"type\\\":\\\"doc"],
        ),
        ("intensedebate", &["http%3A%2F%2F", "&lt;p&gt;", "parentid='0'", "&amp;amp;"]),
        ("just-comments", &["\"replyTo\"", "\"hidden\":true", "\"parentId\""]),
        ("cusdis", &["\"deleted_at\":\"", "\"approved\":false", "\"by_email\":null"]),
        ("fastcomments-csv", &["\n\n", ",true,false\r\n", ",true\r\n", "[img]", "\"\"quoted\"\""]),
        ("rehome-ndjson", &["\"parent\":", "\"status\":\"spam\"", "\"complete\":\"yes\""]),
        (
            "comentario",
            &["\"parentId\"", "\"authorName\"", "\"isDeleted\":true", "\"isPending\":true"],
        ),
        ("disqus-import-wxr", &["_parent>1,5<", "_approved>0", "<dsq:id>"]),
        ("muut", &["\"body\":[]", "\"body\":[\"", "&amp;"]),
    ] {
        let export = EXPORTS.iter().find(|export| export.id == id).unwrap();
        let text = generated(export, 2000, 7).0;
        for trap in traps {
            assert!(text.contains(trap), "{id}: {trap}");
        }
    }
}
