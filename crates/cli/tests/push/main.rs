//! `rehome push` as a script sees it, against the real server.
#![cfg(unix)]

mod going_on;
mod lost;
mod moved;
mod proxy;
mod refused;
mod rehome;
mod samples;
mod server;
mod tls;
mod whole;
