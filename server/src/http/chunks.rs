//! `PUT /imports/{id}/chunks/{n}`: takes a piece of a stream in.

use std::error::Error;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, StatusCode, header};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256};
use tower_http::timeout::TimeoutError;
use utoipa::ToSchema;

use super::arrival::{self, Expected};
use super::codes::Code;
use super::dto::ImportState;
use super::extract::Path;
use super::limits;
use super::openapi::refusals;
use super::permission::{MakeImports, May};
use super::problem::{Answer, Refusal};
use crate::app::App;
use crate::store::chunks::{self, ArrivedChunk};
use crate::store::imports::{self, ImportRow};

/// Chunks of one import.
pub(crate) const MOST_CHUNKS: u32 = 1_000_000;

refusals!(
    PutRefusals:
    BodyCut, ChunkDiffers, ChunkEmpty, ChunkNumberInvalid, ChunkTooLarge, ChunksTooFast, DigestInvalid,
    DigestMismatch, DigestMissing, EndInvalid, EndMisplaced, GzipInvalid, HeaderDiffers,
    HeaderMisplaced, HeaderMissing, IdControlCharacter, IdEmpty, IdTooLong, LineTooLong, NotGzip,
    NotJson, NotReceiving, NotUtf8, SchemaUnknown, StagingFull, StreamTooLarge,
);

/// How a chunk is packed.
#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
#[expect(dead_code, reason = "for the document: the header is read by hand")]
enum Gzip {
    Gzip,
}

/// Takes a chunk of an import; the same one again is fine.
#[utoipa::path(
    put,
    path = "/imports/{id}/chunks/{number}",
    operation_id = "putChunk",
    tag = "imports",
    security(("session" = ["admin"]), ("token" = ["import"])),
    params(
        ("id" = String, Path, description = "Id of the import."),
        (
            "number" = u32,
            Path,
            description = "From 1, in the order of the stream.",
            minimum = 1,
            maximum = 1_000_000,
        ),
        (
            "unencoded-digest" = String,
            Header,
            description = "SHA-256 of the plain lines.",
            pattern = "^sha-256=:[A-Za-z0-9+/]{43}=:$",
        ),
        (
            "content-digest" = Option<String>,
            Header,
            description = "SHA-256 of the body, to tell damage on its way.",
            pattern = "^sha-256=:[A-Za-z0-9+/]{43}=:$",
        ),
        ("content-encoding" = inline(Gzip), Header, description = "The lines are sent packed."),
    ),
    request_body(
        content = String,
        content_type = "application/x-ndjson",
        description = "Whole lines, packed with gzip.",
    ),
    responses((status = 204, description = "It is held."), PutRefusals),
)]
pub(crate) async fn put(
    State(app): State<App>,
    caller: May<MakeImports>,
    Path((id, number)): Path<(String, u32)>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Answer<StatusCode> {
    if !(1..=MOST_CHUNKS).contains(&number) {
        return Err(Refusal::new(Code::ChunkNumberInvalid));
    }
    let gzip = body.map_err(|rejection| body_refused(&rejection))?;
    limits::take_turn(&app, caller.admin.account_id)?;
    let digest = checked_digests(&headers, &gzip)?;
    let mut reader = app.store().reader().acquire().await?;
    let import = imports::find(&mut reader, caller.admin.account_id, &id)
        .await?
        .ok_or_else(Refusal::not_found)?;
    let held = chunks::digest(&mut reader, import.seq, number).await?;
    drop(reader);
    check_receiving(&import)?;
    if import.one_body {
        return Err(not_receiving());
    }
    if let Some(held) = held {
        return same_or_differs(&held, &digest);
    }
    let expected = Expected { number, digest, import: Arc::new(import) };
    let permit =
        Arc::clone(app.chunk_readers()).acquire_owned().await.map_err(|_| Refusal::internal())?;
    let body = gzip.clone();
    let (mut arrived, expected) = tokio::task::spawn_blocking(move || {
        let arrived = arrival::read(&body, &expected);
        drop(permit);
        arrived.map(|arrived| (arrived, expected))
    })
    .await
    .map_err(|_| Refusal::internal())??;
    arrived.staged_bytes = gzip.len() as u64;
    // A task of its own: a sender who goes away must not leave a file without its row.
    let storing = app.clone();
    app.spawn(async move { store(&storing, &expected.import, arrived, gzip).await })
        .await
        .map_err(|_| Refusal::internal())?
}

/// Writes the file, then the row, and leaves no file without its row.
pub(super) async fn store(
    app: &App,
    import: &ImportRow,
    chunk: ArrivedChunk,
    gzip: Bytes,
) -> Answer<StatusCode> {
    let answer = take_in(app, import, &chunk, gzip).await;
    if answer.is_err()
        && let Err(refusal) = take_out(app, import, &chunk).await
    {
        // The import's end deletes it.
        tracing::warn!(import = %import.id, ?refusal, "a chunk that was refused may still be staged");
    }
    answer
}

/// Nothing is taken where the import ended meanwhile.
async fn take_in(
    app: &App,
    import: &ImportRow,
    chunk: &ArrivedChunk,
    gzip: Bytes,
) -> Answer<StatusCode> {
    let _not_while_files_are_deleted = app.spool_gate().read().await;
    let mut reader = app.store().reader().acquire().await?;
    check_receiving(&imports::find_by_seq(&mut reader, import.seq).await?)?;
    limits::check_staged(app, &mut reader, import, chunk).await?;
    drop(reader);
    app.spool().put(&import.id, chunk.number, &chunk.digest, gzip).await?;
    let mut tx = app.store().begin().await?;
    if let Some(held) = chunks::digest(&mut tx, import.seq, chunk.number).await? {
        return same_or_differs(&held, &chunk.digest);
    }
    // Once more, where nobody comes in between.
    limits::check_staged(app, &mut tx, import, chunk).await?;
    let now = app.clock().now_micros();
    if !chunks::insert(&mut tx, import.seq, chunk, now).await? {
        return Err(not_receiving());
    }
    tx.commit().await?;
    app.changed();
    Ok(StatusCode::NO_CONTENT)
}

/// Deletes the file of a chunk that was not taken. What the database holds
/// decides: the same chunk may have come by another request, and a commit that
/// was said to fail may have happened.
async fn take_out(app: &App, import: &ImportRow, chunk: &ArrivedChunk) -> Answer<()> {
    let _no_chunk_is_between_file_and_row = app.spool_gate().write().await;
    let mut reader = app.store().reader().acquire().await?;
    let held = chunks::digest(&mut reader, import.seq, chunk.number).await?;
    drop(reader);
    if held.as_ref() != Some(&chunk.digest) {
        app.spool().delete(&import.id, chunk.number, &chunk.digest).await?;
    }
    Ok(())
}

fn check_receiving(import: &ImportRow) -> Answer<()> {
    if import.state == ImportState::Receiving && !import.ending {
        Ok(())
    } else {
        Err(not_receiving())
    }
}

/// Nothing more is taken for the import.
pub(crate) fn not_receiving() -> Refusal {
    Refusal::new(Code::NotReceiving)
}

fn same_or_differs(held: &[u8], digest: &[u8]) -> Answer<StatusCode> {
    if held == digest { Ok(StatusCode::NO_CONTENT) } else { Err(Refusal::new(Code::ChunkDiffers)) }
}

fn body_refused(rejection: &BytesRejection) -> Refusal {
    if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
        Refusal::saying(Code::ChunkTooLarge, "The chunk is larger than 8 MiB. Send smaller chunks.")
    } else if is_timeout(rejection) {
        Refusal::saying(
            Code::TimedOut,
            "Nothing more of the chunk came for a minute. Send it again.",
        )
    } else {
        Refusal::new(Code::BodyCut)
    }
}

