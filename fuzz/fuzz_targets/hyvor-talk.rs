//! Any bytes as an export of Hyvor Talk.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| rehome_fuzz::read("hyvor-talk", bytes));
