//! Damage in an `IntenseDebate` file, whose comments stand in their pages.

use std::collections::BTreeMap;

use rehome_formats::Record;
use rehome_record::Comment;

use crate::fixtures::{self, entries};
use crate::mutations::Random;

const PIECES: [&str; 11] =
    ["<", ">", "&", "\"", "]]>", "<![CDATA[", "</", "</b>", "<b>", "<?", "<a b='"];

fn comments(bytes: &[u8]) -> (BTreeMap<String, Comment>, bool) {
    let (found, error) = entries("damaged.xml", bytes, 4096);
    assert!(error.as_ref().is_none_or(|error| error.code == "file_cut"), "{error:?}");
    let comments = found.into_iter().filter_map(|entry| match entry.record {
        Ok(Record::Comment(comment)) => Some((comment.source_id.clone(), *comment)),
        _ => None,
    });
    (comments.collect(), error.is_some())
}

#[test]
fn damage_inside_of_a_comment_leaves_all_others_as_they_are() {
    let mut random = Random(11);
    let names = ["basic.xml", "one-line.xml", "dates.xml", "threads.xml"];
    let of_name = |fixture: &fixtures::Fixture| names.contains(&&*fixture.name);
    let of_format = |fixture: &fixtures::Fixture| fixture.format.facts().id == "intensedebate";
    let mut cases = 0;
    for fixture in fixtures::all().into_iter().filter(of_format).filter(of_name) {
        let text = String::from_utf8(fixture.bytes).unwrap();
        let (whole, _) = comments(text.as_bytes());
        let starts: Vec<_> = text.match_indices("<comment ").map(|(start, _)| start).collect();
        for start in &starts {
            let (start, is_last) = (*start, Some(start) == starts.last());
            let inside = start + text[start..].find('>').unwrap() + 1;
            let end = inside + text[inside..].find("</comment>").unwrap();
            let damaged_id = whole.keys().find(|id| {
                text[start..inside].contains(&format!(" id='{id}'"))
                    || text[start..inside].contains(&format!(" id=\"{id}\""))
            });
            for _ in 0..60 {
                let at = inside + random.below(end - inside);
                let removed = random.below(30).min(end - at);
                let piece = PIECES[random.below(PIECES.len())];
                let mut bytes = text.as_bytes().to_vec();
                drop(bytes.splice(at..at + removed, piece.bytes()));
                let said = format!("{}: {removed} bytes at {at} are now {piece}", fixture.name);
                let (found, is_cut) = comments(&bytes);
                // Nothing but the root's end follows, and what is open may quote it.
                assert!(is_last || !is_cut, "{said}");
                for (id, before) in whole.iter().filter(|(id, _)| Some(*id) != damaged_id) {
                    assert_eq!(found.get(id), Some(before), "{said}: {id}");
                }
                cases += 1;
            }
        }
    }
    assert!(cases > 500, "{cases}");
}
