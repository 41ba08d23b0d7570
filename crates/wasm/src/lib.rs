//! The only Rust that knows JavaScript: reads `File`s in a dedicated worker,
//! previews it in steps, streams it to the server. Decides nothing about data.
//!
//! A worker holds one [`Session`], which serves one export, and a [`Sender`] where
//! it is sent. After a panic the instance is of no use any more: the page is told
//! and makes a fresh worker.
//!
//! The pages load it in parts, since nobody should wait for the readers of other
//! vendors: a module for each group of readers (features `xml`, `json`, `tables`,
//! each with all of [`Session`]), and one that sends (feature `send`). What goes
//! from the one to the other is plain lines. `wasm-pack.toml` lists the parts.

#![cfg_attr(
    not(target_arch = "wasm32"),
    allow(clippy::result_large_err, reason = "where it runs, pointers have half the size")
)]

mod crash;
mod dto;
mod js;
#[cfg(feature = "read")]
mod read;
#[cfg(feature = "send")]
mod send;

pub use dto::{ReadPhase, ReadProgress, Retry, SendProgress, WorkerProblem};
#[cfg(feature = "read")]
pub use read::Session;
#[cfg(feature = "send")]
pub use send::Sender;

use wasm_bindgen::prelude::*;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r"
import type { Detection } from '../../../generated/Detection';
import type { Counts } from '../../../generated/Counts';
import type { Import } from '../../../generated/Import';
import type { NewImport } from '../../../generated/NewImport';
import type { Preview } from '../../../generated/Preview';
import type { ReaderIssue } from '../../../generated/ReaderIssue';
import type { ReadProgress } from '../../../generated/ReadProgress';
import type { Samples } from '../../../generated/Samples';
import type { SendProgress } from '../../../generated/SendProgress';

/** A numbered piece of the stream, plain. */
export type PlainChunk = { number: number; plain: Uint8Array<ArrayBuffer>; comments: number };
";

/// Runs once, as the module is loaded.
#[wasm_bindgen(start)]
fn start() {
    crash::tell_the_page();
}
