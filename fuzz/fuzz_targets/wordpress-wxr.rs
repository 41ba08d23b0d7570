//! Any bytes as an export of WordPress.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| rehome_fuzz::read("wordpress-wxr", bytes));
