//! Counts over the kept comments.

use std::collections::BTreeMap;

use rehome_record::{Comment, Status, Timestamp};

use super::summary::{AuthorCounts, MonthCount, StatusCounts};
use super::tree::{HashedSet, id_hash};

/// What the counts need of a comment.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Counted {
    status: Status,
    created_at: Option<Timestamp>,
    /// Hash of the author's account; none for a guest.
    account: Option<u64>,
    is_reply: bool,
    /// Why it is not sent by default.
    withheld: Option<&'static str>,
}

impl Counted {
    pub(crate) fn of(comment: &Comment, withheld: Option<&'static str>) -> Self {
        Self {
            status: comment.status,
            created_at: comment.created_at,
            account: comment.author.source_id.as_deref().map(id_hash),
            is_reply: comment.parent.is_some(),
            withheld,
        }
    }
}

/// Counts over the kept comments.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) kept: u64,
    pub(crate) replies: u64,
    pub(crate) withheld: BTreeMap<&'static str, u64>,
    pub(crate) by_status: StatusCounts,
    pub(crate) first_at: Option<Timestamp>,
    pub(crate) last_at: Option<Timestamp>,
    guests: u64,
    accounts: HashedSet,
    /// Year, month and comments, in that order.
    months: Vec<((i16, i8), u64)>,
}

impl Tally {
    pub(crate) fn add(&mut self, comment: Counted) {
        self.kept += 1;
        self.replies += u64::from(comment.is_reply);
        self.by_status.add(comment.status);
        if let Some(reason) = comment.withheld {
            *self.withheld.entry(reason).or_default() += 1;
        }
        match comment.account {
            Some(account) => {
                self.accounts.insert(account);
            }
            None => self.guests += 1,
        }
        if let Some(at) = comment.created_at {
            self.first_at = Some(self.first_at.map_or(at, |first| first.min(at)));
            self.last_at = self.last_at.max(Some(at));
            let month = at.year_month();
            match self.months.binary_search_by_key(&month, |(known, _)| *known) {
                Ok(at) => self.months[at].1 += 1,
                Err(at) => self.months.insert(at, (month, 1)),
            }
        }
    }

    pub(crate) fn authors(&self) -> AuthorCounts {
        AuthorCounts { named: self.accounts.len() as u64, guests: self.guests }
    }

    pub(crate) fn months(&self) -> Vec<MonthCount> {
        self.months
            .iter()
            .map(|((year, month), comments)| MonthCount {
                month: format!("{year:04}-{month:02}"),
                comments: *comments,
            })
            .collect()
    }
}
