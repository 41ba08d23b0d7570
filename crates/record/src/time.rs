//! Moments on the wire: RFC 3339 in UTC, whole microseconds.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use time::{Date, Month, Time, UtcDateTime};

/// A moment, in microseconds since 1970-01-01T00:00:00Z, between the years 1 and 9999.
///
/// On the wire it is RFC 3339 with a zone (`2021-06-03T03:54:08Z`); it is
/// always written in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = String, format = DateTime))]
pub struct Timestamp(i64);

/// 0001-01-01T00:00:00Z.
const FIRST_MICROS: i64 = -62_135_596_800_000_000;
/// 9999-12-30T22:00:00Z: in every zone it is still the year 9999.
const LAST_MICROS: i64 = 253_402_207_200_000_000;
const MICROS_A_SECOND: i64 = 1_000_000;

impl Timestamp {
    /// From microseconds since 1970; none outside of the years 1 to 9999.
    #[must_use]
    pub fn from_micros(micros: i64) -> Option<Self> {
        (FIRST_MICROS..=LAST_MICROS).contains(&micros).then_some(Self(micros))
    }

    /// Microseconds since 1970.
    #[must_use]
    pub fn as_micros(self) -> i64 {
        self.0
    }

    /// Year and month (1 to 12) in UTC.
    #[must_use]
    pub fn year_month(self) -> (i16, i8) {
        let date = self.in_utc();
        (i16::try_from(date.year()).unwrap_or(i16::MAX), u8::from(date.month()).cast_signed())
    }

    /// To the whole second.
    fn in_utc(self) -> UtcDateTime {
        UtcDateTime::from_unix_timestamp(self.0.div_euclid(MICROS_A_SECOND))
            .expect("the range of this type lies within the library's")
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let moment = self.in_utc();
        let (year, month, day) = (moment.year(), u8::from(moment.month()), moment.day());
        let (hour, minute, second) = moment.as_hms();
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")?;
        let micros = self.0.rem_euclid(MICROS_A_SECOND);
        if micros > 0 {
            write!(f, ".{}", format!("{micros:06}").trim_end_matches('0'))?;
        }
        f.write_str("Z")
    }
}

impl FromStr for Timestamp {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        parse(text.as_bytes()).ok_or("not a date and time with a zone (RFC 3339, years 1 to 9999)")
    }
}

/// RFC 3339, with any character between date and time. The library's calendar,
/// but not its parser, which takes 3 KB of the module that browsers download;
/// the tests hold this one against it.
fn parse(text: &[u8]) -> Option<Timestamp> {
    let (fixed, rest) = text.split_first_chunk::<19>()?;
    if [fixed[4], fixed[7], fixed[13], fixed[16]] != *b"--::" {
        return None;
    }
    let year = i32::from(two_digits(fixed, 0)?) * 100 + i32::from(two_digits(fixed, 2)?);
    let month = Month::try_from(two_digits(fixed, 5)?).ok()?;
    let date = Date::from_calendar_date(year, month, two_digits(fixed, 8)?).ok()?;
    let second = two_digits(fixed, 17)?;
    let is_leap = second == 60;
    let second = if is_leap { 59 } else { second };
    let time = Time::from_hms(two_digits(fixed, 11)?, two_digits(fixed, 14)?, second).ok()?;
    let (micros, zone) = fraction(rest)?;
    let seconds = UtcDateTime::new(date, time).unix_timestamp() - offset_seconds(zone)?;
    if !is_leap {
        return Timestamp::from_micros(seconds * MICROS_A_SECOND + micros);
    }
    // A leap second ends a month; it is the last moment before the next one.
    let next = UtcDateTime::from_unix_timestamp(seconds + 1).ok()?;
    let is_month_end = next.day() == 1 && next.time() == Time::MIDNIGHT;
    let micros = seconds * MICROS_A_SECOND + MICROS_A_SECOND - 1;
    is_month_end.then(|| Timestamp::from_micros(micros)).flatten()
}

fn two_digits(text: &[u8], at: usize) -> Option<u8> {
    let (tens, ones) = (text.get(at)?, text.get(at + 1)?);
    (tens.is_ascii_digit() && ones.is_ascii_digit()).then(|| (tens - b'0') * 10 + (ones - b'0'))
}

/// Microseconds, and what stands behind them.
fn fraction(text: &[u8]) -> Option<(i64, &[u8])> {
    let Some(digits) = text.strip_prefix(b".") else { return Some((0, text)) };
    let length = digits.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (digits, rest) = digits.split_at(length);
    let six = digits.iter().chain(b"000000").take(6);
    let micros = six.fold(0, |micros, digit| micros * 10 + i64::from(digit - b'0'));
    (!digits.is_empty()).then_some((micros, rest))
}

