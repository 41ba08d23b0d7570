//! Files that an editor saved in another encoding.

use std::io::Write;
use std::path::Path;

use encoding_rs::Encoding;
use flate2::Compression;
use flate2::write::GzEncoder;
use rehome_formats::{Entry, Record};

use crate::fixtures::{self, entries, open, preview};

/// Fixtures that are whole and plain text.
fn texts() -> impl Iterator<Item = (String, String)> {
    let whole = |name: &str| {
        Path::new(name).extension().is_none_or(|ending| ending != "gz")
            && !name.starts_with("damaged")
    };
    fixtures::all().into_iter().filter(move |fixture| whole(&fixture.name)).filter_map(|fixture| {
        let (_, error) = entries(&fixture.name, &fixture.bytes, 4096);
        Some((fixture.name, String::from_utf8(fixture.bytes).ok()?)).filter(|_| error.is_none())
    })
}

fn utf16(text: &str, bytes_of: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(bytes_of).collect()
}

fn records(entries: &[Entry]) -> Vec<Option<&Record>> {
    entries.iter().map(|entry| entry.record.as_ref().ok()).collect()
}

#[test]
fn utf16_gives_the_same_records_with_a_mark_and_without() {
    let mut files = 0;
    for (name, text) in texts() {
        files += 1;
        let (expected, _) = entries(&name, text.as_bytes(), 4096);
        for bytes_of in [u16::to_le_bytes, u16::to_be_bytes] {
            let plain = utf16(&text, bytes_of);
            let marked = [&bytes_of(0xfeff), &plain[..]].concat();
            let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
            gzip.write_all(&marked).unwrap();
            for bytes in [plain, marked, gzip.finish().unwrap()] {
                for buffer_bytes in [1, 4096] {
                    let (found, error) = entries(&name, &bytes, buffer_bytes);
                    assert_eq!(error, None, "{name}");
                    assert_eq!(records(&found), records(&expected), "{name}");
                }
            }
        }
    }
    assert!(files > 3, "there are fixtures to encode");
}

#[test]
fn a_declared_encoding_is_read() {
    for (label, title) in
        [("windows-1252", "Café – €"), ("ISO-8859-2", "Zażółć"), ("Shift_JIS", "引越し")]
    {
        let text = format!(
            "<?xml version=\"1.0\" encoding=\"{label}\"?>\n\
            <disqus xmlns:dsq=\"http://disqus.com/disqus-internals\">\n\
            <thread dsq:id=\"1\"><title>{title}</title></thread>\n</disqus>"
        );
        let (bytes, _, unmappable) = Encoding::for_label(label.as_bytes()).unwrap().encode(&text);
        assert!(!unmappable && bytes != text.as_bytes());
        let (found, error) = entries("old.xml", &bytes, 4096);
        assert_eq!(error, None);
        let Ok(Record::Page(page)) = &found[0].record else { panic!("{found:?}") };
        assert_eq!(page.title.as_deref(), Some(title));
        let (_, source) = open("old.xml", &bytes[..]).unwrap();
        let reasons = source.detect().reasons;
        let reason = reasons.iter().find(|reason| reason.code == "encoding").unwrap();
        assert_eq!(reason.detail, Some(label.to_lowercase()));
        // What was saved anew as UTF-8 keeps its old declaration.
        let (found, _) = entries("old.xml", text.as_bytes(), 4096);
        let Ok(Record::Page(page)) = &found[0].record else { panic!("{found:?}") };
        assert_eq!(page.title.as_deref(), Some(title));
    }
}

#[test]
fn what_cannot_be_decoded_is_counted_and_placed() {
    let text = "<disqus xmlns:dsq=\"http://disqus.com/disqus-internals\">\n\
        <thread dsq:id=\"1\"><title>A#B</title></thread>\n</disqus>";
    // Half of a pair of UTF-16.
    let lone = |unit: u16| (if unit == u16::from(b'#') { 0xd800 } else { unit }).to_le_bytes();
    let (found, _) = preview("half.xml", &utf16(text, lone)).unwrap();
    let issue = found.summary.issues.iter().find(|issue| issue.code == "invalid_bytes").unwrap();
    assert_eq!((issue.count, issue.examples[0].line), (1, 2));
    assert_eq!(found.summary.pages.seen, 1);
}

#[test]
fn text_of_western_editors_is_read_without_a_declaration() {
    let text = "<disqus xmlns:dsq=\"http://disqus.com/disqus-internals\">\n\
        <thread dsq:id=\"1\"><title>Caf\u{e9} \u{2013} \u{20ac}</title></thread>\n</disqus>";
    let (bytes, _, _) = encoding_rs::WINDOWS_1252.encode(text);
    for buffer_bytes in [1, 4096] {
        let (found, error) = entries("old.xml", &bytes, buffer_bytes);
        assert_eq!(error, None);
        let Ok(Record::Page(page)) = &found[0].record else { panic!("{found:?}") };
        assert_eq!(page.title.as_deref(), Some("Caf\u{e9} \u{2013} \u{20ac}"));
    }
}

#[test]
fn utf8_between_the_text_of_a_declared_encoding_stays() {
    let page = |title: &[u8]| {
        let start: &[u8] = b"<?xml version='1.0' encoding='ISO-8859-1'?>\n<disqus \
            xmlns:dsq='http://disqus.com/disqus-internals'><thread dsq:id='1'><title>";
        // The first bytes alone do not show it.
        let spaces = vec![b' '; 100_000];
        [start, &spaces, title, b"</title></thread></disqus>"].concat()
    };
    for title in ["Caf\u{e9}".as_bytes(), b"Caf\xe9"] {
        let (found, error) = entries("old.xml", &page(title), 4096);
        assert_eq!(error, None);
        let Ok(Record::Page(page)) = &found[0].record else { panic!("{found:?}") };
        assert_eq!(page.title.as_deref(), Some("Caf\u{e9}"));
    }
}

#[test]
fn a_cut_file_is_an_error_in_any_encoding() {
    let (name, text) = texts().next().unwrap();
    let whole = utf16(text.trim_end(), u16::to_le_bytes);
    for cut in (0..whole.len()).step_by(37) {
        let (_, error) = entries(&name, &whole[..cut], 4096);
        assert!(error.is_some(), "{cut} of {}", whole.len());
    }
}

#[test]
fn an_encoding_that_nobody_can_read_is_named_as_such() {
    let error = |bytes: &[u8]| preview("odd.xml", bytes).err().map(|error| error.code);
    let declared = b"<?xml version=\"1.0\" encoding=\"x-odd\"?><disqus><t>\xe9</t></disqus>";
    assert_eq!(error(declared), Some("encoding_unsupported"));
    assert_eq!(error(b"\xff\xfe\0\0<\0\0\0"), Some("encoding_unsupported"));
    // An odd word does no harm where the text is UTF-8.
    assert_eq!(error(b"<?xml version=\"1.0\" encoding=\"x-odd\"?><disqus></disqus>"), None);
}
