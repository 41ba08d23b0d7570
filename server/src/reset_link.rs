//! The link by which a person chooses another password: one use, soon over.

use std::time::Duration;

use sqlx::SqliteConnection;

use crate::clock::micros;
use crate::config::PublicUrl;
use crate::store::accounts::AdminRow;
use crate::store::password_resets::{self, SentBy};
use crate::token;

/// Mail may take its time.
const BY_MAIL: Duration = Duration::from_hours(1);
const BY_OPERATOR: Duration = Duration::from_mins(15);

/// Keeps a new link, within the transaction, and gives its token.
///
/// # Errors
/// Those of the database, or of the system's random numbers.
pub(crate) async fn mint(
    tx: &mut SqliteConnection,
    admin: &AdminRow,
    sent_by: SentBy,
    now: i64,
) -> anyhow::Result<String> {
    let token = token::mint()?;
    let lifetime = match sent_by {
        SentBy::Mail => BY_MAIL,
        SentBy::Operator => BY_OPERATOR,
    };
    let (hash, until) = (token::hash(&token), now + micros(lifetime));
    password_resets::insert(tx, admin, sent_by, &hash, now, until).await?;
    Ok(token)
}

/// What the person opens. The token is behind the `#`, which browsers send nowhere.
pub(crate) fn address(public: &PublicUrl, token: &str) -> String {
    format!("{}/reset#{token}", public.origin())
}
