//! Date and time of a moment, in UTC: the engine has no zone of its own.

/// The parts of a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Time {
    pub(crate) year: i64,
    /// From 1.
    pub(crate) month: u64,
    /// From 1.
    pub(crate) day: u64,
    pub(crate) hour: u64,
    pub(crate) minute: u64,
    pub(crate) second: u64,
    /// From Sunday, 0.
    pub(crate) weekday: u64,
}

impl Time {
    /// Returns the parts of so many seconds since 1970.
    pub(crate) fn of(seconds: u64) -> Self {
        let days = seconds / 86_400;
        let rest = seconds % 86_400;
        // Years begin in March, so that the leap day is the last one; 719468 days lie between that year 0 and 1970.
        let shifted = days + 719_468;
        let era = shifted / 146_097;
        let day_of_era = shifted % 146_097;
        let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted_month = (5 * day_of_year + 2) / 153;
        let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
        let year = i64::try_from(year_of_era + era * 400).unwrap_or(i64::MAX).saturating_add(i64::from(month <= 2));
        Self {
            year,
            month,
            day: day_of_year - (153 * shifted_month + 2) / 5 + 1,
            hour: rest / 3_600,
            minute: rest / 60 % 60,
            second: rest % 60,
            weekday: (days + 4) % 7,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_have_dates() {
        for (seconds, expected) in
            [(0, (1970, 1, 1, 0, 4)), (951_782_400, (2000, 2, 29, 0, 2)), (1_767_225_599, (2025, 12, 31, 23, 3))]
        {
            let time = Time::of(seconds);
            assert_eq!((time.year, time.month, time.day, time.hour, time.weekday), expected);
        }
    }
}
