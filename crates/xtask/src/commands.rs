//! One file per subcommand.

pub(crate) mod bench;
pub(crate) mod build;
pub(crate) mod chaos;
pub(crate) mod check;
pub(crate) mod fmt;
pub(crate) mod fuzz;
pub(crate) mod generate;
pub(crate) mod start;
pub(crate) mod test;
