//! What holds for every reader of the list.

use std::collections::BTreeSet;
use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use rehome_formats::{FORMATS, Reading, Source, format_by_id, native_decoder};

use crate::fixtures::{self, entries, preview};

#[test]
fn ids_are_unique_and_find_their_format() {
    let ids: BTreeSet<_> = FORMATS.iter().map(|format| format.facts().id).collect();
    assert_eq!(ids.len(), FORMATS.len());
    for id in ids {
        assert_eq!(format_by_id(id).unwrap().facts().id, id);
    }
}

#[test]
fn every_fixture_is_detected_by_its_own_format_and_no_other() {
    for fixture in fixtures::all() {
        let recognising: Vec<_> = FORMATS
            .iter()
            .filter(|format| format.recognise(&fixture.bytes).is_some())
            .map(|format| format.facts().id)
            .collect();
        assert_eq!(recognising, [fixture.format.facts().id], "{}", fixture.name);
    }
}

#[test]
fn small_buffers_give_the_same_entries() {
    for fixture in fixtures::all() {
        let whole = entries(&fixture.name, &fixture.bytes, 1 << 20);
        for buffer_bytes in [1, 7, 64, 4096] {
            let small = entries(&fixture.name, &fixture.bytes, buffer_bytes);
            assert!(small == whole, "{} with {buffer_bytes}", fixture.name);
        }
    }
}

#[test]
fn a_byte_order_mark_changes_nothing_but_places() {
    for fixture in fixtures::all() {
        let marked = [b"\xef\xbb\xbf", fixture.bytes.as_slice()].concat();
        for buffer_bytes in [1, 4096] {
            let (plain, _) = entries(&fixture.name, &fixture.bytes, buffer_bytes);
            let (marked, error) = entries(&fixture.name, &marked, buffer_bytes);
            assert_eq!(error, None, "{}", fixture.name);
            let records = |entries: Vec<rehome_formats::Entry>| -> Vec<_> {
                entries.into_iter().map(|entry| entry.record.map_err(|issue| issue.code)).collect()
            };
            let places: Vec<_> = plain.iter().map(|entry| entry.at.byte + 3).collect();
            let moved: Vec<_> = marked.iter().map(|entry| entry.at.byte).collect();
            assert_eq!(places, moved, "{}", fixture.name);
            assert!(records(plain) == records(marked), "{}", fixture.name);
        }
    }
}

#[test]
fn gzip_of_one_member_or_many_reads_the_same() {
    for fixture in fixtures::all() {
        let plain = preview(&fixture.name, &fixture.bytes).unwrap().0;
        for members in [1, 3] {
            let size = fixture.bytes.len().div_ceil(members);
            let gzip: Vec<u8> = fixture.bytes.chunks(size).flat_map(gzip).collect();
            assert!(preview(&fixture.name, &gzip).unwrap().0 == plain, "{}", fixture.name);
        }
    }
}

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn one_value_of_a_gigabyte_is_passed_over_in_bounded_memory() {
    use std::io::{Read, repeat};
    let start: &[u8] = b"<disqus><post dsq:id='1'><message>";
    let end: &[u8] = b"</message></post><post dsq:id='2'><thread dsq:id='3'/></post></disqus>";
    let file = start.chain(repeat(b'x').take(1 << 30)).chain(end);
    let source = Source::open_stream("huge.xml", file, native_decoder).unwrap();
    let (format, source) = fixtures::recognised(source).unwrap();
    let reading = Reading { buffer_bytes: 1 << 16, ..Reading::default() };
    let entries: Vec<_> = source.read(format, &reading).map(Result::unwrap).collect();
    let codes: Vec<_> = entries.iter().map(|entry| entry.record.as_ref().err()).collect();
    assert!(matches!(codes[..], [Some(lost), None] if lost.code == "record_broken"), "{codes:?}");
}

#[test]
fn how_long_a_value_may_be_does_not_depend_on_the_buffer() {
    const CAP: usize = 8 * 1024 * 1024;
    let wxr = "<rss xmlns:wp='http://wordpress.org/export/1.2/'><channel><item>\
        <wp:post_id>1</wp:post_id><wp:status>publish</wp:status><wp:post_password/>\
        <wp:comment><wp:comment_id>2</wp:comment_id><wp:comment_date_gmt>2020-01-02 03:04:05\
        </wp:comment_date_gmt><wp:comment_content>|</wp:comment_content></wp:comment>\
        </item></channel></rss>";
    let quoted = wxr.replace('|', "<![CDATA[|]]>");
    let json = "{\"version\": 1, \"comments\": [{\"commentHex\": \"1\", \"markdown\": \"|\"}]}";
    for (name, text, marks) in [("a.xml", wxr, 0), ("b.xml", &quoted, 12), ("c.json", json, 35)] {
        let (before, behind) = text.split_once('|').unwrap();
        let mut codes = BTreeSet::new();
        for length in CAP - marks - 2..=CAP - marks + 2 {
            let file = [before, &"x".repeat(length), behind].concat();
            let read = |buffer_bytes| entries(name, file.as_bytes(), buffer_bytes);
            let (found, error) = read(1 << 20);
            codes.extend(error.as_ref().map(|error| error.code));
            codes.extend(found.iter().filter_map(|entry| Some(entry.record.as_ref().err()?.code)));
            for buffer_bytes in [1021, 1 << 16] {
                let again = read(buffer_bytes);
                assert!(again == (found.clone(), error.clone()), "{name}: {length}");
            }
        }
        // Both sides of the cap were tried.
        assert_eq!(codes.len(), 2, "{name}: {codes:?}");
    }
}

#[test]
fn floods_of_elements_and_bombs_are_refused() {
    let nested = format!("<disqus>{}", "<a>".repeat(10_000));
    let (found, error) = entries("nested.xml", nested.as_bytes(), 4096);
    assert_eq!(found[0].record.as_ref().unwrap_err().code, "part_lost");
    assert_eq!((found.len(), error.unwrap().code), (1, "file_cut"));

    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(b"<disqus>").unwrap();
    let spaces = vec![b' '; 1 << 20];
    for _ in 0..100 {
        encoder.write_all(&spaces).unwrap();
        encoder.write_all(b"<!-- -->").unwrap();
    }
    let (_, error) = entries("bomb.xml.gz", &encoder.finish().unwrap(), 4096);
    assert_eq!(error.unwrap().code, "inflates_too_large");
}
