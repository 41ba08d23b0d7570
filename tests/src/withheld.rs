//! What was never public, and people that a file lists by themselves: with a
//! stand-in for a format, so that every case is at hand whatever is in the list.

use std::io::{Cursor, Read};

use rehome_formats::{
    Convert, Entry, EntryReader, Evidence, Facts, Format, Position, Previewer, ReadError, Reading,
    Reason, Record, Sampler, Source, Step, TAKE_PRIVATE, native_decoder,
};
use rehome_record::{
    Author, BodyFormat, Comment, Complete, Extras, Kind, Line, Options, Page, Status,
};

struct StandIn;

const FACTS: Facts = Facts {
    id: "stand-in",
    family: "stand-in",
    name: "Stand-in",
    files: ".txt",
    reader: "stand-in/1",
    fields: &["comment.body"],
    optional_fields: &["author.email", "author.url"],
    evidence: Evidence::Confirmed,
    versions: "",
    how_to_get: &[],
    keeps: &[],
    loses: &[],
};

impl Format for StandIn {
    fn facts(&self) -> &'static Facts {
        &FACTS
    }

    fn recognise(&self, _: &[u8]) -> Option<Vec<Reason>> {
        None
    }

    fn read<'a>(&self, _: Box<dyn Read + 'a>, _: &Reading) -> Box<dyn EntryReader + 'a> {
        Box::new(Entries(entries().into_iter()))
    }
}

struct Entries(std::vec::IntoIter<Entry>);

impl EntryReader for Entries {
    fn next_entry(&mut self) -> Result<Option<Entry>, ReadError> {
        Ok(self.0.next())
    }

    fn origin(&self) -> Option<&str> {
        Some("here")
    }

    fn complete(&self) -> Complete {
        Complete::Yes
    }
}

fn entry(record: Record, withheld: Option<&'static str>) -> Entry {
    let at = Position { line: 1, ..Position::default() };
    Entry { at, record: Ok(record), warnings: Vec::new(), withheld }
}

fn page(id: &str) -> Record {
    Record::Page(Page {
        source_id: id.to_owned(),
        url: Some(format!("https://example.org/{id}")),
        identifier: None,
        title: None,
        closed: false,
        created_at: None,
        extras: Extras::new(),
    })
}

fn author(id: &str, name: &str, email: Option<&str>) -> Record {
    Record::Author(Author {
        source_id: Some(id.to_owned()),
        name: Some(name.to_owned()),
        email: email.map(str::to_owned),
        url: None,
    })
}

fn comment(id: &str, page: &str, author: &str) -> Record {
    Record::Comment(Box::new(Comment {
        source_id: id.to_owned(),
        page: page.to_owned(),
        parent: None,
        author: Author { source_id: Some(author.to_owned()), ..Author::default() },
        created_at: None,
        edited_at: None,
        status: Status::Approved,
        kind: Kind::Comment,
        body: Some("Hello".to_owned()),
        body_format: BodyFormat::Text,
        votes: None,
        ip: None,
        aliases: Vec::new(),
        extras: Extras::new(),
    }))
}

/// Five comments: one public, two private, one note, and a private one whose
/// page is not in the file.
fn entries() -> Vec<Entry> {
    let private = Some("private_page");
    vec![
        entry(author("before", "Ann Before", None), None),
        entry(page("public"), None),
        entry(page("hidden"), private),
        entry(comment("1", "public", "before"), None),
        entry(comment("2", "hidden", "after"), private),
        entry(comment("3", "hidden", "nobody"), private),
        entry(comment("4", "hidden", "after"), Some("private_note")),
        entry(comment("5", "nowhere", "after"), private),
        entry(author("after", "Bob After", Some("bob@example.org")), None),
    ]
}

fn source() -> Source<'static> {
    Source::open("stand-in.txt", Cursor::new(b"text"), native_decoder).unwrap()
}

fn sent(options: &Options) -> (rehome_record::Seen, Vec<Line>) {
    let (preview, index) = Previewer::new(&StandIn, source(), options).run();
    let lines = Convert::new(&StandIn, source(), index, options.clone());
    (preview.summary.sent(options), lines.map(Result::unwrap).collect())
}

fn ids(lines: &[Line]) -> Vec<&str> {
    let ids = lines.iter().filter_map(|line| match line {
        Line::Comment(comment) => Some(comment.source_id.as_str()),
        Line::Page(page) => Some(page.source_id.as_str()),
        _ => None,
    });
    ids.collect()
}

#[test]
fn what_was_never_public_is_left_out_and_counted_by_reason() {
    let (seen, lines) = sent(&Options::new());
    assert_eq!(ids(&lines), ["public", "1"]);
    assert_eq!((seen.comments, seen.kept), (5, 1));
    let left_out: Vec<_> = seen.skipped_by_reason.iter().map(|(code, n)| (&**code, *n)).collect();
    assert_eq!(left_out, [("page_not_in_file", 1), ("private_note", 1), ("private_page", 2)]);
}

#[test]
fn it_is_sent_where_that_is_chosen() {
    let options = Options::from([(TAKE_PRIVATE.to_owned(), true.into())]);
    let (seen, lines) = sent(&options);
    assert_eq!(ids(&lines), ["public", "hidden", "1", "2", "3", "4"]);
    assert_eq!((seen.comments, seen.kept), (5, 4));
    assert_eq!(seen.skipped_by_reason.values().sum::<u64>(), 1);
    let Some(Line::Header(header)) = lines.first() else { panic!("no header") };
    assert_eq!(header.options, options);
}

#[test]
fn names_and_fields_of_people_that_are_listed_by_themselves_count() {
    let (preview, index) = Previewer::new(&StandIn, source(), &Options::new()).run();
    assert_eq!(preview.fields, ["comment.body", "author.email"]);
    assert_eq!(preview.summary.authors.named, 3);
    let mut pass = Sampler::new(&StandIn, source(), &index, &Options::new());
    while pass.step(1) == Step::More {}
    let samples = pass.finish();
    let mut shown: Vec<_> = samples
        .threads
        .iter()
        .flat_map(|thread| &thread.comments)
        .map(|comment| (comment.source_id.as_str(), comment.author.as_deref().unwrap()))
        .collect();
    shown.sort_unstable();
    let expected = [("1", "Ann Before"), ("2", "Bob After"), ("3", "nobody"), ("4", "Bob After")];
    assert_eq!(shown, expected);
}
