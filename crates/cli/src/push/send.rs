//! The stream: what the server lacks, a few chunks at a time.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use rehome_record::{Chunk, NewImport, Submit};
use serde::Serialize;
use serde_json::Value;

use super::api::{Api, Opened};
use super::chunks::{Chunks, Packed, digest};
use super::problem::{Answer, Problem};
use super::progress::Progress;
use super::retry::Halt;

/// Chunks on their way at the same time.
const IN_FLIGHT: usize = 3;

/// What starts a new import where an unfinished one differs.
const REPLACE_HINT: &str = "Add --replace to start a new import in its place: what the unfinished one has sent is deleted.";

/// What goes on with an unfinished import.
const GO_ON_HINT: &str =
    "What arrived is kept for some hours: run the same command again to send only what is missing.";

/// Whether comments that are known from another address are those of the same blog.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum SameBlog {
    /// It has moved: what is known is brought up to date.
    Yes,
    /// It is another one: all its comments come in beside those that are known.
    No,
}

/// An import that takes chunks.
pub(crate) struct Open {
    pub(crate) id: String,
    /// Digests over the plain lines of what the server holds, by number.
    held: BTreeMap<u32, String>,
}

/// What went over the network, and what need not.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub(crate) struct Sent {
    pub(crate) chunks: u32,
    pub(crate) chunks_held: u32,
    /// Gzip bytes.
    pub(crate) bytes: u64,
}

/// Makes the import, or finds the unfinished one. Where that one was begun with
/// something else, a new import takes its place if `replace` says so.
pub(crate) fn open(api: &Api<'_>, site: i64, new: &mut NewImport, replace: bool) -> Answer<Open> {
    let opened = match api.open(site, new) {
        Err(problem) if problem.code == "import_differs" && replace => {
            new.replace.clone_from(&problem.import);
            open_in_place(api, site, new)
        }
        Err(problem) if new.replace.is_some() => after_lost_answer(api, site, new, problem),
        other => other,
    };
    let Opened { import, chunks } = opened.map_err(|problem| match &*problem.code {
        "import_differs" => problem.hint(REPLACE_HINT),
        _ => problem,
    })?;
    Ok(Open {
        id: import["id"].as_str().unwrap_or_default().to_owned(),
        held: chunks.into_iter().map(|held| (held.number, held.digest)).collect(),
    })
}

fn open_in_place(api: &Api<'_>, site: i64, new: &mut NewImport) -> Answer<Opened> {
    api.open(site, new).or_else(|problem| after_lost_answer(api, site, new, problem))
}

/// Replaced already, by a try whose answer was lost: that import is found by its file.
fn after_lost_answer(
    api: &Api<'_>,
    site: i64,
    new: &mut NewImport,
    problem: Box<Problem>,
) -> Answer<Opened> {
    if problem.code != "not_receiving" {
        return Err(problem);
    }
    new.replace = None;
    api.open(site, new)
}

/// Counts what goes.
#[derive(Default)]
struct Tally {
    chunks: AtomicU32,
    held: AtomicU32,
    bytes: AtomicU64,
}

/// Sends every chunk that the server lacks; says what to submit.
///
/// Some threads pack and send; this one reads, and waits for one of them
/// before it reads on.
pub(crate) fn run(
    api: &Api<'_>,
    open: &Open,
    chunks: &mut Chunks,
    progress: &Progress,
) -> Answer<(Submit, Sent)> {
    let (halt, tally) = (Halt::default(), Tally::default());
    let last = thread::scope(|scope| {
        let (give, take) = sync_channel(0);
        let take = Arc::new(Mutex::new(take));
        for _ in 0..IN_FLIGHT {
            let (take, halt, tally) = (Arc::clone(&take), &halt, &tally);
            scope.spawn(move || {
                if let Err(problem) = send_all(api, open, &take, halt, tally, progress) {
                    halt.call(problem);
                }
            });
        }
        // The senders alone hold it: where all of them have stopped, nothing more can be given.
        drop(take);
        feed(open, chunks, &give, &halt, &tally, progress).map_err(|problem| halt.call(problem))
    });
    if let Some(problem) = halt.into_first() {
        return Err(unfinished(open, problem));
    }
    let (chunks, counts) = (last.unwrap_or_default(), chunks.counts());
    let submit = Submit { chunks, counts, issues: Vec::new(), same_origin: None };
    let sent = Sent {
        chunks: tally.chunks.into_inner(),
        chunks_held: tally.held.into_inner(),
        bytes: tally.bytes.into_inner(),
    };
    Ok((submit, sent))
}

