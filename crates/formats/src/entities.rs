//! Character references, as XML and as HTML write them.

use quick_xml::events::BytesRef;

/// Appends the character that a reference stands for. XML knows five names;
/// exports also hold those of HTML. An unknown one is kept as it is written.
pub(crate) fn resolve(reference: &BytesRef<'_>, text: &mut String) -> bool {
    if let Ok(Some(character)) = reference.resolve_char_ref() {
        text.push(character);
        return true;
    }
    let written = format!("&{};", &**reference);
    let decoded = htmlize::unescape(written.as_str());
    text.push_str(&decoded);
    decoded != written
}
