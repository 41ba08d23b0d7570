//! A made-up site: its pages, and the comments on them. Everything about a
//! comment follows from its number, so that nothing has to be remembered.

use std::ops::Range;

use jiff::Timestamp;

use crate::people::Person;
use crate::random::Random;

/// Comments on a page that was written on.
const PER_PAGE: u64 = 30;
/// Every fifth page was looked at and never written on.
const SILENT: u64 = 5;
/// A reply is near: to one of the last comments of its page.
const RECENT: u64 = 8;
/// Roots have depth 1.
const DEEPEST: u64 = 8;
/// 2012-01-01T00:00:00Z.
const FIRST_SECOND: u64 = 1_325_376_000;
/// Twelve years of comments.
const SECONDS: u64 = 378_000_000;
/// Of the made-up people.
const OWNER: u64 = 0;

/// A site with so many comments.
pub(crate) struct Site {
    pub(crate) comments: u64,
    pub(crate) seed: u64,
}

/// What became of a comment.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    Shown,
    Pending,
    Deleted,
    Spam,
}

impl Site {
    /// Pages, those without comments included.
    pub(crate) fn pages(&self) -> u64 {
        let written = self.pages_with_comments();
        written + written / (SILENT - 1)
    }

    /// Numbers of the comments on a page, oldest first.
    pub(crate) fn comments_of(&self, page: u64) -> Range<u64> {
        if page % SILENT == SILENT - 1 {
            return 0..0;
        }
        let written = page - page / SILENT;
        written * PER_PAGE..((written + 1) * PER_PAGE).min(self.comments)
    }

    pub(crate) fn page_of(comment: u64) -> u64 {
        let written = comment / PER_PAGE;
        written + written / (SILENT - 1)
    }

    /// The comment on the same page that this one answers.
    pub(crate) fn parent_of(&self, comment: u64) -> Option<u64> {
        self.placed(comment).0
    }

    /// Parent and depth.
    fn placed(&self, comment: u64) -> (Option<u64>, u64) {
        let random = &mut Random::of(self.seed, "parent", comment);
        let before = (comment % PER_PAGE).min(RECENT);
        if before == 0 || !random.per_mille(450) {
            return (None, 1);
        }
        let parent = comment - 1 - random.below(before);
        match self.placed(parent).1 {
            DEEPEST => (None, 1),
            depth => (Some(parent), depth + 1),
        }
    }

    pub(crate) fn fate_of(&self, comment: u64) -> Fate {
        match Random::of(self.seed, "fate", comment).below(1000) {
            0..15 => Fate::Deleted,
            15..30 => Fate::Spam,
            30..50 => Fate::Pending,
            _ => Fate::Shown,
        }
    }

    pub(crate) fn author_of(&self, comment: u64) -> Person {
        Person::any(self.seed, &mut Random::of(self.seed, "author", comment))
    }

    pub(crate) fn owner(&self) -> Person {
        Person::account(self.seed, OWNER)
    }

    /// What else belongs to one thing of a kind.
    pub(crate) fn random(&self, kind: &str, number: u64) -> Random {
        Random::of(self.seed, kind, number)
    }

    /// A random UUID that belongs to one thing of a kind.
    pub(crate) fn uuid(&self, kind: &str, number: u64) -> String {
        let random = &mut self.random(&format!("uuid of a {kind}"), number);
        let (first, second) = (random.below(1 << 32), random.below(1 << 16));
        let (third, fourth, fifth) =
            (random.below(1 << 12), random.below(1 << 12), random.below(1 << 48));
        format!("{first:08x}-{second:04x}-4{third:03x}-8{fourth:03x}-{fifth:012x}")
    }

    /// Pages that somebody wrote on.
    pub(crate) fn pages_with_comments(&self) -> u64 {
        self.comments.div_ceil(PER_PAGE)
    }

    /// When a comment was written, in seconds since 1970.
    pub(crate) fn second_of(&self, comment: u64) -> u64 {
        FIRST_SECOND + comment * (SECONDS / self.comments.max(1))
    }

    /// When a page was made, in seconds since 1970.
    pub(crate) fn page_second(&self, page: u64) -> u64 {
        self.second_of(self.comments_of(page).start)
    }

    /// Under `example.org`, without a host: `/2014/garden-7/`.
    pub(crate) fn path_of(&self, page: u64) -> String {
        let random = &mut self.random("path", page);
        format!("/{}/{:06x}-{page}/", 2012 + page * 12 / self.pages().max(1), random.below(1 << 24))
    }
}

/// A moment of so many seconds since 1970.
pub(crate) fn moment(second: u64) -> Timestamp {
    let second = i64::try_from(second).expect("a second of this century");
    Timestamp::from_second(second).expect("a second of this century")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_comment_stands_on_one_page_and_answers_an_older_one_there() {
        let site = Site { comments: 1000, seed: 7 };
        let mut seen = 0;
        let mut deepest = 0;
        for page in 0..site.pages() {
            for comment in site.comments_of(page) {
                assert_eq!((comment, Site::page_of(comment)), (seen, page));
                seen += 1;
                if let Some(parent) = site.parent_of(comment) {
                    assert!(parent < comment && Site::page_of(parent) == page);
                }
                deepest = deepest.max(site.placed(comment).1);
            }
        }
        assert_eq!(seen, 1000);
        assert!((4..=DEEPEST).contains(&deepest), "{deepest}");
        assert!((0..site.pages()).any(|page| site.comments_of(page).is_empty()));
    }

    #[test]
    fn a_site_without_comments_has_no_pages() {
        assert_eq!(Site { comments: 0, seed: 7 }.pages(), 0);
    }
}
