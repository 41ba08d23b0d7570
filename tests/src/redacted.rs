//! A redacted sample says nothing of what people wrote, and still shows what
//! kind of file it is made from.

use std::collections::BTreeSet;
use std::io::Cursor;

use rehome_formats::{Entry, Record, Redacted, Redactor, Source, Step, native_decoder};
use rehome_record::Author;

use crate::fixtures::{self, entries};

/// Values that readers decide by: they are the same in every file.
const KEPT_WORDS: &[&str] = &[
    "anonymous",
    "approved",
    "closed",
    "comment",
    "deleted",
    "false",
    "open",
    "page",
    "pending",
    "post",
    "private",
    "publish",
    "review",
    "root",
    "spam",
    "text",
    "trash",
    "true",
    "undefined",
];

/// Words shorter than this are in any text.
const MIN_WORD_CHARS: usize = 4;

fn redacted(name: &str, bytes: &[u8], places: &[(String, u64)], step: usize) -> Redacted {
    let source = Source::open(name, Cursor::new(bytes), native_decoder).unwrap();
    let format = source.detect_format();
    let mut redactor = Redactor::new(source, format, places);
    while redactor.step(step) == Step::More {}
    redactor.finish()
}

fn text(sample: &Redacted) -> String {
    String::from_utf8_lossy(&sample.text).into_owned()
}

/// Words that people wrote, as the readers find them.
fn words_of_content(name: &str, bytes: &[u8]) -> BTreeSet<String> {
    let mut content: Vec<String> = Vec::new();
    let of_author = |author: Author| {
        [author.name, author.email, author.url].into_iter().flatten().collect::<Vec<_>>()
    };
    for Entry { record, .. } in entries(name, bytes, 4096).0 {
        match record {
            Ok(Record::Page(page)) => {
                content.extend([page.title, page.url, page.identifier].into_iter().flatten());
            }
            Ok(Record::Author(author)) => content.extend(of_author(author)),
            Ok(Record::Comment(comment)) => {
                content.extend(of_author(comment.author));
                content.extend([comment.body, comment.ip].into_iter().flatten());
            }
            Ok(Record::Removed(_)) | Err(_) => {}
        }
    }
    content.iter().flat_map(|text| words(text)).collect()
}

fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| word.chars().count() >= MIN_WORD_CHARS)
        .map(str::to_owned)
}

/// Names of elements, attributes, keys and columns, and addresses of
/// namespaces: what is kept on purpose, as far as it is in the file.
fn words_of_structure(bytes: &[u8]) -> BTreeSet<String> {
    let text = String::from_utf8_lossy(bytes);
    let mut kept = BTreeSet::new();
    for part in text.split('<').skip(1) {
        let tag = part.split('>').next().unwrap_or_default();
        kept.extend(words(tag.split([' ', '\n', '/']).find(|name| !name.is_empty()).unwrap_or("")));
        for attribute in tag.split_whitespace().filter(|part| part.contains('=')) {
            let (name, value) = attribute.split_once('=').unwrap();
            kept.extend(words(name));
            if name.starts_with("xmlns") || tag.contains("schemaLocation") {
                kept.extend(words(value));
            }
        }
    }
    let strings: Vec<&str> = text.split('"').collect();
    for pair in strings.windows(2) {
        if pair[1].trim_start().starts_with(':') {
            kept.extend(words(pair[0]));
        }
    }
    if !text.trim_start().starts_with(['<', '{', '[', '(']) {
        kept.extend(words(text.lines().next().unwrap_or_default()));
    }
    kept
}

