//! An export of WordPress (WXR 1.2), as its own export page writes it: comments
//! stand in the item of their page, CRLF inside of texts, LF outside.

use std::fmt::Write as _;
use std::io::{self, Write};

use crate::Written;
use crate::fragment::add_fragment;
use crate::output::Output;
use crate::people::Person;
use crate::random::Random;
use crate::site::{Fate, Site, moment};
use crate::words::{Between, Script, add_words};

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" ?>\n<!-- generator=\"WordPress/6.4\" created=\"2024-01-01 00:00\" -->\n<rss version=\"2.0\"\n\txmlns:excerpt=\"http://wordpress.org/export/1.2/excerpt/\"\n\txmlns:content=\"http://purl.org/rss/1.0/modules/content/\"\n\txmlns:wfw=\"http://wellformedweb.org/CommentAPI/\"\n\txmlns:dc=\"http://purl.org/dc/elements/1.1/\"\n\txmlns:wp=\"http://wordpress.org/export/1.2/\"\n>\n<channel>\n\t<title>Example</title>\n\t<link>https://blog.example.org</link>\n\t<description></description>\n\t<language>en-US</language>\n\t<wp:wxr_version>1.2</wp:wxr_version>\n\t<wp:base_site_url>https://blog.example.org</wp:base_site_url>\n\t<wp:base_blog_url>https://blog.example.org</wp:base_blog_url>\n";

/// Writes an export with so many comments; the same numbers give the same bytes.
///
/// # Errors
/// Those of `out`.
pub fn wxr(comments: u64, seed: u64, out: &mut dyn Write) -> io::Result<Written> {
    let site = Site { comments, seed };
    let mut output = Output::new(out);
    output.text.push_str(HEAD);
    for page in 0..site.pages() {
        start_item(&mut output.text, &site, page);
        for comment in site.comments_of(page) {
            add_comment(&mut output.text, &site, comment);
            output.pass_on()?;
        }
        output.text.push_str("\t\t</item>\n");
        output.pass_on()?;
    }
    output.text.push_str("\t</channel>\n</rss>\n");
    output.finish(&site)
}

fn start_item(text: &mut String, site: &Site, page: u64) {
    let random = &mut site.random("item", page);
    let at = date(site.page_second(page));
    text.push_str("\t<item>\n\t\t<title><![CDATA[");
    add_words(text, random, Script::Latin, 6, Between::Spaces);
    let _ = write!(
        text,
        "]]></title>\n\t\t<link>https://blog.example.org{}</link>\n\t\t<dc:creator><![CDATA[owner]]></dc:creator>\n\t\t<guid isPermaLink=\"false\">https://blog.example.org/?p={id}</guid>\n\t\t<description></description>\n\t\t<content:encoded><![CDATA[",
        site.path_of(page),
        id = page + 10,
    );
    for _ in 0..3 {
        add_body(text, random);
    }
    let _ = write!(
        text,
        "]]></content:encoded>\n\t\t<excerpt:encoded><![CDATA[]]></excerpt:encoded>\n\t\t<wp:post_id>{}</wp:post_id>\n\t\t<wp:post_date><![CDATA[{at}]]></wp:post_date>\n\t\t<wp:post_date_gmt><![CDATA[{at}]]></wp:post_date_gmt>\n\t\t<wp:comment_status><![CDATA[{}]]></wp:comment_status>\n\t\t<wp:post_name><![CDATA[page-{page}]]></wp:post_name>\n\t\t<wp:status><![CDATA[publish]]></wp:status>\n\t\t<wp:post_parent>0</wp:post_parent>\n\t\t<wp:post_type><![CDATA[post]]></wp:post_type>\n\t\t<wp:post_password><![CDATA[]]></wp:post_password>\n\t\t<wp:postmeta>\n\t\t<wp:meta_key><![CDATA[_edit_last]]></wp:meta_key>\n\t\t<wp:meta_value><![CDATA[1]]></wp:meta_value>\n\t\t</wp:postmeta>\n",
        page + 10,
        if random.per_mille(50) { "closed" } else { "open" },
    );
}

fn add_comment(text: &mut String, site: &Site, comment: u64) {
    let random = &mut site.random("comment", comment);
    let Person { name, username } = site.author_of(comment);
    let fate = match site.fate_of(comment) {
        Fate::Shown => "1",
        Fate::Pending => "0",
        Fate::Deleted => "trash",
        Fate::Spam => "spam",
    };
    let kind = if random.per_mille(60) { "pingback" } else { "comment" };
    let at = date(site.second_of(comment));
    let _ = write!(
        text,
        "\t\t<wp:comment>\n\t\t\t<wp:comment_id>{}</wp:comment_id>\n\t\t\t<wp:comment_author><![CDATA[{name}]]></wp:comment_author>\n\t\t\t<wp:comment_author_email><![CDATA[someone{}@example.org]]></wp:comment_author_email>\n\t\t\t<wp:comment_author_url></wp:comment_author_url>\n\t\t\t<wp:comment_author_IP><![CDATA[192.0.2.{}]]></wp:comment_author_IP>\n\t\t\t<wp:comment_date><![CDATA[{at}]]></wp:comment_date>\n\t\t\t<wp:comment_date_gmt><![CDATA[{at}]]></wp:comment_date_gmt>\n\t\t\t<wp:comment_content><![CDATA[",
        comment + 1,
        random.below(5000),
        random.below(255),
    );
    add_body(text, random);
    if kind == "pingback" {
        // Ends as a section does.
        text.push_str(" [...]");
    }
    let _ = write!(
        text,
        "]]></wp:comment_content>\n\t\t\t<wp:comment_approved><![CDATA[{fate}]]></wp:comment_approved>\n\t\t\t<wp:comment_type><![CDATA[{kind}]]></wp:comment_type>\n\t\t\t<wp:comment_parent>{}</wp:comment_parent>\n\t\t\t<wp:comment_user_id>{}</wp:comment_user_id>\n",
        site.parent_of(comment).map_or(0, |parent| parent + 1),
        username.map_or(0, |name| name.len()),
    );
    if random.per_mille(200) {
        text.push_str("\t\t\t<wp:commentmeta>\n\t\t\t\t<wp:meta_key><![CDATA[akismet_result]]></wp:meta_key>\n\t\t\t\t<wp:meta_value><![CDATA[false]]></wp:meta_value>\n\t\t\t</wp:commentmeta>\n");
    }
    text.push_str("\t\t</wp:comment>\n");
}

/// Paragraphs with blank lines between them, or HTML.
fn add_body(text: &mut String, random: &mut Random) {
    if random.per_mille(300) {
        add_fragment(text, random);
        return;
    }
    let script = Script::any(random);
    for number in 0..=random.below(3) {
        if number > 0 {
            text.push_str("\r\n\r\n");
        }
        let words = 6 + random.below(40);
        add_words(text, random, script, words, Between::Marks);
    }
}

fn date(second: u64) -> String {
    moment(second).strftime("%Y-%m-%d %H:%M:%S").to_string()
}
