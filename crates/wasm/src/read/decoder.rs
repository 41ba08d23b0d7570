//! The browser's tables of old encodings.

use rehome_formats::Decode;
use web_sys::{TextDecodeOptions, TextDecoder};

/// The browser's decoder for a label; none where it does not know it.
pub(crate) fn decoder(label: &str) -> Option<Box<dyn Decode>> {
    Some(Box::new(BrowserDecoder(TextDecoder::new_with_label(label).ok()?)))
}

struct BrowserDecoder(TextDecoder);

impl Decode for BrowserDecoder {
    fn decode(&mut self, bytes: &[u8], is_last: bool, into: &mut Vec<u8>) {
        let options = TextDecodeOptions::new();
        options.set_stream(!is_last);
        let text = self.0.decode_with_u8_array_and_options(bytes, &options);
        into.extend_from_slice(text.expect("only a fatal decoder throws").as_bytes());
    }
}
