//! The only Rust that knows JavaScript: reads `File`s in a dedicated worker,
//! previews it in steps, streams it to the server. Decides nothing about data.
//!
//! A worker holds one [`Session`], which serves one export. After a panic the
//! instance is of no use any more: the page is told and makes a fresh worker.

#![cfg_attr(
    not(target_arch = "wasm32"),
    allow(clippy::result_large_err, reason = "where it runs, pointers have half the size")
)]

mod blob;
mod chunks;
mod control;
mod crash;
mod decoder;
mod dto;
mod files;
mod js;
mod send;
mod session;
mod upload;

pub use dto::{ReadPhase, ReadProgress, Retry, SendProgress, WorkerProblem};
pub use session::Session;

use wasm_bindgen::prelude::*;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r"
import type { Detection } from '../../generated/Detection';
import type { Import } from '../../generated/Import';
import type { Preview } from '../../generated/Preview';
import type { ReadProgress } from '../../generated/ReadProgress';
import type { Samples } from '../../generated/Samples';
import type { SendProgress } from '../../generated/SendProgress';
";

/// Runs once, as the module is loaded.
#[wasm_bindgen(start)]
fn start() {
    crash::tell_the_page();
}
