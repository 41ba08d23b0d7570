//! The second pass: pages and threads to look at, as they will be.

use rehome_record::{Author, Comment, Options};

use super::previewer::{READ_BYTES, Step};
use super::summary::{CommentSample, PageSample, Samples, ThreadReason, ThreadSample};
use super::tree::{HashedMap, HashedSet, Index, Shown, id_hash};
use crate::{Format, Joined, Reading, Record, Source};

/// Comments held of one page; the tree is made from these.
const MAX_HELD: usize = 500;
/// Comments shown of one thread.
const MAX_SHOWN: usize = 30;
/// Bytes shown of one body.
const MAX_BODY_BYTES: usize = 4 * 1024;
/// Names kept of authors that the file lists by themselves: it is not known yet
/// whose comments will be shown.
const MAX_NAMES: usize = 50_000;
/// Bytes kept of one of them.
const MAX_NAME_BYTES: usize = 200;

/// Collects the pages and threads that the first pass picked.
pub struct Sampler<'a> {
    reader: Joined<'a>,
    shown: Shown,
    /// A dozen at most, as the threads.
    pages: Vec<(u64, PageSample)>,
    comments: Vec<(u64, Vec<CommentSample>)>,
    names: Names,
    seen: (u64, u64),
}

/// Names of authors that the file lists by themselves, before their comments or
/// after them.
struct Names {
    /// Places in `given`, by author.
    known: HashedMap<u32>,
    given: Vec<String>,
    /// Authors of held comments that bring no name.
    wanted: HashedSet,
    /// Those comments: the page, the place among what is held of it, the author.
    unnamed: Vec<(u64, usize, u64)>,
    /// Names kept at most of authors that nobody wants so far.
    limit: usize,
}

impl<'a> Sampler<'a> {
    /// Reads the same file again.
    #[must_use]
    pub fn new(
        format: &'static dyn Format,
        source: Source<'a>,
        index: &Index,
        options: &Options,
    ) -> Self {
        let reading = Reading { buffer_bytes: READ_BYTES, options: options.clone() };
        let shown = index.shown.clone();
        let threads =
            [shown.biggest.first().map(|page| page.0), shown.deepest, shown.first, shown.last];
        let mut comments: Vec<(u64, Vec<CommentSample>)> = Vec::new();
        for page in threads.into_iter().flatten() {
            if find(&mut comments, page).is_none() {
                comments.push((page, Vec::new()));
            }
        }
        let wanted = shown.biggest.iter().map(|page| page.0).chain(threads.into_iter().flatten());
        let mut pages: Vec<(u64, PageSample)> = Vec::new();
        for page in wanted {
            if find(&mut pages, page).is_none() {
                let counted = shown.biggest.iter().find(|(biggest, _)| *biggest == page);
                let comments = counted.map_or(0, |(_, comments)| *comments);
                let sample =
                    PageSample { source_id: String::new(), title: None, url: None, comments };
                pages.push((page, sample));
            }
        }
        Self {
            reader: source.read(format, &reading),
            shown,
            pages,
            comments,
            names: Names::new(MAX_NAMES),
            seen: (0, 0),
        }
    }

    /// Reads at most `entries` further entries. Stops early where nothing is wanted.
    pub fn step(&mut self, entries: usize) -> Step {
        if self.pages.is_empty() {
            return Step::Ended;
        }
        for _ in 0..entries {
            // An error ends this pass as the end does: the first pass has told it.
            let Some(Ok(entry)) = self.reader.next() else {
                return Step::Ended;
            };
            match entry.record {
                Ok(Record::Page(page)) => {
                    self.seen.0 += 1;
                    if let Some(sample) = find(&mut self.pages, id_hash(&page.source_id)) {
                        sample.source_id = page.source_id;
                        sample.title = page.title;
                        sample.url = page.url.or(page.identifier);
                    }
                }
                Ok(Record::Comment(comment)) => {
                    self.seen.1 += 1;
                    self.take(*comment);
                }
                Ok(Record::Author(author)) => self.names.add(author),
                Ok(Record::Removed(_)) | Err(_) => {}
            }
        }
        Step::More
    }

