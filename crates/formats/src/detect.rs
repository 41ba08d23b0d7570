//! What a file is, by what it holds and never by its name.

use std::io::Read;

use quick_xml::Reader;
use quick_xml::events::Event;

use crate::fences::Records;
use crate::positioned::Positioned;
use crate::{Detection, FORMATS, Facts, HEAD_BYTES, ReadError, Reason};

/// Reasons told of many files that are all unknown.
const REASONS_SHOWN: usize = 5;

/// Looks at the first bytes of the texts of an export's files.
#[must_use]
pub fn detect(heads: &[&[u8]], gzip: bool) -> Detection {
    let files = u32::try_from(heads.len()).unwrap_or(u32::MAX);
    let nothing = Detection {
        format: None,
        name: None,
        reasons: Vec::new(),
        gzip,
        candidates: Vec::new(),
        files,
        unknown_files: 0,
    };
    let mut recognised: Vec<(&'static Facts, Vec<Reason>)> = Vec::new();
    let mut unknown_files = 0;
    for head in heads {
        let mut is_unknown = true;
        for format in FORMATS {
            let facts = format.facts();
            let Some(reasons) = format.recognise(head) else { continue };
            is_unknown = false;
            if recognised.iter().all(|(known, _)| known.id != facts.id) {
                recognised.push((facts, reasons));
            }
        }
        unknown_files += u32::from(is_unknown);
    }
    let nothing = Detection { unknown_files, ..nothing };
    match recognised.len() {
        0 => {
            let mut reasons: Vec<Reason> = Vec::new();
            for reason in heads.iter().map(|head| unrecognised(head)) {
                if reasons.len() < REASONS_SHOWN && !reasons.contains(&reason) {
                    reasons.push(reason);
                }
            }
            Detection { reasons, ..nothing }
        }
        1 => {
            let (facts, reasons) = recognised.remove(0);
            Detection { format: Some(facts.id), name: Some(facts.name), reasons, ..nothing }
        }
        _ => {
            let candidates = recognised.iter().map(|(facts, _)| facts.id).collect();
            let reasons = recognised.into_iter().flat_map(|(_, reasons)| reasons).collect();
            Detection { reasons, candidates, ..nothing }
        }
    }
}

/// Why a file that no format recognises cannot be read, and what to do.
#[must_use]
pub(crate) fn unknown_file(head: &[u8]) -> ReadError {
    let reason = unrecognised(head);
    let (code, message) = match reason.code {
        "cut_before_root" => {
            let line = 1 + memchr::memchr_iter(b'\n', head).count() as u64;
            return ReadError::cut(head.len() as u64, line, "before its first element");
        }
        "empty_file" => ("format_unknown", "The file is empty. Download the export again."),
        "zip" => {
            ("format_unknown", "This is a zip archive. Unpack it and choose the export inside.")
        }
        "html_page" => (
            "format_unknown",
            "This is a web page and not an export. Perhaps a sign-in page was saved in place of the download.",
        ),
        "sqlite" | "database_dump" => (
            "format_unknown",
            "This is a database and not an export. Choose the file that the old system gave you.",
        ),
        "picture" | "pdf" => (
            "format_unknown",
            "This is a picture or a document and not an export. Choose the file that the old system gave you.",
        ),
        "other_archive" => (
            "format_unknown",
            "This archive is of a kind that cannot be opened here. Unpack it and choose the export inside.",
        ),
        _ => (
            "format_unknown",
            "This is none of the exports that Rehome can read. Choose the file that the old system gave you, as it is.",
        ),
    };
    ReadError { message: message.to_owned(), ..ReadError::new(code, 0, 1) }
}

/// The first element of an XML text: its name without prefix and its namespaces.
pub(crate) struct Root {
    pub(crate) name: String,
    /// Values of its `xmlns` attributes.
    pub(crate) namespaces: Vec<String>,
}

/// The root element, if the text looks like XML up to there.
pub(crate) fn xml_root(head: &[u8]) -> Option<Root> {
    // The same kind of input as the readers have: a second parser would be
    // half as large again.
    let input: Box<dyn Read + '_> = Box::new(head);
    let mut reader = Reader::from_reader(Positioned::new(input, HEAD_BYTES, Records::InRoot(&[])));
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer).ok()? {
            // A notice of PHP before the file: `<br />\n<b>Warning</b>: …`.
            Event::Start(tag) | Event::Empty(tag) if matches!(tag.name().as_ref(), "br" | "b") => {}
            Event::Start(tag) | Event::Empty(tag) => {
                let namespaces = tag
                    .attributes()
                    .filter_map(Result::ok)
                    .filter(|attribute| attribute.key.as_namespace_binding().is_some())
                    .map(|attribute| attribute.value.into_owned())
                    .collect();
                return Some(Root { name: tag.local_name().as_ref().to_owned(), namespaces });
            }
            Event::Eof => return None,
            // Text before the root is junk (a stray character, a notice of the
            // web server), and no reason to give up.
            _ => {}
        }
    }
}

