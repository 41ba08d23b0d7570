//! Any bytes as an export of Rehome (normalized NDJSON).
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| rehome_fuzz::read("rehome-ndjson", bytes));
