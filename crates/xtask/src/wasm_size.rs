//! The parts of the WebAssembly module are downloaded by those who open the pages: each stays small.

use std::fs;
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result, bail};
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::project::Project;
use crate::wasm_pack_toml::WasmPackToml;

/// Bytes of a part, gzipped, from which on it is too large.
const TOO_LARGE_BYTES: usize = 250_000;

/// Prints the size of each built part; fails where one is too large.
pub(crate) fn check(project: &Project) -> Result<()> {
    let config = WasmPackToml::read(project)?;
    for part in &config.parts {
        let folder = project.root.join(&config.out_dir).join(part);
        judge(part, gzipped_bytes(part, &folder)?)?;
    }
    Ok(())
}

fn gzipped_bytes(part: &str, folder: &Path) -> Result<usize> {
    let entries = fs::read_dir(folder)
        .with_context(|| format!("cannot read {}: was the module built?", folder.display()))?;
    let mut gzipped_bytes = 0;
    for entry in entries {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "wasm") {
            let module = fs::read(&path)?;
            gzipped_bytes += gzipped(&module)?;
            println!("{part}: {} bytes, {gzipped_bytes} gzipped", module.len());
        }
    }
    Ok(gzipped_bytes)
}

fn judge(part: &str, gzipped_bytes: usize) -> Result<()> {
    match gzipped_bytes {
        0 => bail!("there is no module {part}: was it built?"),
        TOO_LARGE_BYTES.. => bail!(
            "the module {part} has {gzipped_bytes} bytes gzipped, and less than {TOO_LARGE_BYTES} are allowed"
        ),
        _ => Ok(()),
    }
}

fn gzipped(bytes: &[u8]) -> Result<usize> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_itself_is_too_large_and_nothing_is_no_module() {
        assert!(judge("a", TOO_LARGE_BYTES - 1).is_ok());
        let error = judge("a", TOO_LARGE_BYTES).expect_err("too large");
        assert!(error.to_string().contains("250000"), "{error}");
        assert!(judge("a", 0).is_err());
    }
}
