//! One `item`: a page, and what it says of the comments on it.

use rehome_record::{Extras, Kind, Page, Timestamp};

use super::{Dialect, Space};
use crate::dates::parse_date;
use crate::entities::unescape;
use crate::notes::RecordNotes;
use crate::xml::{Pulled, Xml};
use crate::{Entry, Issue, Position, Record, RecordKind};

/// An item as far as it was read.
pub(super) struct Item {
    at: Position,
    pub(super) notes: RecordNotes,
    /// Elements that are open in it, itself included.
    pub(super) depth: usize,
    title: Option<String>,
    link: Option<String>,
    guid: Option<String>,
    post_id: Option<String>,
    identifier: Option<String>,
    post_type: Option<String>,
    /// `publish`, `private`, …
    status: Option<String>,
    /// Empty for most; none until it was read.
    password: Option<String>,
    closed: bool,
    date_gmt: Option<Timestamp>,
    date: Option<Timestamp>,
    pub(super) has_comments: bool,
    /// Comments that came before all was known of their page.
    pub(super) waiting: Vec<Entry>,
    pub(super) waiting_bytes: usize,
    /// The page was given.
    pub(super) is_given: bool,
    /// Its id, once it was given and is valid.
    page_id: Option<String>,
}

impl Item {
    /// The item whose start tag was just read.
    pub(super) fn start(at: Position, xml: &mut Xml<'_>) -> Self {
        Self {
            at,
            notes: RecordNotes::start(RecordKind::Page, xml),
            depth: xml.depth(),
            title: None,
            link: None,
            guid: None,
            post_id: None,
            identifier: None,
            post_type: None,
            status: None,
            password: None,
            closed: false,
            date_gmt: None,
            date: None,
            has_comments: false,
            waiting: Vec::new(),
            waiting_bytes: 0,
            is_given: false,
            page_id: None,
        }
    }

    /// Reads the field whose start tag was just read. The words of a post are
    /// passed over.
    pub(super) fn field(&mut self, space: Space, xml: &mut Xml<'_>) -> Pulled<()> {
        match (space, xml.name()) {
            (Space::Rss, "title") => {
                // Entities stand in titles of any version, in CDATA too.
                let title = xml.element_value()?;
                self.title = title.map(|title| unescape(&title).into_owned());
            }
            (Space::Rss, "link") => self.link = xml.element_value()?,
            (Space::Rss, "guid") => self.guid = xml.element_value()?,
            (Space::Disqus, "thread_identifier") => self.identifier = xml.element_value()?,
            (Space::WordPress, "post_id") => {
                self.post_id = xml.element_value()?;
                self.notes.source_id.clone_from(&self.post_id);
            }
            (Space::WordPress, "post_type") => self.post_type = xml.element_value()?,
            (Space::WordPress, "status") => self.status = Some(xml.element_text()?),
            (Space::WordPress, "post_password") => self.password = Some(xml.element_text()?),
            (Space::WordPress, "comment_status") => {
                self.closed = xml.element_text()?.eq_ignore_ascii_case("closed");
            }
            (Space::WordPress, "post_date_gmt") => self.date_gmt = parse_date(&xml.element_text()?),
            (Space::WordPress, "post_date") => self.date = parse_date(&xml.element_text()?),
            _ => xml.skip_element()?,
        }
        Ok(())
    }

    /// All is known that the comments need: nothing behind them can change it.
    pub(super) fn is_known(&self, dialect: Dialect) -> bool {
        match dialect {
            Dialect::WordPress => {
                self.post_id.is_some() && self.status.is_some() && self.password.is_some()
            }
            Dialect::DisqusImport => self.link.is_some(),
        }
    }

    /// Keeps a comment until the page is given.
    pub(super) fn wait(&mut self, entry: Entry) {
        let body = match &entry.record {
            Ok(Record::Comment(comment)) => comment.body.as_ref().map_or(0, String::len),
            _ => 0,
        };
        self.waiting_bytes += body + size_of::<Entry>();
        self.waiting.push(entry);
    }

    /// The page's entry.
    pub(super) fn give(&mut self, dialect: Dialect) -> Entry {
        self.is_given = true;
        let withheld = self.withheld_page();
        let record = self.page(dialect);
        if let Ok(page) = &record {
            self.page_id = Some(page.source_id.clone());
        }
        let record = record
            .map(Record::Page)
            .map_err(|code| Issue::lost(code, RecordKind::Page, self.notes.source_id.clone()));
        let warnings = std::mem::take(&mut self.notes.issues);
        Entry { at: self.at, record, warnings, withheld }
    }

