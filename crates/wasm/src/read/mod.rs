//! Reading: the files that were chosen, up to the plain lines of their chunks.

mod blob;
mod chunks;
mod decoder;
mod files;
mod session;
mod values;

pub use session::Session;
