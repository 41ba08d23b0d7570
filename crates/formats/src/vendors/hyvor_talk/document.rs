//! The editor's document (that of the library `ProseMirror`) as HTML.
//!
//! Its nodes are known from a real export and from the schema of the 2022 front
//! end. Of a node that is not known, the text is kept.

use serde_json::Value;

/// The document as an HTML fragment, for the server to sanitise.
pub(super) fn to_html(document: &Value) -> String {
    let mut html = String::new();
    node(document, &mut html);
    html
}

// As deep as `serde_json` reads, so this ends.
fn node(node: &Value, html: &mut String) {
    match node["type"].as_str().unwrap_or_default() {
        "text" => text(node, html),
        "hard_break" => html.push_str("<br>"),
        "image" => {
            html.push_str("<img");
            attribute(node, "src", html);
            attribute(node, "alt", html);
            html.push('>');
        }
        "paragraph" => element("p", node, html),
        "blockquote" => element("blockquote", node, html),
        "code_block" => {
            html.push_str("<pre>");
            element("code", node, html);
            html.push_str("</pre>");
        }
        "bullet_list" => element("ul", node, html),
        "ordered_list" => element("ol", node, html),
        "list_item" => element("li", node, html),
        _ => {
            // An emoji or a mention may have its words as a text of its own.
            text(node, html);
            children(node, html);
        }
    }
}

fn element(tag: &str, node: &Value, html: &mut String) {
    html.extend(["<", tag, ">"]);
    children(node, html);
    html.extend(["</", tag, ">"]);
}

fn children(parent: &Value, html: &mut String) {
    for child in parent["content"].as_array().into_iter().flatten() {
        node(child, html);
    }
}

fn text(node: &Value, html: &mut String) {
    let Some(text) = node["text"].as_str() else { return };
    let marks = node["marks"].as_array().map(Vec::as_slice).unwrap_or_default();
    let known: Vec<_> = marks.iter().filter_map(|mark| Some((tag(mark)?, mark))).collect();
    for (tag, mark) in &known {
        html.extend(["<", tag]);
        if *tag == "a" {
            attribute(mark, "href", html);
        }
        html.push('>');
    }
    escape(text, html);
    for (tag, _) in known.iter().rev() {
        html.extend(["</", tag, ">"]);
    }
}

/// The element for a mark; none where it is not known.
fn tag(mark: &Value) -> Option<&'static str> {
    match mark["type"].as_str()? {
        "em" => Some("em"),
        "strong" => Some("strong"),
        "code" => Some("code"),
        "link" => Some("a"),
        "strike" => Some("s"),
        _ => None,
    }
}

fn attribute(node: &Value, name: &str, html: &mut String) {
    if let Some(value) = node["attrs"][name].as_str() {
        html.extend([" ", name, "=\""]);
        escape(value, html);
        html.push('"');
    }
}

fn escape(text: &str, html: &mut String) {
    for character in text.chars() {
        match character {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            _ => html.push(character),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_known_gets_its_element_and_nothing_loses_its_words() {
        let document = json!({"type": "doc", "content": [
            {"type": "paragraph"},
            {"type": "paragraph", "content": [
                {"type": "text", "text": "a < b & "},
                {"type": "text", "text": "c", "marks": [
                    {"type": "strong"},
                    {"type": "link", "attrs": {"href": "https://example.org/?a=\"1\"", "title": null}},
                    {"type": "new"},
                ]},
                {"type": "hard_break"},
                {"type": "emoji", "text": ":)"},
            ]},
            {"type": "spoiler", "content": [{"type": "text", "text": "hidden"}]},
            {"type": "image", "attrs": {"src": "https://example.org/i.png", "alt": null}},
            {"type": "code_block", "content": [{"type": "text", "text": "<script>"}]},
        ]});
        let html = "<p></p><p>a &lt; b &amp; <strong>\
            <a href=\"https://example.org/?a=&quot;1&quot;\">c</a></strong><br>:)</p>\
            hidden<img src=\"https://example.org/i.png\"><pre><code>&lt;script&gt;</code></pre>";
        assert_eq!(to_html(&document), html);
    }
}
