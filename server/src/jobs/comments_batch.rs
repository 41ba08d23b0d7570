//! One batch of `comment` and `removed` lines.

use std::collections::{BTreeSet, HashMap};

use rehome_record::{Comment, Timestamp};
use sqlx::SqliteConnection;

use super::import::{Batch, Target, extras};
use super::prepare::{Prepared, Record, removed_hash};
use super::verdict::{Verdict, judge};
use crate::store::upsert_comments::{self, CommentRow, SourceRow};
use crate::store::{Known, Stored, hex, upsert_authors, upsert_pages};

/// Writes comments, in the order of their lines.
pub(crate) async fn apply(
    tx: &mut SqliteConnection,
    target: &Target,
    records: &[Prepared<Record>],
    batch: &mut Batch,
) -> Stored<()> {
    let mut state = State::load(tx, target, records).await?;
    for prepared in records {
        match &prepared.record {
            Record::Comment(comment) => state.comment(prepared, comment, target, batch),
            Record::Removed(removed) => {
                state.removed(prepared.line, &removed.source_id, target, batch);
            }
            Record::Page(_) | Record::Author(_) | Record::Reply(_) => {}
        }
    }
    state.rows.write(tx, target).await
}

/// What the batch is judged by, and what is to be written of it.
struct State<'a> {
    known: HashMap<String, Known>,
    pages: HashMap<String, Known>,
    authors: HashMap<String, Known>,
    last_id: i64,
    rows: Rows<'a>,
}

#[derive(Default)]
struct Rows<'a> {
    insert: Vec<CommentRow<'a>>,
    insert_sources: Vec<SourceRow<'a>>,
    update: Vec<CommentRow<'a>>,
    update_sources: Vec<SourceRow<'a>>,
    touch: Vec<&'a str>,
    remove: Vec<(&'a str, i64)>,
    pages: BTreeSet<i64>,
}

impl<'a> State<'a> {
    async fn load(
        tx: &mut SqliteConnection,
        target: &Target,
        records: &'a [Prepared<Record>],
    ) -> Stored<Self> {
        let (mut ids, mut pages, mut authors) = (Vec::new(), BTreeSet::new(), BTreeSet::new());
        for prepared in records {
            match &prepared.record {
                Record::Comment(comment) => {
                    ids.push(comment.source_id.as_str());
                    pages.insert(comment.page.as_str());
                    authors.extend(comment.author.source_id.as_deref());
                }
                Record::Removed(removed) => ids.push(&removed.source_id),
                Record::Page(_) | Record::Author(_) | Record::Reply(_) => {}
            }
        }
        let pages: Vec<_> = pages.into_iter().collect();
        let authors: Vec<_> = authors.into_iter().collect();
        let namespace = &target.namespace;
        Ok(Self {
            known: upsert_comments::known(tx, namespace, &ids).await?,
            pages: upsert_pages::known(tx, namespace, &pages).await?,
            authors: upsert_authors::known(tx, namespace, &authors).await?,
            last_id: upsert_comments::last_id(tx).await?,
            rows: Rows::default(),
        })
    }

    fn comment(
        &mut self,
        prepared: &Prepared<Record>,
        comment: &'a Comment,
        target: &Target,
        batch: &mut Batch,
    ) {
        let source_id = comment.source_id.as_str();
        let counts = &mut batch.result.comments;
        let verdict = judge(&self.known, source_id, prepared.hash, target.import);
        if verdict == Verdict::SameAgain {
            counts.unchanged += 1;
            return;
        }
        if verdict == Verdict::Clash {
            counts.rejected += 1;
            batch.reject(prepared.line, "duplicate_id", source_id);
            return;
        }
        let Some(page_id) = self.pages.get(&comment.page).map(|page| page.id) else {
            counts.rejected += 1;
            batch.reject(prepared.line, "page_unknown", source_id);
            return;
        };
        let comment_id = match verdict {
            Verdict::Insert => {
                counts.inserted += 1;
                self.last_id += 1;
                self.rows.insert.push(self.row(comment, self.last_id, page_id));
                self.rows.insert_sources.push(source(prepared, comment, self.last_id));
                self.rows.pages.insert(page_id);
                self.last_id
            }
            Verdict::Update(comment_id) => {
                counts.updated += 1;
                self.rows.update.push(self.row(comment, comment_id, page_id));
                self.rows.update_sources.push(source(prepared, comment, comment_id));
                self.rows.pages.insert(page_id);
                comment_id
            }
            Verdict::Unchanged | Verdict::SameAgain | Verdict::Clash => {
                counts.unchanged += 1;
                self.rows.touch.push(source_id);
                self.known[source_id].id
            }
        };
        self.note(source_id, comment_id, prepared.hash, target);
    }

