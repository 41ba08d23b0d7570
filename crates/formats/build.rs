//! Writes the HTML standard's named character references as one sorted text.
//!
//! A text shrinks to a third in the module that browsers download; the
//! library's own map of pointers hardly shrinks at all.

use std::collections::BTreeMap;
use std::path::Path;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    // Name without `&` and `;` to what it stands for, and whether it counts without `;` too.
    let mut names: BTreeMap<&[u8], (&[u8], bool)> = BTreeMap::new();
    for (reference, value) in htmlize::ENTITIES.entries() {
        let name = reference.strip_prefix(b"&").expect("every reference starts with it");
        let closed = name.strip_suffix(b";");
        let entry = names.entry(closed.unwrap_or(name)).or_insert((value, false));
        entry.1 |= closed.is_none();
    }
    let mut table = Vec::new();
    for (name, (value, bare)) in names {
        table.extend_from_slice(name);
        table.push(if bare { b' ' } else { b';' });
        table.extend_from_slice(value);
        table.push(0);
    }
    let folder = env::var_os("OUT_DIR").expect("cargo sets it");
    fs::write(Path::new(&folder).join("entities.txt"), table)
}
