//! Tests across the crates: inputs in `fixtures/`, recorded outputs in
//! `src/snapshots/`, both to be read by people.

mod architecture;
mod cuts;
mod damage;
mod damage_wxr;
mod documents;
mod encodings;
mod fixtures;
mod generated;
mod intensedebate;
mod mutations;
mod muut;
mod properties;
mod readers;
mod recordings;
mod samples;
mod samples_forum;
mod samples_wxr;
mod schema;