    /// A comment that was never here is as gone as it should be.
    fn removed(&mut self, line: u64, source_id: &'a str, target: &Target, batch: &mut Batch) {
        let counts = &mut batch.result.comments;
        match judge(&self.known, source_id, removed_hash(), target.import) {
            Verdict::Insert | Verdict::SameAgain => counts.unchanged += 1,
            Verdict::Unchanged => {
                counts.unchanged += 1;
                self.rows.touch.push(source_id);
                let id = self.known[source_id].id;
                self.note(source_id, id, removed_hash(), target);
            }
            Verdict::Update(comment_id) => {
                counts.updated += 1;
                self.rows.remove.push((source_id, comment_id));
                self.note(source_id, comment_id, removed_hash(), target);
            }
            Verdict::Clash => {
                counts.rejected += 1;
                batch.reject(line, "duplicate_id", source_id);
            }
        }
    }

    fn note(&mut self, source_id: &str, id: i64, hash: crate::store::RecordHash, target: &Target) {
        let now = Known { id, hash, seen_in: target.import };
        self.known.insert(source_id.to_owned(), now);
    }

    fn row(&self, comment: &'a Comment, comment_id: i64, page_id: i64) -> CommentRow<'a> {
        let author = &comment.author;
        let author_source_id = author.source_id.as_deref();
        CommentRow {
            comment_id,
            page_id,
            has_parent: comment.parent.is_some(),
            author_id: author_source_id.and_then(|id| self.authors.get(id)).map(|known| known.id),
            author_source_id,
            author_name: author.name.as_deref(),
            author_email: author.email.as_deref(),
            author_url: author.url.as_deref(),
            created_at: comment.created_at.map(Timestamp::as_micros),
            edited_at: comment.edited_at.map(Timestamp::as_micros),
            status: comment.status.as_str(),
            kind: comment.kind.as_str(),
            body: comment.body.as_deref(),
            body_format: comment.body_format.as_str(),
            votes_up: comment.votes.map(|votes| votes.up),
            votes_down: comment.votes.map(|votes| votes.down),
            ip: comment.ip.as_deref(),
            extras: extras(&comment.extras),
        }
    }
}

impl Rows<'_> {
    async fn write(self, tx: &mut SqliteConnection, target: &Target) -> Stored<()> {
        let (namespace, import) = (&target.namespace, target.import);
        upsert_comments::insert(tx, namespace, import, &self.insert, &self.insert_sources).await?;
        let columns = target.fields.comment_columns();
        let (rows, sources) = (&self.update, &self.update_sources);
        upsert_comments::update(tx, namespace, import, columns, rows, sources).await?;
        upsert_comments::touch(tx, namespace, import, &self.touch).await?;
        upsert_comments::remove(tx, namespace, import, &self.remove, removed_hash()).await?;
        let pages: Vec<_> = self.pages.into_iter().collect();
        upsert_comments::touch_pages(tx, import, &pages).await
    }
}

fn source<'a>(prepared: &Prepared<Record>, comment: &'a Comment, comment_id: i64) -> SourceRow<'a> {
    SourceRow {
        source_id: &comment.source_id,
        comment_id,
        hash: hex(prepared.hash),
        parent_source_id: comment.parent.as_deref(),
        page_source_id: &comment.page,
        aliases: (!comment.aliases.is_empty())
            .then(|| serde_json::to_string(&comment.aliases).unwrap_or_default()),
    }
}
