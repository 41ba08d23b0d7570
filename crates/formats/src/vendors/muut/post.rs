//! A thread's messages as pages and comments.

use rehome_record::{Author, BodyFormat, Comment, Extras, Kind, Page, Status, Timestamp};
use serde_json::{Map, Value};

use crate::entities::unescape;
use crate::fields::Fields;
use crate::preview::{HashedSet, id_hash};
use crate::{Entry, Issue, Position, Record, RecordKind};

/// Key of the one thread in which a page's flat comments stand.
const FLAT_THREAD: &str = "comments";

/// Channels that are remembered, so that the page of each is told once.
const MAX_CHANNELS: usize = 1_000_000;

const MICROS: i64 = 1_000_000;

/// A message as the file has it.
pub(super) struct Message {
    pub(super) at: Position,
    pub(super) value: Value,
    /// Bytes in it that are no UTF-8.
    pub(super) invalid: Option<Issue>,
}

/// How threads and channels become pages.
pub(super) struct Pages {
    pub(super) are_channels: bool,
    /// Address of the site.
    pub(super) site: Option<String>,
    /// Channels whose pages were told.
    pub(super) told: HashedSet,
}

impl Pages {
    /// The page that a channel is; none where it was told before.
    pub(super) fn of_channel(
        &mut self,
        at: Position,
        channel: &str,
        title: Option<String>,
    ) -> Option<Entry> {
        let hash = id_hash(channel);
        if self.told.contains(&hash) {
            return None;
        }
        if self.told.len() < MAX_CHANNELS {
            self.told.insert(hash);
        }
        let page = Page { source_id: channel.to_owned(), title, ..Page::default() };
        Some(self.entry(at, page, channel, channel, None))
    }

    fn entry(
        &self,
        at: Position,
        mut page: Page,
        identifier: &str,
        path: &str,
        said: Option<Fields>,
    ) -> Entry {
        page.identifier = Some(identifier.to_owned());
        page.url = self.site.as_deref().map(|site| address(site, path));
        let mut fields = fields_of(RecordKind::Page, Value::Null);
        if let Some(said) = said {
            fields.take_issues(said);
        }
        let is_named = !page.source_id.is_empty();
        fields.finish(at, if is_named { Ok(Record::Page(page)) } else { Err("id_missing") })
    }
}

/// The thread that is read.
#[derive(Default)]
pub(super) struct Thread {
    pub(super) at: Position,
    /// None where the older form has not told it yet.
    pub(super) channel: Option<String>,
    /// Of the older form's path.
    key: Option<String>,
    pub(super) seed: Option<Message>,
    /// Those that came before the seed.
    pub(super) early_replies: Vec<Message>,
    /// All below is known.
    pub(super) has_begun: bool,
    id: String,
    /// Id of the page that its comments stand on.
    page: String,
    /// Id of the comment that the replies answer.
    pub(super) root: Option<String>,
}

impl Thread {
    /// A thread that begins at `at`.
    pub(super) fn new(at: Position, channel: Option<String>) -> Self {
        Self { at, channel, ..Self::default() }
    }

    /// Takes a path that names the channel closer than what is around it.
    pub(super) fn take_path(&mut self, path: &str) {
        let (channel, key) = split_path(path);
        if !channel.is_empty() {
            self.channel = Some(channel);
        }
        self.key = key.or(self.key.take());
    }

