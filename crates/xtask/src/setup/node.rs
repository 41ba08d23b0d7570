//! Node, npm, and the packages that `package-lock.json` names.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use super::announce;
use crate::process;
use crate::project::Project;

/// A `package-lock.json`, or the record that npm keeps of what it installed: they have the same shape.
#[derive(Deserialize)]
struct NpmLock {
    packages: BTreeMap<String, NpmPackage>,
}

#[derive(Deserialize)]
struct NpmPackage {
    version: Option<String>,
    /// A workspace: linked, not installed.
    #[serde(default)]
    link: bool,
    /// For other platforms, mostly.
    #[serde(default)]
    optional: bool,
}

/// Makes sure that Node is new enough, and that the locked packages are in `node_modules`.
pub(crate) fn ensure(project: &Project) -> Result<()> {
    ensure_programs(project)?;
    let lock = project.root.join("package-lock.json");
    let lock =
        fs::read_to_string(&lock).with_context(|| format!("cannot read {}", lock.display()))?;
    let lock: NpmLock =
        serde_json::from_str(&lock).context("package-lock.json is not as expected")?;
    let Some(why) = why_install(&lock, &project.root) else {
        return Ok(());
    };
    announce(&format!("npm ci (about a minute): {why}"));
    if process::run(project.command("npm").arg("ci")).is_ok() {
        return Ok(());
    }
    // Some registries lack optional packages of other platforms, which `npm ci` insists on.
    announce("npm ci failed: trying `npm install --no-save`, which leaves package-lock.json alone");
    process::run(project.command("npm").args(["install", "--no-save"]))
}

fn ensure_programs(project: &Project) -> Result<()> {
    const WANTED: &str = "Node 20.19 or newer with npm is needed (of Node 22: 22.12 or newer)";
    let found = process::output(project.command("node").arg("--version"))
        .with_context(|| format!("{WANTED}: install it, and put it on PATH"))?;
    let found = found.trim();
    if !is_new_enough(found) {
        bail!("{WANTED}, but `node` is {found}: install a newer one, and put it first on PATH");
    }
    if !process::succeeds(project.command("npm").arg("--version")) {
        bail!(
            "{WANTED}, but `npm` does not run: install it, on Debian or Ubuntu with `sudo apt-get install npm`"
        );
    }
    Ok(())
}

/// As Vite asks: odd and early releases of Node lack what it uses.
fn is_new_enough(version: &str) -> bool {
    let mut numbers = version.trim_start_matches('v').split('.').map(str::parse);
    let (Some(Ok(major)), Some(Ok(minor))) = (numbers.next(), numbers.next()) else {
        return false;
    };
    match (major, minor) {
        (20, minor) => minor >= 19_u32,
        (22, minor) => minor >= 12,
        (major, _) => major > 22_u32,
    }
}

/// Why the packages must be installed; `None` when npm's own record shows all that the lock file names.
fn why_install(lock: &NpmLock, root: &Path) -> Option<String> {
    let Ok(record) = fs::read_to_string(root.join("node_modules/.package-lock.json")) else {
        return Some("node_modules is missing".to_owned());
    };
    let Ok(installed) = serde_json::from_str::<NpmLock>(&record) else {
        return Some("npm's record of node_modules cannot be read".to_owned());
    };
    first_difference(lock, &installed)
        .map(|package| format!("{package} is not as package-lock.json says"))
}

fn first_difference<'a>(lock: &'a NpmLock, installed: &NpmLock) -> Option<&'a str> {
    let wanted = lock.packages.iter().filter(|(place, package)| {
        // Workspaces stand in the lock file by their own folder.
        place.contains("node_modules/") && !package.link && !package.optional
    });
    let mut differing = wanted.filter(|(place, package)| {
        let there = installed.packages.get(*place);
        there.is_none_or(|there| there.version != package.version)
    });
    differing.next().map(|(place, _)| place.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lock(packages: &str) -> NpmLock {
        serde_json::from_str(&format!("{{\"packages\": {{{packages}}}}}")).expect("valid")
    }

    #[test]
    fn node_versions_follow_vites_rule() {
        for good in ["v20.19.0", "v20.20.2", "v22.12.0", "v24.0.0"] {
            assert!(is_new_enough(good), "{good}");
        }
        for bad in ["v18.20.0", "v20.18.3", "v21.7.0", "v22.11.0", "", "nightly"] {
            assert!(!is_new_enough(bad), "{bad}");
        }
    }

    #[test]
    fn what_npm_recorded_is_enough() {
        let wanted = lock(
            r#""": {"version": "0.1.0"}, "web": {"version": "0.1.0"},
               "node_modules/@rehome/web": {"link": true},
               "node_modules/other-platform": {"version": "1.0.0", "optional": true},
               "node_modules/a": {"version": "1.0.0"}"#,
        );
        let installed = lock(r#""node_modules/a": {"version": "1.0.0"}"#);
        assert_eq!(first_difference(&wanted, &installed), None);
    }

    #[test]
    fn another_version_or_a_missing_package_is_found() {
        let wanted = lock(r#""node_modules/a": {"version": "1.0.1"}"#);
        let old = lock(r#""node_modules/a": {"version": "1.0.0"}"#);
        assert_eq!(first_difference(&wanted, &old), Some("node_modules/a"));
        assert_eq!(first_difference(&wanted, &lock("")), Some("node_modules/a"));
    }
}