#[test]
fn no_word_that_people_wrote_survives() {
    let mut looked_for = 0;
    for fixture in fixtures::all() {
        let sample = text(&redacted(&fixture.name, &fixture.bytes, &[], usize::MAX));
        let left: BTreeSet<_> = words(&sample).collect();
        let structure = words_of_structure(&fixture.bytes);
        let content = words_of_content(&fixture.name, &fixture.bytes);
        let secret: Vec<_> = content.difference(&structure).collect();
        looked_for += secret.len();
        let leaked: Vec<_> = secret
            .into_iter()
            .filter(|word| left.contains(*word))
            .filter(|word| !KEPT_WORDS.contains(&word.as_str()))
            .filter(|word| !word.chars().all(|c| matches!(c, 'x' | 'X' | '0')))
            .collect();
        let id = fixture.format.facts().id;
        assert!(leaked.is_empty(), "{id}/{}: {leaked:?}\n{sample}", fixture.name);
    }
    assert!(looked_for > 100, "{looked_for}");
}

#[test]
fn no_letter_of_a_value_survives_where_the_sample_can_be_read() {
    let mut values = 0;
    for fixture in fixtures::all() {
        let sample = text(&redacted(&fixture.name, &fixture.bytes, &[], usize::MAX));
        let Ok(json) = serde_json::from_str::<serde_json::Value>(&sample) else { continue };
        each_value(&json, &mut |value| {
            values += 1;
            let is_masked =
                value.chars().all(|c| !c.is_alphanumeric() || matches!(c, 'x' | 'X' | '0'));
            assert!(
                is_masked || value.len() < 25 && !value.contains(' '),
                "{}: {value}",
                fixture.name
            );
        });
    }
    println!("{values} values looked at");
}

fn each_value(json: &serde_json::Value, look: &mut impl FnMut(&str)) {
    match json {
        serde_json::Value::String(text) => look(text),
        serde_json::Value::Array(list) => list.iter().for_each(|value| each_value(value, look)),
        serde_json::Value::Object(object) => {
            object.values().for_each(|value| each_value(value, look));
        }
        _ => {}
    }
}

#[test]
fn a_sample_is_of_the_format_of_its_file() {
    for fixture in fixtures::all() {
        let sample = redacted(&fixture.name, &fixture.bytes, &[], usize::MAX);
        let source = Source::open(&sample.name, Cursor::new(&sample.text), native_decoder).unwrap();
        let found = source.detect_format().map(|format| format.facts().id);
        let id = fixture.format.facts().id;
        assert_eq!(found, Some(id), "{}:\n{}", fixture.name, text(&sample));
    }
}

#[test]
fn lines_and_lengths_stay_and_steps_change_nothing() {
    for fixture in fixtures::all() {
        let whole = redacted(&fixture.name, &fixture.bytes, &[], usize::MAX);
        assert_eq!(redacted(&fixture.name, &fixture.bytes, &[], 1), whole, "{}", fixture.name);
        let Ok(before) = str::from_utf8(&fixture.bytes) else { continue };
        let shape = |text: &str| text.lines().map(|line| line.chars().count()).collect::<Vec<_>>();
        assert_eq!(shape(&text(&whole)), shape(before), "{}", fixture.name);
    }
}

#[test]
fn a_long_file_is_shown_at_its_start_and_around_the_places() {
    let basic = fixtures::all().into_iter().find(|fixture| fixture.name == "basic.xml").unwrap();
    let mut long = basic.bytes.clone();
    let post = b"<post dsq:id=\"7\"><message>Something of somebody</message></post>\n";
    let count = 6 * 1024 * 1024 / post.len();
    long.extend(post.repeat(count));
    let start = 2 * 1024 * 1024;
    let around = 64 * 1024;
    let alone = redacted("long.xml", &long, &[], usize::MAX);
    assert!(alone.text.len().abs_diff(start) < 100, "{}", alone.text.len());
    let places = [("long.xml".to_owned(), 5_000_000), ("other.xml".to_owned(), 4_000_000)];
    let with_place = redacted("long.xml", &long, &places, 100_000);
    assert!(with_place.text.len().abs_diff(start + around) < 200, "{}", with_place.text.len());
    assert!(text(&with_place).contains("\n\n[...]\n\n"));
    assert!(!text(&with_place).contains("somebody"));
}

