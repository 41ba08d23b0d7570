//! Passwords, as argon2id.

use std::sync::{Arc, LazyLock};

use argon2::Argon2;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use tokio::sync::Semaphore;

/// At least so many characters.
pub(crate) const SHORTEST: usize = 10;
/// At most so many bytes: longer ones only cost time.
pub(crate) const LONGEST_BYTES: usize = 1024;

/// Hashing takes 19 MiB and tens of milliseconds: only so many at a time.
#[derive(Debug, Clone)]
pub(crate) struct Passwords {
    at_once: Arc<Semaphore>,
}

/// The hashing itself failed; it says nothing of the password.
#[derive(Debug, thiserror::Error)]
#[error("the password could not be hashed")]
pub(crate) struct HashingError;

/// What an unknown address is compared with, so that it takes as long as a known one.
static NOBODY: LazyLock<Option<String>> = LazyLock::new(|| phc("nobody has this password"));

impl Passwords {
    pub(crate) fn new(at_once: usize) -> Self {
        Self { at_once: Arc::new(Semaphore::new(at_once)) }
    }

    /// The PHC string of a password.
    pub(crate) async fn hash(&self, password: String) -> Result<String, HashingError> {
        self.blocking(move || phc(&password)).await?.ok_or(HashingError)
    }

    /// Whether it is the password. Without a hash to compare with it takes as long and is not.
    pub(crate) async fn verify(
        &self,
        password: String,
        hash: Option<String>,
    ) -> Result<bool, HashingError> {
        self.blocking(move || {
            let known = hash.is_some();
            let hash = hash.or_else(|| NOBODY.clone()).unwrap_or_default();
            let fits =
                Argon2::default().verify_password(password.as_bytes(), hash.as_str()).is_ok();
            known && fits
        })
        .await
    }

    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, HashingError> {
        let permit = Arc::clone(&self.at_once).acquire_owned().await.map_err(|_| HashingError)?;
        tokio::task::spawn_blocking(move || {
            let done = work();
            drop(permit);
            done
        })
        .await
        .map_err(|_| HashingError)
    }
}

fn phc(password: &str) -> Option<String> {
    let hash = Argon2::default().hash_password(password.as_bytes()).ok()?;
    Some(hash.to_string())
}
