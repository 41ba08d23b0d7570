//! Where chunks wait for their import: a private folder that no route serves.

use std::fmt::Write;
use std::io;
use std::path::{Path, PathBuf};

use object_store::local::LocalFileSystem;
use object_store::path::Path as ObjectPath;
use object_store::{ObjectStoreExt, PutPayload};

/// What can go wrong in the spool.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SpoolError {
    /// Reading or writing a chunk.
    #[error("the spool: {0}")]
    Object(#[from] object_store::Error),
    /// Making, listing or deleting folders.
    #[error("the spool: {0}")]
    Folder(#[from] io::Error),
}

impl SpoolError {
    /// The disk is full.
    pub(crate) fn is_disk_full(&self) -> bool {
        let mut source: Option<&(dyn std::error::Error + 'static)> = Some(self);
        while let Some(error) = source {
            if error
                .downcast_ref::<io::Error>()
                .is_some_and(|error| error.kind() == io::ErrorKind::StorageFull)
            {
                return true;
            }
            source = error.source();
        }
        false
    }
}

/// The staged chunks of all imports, a folder each.
#[derive(Debug)]
pub(crate) struct Spool {
    root: PathBuf,
    objects: LocalFileSystem,
}

impl Spool {
    /// Uses the folder, which exists.
    pub(crate) fn open(root: &Path) -> Result<Self, SpoolError> {
        // Chunks that were answered for outlive a power cut.
        let objects = LocalFileSystem::new_with_prefix(root)?.with_fsync(true);
        Ok(Self { root: root.to_owned(), objects })
    }

    /// Stores the gzip bytes of a chunk.
    pub(crate) async fn put(
        &self,
        import: &str,
        number: u32,
        digest: &[u8],
        gzip: impl Into<PutPayload>,
    ) -> Result<(), SpoolError> {
        self.objects.put(&place(import, number, digest), gzip.into()).await?;
        Ok(())
    }

    /// The gzip bytes of a chunk.
    pub(crate) async fn get(
        &self,
        import: &str,
        number: u32,
        digest: &[u8],
    ) -> Result<Vec<u8>, SpoolError> {
        let found = self.objects.get(&place(import, number, digest)).await?;
        Ok(found.bytes().await?.into())
    }

    /// Deletes one chunk.
    pub(crate) async fn delete(
        &self,
        import: &str,
        number: u32,
        digest: &[u8],
    ) -> Result<(), SpoolError> {
        match self.objects.delete(&place(import, number, digest)).await {
            Err(object_store::Error::NotFound { .. }) => Ok(()),
            other => Ok(other?),
        }
    }

    /// Deletes all that an import staged, half-written files included.
    pub(crate) async fn clear(&self, import: &str) -> Result<(), SpoolError> {
        let staged = self.root.join(import);
        blocking(move || {
            let deleted = if staged.is_dir() {
                std::fs::remove_dir_all(staged)
            } else {
                std::fs::remove_file(staged)
            };
            match deleted {
                Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
                other => other,
            }
        })
        .await
    }

    /// What is staged: names of imports, unless something else got in.
    pub(crate) async fn names(&self) -> Result<Vec<String>, SpoolError> {
        let root = self.root.clone();
        blocking(move || {
            std::fs::read_dir(root)?
                .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
                .collect()
        })
        .await
    }
}

fn place(import: &str, number: u32, digest: &[u8]) -> ObjectPath {
    ObjectPath::from_iter([import, &file_name(number, digest)])
}

/// The name of a chunk in its import's folder. The digest of the plain lines keeps
/// two senders of one number apart.
pub(crate) fn file_name(number: u32, digest: &[u8]) -> String {
    let digest = digest.iter().take(8).fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    });
    format!("{number}-{digest}.ndjson.gz")
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<T, SpoolError> {
    let done = tokio::task::spawn_blocking(work).await.map_err(io::Error::other)?;
    Ok(done?)
}
