//! Outside files of WordPress, and of what Disqus imports.

use std::io::Write;

use rehome_formats::Preview;

use crate::samples::sample_preview;

/// The preview of a sample; its numbers are printed past the test runner.
fn told(name: &str) -> Option<Preview> {
    let preview = sample_preview(name)?.unwrap_or_else(|e| panic!("{name}: {e}"));
    let (format, comments) = (preview.summary.format.unwrap(), &preview.summary.comments);
    let (seen, kept) = (comments.seen, comments.kept);
    let skipped = &comments.skipped_by_reason;
    let line = format!("{name}: {format}, seen {seen}, kept {kept}, skipped {skipped:?}\n");
    std::io::stdout().write_all(line.as_bytes()).unwrap();
    Some(preview)
}

#[test]
fn look() {
    for name in std::fs::read_dir("/work/shared/samples/wordpress")
        .unwrap()
        .chain(std::fs::read_dir("/work/shared/samples/wordpress-malformed").unwrap())
        .chain(std::fs::read_dir("/work/shared/samples/disqus-import-wxr").unwrap())
    {
        let path = name.unwrap().path();
        let name = path.strip_prefix("/work/shared/samples").unwrap().to_str().unwrap().to_owned();
        match sample_preview(&name).unwrap() {
            Ok(p) => println!(
                "{name}: {:?} {:?}\n   {:?} {:?} {:?}\n    {:?}",
                p.summary.origin,
                p.error,
                p.summary.pages,
                p.summary.comments,
                p.summary.authors,
                p.summary
                    .issues
                    .iter()
                    .map(|i| (i.code, i.count, i.examples[0].line))
                    .collect::<Vec<_>>()
            ),
            Err(e) => println!("{name}: {e}"),
        }
    }
}
