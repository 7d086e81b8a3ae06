//! Times, sizes and rates as people write them: `10s`, `64MiB`, `100/s burst 200`.

use std::num::NonZeroU32;
use std::time::Duration;

use bartizan_proxy::config::{ByteRate, RequestRate};
use schemars::{Schema, json_schema};

use super::raw::Word;

/// A number of bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Bytes(pub(crate) u64);

impl Word for Duration {
    const FORMAT: &'static str = "duration";
    const EXAMPLE: &'static str = "10s";

    fn read(text: &str) -> Result<Self, String> {
        let (number, unit) = split_unit(text);
        let number: u64 = number.parse().map_err(|_| time_expected())?;
        let milliseconds = TIME_UNITS.iter().find(|(name, _)| *name == unit).map(|(_, value)| value);
        let milliseconds = milliseconds.ok_or_else(time_expected)?;
        let whole = number.checked_mul(*milliseconds).ok_or_else(|| "is longer than a time can be".to_owned())?;
        if whole == 0 {
            return Err("must be longer than nothing".to_owned());
        }
        Ok(Self::from_millis(whole))
    }

    fn read_number(_: i64) -> Result<Self, String> {
        Err("needs a unit, such as \"10s\"".to_owned())
    }
}

/// Returns the shortest way of writing a time.
pub(crate) fn write_duration(time: Duration) -> String {
    let milliseconds = time.as_millis();
    let fits = TIME_UNITS.iter().rev().find(|(_, unit)| milliseconds.is_multiple_of(u128::from(*unit)));
    fits.map_or_else(
        || format!("{milliseconds}ms"),
        |(name, unit)| format!("{}{name}", milliseconds / u128::from(*unit)),
    )
}

impl Word for Bytes {
    const FORMAT: &'static str = "size";
    const EXAMPLE: &'static str = "64MiB";

    fn read(text: &str) -> Result<Self, String> {
        let (number, unit) = split_unit(text);
        let number: u64 = number.parse().map_err(|_| size_expected())?;
        let factor = SIZE_UNITS.iter().find(|(name, _)| *name == unit).map(|(_, value)| value);
        let bytes = factor.and_then(|factor| number.checked_mul(*factor)).ok_or_else(size_expected)?;
        if bytes > i64::MAX.cast_unsigned() {
            return Err("is more than any machine holds".to_owned());
        }
        Ok(Self(bytes))
    }

    fn read_number(number: i64) -> Result<Self, String> {
        u64::try_from(number).map(Self).map_err(|_| size_expected())
    }

    fn schema() -> Schema {
        json_schema!({ "type": ["string", "integer"], "format": Self::FORMAT, "minimum": 0, "examples": [Self::EXAMPLE] })
    }
}

/// Returns the shortest way of writing a size.
pub(crate) fn write_bytes(bytes: u64) -> String {
    let fits =
        SIZE_UNITS.iter().rev().find(|(name, unit)| name.ends_with("iB") && bytes > 0 && bytes.is_multiple_of(*unit));
    fits.map_or_else(|| format!("{bytes}B"), |(name, unit)| format!("{}{name}", bytes / unit))
}

impl Word for ByteRate {
    const FORMAT: &'static str = "byte-rate";
    const EXAMPLE: &'static str = "256B/s";

    fn read(text: &str) -> Result<Self, String> {
        let expected = || "must be a size a second, such as \"256B/s\"".to_owned();
        let Bytes(bytes) = Bytes::read(text.strip_suffix("/s").ok_or_else(expected)?).map_err(|_| expected())?;
        u32::try_from(bytes).map(Self).map_err(|_| "is more than 4GiB/s".to_owned())
    }
}

/// Returns the shortest way of writing a rate of bytes.
pub(crate) fn write_byte_rate(rate: ByteRate) -> String {
    format!("{}/s", write_bytes(rate.0.into()))
}

impl Word for RequestRate {
    const FORMAT: &'static str = "request-rate";
    const EXAMPLE: &'static str = "100/s burst 200";

