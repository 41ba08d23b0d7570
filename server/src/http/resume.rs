//! Whether a sender may go on with an unfinished import: only with what was frozen for it.

use super::chunks::not_receiving;
use super::codes::Code;
use super::dto::{ImportState, NewImport};
use super::problem::{Answer, Refusal};
use crate::store::unfinished::Frozen;

/// Checks that nothing of what was frozen is another now.
pub(super) fn check(found: &Frozen, new: &NewImport) -> Answer<()> {
    if found.state != ImportState::Receiving || found.ending || found.one_body {
        return Err(not_receiving());
    }
    let differs = differs(found, new);
    if differs.is_empty() {
        return Ok(());
    }
    let names: Vec<_> = differs.iter().map(|name| in_words(name)).collect();
    let title = format!(
        "The unfinished import cannot be gone on with: {}. A new import can take its place.",
        names.join(", ")
    );
    Err(Refusal::saying(Code::ImportDiffers, title).about(&found.id, &differs))
}

fn differs(found: &Frozen, new: &NewImport) -> Vec<&'static str> {
    let file = (found.file_size_bytes, &found.file_fingerprint);
    [
        ("file", file == (new.file.size_bytes, &new.file.fingerprint)),
        ("format", found.format == new.format),
        ("origin", found.origin == new.origin),
        ("reader", found.reader == new.reader),
        ("options", found.options == new.options),
        ("seen", found.seen == new.seen),
        ("site_revision", found.site_revision == found.site_revision_now),
    ]
    .into_iter()
    .filter_map(|(name, same)| (!same).then_some(name))
    .collect()
}

fn in_words(name: &str) -> &'static str {
    match name {
        "file" => "it is another file",
        "format" => "the file is of another kind",
        "origin" => "the comments come from another place",
        "reader" => "Rehome was updated and reads the file in another way",
        "options" => "other options are chosen",
        "seen" => "other comments were seen in the file",
        _ => "another import has changed the site since",
    }
}
