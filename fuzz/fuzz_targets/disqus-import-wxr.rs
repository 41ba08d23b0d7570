//! Any bytes as an export of File for an import into Disqus.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| rehome_fuzz::read("disqus-import-wxr", bytes));
