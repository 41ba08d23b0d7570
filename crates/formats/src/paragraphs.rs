//! Plain text with inline HTML, as blogs store it, made into paragraphs.
//!
//! WordPress does so when it shows a text (`wpautop`): an empty line parts
//! paragraphs, a line feed breaks a line.

use std::fmt::Write;
use std::ops::Range;

/// Elements that lay a text out by themselves: what holds one is HTML already.
const LAYOUT: &[&str] = &[
    "p", "div", "ul", "ol", "dl", "table", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "section",
    "article", "figure", "address",
];

/// The text as an HTML fragment. It is left as it is where it holds elements
/// that lay it out; line feeds in `<pre>` stay.
pub(crate) fn paragraphs(text: &str) -> String {
    let tags = || Tags { text, from: 0 };
    if tags().any(|tag| LAYOUT.iter().any(|name| tag.name.eq_ignore_ascii_case(name))) {
        return text.to_owned();
    }
    let mut html = String::with_capacity(text.len() + 16);
    let mut given = 0;
    // Line feeds inside of tags part nothing.
    let mut run = String::new();
    for tag in tags() {
        let at = tag.whole.start;
        if at < given {
            continue;
        }
        let end = if tag.name.eq_ignore_ascii_case("pre") && !tag.closes {
            end_of_pre(text, tag.whole.end)
        } else {
            tag.whole.end
        };
        run.push_str(&text[given..at]);
        if tag.name.eq_ignore_ascii_case("blockquote") || tag.name.eq_ignore_ascii_case("pre") {
            write_run(&std::mem::take(&mut run), &mut html);
            html.push_str(&text[at..end]);
        } else {
            run.push_str(&text[at..end].replace('\n', " "));
        }
        given = end;
    }
    run.push_str(&text[given..]);
    write_run(&run, &mut html);
    html
}

/// Paragraphs of a text that holds inline elements alone.
fn write_run(run: &str, html: &mut String) {
    let mut is_open = false;
    let mut has_break = false;
    for line in run.lines().map(str::trim) {
        if line.is_empty() {
            if is_open {
                html.push_str("</p>");
            }
            is_open = false;
            continue;
        }
        let before = match (is_open, has_break) {
            (false, _) => "<p>",
            (true, false) => "<br>",
            (true, true) => "",
        };
        let _ = write!(html, "{before}{line}");
        is_open = true;
        has_break = ["<br>", "<br/>", "<br />"].iter().any(|written| line.ends_with(written));
    }
    if is_open {
        html.push_str("</p>");
    }
}

/// Behind the end tag of a `<pre>` whose content starts at `from`.
fn end_of_pre(text: &str, from: usize) -> usize {
    let end = Tags { text, from }.find(|tag| tag.closes && tag.name.eq_ignore_ascii_case("pre"));
    end.map_or(text.len(), |tag| tag.whole.end)
}

/// A tag of an HTML text.
struct Tag<'a> {
    name: &'a str,
    closes: bool,
    whole: Range<usize>,
}

/// The tags of a text in order. A `<` that begins none is text.
struct Tags<'a> {
    text: &'a str,
    from: usize,
}

impl<'a> Iterator for Tags<'a> {
    type Item = Tag<'a>;

    fn next(&mut self) -> Option<Tag<'a>> {
        loop {
            let start = self.from + self.text[self.from..].find('<')?;
            let inside = &self.text[start + 1..];
            self.from = start + 1;
            let closes = inside.starts_with('/');
            let name = inside.trim_start_matches('/');
            let length = name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len());
            let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic());
            match inside.find(['<', '>']) {
                Some(end) if is_name && inside[end..].starts_with('>') => {
                    self.from = start + end + 2;
                    return Some(Tag { name: &name[..length], closes, whole: start..self.from });
                }
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::paragraphs;

    #[test]
    fn lines_become_paragraphs_and_breaks() {
        let cases = [
            ("", ""),
            ("one", "<p>one</p>"),
            ("one\ntwo\n\n\nthree", "<p>one<br>two</p><p>three</p>"),
            ("one  \n \n two", "<p>one</p><p>two</p>"),
            ("a < b > c <3", "<p>a < b > c <3</p>"),
            ("<a\nhref=\"x\">b</a>\nc", "<p><a href=\"x\">b</a><br>c</p>"),
            ("a<br />\nb", "<p>a<br />b</p>"),
            (
                "see\n<blockquote>one\n\ntwo</blockquote>\nyes",
                "<p>see</p><blockquote><p>one</p><p>two</p></blockquote><p>yes</p>",
            ),
            ("a\n<pre>1\n\n<b>2</b></pre>\nb", "<p>a</p><pre>1\n\n<b>2</b></pre><p>b</p>"),
            ("<pre>never\n\nclosed", "<pre>never\n\nclosed"),
            ("<p>a\nb</p>\n\n<p>c</p>", "<p>a\nb</p>\n\n<p>c</p>"),
            ("<UL>\n<li>a</li></UL>", "<UL>\n<li>a</li></UL>"),
            ("\\o/ ¯\\_(ツ)_/¯", "<p>\\o/ ¯\\_(ツ)_/¯</p>"),
        ];
        for (text, html) in cases {
            assert_eq!(paragraphs(text), html);
        }
    }
}
