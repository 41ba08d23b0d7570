//! Where an export goes, record by record.

use std::io::{self, Write};

use crate::Written;
use crate::site::Site;

/// Collects the text of one record, then passes it on.
pub(crate) struct Output<'a> {
    pub(crate) text: String,
    out: &'a mut dyn Write,
    size_bytes: u64,
}

impl<'a> Output<'a> {
    pub(crate) fn new(out: &'a mut dyn Write) -> Self {
        Self { text: String::new(), out, size_bytes: 0 }
    }

    /// Writes what was collected.
    pub(crate) fn pass_on(&mut self) -> io::Result<()> {
        self.out.write_all(self.text.as_bytes())?;
        self.size_bytes += self.text.len() as u64;
        self.text.clear();
        Ok(())
    }

    /// Writes the rest.
    pub(crate) fn finish(mut self, site: &Site) -> io::Result<Written> {
        self.pass_on()?;
        self.out.flush()?;
        let Site { comments, .. } = *site;
        Ok(Written { pages: site.pages(), comments, size_bytes: self.size_bytes })
    }
}
