//! The exports of Muut (moot.it): one JSON text with channels of threads, and
//! an older form with one thread on each line.
//!
//! No real file is public. What is known comes from importers: Discourse
//! (`script/import_scripts/muut.rb`), Vanilla (`jsondump.php`, the older form),
//! and from the keys of Muut's own API and `WordPress` plugin. Points that
//! other readers get wrong:
//!
//! - All of it may stand in `( … )`, with brackets too many and commas missing;
//!   muut.rb repairs that inside of people's words too.
//! - The file does not name the site.
//! - A key is not unique, neither a thread's nor a reply's: `key-date` is.
//! - A body is a list of paragraphs. Titles and bodies are text with HTML's
//!   references in it.
//! - The author is missing where the account is gone, or is `""`.
//! - Where comments are embedded flat, a thread is a page and begins with an
//!   empty placeholder; where they are embedded in threads, a channel is a page
//!   and each thread begins with a comment. In a forum, the first message of a
//!   thread is both. The file does not say which: an admin may.
//! - Replies are listed newest first.
//! - Of the older form, each thread begins on a line of its own: damage in one
//!   does not reach the next.

mod gate;
mod older;
mod post;
mod recognise;
mod repair;

use std::io::Read;

use rehome_record::Complete;
use serde_json::Value;

use self::gate::{Gate, starts_thread};
use self::post::{Message, Pages, Thread, channel_name};
use self::recognise::recognised_keys;
use self::repair::{Repaired, Repairs};
use crate::entities::unescape;
use crate::fields::Fields;
use crate::input::peek;
use crate::json::Json;
use crate::positioned::MAX_VALUE_BYTES;
use crate::preview::HashedSet;
use crate::waiting::Waiting;
use crate::{
    Choice, ChoiceValue, Entry, EntryReader, Evidence, Facts, Format, PAGES_ARE, Position,
    ReadError, Reading, Reason, RecordKind, SITE_ADDRESS,
};

/// Pages are threads: flat embeds and forums.
const THREADS: &str = "threads";
/// Pages are channels: threaded embeds.
const CHANNELS: &str = "channels";

/// The Muut export format.
pub(crate) struct Muut;

const FACTS: Facts = Facts {
    id: "muut",
    family: "muut",
    name: "Muut",
    files: ".json, .json.gz",
    reader: "muut/1",
    fields: &[
        "page.url",
        "page.identifier",
        "page.title",
        "page.created_at",
        "author.source_id",
        "author.name",
        "comment.parent",
        "comment.author",
        "comment.created_at",
        "comment.status",
        "comment.body",
        "comment.extras",
    ],
    optional_fields: &["author.email"],
    evidence: Evidence::Inferred,
    versions: "files as importers of 2014 to 2020 describe them",
    how_to_get: &[
        "Sign in to Muut and open the settings of your community, then Integrations, then JSON Export.",
        "Muut sends the file by e-mail. Its name ends in .gz.",
        "Drop it here as it is. You need not unpack it.",
    ],
    keeps: &["forum topics as well as embedded comments"],
    loses: &[
        "Likes and pictures of people: no reader of these files has ever found them.",
        "The address of your site: Muut leaves it out, so it has to be given.",
    ],
};

impl Format for Muut {
    fn facts(&self) -> &'static Facts {
        &FACTS
    }

    fn recognise(&self, head: &[u8]) -> Option<Vec<Reason>> {
        let keys = recognised_keys(head)?;
        Some(vec![Reason { code: "json_keys", detail: Some(keys.to_owned()) }])
    }

    fn read<'a>(&self, text: Box<dyn Read + 'a>, reading: &Reading) -> Box<dyn EntryReader + 'a> {
        let (head, mut text) = peek(text);
        let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&head);
        let is_lines = starts_thread(head, true) == Some(true);
        let mut gate = None;
        if is_lines {
            let threads = gate.insert(Gate::new(text, reading.buffer_bytes));
            text = Box::new(threads.clone());
        }
        let repairs = Repairs::default();
        Box::new(Reader {
            json: open(text, reading.buffer_bytes, &repairs, START),
            repairs,
            buffer_bytes: reading.buffer_bytes,
            gate,
            place: Place::Start,
            is_lines,
            thread: Thread::default(),
            channel: String::new(),
            pages: Pages {
                are_channels: reading.text(PAGES_ARE) == Some(CHANNELS),
                site: reading.text(SITE_ADDRESS).map(str::to_owned),
                told: HashedSet::default(),
            },
            waiting: Waiting::default(),
            records: 0,
            is_open_what_pages_are: false,
        })
    }
}

/// Where a file begins.
const START: Position = Position { file: 0, byte: 0, line: 1, record: None };

