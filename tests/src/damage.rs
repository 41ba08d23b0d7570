//! Damage inside of one record stays inside of it.

use rehome_formats::{Entry, Record};

use crate::fixtures::{self, entries, preview};
use crate::mutations::Random;

/// Where the content of a record stands: behind its start tag, up to its end tag.
fn contents(file: &[u8], name: &str) -> Vec<std::ops::Range<usize>> {
    let (open, close) = (format!("<{name} dsq:id="), format!("</{name}>"));
    let text = str::from_utf8(file).unwrap();
    text.match_indices(&open)
        .filter_map(|(start, _)| {
            let start = start + text[start..].find('>')? + 1;
            let is_empty = text[..start].ends_with("/>");
            let end = start + text[start..].find(&close)?;
            // What holds no element only refers to a record.
            (!is_empty && text[start..end].contains('<')).then_some(start..end)
        })
        .collect()
}

fn id(entry: &Entry) -> Option<&str> {
    match &entry.record {
        Ok(Record::Page(page)) => Some(&page.source_id),
        Ok(Record::Comment(comment)) => Some(&comment.source_id),
        Ok(Record::Author(_) | Record::Removed(_)) => None,
        Err(issue) => issue.source_id.as_deref(),
    }
}

#[test]
fn damage_inside_of_a_record_leaves_all_others_as_they_are() {
    const PIECES: [&str; 12] =
        ["<", ">", "&", "\"", "]]>", "<![CDATA[", "<!--", "</", "</b>", "<b>", "<?", "<a b='"];
    let mut random = Random(7);
    for fixture in fixtures::all() {
        if fixture.format.facts().id != "disqus" || fixture.name.starts_with("damaged") {
            continue;
        }
        let (whole, error) = entries(&fixture.name, &fixture.bytes, 4096);
        assert_eq!(error, None);
        let records =
            [contents(&fixture.bytes, "thread"), contents(&fixture.bytes, "post")].concat();
        for range in &records {
            for _ in 0..40 {
                let mut bytes = fixture.bytes.clone();
                let at = range.start + random.below(range.len());
                let piece = PIECES[random.below(PIECES.len())];
                let removed = random.below(30).min(range.end - at);
                drop(bytes.splice(at..at + removed, piece.bytes()));
                let (damaged, error) = entries(&fixture.name, &bytes, 4096);
                let said = format!("{}: {removed} bytes at {at} are now {piece}", fixture.name);
                assert_eq!(error, None, "{said}");
                for before in whole.iter().filter(|entry| id(entry).is_some()) {
                    let starts = usize::try_from(before.at.byte).unwrap();
                    if starts < range.start && range.start - starts < 200 {
                        // The damaged one itself, which is still told.
                        assert!(damaged.iter().any(|e| e.at.byte == before.at.byte), "{said}");
                        continue;
                    }
                    assert!(
                        damaged.iter().any(|entry| entry.record == before.record),
                        "{said}: {:?} is lost",
                        id(before)
                    );
                }
            }
        }
    }
}

#[test]
fn bytes_that_are_no_utf8_in_a_file_that_says_it_is_are_counted_and_placed() {
    let text = "<?xml version=\"1.0\" encoding=\"utf-8\"?><disqus xmlns:dsq=\"http://disqus.com/disqus-internals\">\n\
        <thread dsq:id=\"1\"><title>Za\u{17c}\u{f3}\u{142}\u{107}</title></thread>\n\
        <post dsq:id=\"2\"><message>\u{e9}t\u{e9}</message><thread dsq:id=\"1\" /></post>\n\
        <post dsq:id=\"3\"><message>plain</message><thread dsq:id=\"1\" /></post>\n</disqus>";
    // As if saved in Latin-1: one byte for each letter that has one.
    let bytes: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?')).collect();
    let place = bytes.iter().position(|byte| *byte == 0xf3).unwrap();
    let (found, _) = preview("latin1.xml", &bytes).unwrap();
    assert_eq!((found.summary.comments.seen, found.summary.comments.kept), (2, 2));
    let invalid = found.summary.issues.iter().find(|issue| issue.code == "invalid_bytes").unwrap();
    assert_eq!(invalid.count, 3);
    let places: Vec<_> = invalid.examples.iter().map(|e| (e.byte, e.line)).collect();
    let second = bytes.iter().position(|byte| *byte == 0xe9).unwrap();
    assert_eq!(places, [(place as u64, 2), (second as u64, 3)]);
    for buffer_bytes in [1, 7, 4096] {
        let (entries, error) = entries("latin1.xml", &bytes, buffer_bytes);
        assert_eq!(error, None);
        let Ok(Record::Comment(comment)) = &entries[1].record else { panic!("{entries:?}") };
        assert_eq!(comment.body.as_deref(), Some("\u{fffd}t\u{fffd}"));
        let starts = bytes.windows(5).rposition(|window| window == b"<post").unwrap();
        assert_eq!(entries[2].at.byte, starts as u64);
    }
}
