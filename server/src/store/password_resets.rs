//! Links by which a person chooses another password, known by the hash of their token.

use sqlx::SqliteConnection;

use super::accounts::{AdminRow, admin_from};
use super::{Stored, execute, from_column};

const INSERT: &str =
    "INSERT INTO password_resets (token_hash, admin_id, by_mail, created_at, expires_at)
    VALUES ($1, $2, $3, $4, $5)";
const MAILED_SINCE: &str = "SELECT count(*) FROM password_resets
    WHERE admin_id = $1 AND by_mail = 1 AND created_at > $2";
const FIND: &str = "SELECT a.id, a.account_id, a.email, a.role
    FROM password_resets r JOIN admins a ON a.id = r.admin_id
    WHERE r.token_hash = $1 AND r.expires_at > $2 AND a.removed_at IS NULL";
const DELETE_OF: &str = "DELETE FROM password_resets WHERE admin_id = $1";
const DELETE_EXPIRED: &str = "DELETE FROM password_resets WHERE expires_at <= $1";

/// Who sends the link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SentBy {
    /// The server, because somebody asked for it.
    Mail,
    /// The operator, who has it from the terminal.
    Operator,
}

/// Keeps a link. Those before it hold until they are used or expire: somebody
/// else who asks for links takes none away.
pub(crate) async fn insert(
    tx: &mut SqliteConnection,
    admin: &AdminRow,
    sent_by: SentBy,
    token_hash: &[u8],
    now: i64,
    expires_at: i64,
) -> Stored<()> {
    let insert = sqlx::query(INSERT)
        .bind(token_hash)
        .bind(admin.id)
        .bind(sent_by == SentBy::Mail)
        .bind(now)
        .bind(expires_at);
    execute(tx, insert).await?;
    Ok(())
}

/// Links that were mailed to the person since then and are not used or swept away.
pub(crate) async fn mailed_since(
    connection: &mut SqliteConnection,
    admin: &AdminRow,
    since: i64,
) -> Stored<u64> {
    let count = sqlx::query_scalar(MAILED_SINCE).bind(admin.id).bind(since);
    Ok(from_column(count.fetch_one(connection).await?))
}

/// Whose link it is; none where it was used or has expired.
pub(crate) async fn find(
    connection: &mut SqliteConnection,
    token_hash: &[u8],
    now: i64,
) -> Stored<Option<AdminRow>> {
    let row = sqlx::query(FIND).bind(token_hash).bind(now).fetch_optional(connection).await?;
    row.as_ref().map(admin_from).transpose()
}

/// Forgets all links of the person.
pub(crate) async fn delete_of(tx: &mut SqliteConnection, admin: &AdminRow) -> Stored<u64> {
    execute(tx, sqlx::query(DELETE_OF).bind(admin.id)).await
}

/// Removes those that nobody used in time.
pub(crate) async fn delete_expired(tx: &mut SqliteConnection, now: i64) -> Stored<u64> {
    execute(tx, sqlx::query(DELETE_EXPIRED).bind(now)).await
}
