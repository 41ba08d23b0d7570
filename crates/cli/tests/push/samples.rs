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

#[test]
fn a_blog_that_went_from_one_vendor_to_another_is_there_once() {
    let Some(blog) = sample("wordpress/real-rerun-2014-02.xml") else { return };
    let forum = sample("disqus/real-2021-all.xml").unwrap();
    for (first, second, of_first, of_second) in
        [(&blog, &forum, 239, [86, 0, 179]), (&forum, &blog, 265, [60, 0, 179])]
    {
        let server = Server::set_up();
        assert_eq!(pushed(&server, first), [of_first, 0, 0]);
        assert_eq!(pushed(&server, second), of_second);
        let result = &server.newest()["result"];
        assert_eq!((&result["joined"], &result["possible_doubles"]), (&179.into(), &2.into()));
        // One vendor shifted the times by the summer's and the winter's hours.
        let shifts: Vec<_> = result["time_shifts"].as_object().unwrap().values().collect();
        assert_eq!(shifts, [116, 63]);
        for again in [first, second] {
            assert_eq!(pushed(&server, again)[..2], [0, 0]);
        }
    }
}
