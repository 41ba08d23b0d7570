//! Any bytes as an export of Just-Comments.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| rehome_fuzz::read("just-comments", bytes));
