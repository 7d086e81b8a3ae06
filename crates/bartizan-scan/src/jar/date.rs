//! Dates in cookies (RFC 6265, 5.1.1): tokens in any order.

use jiff::civil::date;
use jiff::tz::TimeZone;

/// Returns the seconds since 1970.
pub(super) fn parse(text: &str) -> Option<i64> {
    let mut time = None;
    let mut day = None;
    let mut month = None;
    let mut year = None;
    let is_delimiter = |c: char| matches!(c, '\t' | ' '..='/' | ';'..='@' | '['..='`' | '{'..='~');
    for token in text.split(is_delimiter).filter(|token| !token.is_empty()) {
        if time.is_none()
            && let Some(found) = clock(token)
        {
            time = Some(found);
        } else if day.is_none()
            && let Some(found) = number(token, 1, 2)
        {
            day = Some(found);
        } else if month.is_none()
            && let Some(found) = month_of(token)
        {
            month = Some(found);
        } else if year.is_none()
            && let Some(found) = number(token, 2, 4)
        {
            year = Some(found);
        }
    }
    let (hour, minute, second) = time?;
    let year = match year? {
        year @ 0..=69 => year + 2000,
        year @ 70..=99 => year + 1900,
        year => year,
    };
    let (day, year) = (i8::try_from(day?).ok().filter(|day| (1..=31).contains(day))?, i16::try_from(year).ok()?);
    if year < 1601 || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let month = i8::try_from(month?).ok()?;
    // A day that its month does not have runs into the next, as in JavaScript.
    let first = date(year, month, 1).at(0, 0, 0, 0).to_zoned(TimeZone::UTC).ok()?.timestamp().as_second();
    Some(first + (i64::from(day) - 1) * 86_400 + i64::from(hour) * 3600 + i64::from(minute) * 60 + i64::from(second))
}

/// Returns a number of so many digits, with nothing or something that is no digit behind it.
fn number(token: &str, least: usize, most: usize) -> Option<i32> {
    let end = token.find(|c: char| !c.is_ascii_digit()).unwrap_or(token.len());
    if !(least..=most).contains(&end) {
        return None;
    }
    token.get(..end)?.parse().ok()
}

fn clock(token: &str) -> Option<(i32, i32, i32)> {
    let mut parts = token.splitn(3, ':');
    let (hour, minute, second) = (parts.next()?, parts.next()?, parts.next()?);
    let whole = |text: &str| number(text, 1, 2).filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()));
    Some((whole(hour)?, whole(minute)?, number(second, 1, 2)?))
}

fn month_of(token: &str) -> Option<usize> {
    let start = token.get(..3)?.to_ascii_lowercase();
    MONTHS.iter().position(|known| *known == start).map(|at| at + 1)
}

const MONTHS: &[&str] = &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_in_any_order() {
        for (text, seconds) in [
            ("Thu, 01 Jan 1970 00:00:00 GMT", Some(0)),
            ("Wed, 09-Jun-21 10:18:14 GMT", Some(1_623_233_894)),
            ("2021 Jun 9 10:18:14", Some(1_623_233_894)),
            ("31 Feb 2021 00:00:00", Some(1_614_729_600)), // the third of March
            ("09 Jun 2021", None),
            ("32 Jun 2021 00:00:00", None),
            ("09 Jun 1600 00:00:00", None),
            ("09 Jun 2021 24:00:00", None),
            ("", None),
        ] {
            assert_eq!(parse(text), seconds, "{text}");
        }
    }
}