/// `Z`, or hours and minutes that a zone is ahead of UTC.
fn offset_seconds(zone: &[u8]) -> Option<i64> {
    let sign = match zone {
        b"Z" | b"z" => return Some(0),
        [b'+', _, _, b':', _, _] => 60,
        [b'-', _, _, b':', _, _] => -60,
        _ => return None,
    };
    let (hours, minutes) = (two_digits(zone, 1)?, two_digits(zone, 4)?);
    (hours < 24 && minutes < 60).then(|| sign * (i64::from(hours) * 60 + i64::from(minutes)))
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl de::Visitor<'_> for Text {
            type Value = Timestamp;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a date and time with a zone (RFC 3339)")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Timestamp, E> {
                text.parse().map_err(E::custom)
            }
        }
        deserializer.deserialize_str(Text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_writes_rfc3339_in_utc() {
        let cases = [
            ("2021-06-03T03:54:08Z", "2021-06-03T03:54:08Z"),
            ("2021-06-03T05:54:08+02:00", "2021-06-03T03:54:08Z"),
            ("2021-06-03T03:54:08.772063Z", "2021-06-03T03:54:08.772063Z"),
            ("2021-06-03T03:54:08.500Z", "2021-06-03T03:54:08.5Z"),
            ("1969-12-31T23:59:59.25Z", "1969-12-31T23:59:59.25Z"),
            ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"),
        ];
        for (given, written) in cases {
            assert_eq!(given.parse::<Timestamp>().unwrap().to_string(), written);
        }
        for refused in ["", "2021-06-03", "2021-06-03T03:54:08", "2021-x6-03T03:54:08Z"] {
            assert!(refused.parse::<Timestamp>().is_err(), "{refused:?}");
        }
    }

    /// What the library's own parser makes of it.
    fn by_the_library(text: &str) -> Option<Timestamp> {
        use time::OffsetDateTime;
        use time::format_description::well_known::Rfc3339;
        let moment = OffsetDateTime::parse(text, &Rfc3339).ok()?;
        let seconds = moment.unix_timestamp() * MICROS_A_SECOND;
        Timestamp::from_micros(seconds + i64::from(moment.microsecond()))
    }

    #[test]
    fn every_day_is_read_as_the_library_reads_it() {
        for year in [0, 1, 4, 100, 400, 1582, 1899, 1900, 1969, 1970, 1996, 2000, 2023, 2024, 9999]
        {
            for (month, day) in (0..14).flat_map(|month| (0..33).map(move |day| (month, day))) {
                for time in ["00:00:00Z", "23:59:60Z", "23:30:59.9999999-01:30"] {
                    let text = format!("{year:04}-{month:02}-{day:02}T{time}");
                    assert_eq!(text.parse().ok(), by_the_library(&text), "{text}");
                }
            }
        }
    }

    #[test]
    fn any_changed_character_is_read_as_the_library_reads_it() {
        let texts = [
            "2021-06-03T03:54:08Z",
            "2016-12-31T23:59:60Z",
            "2017-01-01T01:29:60.5+01:30",
            "1969-12-31T23:59:59.123456789-23:59",
            "2021-06-03 03:54:08.000001+00:00",
            "0000-12-31T23:59:59-00:01",
            "9999-12-31T23:59:59.9+23:59",
        ];
        let characters = "0123456789-+:.TtZz /:é".chars();
        for (text, at) in texts.iter().flat_map(|text| (0..=text.len()).map(move |at| (text, at))) {
            let (before, behind) = text.split_at(at);
            let shorter = behind.get(1..).unwrap_or_default();
            let mut variants = vec![before.to_owned(), format!("{before}{shorter}")];
            for c in characters.clone() {
                variants.extend([format!("{before}{c}{behind}"), format!("{before}{c}{shorter}")]);
            }
            for text in variants {
                assert_eq!(text.parse().ok(), by_the_library(&text), "{text}");
            }
        }
    }

    #[test]
    fn ends_of_the_range_hold() {
        for micros in [FIRST_MICROS, LAST_MICROS] {
            let moment = Timestamp::from_micros(micros).unwrap();
            assert_eq!(moment.to_string().parse(), Ok(moment));
        }
        assert_eq!(Timestamp::from_micros(LAST_MICROS + 1), None);
    }
}
