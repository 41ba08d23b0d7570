//! `rehome-server backup FILE`.

use std::fs::File;
use std::path::Path;

use anyhow::{Context, bail, ensure};

use crate::store::{Store, backup};

/// Copies the database into a new file, and looks at the copy.
///
/// # Errors
/// The file is there already or cannot be written, or the copy is damaged; no file is left then.
pub(super) async fn back_up(store: &Store, file: &Path) -> anyhow::Result<String> {
    let target = std::path::absolute(file)?;
    let name = target.to_str().context("the name of the file is no text")?;
    // Nobody else may read it, from its first byte on. SQLite takes a file that is empty.
    let empty = private(&target).with_context(|| format!("{} cannot be made", file.display()))?;
    drop(empty);
    let copied = async {
        store.copy_into(name).await?;
        let damage = backup::damage_of_copy(&target).await?;
        ensure!(damage.is_empty(), "{}", damage.join(" "));
        keep(&target)
    };
    match copied.await {
        Ok(size) => Ok(format!(
            "Backed up to {}: {}, read back without an error.",
            file.display(),
            mebibytes(size)
        )),
        Err(error) => {
            // What is left of it is no back-up.
            std::fs::remove_file(&target)
                .with_context(|| format!("{} is no back-up and stays", file.display()))?;
            bail!("{} could not be written: {error:#}", file.display());
        }
    }
}

fn private(file: &Path) -> std::io::Result<File> {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options.open(file)
}

/// Once it is said to be there, a power cut takes it no more. Gives its bytes.
fn keep(file: &Path) -> anyhow::Result<u64> {
    let written = File::open(file)?;
    written.sync_all()?;
    #[cfg(unix)]
    if let Some(folder) = file.parent() {
        File::open(folder)?.sync_all()?;
    }
    Ok(written.metadata()?.len())
}

fn mebibytes(bytes: u64) -> String {
    format!("{:.1} MiB", bytes as f64 / f64::from(1 << 20))
}
