//! Secrets that are handed out once and kept as their hash.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

/// How an API token starts: it tells people and scanners of leaked secrets what it is.
pub(crate) const API_PREFIX: &str = "rehome_";

/// 256 random bits, for a cookie or a link.
///
/// # Errors
/// The system gives no random bytes.
pub(crate) fn mint() -> Result<String, getrandom::Error> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes)?;
    Ok(BASE64_URL_SAFE_NO_PAD.encode(bytes))
}

/// What is stored of a token. It needs no salt: nobody guesses 256 bits.
pub(crate) fn hash(token: &str) -> Vec<u8> {
    Sha256::digest(token).to_vec()
}
