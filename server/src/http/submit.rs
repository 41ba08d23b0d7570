//! Whether everything of a stream is there.

use rehome_record::{Complete, Counts, takes_incomplete};

use super::codes::Code;
use super::dto::Submit;
use super::imports::incomplete;
use super::problem::{Answer, Refusal};
use crate::store::chunks::HeldChunk;
use crate::store::imports::ImportRow;

/// Missing chunks that an answer names.
const NAMED: usize = 10;

/// Lines that the passes have to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Work {
    /// Rejected on arrival.
    pub done: u64,
    /// Records, and replies once more.
    pub total: u64,
}

/// Checks the chunks held against what the sender, the stream's end and the preview say.
pub(crate) fn check(import: &ImportRow, held: &[HeldChunk], submit: &Submit) -> Answer<Work> {
    check_numbers(held, submit.chunks)?;
    let (last, before) = held
        .split_last()
        .ok_or_else(|| Refusal::saying(Code::ChunksMissing, "No chunk has arrived."))?;
    if import.header.is_none() {
        return Err(Refusal::new(Code::HeaderMissing));
    }
    if before.iter().any(|chunk| chunk.end.is_some()) {
        return Err(Refusal::saying(
            Code::EndMisplaced,
            "The `end` line is not the last line of the last chunk.",
        ));
    }
    let end = last.end.ok_or_else(|| Refusal::new(Code::EndMissing))?;
    check_counts("The sender", submit.counts, import.received)?;
    check_counts("The stream's `end` line", end.counts, import.received)?;
    if import.seen.kept != import.received.comments {
        return Err(Refusal::saying(
            Code::CountsDiffer,
            format!(
                "The preview kept {} comments, but {} arrived. Start a new import.",
                import.seen.kept, import.received.comments
            ),
        ));
    }
    let is_cut = end.complete == Complete::No || import.seen.complete == Complete::No;
    if is_cut && !takes_incomplete(&import.options) {
        return Err(incomplete());
    }
    if end.complete != import.seen.complete {
        return Err(Refusal::new(Code::CompleteDiffers));
    }
    let replies =
        if has_parents(import) { held.iter().map(|chunk| chunk.replies).sum() } else { 0 };
    Ok(Work {
        done: held.iter().map(|chunk| chunk.rejected).sum(),
        total: import.received.records() + replies,
    })
}

/// Checks what is said again of an import that was submitted before.
pub(crate) fn check_same(import: &ImportRow, submit: &Submit) -> Answer<()> {
    check_counts("The sender", submit.counts, import.received)
}

fn has_parents(import: &ImportRow) -> bool {
    import.header.as_ref().is_some_and(|header| {
        let mut names = header.fields.iter().chain(&header.redacted);
        names.any(|name| name == "comment.parent")
    })
}

fn check_numbers(held: &[HeldChunk], chunks: u32) -> Answer<()> {
    let mut held = held.iter().map(|chunk| chunk.number).peekable();
    let mut missing = Vec::new();
    for number in 1..=chunks {
        if held.next_if_eq(&number).is_none() {
            missing.push(number.to_string());
            if missing.len() == NAMED {
                break;
            }
        }
    }
    if !missing.is_empty() {
        return Err(Refusal::saying(
            Code::ChunksMissing,
            format!("Send what is missing, then submit again: chunks {}.", missing.join(", ")),
        ));
    }
    match held.next() {
        None => Ok(()),
        Some(number) => Err(Refusal::saying(
            Code::ChunksExtra,
            format!("Chunk {number} is held, but the stream is said to end before it."),
        )),
    }
}

fn check_counts(who: &str, said: Counts, arrived: Counts) -> Answer<()> {
    if said == arrived {
        Ok(())
    } else {
        Err(Refusal::saying(
            Code::CountsDiffer,
            format!(
                "{who} counts {} lines, but {} arrived, or of other kinds. Start a new import.",
                said.records(),
                arrived.records()
            ),
        ))
    }
}
