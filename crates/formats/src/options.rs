//! What an admin may choose about the reading of a file.

use rehome_record::Options;
use serde::Serialize;

/// Option: the address of the site, where the export holds paths alone. Text.
pub const SITE_ADDRESS: &str = "site_address";

/// Option: what a page is known by, `url` or `id`, where the export has both.
pub const PAGE_KEY: &str = "page_key";

/// Option: what stands for a page where the export has channels that hold
/// threads. `threads` or `channels`.
pub const PAGES_ARE: &str = "pages_are";

/// Option: the host whose comments are taken, where the export holds several.
pub const HOST: &str = "host";

/// Option: comments that are left out by default, since they were never public,
/// are taken too. `true`.
pub const TAKE_PRIVATE: &str = "take_private";

/// Names of the options that hold a text and that some reader knows.
pub const OPTIONS: &[&str] = &[SITE_ADDRESS, PAGE_KEY, PAGES_ARE, HOST];

/// How a file is to be read.
#[derive(Debug, Clone, Default)]
pub struct Reading {
    /// Bytes asked of the file at once.
    pub buffer_bytes: usize,
    /// What the admin chose, by name; the stream's header has the same.
    pub options: Options,
}

impl Reading {
    /// A text that was chosen; none where it is empty.
    #[must_use]
    pub fn text(&self, option: &str) -> Option<&str> {
        self.options.get(option)?.as_str().map(str::trim).filter(|text| !text.is_empty())
    }
}

/// An option was chosen and is `true`.
#[must_use]
pub fn is_set(options: &Options, option: &str) -> bool {
    options.get(option).is_some_and(|value| value == &serde_json::Value::Bool(true))
}

/// Something that the file leaves open and an admin can decide.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Choice {
    /// Name of the option: [`HOST`], [`PAGE_KEY`], [`SITE_ADDRESS`], …
    pub option: &'static str,
    /// What may be chosen; where there is nothing to choose from, any text. Of
    /// a choice that is not needed, the first counts as long as none is chosen.
    pub values: Vec<ChoiceValue>,
    /// Nothing can be sent until it is decided.
    pub is_needed: bool,
}

/// One of the values to choose from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct ChoiceValue {
    /// The value.
    pub value: String,
    /// Comments that it is about, where that is known.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub comments: Option<u64>,
}
