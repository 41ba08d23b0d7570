//! Whether a new comment is there already, from another source.
//!
//! Sources name each other's ids (aliases): a Disqus comment says which one of
//! WordPress it was, or the other way round, whichever came first. The name alone
//! is not enough, since ids are used again: author or words must agree. Time
//! never decides: one vendor shifted the comments of a whole blog by hours.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::Builder;
use rehome_record::{BodyFormat, Comment, Timestamp};
use sqlx::SqliteConnection;

use super::import::Target;
use crate::store::same_comment::{self, Candidate, Elsewhere, KnownAuthor};
use crate::store::{Known, Stored};

/// What is found of a new comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Same {
    /// It is this one.
    Is {
        comment_id: i64,
        page_id: i64,
        /// By how much its time differs from the first one, in microseconds.
        shift: i64,
    },
    /// It is named as one of these, and neither author nor words agree.
    MayBe(Vec<i64>),
}

/// Looks for new comments among those of other sources.
pub(crate) async fn find<'a>(
    tx: &mut SqliteConnection,
    target: &Target,
    new: &[&'a Comment],
    authors: &HashMap<String, Known>,
) -> Stored<HashMap<&'a str, Same>> {
    let mut found = HashMap::new();
    if new.is_empty() {
        return Ok(found);
    }
    let elsewhere = elsewhere(tx, target, new).await?;
    let ids: Vec<_> = new.iter().map(|comment| comment.source_id.as_str()).collect();
    let mut named: BTreeMap<String, BTreeSet<i64>> = BTreeMap::new();
    for (own, id) in same_comment::named(tx, &target.namespace, &elsewhere, &ids).await? {
        named.entry(own).or_default().insert(id);
    }
    if named.is_empty() {
        return Ok(found);
    }
    let all: Vec<_> =
        named.values().flatten().copied().collect::<BTreeSet<_>>().into_iter().collect();
    let candidates = same_comment::candidates(tx, &target.namespace, &all).await?;
    let lines = author_lines(tx, target, new, authors).await?;
    let mut taken = HashSet::new();
    for comment in new {
        let Some(ids) = named.get(&comment.source_id) else { continue };
        let known = comment.author.source_id.as_ref().and_then(|id| lines.get(id));
        let there =
            ids.iter().filter(|id| !taken.contains(*id)).filter_map(|id| candidates.get(id));
        let best = there
            .map(|candidate| (agreement(comment, known, candidate), candidate))
            .filter(|(agrees, _)| *agrees > 0)
            .max_by_key(|(agrees, candidate)| (*agrees, -candidate.comment_id));
        let same = match best {
            Some((_, candidate)) => {
                taken.insert(candidate.comment_id);
                Same::Is {
                    comment_id: candidate.comment_id,
                    page_id: candidate.page_id,
                    shift: shift(comment, candidate),
                }
            }
            None => Same::MayBe(ids.iter().copied().collect()),
        };
        found.insert(comment.source_id.as_str(), same);
    }
    Ok(found)
}

/// The ids by which other sources know what comes in. An alias without an origin
/// is looked for under each that the site knows of the family.
async fn elsewhere<'a>(
    tx: &mut SqliteConnection,
    target: &Target,
    new: &[&'a Comment],
) -> Stored<Vec<Elsewhere<'a>>> {
    let namespace = &target.namespace;
    let families: BTreeSet<_> =
        new.iter().flat_map(|comment| &comment.aliases).map(|alias| &*alias.family).collect();
    let mut origins = HashMap::new();
    for family in families {
        origins.insert(family, same_comment::origins(tx, namespace.site_id, family).await?);
    }
    let mut all = Vec::new();
    for comment in new {
        for alias in &comment.aliases {
            for origin in &origins[&*alias.family] {
                let is_named = alias.origin.as_ref().is_none_or(|named| named == origin);
                let is_own = alias.family == namespace.family && *origin == namespace.origin;
                if is_named && !is_own {
                    all.push(Elsewhere {
                        own: &comment.source_id,
                        family: &alias.family,
                        origin: origin.clone(),
                        source_id: &alias.source_id,
                    });
                }
            }
        }
    }
    Ok(all)
}

/// Authors that have lines of their own, by their source's ids.
async fn author_lines(
    tx: &mut SqliteConnection,
    target: &Target,
    new: &[&Comment],
    authors: &HashMap<String, Known>,
) -> Stored<HashMap<String, KnownAuthor>> {
    let known: BTreeMap<_, _> = new
        .iter()
        .filter_map(|comment| comment.author.source_id.as_ref())
        .filter_map(|id| Some((id, authors.get(id)?.id)))
        .collect();
    let ids: Vec<_> = known.values().copied().collect();
    let rows = same_comment::authors(tx, target.namespace.site_id, &ids).await?;
    Ok(known
        .into_iter()
        .filter_map(|(id, ours)| Some((id.clone(), rows.get(&ours)?.clone())))
        .collect())
}

/// 0 where nothing agrees, 2 where both author and words do.
fn agreement(comment: &Comment, known: Option<&KnownAuthor>, there: &Candidate) -> u8 {
    let author = &comment.author;
    let name = author.name.as_deref().or(known.and_then(|known| known.name.as_deref()));
    let email = author.email.as_deref().or(known.and_then(|known| known.email.as_deref()));
    let same_author = agree(name, there.name.as_deref()) || agree(email, there.email.as_deref());
    let words = comment.body.as_deref().map(|body| words(body, comment.body_format));
    let words_there = there.body.as_deref().map(|body| self::words(body, there.body_format));
    u8::from(same_author) + u8::from(agree(words.as_deref(), words_there.as_deref()))
}

/// The same but for case and white space, and not empty.
fn agree(one: Option<&str>, other: Option<&str>) -> bool {
    let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    let (Some(one), Some(other)) = (one.map(plain), other.map(plain)) else {
        return false;
    };
    !one.is_empty() && one == other
}

static NO_TAGS: LazyLock<Builder<'static>> = LazyLock::new(Builder::empty);

/// What a body says, without its markup.
fn words(body: &str, format: BodyFormat) -> String {
    // Vendors end paragraphs in different ways: all of them part words.
    let parted = body.replace('<', " <");
    match format {
        BodyFormat::Html => NO_TAGS.clean(&parted).to_string().replace("&nbsp;", " "),
        BodyFormat::Markdown | BodyFormat::Text => ammonia::clean_text(body),
    }
}

fn shift(comment: &Comment, there: &Candidate) -> i64 {
    let created_at = comment.created_at.map(Timestamp::as_micros);
    match (created_at, there.created_at) {
        (Some(created_at), Some(first)) => created_at.saturating_sub(first),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_agree_whatever_the_markup() {
        let html = words("<p>One &amp;  two</p>\n<p>three&nbsp;four</p>", BodyFormat::Html);
        for other in ["One &amp; two<br>three four", "<div>One &amp; two</div>three four"] {
            assert!(agree(Some(&html), Some(&words(other, BodyFormat::Html))), "{other}");
        }
        assert!(!agree(Some(&html), Some(&words("One two three four", BodyFormat::Html))));
        assert!(!agree(Some(&words("<p></p>", BodyFormat::Html)), Some("")));
        assert!(!agree(None, None));
    }
}
