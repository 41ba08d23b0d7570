use std::collections::HashMap;

use quick_xml::Reader;
use quick_xml::events::Event;
use sha2::{Digest, Sha256};

use super::*;

fn generated(comments: u64, seed: u64) -> (Vec<u8>, Written) {
    let mut bytes = Vec::new();
    let written = disqus(comments, seed, &mut bytes).unwrap();
    (bytes, written)
}

#[test]
fn the_same_numbers_give_the_same_bytes_everywhere() {
    let (bytes, written) = generated(1000, 42);
    assert_eq!(written.size_bytes, bytes.len() as u64);
    let digest = Sha256::digest(&bytes);
    // A change of the generator changes it on purpose, and measurements with it.
    assert_eq!(digest[..8], [223, 172, 98, 72, 66, 168, 215, 10]);
    assert!(generated(1000, 43).0 != bytes);
}

#[test]
fn the_file_is_well_formed_and_holds_what_was_asked_for() {
    for comments in [0, 1, 5000] {
        let (bytes, written) = generated(comments, 7);
        let text = std::str::from_utf8(&bytes).unwrap();
        let mut reader = Reader::from_str(text);
        let mut elements: HashMap<String, u64> = HashMap::new();
        let mut depth = 0_u64;
        loop {
            match reader.read_event().unwrap() {
                Event::Start(start) => {
                    depth += 1;
                    *elements.entry(start.name().as_ref().to_owned()).or_default() += 1;
                }
                Event::End(_) => depth -= 1,
                Event::Eof => break,
                _ => {}
            }
        }
        assert_eq!(depth, 0);
        assert_eq!(elements.get("post").copied().unwrap_or(0), comments);
        assert_eq!(elements["thread"], written.pages);
        assert_eq!(written.comments, comments);
    }
}

#[test]
fn it_has_what_readers_get_wrong() {
    let (bytes, _) = generated(5000, 7);
    let text = String::from_utf8(bytes).unwrap();
    for trap in [
        "&amp;#039ve",
        "<id>wp_id=",
        "<id />",
        "<message />\n<createdAt>",
        "<isDeleted>true</isDeleted>\n<isSpam>false",
        "<isSpam>true",
        "<name />",
        "<isAnonymous>true",
        "<parent dsq:id=",
        "&lt; b &amp;&amp; c",
        "<blockquote>",
        "댓글",
        "👩‍💻",
        "&amp; Sons &lt;shop&gt;",
    ] {
        assert!(text.contains(trap), "{trap}");
    }
}
