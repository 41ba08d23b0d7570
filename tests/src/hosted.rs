//! What the fixtures' recordings cannot show of Commento and Hyvor Talk.

use rehome_formats::{Convert, HOST, Preview, Previewer, Record, SITE_ADDRESS};
use rehome_record::{Complete, Line, Options};

use crate::fixtures::{self, Fixture, entries, lines, ndjson, open, preview};

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
fn a_version_that_is_not_known_is_refused_by_its_number() {
    for (text, number) in [
        (r#"{"version":2}"#, Some("2")),
        (r#"{"comments":[{"commentHex":"a"}],"version":481}"#, Some("481")),
        (r#"{"version":1.5,"comments":null}"#, None),
        (r#"{"comments":[{"commentHex":"a"}],"version":"one"}"#, None),
    ] {
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
    // Each level is an object inside of the one before.
    let mut comment = "null".to_owned();
    for id in 0..120 {
        comment =
            format!(r#"{{"id":{id},"page":{{"id":1}},"user":null,"body":"x","parent":{comment}}}"#);
    }
    let text = format!(r#"{{"website":{{}},"comments":[{comment}],"pages":[]}}"#);
    let (found, error) = entries("a.json", text.as_bytes(), 4096);
    assert_eq!(error, None);
    let Some(Ok(Record::Comment(comment))) = found.last().map(|entry| &entry.record) else {
        panic!("{found:?}")
    };
    assert_eq!((comment.source_id.as_str(), comment.parent.as_deref()), ("119", Some("118")));
}
