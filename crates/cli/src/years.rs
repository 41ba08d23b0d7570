//! Comments of each year as bars of plain characters.

use std::collections::BTreeMap;
use std::fmt::Write;

use rehome_formats::MonthCount;

/// Narrower than this nothing can be seen.
const LEAST_BAR: usize = 10;

/// Years without a comment are shown between others, unless a broken clock
/// made them thousands.
const MOST_YEARS: u32 = 60;

/// Adds a line for each year, as wide as `width` columns; none where no
/// comment has a date.
pub(crate) fn add(text: &mut String, months: &[MonthCount], kept: u64, width: usize) {
    let Some((rows, most)) = rows(months, kept) else { return };
    let digits = most.to_string().len();
    let year_columns = rows.iter().map(|(year, _)| year.len()).max().unwrap_or_default();
    let bar_columns = width.saturating_sub(year_columns + digits + 4).max(LEAST_BAR);
    text.push_str("\ncomments by year\n");
    for (year, comments) in rows {
        let bar = "#".repeat(bar_length(comments, most, bar_columns));
        let line = format!("{year:<year_columns$}  {comments:>digits$}  {bar}");
        let _ = writeln!(text, "{}", line.trim_end());
    }
}

/// Years with their comments, oldest first, and the most of one.
fn rows(months: &[MonthCount], kept: u64) -> Option<(Vec<(String, u64)>, u64)> {
    let mut years: BTreeMap<u32, u64> = BTreeMap::new();
    for month in months {
        let year = month.month.split('-').next()?.parse().ok()?;
        *years.entry(year).or_default() += month.comments;
    }
    let (first, last) = (*years.first_key_value()?.0, *years.last_key_value()?.0);
    if last - first < MOST_YEARS {
        for year in first..last {
            years.entry(year).or_default();
        }
    }
    let dated: u64 = years.values().sum();
    let mut rows: Vec<_> =
        years.into_iter().map(|(year, comments)| (format!("{year:04}"), comments)).collect();
    if kept > dated {
        rows.push(("undated".to_owned(), kept - dated));
    }
    let most = rows.iter().map(|(_, comments)| *comments).max()?;
    Some((rows, most))
}

/// The longest bar fills all columns; a single comment can be seen.
fn bar_length(comments: u64, most: u64, columns: usize) -> usize {
    let exact = u128::from(comments) * columns as u128 / u128::from(most.max(1));
    let length = usize::try_from(exact).unwrap_or(columns);
    if comments > 0 { length.max(1) } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn months(of: &[(&str, u64)]) -> Vec<MonthCount> {
        let of = of.iter();
        of.map(|(month, comments)| MonthCount { month: (*month).to_owned(), comments: *comments })
            .collect()
    }

    fn drawn(of: &[(&str, u64)], kept: u64, width: usize) -> String {
        let mut text = String::new();
        add(&mut text, &months(of), kept, width);
        text
    }

    #[test]
    fn years_are_aligned_and_the_longest_fills_the_width() {
        let of = [("2018-12", 60), ("2019-01", 5), ("2019-02", 55), ("2021-01", 1)];
        let expected = "\ncomments by year\n\
            2018      60  ###############\n\
            2019      60  ###############\n\
            2020       0\n\
            2021       1  #\n\
            undated  119  ##############################\n";
        assert_eq!(drawn(&of, 240, 44), expected);
        let longest = expected.lines().map(str::len).max();
        assert_eq!(longest, Some(44));
    }

    #[test]
    fn without_a_date_there_is_nothing_to_draw() {
        assert_eq!(drawn(&[], 7, 80), "");
    }

    #[test]
    fn a_broken_clock_does_not_fill_the_terminal_with_empty_years() {
        let text = drawn(&[("0001-01", 1), ("2020-05", 3)], 4, 20);
        assert_eq!(text, "\ncomments by year\n0001  1  ###\n2020  3  ###########\n");
    }

    #[test]
    fn a_narrow_terminal_still_shows_a_bar() {
        assert!(drawn(&[("2020-05", 3)], 3, 1).contains(&"#".repeat(LEAST_BAR)));
    }
}
