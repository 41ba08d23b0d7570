//! Sending: plain lines from a session in another module, up to the submitted import.

mod chunks;
mod control;
mod progress;
mod sender;
mod stream;
mod upload;

pub use sender::Sender;
