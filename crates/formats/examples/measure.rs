//! Reads an export once, with no more memory than a reader takes, and prints
//! what that took as one JSON object. `cargo xtask bench readers` runs it in a
//! process of its own for each measurement.

use std::fs::{self, File};
use std::process::ExitCode;
use std::time::Instant;

use rehome_formats::{Reading, Record, Source};
use serde_json::json;

/// As the previewer asks of a file.
const BUFFER_BYTES: usize = 256 * 1024;

fn main() -> ExitCode {
    let Some(path) = std::env::args_os().nth(1) else {
        eprintln!("usage: measure FILE");
        return ExitCode::FAILURE;
    };
    let begun = Instant::now();
    let opened = File::open(&path)
        .map_err(|error| error.to_string())
        .and_then(|file| Source::open("export", file, |_| None).map_err(|error| error.to_string()));
    let source = match opened {
        Ok(source) => source,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::FAILURE;
        }
    };
    let Some(format) = source.detect_format() else {
        println!("{}", json!({ "format": null }));
        return ExitCode::SUCCESS;
    };
    let reading = Reading { buffer_bytes: BUFFER_BYTES, ..Reading::default() };
    let mut comments: u64 = 0;
    for entry in source.read(format, &reading) {
        match entry {
            Ok(entry) => comments += u64::from(matches!(entry.record, Ok(Record::Comment(_)))),
            Err(error) => {
                eprintln!("{error}");
                return ExitCode::FAILURE;
            }
        }
    }
    let took_ms = begun.elapsed().as_secs_f64() * 1000.0;
    let told = json!({
        "format": format.facts().id,
        "comments": comments,
        "took_ms": took_ms,
        "peak_bytes": peak_bytes(),
    });
    println!("{told}");
    ExitCode::SUCCESS
}

/// The most memory that this process held at a time; none where the system
/// does not tell.
fn peak_bytes() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib * 1024)
}