/// Reads a text that begins at `at` in its file.
fn open<'a>(
    text: Box<dyn Read + 'a>,
    buffer_bytes: usize,
    repairs: &Repairs,
    at: Position,
) -> Json<'a> {
    let repaired = Box::new(Repaired::new(text, buffer_bytes, repairs.clone(), at));
    Json::new(repaired, buffer_bytes).from(at).without_commas()
}

struct Reader<'a> {
    json: Json<'a>,
    repairs: Repairs,
    buffer_bytes: usize,
    /// Keeps the threads of the older form apart.
    gate: Option<Gate<'a>>,
    place: Place,
    /// The older form: a text for each thread, and no end of the whole.
    is_lines: bool,
    thread: Thread,
    channel: String,
    pages: Pages,
    /// Entries to give, in order.
    waiting: Waiting,
    records: u64,
    /// Some thread begins with a message.
    is_open_what_pages_are: bool,
}

/// Inside of what comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Start,
    Top,
    Categories,
    Channels,
    Threads,
    Thread,
    Replies,
    /// Behind the text.
    End,
}

impl EntryReader for Reader<'_> {
    fn next_entry(&mut self) -> Result<Option<Entry>, ReadError> {
        loop {
            if let Some(repair) = self.next_repair() {
                return Ok(Some(repair));
            }
            if let Some(next) = self.waiting.next() {
                return next;
            }
            if let Err(error) = self.step() {
                self.broken(error);
            }
        }
    }

    fn origin(&self) -> Option<&str> {
        None
    }

    fn complete(&self) -> Complete {
        match (self.waiting.is_end, self.is_lines) {
            (true, true) => Complete::Unknown,
            (true, false) => Complete::Yes,
            (false, _) => Complete::No,
        }
    }

    fn choices(&self) -> Vec<Choice> {
        let mut choices =
            vec![Choice { option: SITE_ADDRESS, values: Vec::new(), is_needed: false }];
        if self.is_open_what_pages_are {
            let value = |value: &str| ChoiceValue { value: value.to_owned(), comments: None };
            let values = vec![value(THREADS), value(CHANNELS)];
            choices.push(Choice { option: PAGES_ARE, values, is_needed: false });
        }
        choices
    }
}

