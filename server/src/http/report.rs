//! The report of an import: by whom and of what, what became of it, and every
//! line that needs a look. Codes, counts, places and ids; nothing that people wrote.

use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::IntoParams;

use super::audit::Format;
use super::caller::Caller;
use super::dto::{AuditAction, PossibleDoubles, Vanished};
use super::extract::{Path, Query};
use super::imports::one;
use super::permission::{Follow, May};
use super::problem::{Answer, Refusal};
use super::report_lines::{Line, facts_of, written};
use crate::app::App;
use crate::jobs::prepare::removed_hash;
use crate::store::report::{self, AfterDouble, Facts};
use crate::store::{audit, chunks};

/// Of what is listed to its first ones.
const LISTED: u32 = 1_000;
/// Possible doubles of a report that are in memory at a time.
const DOUBLES_AT_ONCE: u32 = 500;

/// How to write a report.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Download {
    /// What it is written as.
    #[param(inline)]
    format: Format,
}

/// Gives the report of an import as a file.
///
/// Who imported what and when, counts and whether they add up, what the reader
/// found by code and place, lines that were not taken, possible doubles,
/// comments that the file no longer has. Nothing that people wrote.
#[utoipa::path(
    get,
    path = "/imports/{id}/report",
    operation_id = "downloadReport",
    tag = "imports",
    security(("session" = ["viewer"]), ("token" = ["read", "import"])),
    params(("id" = String, Path, description = "Id of the import."), Download),
    responses(
        (
            status = 200,
            description = "All of it. Its last line says how many lines stand before it.",
            content(
                (String = "text/csv; charset=utf-8; header=present"),
                (String = "application/x-ndjson"),
            ),
        ),
    ),
)]
pub(crate) async fn download(
    State(app): State<App>,
    caller: May<Follow>,
    Path(id): Path<String>,
    Query(Download { format }): Query<Download>,
) -> Answer<Response> {
    let account_id = caller.admin.account_id;
    let import = one(&app, account_id, &id).await?;
    let facts = found(&app, account_id, &id).await?;
    let mut tx = app.store().begin().await?;
    let now = app.clock().now_micros();
    let details = [("import", &*id), ("site", &*import.site_id.to_string())];
    audit::note(&mut tx, caller.actor(), AuditAction::ReportDownloaded, &details, now).await?;
    tx.commit().await?;
    let (media, ending) = match format {
        Format::Csv => ("text/csv; charset=utf-8; header=present", "csv"),
        Format::Ndjson => ("application/x-ndjson", "ndjson"),
    };
    let disposition = format!("attachment; filename=\"rehome-import-{id}.{ending}\"");
    let first = facts_of(&import, &facts);
    let caller = caller.into_caller();
    let report = Report { app, caller, format, facts, next: Part::Import(first), lines: 0 };
    let body = Body::from_stream(stream::try_unfold(report, Report::next));
    let headers =
        [(header::CONTENT_TYPE, media.to_owned()), (header::CONTENT_DISPOSITION, disposition)];
    Ok((headers, body).into_response())
}

/// Lists comments that may be one with others.
///
/// A source names them as the same, but neither who wrote them nor the words agree.
#[utoipa::path(
    get,
    path = "/imports/{id}/doubles",
    operation_id = "listDoubles",
    tag = "imports",
    security(("session" = ["viewer"]), ("token" = ["read", "import"])),
    params(("id" = String, Path, description = "Id of the import.")),
    responses((status = 200, description = "The first 1,000.", body = PossibleDoubles)),
)]
pub(crate) async fn doubles(
    State(app): State<App>,
    caller: May<Follow>,
    Path(id): Path<String>,
) -> Answer<Json<PossibleDoubles>> {
    let facts = found(&app, caller.admin.account_id, &id).await?;
    Ok(Json(report::first_doubles(app.store(), &facts, LISTED).await?))
}

/// Lists comments that the source had before, and that the file no longer has.
#[utoipa::path(
    get,
    path = "/imports/{id}/vanished",
    operation_id = "listVanished",
    tag = "imports",
    security(("session" = ["viewer"]), ("token" = ["read", "import"])),
    params(("id" = String, Path, description = "Id of the import.")),
    responses((status = 200, description = "The first 1,000.", body = Vanished)),
)]
pub(crate) async fn vanished(
    State(app): State<App>,
    caller: May<Follow>,
    Path(id): Path<String>,
) -> Answer<Json<Vanished>> {
    let facts = found(&app, caller.admin.account_id, &id).await?;
    Ok(Json(report::vanished(app.store(), &facts, LISTED, removed_hash()).await?))
}

async fn found(app: &App, account_id: i64, id: &str) -> Answer<Facts> {
    report::facts(app.store(), account_id, id).await?.ok_or_else(Refusal::not_found)
}

/// What of a report comes next.
#[derive(Debug)]
enum Part {
    Import(Value),
    Issues,
    Rejected,
    Doubles(AfterDouble),
    Vanished,
    End,
    Over,
}

struct Report {
    app: App,
    caller: Caller,
    format: Format,
    facts: Facts,
    next: Part,
    /// Written so far.
    lines: u64,
}

impl Report {
    /// The next piece. An error cuts the body off, so that half a file is not taken for a whole one.
    async fn next(mut self) -> anyhow::Result<Option<(Bytes, Self)>> {
        let part = std::mem::replace(&mut self.next, Part::Over);
        if matches!(part, Part::Over) {
            return Ok(None);
        }
        anyhow::ensure!(self.caller.holds(&self.app).await?, "the right to read the report ended");
        let is_first = matches!(part, Part::Import(_));
        let (lines, next) = self.read(part).await?;
        self.lines += lines.len() as u64;
        self.next = next;
        let text = written(self.format, &lines, is_first)?;
        Ok(Some((text.into(), self)))
    }

    async fn read(&self, part: Part) -> anyhow::Result<(Vec<Line>, Part)> {
        let store = self.app.store();
        Ok(match part {
            Part::Import(facts) => (vec![Line::new("import", facts)], Part::Issues),
            Part::Issues => {
                let issues = self.facts.issues.iter().flatten();
                (issues.map(|issue| Line::of("issue", issue)).collect(), Part::Rejected)
            }
            Part::Rejected => {
                let lines = chunks::rejected(store, self.facts.seq, LISTED).await?;
                let lines = lines.iter().map(|line| Line::of("rejected", line)).collect();
                (lines, Part::Doubles((String::new(), i64::MIN)))
            }
            Part::Doubles(after) => {
                let some = report::doubles(store, &self.facts, &after, DOUBLES_AT_ONCE).await?;
                let last = some.last().map(|last| (last.source_id.clone(), last.other));
                let next = match last {
                    Some(last) if some.len() == DOUBLES_AT_ONCE as usize => Part::Doubles(last),
                    _ => Part::Vanished,
                };
                (some.iter().map(Line::of_double).collect(), next)
            }
            Part::Vanished => {
                let vanished = report::vanished(store, &self.facts, LISTED, removed_hash()).await?;
                let line = |id: &String| Line::new("vanished", json!({ "source_id": id }));
                (vanished.source_ids.iter().map(line).collect(), Part::End)
            }
            Part::End => (vec![Line::new("end", json!({ "lines": self.lines }))], Part::Over),
            Part::Over => (Vec::new(), Part::Over),
        })
    }
}