    /// What the seed is: a page, a comment, or both.
    pub(super) fn begin(&mut self, pages: &mut Pages) -> Vec<Entry> {
        self.has_begun = true;
        let Message { at, value, invalid } =
            self.seed.take().unwrap_or(Message { at: self.at, value: Value::Null, invalid: None });
        let mut entries = Vec::new();
        if !value.is_object() && !value.is_null() {
            entries.push(Entry::lost(at, "record_broken", RecordKind::Comment));
        }
        let mut fields = fields_of_message(value, invalid);
        self.take_path(&fields.word("path").unwrap_or_default());
        let channel = self.channel.get_or_insert_default().clone();
        let mut seed = Post::take(&mut fields);
        let key = seed.key.take().or_else(|| self.key.take());
        let name = key.as_ref().map(|key| format!("{channel}:{key}"));
        self.id = with_date(name.as_deref().unwrap_or(&channel), seed.date);
        fields.set_id(Some(&self.id));

        let is_placeholder = seed.author.is_empty() && seed.body.is_none();
        let of_thread = name.filter(|_| is_placeholder || !pages.are_channels);
        let is_own_page = of_thread.is_some();
        let mut said = Some(fields);
        if let Some(name) = of_thread {
            self.page.clone_from(&self.id);
            let page = Page {
                source_id: self.id.clone(),
                title: seed.title.clone(),
                created_at: seed.date,
                ..Page::default()
            };
            let is_flat = key.as_deref() == Some(FLAT_THREAD);
            let path = if is_flat { &channel } else { &name };
            let said = said.take_if(|_| is_placeholder);
            entries.push(pages.entry(self.at, page, &name, path, said));
        } else {
            self.page.clone_from(&channel);
            // A placeholder without a key tells of its channel.
            let title = seed.title.take_if(|_| is_placeholder && pages.are_channels);
            if !is_placeholder || title.is_some() {
                entries.extend(pages.of_channel(self.at, &channel, title));
            }
        }
        if let Some(fields) = said.filter(|_| !is_placeholder) {
            self.root = Some(self.id.clone());
            let id = Some(self.id.clone());
            let title = seed.title.take();
            seed.body = seed.body.or_else(|| title.clone());
            let title = title.filter(|title| !is_own_page && seed.body.as_ref() != Some(title));
            entries.push(self.comment(at, fields, seed, id, title));
        }
        entries
    }

    /// A reply, behind the page that it stands on if that was not told yet.
    pub(super) fn reply(&self, message: Message, pages: &mut Pages) -> Vec<Entry> {
        let Message { at, value, invalid } = message;
        if !value.is_object() {
            return vec![Entry::lost(at, "record_broken", RecordKind::Comment)];
        }
        let mut fields = fields_of_message(value, invalid);
        let mut post = Post::take(&mut fields);
        let key = post.key.take();
        let is_named = key.is_some() || post.date.is_some();
        let id = with_date(&format!("{}/{}", self.id, key.unwrap_or_default()), post.date);
        let id = Some(id).filter(|_| is_named);
        fields.set_id(id.as_deref());
        let mut entries = Vec::new();
        if self.channel.as_ref() == Some(&self.page) {
            entries.extend(pages.of_channel(self.at, &self.page, None));
        }
        let title = post.title.take();
        entries.push(self.comment(at, fields, post, id, title));
        entries
    }

    fn comment(
        &self,
        at: Position,
        mut fields: Fields,
        post: Post,
        id: Option<String>,
        title: Option<String>,
    ) -> Entry {
        let mut status = post.status;
        if post.body.is_none() && status == Status::Approved {
            fields.warn("text_missing");
            status = Status::Deleted;
        }
        let record = id.ok_or("id_missing").map(|source_id| {
            let parent = self.root.clone().filter(|root| *root != source_id);
            let extras = title.map(|title| ("title".to_owned(), title.into()));
            Record::Comment(Box::new(Comment {
                source_id,
                page: self.page.clone(),
                parent,
                author: post.author,
                created_at: post.date,
                edited_at: None,
                status,
                kind: Kind::Comment,
                body: post.body,
                body_format: BodyFormat::Text,
                votes: None,
                ip: None,
                aliases: Vec::new(),
                extras: extras.into_iter().collect::<Extras>(),
            }))
        });
        fields.finish(at, record)
    }
}

/// A message's parts.
struct Post {
    key: Option<String>,
    date: Option<Timestamp>,
    title: Option<String>,
    body: Option<String>,
    author: Author,
    status: Status,
}

