//! Dependencies between our crates point one way.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

/// What each crate may use of ours. Development dependencies do not count.
const ALLOWED: &[(&str, &[&str])] = &[
    ("rehome-record", &[]),
    ("rehome-formats", &["rehome-record"]),
    ("rehome-wasm", &["rehome-formats", "rehome-record"]),
    ("rehome", &["rehome-formats", "rehome-record"]),
    ("rehome-server", &["rehome-record"]),
    ("rehome-generate", &[]),
    ("xtask", &["rehome-generate"]),
    ("rehome-tests", &["rehome-formats", "rehome-record", "rehome-server", "rehome-wasm"]),
];

#[test]
fn dependencies_point_one_way() {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--format-version", "1", "--offline"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let ours: BTreeSet<_> =
        packages.iter().map(|package| package["name"].as_str().unwrap()).collect();
    let used: BTreeMap<_, BTreeSet<_>> = packages
        .iter()
        .map(|package| {
            let names = package["dependencies"]
                .as_array()
                .unwrap()
                .iter()
                .filter(|dependency| dependency["kind"].as_str() != Some("dev"))
                .filter_map(|dependency| dependency["name"].as_str())
                .filter(|name| ours.contains(name))
                .collect();
            (package["name"].as_str().unwrap(), names)
        })
        .collect();
    let allowed: BTreeMap<_, BTreeSet<_>> =
        ALLOWED.iter().map(|(name, names)| (*name, names.iter().copied().collect())).collect();
    assert_eq!(used.keys().collect::<Vec<_>>(), allowed.keys().collect::<Vec<_>>());
    for (name, names) in used {
        assert!(names.is_subset(&allowed[name]), "{name} uses {names:?}");
    }
}
