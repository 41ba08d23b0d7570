//! Damage at random, the same on every run: no panic, no hang, and sums that
//! add up.

use rehome_formats::{FORMATS, Format};

use crate::checks::check;
use crate::fixtures;

/// Times that each fixture is damaged. `cargo xtask fuzz` goes on from there.
const TIMES: usize = 300;

/// `SplitMix64`: enough for damage.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((z ^ (z >> 31)) % limit as u64).unwrap()
    }
}

/// Marks and words of all formats.
const PIECES: [&[u8]; 24] = [
    b"<",
    b">",
    b"&",
    b"\"",
    b"'",
    b"]]>",
    b"<![CDATA[",
    b"<post>",
    b"</disqus>",
    b"<!--",
    b"\xff",
    b"\0",
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b"null",
    b"\\u",
    b"\\",
    b"\n",
    b"-1e999",
    b"\xef\xbb\xbf",
];

/// Changes some bytes at one to four places.
fn damage(bytes: &mut Vec<u8>, random: &mut Random) {
    for _ in 0..=random.below(4) {
        if bytes.is_empty() {
            return;
        }
        let at = random.below(bytes.len());
        let end = (at + random.below(20)).min(bytes.len());
        match random.below(5) {
            0 => bytes[at] = u8::try_from(random.below(256)).unwrap(),
            1 => drop(bytes.drain(at..end)),
            2 => {
                let piece = PIECES[random.below(PIECES.len())];
                drop(bytes.splice(at..at, piece.iter().copied()));
            }
            3 => bytes.truncate(bytes.len() - at / 8),
            _ => {
                let copy = bytes[at..end].to_vec();
                let to = random.below(bytes.len());
                drop(bytes.splice(to..to, copy));
            }
        }
    }
}

#[test]
fn damaged_files_never_panic_and_always_add_up() {
    let mut random = Random(42);
    for fixture in fixtures::all() {
        check(fixture.format, &fixture.bytes);
        // Large ones are damaged less often: they take longer each time.
        let times = TIMES.min(20 + 3_000_000 / fixture.bytes.len().max(1));
        for _ in 0..times {
            let mut bytes = fixture.bytes.clone();
            damage(&mut bytes, &mut random);
            check(fixture.format, &bytes);
        }
    }
}

#[test]
fn what_fuzzing_found_stays_mended() {
    let found = fixtures::found_by_fuzzing();
    assert!(!found.is_empty());
    for input in found {
        println!("{}", input.name);
        check(input.format, &input.bytes);
    }
}

#[test]
fn a_file_of_another_format_is_survived_by_every_reader() {
    let mut random = Random(7);
    let others = |format: &dyn Format| {
        let id = format.facts().id;
        FORMATS.iter().filter(move |other| other.facts().id != id)
    };
    for fixture in fixtures::all() {
        for other in others(fixture.format) {
            check(*other, &fixture.bytes);
            let mut bytes = fixture.bytes.clone();
            damage(&mut bytes, &mut random);
            check(*other, &bytes);
        }
    }
}
