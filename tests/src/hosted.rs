//! What the fixtures' recordings cannot show of Commento and Hyvor Talk.

use rehome_formats::{Convert, HOST, Preview, Previewer, Record, SITE_ADDRESS, Sampler, Step};
use rehome_record::{Complete, Line, Options};

use crate::fixtures::{self, Fixture, entries, lines, ndjson, open, preview};
use crate::mutations::Random;

fn fixture(name: &str) -> Fixture {
    fixtures::all().into_iter().find(|fixture| fixture.name == name).unwrap()
}

/// Preview and lines with an option chosen.
fn chosen(name: &str, option: &str, value: &str) -> (Preview, Vec<Line>) {
    let Fixture { name, bytes, .. } = fixture(name);
    let options = Options::from([(option.to_owned(), value.into())]);
    let (format, source) = open(&name, &bytes).unwrap();
    let (preview, index) = Previewer::new(format, source, &options).run();
    let (format, source) = open(&name, &bytes).unwrap();
    (preview, Convert::new(format, source, index, options).map(Result::unwrap).collect())
}

fn urls(lines: &[Line]) -> Vec<Option<&str>> {
    let pages = lines.iter().filter_map(|line| match line {
        Line::Page(page) => Some(page.url.as_deref()),
        _ => None,
    });
    pages.collect()
}

fn bodies(lines: &[Line]) -> Vec<Option<&str>> {
    let comments = lines.iter().filter_map(|line| match line {
        Line::Comment(comment) => Some(comment.body.as_deref()),
        _ => None,
    });
    comments.collect()
}

#[test]
fn of_several_hosts_the_chosen_one_is_read() {
    let undecided = preview("a.json", &fixture("several-hosts.json").bytes).unwrap().0;
    let [choice] = undecided.choices.as_slice() else { panic!("{:?}", undecided.choices) };
    let values: Vec<_> = choice.values.iter().map(|v| (v.value.as_str(), v.comments)).collect();
    assert_eq!((choice.option, choice.is_needed), (HOST, true));
    assert_eq!(values, [("example.org", Some(2)), ("blog.example.net", Some(2))]);

    let (preview, lines) = chosen("several-hosts.json", HOST, "blog.example.net");
    assert!(!preview.choices[0].is_needed);
    assert_eq!(preview.choices[0].values, choice.values);
    assert_eq!(preview.summary.origin.as_deref(), Some("blog.example.net"));
    let comments = &preview.summary.comments;
    assert_eq!((comments.seen, comments.kept), (4, 2));
    assert_eq!(comments.skipped_by_reason["other_host"], 2);
    assert_eq!(bodies(&lines), [Some("two"), Some("three")]);
    assert_eq!(urls(&lines), [Some("https://blog.example.net/a")]);
}

#[test]
fn of_several_hosts_the_pages_of_the_chosen_one_are_read() {
    let (preview, lines) = chosen("several-hosts-3.json", HOST, "example.net");
    assert_eq!(preview.summary.comments.skipped_by_reason["other_host"], 1);
    assert_eq!(bodies(&lines), [Some("elsewhere")]);
    // A page nobody wrote on may be of either; the chosen one is taken for its host.
    let about = "http://example.net/about/";
    assert_eq!(urls(&lines), [Some(about), Some("http://example.net/nobody-wrote-here")]);
}

#[test]
fn paths_without_a_host_need_the_sites_address() {
    let undecided = preview("a.json", &fixture("no-host.json").bytes).unwrap().0;
    let [choice] = undecided.choices.as_slice() else { panic!("{:?}", undecided.choices) };
    assert_eq!((choice.option, choice.is_needed), (SITE_ADDRESS, true));
    let (preview, lines) = chosen("no-host.json", SITE_ADDRESS, "http://www.example.org/");
    assert!(!preview.choices[0].is_needed);
    assert_eq!(preview.summary.origin.as_deref(), Some("example.org"));
    assert_eq!(urls(&lines), [Some("http://www.example.org/a"), Some("http://www.example.org/")]);
}

