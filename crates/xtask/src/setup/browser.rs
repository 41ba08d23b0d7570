//! Chromium, chromedriver and Firefox: the wasm tests run in both browsers, the browser journey in Chromium.

use std::env;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::{announce, debian, is_root};
use crate::process;

/// The fonts make other alphabets and emoji show as people see them, in screenshots too.
const PACKAGES: [&str; 6] = [
    "chromium",
    "chromium-driver",
    "firefox-esr",
    "fonts-noto-core",
    "fonts-noto-cjk",
    "fonts-noto-color-emoji",
];

/// Browsers that were seen to start, and the programs that drive them.
pub(crate) struct Browsers {
    pub(crate) chromium: PathBuf,
    pub(crate) chromedriver: PathBuf,
    pub(crate) firefox: PathBuf,
    pub(crate) geckodriver: PathBuf,
}

/// What Debian has packages of.
pub(super) struct Found {
    chromium: PathBuf,
    chromedriver: PathBuf,
    firefox: PathBuf,
}

impl Found {
    pub(super) fn with_geckodriver(self, geckodriver: PathBuf) -> Browsers {
        let Self { chromium, chromedriver, firefox } = self;
        Browsers { chromium, chromedriver, firefox, geckodriver }
    }
}

/// One of the programs: the variable that overrides where it is, and where it may be otherwise.
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

const FIREFOX: Program = Program {
    variable: "REHOME_FIREFOX",
    places: &["/usr/bin/firefox-esr", "firefox-esr", "firefox"],
};

/// Finds all programs, or installs them where that is possible.
///
/// A missing browser is an error everywhere, never a reason to skip tests.
pub(super) fn ensure() -> Result<Found> {
    if let Some(found) = find()? {
        return Ok(found);
    }
    if !(is_root() && debian::is_here()) {
        bail!("{}", what_to_do());
    }
    announce(
        "installing Chromium, chromedriver, Firefox and fonts (once): tests run in real browsers",
    );
    debian::install(&PACKAGES)?;
    find()?.with_context(what_to_do)
}

fn find() -> Result<Option<Found>> {
    let (Some(chromium), Some(chromedriver), Some(firefox)) =
        (CHROMIUM.find()?, CHROMEDRIVER.find()?, FIREFOX.find()?)
    else {
        return Ok(None);
    };
    Ok(Some(Found { chromium, chromedriver, firefox }))
}

fn what_to_do() -> String {
    format!(
        "Chromium, chromedriver and Firefox are needed and were not all found: on Debian run `{}`; elsewhere install them and set {}, {} and {} to their places",
        debian::install_command(&PACKAGES),
        CHROMIUM.variable,
        CHROMEDRIVER.variable,
        FIREFOX.variable
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

/// The drivers want their browser's full path.
fn absolute(place: PathBuf) -> Vec<PathBuf> {
    if place.is_absolute() {
        return vec![place];
    }
    let path = env::var_os("PATH").unwrap_or_default();
    let candidates = env::split_paths(&path).map(|folder| folder.join(&place));
    candidates.filter(|candidate| candidate.is_file()).collect()
}
