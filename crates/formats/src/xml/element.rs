//! What the element that was just opened says: its attributes, and its text.

use quick_xml::events::attributes::Attributes;

use super::{Node, Pulled, Xml};
use crate::Position;
use crate::entities::unescape_attribute;

impl Xml<'_> {
    /// Text of the element that was just opened, trimmed, with all its end read.
    /// Elements inside are passed over.
    pub(crate) fn element_text(&mut self) -> Pulled<String> {
        let mut whole = String::new();
        let mut inside = 0_u32;
        loop {
            match self.next()? {
                Node::Start => inside += 1,
                Node::End if inside == 0 => break,
                Node::End => inside -= 1,
                Node::Text if inside == 0 => whole.push_str(&self.text),
                Node::Text => {}
                Node::Eof => unreachable!("an end of file inside of an element is an error"),
            }
        }
        let trimmed = whole.trim_matches(|c: char| c.is_ascii_whitespace());
        if trimmed.len() == whole.len() { Ok(whole) } else { Ok(trimmed.to_owned()) }
    }

    /// The same; none where it is empty.
    pub(crate) fn element_value(&mut self) -> Pulled<Option<String>> {
        Ok(Some(self.element_text()?).filter(|text| !text.is_empty()))
    }

    /// The same, and where the element starts.
    pub(crate) fn placed_text(&mut self) -> Pulled<(String, Position)> {
        let place = self.at;
        Ok((self.element_text()?, place))
    }

    /// Passes over the element that was just opened, its end included.
    pub(crate) fn skip_element(&mut self) -> Pulled<()> {
        let outside = self.open.len() - 1;
        self.skips = true;
        let mut skipped = Ok(());
        while skipped.is_ok() && self.open.len() > outside {
            skipped = self.next().map(|_| ());
        }
        self.skips = false;
        self.text.clear();
        skipped
    }

    /// Value of an attribute of the last start tag that carries the asked-for
    /// prefix, trimmed; an unquoted value is taken, with a note.
    pub(crate) fn attribute(&mut self, local_name: &str) -> Option<String> {
        let mut found = None;
        for attribute in Attributes::html(&self.tag, self.name_end) {
            let Ok(attribute) = attribute else {
                self.notes.malformed_attribute.get_or_insert(self.at);
                continue;
            };
            let key = attribute.key.as_ref();
            let wanted =
                self.prefixes.iter().any(|p| key.strip_prefix(p.as_str()) == Some(local_name));
            if wanted {
                let value = unescape_attribute(attribute.value.as_ref());
                found = Some(value.trim().to_owned());
            }
        }
        // The lenient reading above takes what XML forbids: `id=7`.
        if Attributes::new(&self.tag, self.name_end).any(|attribute| attribute.is_err()) {
            self.notes.malformed_attribute.get_or_insert(self.at);
        }
        found.filter(|value| !value.is_empty())
    }

    /// Takes the prefixes that the last start tag binds to one of the namespaces
    /// asked for. False where there is none.
    pub(crate) fn bind_prefixes(&mut self, is_asked_for: fn(&str) -> bool) -> bool {
        let mut found = false;
        for attribute in Attributes::html(&self.tag, self.name_end).filter_map(Result::ok) {
            if let Some(prefix) = attribute.key.as_ref().strip_prefix("xmlns:")
                && is_asked_for(&attribute.value)
            {
                self.prefixes.push(format!("{prefix}:"));
                found = true;
            }
        }
        found
    }
}
