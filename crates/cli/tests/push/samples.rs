//! Outside files pushed to a real server, where they are: `REHOME_SAMPLES`, by
//! default `../shared/samples` beside the checkout.

use std::io::Write;
use std::path::{Path, PathBuf};

use crate::rehome::Came;
use crate::server::Server;

fn sample(name: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("REHOME_SAMPLES").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/samples"),
        PathBuf::from,
    );
    if !folder.is_dir() {
        // Past the test runner; `cargo xtask test` counts these lines.
        let said =
            format!("\nSKIPPED {name}: no samples at {} (REHOME_SAMPLES)\n", folder.display());
        std::io::stdout().write_all(said.as_bytes()).unwrap();
        return None;
    }
    Some(folder.join(name))
}

/// New, changed, the same.
fn pushed(server: &Server, file: &Path) -> [u64; 3] {
    let came = Came::of(server.push(file));
    assert_eq!(came.code, 0, "{came:?}");
    let import = server.newest();
    assert_eq!(import["state"], "succeeded", "{import}");
    let comments = &import["result"]["comments"];
    assert_eq!(comments["rejected"], 0, "{import}");
    ["inserted", "updated", "unchanged"].map(|came| comments[came].as_u64().unwrap())
}

#[test]
fn a_blog_that_is_exported_again_brings_what_is_new_alone() {
    let Some(first) = sample("wordpress/real-rerun-2013-07.xml") else { return };
    let second = sample("wordpress/real-rerun-2014-02.xml").unwrap();
    let server = Server::set_up();
    assert_eq!(pushed(&server, &first), [227, 0, 0]);
    assert_eq!(pushed(&server, &second), [13, 1, 225]);
    assert_eq!(pushed(&server, &second), [0, 0, 239]);
}
