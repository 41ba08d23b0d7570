//! Every code that an import or another job which failed may bear. A stream in one body that
//! was refused bears the code of its refusal instead.

use crate::http::dto::ImportError;

macro_rules! reasons {
    ($($name:ident = $word:literal: $says:literal $then:literal;)+) => {
        /// A stable word for why a job did not come to its end.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Why {
            $(#[doc = $says] $name,)+
        }

        impl Why {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// The word.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$name => $word,)+ }
            }

            /// What happened, as an English sentence.
            #[must_use]
            pub const fn says(self) -> &'static str {
                match self { $(Self::$name => $says,)+ }
            }

            /// What to do about it, as an English sentence.
            #[must_use]
            pub const fn then(self) -> &'static str {
                match self { $(Self::$name => $then,)+ }
            }
        }
    };
}

reasons! {
    DiskFull = "disk_full":
        "The server's disk is full."
        "Make room, then try again.";
    Internal = "internal":
        "It stopped because of a bug."
        "Look at the server's log, then try again.";
    Interrupted = "interrupted":
        "The stream was cut before its end."
        "Send it again.";
    InterruptedTwice = "interrupted_twice":
        "The server stopped twice at the same place of it."
        "Look at the server's log, then try again.";
    SpoolUnreadable = "spool_unreadable":
        "The staged data could not be read back."
        "Look at the server's log, then import the file again.";
    StoreFailed = "store_failed":
        "The database refused the data."
        "Look at the server's log, then try again.";
    UndoExpired = "undo_expired":
        "What was there before is not kept any more."
        "It cannot be taken back.";
    UndoLaterFirst = "undo_later_first":
        "Something came after what is to be taken back."
        "Take that back first, or all of it at once.";
}

impl From<Why> for ImportError {
    fn from(why: Why) -> Self {
        Self { code: why.word().to_owned(), message: format!("{} {}", why.says(), why.then()) }
    }
}
