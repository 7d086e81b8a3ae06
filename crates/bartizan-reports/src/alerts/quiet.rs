//! Hours in which nobody is told: a stretch of the day in UTC, perhaps over midnight.

use std::fmt;
use std::str::FromStr;

/// From when to when, in minutes of the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuietHours {
    from: u16,
    to: u16,
}

/// A text that is no stretch of the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be two times of the day in UTC, such as \"22:00-07:00\"")]
pub struct NotHours;

impl QuietHours {
    /// Whether a time, in milliseconds since 1970, lies within.
    pub fn contain(self, millis: i64) -> bool {
        let minute = millis.div_euclid(60_000).rem_euclid(24 * 60);
        let (from, to) = (i64::from(self.from), i64::from(self.to));
        if from <= to { (from..to).contains(&minute) } else { minute >= from || minute < to }
    }
}

impl FromStr for QuietHours {
    type Err = NotHours;

    fn from_str(text: &str) -> Result<Self, NotHours> {
        let minutes = |text: &str| {
            let (hours, minutes) = text.split_once(':')?;
            let number = |text: &str, below: u16| {
                let is_plain = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
                text.parse::<u16>().ok().filter(|number| is_plain && *number < below)
            };
            Some(number(hours, 24)? * 60 + number(minutes, 60)?)
        };
        let (from, to) = text.split_once('-').ok_or(NotHours)?;
        let (from, to) = (minutes(from).ok_or(NotHours)?, minutes(to).ok_or(NotHours)?);
        // The same time twice could mean always or never.
        if from == to { Err(NotHours) } else { Ok(Self { from, to }) }
    }
}

impl fmt::Display for QuietHours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { from, to } = self;
        write!(f, "{:02}:{:02}-{:02}:{:02}", from / 60, from % 60, to / 60, to % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_may_pass_midnight() {
        for (text, time, is_quiet) in [
            ("22:00-07:00", "23:00", true),
            ("22:00-07:00", "06:59", true),
            ("22:00-07:00", "07:00", false),
            ("22:00-07:00", "21:59", false),
            ("12:00-13:30", "13:29", true),
            ("12:00-13:30", "11:59", false),
        ] {
            let at = format!("2026-01-02T{time}:00Z").parse::<jiff::Timestamp>().unwrap().as_millisecond();
            let hours: QuietHours = text.parse().unwrap();
            assert_eq!(hours.contain(at), is_quiet, "{text} at {time}");
            assert_eq!(hours.to_string(), text);
        }
    }

    #[test]
    fn what_is_no_stretch_of_a_day_is_refused() {
        for text in ["", "22:00", "22-07", "24:00-07:00", "22:60-07:00", "7:00-8:00", "07:00-07:00", "+1:00-02:00"] {
            assert_eq!(text.parse::<QuietHours>(), Err(NotHours), "{text}");
        }
    }
}