/// What the file is instead, as far as that can be told.
fn unrecognised(head: &[u8]) -> Reason {
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    let reason = |code, detail: Option<&str>| Reason { code, detail: detail.map(str::to_owned) };
    if text.is_empty() {
        return reason("empty_file", None);
    }
    if text.starts_with(b"PK\x03\x04") || text.starts_with(b"PK\x05\x06") {
        return reason("zip", None);
    }
    if let Some((_, code)) = SIGNATURES.iter().find(|(start, _)| text.starts_with(start)) {
        return reason(code, None);
    }
    if let Some(root) = xml_root(text) {
        return match root.name.as_str() {
            "html" => reason("html_page", None),
            name => reason("root_element", Some(name)),
        };
    }
    if text.starts_with(b"<") {
        return reason("cut_before_root", None);
    }
    if text.starts_with(b"{") || text.starts_with(b"[") {
        return reason("json", None);
    }
    if std::str::from_utf8(&text[..text.len().min(1024)]).is_err_and(|e| e.error_len().is_some())
        || text.contains(&0)
    {
        return reason("binary", None);
    }
    if is_sql(text) {
        return reason("database_dump", None);
    }
    reason("text", None)
}

/// How files of other kinds begin.
const SIGNATURES: &[(&[u8], &str)] = &[
    (b"SQLite format 3", "sqlite"),
    (b"PGDMP", "database_dump"),
    (b"%PDF-", "pdf"),
    (b"\x89PNG", "picture"),
    (b"\xff\xd8\xff", "picture"),
    (b"GIF8", "picture"),
    (b"RIFF", "picture"),
    (b"Rar!", "other_archive"),
    (b"7z\xbc\xaf", "other_archive"),
    (b"BZh", "other_archive"),
    (b"\xfd7zXZ", "other_archive"),
    (b"\x28\xb5\x2f\xfd", "other_archive"),
];

/// A dump as `mysqldump`, `pg_dump` and phpMyAdmin write it.
fn is_sql(text: &[u8]) -> bool {
    let head = String::from_utf8_lossy(&text[..text.len().min(4096)]).to_ascii_uppercase();
    ["CREATE TABLE", "INSERT INTO", "-- MYSQL DUMP", "-- POSTGRESQL", "-- PHPMYADMIN"]
        .iter()
        .any(|word| head.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_what_else_a_file_is() {
        let cases: &[(&[u8], &str)] = &[
            (b"", "empty_file"),
            (b" \n", "empty_file"),
            (b"PK\x03\x04...", "zip"),
            (b"SQLite format 3\0", "sqlite"),
            (b"{\"version\":\"x\"}", "json"),
            (b"<!DOCTYPE html><html><body>", "html_page"),
            (b"<feed>", "root_element"),
            (b"<?xml version='1.0'?>\n<disqu", "cut_before_root"),
            (b"\x89PNG\r\n\x1a\n\0", "picture"),
            (b"\x01\0\x02", "binary"),
            (b"-- MySQL dump 10.13\nCREATE TABLE `wp_comments` (", "database_dump"),
            (b"%PDF-1.7", "pdf"),
            (b"Rar!\x1a\x07", "other_archive"),
            (b"Dear all,", "text"),
        ];
        for (head, code) in cases {
            let detection = detect(&[head], false);
            assert_eq!((detection.format, detection.reasons[0].code), (None, *code), "{head:?}");
        }
    }
}
