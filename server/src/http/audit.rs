//! The audit log: who did what. Owners read it, and fetch it as a file.

use std::collections::BTreeMap;

use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::caller::Caller;
use super::dto::{AuditAction, AuditEntry, AuditList};
use super::extract::{AtMost, Id, Query};
use super::permission::{May, Own};
use super::problem::Answer;
use crate::app::App;
use crate::store::audit::{self, Filter};

const ENTRIES_AT_ONCE: u32 = 50;
/// Entries of an export that are in memory at a time.
const EXPORTED_AT_ONCE: u32 = 500;
const COLUMNS: [&str; 6] = ["id", "at", "admin", "token", "action", "details"];

/// Which entries to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Listing {
    /// Acts of this kind alone.
    #[param(inline)]
    action: Option<AuditAction>,
    /// Those of this person alone, by their id.
    #[param(inline)]
    admin: Option<Id>,
    /// `next` of the list before.
    #[param(inline)]
    before: Option<Id>,
    /// How many at most; 50 where it is not said.
    #[param(inline)]
    limit: Option<AtMost<200>>,
}

/// Which entries to export, and how.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Export {
    /// What it is written as.
    #[param(inline)]
    format: Format,
    /// Acts of this kind alone.
    #[param(inline)]
    action: Option<AuditAction>,
    /// Those of this person alone, by their id.
    #[param(inline)]
    admin: Option<Id>,
    /// Those before this one alone, by its id.
    #[param(inline)]
    before: Option<Id>,
}

/// What an export is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Format {
    /// For spreadsheets.
    Csv,
    /// For programs: an entry on each line.
    Ndjson,
}

/// Lists what people and tokens of the account did, the newest first.
#[utoipa::path(
    get,
    path = "/audit",
    operation_id = "listAudit",
    tag = "members",
    security(("session" = ["owner"])),
    params(Listing),
    responses((status = 200, description = "Some of it, and where to go on.", body = AuditList)),
)]
pub(crate) async fn list(
    State(app): State<App>,
    caller: May<Own>,
    Query(listing): Query<Listing>,
) -> Answer<Json<AuditList>> {
    let Listing { action, admin, before, limit } = listing;
    let limit = limit.map_or(ENTRIES_AT_ONCE, AtMost::get);
    let filter = Filter { action, admin: admin.map(Id::get), before: before.map(Id::get) };
    let account_id = caller.admin.account_id;
    // One more than asked for says whether there is more.
    let mut entries = audit::list(app.store(), account_id, filter, limit + 1).await?;
    let more = entries.len() > limit as usize;
    entries.truncate(limit as usize);
    let next = entries.last().filter(|_| more).map(|last| last.id);
    Ok(Json(AuditList { entries, next }))
}

/// Gives the audit log as a file, the newest first.
#[utoipa::path(
    get,
    path = "/audit/export",
    operation_id = "exportAudit",
    tag = "members",
    security(("session" = ["owner"])),
    params(Export),
    responses(
        (
            status = 200,
            description = "All of it.",
            content(
                (String = "text/csv; charset=utf-8; header=present"),
                (String = "application/x-ndjson"),
            ),
        ),
    ),
)]
pub(crate) async fn export(
    State(app): State<App>,
    caller: May<Own>,
    Query(export): Query<Export>,
) -> Answer<Response> {
    let Export { format, action, admin, before } = export;
    let mut tx = app.store().begin().await?;
    let now = app.clock().now_micros();
    audit::note(&mut tx, caller.actor(), AuditAction::AuditExported, &[], now).await?;
    tx.commit().await?;
    let (media, name) = match format {
        Format::Csv => ("text/csv; charset=utf-8; header=present", "rehome-audit.csv"),
        Format::Ndjson => ("application/x-ndjson", "rehome-audit.ndjson"),
    };
    let filter = Filter { action, admin: admin.map(Id::get), before: before.map(Id::get) };
    let exporting =
        Exporting { app, caller: caller.into_caller(), format, filter, state: Place::Start };
    let body = Body::from_stream(stream::try_unfold(exporting, Exporting::next));
    let disposition = format!("attachment; filename=\"{name}\"");
    let headers =
        [(header::CONTENT_TYPE, media.to_owned()), (header::CONTENT_DISPOSITION, disposition)];
    Ok((headers, body).into_response())
}