    fn page(&mut self, dialect: Dialect) -> Result<Page, &'static str> {
        let link = self.link.as_deref();
        let source_id = match dialect {
            Dialect::WordPress => self.post_id.as_deref().or(self.id_of_guid()).or(link),
            Dialect::DisqusImport => {
                link.or(self.identifier.as_deref()).or(self.post_id.as_deref())
            }
        };
        let mut extras = Extras::new();
        for (name, value, usual) in
            [("type", &self.post_type, "post"), ("status", &self.status, "publish")]
        {
            if let Some(value) =
                value.as_deref().filter(|value| !value.is_empty() && *value != usual)
            {
                extras.insert(name.to_owned(), value.into());
            }
        }
        let page = Page {
            source_id: source_id.ok_or("id_missing")?.to_owned(),
            url: self.link.clone(),
            identifier: self.identifier.clone().or_else(|| self.guid.clone()),
            title: self.title.take(),
            closed: self.closed,
            created_at: self.created_at(),
            extras,
        };
        page.validate().map_err(|invalid| invalid.code)?;
        Ok(page)
    }

    /// The number in `https://blog.example.org/?p=12`. Of a damaged item it may
    /// be all that is left, since the id stands behind the post's words.
    fn id_of_guid(&self) -> Option<&str> {
        let guid = self.guid.as_deref()?;
        let (_, behind) = guid.rsplit_once("p=").or_else(|| guid.rsplit_once("page_id="))?;
        let is_number = !behind.is_empty() && behind.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then_some(behind)
    }

    /// The site's own time stands in where that in UTC is missing.
    fn created_at(&self) -> Option<Timestamp> {
        self.date_gmt.or(self.date)
    }

    /// Why nothing of a page is sent by default.
    fn withheld(&self) -> Option<&'static str> {
        match self.status.as_deref() {
            Some("private") => Some("private_page"),
            Some("trash") => Some("trashed_page"),
            _ => self.password.as_ref().filter(|word| !word.is_empty()).map(|_| "password_page"),
        }
    }

    /// Why the page itself is not sent by default. What has comments was public
    /// once, or is a draft that people were shown.
    fn withheld_page(&self) -> Option<&'static str> {
        const NO_PAGES: &[&str] = &[
            "attachment",
            "nav_menu_item",
            "revision",
            "custom_css",
            "customize_changeset",
            "oembed_cache",
            "wp_block",
            "wp_template",
            "wp_template_part",
            "wp_global_styles",
            "wp_navigation",
            "wp_font_family",
            "wp_font_face",
        ];
        let post_type = self.post_type.as_deref().unwrap_or_default();
        if post_type.starts_with("shop_order") {
            return Some("private_note");
        }
        self.withheld().or_else(|| {
            let is_unpublished = matches!(
                self.status.as_deref(),
                Some("draft" | "pending" | "future" | "auto-draft")
            );
            match self.has_comments {
                true => None,
                false if is_unpublished => Some("private_page"),
                false => NO_PAGES.contains(&post_type).then_some("no_page"),
            }
        })
    }

    /// A comment of the item, with what the item says of it.
    pub(super) fn placed(&self, mut entry: Entry) -> Entry {
        let Ok(Record::Comment(comment)) = &mut entry.record else { return entry };
        let source_id = Some(comment.source_id.clone());
        let lost = |code| Err(Issue::lost(code, RecordKind::Comment, source_id.clone()));
        let Some(page) = &self.page_id else {
            entry.record = lost("page_missing");
            return entry;
        };
        comment.page.clone_from(page);
        if comment.created_at.is_none() {
            comment.created_at = self.created_at();
            let code = if comment.created_at.is_some() { "date_of_page" } else { "bad_date" };
            entry.warnings.push(Issue::warning(code, RecordKind::Comment, source_id.clone()));
        }
        let is_note = comment.kind == Kind::Note;
        entry.withheld = if is_note { Some("private_note") } else { self.withheld() };
        if let Err(invalid) = comment.validate() {
            entry.record = lost(invalid.code);
        }
        entry
    }

    /// What was found behind the comments, when the page was given already.
    pub(super) fn late_notes(&mut self) -> Vec<Entry> {
        let issues = std::mem::take(&mut self.notes.issues).into_iter();
        let about = |issue: Issue| Entry {
            at: issue.at.unwrap_or(self.at),
            record: Err(Issue { of: RecordKind::File, ..issue }),
            warnings: Vec::new(),
            withheld: None,
        };
        issues.map(about).collect()
    }
}
