//! Dates as exports write them.

use rehome_record::Timestamp;

/// A moment with a zone, or a date and time that is UTC without saying so. The
/// zone of this machine plays no part.
pub(crate) fn parse_date(text: &str) -> Option<Timestamp> {
    text.parse().ok().or_else(|| {
        let whole = text.replacen(' ', "T", 1);
        let rests = ["", "Z", ":00Z", "T00:00:00Z"];
        rests.into_iter().find_map(|rest| [&whole, rest].concat().parse().ok())
    })
}