#[test]
fn of_several_files_the_one_with_the_first_place_is_shown() {
    let basic = fixtures::all().into_iter().find(|fixture| fixture.name == "basic.xml").unwrap();
    let files: Vec<(String, Box<dyn rehome_formats::ReadSeek>)> = vec![
        ("a.xml".to_owned(), Box::new(Cursor::new(basic.bytes.clone()))),
        ("b.csv".to_owned(), Box::new(Cursor::new(b"Secret,1234\n".to_vec()))),
    ];
    let source = Source::open_all(files, native_decoder).unwrap();
    let mut redactor = Redactor::new(source, None, &[("b.csv".to_owned(), 0)]);
    while redactor.step(usize::MAX) == Step::More {}
    let sample = redactor.finish();
    assert_eq!(
        (sample.name.as_str(), sample.text.as_slice()),
        ("redacted-b.csv", &b"Xxxxxx,0000\n"[..])
    );
}

/// Files of no format at hand, and what stands for them.
const SHAPES: &[(&str, &str)] = &[
    // What is no tag and no reference is content.
    (
        "<a>Tom <b and Ann> &amp; R&D; caf&eacute; &#8217;</a>",
        "<a>Xxx <x xxx Xxx> &amp; X&X; xxx&xxxxxx; &#0000;</a>",
    ),
    (
        "<a href=\"https://me.example/1\" ok='true'/>",
        "<a href=\"xxxxx://xx.xxxxxxx/0\" ok='true'/>",
    ),
    (
        "<a><![CDATA[closed]]><![CDATA[Closed, says Ann, and more of it ]] ]]></a>",
        "<a><![CDATA[closed]]><![CDATA[Xxxxxx, xxxx Xxx, xxx xxxx xx xx ]] ]]></a>",
    ),
    (
        "<a><!-- Ann --> spam </a><b>spam from Ann</b>",
        "<a><!-- Xxx --> spam </a><b>xxxx xxxx Xxx</b>",
    ),
    (
        "<?xml version=\"1.0\"?>\n<a x=\"<\">\u{17c}\u{00f3}\u{0142}w \u{1f600}</a>",
        "<?xml version=\"1.0\"?>\n<a x=\"<\">xxxx \u{1f600}</a>",
    ),
    (
        "{\"id\": 1234, \"n\": -12.50e7, \"state\": \"approved\", \"by\": \"Ann\"}",
        "{\"id\": 1000, \"n\": -10.00e0, \"state\": \"approved\", \"by\": \"Xxx\"}",
    ),
    (
        "{\"ann2000\": true, \"/2020/ann\": [\"root\", 3, Ann]}",
        "{\"xxx0000\": true, \"/0000/xxx\": [\"root\", 3, Xxx]}",
    ),
    (
        r#"["\u0041nn\u00e9\n\"\ud834\udd1e\u003c", "Ann said "hello: \q"]"#,
        r#"["\u0058xx\u0078\n\"\ud83d\ude00\u003c", "Xxx xxxx "xxxxx: \x"]"#,
    ),
    (
        "{\"a\": [1, 2]], \"b\": [{\"c\": \"Ann\"}, {\"d\": [3}, \"e\"]}",
        "{\"a\": [1, 2]], \"b\": [{\"c\": \"Xxx\"}, {\"d\": [3}, \"x\"]}",
    ),
    ("{\"a\":\"1\"}\n{\"b\":\"12\"}\n", "{\"a\":\"1\"}\n{\"b\":\"00\"}\n"),
    ("INSERT INTO comments VALUES ('Ann', 'true')", "XXXXXX XXXX xxxxxxxx XXXXXX ('Xxx', 'xxxx')"),
];

#[test]
fn what_is_kept_and_what_is_not() {
    for (before, after) in SHAPES {
        assert_eq!(text(&redacted("some.file", before.as_bytes(), &[], 3)), *after);
    }
}

#[test]
fn bytes_that_are_no_text_stay_such_bytes() {
    let sample = redacted("a.xml", b"<a>caf\xe9 \xc3\xa9 \xf0\x9f\x98</a>\xc3", &[], 1);
    assert_eq!(sample.text, b"<a>xxx\xff x \xff\xff\xff</a>\xff");
}
