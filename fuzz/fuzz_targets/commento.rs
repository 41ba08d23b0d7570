//! Any bytes as an export of Commento, Commento++ and Comentario.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| rehome_fuzz::read("commento", bytes));