    /// Page and comment records seen so far.
    #[must_use]
    pub fn seen(&self) -> (u64, u64) {
        self.seen
    }

    /// What was collected.
    #[must_use]
    pub fn finish(mut self) -> Samples {
        self.names.give_to(&mut self.comments);
        // Pages outside of the biggest were not counted by the first pass.
        for (page, comments) in &self.comments {
            if let Some(sample) = find(&mut self.pages, *page) {
                sample.comments = sample.comments.max(comments.len() as u64);
            }
        }
        let biggest_pages = self
            .shown
            .biggest
            .iter()
            .filter_map(|(page, _)| find(&mut self.pages, *page).cloned())
            .collect();
        let wanted = [
            (ThreadReason::Biggest, self.shown.biggest.first().map(|page| page.0)),
            (ThreadReason::Deepest, self.shown.deepest),
            (ThreadReason::First, self.shown.first),
            (ThreadReason::Last, self.shown.last),
        ];
        let threads = wanted
            .into_iter()
            .filter_map(|(why, page)| {
                let page = page?;
                let at = self.comments.iter().position(|(known, _)| *known == page)?;
                let (_, comments) = self.comments.swap_remove(at);
                let comments = in_thread_order(comments, why == ThreadReason::Deepest);
                Some(ThreadSample { why, page: find(&mut self.pages, page)?.clone(), comments })
            })
            .collect();
        Samples { biggest_pages, threads }
    }

    fn take(&mut self, comment: Comment) {
        let page = id_hash(&comment.page);
        let Some(held) = find(&mut self.comments, page) else {
            return;
        };
        if held.len() == MAX_HELD {
            return;
        }
        if let (None, Some(author)) = (&comment.author.name, &comment.author.source_id) {
            self.names.want(page, held.len(), id_hash(author));
        }
        held.push(CommentSample {
            source_id: comment.source_id,
            parent: comment.parent,
            depth: 1,
            author: comment.author.name.or(comment.author.source_id),
            created_at: comment.created_at,
            status: comment.status,
            body: comment.body.map(|body| cut(body, MAX_BODY_BYTES)),
            body_format: comment.body_format,
        });
    }
}

impl Names {
    fn new(limit: usize) -> Self {
        Self {
            known: HashedMap::default(),
            given: Vec::new(),
            wanted: HashedSet::default(),
            unnamed: Vec::new(),
            limit,
        }
    }

    fn add(&mut self, author: Author) {
        let (Some(id), Some(name)) = (author.source_id, author.name) else { return };
        let id = id_hash(&id);
        // A file may list the same person again and again.
        if let Some(known) = self.known.get(&id) {
            self.given[*known as usize] = cut(name, MAX_NAME_BYTES);
        } else if self.given.len() < self.limit || self.wanted.contains(&id) {
            let place = u32::try_from(self.given.len()).expect("fewer names than comments");
            self.known.insert(id, place);
            self.given.push(cut(name, MAX_NAME_BYTES));
        }
    }

    fn want(&mut self, page: u64, number: usize, author: u64) {
        self.wanted.insert(author);
        self.unnamed.push((page, number, author));
    }

    fn give_to(&self, comments: &mut [(u64, Vec<CommentSample>)]) {
        for (page, number, author) in &self.unnamed {
            if let Some(name) = self.known.get(author)
                && let Some(held) = find(comments, *page)
            {
                held[*number].author = Some(self.given[*name as usize].clone());
            }
        }
    }
}

/// What is kept of a page.
fn find<T>(pages: &mut [(u64, T)], page: u64) -> Option<&mut T> {
    pages.iter_mut().find(|(known, _)| *known == page).map(|(_, kept)| kept)
}

fn cut(mut text: String, max_bytes: usize) -> String {
    if text.len() > max_bytes {
        text.truncate(text.floor_char_boundary(max_bytes));
        text.push('…');
    }
    text
}