impl Reader<'_> {
    /// The next repair that stands before what is given next.
    fn next_repair(&mut self) -> Option<Entry> {
        let repair = self.repairs.next_before(self.waiting.next_byte()?)?;
        let at = repair.at.unwrap_or_default();
        Some(Entry { at, record: Err(repair), warnings: Vec::new(), withheld: None })
    }

    /// Reads on a little.
    fn step(&mut self) -> Result<(), ReadError> {
        match self.place {
            Place::Start => {
                self.thread = Thread::new(self.json.at()?, None);
                if self.json.is_array()? {
                    return Err(self.json.error("json_broken"));
                }
                self.json.enter()?;
                self.place = Place::Top;
            }
            Place::Top => match self.json.next_key()? {
                Some(key) => self.top(&key)?,
                None => self.place = Place::End,
            },
            Place::Categories if self.json.next_element()? => self.category()?,
            Place::Categories => self.place = Place::Top,
            Place::Channels => match self.json.next_key()? {
                Some(key) => self.channel(&key)?,
                None => self.place = Place::Top,
            },
            Place::Threads if self.json.next_element()? => self.thread()?,
            Place::Threads => self.place = Place::Channels,
            Place::Thread => match self.json.next_key()? {
                Some(key) => self.part_of_thread(&key)?,
                None => self.end_thread(),
            },
            Place::Replies if self.json.next_element()? => {
                let reply = self.message()?;
                self.reply(reply);
            }
            Place::Replies => self.place = Place::Thread,
            Place::End => self.behind_text()?,
        }
        Ok(())
    }

    fn top(&mut self, key: &str) -> Result<(), ReadError> {
        match key {
            "threads" if self.json.is_object()? => {
                self.json.enter()?;
                self.place = Place::Channels;
                Ok(())
            }
            "categories" if self.json.is_array()? => {
                self.json.enter()?;
                self.place = Place::Categories;
                Ok(())
            }
            "seed" | "replies" | "path" => {
                self.is_lines = true;
                self.place = Place::Thread;
                self.part_of_thread(key)
            }
            _ => self.pass_over("element_unknown"),
        }
    }

    /// A channel's title, which is a page's where pages are channels.
    fn category(&mut self) -> Result<(), ReadError> {
        if !self.pages.are_channels {
            return self.json.skip();
        }
        let Message { at, value, .. } = self.message()?;
        let Some(mut fields) = Fields::new(RecordKind::Page, value) else {
            self.give([Entry::lost(at, "record_broken", RecordKind::Page)]);
            return Ok(());
        };
        let title = fields.text("title").map(|title| unescape(&title).into_owned());
        let channel = channel_name(&fields.word("path").unwrap_or_default());
        let page = self.pages.of_channel(at, &channel, title);
        self.give(page);
        Ok(())
    }

    fn channel(&mut self, key: &str) -> Result<(), ReadError> {
        self.channel = channel_name(key);
        if !self.json.is_array()? {
            return self.pass_over("field_unreadable");
        }
        self.json.enter()?;
        self.place = Place::Threads;
        Ok(())
    }

    fn thread(&mut self) -> Result<(), ReadError> {
        let at = self.json.at()?;
        if !self.json.is_object()? {
            self.give([Entry::lost(at, "record_broken", RecordKind::Page)]);
            return self.json.skip();
        }
        self.json.enter()?;
        self.thread = Thread::new(at, Some(self.channel.clone()));
        self.place = Place::Thread;
        Ok(())
    }

    fn part_of_thread(&mut self, key: &str) -> Result<(), ReadError> {
        match key {
            "seed" => {
                let seed = self.message()?;
                if self.thread.has_begun || self.thread.seed.is_some() {
                    self.give([Entry::lost(seed.at, "record_broken", RecordKind::Comment)]);
                } else {
                    self.thread.seed = Some(seed);
                }
            }
            "path" => {
                let path = self.message()?;
                self.thread.take_path(path.value.as_str().unwrap_or_default());
            }
            "replies" if self.json.is_array()? => {
                self.json.enter()?;
                // The thread's own name is needed first.
                if self.thread.seed.is_some() && self.thread.channel.is_some() {
                    self.begin_thread();
                    self.place = Place::Replies;
                } else {
                    self.keep_replies()?;
                }
            }
            "replies" => return self.pass_over("field_unreadable"),
            _ => return self.json.skip(),
        }
        Ok(())
    }

    /// Replies that come before what they reply to.
    fn keep_replies(&mut self) -> Result<(), ReadError> {
        let start = self.json.at()?.byte;
        while self.json.next_element()? {
            let reply = self.message()?;
            if reply.at.byte - start > MAX_VALUE_BYTES {
                return Err(self.json.error("value_too_long"));
            }
            self.thread.early_replies.push(reply);
        }
        Ok(())
    }

    /// Gives the thread's page and its first message.
    fn begin_thread(&mut self) {
        if !self.thread.has_begun {
            let entries = self.thread.begin(&mut self.pages);
            self.is_open_what_pages_are |= self.thread.root.is_some();
            self.give(entries);
        }
    }

    fn reply(&mut self, reply: Message) {
        let entries = self.thread.reply(reply, &mut self.pages);
        self.give(entries);
    }

    fn end_thread(&mut self) {
        self.begin_thread();
        for reply in std::mem::take(&mut self.thread.early_replies) {
            self.reply(reply);
        }
        self.place = if self.is_lines { Place::End } else { Place::Threads };
    }

    fn give(&mut self, entries: impl IntoIterator<Item = Entry>) {
        for mut entry in entries {
            self.records += 1;
            entry.at.record = Some(self.records);
            self.waiting.push(entry);
        }
    }

    fn message(&mut self) -> Result<Message, ReadError> {
        let at = self.json.at()?;
        let value = self.json.value::<Value>()?.unwrap_or(Value::Null);
        let invalid = self.json.take_invalid(RecordKind::Comment, None);
        Ok(Message { at, value, invalid })
    }

    /// Passes over a part that is none of what should stand there; null is nothing.
    fn pass_over(&mut self, code: &'static str) -> Result<(), ReadError> {
        let at = self.json.at()?;
        if self.json.peek()? != Some(b'n') {
            self.waiting.push(Entry::about_file(at, code));
        }
        self.json.skip()
    }

    /// White space; the next line; the bracket around all, which was made one;
    /// or what does not belong there.
    fn behind_text(&mut self) -> Result<(), ReadError> {
        if !self.json.next_document()? {
            if self.repairs.is_wrapped() {
                let at = self.json.at()?;
                return Err(ReadError::cut(
                    at.byte,
                    at.line,
                    "before the bracket around all of it",
                ));
            }
            let next = match &self.gate {
                Some(gate) => gate.next_thread().map_err(|code| self.json.error(code))?,
                None => None,
            };
            self.begin_next(next);
        } else if self.is_lines {
            self.place = Place::Start;
        } else {
            let at = self.json.at()?;
            self.waiting.push(Entry::about_file(at, "junk_after_end"));
            while self.json.next_document()? {
                self.json.pass_byte();
            }
        }
        Ok(())
    }
}
