//! Moments on the wire: RFC 3339 in UTC, whole microseconds.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use time::format_description::well_known::Rfc3339;
use time::{OffsetDateTime, UtcDateTime};

/// A moment, in microseconds since 1970-01-01T00:00:00Z, between the years 1 and 9999.
///
/// On the wire it is RFC 3339 with a zone (`2021-06-03T03:54:08Z`); it is
/// always written in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
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
        OffsetDateTime::parse(text, &Rfc3339)
            .ok()
            .and_then(|moment| {
                let seconds = moment.unix_timestamp().checked_mul(MICROS_A_SECOND)?;
                Self::from_micros(seconds.checked_add(moment.microsecond().into())?)
            })
            .ok_or("not a date and time with a zone (RFC 3339, years 1 to 9999)")
    }
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

    #[test]
    fn ends_of_the_range_hold() {
        for micros in [FIRST_MICROS, LAST_MICROS] {
            let moment = Timestamp::from_micros(micros).unwrap();
            assert_eq!(moment.to_string().parse(), Ok(moment));
        }
        assert_eq!(Timestamp::from_micros(LAST_MICROS + 1), None);
    }
}
