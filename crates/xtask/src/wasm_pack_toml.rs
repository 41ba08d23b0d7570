//! `wasm-pack.toml`: what the project tells wasm-pack, in one place.
//!
//! wasm-pack reads no such file itself; its settings in `Cargo.toml` cover `wasm-opt` alone.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::project::Project;
use crate::setup::{self, Browsers};

/// The file, key by key. Unknown keys are refused: a misspelt one would be ignored in silence.
#[derive(Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct WasmPackToml {
    /// The crate's folder, from the root of the checkout.
    #[serde(rename = "crate")]
    pub(crate) crate_dir: PathBuf,
    /// Where the built packages go, each into a folder of its part's name, from
    /// the root of the checkout.
    pub(crate) out_dir: PathBuf,
    /// wasm-pack's `--target`.
    pub(crate) target: String,
    /// A cargo profile of the root `Cargo.toml`.
    pub(crate) profile: String,
    /// Features of the crate, with each of which it is built once.
    pub(crate) parts: Vec<String>,
    browser: BrowserFlags,
}

#[derive(Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct BrowserFlags {
    args: Vec<String>,
    /// Only when the tests run as root.
    #[serde(default)]
    args_as_root: Vec<String>,
    /// Firefox's own. It has one way of starting for root and everybody else.
    firefox_args: Vec<String>,
}

/// Where the wasm tests run.
#[derive(Clone, Copy, Debug)]
pub(crate) enum TestBrowser {
    Chromium,
    Firefox,
}

impl WasmPackToml {
    /// Reads the file at the root of the checkout.
    ///
    /// Fails when it is missing, is no TOML, lacks a key or has one too many.
    pub(crate) fn read(project: &Project) -> Result<Self> {
        let path = project.root.join("wasm-pack.toml");
        let text =
            fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        Self::parse(&text).with_context(|| format!("{} is not as expected", path.display()))
    }

    /// The command line flags for Chromium, as the user who runs the tests.
    pub(crate) fn browser_args(&self) -> Vec<&str> {
        self.args_for(setup::is_root())
    }

    /// The capabilities that `wasm-bindgen-test` hands to the browser's driver.
    pub(crate) fn webdriver_json(&self, browser: TestBrowser, browsers: &Browsers) -> Value {
        match browser {
            TestBrowser::Chromium => json!({
                "goog:chromeOptions": { "binary": browsers.chromium, "args": self.browser_args() }
            }),
            TestBrowser::Firefox => json!({
                "moz:firefoxOptions": {
                    "binary": browsers.firefox,
                    "args": self.browser.firefox_args,
                }
            }),
        }
    }

    fn args_for(&self, root: bool) -> Vec<&str> {
        let as_root = if root { &self.browser.args_as_root[..] } else { &[] };
        let args = self.browser.args.iter().chain(as_root);
        args.map(String::as_str).collect()
    }

    fn parse(text: &str) -> Result<Self> {
        Ok(toml::from_str(text)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: &str = r#"
        crate = "crates/wasm"
        out-dir = "web/src/wasm/pkg"
        target = "web"
        profile = "wasm-release"
        parts = ["read", "send"]
        [browser]
        args = ["--headless"]
        args-as-root = ["--no-sandbox"]
        firefox-args = ["-headless"]
    "#;

    #[test]
    fn all_keys_are_read() {
        let config = WasmPackToml::parse(WHOLE).expect("valid");
        assert_eq!(config.crate_dir, PathBuf::from("crates/wasm"));
        assert_eq!(config.out_dir, PathBuf::from("web/src/wasm/pkg"));
        assert_eq!(config.target, "web");
        assert_eq!(config.profile, "wasm-release");
        assert_eq!(config.parts, ["read", "send"]);
    }

    #[test]
    fn the_sandbox_is_given_up_only_as_root() {
        let config = WasmPackToml::parse(WHOLE).expect("valid");
        assert_eq!(config.args_for(false), ["--headless"]);
        assert_eq!(config.args_for(true), ["--headless", "--no-sandbox"]);
    }

    #[test]
    fn unknown_keys_are_refused_by_name() {
        let misspelt = WHOLE.replace("profile =", "profil = \"x\"\nprofile =");
        let error = WasmPackToml::parse(&misspelt).expect_err("unknown key");
        assert!(format!("{error:#}").contains("profil"), "{error:#}");

        let in_table = format!("{WHOLE}\nwindow = \"small\"");
        let error = WasmPackToml::parse(&in_table).expect_err("unknown key");
        assert!(format!("{error:#}").contains("window"), "{error:#}");
    }

    #[test]
    fn a_missing_key_is_an_error() {
        let short = WHOLE.replace("target = \"web\"", "");
        let error = WasmPackToml::parse(&short).expect_err("missing key");
        assert!(format!("{error:#}").contains("target"), "{error:#}");
    }

    #[test]
    fn the_projects_own_file_is_valid() {
        let own = include_str!("../../../wasm-pack.toml");
        let config = WasmPackToml::parse(own).expect("valid");
        assert!(own.starts_with("# wasm-pack itself reads no such file"));
        assert!(!config.args_for(false).contains(&"--no-sandbox"));
    }
}
