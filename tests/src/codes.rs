//! What the server answers has a sentence in every language of the pages.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use rehome_server::http::codes::{Code, Trouble, Why};

#[test]
fn every_code_has_its_sentence_in_every_language() {
    let locales = Path::new(env!("CARGO_MANIFEST_DIR")).join("../web/src/locales");
    let words: BTreeSet<_> = Code::ALL
        .iter()
        .map(|code| code.word())
        .chain(Why::ALL.iter().map(|why| why.word()))
        .collect();
    assert!(words.len() > 50);
    for language in ["en", "pl"] {
        let sentences = fs::read_to_string(locales.join(language).join("codes.ftl")).unwrap();
        let missing: Vec<_> =
            words.iter().filter(|word| !sentences.lines().any(|line| is_of(line, word))).collect();
        assert!(missing.is_empty(), "{language}/codes.ftl has no problem-… of {missing:?}");
    }
}

fn is_of(line: &str, word: &str) -> bool {
    line.strip_prefix("problem-")
        .and_then(|line| line.split_once(" = "))
        .is_some_and(|(name, sentence)| name == word && !sentence.trim().is_empty())
}

#[test]
fn every_trouble_with_a_notice_has_its_sentence_in_every_language() {
    let web = Path::new(env!("CARGO_MANIFEST_DIR")).join("../web/src/locales");
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/notices.md");
    let documented = fs::read_to_string(docs).unwrap();
    for language in ["en", "pl"] {
        let sentences = fs::read_to_string(web.join(language).join("notices.ftl")).unwrap();
        for word in Trouble::ALL.iter().map(|trouble| trouble.word()) {
            let wanted = format!("trouble-{word} = ");
            assert!(sentences.lines().any(|line| line.starts_with(&wanted)), "{language}: {word}");
            assert!(documented.contains(&format!("| `{word}` |")), "docs/notices.md: {word}");
        }
    }
}

#[test]
fn a_word_is_one_code_and_a_sentence_is_one_sentence() {
    let words: BTreeSet<_> = Code::ALL.iter().map(|code| code.word()).collect();
    assert_eq!(words.len(), Code::ALL.len(), "two codes have one word");
    assert!(Code::ALL.is_sorted_by_key(|code| code.status()), "the list is by status");
    for code in Code::ALL {
        for sentence in [code.says(), code.then()] {
            assert!(sentence.ends_with('.') && !sentence.contains('|'), "{code:?}: {sentence}");
        }
    }
}
