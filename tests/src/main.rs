//! Tests across the crates: inputs in `fixtures/`, recorded outputs in
//! `src/snapshots/`, both to be read by people.

mod architecture;
mod cuts;
mod documents;
mod fixtures;
mod mutations;
mod readers;
mod recordings;
mod samples;
