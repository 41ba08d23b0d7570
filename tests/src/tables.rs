//! What is special to exports that are tables or lines, and to our own lines.

use std::io::Cursor;

use rehome_formats::{
    Convert, FORMATS, PAGE_KEY, Preview, Previewer, ReadError, ReadSeek, Source, native_decoder,
};
use rehome_record::{Complete, End, Header, IMPORT_INCOMPLETE, Line, Options, Page};

use crate::fixtures::{self, ndjson, preview, recognised};

/// Texts as the files of one export.
fn source<'a>(files: &[(&str, &'a str)]) -> Source<'a> {
    let files = files.iter().map(|(name, text)| {
        let file: Box<dyn ReadSeek + 'a> = Box::new(Cursor::new(text.as_bytes()));
        ((*name).to_owned(), file)
    });
    Source::open_all(files.collect(), native_decoder).unwrap()
}

/// Both passes over the files.
fn read(
    files: &[(&str, &str)],
    options: &Options,
) -> Result<(Preview, Vec<Line>, Option<ReadError>), ReadError> {
    let (format, first) = recognised(source(files))?;
    let (preview, index) = Previewer::new(format, first, options).run();
    let (mut lines, mut error) = (Vec::new(), None);
    for line in Convert::new(format, source(files), index, options.clone()) {
        match line {
            Ok(line) => lines.push(line),
            Err(failed) => error = Some(failed),
        }
    }
    assert_eq!(preview.error.is_some(), error.is_some() || is_taken_incomplete(options));
    Ok((preview, lines, error))
}

fn is_taken_incomplete(options: &Options) -> bool {
    options.contains_key(IMPORT_INCOMPLETE)
}

fn fixture(name: &str) -> String {
    let path = format!("{}/fixtures/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{path}: {e}"))
}

fn chosen(option: &str, value: &str) -> Options {
    Options::from([(option.to_owned(), value.into())])
}

fn page_ids(lines: &[Line]) -> Vec<&str> {
    let id = |line: &'_ Line| matches!(line, Line::Page(_));
    let pages = lines.iter().filter(|line| id(line));
    pages
        .map(|line| match line {
            Line::Page(Page { source_id, .. }) => source_id.as_str(),
            _ => unreachable!("pages alone are left"),
        })
        .collect()
}

/// Codes of skipped comments with their counts, then of other issues.
fn issue_codes(preview: &Preview) -> Vec<(&'static str, u64)> {
    preview.summary.issues.iter().map(|issue| (issue.code, issue.count)).collect()
}

#[test]
fn lines_of_any_export_read_back_give_the_same_lines() {
    let mut files = 0;
    for fixture in fixtures::all() {
        let (lines, error) = fixtures::lines(&fixture.name, &fixture.bytes).unwrap();
        assert_eq!(error, None, "{}", fixture.name);
        let text = ndjson(&lines);
        let (preview, again, error) =
            read(&[("lines.ndjson", text.as_str())], &Options::new()).unwrap();
        assert_eq!(error, None, "{}", fixture.name);
        assert!(again == lines, "{}", fixture.name);
        let Some(Line::End(End { complete, .. })) = lines.last() else { panic!("no end") };
        assert_eq!(preview.summary.complete, *complete, "{}", fixture.name);
        files += 1;
    }
    assert!(files > FORMATS.len(), "{files}");
}

#[test]
fn own_lines_prove_that_none_was_lost() {
    let whole = fixture("rehome-ndjson/basic.ndjson");
    let lines: Vec<_> = whole.lines().collect();
    let error = |lines: &[&str]| {
        let text = format!("{}\n", lines.join("\n"));
        let (preview, _, error) = read(&[("a.ndjson", &text)], &Options::new()).unwrap();
        assert_eq!(preview.summary.complete, Complete::No);
        error.map(|error| (error.code, error.line))
    };
    for lost in 1..lines.len() - 1 {
        let mut fewer = lines.clone();
        fewer.remove(lost);
        assert_eq!(error(&fewer), Some(("lines_missing", 6)), "line {lost}");
        let mut more = lines.clone();
        more.insert(lost, lines[lost]);
        assert_eq!(error(&more), Some(("lines_missing", 8)), "line {lost}");
    }
    assert_eq!(error(&lines[..lines.len() - 1]), Some(("file_cut", 7)));
    assert_eq!(error(&lines[..1]), Some(("file_cut", 2)));
}

