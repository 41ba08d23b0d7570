//! Chromium and chromedriver, which the wasm tests and the browser journey drive.

use std::env;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::{announce, debian, is_root};
use crate::process;

/// The fonts make other alphabets and emoji show as people see them, in screenshots too.
const PACKAGES: [&str; 5] =
    ["chromium", "chromium-driver", "fonts-noto-core", "fonts-noto-cjk", "fonts-noto-color-emoji"];

/// A browser that was seen to start.
pub(crate) struct Browser {
    pub(crate) chromium: PathBuf,
    pub(crate) chromedriver: PathBuf,
}

/// One of the two programs: the variable that overrides where it is, and where it may be otherwise.
struct Program {
    variable: &'static str,
    places: &'static [&'static str],
}

const CHROMIUM: Program = Program {
    variable: "REHOME_CHROMIUM",
    places: &["/usr/bin/chromium", "chromium", "chromium-browser", "google-chrome"],
};

const CHROMEDRIVER: Program =
    Program { variable: "REHOME_CHROMEDRIVER", places: &["/usr/bin/chromedriver", "chromedriver"] };

/// Finds both programs, or installs them where that is possible.
///
/// A missing browser is an error everywhere, never a reason to skip tests.
pub(crate) fn ensure() -> Result<Browser> {
    if let Some(browser) = find()? {
        return Ok(browser);
    }
    if !(is_root() && debian::is_here()) {
        bail!("{}", what_to_do());
    }
    announce("installing Chromium, chromedriver and fonts (once): tests run in a real browser");
    debian::install(&PACKAGES)?;
    find()?.with_context(what_to_do)
}

fn find() -> Result<Option<Browser>> {
    let (chromium, chromedriver) = (CHROMIUM.find()?, CHROMEDRIVER.find()?);
    Ok(chromium
        .zip(chromedriver)
        .map(|(chromium, chromedriver)| Browser { chromium, chromedriver }))
}

fn what_to_do() -> String {
    format!(
        "Chromium and chromedriver are needed and were not found: on Debian run `{}`; elsewhere install both and set {} and {} to their places",
        debian::install_command(&PACKAGES),
        CHROMIUM.variable,
        CHROMEDRIVER.variable
    )
}

impl Program {
    /// Fails when the variable names something that does not run: a wrong wish is not passed over.
    fn find(&self) -> Result<Option<PathBuf>> {
        if let Some(wished) = env::var_os(self.variable).filter(|value| !value.is_empty()) {
            let path = PathBuf::from(wished);
            if !runs(&path) {
                bail!("{} is {}, which does not run", self.variable, path.display());
            }
            return Ok(Some(path));
        }
        let places = self.places.iter().map(PathBuf::from);
        Ok(places.flat_map(absolute).find(runs))
    }
}

/// Ubuntu's `chromium-browser` is a stand-in that only prints advice, so being there is not enough.
fn runs(path: &PathBuf) -> bool {
    process::succeeds(Command::new(path).arg("--version"))
}

/// chromedriver wants the browser's full path.
fn absolute(place: PathBuf) -> Vec<PathBuf> {
    if place.is_absolute() {
        return vec![place];
    }
    let path = env::var_os("PATH").unwrap_or_default();
    let candidates = env::split_paths(&path).map(|folder| folder.join(&place));
    candidates.filter(|candidate| candidate.is_file()).collect()
}
