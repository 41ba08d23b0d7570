//! An export of Disqus, as `<shortname>-<time>-all.xml` is.
//!
//! One element a line, all pages before all comments, comments in the order of
//! their time and a parent before its replies. Ids have gaps, as those of a
//! service that many sites share.

use std::fmt::Write as _;
use std::io::{self, Write};

use jiff::Timestamp;

use crate::Written;
use crate::fragment::add_fragment;
use crate::people::Person;
use crate::random::Random;
use crate::words::{Between, Script, add_words};

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<disqus xmlns=\"http://disqus.com\" xmlns:dsq=\"http://disqus.com/disqus-internals\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:schemaLocation=\"http://disqus.com/api/schemas/1.0/disqus.xsd http://disqus.com/api/schemas/1.0/disqus-internals.xsd\">\n";
const FORUM: &str = "example-blog";
const CATEGORY: u64 = 3_100_001;
/// Pages are made when somebody first looks at them, so there are many.
const COMMENTS_PER_PAGE: u64 = 30;
/// Every fifth page was looked at and never written on.
const SILENT_PAGE: u64 = 5;

/// 2012-01-01T00:00:00Z.
const FIRST_SECOND: u64 = 1_325_376_000;
/// Twelve years of comments.
const SECONDS: u64 = 378_000_000;

/// A reply is near: to one of the last comments of its page.
const RECENT: usize = 8;
/// Pages whose last comments are known. Discussions move on, so more would
/// only cost memory.
const OPEN_PAGES: usize = 512;
/// Roots have depth 1. Deeper replies are not seen in real files.
const DEEPEST: u8 = 8;

/// Writes an export with so many comments.
///
/// The same number and seed give the same bytes. Deleted, purged and spam
/// comments are among them; every parent is in the file.
///
/// # Errors
/// Those of `out`.
pub fn disqus(comments: u64, seed: u64, mut out: impl Write) -> io::Result<Written> {
    let export = Export { comments, pages: comments / COMMENTS_PER_PAGE + 1, seed };
    let mut written = Written { pages: export.pages, comments, size_bytes: 0 };
    let mut text = String::from(HEAD);
    let _ = write!(
        text,
        "<category dsq:id=\"{CATEGORY}\">\n<forum>{FORUM}</forum>\n<title>General</title>\n<isDefault>true</isDefault>\n</category>\n"
    );
    let mut pass_on = |text: &mut String| {
        written.size_bytes += text.len() as u64;
        let result = out.write_all(text.as_bytes());
        text.clear();
        result
    };
    for number in 0..export.pages {
        export.add_page(&mut text, number);
        pass_on(&mut text)?;
    }
    let mut discussions = Discussions::new();
    for number in 0..comments {
        export.add_comment(&mut text, number, &mut discussions);
        pass_on(&mut text)?;
    }
    text.push_str("</disqus>\n");
    pass_on(&mut text)?;
    out.flush()?;
    Ok(written)
}

struct Export {
    comments: u64,
    pages: u64,
    seed: u64,
}

impl Export {
    fn add_page(&self, text: &mut String, number: u64) {
        let random = &mut Random::of(self.seed, "page", number);
        let path = format!("{}/{:06x}", 2012 + number * 12 / self.pages, random.below(1 << 24));
        let name = if random.per_mille(300) {
            "<id />".to_owned()
        } else {
            format!("<id>node/{number}</id>")
        };
        let query = if random.per_mille(100) { "?utm_source=feed&amp;x=1" } else { "" };
        let _ = write!(
            text,
            "<thread dsq:id=\"{}\">\n{name}\n<forum>{FORUM}</forum>\n<category dsq:id=\"{CATEGORY}\" />\n<link>https://blog.example.org/{path}/{number}/{query}</link>\n<title>",
            page_id(self.seed, number),
        );
        add_title(text, random);
        let owner = Person::account(self.seed, random.below(3));
        let created = FIRST_SECOND + number * (SECONDS / self.pages);
        let _ = writeln!(text, "</title>\n<message />\n<createdAt>{}</createdAt>", moment(created));
        add_author(text, &owner);
        let _ = write!(
            text,
            "<isClosed>{}</isClosed>\n<isDeleted>{}</isDeleted>\n</thread>\n",
            random.per_mille(50),
            random.per_mille(10),
        );
    }