impl Post {
    /// By the names that exports have, else by those of Muut's API.
    fn take(fields: &mut Fields) -> Self {
        let key = fields.word("key").or_else(|| fields.word("id"));
        let date = if fields.has("date") { "date" } else { "time" };
        let title = fields.word("title");
        Self {
            key,
            date: fields.unix_time(date, MICROS),
            title: title.map(|title| unescape(&title).into_owned()),
            body: body(fields),
            author: author(fields),
            status: status(fields),
        }
    }
}

/// A list of paragraphs, or one text.
fn body(fields: &mut Fields) -> Option<String> {
    let paragraphs = match fields.value("body")? {
        Value::Array(paragraphs) => paragraphs,
        text => vec![text],
    };
    let mut texts = Vec::with_capacity(paragraphs.len());
    for paragraph in &paragraphs {
        match paragraph.as_str() {
            Some(text) => texts.push(text),
            None => fields.warn("field_unreadable"),
        }
    }
    let body = texts.join("\n\n");
    (!body.trim().is_empty()).then(|| unescape(&body).into_owned())
}

/// An account, or in the older form a name alone.
fn author(fields: &mut Fields) -> Author {
    let plain = |name: &str| Some(unescape(name.trim()).into_owned()).filter(|n| !n.is_empty());
    match fields.value("author").or_else(|| fields.value("user")) {
        Some(Value::Object(map)) => {
            let mut account = fields_of(RecordKind::Comment, Value::Object(map));
            let path = account.word("path");
            let name = account.text("displayname").and_then(|name| plain(&name));
            let email = account.word("email");
            fields.take_issues(account);
            Author { name: name.or_else(|| path.clone()), source_id: path, email, url: None }
        }
        Some(Value::String(name)) => Author { name: plain(&name), ..Author::default() },
        Some(_) => {
            fields.warn("field_unreadable");
            Author::default()
        }
        None => Author::default(),
    }
}

/// No reader knows of marks, but what bears one must not be shown.
fn status(fields: &mut Fields) -> Status {
    let is_spam = fields.flag("spam") == Some(true);
    let is_gone = ["deleted", "removed"].map(|name| fields.flag(name) == Some(true));
    match (is_gone.contains(&true), is_spam) {
        (true, _) => Status::Deleted,
        (_, true) => Status::Spam,
        _ => Status::Approved,
    }
}

fn fields_of_message(value: Value, invalid: Option<Issue>) -> Fields {
    let mut fields = fields_of(RecordKind::Comment, value);
    if let Some(issue) = invalid {
        fields.add(issue);
    }
    fields
}

/// The fields of a record, none where it is no object.
fn fields_of(of: RecordKind, value: Value) -> Fields {
    let value = if value.is_object() { value } else { Value::Object(Map::new()) };
    Fields::new(of, value).expect("it is an object")
}

/// A channel's path without slashes around it.
pub(super) fn channel_name(path: &str) -> String {
    path.trim().trim_matches('/').to_owned()
}

/// `channel`, `/channel#key` or, as in public addresses, `channel:key`.
fn split_path(path: &str) -> (String, Option<String>) {
    let last = path.rfind('/').map_or(0, |slash| slash + 1);
    let mark = path.find('#').or_else(|| path[last..].find(':').map(|colon| last + colon));
    let (channel, key) = mark.map_or((path, ""), |mark| (&path[..mark], &path[mark + 1..]));
    (channel_name(channel), Some(key.trim().to_owned()).filter(|key| !key.is_empty()))
}

/// Keys are not unique; with their seconds they are what Discourse relies on.
fn with_date(name: &str, date: Option<Timestamp>) -> String {
    match date {
        Some(date) => format!("{name}-{}", date.as_micros().div_euclid(MICROS)),
        None => name.to_owned(),
    }
}

/// The address of a path on the site.
fn address(site: &str, path: &str) -> String {
    let scheme = if site.contains("://") { "" } else { "https://" };
    format!("{scheme}{}/{path}", site.trim_end_matches('/'))
}
