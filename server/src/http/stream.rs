//! `POST /sites/{site}/imports/stream`: a whole stream in one body.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::body::{Body, BodyDataStream};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt;
use futures_util::stream::Fuse;
use rehome_record::{Complete, Header};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::arrival::header_missing;
use super::caller::Caller;
use super::chunks::{self, not_receiving};
use super::codes::Code;
use super::cutting::{Cutting, Step};
use super::dto::{
    AuditAction, Import, ImportError, ImportState, NewImport, Seen, SourceFile, Submit,
};
use super::extract::{Path, Query};
use super::imports::{check, note, one, place_of, queue};
use super::openapi::refusals;
use super::permission::{MakeImports, May};
use super::problem::{Answer, Refusal};
use super::{limits, same_blog};
use crate::app::App;
use crate::jobs::endings;
use crate::store::import_moves::{self, Ending};
use crate::store::imports::{self, ImportRow};
use crate::store::{StoreError, sites, unfinished};

/// Between two looks whether it is the account's turn.
const SHORT_WAIT: Duration = Duration::from_millis(10);
/// A sender that was refused is listened to so long: it would see a broken
/// connection instead of the answer while it still writes.
const HEARD_OUT: Duration = Duration::from_secs(10);
/// Characters of the name: it stands in the address.
const LONGEST_NAME: usize = 255;
const DEFAULT_NAME: &str = "stream.ndjson";

/// What the address says of the stream.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Named {
    /// What lists call it.
    #[param(max_length = 255)]
    name: Option<String>,
    /// The answer to `same_blog`, as in `Submit`.
    #[param(max_length = 1024)]
    same_origin: Option<String>,
}

refusals!(
    ReceiveRefusals:
    BodyCut, CompleteDiffers, CountsDiffer, EncodingUnknown, EndInvalid, EndMisplaced, EndMissing,
    GzipInvalid, HeaderMisplaced, HeaderMissing, IdControlCharacter, IdEmpty, IdTooLong,
    ImportInvalid, ImportsFull, Incomplete, InflatesTooMuch, LineTooLong, NoLonger, NotJson, NotReceiving,
    NotUtf8, SameBlog, SchemaUnknown, StagingFull, Stopping, StreamTooLarge,
);

/// How a stream may be packed.
#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
#[expect(dead_code, reason = "for the document: the header is read by hand")]
enum Encoding {
    Gzip,
    Identity,
}

/// Takes a whole stream in one body, and queues it.
#[utoipa::path(
    post,
    path = "/sites/{site}/imports/stream",
    operation_id = "streamImport",
    tag = "imports",
    security(("session" = ["admin"]), ("token" = ["import"])),
    params(
        ("site" = i64, Path, description = "Id of the site."),
        Named,
        (
            "content-encoding" = inline(Option<Encoding>),
            Header,
            description = "Where the lines are sent packed.",
        ),
    ),
    request_body(
        content = String,
        content_type = "application/x-ndjson",
        description = "The lines, from `header` to `end`.",
    ),
    responses(
        (
            status = 202,
            description = "The import, waiting for its turn.",
            body = Import,
            headers(("location" = String, description = "Where it is shown.")),
        ),
        ReceiveRefusals,
    ),
)]
pub(crate) async fn receive(
    State(app): State<App>,
    caller: May<MakeImports>,
    Path(site_id): Path<i64>,
    Query(named): Query<Named>,
    headers: HeaderMap,
    body: Body,
) -> Answer<Response> {
    let is_gzip = is_gzip(&headers)?;
    if !sites::exists(app.store(), caller.admin.account_id, site_id).await? {
        return Err(Refusal::not_found());
    }
    let name = named.name.filter(|name| !name.is_empty());
    if name.as_ref().is_some_and(|name| name.chars().count() > LONGEST_NAME) {
        return Err(Refusal::saying(
            Code::ImportInvalid,
            "The name is too long. Take one of at most 255 characters.",
        ));
    }
    same_blog::check_answer(named.same_origin.as_deref())?;
    let stream = Stream {
        app: app.clone(),
        caller: caller.into_caller(),
        site_id,
        name: name.unwrap_or_else(|| DEFAULT_NAME.to_owned()),
        same_origin: named.same_origin,
    };
    let cutting = Some(Cutting::new(is_gzip));
    let incoming = Incoming { app: app.clone(), body: body.into_data_stream().fuse(), cutting };
    // A task of its own: a sender who goes away leaves nothing half-received.
    let import = app
        .spawn(async move { stream.receive(incoming).await })
        .await
        .map_err(|_| Refusal::internal())??;
    let place = [(header::LOCATION, place_of(&import.id))];
    Ok((StatusCode::ACCEPTED, place, Json(import)).into_response())
}

