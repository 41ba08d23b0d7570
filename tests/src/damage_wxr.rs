//! Damage inside of one comment of a WXR file stays inside of it.

use rehome_formats::{Entry, Record};

use crate::fixtures::{self, entries};
use crate::mutations::Random;

/// Where the contents of comments stand.
fn contents(text: &str) -> Vec<std::ops::Range<usize>> {
    let opened = text.match_indices("<wp:comment>");
    opened
        .map(|(at, tag)| {
            let start = at + tag.len();
            start..start + text[start..].find("</wp:comment>").unwrap()
        })
        .collect()
}

fn id(entry: &Entry) -> Option<&str> {
    match &entry.record {
        Ok(Record::Page(page)) => Some(&page.source_id),
        Ok(Record::Comment(comment)) => Some(&comment.source_id),
        _ => None,
    }
}

#[test]
fn damage_inside_of_a_comment_leaves_all_others_as_they_are() {
    const PIECES: [&str; 12] =
        ["<", ">", "&", "\"", "]]>", "<![CDATA[", "<!--", "</", "</b>", "<b>", "<?", "<a b='"];
    let mut random = Random(11);
    let mut damaged_comments = 0;
    for fixture in fixtures::all() {
        // What is quoted there becomes markup where damage takes its CDATA away.
        let is_whole = !["damaged", "odd", "quoted"].iter().any(|b| fixture.name.starts_with(b));
        if !fixture.format.facts().id.ends_with("wxr") || !is_whole {
            continue;
        }
        let (whole, error) = entries(&fixture.name, &fixture.bytes, 4096);
        assert_eq!(error, None);
        for range in contents(str::from_utf8(&fixture.bytes).unwrap()) {
            for _ in 0..40 {
                damaged_comments += 1;
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
                    if starts < range.start && range.start - starts < 20 {
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
    assert!(damaged_comments > 1000, "{damaged_comments}");
}
