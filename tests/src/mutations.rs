//! Damage at random, the same on every run: no panic, and sums that add up.

use crate::fixtures::{self, lines, preview};

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

#[test]
fn damaged_files_never_panic_and_always_add_up() {
    const PIECES: [&[u8]; 8] = [b"<", b">", b"&", b"\"", b"]]>", b"<post>", b"\xff", b"</disqus>"];
    let mut random = Random(42);
    for fixture in fixtures::all() {
        for _ in 0..300 {
            let mut bytes = fixture.bytes.clone();
            for _ in 0..=random.below(4) {
                let at = random.below(bytes.len());
                let end = (at + random.below(20)).min(bytes.len());
                match random.below(4) {
                    0 => bytes[at] = u8::try_from(random.below(256)).unwrap(),
                    1 => drop(bytes.drain(at..end)),
                    2 => drop(bytes.splice(at..at, PIECES[random.below(8)].iter().copied())),
                    _ => {
                        let copy = bytes[at..end].to_vec();
                        let to = random.below(bytes.len());
                        drop(bytes.splice(to..to, copy));
                    }
                }
                if bytes.is_empty() {
                    break;
                }
            }
            let Ok((preview, _)) = preview(&fixture.name, &bytes) else { continue };
            let comments = &preview.summary.comments;
            assert_eq!(comments.seen, comments.kept + comments.skipped, "{}", fixture.name);
            assert_eq!(preview.error.is_some(), lines(&fixture.name, &bytes).unwrap().1.is_some());
        }
    }
}