    fn read(text: &str) -> Result<Self, String> {
        let expected = || "must be a rate, such as \"100/s burst 200\" or \"5/m\"".to_owned();
        let (rate, burst) = match text.split_once(" burst ") {
            Some((rate, burst)) => (rate, Some(burst)),
            None => (text, None),
        };
        let (count, unit) = rate.trim().split_once('/').ok_or_else(expected)?;
        let count: NonZeroU32 = count.trim().parse().map_err(|_| expected())?;
        let per = match unit.trim() {
            "s" => Duration::from_secs(1),
            "m" => Duration::from_secs(60),
            "h" => Duration::from_secs(3600),
            _ => return Err(expected()),
        };
        // A bucket smaller than its rate would refuse even an even flow at the end of each period.
        let burst = burst.map_or(Ok(count), |burst| burst.trim().parse().map_err(|_| expected()))?;
        Ok(Self { count, per, burst })
    }

    fn read_number(_: i64) -> Result<Self, String> {
        Err("needs a time, such as \"100/s\"".to_owned())
    }
}

/// Returns a rate of requests as it is written in the file.
pub(crate) fn write_request_rate(rate: RequestRate) -> String {
    let unit = match rate.per.as_secs() {
        60 => "m",
        3600 => "h",
        _ => "s",
    };
    if rate.burst == rate.count {
        format!("{}/{unit}", rate.count)
    } else {
        format!("{}/{unit} burst {}", rate.count, rate.burst)
    }
}

fn split_unit(text: &str) -> (&str, &str) {
    text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()))
}

fn time_expected() -> String {
    "must be a time with its unit, such as \"10s\", \"500ms\" or \"2m\"".to_owned()
}

fn size_expected() -> String {
    "must be a size, such as \"64MiB\", \"16KiB\" or \"512B\"".to_owned()
}

/// Smallest first, so that the largest that fits is found from the end.
const TIME_UNITS: &[(&str, u64)] = &[("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000)];

const SIZE_UNITS: &[(&str, u64)] = &[
    ("B", 1),
    ("kB", 1000),
    ("KiB", 1 << 10),
    ("MB", 1_000_000),
    ("MiB", 1 << 20),
    ("GB", 1_000_000_000),
    ("GiB", 1 << 30),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_and_written() {
        for (text, written) in [
            ("10s", Some("10s")),
            ("500ms", Some("500ms")),
            ("90s", Some("90s")),
            ("120s", Some("2m")),
            ("24h", Some("1d")),
            ("0s", None),
            ("10", None),
            ("s", None),
            ("-1s", None),
            ("1.5s", None),
            ("10 s", None),
            ("99999999999999999999s", None),
            ("999999999999999999d", None),
        ] {
            assert_eq!(Duration::read(text).ok().map(write_duration).as_deref(), written, "{text}");
        }
    }

    #[test]
    fn sizes_are_read_and_written() {
        for (text, written) in [
            ("64MiB", Some("64MiB")),
            ("1024KiB", Some("1MiB")),
            ("1000B", Some("1000B")),
            ("1kB", Some("1000B")),
            ("0B", Some("0B")),
            ("64", None),
            ("64mb", None),
            ("MiB", None),
            ("99999999999GiB", None),
        ] {
            assert_eq!(Bytes::read(text).ok().map(|bytes| write_bytes(bytes.0)).as_deref(), written, "{text}");
        }
        assert_eq!(Bytes::read_number(10), Ok(Bytes(10)));
        assert!(Bytes::read_number(-1).is_err());
    }

    #[test]
    fn rates_are_read_and_written() {
        for (text, written) in [
            ("100/s burst 200", Some("100/s burst 200")),
            ("5/m", Some("5/m")),
            ("5/m burst 5", Some("5/m")),
            ("1000/h", Some("1000/h")),
            ("0/s", None),
            ("5", None),
            ("5/d", None),
            ("5/s burst 0", None),
            ("5/s burst", None),
        ] {
            assert_eq!(RequestRate::read(text).ok().map(write_request_rate).as_deref(), written, "{text}");
        }
        for (text, written) in [("256B/s", Some("256B/s")), ("1KiB/s", Some("1KiB/s")), ("256", None), ("x/s", None)] {
            assert_eq!(ByteRate::read(text).ok().map(write_byte_rate).as_deref(), written, "{text}");
        }
    }
}