#[test]
fn samples_name_people_who_are_listed_behind_their_comments() {
    let Fixture { name, bytes, .. } = fixture("comentario-2.json");
    let (format, source) = open(&name, &bytes).unwrap();
    let (_, index) = Previewer::new(format, source, &Options::new()).run();
    let (format, source) = open(&name, &bytes).unwrap();
    let mut sampler = Sampler::new(format, source, &index, &Options::new());
    while sampler.step(1) == Step::More {}
    let shown = sampler.finish();
    let authors: Vec<_> =
        shown.threads[0].comments.iter().map(|comment| comment.author.as_deref()).collect();
    assert_eq!(authors, [Some("Bob"), None]);
}

#[test]
fn a_version_that_is_not_known_is_refused_by_its_number() {
    for (text, number) in [
        (r#"{"version":2}"#, Some("2")),
        (r#"{"comments":[{"commentHex":"a"}],"version":481}"#, Some("481")),
        (r#"{"version":1.5,"comments":null}"#, None),
        (r#"{"comments":[{"commentHex":"a"}],"version":"one"}"#, None),
    ] {
        let (format, source) = open("a.json", text.as_bytes()).unwrap();
        let reasons = source.detect().reasons;
        let told = reasons.iter().find(|reason| reason.code == "version");
        let shown = told.and_then(|reason| reason.detail.as_deref());
        assert_eq!((format.facts().id, shown), ("commento", number.or(shown)), "{text}");
        let error = preview("a.json", text.as_bytes()).unwrap().0.error.expect(text);
        assert_eq!(error.code, "version_unknown", "{text}");
        assert!(number.is_none_or(|number| error.message.contains(number)), "{}", error.message);
    }
}

#[test]
fn what_stands_behind_the_end_is_read_or_told() {
    let bytes = fixture("hand-edited.json").bytes;
    let glued = [bytes.as_slice(), &fixture("commento-v1.json").bytes].concat();
    let found = preview("a.json", &glued).unwrap().0;
    assert_eq!((found.error, found.summary.complete), (None, Complete::Yes));
    assert_eq!(found.summary.comments.seen, 3 + 13);
    let junk = [bytes.as_slice(), b"\n</body> 1 }"].concat();
    let found = preview("a.json", &junk).unwrap().0;
    assert_eq!((found.error, found.summary.complete), (None, Complete::Yes));
    assert!(found.summary.issues.iter().any(|issue| issue.code == "junk_after_end"));
}

#[test]
fn nothing_of_the_website_comes_out() {
    let mut secrets = 0;
    for fixture in fixtures::all() {
        if fixture.format.facts().id != "hyvor-talk" {
            continue;
        }
        secrets += String::from_utf8_lossy(&fixture.bytes).matches("SECRET").count();
        let (preview, _) = preview(&fixture.name, &fixture.bytes).unwrap();
        let lines = ndjson(&lines(&fixture.name, &fixture.bytes).unwrap().0);
        let told = serde_json::to_string(&preview).unwrap() + &lines;
        assert!(!told.to_ascii_lowercase().contains("secret"), "{}", fixture.name);
    }
    assert!(secrets > 20, "{secrets}");
}

#[test]
fn a_reply_far_down_is_read() {
    // Each level is an object inside of the one before; its own fields stand on
    // both sides of it.
    const LEVELS: usize = 100_000;
    let user = r#""user":{"type":null,"name":"Ann","badges":[[1]]},"page":{"id":1,"reactions":{"love":1}}"#;
    let opened = (1..LEVELS).rev().map(|id| format!(r#"{{"id":{id},{user},"parent":"#));
    let opened = opened.collect::<Vec<_>>().concat();
    let closed = r#","parent":"x","body":"\"}]","tags":[{"parent":{}}]}"#.repeat(LEVELS - 1);
    let deep = format!("{opened}null{closed}");
    let last = format!(
        r#"{{"body":"{{\"parent\":{{","p":"parent","id":{LEVELS},"parent":{deep},{user}}}"#
    );
    let text = format!(
        r#"{{"website":{{}},"comments":[{last},{{"id":7,{user},"body":"y","parent":{{"page":{{}},"id":8}}}}],"pages":[]}}"#
    );
    let (found, error) = entries("a.json", text.as_bytes(), 4096);
    assert_eq!(error, None);
    let comments = found.iter().filter_map(|entry| match &entry.record {
        Ok(Record::Comment(comment)) => {
            Some((comment.source_id.as_str(), comment.parent.as_deref(), comment.body.as_deref()))
        }
        Ok(Record::Page(page)) => {
            assert_eq!(page.extras["reactions"]["love"], 1);
            None
        }
        other => panic!("{other:?}"),
    });
    let expected = [("100000", Some("99999"), Some("{\"parent\":{")), ("7", Some("8"), Some("y"))];
    assert_eq!(comments.collect::<Vec<_>>(), expected);
    for buffer_bytes in [1, 7, 1 << 20] {
        assert!(entries("a.json", text.as_bytes(), buffer_bytes) == (found.clone(), None));
    }
}

#[test]
fn a_record_that_nests_too_deep_is_lost_alone() {
    let deep = format!("{}1{}", "[".repeat(200), "]".repeat(200));
    let text = format!(
        r#"{{"website":{{}},"comments":[{{"id":1,"page":{{"id":1}},"body":{deep}}},{{"id":2,"page":{{"id":1}}}}],"x":{deep}}}"#
    );
    let (found, error) = entries("a.json", text.as_bytes(), 4096);
    assert_eq!(error, None);
    assert_eq!(found[0].record.as_ref().unwrap_err().code, "record_broken");
    assert!(matches!(found.last().unwrap().record, Ok(Record::Comment(_))), "{found:?}");
}

#[test]
fn damage_inside_of_a_record_leaves_all_others_as_they_are() {
    let Fixture { bytes, .. } = fixture("commento-v1.json");
    let comments = |bytes: &[u8]| {
        let (entries, error) = entries("a.json", bytes, 4096);
        assert_eq!(error, None);
        let all = entries.into_iter().filter_map(|entry| match entry.record {
            Ok(Record::Comment(comment)) => Some(comment),
            _ => None,
        });
        all.collect::<Vec<_>>()
    };
    let whole = comments(&bytes);
    let text = str::from_utf8(&bytes).unwrap();
    let starts: Vec<_> = text.match_indices("{\"commentHex\"").map(|(start, _)| start).collect();
    assert_eq!(starts.len(), whole.len());
    let mut random = Random(13);
    for (number, start) in starts.iter().enumerate() {
        let length = text[*start..].find('}').unwrap();
        for piece in [",", "x", ":", "7", "null", "\u{1}", "{}"].repeat(6) {
            let mut at = start + 1 + random.below(length);
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            let damaged = [&text[..at], piece, &text[at..]].concat();
            let left = comments(damaged.as_bytes());
            for (other, comment) in whole.iter().enumerate() {
                assert!(other == number || left.contains(comment), "{piece} at {at}: {other}");
            }
        }
    }
}

#[test]
fn damaged_files_never_panic_and_always_add_up() {
    const PIECES: [&str; 9] = ["{", "}", "[", "]", ",", ":", "\"", "\\", "null"];
    let mut random = Random(29);
    for fixture in fixtures::all() {
        if fixture.format.facts().id == "disqus" {
            continue;
        }
        for _ in 0..200 {
            let mut bytes = fixture.bytes.clone();
            for _ in 0..=random.below(3) {
                let at = random.below(bytes.len());
                let removed = random.below(4).min(bytes.len() - at);
                drop(bytes.splice(at..at + removed, PIECES[random.below(9)].bytes()));
            }
            let Ok((found, _)) = preview(&fixture.name, &bytes) else { continue };
            let counted = &found.summary.comments;
            assert_eq!(counted.seen, counted.kept + counted.skipped, "{}", fixture.name);
            let is_whole = found.summary.complete != Complete::No;
            assert_eq!(found.error.is_none(), is_whole, "{}", fixture.name);
        }
    }
}
