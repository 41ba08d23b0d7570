//! Any bytes as an export of Disqus.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| rehome_fuzz::read("disqus", bytes));