    fn add_comment(&self, text: &mut String, number: u64, discussions: &mut Discussions) {
        let random = &mut Random::of(self.seed, "comment", number);
        let page = self.page_of(number, random);
        let id = 4_000_000_000 + number * 977 + random.below(977);
        let parent = discussions.reply(page, id, random);
        let fate = Fate::of(random);

        let _ = writeln!(text, "<post dsq:id=\"{id}\">");
        if random.per_mille(200) {
            let _ = writeln!(text, "<id>wp_id={}</id>", number + 1);
        } else {
            text.push_str("<id />\n");
        }
        if fate == Fate::Purged {
            text.push_str("<message />\n");
        } else {
            text.push_str("<message><![CDATA[");
            add_fragment(text, random);
            text.push_str("]]></message>\n");
        }
        let second = FIRST_SECOND + number * (SECONDS / self.comments) + random.below(300);
        let _ = write!(
            text,
            "<createdAt>{}</createdAt>\n<isDeleted>{}</isDeleted>\n<isSpam>{}</isSpam>\n",
            moment(second),
            matches!(fate, Fate::Deleted | Fate::Purged),
            fate == Fate::Spam,
        );
        if fate == Fate::Purged {
            text.push_str("<author>\n<name />\n<isAnonymous>true</isAnonymous>\n</author>\n");
        } else {
            add_author(text, &Person::any(self.seed, random));
        }
        let _ = writeln!(text, "<thread dsq:id=\"{}\" />", page_id(self.seed, page));
        if let Some(parent) = parent {
            let _ = writeln!(text, "<parent dsq:id=\"{parent}\" />");
        }
        text.push_str("</post>\n");
    }

    /// People write on the newest pages, and now and then on an old one.
    fn page_of(&self, comment: u64, random: &mut Random) -> u64 {
        let newest = u128::from(comment) * u128::from(self.pages) / u128::from(self.comments);
        let newest = u64::try_from(newest).expect("less than the number of pages");
        let page = if random.per_mille(50) {
            random.below(newest + 1)
        } else {
            newest - random.below(OPEN_PAGES as u64 / 4).min(newest)
        };
        if page % SILENT_PAGE == SILENT_PAGE - 1 { page - 1 } else { page }
    }
}

/// What became of a comment.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    Shown,
    /// By a moderator: text and name stay.
    Deleted,
    /// Nothing but its place stays.
    Purged,
    Spam,
}

impl Fate {
    fn of(random: &mut Random) -> Self {
        match random.below(1000) {
            0..10 => Self::Deleted,
            10..15 => Self::Purged,
            15..30 => Self::Spam,
            _ => Self::Shown,
        }
    }
}

/// The last comments of the pages that are written on, to be answered.
struct Discussions {
    /// A page has its place by its number; another page may take it over.
    open: Vec<(u64, Vec<Answerable>)>,
}

#[derive(Clone, Copy)]
struct Answerable {
    id: u64,
    depth: u8,
}

impl Discussions {
    fn new() -> Self {
        Self { open: vec![(0, Vec::with_capacity(RECENT)); OPEN_PAGES] }
    }

    /// Takes in a new comment; gives the one that it answers.
    fn reply(&mut self, page: u64, id: u64, random: &mut Random) -> Option<u64> {
        let at = usize::try_from(page % OPEN_PAGES as u64).expect("less than a length");
        let (of, recent) = &mut self.open[at];
        if *of != page {
            *of = page;
            recent.clear();
        }
        let answers = !recent.is_empty() && random.per_mille(450);
        let parent =
            answers.then(|| random.pick(recent)).filter(|answered| answered.depth < DEEPEST);
        if recent.len() == RECENT {
            recent.remove(0);
        }
        recent.push(Answerable { id, depth: parent.map_or(1, |parent| parent.depth + 1) });
        parent.map(|parent| parent.id)
    }
}

fn page_id(seed: u64, number: u64) -> u64 {
    5_000_000_000 + number * 131 + Random::of(seed, "page id", number).below(131)
}

fn add_author(text: &mut String, person: &Person) {
    text.push_str("<author>\n<name>");
    add_escaped(text, &person.name);
    let _ = writeln!(text, "</name>\n<isAnonymous>{}</isAnonymous>", person.username.is_none());
    if let Some(username) = &person.username {
        let _ = writeln!(text, "<username>{username}</username>");
    }
    text.push_str("</author>\n");
}

/// Titles are escaped twice, now and then without the semicolon.
fn add_title(text: &mut String, random: &mut Random) {
    let script = Script::any(random);
    add_words(text, random, script, 6, Between::Spaces);
    match random.below(12) {
        0 => text.push_str(" &amp;amp; more"),
        1 => text.push_str(", what it&amp;#8217;s for"),
        2 => text.push_str(" and what I&amp;#039ve seen"),
        3 => text.push_str(" &amp;quot;in short&amp;quot;"),
        _ => {}
    }
}

fn add_escaped(text: &mut String, plain: &str) {
    for character in plain.chars() {
        match character {
            '&' => text.push_str("&amp;"),
            '<' => text.push_str("&lt;"),
            '>' => text.push_str("&gt;"),
            other => text.push(other),
        }
    }
}

fn moment(second: u64) -> Timestamp {
    let second = i64::try_from(second).expect("a second of this century");
    Timestamp::from_second(second).expect("a second of this century")
}

#[cfg(test)]
mod tests;
