//! A staged chunk made ready to be written, away from the database's one writer.

use std::collections::HashMap;
use std::io::BufReader;
use std::sync::Arc;

use flate2::read::MultiGzDecoder;
use rehome_record::{Author, Comment, Header, Line, LineReader, Page, Removed};

use super::fields::Fields;
use super::work::JobError;
use crate::app::App;
use crate::sanitise::sanitise;
use crate::store::jobs::Pass;
use crate::store::{Known, Namespace, RecordHash, StoreError, upsert_comments};

/// A record and where it stood.
#[derive(Debug)]
pub(crate) struct Prepared<T> {
    /// Line in the chunk, from 1.
    pub line: u64,
    pub hash: RecordHash,
    pub record: T,
}

/// What a pass does with a line.
#[derive(Debug)]
pub(crate) enum Record {
    Page(Page),
    Author(Author),
    Comment(Box<Comment>),
    Removed(Removed),
}

impl Record {
    /// The source's id of the comment that it is about.
    pub(crate) fn comment_id(&self) -> Option<&str> {
        match self {
            Self::Comment(comment) => Some(&comment.source_id),
            Self::Removed(removed) => Some(&removed.source_id),
            Self::Page(_) | Self::Author(_) => None,
        }
    }
}

/// What a pass takes from a chunk.
#[derive(Debug)]
pub(crate) struct ReadChunk {
    pub records: Vec<Prepared<Record>>,
    /// What its comments were known by when it was read. The chunk before it was
    /// being written meanwhile.
    pub known: HashMap<String, Known>,
}

/// Reads the records that a pass takes from a chunk (number and digest), after the lines that are done.
pub(crate) async fn prepare(
    app: App,
    import: String,
    namespace: Arc<Namespace>,
    fields: Arc<Fields>,
    pass: Pass,
    chunk: (u32, Vec<u8>),
    lines_done: u64,
) -> Result<ReadChunk, JobError> {
    let gzip = app.spool().get(&import, chunk.0, &chunk.1).await?;
    let of_blocking = Arc::clone(&fields);
    let records =
        tokio::task::spawn_blocking(move || parse(&gzip, pass, lines_done, &of_blocking)).await??;
    if pass == Pass::Comments {
        sanitise_new(&app, &namespace, records).await
    } else {
        Ok(ReadChunk { records, known: HashMap::new() })
    }
}

/// Lines that were rejected on arrival are counted already and passed over here.
fn parse(
    gzip: &[u8],
    pass: Pass,
    lines_done: u64,
    fields: &Fields,
) -> Result<Vec<Prepared<Record>>, JobError> {
    let mut reader = LineReader::new(BufReader::new(MultiGzDecoder::new(gzip)));
    let mut records = Vec::new();
    while let Some(read) = reader.next_line()? {
        if read.number <= lines_done {
            continue;
        }
        let Ok(line) = read.line else { continue };
        if line.validate().is_err() {
            continue;
        }
        if let Some((hash, record)) = taken(line, pass, fields) {
            records.push(Prepared { line: read.number, hash, record });
        }
    }
    Ok(records)
}

/// Ids and hashes of the comments in a staged chunk, as an import would keep them.
///
/// # Errors
/// The chunk does not inflate any more.
pub(crate) fn known_by(
    gzip: &[u8],
    header: &Header,
) -> Result<Vec<(String, RecordHash)>, JobError> {
    let records = parse(gzip, Pass::Comments, 0, &Fields::of(header))?;
    let known_by = records.into_iter().filter_map(|prepared| match prepared.record {
        Record::Comment(comment) => Some((comment.source_id, prepared.hash)),
        _ => None,
    });
    Ok(known_by.collect())
}

fn taken(line: Line, pass: Pass, fields: &Fields) -> Option<(RecordHash, Record)> {
    Some(match (pass, line) {
        (Pass::Pages, Line::Page(mut page)) => {
            fields.redact_page(&mut page);
            (fields.hash(&page), Record::Page(page))
        }
        (Pass::Pages, Line::Author(mut author)) => {
            fields.redact_author(&mut author);
            (fields.hash(&author), Record::Author(author))
        }
        (Pass::Comments, Line::Comment(mut comment)) => {
            fields.redact_comment(&mut comment);
            (fields.hash(&comment), Record::Comment(comment))
        }
        (Pass::Comments, Line::Removed(removed)) => (removed_hash(), Record::Removed(removed)),
        _ => return None,
    })
}

/// What a removed record is known by: no hash of a record that is there.
pub(crate) fn removed_hash() -> RecordHash {
    *b"removed at sourc"
}

/// Sanitises the bodies that will be written. Those whose source sends what it
/// sent before are not: nothing of them is written, whatever comes before them.
async fn sanitise_new(
    app: &App,
    namespace: &Namespace,
    records: Vec<Prepared<Record>>,
) -> Result<ReadChunk, JobError> {
    let ids: Vec<_> = records.iter().filter_map(|prepared| prepared.record.comment_id()).collect();
    let mut reader = app.store().reader().acquire().await.map_err(StoreError::from)?;
    let known = Arc::new(upsert_comments::known(&mut reader, namespace, &ids).await?);
    drop(reader);
    let share = records.len().div_ceil(app.cores()).max(1);
    let mut rest = records.into_iter();
    let mut parts = Vec::new();
    loop {
        let part: Vec<_> = rest.by_ref().take(share).collect();
        if part.is_empty() {
            break;
        }
        let known = Arc::clone(&known);
        parts.push(tokio::task::spawn_blocking(move || {
            part.into_iter().map(|prepared| sanitise_one(prepared, &known)).collect::<Vec<_>>()
        }));
    }
    let mut sanitised = Vec::new();
    for part in parts {
        sanitised.extend(part.await?);
    }
    let known = Arc::unwrap_or_clone(known);
    Ok(ReadChunk { records: sanitised, known })
}

fn sanitise_one(
    mut prepared: Prepared<Record>,
    known: &HashMap<String, Known>,
) -> Prepared<Record> {
    if let Record::Comment(comment) = &mut prepared.record
        && known.get(&comment.source_id).is_none_or(|known| known.hash != prepared.hash)
    {
        comment.body = comment.body.take().map(|body| sanitise(body, comment.body_format));
    }
    prepared
}