/// Each comment after its parent, and no more than [`MAX_SHOWN`]: the first
/// ones, or the thread with the deepest comment.
fn in_thread_order(comments: Vec<CommentSample>, deepest: bool) -> Vec<CommentSample> {
    let mut ordered = ordered(comments);
    if deepest && ordered.len() > MAX_SHOWN {
        let at = (0..ordered.len()).max_by_key(|at| (ordered[*at].depth, std::cmp::Reverse(*at)));
        let root =
            at.map_or(0, |at| (0..=at).rev().find(|at| ordered[*at].depth == 1).unwrap_or(0));
        ordered.drain(..root);
        keep_chain(&mut ordered, at.map_or(0, |at| at - root));
    }
    ordered.truncate(MAX_SHOWN);
    ordered
}

/// Leaves out what stands before the comment at `at` and is not above it, where
/// that comment would not be among the first [`MAX_SHOWN`] otherwise.
fn keep_chain(ordered: &mut Vec<CommentSample>, at: usize) {
    if at < MAX_SHOWN {
        return;
    }
    let mut wanted = ordered[at].depth;
    let mut is_in_chain = vec![false; at];
    for above in (0..at).rev() {
        if ordered[above].depth < wanted {
            wanted = ordered[above].depth;
            is_in_chain[above] = true;
        }
    }
    let mut number = 0;
    ordered.retain(|_| {
        number += 1;
        is_in_chain.get(number - 1).copied().unwrap_or(true)
    });
}

fn ordered(comments: Vec<CommentSample>) -> Vec<CommentSample> {
    let by_id: HashedMap<usize> = comments
        .iter()
        .enumerate()
        .map(|(at, comment)| (id_hash(&comment.source_id), at))
        .collect();
    let mut below: Vec<Vec<usize>> = vec![Vec::new(); comments.len()];
    let mut roots = Vec::new();
    for (at, comment) in comments.iter().enumerate() {
        match comment.parent.as_deref().and_then(|parent| by_id.get(&id_hash(parent))) {
            Some(parent) if *parent != at => below[*parent].push(at),
            _ => roots.push(at),
        }
    }
    let mut order = Vec::with_capacity(comments.len());
    let mut depths = vec![0; comments.len()];
    let mut stack: Vec<(usize, u32)> = roots.into_iter().rev().map(|at| (at, 1)).collect();
    while let Some((at, depth)) = stack.pop() {
        order.push(at);
        depths[at] = depth;
        stack.extend(below[at].iter().rev().map(|at| (*at, depth + 1)));
    }
    // What hangs in a circle has no root above it.
    order.extend((0..comments.len()).filter(|at| depths[*at] == 0));
    let mut comments: Vec<_> = comments.into_iter().map(Some).collect();
    order
        .into_iter()
        .filter_map(|at| {
            let comment = comments[at].take()?;
            Some(CommentSample { depth: depths[at].max(1), ..comment })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn author(id: &str, name: &str) -> Author {
        Author { source_id: Some(id.to_owned()), name: Some(name.to_owned()), ..Author::default() }
    }

    fn held(author: &str) -> CommentSample {
        CommentSample {
            source_id: String::new(),
            parent: None,
            depth: 1,
            author: Some(author.to_owned()),
            created_at: None,
            status: rehome_record::Status::Approved,
            body: None,
            body_format: rehome_record::BodyFormat::Text,
        }
    }

    #[test]
    fn names_come_before_and_after_and_what_is_wanted_is_never_over_the_limit() {
        let mut names = Names::new(2);
        for (id, name) in [("a", "Ann"), ("b", "Bob"), ("c", "Carl")] {
            names.add(author(id, name));
            names.add(author(id, name));
        }
        names.want(7, 0, id_hash("b"));
        names.want(7, 1, id_hash("c"));
        names.want(7, 2, id_hash("d"));
        names.add(author("d", "Dora"));
        let mut comments = vec![(7, vec![held("b"), held("c"), held("d")])];
        names.give_to(&mut comments);
        let shown: Vec<_> = comments[0].1.iter().map(|held| held.author.as_deref()).collect();
        // Carl's came too late to be kept and too early to be wanted.
        assert_eq!(shown, [Some("Bob"), Some("c"), Some("Dora")]);
    }
}
