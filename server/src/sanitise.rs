//! HTML of strangers, made safe to show.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::Builder;
use rehome_record::BodyFormat;

const TAGS: [&str; 20] = [
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
];

static SANITISER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = Builder::empty();
    builder
        .tags(TAGS.into_iter().chain(["ul"]).collect())
        // Without these the code of a page would be left as words.
        .clean_content_tags(HashSet::from(["script", "style"]))
        .tag_attributes(HashMap::from([
            ("a", HashSet::from(["href"])),
            ("img", HashSet::from(["alt", "src"])),
        ]))
        .url_schemes(HashSet::from(["http", "https", "mailto"]))
        // A relative address would point into this server.
        .url_relative(ammonia::UrlRelative::Deny)
        .link_rel(Some("nofollow noopener ugc"))
        .attribute_filter(|element, attribute, value| {
            let remote = |value: &str| {
                let value = value.trim_start().to_ascii_lowercase();
                value.starts_with("http://") || value.starts_with("https://")
            };
            let allowed = (element, attribute) != ("img", "src") || remote(value);
            allowed.then(|| value.into())
        });
    builder
});

/// The fragment with nothing but words, plain structure, links and pictures.
#[must_use]
pub(crate) fn sanitise_html(fragment: &str) -> String {
    SANITISER.clean(fragment).to_string()
}

/// A body as it is stored: markdown and text are only ever shown as text.
#[must_use]
pub(crate) fn sanitise(body: String, format: BodyFormat) -> String {
    // Without these characters there is no markup to find.
    if format == BodyFormat::Html && body.contains(['<', '>', '&', '\0']) {
        sanitise_html(&body)
    } else {
        body
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_what_people_wrote() {
        let kept = "<p>a &amp; b<br><em>c</em></p><blockquote><p>d</p></blockquote><pre><code>e</code></pre>";
        assert_eq!(sanitise_html(kept), kept);
        assert_eq!(
            sanitise_html(r#"<a href="https://example.org/?a=1&amp;b=2">x</a>"#),
            r#"<a href="https://example.org/?a=1&amp;b=2" rel="nofollow noopener ugc">x</a>"#
        );
        assert_eq!(
            sanitise_html(r#"<img src="https://example.org/a.png" alt="a" onerror="x()">"#),
            r#"<img src="https://example.org/a.png" alt="a">"#
        );
    }

    #[test]
    fn takes_out_what_could_act() {
        let cases = [
            ("<script>alert(1)</script>a", "a"),
            ("<style>p{}</style>a", "a"),
            (r#"<p style="x" class="y" onclick="z()" id="i">a</p>"#, "<p>a</p>"),
            ("<span>a</span>", "a"),
            ("<h1>a</h1>", "a"),
            ("<iframe src=\"https://example.org\"></iframe>a", "a"),
            ("<svg><a href=\"https://example.org\">a</a></svg>", ""),
            (r#"<img src="data:image/png;base64,AAAA">"#, "<img>"),
            (r#"<img src="mailto:a@example.org">"#, "<img>"),
        ];
        for (given, safe) in cases {
            let made = sanitise_html(given);
            if safe.is_empty() {
                assert!(!made.contains("svg"), "{given}: {made}");
            } else {
                assert_eq!(made, safe, "{given}");
            }
        }
        for link in ["javascript:x()", "data:text/html,x", "/admin", "//example.org/x"] {
            let made = sanitise_html(&format!(r#"<a href="{link}">a</a>"#));
            assert!(!made.contains("href"), "{link}: {made}");
        }
    }

    #[test]
    fn only_html_is_touched() {
        let body = "a < b && <script>";
        assert_eq!(sanitise(body.into(), BodyFormat::Text), body);
        assert_eq!(sanitise(body.into(), BodyFormat::Markdown), body);
        assert_eq!(sanitise("plain".into(), BodyFormat::Html), "plain");
    }
}
