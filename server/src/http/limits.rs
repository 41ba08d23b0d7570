//! What an account may take: told when an import is made, and kept to.

use std::time::Duration;

use rehome_record::MAX_LINE_BYTES;
use sqlx::SqliteConnection;

use super::arrival::{MOST_GZIP_BYTES, MOST_PLAIN_BYTES};
use super::chunks::MOST_CHUNKS;
use super::codes::Code;
use super::dto::Limits;
use super::problem::{Answer, Refusal};
use crate::app::App;
use crate::store::account_use;
use crate::store::chunks::ArrivedChunk;
use crate::store::imports::ImportRow;
use crate::sweep::STREAM_EXPIRY;

/// Room comes when an import ends, which takes as long as it takes.
const UNTIL_ROOM: Duration = Duration::from_secs(20);

pub(super) fn told(app: &App) -> Limits {
    let limits = app.limits();
    Limits {
        chunk_gzip_bytes: MOST_GZIP_BYTES as u64,
        chunk_plain_bytes: MOST_PLAIN_BYTES as u64,
        line_bytes: MAX_LINE_BYTES as u64,
        chunks: MOST_CHUNKS,
        expires_hours: u32::try_from(STREAM_EXPIRY.as_secs() / 3_600).unwrap_or(u32::MAX),
        open_imports: limits.most_open_imports.get(),
        chunks_per_minute: limits.chunks_per_minute.get(),
        staged_bytes: limits.most_staged_bytes(),
    }
}

/// Before an import is made, within the transaction that makes it.
pub(super) async fn check_open_imports(
    app: &App,
    tx: &mut SqliteConnection,
    account_id: i64,
) -> Answer<()> {
    let most = u64::from(app.limits().most_open_imports.get());
    if account_use::open_imports(tx, account_id).await? < most {
        return Ok(());
    }
    Err(Refusal::after(Code::ImportsFull, UNTIL_ROOM))
}

/// A turn for one more chunk.
pub(super) fn take_turn(app: &App, account_id: i64) -> Answer<()> {
    app.chunk_rate().take(account_id).map_err(|wait| Refusal::after(Code::ChunksTooFast, wait))
}

/// Whether there is room for the chunk. What an import cannot have even alone is
/// refused for good: no wait would help it.
pub(super) async fn check_staged(
    app: &App,
    connection: &mut SqliteConnection,
    import: &ImportRow,
    chunk: &ArrivedChunk,
) -> Answer<()> {
    let most = app.limits().most_staged_bytes();
    let staged = account_use::staged(connection, import.account_id, import.seq).await?;
    if staged.by_this + chunk.staged_bytes > most {
        return Err(Refusal::new(Code::StreamTooLarge));
    }
    if staged.by_all + chunk.staged_bytes > most {
        return Err(Refusal::after(Code::StagingFull, UNTIL_ROOM));
    }
    Ok(())
}
