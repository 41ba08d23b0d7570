//! What is in a file: numbers, problems, threads to look at.

mod issues;
mod previewer;
mod samples;
mod summary;
mod tally;
mod tree;

pub(crate) use previewer::READ_BYTES;
pub use previewer::{Previewer, Step};
pub use samples::Sampler;
pub use summary::{
    AuthorCounts, CommentCounts, CommentSample, Detection, ErrorReport, IssueExample, IssueGroup,
    MonthCount, PageCounts, PageSample, Preview, Reason, Samples, StatusCounts, Summary,
    ThreadReason, ThreadSample,
};
pub use tree::Index;
pub(crate) use tree::{HashedMap, HashedSet, MAX_IDS, id_hash};
