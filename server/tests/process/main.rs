//! The server as operators run it: the real program, over HTTP, killed, stopped
//! and starved of its storage.
#![cfg(unix)]

mod client;
mod database;
mod disk_full;
mod killed;
mod locked;
mod mounts;
mod process;
mod read_only;
mod slow;
mod stopped;
mod stream;
