//! What is wrong with one record, or worth knowing about it.

use serde::Serialize;

use crate::{Position, RecordKind};

/// Something about one record that a person should know. The reading goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issue {
    /// Stable word; [`issue_text`] has the sentence.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What it is about.
    pub of: RecordKind,
    /// The vendor's id, where the record has one.
    pub source_id: Option<String>,
    /// Where in the record, if that is known closer than the record itself.
    pub at: Option<Position>,
    /// How often it occurs in the record.
    pub times: u64,
}

/// How bad an issue is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub enum Severity {
    /// Good to know; nothing is missing.
    Info,
    /// The record is kept, but a part of it is not as the file has it.
    Warning,
    /// The record is left out.
    Error,
}

impl Issue {
    /// A record that could not be kept.
    pub(crate) fn lost(code: &'static str, of: RecordKind, source_id: Option<String>) -> Self {
        Self { code, severity: Severity::Error, of, source_id, at: None, times: 1 }
    }

    /// A part of a kept record that is not as it should be.
    pub(crate) fn warning(code: &'static str, of: RecordKind, source_id: Option<String>) -> Self {
        Self { code, severity: Severity::Warning, of, source_id, at: None, times: 1 }
    }

    /// The same issue, told where it is.
    pub(crate) fn at(self, byte: u64, line: u64) -> Self {
        Self { at: Some(Position { byte, line, ..Position::default() }), ..self }
    }

    /// Good to know.
    pub(crate) fn info(code: &'static str, of: RecordKind, source_id: Option<String>) -> Self {
        Self { code, severity: Severity::Info, of, source_id, at: None, times: 1 }
    }
}

/// The English sentence for an issue code: what is, and what Rehome does about it.
#[must_use]
#[expect(clippy::too_many_lines, reason = "a list: one sentence for each code")]
pub fn issue_text(code: &str) -> &'static str {
    match code {
        "bad_date" => "The date cannot be read. The comment is kept without one.",
        "bad_flag" => "A yes-or-no value is neither. It is taken as no.",
        "body_too_long" => "The text is longer than 512 KiB. The comment is left out.",
        "control_characters" => {
            "The text holds control characters, which nobody sees. They are taken out; the rest is kept."
        }
        "date_local" => {
            "The comment has its time in the blog's own time zone alone. It is taken as UTC, and may be some hours off."
        }
        "date_of_page" => "The comment has no time. It gets that of its page.",
        "field_unreadable" => {
            "A part of the record has an unexpected form. It is kept as far as it can be read."
        }
        "file_left_out" => {
            "One of the files is no export of this kind. It is left out; the others are read."
        }
        "id_clash" => {
            "Two comments have the same id. Both are kept; the later one gets its own id."
        }
        "id_control_character" | "id_too_long" => {
            "The record's id is not one that a comment system makes. It is left out."
        }
        "checks_capped" => {
            "The file holds more comments than can be compared. Of the last ones it was not checked whether they answer one that is there, or share their id with another."
        }
        "element_unknown" => "The file has a part of an unknown kind. It is left out.",
        "id_empty" => "The id of the record, or of what it names, is empty. It is left out.",
        "id_missing" => {
            "The record has no id. It is left out, since a second import could not recognise it."
        }
        "invalid_bytes" => {
            "Some bytes are no text (UTF-8). Each is replaced by the sign \u{fffd}; the rest is kept."
        }
        "junk_after_end" => "There is something after the end of the export. It is ignored.",
        "junk_before_start" => "There is something before the start of the export. It is ignored.",
        "json_repaired" => {
            "A bracket too many or a missing comma, as this export has them. It is read as it was meant."
        }
        "line_too_long" => "The line is longer than any record. It is left out.",
        "malformed_attribute" => "An attribute is written wrongly. It is read as far as it can be.",
        "no_comments" => "There is not a single comment in this file.",
        "other_host" => "It stands on another host than the one that was chosen. It is left out.",
        "page_address_unknown" => {
            "The page goes by a name of the site's own, or its host is not in the file: its address is not known. It is kept under that name."
        }
        "page_deleted" => "The page was deleted at the old system. Its comments are kept.",
        "page_missing" => "The comment names no page. It is left out.",
        "page_not_in_file" => "The comment's page is not in the file. The comment is left out.",
        "page_without_address" => "The page has comments but no address.",
        "part_lost" => {
            "A part of the file is damaged. What stood there is lost; the reading goes on behind it."
        }
        "parent_cycle" => {
            "Replies answer each other in a circle. The first becomes the start of its thread."
        }
        "parent_not_in_file" => {
            "The comment that this one answers is not in the file. It becomes the start of a thread."
        }
        "parent_on_other_page" => {
            "The comment answers one on another page. It becomes the start of a thread."
        }
        "parent_skipped" => {
            "The comment that this one answers could not be kept. It becomes the start of a thread."
        }
        "plain_feed" => {
            "This is an RSS feed without the parts that WordPress's export has. If comments are missing, open Tools and Export in WordPress, and take that file."
        }
        "preview_page" => {
            "It is the old system's own preview, and no page of the site. It is left out."
        }
        "password_page" => {
            "Comments on pages that are protected by a password. They are left out unless they are asked for."
        }
        "private_note" => {
            "Notes for those who run the site. They are left out unless they are asked for."
        }
        "private_page" => {
            "Comments on private or unpublished pages. They are left out unless they are asked for."
        }
        "trashed_page" => {
            "Comments on pages that were thrown away. They are left out unless they are asked for."
        }
        "record_damaged" => {
            "The record is damaged, or its end is missing. It is kept as far as it can be read."
        }
        "record_broken" => "The record is damaged in the middle. It is left out.",
        "record_cut" => "The file stops in the middle of the record. It is left out.",
        "removed" => {
            "The file says that the source no longer has this comment. It is removed here too."
        }
        "row_ragged" => {
            "The row has more or fewer values than the table has columns. It is left out, since they may stand in the wrong ones."
        }
        "self_parent" => "The comment answers itself. It becomes the start of a thread.",
        "several_origins" => "The export holds comments of more than one place of the old system.",
        "status_missing" => {
            "It is not said whether the comment is approved. It is kept as one that waits for a moderator."
        }
        "status_unknown" => {
            "The file does not say in a known way whether the comment is shown. It is kept as one that waits for a moderator."
        }
        "text_too_long" => {
            "A name, title or address is longer than 16 KiB. The record is left out."
        }
        "text_missing" => {
            "The comment has no text. It is kept as one that was deleted, so that answers to it keep their place."
        }
        "too_many" => "The record has too many parts of one kind. It is left out.",
        "unknown_entity" => {
            "The text holds an unknown character name. It is kept as it is written."
        }
        "zone_unknown" => "The time is in a zone that the file does not name. It is taken as UTC.",
        _ => "Something about the record is not as expected.",
    }
}