/// What is sent, by whom and to where.
struct Stream {
    app: App,
    caller: Caller,
    site_id: i64,
    name: String,
    same_origin: Option<String>,
}

impl Stream {
    async fn receive(&self, mut body: Incoming) -> Answer<Import> {
        let received = self.make_and_fill(&mut body).await;
        if received.is_err() {
            self.app.spawn(body.hear_out());
        }
        received
    }

    async fn make_and_fill(&self, body: &mut Incoming) -> Answer<Import> {
        let Step::Header(header) = body.next().await? else {
            return Err(header_missing(1));
        };
        let id = Uuid::now_v7().to_string();
        // Until it is queued or cancelled: the sweep takes care of those that are neither.
        let _entered = self.app.incoming().enter(&id);
        let import = Arc::new(self.make(&id, &header).await?);
        match self.fill(&import, *header, body).await {
            Ok(()) => one(&self.app, import.account_id, &id).await,
            Err(refusal) => {
                self.cancel(&import, &refusal).await;
                Err(refusal.about(&id, &[]))
            }
        }
    }

    async fn make(&self, id: &str, header: &Header) -> Answer<ImportRow> {
        let new = new_import(header, &self.name);
        check(&new)?;
        let now = self.app.clock().now_micros();
        let mut tx = self.app.store().begin().await?;
        limits::check_open_imports(&self.app, &mut tx, self.caller.admin.account_id).await?;
        if !imports::insert(&mut tx, &self.caller.admin, self.site_id, id, &new, now).await? {
            return Err(Refusal::not_found());
        }
        unfinished::set_one_body(&mut tx, id).await?;
        let made = imports::find(&mut tx, self.caller.admin.account_id, id).await?;
        note(&mut tx, &self.caller, AuditAction::ImportStarted, self.site_id, id, now).await?;
        tx.commit().await?;
        self.app.changed();
        made.ok_or_else(Refusal::internal)
    }

    async fn fill(
        &self,
        import: &Arc<ImportRow>,
        header: Header,
        body: &mut Incoming,
    ) -> Answer<()> {
        body.begin(Arc::clone(import), header)?;
        let mut staged = 0;
        while let Step::Chunk(full) = body.next().await? {
            self.wait_for_turn(import.account_id).await?;
            self.caller.still_may(&self.app).await?;
            chunks::store(&self.app, import, full.chunk, full.gzip).await?;
            staged += 1;
        }
        self.caller.still_may(&self.app).await?;
        self.submit(import.seq, staged, body.source()?).await
    }

    /// The sender of a body cannot be told to come again: it is read more slowly.
    async fn wait_for_turn(&self, account_id: i64) -> Answer<()> {
        while let Err(refusal) = limits::take_turn(&self.app, account_id) {
            let wait = refusal.retry_after().unwrap_or(SHORT_WAIT).max(SHORT_WAIT);
            tokio::select! {
                () = self.app.shutdown().cancelled() => return Err(stopping()),
                () = tokio::time::sleep(wait) => {}
            }
        }
        Ok(())
    }

    /// The `end` line says what was seen, and is held against what came.
    async fn submit(
        &self,
        seq: i64,
        chunks: u32,
        (size_bytes, fingerprint): (u64, String),
    ) -> Answer<()> {
        let known_origin = self.known_origin(seq).await?;
        let mut tx = self.app.store().begin().await?;
        import_moves::set_known_origin(&mut tx, seq, known_origin.as_deref()).await?;
        let mut row = imports::find_by_seq(&mut tx, seq).await?;
        if row.state != ImportState::Receiving || row.ending {
            return Err(not_receiving());
        }
        let held = crate::store::chunks::held(&mut tx, seq).await?;
        if let Some(end) = held.last().and_then(|last| last.end) {
            row.seen = seen(end.counts.comments, end.complete);
            unfinished::set_source(&mut tx, seq, &row.seen, size_bytes, &fingerprint).await?;
        }
        let (counts, issues) = (row.received, Vec::new());
        let submit = Submit { chunks, counts, issues, same_origin: None };
        let now = self.app.clock().now_micros();
        queue(&mut tx, &row, &held, &submit, now).await?;
        let (action, site) = (AuditAction::ImportSubmitted, self.site_id);
        note(&mut tx, &self.caller, action, site, &row.id, now).await?;
        tx.commit().await?;
        self.app.changed();
        self.app.wake_runner();
        Ok(())
    }

