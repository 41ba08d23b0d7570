//! What an admin may choose about a Muut export, and what cannot be a fixture.

use rehome_formats::{Choice, Convert, PAGES_ARE, Previewer, SITE_ADDRESS};
use rehome_record::{Complete, Line, Options, Page};

use crate::fixtures::{self, Fixture, entries, open, preview};
use crate::mutations::Random;

fn fixture(name: &str) -> Fixture {
    let of_muut = |fixture: &Fixture| fixture.format.facts().id == "muut" && fixture.name == name;
    fixtures::all().into_iter().find(of_muut).unwrap()
}

fn lines_with(fixture: &Fixture, options: &Options) -> Vec<Line> {
    let (format, source) = open(&fixture.name, &fixture.bytes).unwrap();
    let (_, index) = Previewer::new(format, source, options).run();
    let (format, source) = open(&fixture.name, &fixture.bytes).unwrap();
    Convert::new(format, source, index, options.clone()).map(Result::unwrap).collect()
}

fn options(pairs: &[(&str, &str)]) -> Options {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).into())).collect()
}

fn pages(lines: &[Line]) -> Vec<&Page> {
    let pages = lines.iter().filter_map(|line| match line {
        Line::Page(page) => Some(page),
        _ => None,
    });
    pages.collect()
}

/// `id`, `page`, `parent` and `title` of each comment.
fn comments(lines: &[Line]) -> Vec<[&str; 4]> {
    let comments = lines.iter().filter_map(|line| match line {
        Line::Comment(comment) => Some(comment),
        _ => None,
    });
    let row = comments.map(|comment| {
        let title = comment.extras.get("title").and_then(serde_json::Value::as_str);
        let parent = comment.parent.as_deref();
        [&*comment.source_id, &*comment.page, parent.unwrap_or(""), title.unwrap_or("")]
    });
    row.collect()
}

#[test]
fn channels_can_be_pages() {
    let fixture = fixture("threaded.json");
    let lines = lines_with(&fixture, &options(&[(PAGES_ARE, "channels")]));
    let found: Vec<_> =
        pages(&lines).iter().map(|page| (&*page.source_id, page.title.as_deref())).collect();
    let expected = [
        ("blog.example.org/1", Some("First post")),
        ("blog.example.org/3", Some("Not commented")),
        ("blog.example.org/2", None),
        // It begins with a placeholder, so it is a page of its own.
        ("blog.example.org/2:comments-1396377000", Some("Second post")),
    ];
    assert_eq!(found, expected);
    let root = "blog.example.org/1:i-like-this-1396370000";
    let reply = |name: &str| format!("{root}/{name}");
    let expected = [
        [root, "blog.example.org/1", "", "I like this"],
        [&reply("r2-1396370200"), "blog.example.org/1", root, ""],
        [&reply("r1-1396370100"), "blog.example.org/1", root, ""],
        ["blog.example.org/1:i-like-this-1396375000", "blog.example.org/1", "", ""],
        ["blog.example.org/2:anyone-1396376000", "blog.example.org/2", "", ""],
        [
            "blog.example.org/2:comments-1396377000/r5-1396377100",
            "blog.example.org/2:comments-1396377000",
            "",
            "",
        ],
    ];
    assert_eq!(comments(&lines), expected);
    // The same comments by any choice.
    let ids = |lines: &[Line]| -> Vec<String> {
        comments(lines).iter().map(|comment| comment[0].to_owned()).collect()
    };
    assert_eq!(ids(&lines), ids(&lines_with(&fixture, &Options::new())));
}

#[test]
fn the_older_form_has_channels_too() {
    let lines = lines_with(&fixture("lines.jsonl"), &options(&[(PAGES_ARE, "channels")]));
    let found: Vec<_> =
        pages(&lines).iter().map(|page| (&*page.source_id, page.title.as_deref())).collect();
    assert_eq!(found, [("general", Some("General")), ("blog.example.org:post", Some("A page"))]);
    let title = "Hello";
    assert_eq!(comments(&lines)[0], ["general:hello-1396369200", "general", "", title]);
}