/// A chunk and the digest of its plain lines.
type Next = (Chunk, String);

/// Reads on and passes on what is missing; gives the number of all chunks.
fn feed(
    open: &Open,
    chunks: &mut Chunks,
    give: &SyncSender<Next>,
    halt: &Halt,
    tally: &Tally,
    progress: &Progress,
) -> Answer<u32> {
    let mut last = 0;
    while !halt.is_called() {
        let Some(chunk) = chunks.next()? else { break };
        last = chunk.number;
        let digest = digest(&chunk.plain);
        if is_held(open, &chunk, &digest)? {
            tally.held.fetch_add(1, Ordering::Relaxed);
            progress.held(chunk.counts.comments);
        } else if give.send((chunk, digest)).is_err() {
            break;
        }
    }
    Ok(last)
}

/// Whether the server has these very lines.
fn is_held(open: &Open, chunk: &Chunk, digest: &str) -> Answer<bool> {
    match open.held.get(&chunk.number) {
        Some(held) if held == digest => Ok(true),
        Some(_) => Err(Problem::new(
            "chunk_differs",
            "The file gives other lines than when its unfinished import was begun.",
        )),
        None => Ok(false),
    }
}

/// One sender: takes chunks and sends them until there are no more.
fn send_all(
    api: &Api<'_>,
    open: &Open,
    take: &Mutex<Receiver<Next>>,
    halt: &Halt,
    tally: &Tally,
    progress: &Progress,
) -> Answer<()> {
    while !halt.is_called() {
        let next = take.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok((chunk, digest)) = next else { break };
        let packed = Packed::new(&chunk, digest);
        drop(chunk);
        api.put(&open.id, &packed, halt)?;
        tally.chunks.fetch_add(1, Ordering::Relaxed);
        tally.bytes.fetch_add(packed.gzip.len() as u64, Ordering::Relaxed);
        progress.sent(packed.comments);
    }
    Ok(())
}

/// Whether a new import in its place is what helps.
pub(crate) fn is_replaceable(problem: &Problem) -> bool {
    problem.code == "chunk_differs" && problem.import.is_some()
}

/// What was submitted, as the server shows it. Whether a blog moved is answered
/// where it is asked, if that was said.
pub(crate) fn submit(
    api: &Api<'_>,
    open: &Open,
    mut submit: Submit,
    same_blog: Option<SameBlog>,
) -> Answer<Value> {
    if same_blog == Some(SameBlog::No) {
        submit.same_origin = Some(String::new());
    }
    let submitted = match api.submit(&open.id, &submit) {
        Err(problem) if same_blog == Some(SameBlog::Yes) && problem.origin.is_some() => {
            submit.same_origin = problem.origin;
            api.submit(&open.id, &submit)
        }
        other => other,
    };
    submitted.map_err(|problem| unfinished(open, problem))
}

/// What can be done about an import that could not be sent whole.
fn unfinished(open: &Open, problem: Box<Problem>) -> Box<Problem> {
    let problem = if problem.code == "chunk_differs" {
        problem.hint(REPLACE_HINT)
    } else if let Some(origin) = &problem.origin {
        let hint = format!(
            "The same comments are known from {origin}. Run the same command again with \
             --same-blog yes where the blog has moved from there, or with --same-blog no where it \
             is another one. What arrived is kept."
        );
        problem.hint(hint)
    } else if problem.may_pass() {
        problem.hint(GO_ON_HINT)
    } else {
        problem
    };
    problem.about(&open.id)
}
