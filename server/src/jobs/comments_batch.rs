//! One batch of `comment` and `removed` lines.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use rehome_record::{Comment, Timestamp};
use sqlx::SqliteConnection;

use super::import::{Batch, Target, extras};
use super::prepare::{Prepared, Record, removed_hash};
use super::same_comment::{self, Same};
use super::verdict::{Verdict, judge};
use crate::store::upsert_comments::{self, CommentRow, Place, SourceRow};
use crate::store::{
    Known, Namespace, RecordHash, Stored, history, same_comment as aliases, upsert_authors,
    upsert_pages, upsert_parents,
};

/// What comments are known by, as it was read ahead, and which of them were
/// written since: those are looked up again.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ahead<'a> {
    pub known: &'a HashMap<String, Known>,
    pub written: &'a Written,
}

/// Ids of comments that this job wrote while what is written now was read.
#[derive(Debug, Default)]
pub(crate) struct Written {
    chunk_before: HashSet<String>,
    chunk: HashSet<String>,
}

impl Written {
    /// The next chunk begins, which was read while this one was written.
    pub(crate) fn next_chunk(&mut self) {
        self.chunk_before = std::mem::take(&mut self.chunk);
    }

    pub(crate) fn note(&mut self, records: &[Prepared<Record>]) {
        let ids = records.iter().filter_map(|prepared| prepared.record.comment_id());
        self.chunk.extend(ids.map(str::to_owned));
    }

    fn has(&self, id: &str) -> bool {
        self.chunk.contains(id) || self.chunk_before.contains(id)
    }
}

/// Writes comments, in the order of their lines. Returns how many replies need
/// not be looked at again.
pub(crate) async fn apply(
    tx: &mut SqliteConnection,
    target: &Target,
    records: &[Prepared<Record>],
    ahead: Ahead<'_>,
    batch: &mut Batch,
) -> Stored<u64> {
    let mut state = State::load(tx, target, records, ahead).await?;
    for prepared in records {
        match &prepared.record {
            Record::Comment(comment) => state.comment(prepared, comment, target, batch),
            Record::Removed(removed) => {
                state.removed(prepared.line, &removed.source_id, target, batch);
            }
            Record::Page(_) | Record::Author(_) => {}
        }
    }
    let settled = state.settled_replies;
    state.rows.write(tx, target).await?;
    Ok(settled)
}

/// What the batch is judged by, and what is to be written of it.
struct State<'a> {
    known: HashMap<String, Known>,
    pages: HashMap<String, Known>,
    authors: HashMap<String, Known>,
    /// Of parents that were there before this batch.
    parents: HashMap<String, Place>,
    /// Of the comments of this batch.
    places: HashMap<&'a str, Place>,
    same: HashMap<&'a str, Same>,
    last_id: i64,
    settled_replies: u64,
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
    /// Of replies: the parent's id and their own.
    wait: Vec<(&'a str, &'a str)>,
    doubles: Vec<(&'a str, i64)>,
    /// Comments whose aliases may be others now.
    renamed: Vec<i64>,
    /// Comments that are new on a page, and that are moved to it or changed there.
    pages: BTreeMap<i64, (u64, u64)>,
}

