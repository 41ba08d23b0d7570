//! Over one value, byte by byte: where it ends, and what of it is left out.

use super::is_space;

/// How far the walk over one value is.
#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "each stands by itself")]
pub(super) struct Walk {
    depth: usize,
    /// The most that were open at once, of what was not passed over.
    pub(super) deepest: usize,
    begun: bool,
    in_string: bool,
    escaped: bool,
    thinned: Option<Thinned>,
    /// Inside of an object or array that is passed over.
    pub(super) passes_over: bool,
}

/// The member of which objects and arrays inside are passed over.
struct Thinned {
    name: &'static str,
    /// How much of the name the last string of the outermost object is, so far.
    /// None where it is another.
    matched: Option<usize>,
    is_inside: bool,
}

pub(super) struct WalkStep {
    /// Bytes of the text that belong to the value.
    pub(super) bytes: usize,
    pub(super) ends: Ends,
}

pub(super) enum Ends {
    No,
    Here,
    /// Before something that is passed over.
    Thinned,
    TooLong,
    Unexpected,
}

/// How deep what is passed over stands: in the value, in its member.
const THINNED_DEPTH: usize = 2;

impl Walk {
    pub(super) fn new(thinned: Option<&'static str>) -> Self {
        let thinned = thinned.map(|name| Thinned { name, matched: None, is_inside: false });
        Self { thinned, ..Self::default() }
    }

    /// A number or a word, which ends where something else begins.
    pub(super) fn is_scalar(&self) -> bool {
        self.begun && self.depth == 0 && !self.in_string
    }

    pub(super) fn over(&mut self, text: &[u8]) -> WalkStep {
        let mut at = 0;
        while at < text.len() {
            if self.in_string {
                let length = self.over_string(&text[at..]);
                self.match_name(&text[at..at + length]);
                at += length;
                if !self.in_string && self.depth == 0 {
                    return WalkStep { bytes: at, ends: Ends::Here };
                }
                continue;
            }
            let byte = text[at];
            match byte {
                b'"' if !self.is_scalar() => {
                    self.in_string = true;
                    if let Some(thinned) = &mut self.thinned {
                        thinned.matched = (self.depth == 1).then_some(0);
                    }
                }
                b'{' | b'[' if !self.is_scalar() => {
                    if !self.passes_over && self.is_thinned_here() {
                        self.passes_over = true;
                        return WalkStep { bytes: at, ends: Ends::Thinned };
                    }
                    self.depth += 1;
                    if !self.passes_over {
                        self.deepest = self.deepest.max(self.depth);
                    }
                }
                b'}' | b']' if self.depth > 0 => {
                    self.depth -= 1;
                    if self.depth == 0 {
                        return WalkStep { bytes: at + 1, ends: Ends::Here };
                    }
                    if self.passes_over && self.depth == THINNED_DEPTH {
                        self.passes_over = false;
                        return WalkStep { bytes: at + 1, ends: Ends::No };
                    }
                }
                b'}' | b']' | b',' | b':' | b'"' | b'{' | b'[' if self.depth == 0 => {
                    let ends = if self.begun { Ends::Here } else { Ends::Unexpected };
                    return WalkStep { bytes: at, ends };
                }
                byte if self.depth == 0 && is_space(byte) => {
                    return WalkStep { bytes: at, ends: Ends::Here };
                }
                b':' | b',' if self.depth == 1 => {
                    if let Some(thinned) = &mut self.thinned {
                        let is_named = thinned.matched == Some(thinned.name.len());
                        thinned.is_inside = byte == b':' && is_named;
                    }
                }
                _ => {}
            }
            self.begun = true;
            at += 1;
        }
        WalkStep { bytes: at, ends: Ends::No }
    }

    /// What opens here is passed over.
    fn is_thinned_here(&self) -> bool {
        self.depth == THINNED_DEPTH && self.thinned.as_ref().is_some_and(|it| it.is_inside)
    }

    /// Takes a part of a string, which may be the name of the member.
    fn match_name(&mut self, part: &[u8]) {
        let Some(Thinned { name, matched, .. }) = &mut self.thinned else { return };
        let Some(length) = *matched else { return };
        let part = if self.in_string { part } else { &part[..part.len() - 1] };
        let is_same = name.as_bytes()[length..].starts_with(part);
        *matched = is_same.then_some(length + part.len());
    }

    /// Bytes up to the end of the string, or of the text.
    fn over_string(&mut self, text: &[u8]) -> usize {
        let mut at = 0;
        while at < text.len() {
            if self.escaped {
                self.escaped = false;
                at += 1;
                continue;
            }
            let Some(found) = memchr::memchr2(b'"', b'\\', &text[at..]) else {
                return text.len();
            };
            at += found + 1;
            if text[at - 1] == b'"' {
                self.in_string = false;
                return at;
            }
            self.escaped = true;
        }
        at
    }
}
