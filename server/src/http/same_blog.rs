//! Whether comments of a new origin are those of a known one: the blog moved.
//!
//! Ids alone say nothing, since every blog of WordPress counts from 1. What
//! counts is that records are the same, word for word, as another origin sent.

use rehome_record::MAX_ID_BYTES;

use super::codes::Code;
use super::problem::{Answer, Refusal};
use crate::app::App;
use crate::jobs::prepare::known_by;
use crate::store::imports::{self, ImportRow};
use crate::store::{Namespace, RecordHash, StoreError, chunks, same_comment, upsert_comments};

/// Of the comments that are compared, those of the first chunk that has any.
const FEWEST_SAME: usize = 3;
/// Of the ids that both have, one in so many must be the same record.
const ONE_IN: usize = 3;

/// Refuses an answer that is longer than any origin, whatever becomes of it.
pub(super) fn check_answer(answer: Option<&str>) -> Answer<()> {
    let is_short = |answer: &str| answer.chars().count() <= MAX_ID_BYTES;
    if answer.is_none_or(is_short) { Ok(()) } else { Err(unknown()) }
}

fn unknown() -> Refusal {
    Refusal::saying(
        Code::SameBlog,
        "`same_origin` is no origin that comments of this site are known from.",
    )
}

/// The origin under which the comments of an import are known, where that is not
/// its own. `answer` is what its sender says: an origin, or nothing for another blog.
///
/// # Errors
/// [`Code::SameBlog`] where nobody has said yet whether it is the same.
pub(super) async fn known_origin(
    app: &App,
    import: &ImportRow,
    answer: Option<&str>,
) -> Answer<Option<String>> {
    let Some(header) = &import.header else {
        return Ok(None);
    };
    if let Some(before) = imports::moved_before(app.store(), import.site_id, header).await? {
        return Ok(Some(before));
    }
    if answer == Some("") {
        return Ok(None);
    }
    let mut reader = app.store().reader().acquire().await.map_err(StoreError::from)?;
    let origins = same_comment::origins(&mut reader, import.site_id, &header.family).await?;
    if origins.is_empty() || origins.contains(&header.origin) {
        return Ok(None);
    }
    if let Some(named) = answer {
        return if origins.iter().any(|origin| origin == named) {
            Ok(Some(named.to_owned()))
        } else {
            Err(unknown())
        };
    }
    let held = chunks::held(&mut reader, import.seq).await?;
    // Inflating takes its time, and others read meanwhile.
    drop(reader);
    let Some(chunk) = held.iter().find(|chunk| chunk.counts.comments > 0) else {
        return Ok(None);
    };
    let gzip = app.spool().get(&import.id, chunk.number, &chunk.digest).await?;
    let of_blocking = header.clone();
    let records = tokio::task::spawn_blocking(move || known_by(&gzip, &of_blocking))
        .await
        .map_err(|_| Refusal::internal())?
        .map_err(|_| Refusal::internal())?;
    let ids: Vec<_> = records.iter().map(|(id, _)| id.as_str()).collect();
    let mut reader = app.store().reader().acquire().await.map_err(StoreError::from)?;
    for origin in origins {
        let namespace =
            Namespace { site_id: import.site_id, family: header.family.clone(), origin };
        let known = upsert_comments::known(&mut reader, &namespace, &ids).await?;
        let is_same = |record: &&(String, RecordHash)| {
            known.get(&record.0).is_some_and(|known| known.hash == record.1)
        };
        let same = records.iter().filter(is_same).count();
        if same >= FEWEST_SAME && same * ONE_IN >= known.len() {
            return Err(Refusal::new(Code::SameBlog).of_origin(namespace.origin));
        }
    }
    Ok(None)
}
