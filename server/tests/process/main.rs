//! The server as operators run it: the real program, over HTTP, killed, stopped
//! and starved of its storage.
#![cfg(unix)]

mod api_document;
mod backup;
mod chaos;
mod client;
mod configured;
mod database;
mod disk_full;
mod editions;
mod followers;
mod killed;
mod leaks;
mod locked;
mod logging;
mod mail;
mod mail_server;
mod mounts;
mod notices;
mod operator;
mod process;
mod read_only;
mod receiver;
mod slow;
mod stopped;
mod stream;
mod terminal;
mod watching;
