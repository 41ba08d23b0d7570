//! The server, asked through its router.