/// Where an export is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Start,
    Middle,
    End,
}

struct Exporting {
    app: App,
    caller: Caller,
    format: Format,
    filter: Filter,
    state: Place,
}

impl Exporting {
    /// The next piece. An error cuts the body off, so that half a file is not taken for a whole one.
    async fn next(mut self) -> anyhow::Result<Option<(Bytes, Self)>> {
        if self.state == Place::End {
            return Ok(None);
        }
        anyhow::ensure!(self.caller.holds(&self.app).await?, "the right to read the log ended");
        let account_id = self.caller.admin.account_id;
        let entries =
            audit::list(self.app.store(), account_id, self.filter, EXPORTED_AT_ONCE).await?;
        let text = match self.format {
            Format::Csv => csv(&entries, self.state == Place::Start)?,
            Format::Ndjson => ndjson(&entries)?,
        };
        self.state =
            if entries.len() < EXPORTED_AT_ONCE as usize { Place::End } else { Place::Middle };
        self.filter.before = entries.last().map(|last| last.id).or(self.filter.before);
        Ok(Some((text.into(), self)))
    }
}

fn ndjson(entries: &[AuditEntry]) -> anyhow::Result<Vec<u8>> {
    let mut text = Vec::new();
    for entry in entries {
        serde_json::to_writer(&mut text, entry)?;
        text.push(b'\n');
    }
    Ok(text)
}

fn csv(entries: &[AuditEntry], with_header: bool) -> anyhow::Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    if with_header {
        writer.write_record(COLUMNS)?;
    }
    for entry in entries {
        let action = serde_json::to_value(entry.action)?;
        let cells = [
            entry.id.to_string(),
            entry.at.to_string(),
            entry.admin.clone(),
            entry.token.clone().unwrap_or_default(),
            action.as_str().unwrap_or_default().to_owned(),
            in_one_cell(&entry.details),
        ];
        writer.write_record(cells.map(harmless))?;
    }
    Ok(writer.into_inner()?)
}

fn in_one_cell(details: &BTreeMap<String, String>) -> String {
    let pairs: Vec<_> = details.iter().map(|(name, value)| format!("{name}={value}")).collect();
    pairs.join("; ")
}

/// Spreadsheets run a cell that begins like a formula, and names of tokens are
/// up to whoever makes them. Behind an apostrophe it is text.
pub(super) fn harmless(cell: String) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) { format!("'{cell}") } else { cell }
}

#[cfg(test)]
mod tests {
    use rehome_record::Timestamp;

    use super::*;

    #[test]
    fn a_cell_is_never_a_formula() {
        for (name, cell) in [
            (
                "=HYPERLINK(\"https://evil.example\")",
                "\"'=HYPERLINK(\"\"https://evil.example\"\")\"",
            ),
            ("+1", "'+1"),
            ("-1", "'-1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("a=1", "a=1"),
            ("a,\"b\"", "\"a,\"\"b\"\"\""),
        ] {
            let entry = AuditEntry {
                id: 1,
                at: Timestamp::from_micros(0).unwrap(),
                admin_id: 2,
                admin: "ann@example.org".to_owned(),
                token: Some(name.to_owned()),
                action: AuditAction::ImportStarted,
                details: [("import".to_owned(), "x".to_owned())].into(),
            };
            let text = String::from_utf8(csv(&[entry], false).unwrap()).unwrap();
            let row =
                format!("1,1970-01-01T00:00:00Z,ann@example.org,{cell},import_started,import=x\n");
            assert_eq!(text, row);
        }
    }
}
