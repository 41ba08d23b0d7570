//! Running other programs: shown, captured, or both.

use std::io::{ErrorKind, Read, Write};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// How long to wait for output that a left-over grandchild keeps open after the program itself has ended.
const LEFT_OVER_OUTPUT: Duration = Duration::from_secs(5);

/// Prints the command, runs it with its output shown, and fails when it does.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    println!("$ {}", shown(command));
    let status = command.status().with_context(|| not_started(command))?;
    if !status.success() {
        bail!("`{}` failed ({status})", shown(command));
    }
    Ok(())
}

/// Like [`run`], but also gives back what went to standard output, and leaves a failure to the caller.
pub(crate) fn run_and_capture(command: &mut Command) -> Result<(ExitStatus, String)> {
    println!("$ {}", shown(command));
    let mut child = command.stdout(Stdio::piped()).spawn().with_context(|| not_started(command))?;
    let captured = Arc::new(Mutex::new(Vec::new()));
    let stdout = child.stdout.take().context("standard output was piped")?;
    let copier = thread::spawn({
        let captured = Arc::clone(&captured);
        move || copy(stdout, &captured)
    });
    let status = child.wait()?;
    let ended = Instant::now();
    while !copier.is_finished() && ended.elapsed() < LEFT_OVER_OUTPUT {
        thread::sleep(Duration::from_millis(10));
    }
    let captured = captured.lock().unwrap_or_else(PoisonError::into_inner);
    Ok((status, String::from_utf8_lossy(&captured).into_owned()))
}

/// Runs a command quietly and gives back its standard output; fails with its standard error.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let output = command.output().with_context(|| not_started(command))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        bail!("`{}` failed: {}", shown(command), said.trim());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Whether the command can be started and ends well. Its output is dropped.
pub(crate) fn succeeds(command: &mut Command) -> bool {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// The command as a person would type it.
pub(crate) fn shown(command: &Command) -> String {
    std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(|word| word.to_string_lossy())
        .collect::<Vec<_>>()
        .join(" ")
}

fn not_started(command: &Command) -> String {
    let program = command.get_program().to_string_lossy();
    format!("cannot start `{program}`: is it installed?")
}

fn copy(mut from: impl Read, captured: &Mutex<Vec<u8>>) {
    let mut buffer = [0; 8192];
    loop {
        let read = match from.read(&mut buffer) {
            Ok(0) => return,
            Ok(read) => read,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(_) => return,
        };
        let piece = &buffer[..read];
        // A closed terminal must not lose the counts.
        let mut terminal = std::io::stdout().lock();
        let _ = terminal.write_all(piece).and_then(|()| terminal.flush());
        captured.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(piece);
    }
}
