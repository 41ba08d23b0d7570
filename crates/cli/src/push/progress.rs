//! How far it is, on standard error, where that is a terminal.

use std::fmt;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};
use rehome_formats::ReadSeek;

use super::retry::Wait;

/// Times a second at most that it is drawn.
const DRAWN_A_SECOND: u8 = 10;

const READING: &str = "Reading   {bar:20} {bytes} of {total_bytes}, {eta} left";
const SENDING: &str =
    "Sending   {bar:20} {human_pos} of {human_len} comments, {rate} a second, {eta} left";
const APPLYING: &str = "Applying  {bar:20} {human_pos} of {human_len} lines, {eta} left";
const WAITING: &str = "Waiting   {msg}";

/// One line that is drawn again and again. It draws nothing elsewhere than on
/// a terminal, and goes as this is dropped.
pub(crate) struct Progress {
    bar: ProgressBar,
}

impl Progress {
    pub(crate) fn new() -> Self {
        let target = ProgressDrawTarget::stderr_with_hz(DRAWN_A_SECOND);
        Self { bar: ProgressBar::with_draw_target(None, target) }
    }

    /// The file is about to be read.
    pub(crate) fn reading(&self, size_bytes: u64) {
        self.start(READING, size_bytes);
    }

    /// Counts what is read.
    pub(crate) fn read(&self, file: File) -> impl ReadSeek + 'static {
        Counted { file, bar: self.bar.clone() }
    }

    /// A request whose answer decides how to go on.
    pub(crate) fn asking(&self) {
        self.bar.set_style(style(WAITING));
        self.bar.set_message("for the server");
    }

    /// Chunks are about to be sent.
    pub(crate) fn sending(&self, comments: u64) {
        self.start(SENDING, comments);
    }

    /// A chunk has arrived.
    pub(crate) fn sent(&self, comments: u64) {
        // Another may have shown its wait.
        self.bar.set_style(style(SENDING));
        self.bar.inc(comments);
    }

    /// A chunk was there before: that took no time, and says nothing of the time left.
    pub(crate) fn held(&self, comments: u64) {
        self.bar.inc(comments);
        self.bar.reset_eta();
    }

    /// A request waits for its next try.
    pub(crate) fn waiting(&self, wait: &Wait<'_>) {
        let Wait { why, wait } = wait;
        let seconds = wait.as_secs_f64().ceil();
        self.bar.set_style(style(WAITING));
        self.bar.set_message(format!("{seconds:.0} s: {}", why.message));
    }

    /// Everything is sent; how the server applies it is told from now on.
    pub(crate) fn submitted(&self) {
        self.bar.reset();
    }

    /// The server applies what was sent.
    pub(crate) fn applying(&self, done: u64, total: u64) {
        self.bar.set_style(style(APPLYING));
        self.bar.set_length(total);
        self.bar.set_position(done);
    }

    /// The server applies something else first.
    pub(crate) fn behind(&self, import: &str) {
        self.bar.set_style(style(WAITING));
        self.bar.set_message(format!("for import {import} of the same site to end"));
    }

    fn start(&self, template: &str, length: u64) {
        self.bar.set_style(style(template));
        self.bar.set_length(length);
        self.bar.reset();
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

/// One of several files: a seek in it says nothing about how far all are.
struct Counted {
    file: File,
    bar: ProgressBar,
}

impl Read for Counted {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(into)?;
        self.bar.inc(read as u64);
        Ok(read)
    }
}

impl Seek for Counted {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}

fn style(template: &str) -> ProgressStyle {
    let rate = |state: &ProgressState, out: &mut dyn fmt::Write| {
        // Nothing can be done where a terminal takes no more.
        let _ = write!(out, "{:.0}", state.per_sec());
    };
    let style = ProgressStyle::with_template(template).expect("a test has parsed them all");
    style.with_key("rate", rate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_template_can_be_parsed() {
        for template in [READING, SENDING, APPLYING, WAITING] {
            style(template);
        }
    }
}
