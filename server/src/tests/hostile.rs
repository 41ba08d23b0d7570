//! What the sanitiser makes of strings that would like to do something, looked
//! at as a browser would parse it: by elements and attributes, not by words.

use html5ever::tendril::TendrilSink;
use html5ever::{LocalName, QualName, ns, parse_fragment, serialize};
use markup5ever_rcdom::{Handle, NodeData, RcDom, SerializableHandle};
use rehome_record::BodyFormat;
use serde::Deserialize;
use url::Url;

use crate::sanitise::sanitise;

#[derive(Deserialize)]
struct Hostile {
    from: String,
    text: String,
}

fn strings() -> Vec<Hostile> {
    serde_json::from_str(include_str!("../../../tests/hostile/strings.json")).unwrap()
}

/// As `innerHTML` of such an element parses it, by a browser that runs scripts.
fn parsed(html: &str, context: &str) -> RcDom {
    let context = QualName::new(None, ns!(html), LocalName::from(context));
    let options = html5ever::ParseOpts::default();
    parse_fragment(RcDom::default(), options, context, Vec::new(), true).one(html)
}

/// What could act, in words; nothing where it is harmless.
fn acting(dom: &RcDom) -> Vec<String> {
    let mut found = Vec::new();
    // The parser puts a root of its own around a fragment.
    let root = dom.document.children.borrow()[0].clone();
    let mut waiting: Vec<Handle> = root.children.borrow().clone();
    while let Some(node) = waiting.pop() {
        waiting.extend(node.children.borrow().iter().cloned());
        match &node.data {
            NodeData::Element { name, attrs, template_contents, .. } => {
                if name.ns != ns!(html) || !ALLOWED.contains(&&*name.local) {
                    found.push(format!("<{}>", name.local));
                }
                if template_contents.borrow().is_some() {
                    found.push("a template".into());
                }
                for attribute in attrs.borrow().iter() {
                    let (attribute, value) = (&*attribute.name.local, &*attribute.value);
                    if !is_harmless(&name.local, attribute, value) {
                        found.push(format!("{}[{attribute}={value}]", name.local));
                    }
                }
            }
            NodeData::Text { .. } => {}
            _ => found.push("a comment, doctype or instruction".into()),
        }
    }
    found
}

const ALLOWED: [&str; 21] = [
    "a",
    "b",
    "blockquote",
    "br",
    "code",
    "del",
    "em",
    "i",
    "img",
    "ins",
    "li",
    "ol",
    "p",
    "pre",
    "q",
    "s",
    "strong",
    "sub",
    "sup",
    "u",
    "ul",
];

fn is_harmless(element: &str, attribute: &str, value: &str) -> bool {
    // The parser of browsers' addresses: it knows what they overlook.
    let scheme = Url::parse(value).map(|url| url.scheme().to_owned()).unwrap_or_default();
    match (element, attribute) {
        ("a", "href") => ["http", "https", "mailto"].contains(&scheme.as_str()),
        ("a", "rel") => value == "nofollow noopener ugc",
        ("img", "src") => ["http", "https"].contains(&scheme.as_str()),
        // Words.
        ("img", "alt") | (_, "title" | "lang") => true,
        _ => false,
    }
}

fn inner_html(dom: &RcDom) -> String {
    let root = dom.document.children.borrow()[0].clone();
    let mut html = Vec::new();
    serialize(
        &mut html,
        &SerializableHandle::from(root),
        html5ever::serialize::SerializeOpts::default(),
    )
    .unwrap();
    String::from_utf8(html).unwrap()
}

#[test]
fn nothing_of_what_is_published_gets_through() {
    let strings = strings();
    assert!(strings.len() >= 200, "{}", strings.len());
    for from in ["ammonia", "dompurify", "rehome"] {
        let of = strings.iter().filter(|hostile| hostile.from == from).count();
        assert!(of >= 50, "{of} of {from}");
    }
    let mut acted = 0;
    for Hostile { text, .. } in &strings {
        acted += usize::from(!acting(&parsed(text, "div")).is_empty());
        let clean = sanitise(text.clone(), BodyFormat::Html);
        for context in ["div", "p", "td", "body", "template"] {
            let dom = parsed(&clean, context);
            let found = acting(&dom);
            assert!(found.is_empty(), "{found:?} in <{context}>\ngiven {text}\nmade {clean}");
            // Parsed and written again it is still harmless: nothing hides in it.
            let again = acting(&parsed(&inner_html(&dom), context));
            assert!(again.is_empty(), "{again:?} in <{context}>, the second time\ngiven {text}");
        }
        assert_eq!(sanitise(clean.clone(), BodyFormat::Html), clean, "given {text}");
    }
    // The strings are what they say, or this test would show nothing.
    assert!(acted * 10 > strings.len() * 8, "{acted} of {} would act", strings.len());
}

#[test]
fn what_people_write_around_it_is_kept() {
    let around = |hostile: &str| format!("<p>before</p>{hostile}<p>after</p>");
    for hostile in [
        "<script>x()</script>",
        "<img src=x onerror=x()>",
        "<svg><script>x()</script></svg>",
        "<p style=\"background:url(x)\">a</p>",
        "<a href=\"javascript:x()\">a</a>",
    ] {
        let clean = sanitise(around(hostile), BodyFormat::Html);
        assert!(clean.starts_with("<p>before</p>"), "{clean}");
        assert!(clean.ends_with("<p>after</p>"), "{clean}");
    }
}