    async fn known_origin(&self, seq: i64) -> Answer<Option<String>> {
        let mut reader = self.app.store().reader().acquire().await.map_err(StoreError::from)?;
        let row = imports::find_by_seq(&mut reader, seq).await?;
        drop(reader);
        same_blog::known_origin(&self.app, &row, self.same_origin.as_deref()).await
    }

    async fn cancel(&self, import: &ImportRow, refusal: &Refusal) {
        let error =
            ImportError { code: refusal.code().word().to_owned(), message: refusal.title() };
        let (app, seq) = (&self.app, import.seq);
        let ended = endings::end_unfinished(app, seq, i64::MAX, Ending::Cancelled, Some(&error));
        if let Err(error) = ended.await {
            tracing::warn!(import = %import.id, %error, "a stream that was cut waits for the sweep");
        }
    }
}

/// The body, and what is made of it.
struct Incoming {
    app: App,
    body: Fuse<BodyDataStream>,
    /// Away only while a thread works on it.
    cutting: Option<Cutting>,
}

impl Incoming {
    /// The next step that is not [`Step::Hungry`].
    async fn next(&mut self) -> Answer<Step> {
        loop {
            match self.cut().await? {
                Step::Hungry => self.read().await?,
                step => return Ok(step),
            }
        }
    }

    /// Away from the threads that answer requests, in turn with chunks.
    async fn cut(&mut self) -> Answer<Step> {
        let mut cutting = self.cutting.take().ok_or_else(Refusal::internal)?;
        let readers = Arc::clone(self.app.chunk_readers());
        let permit = readers.acquire_owned().await.map_err(|_| Refusal::internal())?;
        let (cutting, step) = tokio::task::spawn_blocking(move || {
            let step = cutting.next();
            drop(permit);
            (cutting, step)
        })
        .await
        .map_err(|_| Refusal::internal())?;
        self.cutting = Some(cutting);
        step
    }

    async fn read(&mut self) -> Answer<()> {
        let shutdown = self.app.shutdown().clone();
        // Whoever is silent for so long is gone. How long the whole takes does not matter.
        let idle = Duration::from_millis(self.app.timing().body_idle_ms.into());
        let came = tokio::select! {
            () = shutdown.cancelled() => return Err(stopping()),
            came = tokio::time::timeout(idle, self.body.next()) => came,
        };
        let cutting = self.cutting.as_mut().ok_or_else(Refusal::internal)?;
        match came {
            Err(_) => Err(Refusal::saying(
                Code::TimedOut,
                "Nothing more of the stream came for a minute. Send it again.",
            )),
            Ok(Some(Err(_))) => Err(Refusal::new(Code::BodyCut)),
            Ok(Some(Ok(bytes))) => {
                cutting.feed(bytes);
                Ok(())
            }
            Ok(None) => cutting.end(),
        }
    }

    fn begin(&mut self, import: Arc<ImportRow>, header: Header) -> Answer<()> {
        self.cutting.as_mut().ok_or_else(Refusal::internal)?.begin(import, header)
    }

    /// Plain bytes and fingerprint of what came.
    fn source(&self) -> Answer<(u64, String)> {
        let cutting = self.cutting.as_ref().ok_or_else(Refusal::internal)?;
        Ok((cutting.size_bytes(), cutting.fingerprint()))
    }

    async fn hear_out(mut self) {
        let heard = async { while let Some(Ok(_)) = self.body.next().await {} };
        tokio::select! {
            () = self.app.shutdown().cancelled() => {}
            _ = tokio::time::timeout(HEARD_OUT, heard) => {}
        }
    }
}

/// As far as the header says it; the rest is known at the end.
fn new_import(header: &Header, name: &str) -> NewImport {
    NewImport {
        format: header.format.clone(),
        origin: header.origin.clone(),
        reader: header.reader.clone(),
        options: header.options.clone(),
        file: SourceFile { name: name.to_owned(), size_bytes: 0, fingerprint: String::new() },
        seen: seen(0, Complete::Unknown),
        resume: None,
        replace: None,
    }
}

fn seen(comments: u64, complete: Complete) -> Seen {
    Seen { comments, kept: comments, skipped_by_reason: BTreeMap::new(), complete }
}

fn is_gzip(headers: &HeaderMap) -> Answer<bool> {
    match headers.get(header::CONTENT_ENCODING).map(HeaderValue::as_bytes) {
        None | Some(b"identity") => Ok(false),
        Some(b"gzip") => Ok(true),
        Some(_) => Err(Refusal::new(Code::EncodingUnknown)),
    }
}

fn stopping() -> Refusal {
    Refusal::new(Code::Stopping)
}
