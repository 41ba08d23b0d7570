//! Every code that an answer of the server may bear. There are no others: a
//! refusal is made of one of these.
//!
//! `docs/errors.md` is made from this list, and so are the answers that the
//! `OpenAPI` document names. A code never changes its meaning or its status.

use axum::http::StatusCode;

pub use crate::jobs::why::Why;
pub use crate::notify::trouble::Trouble;

macro_rules! codes {
    ($($name:ident = $status:literal $word:literal: $says:literal $then:literal;)+) => {
        /// A stable word for what is wrong.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Code {
            $(#[doc = $says] $name,)+
        }

        impl Code {
            /// All, by status.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// The word.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$name => $word,)+ }
            }

            /// The HTTP status that it comes with, and with no other.
            #[must_use]
            pub const fn status(self) -> u16 {
                match self { $(Self::$name => $status,)+ }
            }

            /// What is wrong, as an English sentence. An answer may say it more exactly.
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

codes! {
    AfterInvalid = 400 "after_invalid":
        "The place to go on from is not there any more."
        "Start from the beginning.";
    BodyCut = 400 "body_cut":
        "The body did not arrive whole."
        "Send it again.";
    BodyNotJson = 400 "body_not_json":
        "The body is not readable as JSON."
        "Send one JSON object.";
    CursorInvalid = 400 "cursor_invalid":
        "The place to go on from cannot be read."
        "Start from the beginning.";
    DigestInvalid = 400 "digest_invalid":
        "A digest is not written as one."
        "Write it as `sha-256=:…:`, with the base64 of 32 bytes between the colons.";
    DigestMismatch = 400 "digest_mismatch":
        "What arrived is not what its digest says."
        "Send the chunk again.";
    DigestMissing = 400 "digest_missing":
        "The digest of the plain lines is missing."
        "Send their SHA-256 as `Unencoded-Digest: sha-256=:…:`.";
    GzipInvalid = 400 "gzip_invalid":
        "The body is not whole gzip data."
        "Send it again.";
    PageUnnamed = 400 "page_unnamed":
        "Which page is meant is not said, or twice."
        "Name it by its address (`url`) or by its `identifier`.";
    QueryInvalid = 400 "query_invalid":
        "A parameter of the address cannot be read, or is not one of this route."
        "Look the route's parameters up and mend the address.";

    CredentialsWrong = 401 "credentials_wrong":
        "E-mail address or password is wrong."
        "Try again; reset the password if it is forgotten.";
    SignedOut = 401 "signed_out":
        "You are signed out."
        "Sign in and try again.";
    TokenInvalid = 401 "token_invalid":
        "This token is wrong or was revoked."
        "Make a new one in Rehome, under Settings, API tokens.";

    CrossSite = 403 "cross_site":
        "The request came from another site."
        "Open Rehome itself and try again.";
    InvitationInvalid = 403 "invitation_invalid":
        "This invitation was used, taken back, or is older than 7 days."
        "Ask for another one.";
    NoLonger = 403 "no_longer":
        "Your right to do this ended while it went on. Nothing more of it is taken."
        "Ask an owner of the account.";
    PasswordWrong = 403 "password_wrong":
        "The current password is wrong."
        "Write it again; if it is lost, sign out and ask for a new one.";
    PersonNeeded = 403 "person_needed":
        "Only a person can do this, not a token."
        "Open Rehome in a browser and sign in.";
    ResetLinkInvalid = 403 "reset_link_invalid":
        "This link was used or has expired."
        "Ask for a new one.";
    RoleNeeded = 403 "role_needed":
        "Your role in the account does not let you do this."
        "Ask an owner for another role.";
    ScopeNeeded = 403 "scope_needed":
        "This token does not have the scope for this."
        "Make one that has.";
    SetupLinkInvalid = 403 "setup_link_invalid":
        "This link was used or is older than 15 minutes."
        "The server's terminal shows a fresh one.";

    NotFound = 404 "not_found":
        "There is nothing here, or it belongs to another account."
        "Check the address; what was there may have been deleted.";

    MethodNotAllowed = 405 "method_not_allowed":
        "This address does not take that method."
        "Use one that the answer's Allow header names.";

    TimedOut = 408 "timed_out":
        "The request took too long."
        "Try again.";

    AlreadySetUp = 409 "already_set_up":
        "This server has an account."
        "Sign in instead.";
    ChunkDiffers = 409 "chunk_differs":
        "Another chunk is held under this number: the file or the options changed."
        "Start a new import.";
    ChunksExtra = 409 "chunks_extra":
        "More chunks are held than the stream is said to have."
        "Count the chunks again, or start a new import.";
    ChunksMissing = 409 "chunks_missing":
        "Not every chunk has arrived."
        "Send what is missing, then submit again.";
    CompleteDiffers = 409 "complete_differs":
        "The stream's `end` line and the preview do not agree on whether the file is whole."
        "Start a new import.";
    CountsDiffer = 409 "counts_differ":
        "Other records arrived than were counted."
        "Start a new import.";
    EmailTaken = 409 "email_taken":
        "Somebody on this server signs in with this address already."
        "Take another one.";
    EndMissing = 409 "end_missing":
        "The stream has no `end` line."
        "Send the last chunk with its `end` line, or start a new import.";
    Ended = 409 "ended":
        "This import has ended already."
        "There is nothing left to cancel.";
    HeaderDiffers = 409 "header_differs":
        "The stream is not the one that this import was made for."
        "Start a new import.";
    ImportDiffers = 409 "import_differs":
        "The unfinished import cannot be gone on with: something that it froze is another now."
        "A new import can take its place.";
    Incomplete = 409 "incomplete":
        "The file stops before its end, so comments are missing from it."
        "Export it again, or choose to import what can be read.";
    InvitationsFull = 409 "invitations_full":
        "There are as many open invitations as an account may have."
        "Take one back first.";
    LastOwner = 409 "last_owner":
        "The account needs an owner."
        "Make another member an owner first.";
    NameDiffers = 409 "name_differs":
        "That is not the name of this site."
        "Type its name as the list of sites has it.";
    NotReceiving = 409 "not_receiving":
        "This import takes nothing more."
        "Start a new one.";
    NotWaiting = 409 "not_waiting":
        "This job does not wait any more."
        "What has begun goes on to its end.";
    NothingToJoin = 409 "nothing_to_join":
        "No pages of the site have these addresses in common."
        "Load the list again.";
    NothingToUndo = 409 "nothing_to_undo":
        "There is nothing to take back: it changed nothing, or is taken back already."
        "Look at what came of it.";
    SameBlog = 409 "same_blog":
        "Many of these comments are known from another address already: the blog may have moved."
        "Submit again with `same_origin`: that address where it is the same blog, or an empty text.";
    TokensFull = 409 "tokens_full":
        "There are as many tokens as an account may have."
        "Revoke one that is not used any more.";
    UndoBusy = 409 "undo_busy":
        "Something is being done to this site, or waits for it."
        "Try again when that is over.";
    UndoChanged = 409 "undo_changed":
        "Something was done to the site, or taken back, since the plan was made."
        "Look at the plan again, then send the id of its first job as `newest`.";
    UndoExpired = 409 "undo_expired":
        "What was there before it, or before something that came later, is not kept any more."
        "Delete what is too much by hand, or import what was there again.";
    UndoLaterFirst = 409 "undo_later_first":
        "Something else was done to the site after it."
        "Take that back first, or all of it at once (`with_later`).";

    BodyTooLarge = 413 "body_too_large":
        "The request is larger than this route takes."
        "Send less.";
    ChunkTooLarge = 413 "chunk_too_large":
        "The chunk is larger than the server takes, as sent or inflated."
        "Send smaller chunks.";
    InflatesTooMuch = 413 "inflates_too_much":
        "The body inflates to far more than its size."
        "Send it uncompressed.";
    StreamTooLarge = 413 "stream_too_large":
        "The stream is longer than the server takes."
        "Send it in several.";

    EncodingUnknown = 415 "encoding_unknown":
        "The body is packed in a way that the server does not know."
        "Send the lines as they are, or with Content-Encoding: gzip.";
    JsonExpected = 415 "json_expected":
        "The body is not said to be JSON."
        "Send it with Content-Type: application/json.";
    NotGzip = 415 "not_gzip":
        "A chunk is sent packed."
        "Send it with Content-Encoding: gzip.";

    BodyInvalid = 422 "body_invalid":
        "The body does not have the fields that this route takes."
        "Look the route's fields up: none may be missing, none is extra.";
    ChunkEmpty = 422 "chunk_empty":
        "The chunk holds no line."
        "Send chunks with lines in them.";
    ChunkNumberInvalid = 422 "chunk_number_invalid":
        "There is no chunk of this number."
        "Number chunks from 1 to 1000000.";
    EmailInvalid = 422 "email_invalid":
        "That is not an e-mail address."
        "Write one, such as ann@example.org.";
    EndInvalid = 422 "end_invalid":
        "The `end` line is not one."
        "docs/ndjson.md shows what it holds.";
    EndMisplaced = 422 "end_misplaced":
        "Something stands behind the `end` line."
        "Send the `end` line last, and once.";
    HeaderMisplaced = 422 "header_misplaced":
        "A `header` stands where it is not the first line."
        "Send it as the first line of the stream, and once.";
    HeaderMissing = 422 "header_missing":
        "The stream does not begin with its `header`."
        "Send the `header` line first.";
    IdControlCharacter = 422 "id_control_character":
        "A name in the `header` line holds control characters."
        "Take them out.";
    IdEmpty = 422 "id_empty":
        "A name in the `header` line is empty."
        "Give it, or leave the field out.";
    IdTooLong = 422 "id_too_long":
        "A name in the `header` line is too long."
        "Names have at most 1024 bytes.";
    ImportInvalid = 422 "import_invalid":
        "Format, origin, reader, options or file are not what the server takes."
        "Give names and numbers of a sensible size.";
    InvitationEmailDiffers = 422 "invitation_email_differs":
        "This invitation is for another e-mail address."
        "Use the address that it was made for.";
    IssuesInvalid = 422 "issues_invalid":
        "What the reader found is more than the server keeps, or is not said in words of its kind."
        "Send at most 200 codes, each with its first 100 places.";
    LineTooLong = 422 "line_too_long":
        "A line is longer than any record may be."
        "Lines have at most 4 MiB.";
    NotJson = 422 "not_json":
        "A line is not JSON."
        "Send one JSON object on each line.";
    NotUtf8 = 422 "not_utf8":
        "A line is not UTF-8."
        "Send text as UTF-8.";
    PasswordTooLong = 422 "password_too_long":
        "The password is too long."
        "Take at most 1024 bytes.";
    PasswordTooShort = 422 "password_too_short":
        "The password is too short."
        "Take at least 10 characters.";
    SchemaUnknown = 422 "schema_unknown":
        "The lines are written in a version that the server does not know."
        "Send version 1.";
    SeenDiffers = 422 "seen_differs":
        "The comments seen are not those kept and those skipped together."
        "Count again: comments is the sum of kept and of all that were skipped.";
    SiteNameInvalid = 422 "site_name_invalid":
        "The site has no name, or one that is no name."
        "Give it one of at most 200 characters.";
    SiteUrlInvalid = 422 "site_url_invalid":
        "The site's address is not one of the web."
        "Let it start with https:// or http://.";
    TokenNameInvalid = 422 "token_name_invalid":
        "The token has no name, or one that is no name."
        "Give it one of at most 100 characters.";
    TokenScopesMissing = 422 "token_scopes_missing":
        "The token would be good for nothing."
        "Choose at least one thing that it may do.";

    ChunksTooFast = 429 "chunks_too_fast":
        "The chunks come faster than the server takes them from one account."
        "Wait as long as `Retry-After` says, then send the chunk again.";
    ImportsFull = 429 "imports_full":
        "Too many imports of the account are under way."
        "Let one end, or cancel one that is not needed.";
    StagingFull = 429 "staging_full":
        "What other imports of the account have staged leaves no room."
        "Let one end, or cancel one that is not needed.";
    TooManyAttempts = 429 "too_many_attempts":
        "There were too many attempts to sign in."
        "Wait as long as `Retry-After` says, then try again.";

    Internal = 500 "internal":
        "The server met a bug."
        "Its log says more.";

    PagesMissing = 503 "pages_missing":
        "This server was built without its pages."
        "Build them, then build it again: cargo xtask build.";
    Stopping = 503 "stopping":
        "The server stops."
        "Send again when it is back.";
    Unavailable = 503 "unavailable":
        "The server cannot reach its storage right now."
        "Try again in a moment.";

    DiskFull = 507 "disk_full":
        "The server's disk is full."
        "Ask its operator to make room, then go on.";
}

impl Code {
    /// What is wrong and what to do.
    #[must_use]
    pub fn sentences(self) -> String {
        format!("{} {}", self.says(), self.then())
    }

    /// The code of what the record crate says of a line.
    pub(super) fn of_line(word: &str) -> Self {
        let known = Self::ALL.iter().copied().find(|code| code.word() == word);
        debug_assert!(known.is_some(), "{word} is not in the list");
        known.unwrap_or(Self::Internal)
    }

    pub(super) fn http_status(self) -> StatusCode {
        StatusCode::from_u16(self.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}
