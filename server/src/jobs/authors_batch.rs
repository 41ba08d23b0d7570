//! One batch of `author` lines.

use rehome_record::Author;
use sqlx::SqliteConnection;

use super::import::{Batch, Target};
use super::prepare::Prepared;
use super::verdict::{Verdict, judge};
use crate::store::upsert_authors::{self, AuthorRow};
use crate::store::{Known, Stored, hex};

/// Writes authors.
pub(crate) async fn apply(
    tx: &mut SqliteConnection,
    target: &Target,
    authors: &[Prepared<&Author>],
    batch: &mut Batch,
) -> Stored<()> {
    let ids: Vec<_> = authors.iter().map(|author| id(author)).collect();
    let mut known = upsert_authors::known(tx, &target.namespace, &ids).await?;
    let mut last_id = upsert_authors::last_id(tx).await?;
    let (mut insert, mut update, mut touch) = (Vec::new(), Vec::new(), Vec::new());
    for author in authors {
        let source_id = id(author);
        let counts = &mut batch.result.authors;
        let author_id = match judge(&known, source_id, author.hash, target.import) {
            Verdict::Insert => {
                counts.inserted += 1;
                last_id += 1;
                insert.push(row(author, last_id));
                last_id
            }
            Verdict::Update(author_id) => {
                counts.updated += 1;
                update.push(row(author, author_id));
                author_id
            }
            Verdict::Unchanged => {
                counts.unchanged += 1;
                touch.push(source_id);
                known[source_id].id
            }
            Verdict::SameAgain => {
                counts.unchanged += 1;
                continue;
            }
            Verdict::Clash => {
                counts.rejected += 1;
                batch.reject(author.line, "duplicate_id", source_id);
                continue;
            }
        };
        let now = Known { id: author_id, hash: author.hash, seen_in: target.import };
        known.insert(source_id.to_owned(), now);
    }
    let (namespace, import) = (&target.namespace, target.import);
    upsert_authors::insert(tx, namespace, import, &insert).await?;
    let columns = target.fields.author_columns();
    upsert_authors::update(tx, namespace, import, columns, &update).await?;
    upsert_authors::touch(tx, namespace, import, &touch).await
}

/// An author line without an id is rejected on arrival.
fn id<'a>(author: &Prepared<&'a Author>) -> &'a str {
    author.record.source_id.as_deref().unwrap_or_default()
}

fn row<'a>(author: &Prepared<&'a Author>, author_id: i64) -> AuthorRow<'a> {
    AuthorRow {
        author_id,
        source_id: id(author),
        name: author.record.name.as_deref(),
        email: author.record.email.as_deref(),
        url: author.record.url.as_deref(),
        hash: hex(author.hash),
    }
}
