//! Any bytes as an export of FastComments (CSV).
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| rehome_fuzz::read("fastcomments-csv", bytes));