impl<'a> State<'a> {
    async fn load(
        tx: &mut SqliteConnection,
        target: &Target,
        records: &'a [Prepared<Record>],
        ahead: Ahead<'_>,
    ) -> Stored<Self> {
        let (mut pages, mut authors) = (BTreeSet::new(), BTreeSet::new());
        for prepared in records {
            if let Record::Comment(comment) = &prepared.record {
                pages.insert(comment.page.as_str());
                authors.extend(comment.author.source_id.as_deref());
            }
        }
        let namespace = &target.namespace;
        let known = known(tx, namespace, records, ahead).await?;
        let authors = upsert_authors::known(tx, namespace, &list(&authors)).await?;
        // What is unchanged stays where it is.
        let written = records.iter().filter_map(|prepared| match &prepared.record {
            Record::Comment(comment) => known
                .get(&comment.source_id)
                .is_none_or(|known| known.hash != prepared.hash)
                .then_some(&**comment),
            _ => None,
        });
        let written: Vec<_> = written.collect();
        let has_parents = target.fields.has_parents();
        let parents: BTreeSet<_> = written
            .iter()
            .filter_map(|comment| comment.parent.as_deref().filter(|_| has_parents))
            .collect();
        let new: Vec<_> =
            written.into_iter().filter(|comment| !known.contains_key(&comment.source_id)).collect();
        Ok(Self {
            pages: upsert_pages::known(tx, namespace, &list(&pages)).await?,
            parents: upsert_comments::places(tx, namespace, &list(&parents)).await?,
            places: HashMap::new(),
            same: same_comment::find(tx, target, &new, &authors).await?,
            last_id: upsert_comments::last_id(tx).await?,
            settled_replies: 0,
            rows: Rows::default(),
            known,
            authors,
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
        let is_reply = target.fields.has_parents() && comment.parent.is_some();
        let verdict = judge(&self.known, source_id, prepared.hash, target.import);
        if verdict == Verdict::SameAgain {
            counts.unchanged += 1;
            self.settled_replies += u64::from(is_reply);
            return;
        }
        if verdict == Verdict::Clash {
            counts.rejected += 1;
            self.settled_replies += u64::from(is_reply);
            batch.reject(prepared.line, "duplicate_id", source_id);
            return;
        }
        let Some(page_id) = self.pages.get(&comment.page).map(|page| page.id) else {
            counts.rejected += 1;
            self.settled_replies += u64::from(is_reply);
            batch.reject(prepared.line, "page_unknown", source_id);
            return;
        };
        let comment_id = match verdict {
            Verdict::Insert => match self.same.remove(source_id) {
                Some(Same::Is { comment_id, page_id, shift }) => {
                    counts.unchanged += 1;
                    batch.result.joined += 1;
                    batch.result.note_shift(shift);
                    self.settled_replies += u64::from(is_reply);
                    self.places.insert(source_id, Place { comment_id, page_id });
                    self.join(prepared, comment, comment_id);
                    comment_id
                }
                maybe => {
                    counts.inserted += 1;
                    if let Some(Same::MayBe(others)) = maybe {
                        batch.result.possible_doubles += 1;
                        self.rows.doubles.extend(others.into_iter().map(|id| (source_id, id)));
                    }
                    self.insert(prepared, comment, page_id, target)
                }
            },
            Verdict::Update(comment_id) => {
                counts.updated += 1;
                self.update(prepared, comment, Place { comment_id, page_id }, target);
                comment_id
            }
            Verdict::Unchanged | Verdict::SameAgain | Verdict::Clash => {
                counts.unchanged += 1;
                self.settled_replies += u64::from(is_reply);
                self.rows.touch.push(source_id);
                self.known[source_id].id
            }
        };
        self.note(source_id, comment_id, prepared.hash, target);
    }

    fn insert(
        &mut self,
        prepared: &Prepared<Record>,
        comment: &'a Comment,
        page_id: i64,
        target: &Target,
    ) -> i64 {
        self.last_id += 1;
        let place = Place { comment_id: self.last_id, page_id };
        let row = self.row(comment, place, target);
        self.rows.insert.push(row);
        if !comment.aliases.is_empty() {
            self.rows.renamed.push(place.comment_id);
        }
        self.rows.insert_sources.push(source(prepared, comment, place.comment_id));
        self.rows.pages.entry(page_id).or_default().0 += 1;
        self.places.insert(&comment.source_id, place);
        place.comment_id
    }

    fn update(
        &mut self,
        prepared: &Prepared<Record>,
        comment: &'a Comment,
        place: Place,
        target: &Target,
    ) {
        let row = self.row(comment, place, target);
        self.rows.update.push(row);
        if target.fields.comment_columns().aliases {
            self.rows.renamed.push(place.comment_id);
        }
        self.rows.update_sources.push(source(prepared, comment, place.comment_id));
        // Counted where it was; noted where it goes.
        self.rows.pages.entry(place.page_id).or_default();
        self.places.insert(&comment.source_id, place);
    }

    /// Only the id becomes known: what the first source said of the comment stays.
    fn join(&mut self, prepared: &Prepared<Record>, comment: &'a Comment, comment_id: i64) {
        self.rows.renamed.push(comment_id);
        self.rows.insert_sources.push(source(prepared, comment, comment_id));
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

    fn note(&mut self, source_id: &str, id: i64, hash: RecordHash, target: &Target) {
        let now = Known { id, hash, seen_in: target.import };
        self.known.insert(source_id.to_owned(), now);
    }

    /// The parent where it is known already; otherwise the reply waits for it.
    fn parent(&mut self, comment: &'a Comment, place: Place, target: &Target) -> Option<i64> {
        let parent = comment.parent.as_deref().filter(|_| target.fields.has_parents())?;
        let found = self.places.get(parent).or_else(|| self.parents.get(parent));
        let on_page = found
            .filter(|found| found.page_id == place.page_id && found.comment_id != place.comment_id);
        if on_page.is_some() {
            self.settled_replies += 1;
        } else {
            self.rows.wait.push((parent, &comment.source_id));
        }
        on_page.map(|found| found.comment_id)
    }

    fn row(&mut self, comment: &'a Comment, place: Place, target: &Target) -> CommentRow<'a> {
        let parent_id = self.parent(comment, place, target);
        let author = &comment.author;
        let author_source_id = author.source_id.as_deref();
        CommentRow {
            comment_id: place.comment_id,
            page_id: place.page_id,
            parent_id,
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
        upsert_comments::insert(tx, namespace.site_id, import, &self.insert).await?;
        upsert_comments::insert_sources(tx, namespace, import, &self.insert_sources).await?;
        let columns = target.fields.comment_columns();
        let (rows, sources) = (&self.update, &self.update_sources);
        upsert_comments::update(tx, namespace, import, columns, rows, sources).await?;
        upsert_comments::touch(tx, namespace, import, &self.touch).await?;
        upsert_comments::remove(tx, namespace, import, &self.remove, removed_hash()).await?;
        upsert_parents::wait(tx, namespace, &self.wait).await?;
        aliases::rebuild_aliases(tx, &self.renamed).await?;
        aliases::note_doubles(tx, import, &self.doubles).await?;
        let pages: Vec<_> =
            self.pages.into_iter().map(|(id, (added, changed))| (id, added, changed)).collect();
        history::count_on_pages(tx, import, &pages).await
    }
}

/// What the comments of the batch are known by now.
async fn known(
    tx: &mut SqliteConnection,
    namespace: &Namespace,
    records: &[Prepared<Record>],
    ahead: Ahead<'_>,
) -> Stored<HashMap<String, Known>> {
    let ids: BTreeSet<_> =
        records.iter().filter_map(|prepared| prepared.record.comment_id()).collect();
    let (written, others): (Vec<_>, Vec<_>) = ids.into_iter().partition(|id| ahead.written.has(id));
    let mut known = HashMap::new();
    if !written.is_empty() {
        known = upsert_comments::known(tx, namespace, &written).await?;
    }
    let others = others.into_iter().filter_map(|id| Some((id.to_owned(), *ahead.known.get(id)?)));
    known.extend(others);
    Ok(known)
}

fn list<'a>(ids: &BTreeSet<&'a str>) -> Vec<&'a str> {
    ids.iter().copied().collect()
}

fn source<'a>(prepared: &Prepared<Record>, comment: &'a Comment, comment_id: i64) -> SourceRow<'a> {
    SourceRow {
        source_id: &comment.source_id,
        comment_id,
        hash: prepared.hash,
        parent_source_id: comment.parent.as_deref(),
        page_source_id: &comment.page,
        aliases: (!comment.aliases.is_empty())
            .then(|| serde_json::to_string(&comment.aliases).unwrap_or_default()),
    }
}
