//! Comments' bodies: fragments of HTML as Disqus stores them.

use std::fmt::Write as _;

use crate::random::Random;
use crate::words::{Between, Script, add_words};

const CODE: &str =
    "<pre><code>if (a &lt; b &amp;&amp; c &gt; d) { x[i]\n\t= \"q\\n\"; }</code></pre>";

/// Adds one to five paragraphs.
pub(crate) fn add_fragment(text: &mut String, random: &mut Random) {
    let script = Script::any(random);
    let paragraphs = 1 + if random.per_mille(300) { random.below(5) } else { 0 };
    for number in 0..paragraphs {
        if number > 0 && random.per_mille(50) {
            text.push('\n');
        }
        add_paragraph(text, random, script);
    }
}

fn add_paragraph(text: &mut String, random: &mut Random, script: Script) {
    let words = |text: &mut String, random: &mut Random, count| {
        add_words(text, random, script, count, Between::Marks);
    };
    text.push_str("<p>");
    let long = if random.per_mille(200) { random.below(90) } else { 0 };
    let count = 6 + random.below(20) + long;
    words(text, random, count);
    if random.per_mille(120) {
        add_link(text, random);
    }
    if random.per_mille(60) {
        text.push_str("<br>");
        words(text, random, 5);
    }
    for (cases, tag) in [(60, "b"), (40, "em"), (15, "u")] {
        if random.per_mille(cases) {
            let _ = write!(text, "<{tag}>");
            words(text, random, 3);
            let _ = write!(text, "</{tag}>");
        }
    }
    text.push_str("</p>");
    if random.per_mille(30) {
        text.push_str("<blockquote>");
        words(text, random, 12);
        // The empty paragraph stands in real files.
        text.push_str("</blockquote><p></p>");
    }
    if random.per_mille(20) {
        text.push_str(CODE);
    }
}

/// Disqus shortens the text of a link, not its address.
fn add_link(text: &mut String, random: &mut Random) {
    let host = random.below(97);
    let path = random.below(1 << 40);
    let query = random.below(1000);
    let address = format!("https://site{host}.example.org/p/{path:x}?a=1&amp;b={query}");
    let _ = write!(
        text,
        " <a href=\"{address}\" rel=\"nofollow noopener\" title=\"{address}\">https://site{host}.example.org/p/...</a> "
    );
}
