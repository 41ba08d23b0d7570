//! Tests across the crates: inputs in `fixtures/`, recorded outputs in
//! `src/snapshots/`, both to be read by people.

mod architecture;
mod checks;
mod codes;
mod cuts;
mod damage;
mod damage_wxr;
mod documents;
mod encodings;
mod fixtures;
mod generated;
mod hosted;
mod intensedebate;
mod mutations;
mod muut;
mod properties;
mod readers;
mod recipe;
mod recordings;
mod redacted;
mod samples;
mod samples_forum;
mod samples_hosted;
mod samples_wxr;
mod schema;
mod tables;
mod withheld;
