//! What one line may hold. The same limits hold where lines are made and where
//! they are received, so a reader never makes a line that the server refuses.

/// Plain bytes of one line, its line feed included.
///
/// Large enough for [`MAX_BODY_BYTES`] of characters that JSON escapes in six
/// bytes each, with room for the other fields.
pub const MAX_LINE_BYTES: usize = 4 * 1024 * 1024;

/// Bytes (UTF-8) of a comment's body.
pub const MAX_BODY_BYTES: usize = 512 * 1024;

/// Bytes (UTF-8) of every other text: addresses, titles, names.
pub const MAX_TEXT_BYTES: usize = 16 * 1024;

/// Bytes (UTF-8) of a vendor's id.
pub const MAX_ID_BYTES: usize = 1024;

/// The largest whole number that JSON holds exactly in every language.
pub const MAX_NUMBER: u64 = (1 << 53) - 1;

/// Other names of one comment.
pub const MAX_ALIASES: usize = 16;

/// Bytes of a record's `extras`, as JSON.
pub const MAX_EXTRAS_BYTES: usize = 64 * 1024;

/// Plain bytes at which a chunk is full: the next line that does not fit opens
/// the next chunk. A single longer line is a chunk of its own.
pub const CHUNK_BYTES: usize = 1024 * 1024;
