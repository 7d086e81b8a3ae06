//! Times as people read them. All are UTC: reports come from everywhere.

use jiff::Timestamp;

use crate::html::{Html, tag};

/// Returns a time, to the minute, with the time that has passed since.
pub(crate) fn ago(millis: i64, now: i64) -> Html {
    let Some(full) = written(millis, "%Y-%m-%dT%H:%M:%SZ") else { return "unknown".into() };
    tag("time").set("datetime", &full).set("title", &full).put(passed(now.saturating_sub(millis))).into()
}

/// Returns a time to the minute.
pub(crate) fn minute(millis: i64) -> String {
    written(millis, "%Y-%m-%d %H:%M").unwrap_or_else(|| "unknown".to_owned())
}

/// Returns a day.
pub(crate) fn day(millis: i64) -> String {
    written(millis, "%Y-%m-%d").unwrap_or_else(|| "unknown".to_owned())
}

/// Returns a time in a form of its own.
pub(crate) fn written(millis: i64, form: &str) -> Option<String> {
    Some(Timestamp::from_millisecond(millis).ok()?.strftime(form).to_string())
}

fn passed(millis: i64) -> String {
    let minutes = millis / MINUTE;
    match minutes {
        ..1 => "just now".to_owned(),
        1..60 => format!("{minutes} min ago"),
        60..2880 => format!("{} h ago", minutes / 60),
        _ => format!("{} days ago", minutes / 1440),
    }
}

pub(crate) const MINUTE: i64 = 60_000;
pub(crate) const HOUR: i64 = 60 * MINUTE;
pub(crate) const DAY: i64 = 24 * HOUR;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_passed_is_said_in_the_largest_unit() {
        for (millis, expected) in [
            (-5, "just now"),
            (59_999, "just now"),
            (60_000, "1 min ago"),
            (HOUR, "1 h ago"),
            (2 * DAY - 1, "47 h ago"),
            (2 * DAY, "2 days ago"),
        ] {
            assert_eq!(passed(millis), expected, "{millis}");
        }
        assert_eq!((minute(0), day(i64::MAX)), ("1970-01-01 00:00".to_owned(), "unknown".to_owned()));
    }
}