#[test]
fn own_lines_of_an_incomplete_export_stay_incomplete() {
    let text = fixture("rehome-ndjson/basic.ndjson")
        .replace("\"complete\":\"yes\"", "\"complete\":\"no\"");
    let files = [("a.ndjson", text.as_str())];
    let (preview, _, error) = read(&files, &Options::new()).unwrap();
    assert_eq!(error.unwrap().code, "source_incomplete");
    assert_eq!((preview.summary.complete, preview.summary.comments.kept), (Complete::No, 2));
    let options = Options::from([(IMPORT_INCOMPLETE.to_owned(), true.into())]);
    let (_, lines, error) = read(&files, &options).unwrap();
    assert_eq!(error, None);
    assert!(matches!(lines.last(), Some(Line::End(End { complete: Complete::No, .. }))));
}

#[test]
fn own_lines_of_an_unknown_version_are_named_as_such() {
    for (header, code) in [
        (r#"{"type":"header","schema":2,"format":"disqus","source":{}}"#, "schema_unknown"),
        (
            r#"{"type":"header","schema":2,"format":"f","family":"f","origin":"o","reader":"r","fields":[]}"#,
            "schema_unknown",
        ),
        (r#"{"type":"header","schema":1,"format":"disqus"}"#, "header_broken"),
        (
            r#"{"type":"header","schema":1,"format":"","family":"f","origin":"o","reader":"r","fields":[]}"#,
            "header_broken",
        ),
    ] {
        let (_, lines, error) =
            read(&[("a.ndjson", &format!("{header}\n"))], &Options::new()).unwrap();
        let error = error.unwrap();
        assert_eq!((error.code, error.line, lines.len()), (code, 1, 1), "{header}");
    }
}

#[test]
fn own_lines_behind_the_end_are_left_out_and_counted() {
    let text = fixture("rehome-ndjson/unknown-end.ndjson");
    let more = format!("{text}{}\n{{\"broken\n", text.lines().nth(2).unwrap());
    let (preview, lines, error) = read(&[("a.ndjson", &more)], &Options::new()).unwrap();
    assert_eq!((error, lines.len()), (None, 4));
    let comments = &preview.summary.comments;
    assert_eq!((comments.seen, comments.kept, comments.skipped), (2, 1, 1));
    let codes = issue_codes(&preview);
    assert_eq!(codes, [("junk_after_end", 1), ("record_broken", 1)]);
}

#[test]
fn own_lines_of_two_sources_are_not_mixed() {
    let one = fixture("rehome-ndjson/basic.ndjson");
    let other = fixture("rehome-ndjson/unknown-end.ndjson");
    let files = [("a.ndjson", one.as_str()), ("b.ndjson", other.as_str())];
    let (preview, _, error) = read(&files, &Options::new()).unwrap();
    assert_eq!(error.map(|error| (error.code, error.file)), Some(("headers_differ", 1)));
    assert_eq!(preview.summary.complete, Complete::No);
    let same = one.replace("63314669", "73314669").replace("9796275701", "9796275702");
    let files = [("a.ndjson", one.as_str()), ("b.ndjson", same.as_str())];
    let (preview, lines, error) = read(&files, &Options::new()).unwrap();
    assert_eq!((error, preview.summary.comments.kept), (None, 4));
    let Some(Line::Header(Header { format, origin, redacted, .. })) = lines.first() else {
        panic!("no header");
    };
    assert_eq!((format.as_str(), origin.as_str(), redacted.len()), ("disqus", "example-blog", 1));
}

#[test]
fn the_tables_of_cusdis_are_read_together() {
    let (comments, pages) = (fixture("cusdis/comments.csv"), fixture("cusdis/pages.csv"));
    let projects = "id,title,token,ownerId\np1,Example,not-to-be-kept,u1\n";
    let files = [
        ("comments.csv", comments.as_str()),
        ("pages.csv", pages.as_str()),
        ("projects.csv", projects),
    ];
    let (preview, lines, error) = read(&files, &Options::new()).unwrap();
    let counted = &preview.summary.comments;
    assert_eq!((counted.seen, counted.kept, counted.replies), (2, 2, 1));
    assert_eq!((error, preview.summary.complete), (None, Complete::Unknown));
    assert_eq!(issue_codes(&preview), [("file_left_out", 1)]);
    assert!(!ndjson(&lines).contains("not-to-be-kept"));
}

#[test]
fn the_tables_of_cusdis_may_be_lists() {
    let comments = r#"[{"id":"c1","pageId":"g1","by_nickname":"Ada","content":"Hi","approved":1}]"#;
    let pages = r#"[{"id":"g1","slug":"/a","url":"https://example.org/a","projectId":"p1"}]"#;
    let files = [("comments.json", comments), ("pages.json", pages)];
    let (preview, lines, error) = read(&files, &Options::new()).unwrap();
    assert_eq!((error, preview.summary.complete), (None, Complete::Yes));
    assert_eq!((preview.summary.comments.kept, page_ids(&lines)), (1, vec!["g1"]));
}

#[test]
fn another_version_of_cusdis_is_refused() {
    let text = fixture("cusdis/projects.json").replace("\"version\": 1", "\"version\": 2");
    let (_, lines, error) = read(&[("a.json", &text)], &Options::new()).unwrap();
    let error = error.unwrap();
    assert_eq!((error.code, error.line, lines.len()), ("version_unknown", 3, 1));
}

#[test]
fn pages_of_just_comments_are_known_by_what_the_admin_chooses() {
    let text = fixture("just-comments/list.json");
    let files = [("a.json", text.as_str())];
    let of = |options: &Options| {
        let (preview, lines, error) = read(&files, options).unwrap();
        assert_eq!((error, preview.summary.comments.orphans), (None, 0));
        assert!(preview.choices.iter().any(|choice| choice.option == PAGE_KEY));
        page_ids(&lines).into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    let by_url = [
        "blog.example.org/moving-house",
        "blog.example.org/?p=7",
        "blog.example.org:8080/forty-two",
        "post-43",
    ];
    assert_eq!(of(&Options::new()), by_url);
    assert_eq!(of(&chosen(PAGE_KEY, "url")), by_url);
    let by_id = ["blog.example.org/moving-house", "blog.example.org/?p=7", "post-42", "post-43"];
    assert_eq!(of(&chosen(PAGE_KEY, "id")), by_id);
}

#[test]
fn credentials_do_not_leave_the_file() {
    for (name, secret) in [
        ("just-comments/list.json", "secret"),
        ("cusdis/projects.json", "not-to-be-kept"),
        ("cusdis/projects.json", "owner-1"),
        ("cusdis/tables.json", "not-to-be-kept"),
    ] {
        let text = fixture(name);
        assert!(text.contains(secret));
        let (preview, lines, _) = read(&[(name, &text)], &Options::new()).unwrap();
        assert!(lines.len() > 2 && !ndjson(&lines).contains(secret), "{name}");
        assert!(!serde_json::to_string(&preview).unwrap().contains(secret), "{name}");
    }
}

#[test]
fn a_table_is_known_by_its_columns() {
    for text in [
        "name,email\nAda,ada@example.org\n",
        "ID,Comment\n1,No page\n",
        "commentId\n1\n",
        // The table that FastComments takes for comments to come.
        "ID,Parent ID,URL ID,URL,Name,Avatar,Comment,Hours,Minutes,Seconds\n1,,/a,,Ada,,Hi,0,1,2\n",
        "Dear all, commentId and itemId, by_nickname and content are words.\n",
    ] {
        let error = preview("a.csv", text.as_bytes()).unwrap_err();
        assert_eq!(error.code, "format_unknown", "{text}");
    }
}

#[test]
fn a_table_or_line_that_stops_in_the_middle_is_an_error_though_there_is_no_end_to_see() {
    for (name, cut) in [
        ("fastcomments-csv/basic.csv", "[img]"),
        ("just-comments/table.csv", "second"),
        ("cusdis/comments.csv", "so nothing"),
        ("just-comments/lines.jsonl", "An answer"),
        ("just-comments/dynamodb-lines.jsonl", "replyTo"),
    ] {
        let text = fixture(name);
        let text = &text[..text.find(cut).unwrap()];
        let (preview, _, error) = read(&[(name, text)], &Options::new()).unwrap();
        let error = error.unwrap();
        let line = text.split('\n').count() as u64;
        assert_eq!((error.code, error.byte, error.line), ("file_cut", text.len() as u64, line));
        assert_eq!(preview.summary.complete, Complete::No, "{name}");
    }
}
