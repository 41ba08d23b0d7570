//! Small disks. Root writes through file modes, so a mount must say no.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::process::skipped;

/// A disk in memory, mounted until it is dropped.
pub(crate) struct Disk(PathBuf);

impl Disk {
    /// None, said loudly, where this machine does not let us mount; a failure where CI does not.
    pub(crate) fn mount(folder: &Path, size: &str) -> Option<Self> {
        std::fs::create_dir_all(folder).unwrap();
        let options = format!("size={size},mode=700");
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &options, "tmpfs"])
            .arg(folder)
            .output();
        let refused = match mounted {
            Ok(output) if output.status.success() => return Some(Self(folder.to_owned())),
            Ok(output) => String::from_utf8_lossy(&output.stderr).trim().to_owned(),
            Err(error) => error.to_string(),
        };
        skipped(&format!("no disk can be mounted ({refused})"));
        None
    }

    /// `size=…`, `ro`, `rw`.
    pub(crate) fn remount(&self, option: &str) {
        let options = format!("remount,{option}");
        let done = Command::new("mount").args(["-o", &options]).arg(&self.0).output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    }

    /// Takes all the room that is left, and gives what to delete to have it back.
    pub(crate) fn fill(&self) -> PathBuf {
        let ballast = self.0.join("ballast");
        let mut file = std::fs::File::create(&ballast).unwrap();
        let block = [0; 4096];
        while file.write_all(&block).is_ok() {}
        ballast
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let done = Command::new("umount").arg(&self.0).status();
        if !done.is_ok_and(|status| status.success()) {
            eprintln!("{} stays mounted", self.0.display());
        }
    }
}