fn is_timeout(error: &(dyn Error + 'static)) -> bool {
    error.is::<TimeoutError>() || error.source().is_some_and(is_timeout)
}

/// The digest of the plain lines that the sender names, after checking the one of the transfer.
fn checked_digests(headers: &HeaderMap, gzip: &[u8]) -> Answer<Vec<u8>> {
    let encoding = headers.get(header::CONTENT_ENCODING);
    if encoding.is_none_or(|encoding| encoding != "gzip") {
        return Err(Refusal::new(Code::NotGzip));
    }
    if let Some(of_transfer) = sha256_of(headers, "content-digest")?
        && Sha256::digest(gzip).as_slice() != of_transfer
    {
        return Err(Refusal::saying(
            Code::DigestMismatch,
            "The chunk was damaged on its way. Send it again.",
        ));
    }
    sha256_of(headers, "unencoded-digest")?.ok_or_else(|| Refusal::new(Code::DigestMissing))
}

/// The `sha-256` member of a digest field (RFC 9530).
fn sha256_of(headers: &HeaderMap, name: &str) -> Answer<Option<Vec<u8>>> {
    let members = headers
        .get_all(name)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','));
    for member in members {
        let Some(value) = member.trim().strip_prefix("sha-256=") else {
            continue;
        };
        let digest = value
            .strip_prefix(':')
            .and_then(|value| value.strip_suffix(':'))
            .and_then(|value| BASE64_STANDARD.decode(value).ok())
            .filter(|digest| digest.len() == 32);
        return match digest {
            Some(digest) => Ok(Some(digest)),
            None => Err(Refusal::new(Code::DigestInvalid)),
        };
    }
    Ok(None)
}
