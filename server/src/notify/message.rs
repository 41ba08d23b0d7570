//! What a notice says: ids, counts, a reason's code, a link. Never what people
//! wrote, nor names of files, sites or people.

use std::fmt::Write;

use serde_json::{Value, json};

use crate::config::PublicUrl;
use crate::http::codes::{Code, Why};
use crate::http::dto::ImportState;
use crate::store::imports::moment;
use crate::store::notices::Event;
use crate::store::outbox::{About, AboutImport, Claimed};

/// A mail's subject and text.
pub(super) struct Mail {
    pub subject: &'static str,
    pub body: String,
}

/// In English: whoever runs the server reads its log and its documents in it too.
pub(super) fn mail(notice: &Claimed, public: &PublicUrl) -> Mail {
    let link = link(notice, public);
    let (subject, what) = match &notice.about {
        About::Import(import) => (import_subject(import.state), of_import(import)),
        About::Job { id, kind, code, site_id } => {
            let mut text = format!("Job:      {id}, {kind}\n");
            if let Some(site) = site_id {
                let _ = writeln!(text, "Site:     number {site}");
            }
            reason(&mut text, code);
            ("Rehome: a job failed", text)
        }
    };
    let why = match notice.event {
        Event::ImportEnded => {
            let settings = format!("{}/settings/account", public.origin());
            format!("You asked to be told when an import ends. Change that here:\n{settings}\n")
        }
        Event::ImportFailed | Event::JobFailed => {
            "You get this because your address is set as an operator's of this server.\n".to_owned()
        }
    };
    Mail { subject, body: format!("{what}\nMore about it:\n{link}\n\n{why}") }
}

fn import_subject(state: ImportState) -> &'static str {
    match state {
        ImportState::Succeeded => "Rehome: an import is done",
        ImportState::Failed => "Rehome: an import failed",
        ImportState::Expired => "Rehome: an import was never finished",
        _ => "Rehome: an import was stopped",
    }
}

fn of_import(import: &AboutImport) -> String {
    let AboutImport { id, site_id, state, code, received, result } = import;
    let comments = &result.comments;
    let mut text = format!("Import:   {id}\nSite:     number {site_id}\n");
    let _ = writeln!(text, "State:    {}", state_word(*state));
    if let Some(code) = code {
        reason(&mut text, code);
    }
    let _ = writeln!(
        text,
        "Comments: {received} received; {} new, {} changed, {} as they were, {} left out",
        comments.inserted, comments.updated, comments.unchanged, comments.rejected
    );
    text
}

fn reason(text: &mut String, code: &str) {
    let why = Why::ALL.iter().find(|why| why.word() == code).map(|why| why.says());
    let says = why.or_else(|| Code::ALL.iter().find(|one| one.word() == code).map(|c| c.says()));
    let _ = writeln!(text, "Reason:   {code}. {}", says.unwrap_or_default());
}

/// The body of a webhook. The same in every try.
pub(super) fn payload(notice: &Claimed, public: &PublicUrl) -> String {
    let mut data = match &notice.about {
        About::Import(import) => import_data(import),
        About::Job { id, kind, code, site_id } => {
            json!({ "job": id, "kind": kind, "site": site_id, "code": code })
        }
    };
    data["account"] = notice.account_id.into();
    data["link"] = link(notice, public).into();
    let payload = json!({
        "type": notice.event.word(),
        "timestamp": moment(notice.created_at),
        "data": data,
    });
    payload.to_string()
}

fn import_data(import: &AboutImport) -> Value {
    let AboutImport { id, site_id, state, code, received, result } = import;
    let comments = &result.comments;
    json!({
        "import": id, "site": site_id, "state": state, "code": code,
        "comments": {
            "received": received,
            "inserted": comments.inserted,
            "updated": comments.updated,
            "unchanged": comments.unchanged,
            "rejected": comments.rejected,
        },
    })
}

fn link(notice: &Claimed, public: &PublicUrl) -> String {
    match &notice.about {
        About::Import(import) => format!("{}/imports/{}", public.origin(), import.id),
        About::Job { .. } => format!("{}/imports", public.origin()),
    }
}

fn state_word(state: ImportState) -> &'static str {
    match state {
        ImportState::Succeeded => "succeeded",
        ImportState::Failed => "failed",
        ImportState::Cancelled => "cancelled",
        ImportState::Expired => "expired",
        _ => "not over",
    }
}