#[test]
fn pages_have_addresses_once_the_site_is_known() {
    let urls = |site: &str| -> Vec<String> {
        let lines = lines_with(&fixture("flat.json"), &options(&[(SITE_ADDRESS, site)]));
        pages(&lines).iter().filter_map(|page| page.url.clone()).collect()
    };
    let expected = [
        "https://example.org/blog.example.org:first-post",
        "https://example.org/blog.example.org:not-commented",
        "https://example.org/blog.example.org/12",
        "https://example.org/blog.example.org/guests",
    ];
    for site in ["https://example.org", " https://example.org/ ", "example.org"] {
        assert_eq!(urls(site), expected);
    }
    assert_eq!(urls("  "), [""; 0]);
}

#[test]
fn what_the_file_leaves_open_is_asked() {
    let asked = |name: &str| -> Vec<&'static str> {
        let fixture = fixture(name);
        let choices: Vec<Choice> = preview(name, &fixture.bytes).unwrap().0.choices;
        assert!(choices.iter().all(|choice| !choice.is_needed));
        choices.iter().map(|choice| choice.option).collect()
    };
    assert_eq!(asked("flat.json"), [SITE_ADDRESS]);
    assert_eq!(asked("threaded.json"), [SITE_ADDRESS, PAGES_ARE]);
}

#[test]
fn what_follows_the_end_is_said_and_a_lone_bracket_is_no_end() {
    let whole = fixture("flat.json").bytes;
    let whole = whole.trim_ascii_end();
    for (behind, code) in
        [("\n<!-- by example.org -->", "junk_after_end"), (" {\"threads\":{}}", "junk_after_end")]
    {
        let (found, _) = preview("junk.json", &[whole, behind.as_bytes()].concat()).unwrap();
        assert_eq!((found.error, found.summary.complete), (None, Complete::Yes));
        let issue = found.summary.issues.iter().find(|issue| issue.code == code).unwrap();
        assert_eq!((issue.count, issue.examples[0].byte), (1, whole.len() as u64 + 1), "{behind}");
    }
    let (_, error) = entries("open.json", &whole[..whole.len() - 1], 4096);
    let error = error.unwrap();
    assert_eq!((error.code, error.byte), ("file_cut", whole.len() as u64 - 1));
}

#[test]
fn damaged_json_gives_the_same_in_any_buffer_and_adds_up() {
    const PIECES: [&str; 12] =
        ["]", "[", "}", "{", "}{", "}]{", "}[{", "]]", "(", ")", "\"", ",\"seed\":"];
    let mut random = Random(2014);
    let mut whole = 0;
    for fixture in fixtures::all().iter().filter(|f| f.format.facts().id == "muut") {
        for _ in 0..300 {
            let mut bytes = fixture.bytes.clone();
            for _ in 0..=random.below(2) {
                let at = random.below(bytes.len());
                let removed = random.below(2).min(bytes.len() - at);
                let piece = PIECES[random.below(PIECES.len())];
                drop(bytes.splice(at..at + removed, piece.bytes()));
            }
            let at_once = entries(&fixture.name, &bytes, 1 << 20);
            for buffer_bytes in [1, 7, 64] {
                let found = entries(&fixture.name, &bytes, buffer_bytes);
                assert!(found == at_once, "{}: {}", fixture.name, String::from_utf8_lossy(&bytes));
            }
            whole += u32::from(at_once.1.is_none());
            if let Ok((preview, _)) = preview(&fixture.name, &bytes) {
                let comments = preview.summary.comments;
                assert_eq!(comments.seen, comments.kept + comments.skipped, "{}", fixture.name);
            }
        }
    }
    assert!(whole > 100, "some damage can be read past: {whole}");
}
