//! A site that reports regularly has not reported for long: its headers or the endpoint are gone.

use super::Kind;
use crate::alerts::sight::{Candidate, Sight};
use crate::store::HOUR;

pub(super) const KIND: Kind =
    Kind { name: "silence", about: "a site that reports regularly has not reported for long", many: "silences", find };

fn find(sight: &Sight<'_>) -> Vec<Candidate> {
    let Some(silence) = sight.settings.silence else { return Vec::new() };
    let silence = i64::try_from(silence.as_millis()).unwrap_or(i64::MAX);
    let Some(last) = sight.groups.iter().map(|group| group.last_seen).max() else { return Vec::new() };
    let busy = sight.hours.iter().filter(|point| point.count > 0).count();
    if busy < REGULAR || sight.now.saturating_sub(last) < silence {
        return Vec::new();
    }
    let hours = sight.now.saturating_sub(last) / HOUR;
    vec![Candidate {
        key: String::new(),
        title: format!("no report for {hours} hours"),
        facts: vec![
            ("last report", super::super::wording::time(last)),
            ("hours with reports in the days before", busy.to_string()),
        ],
    }]
}

/// Hours with reports in a week: a site with fewer may well be silent for a day.
const REGULAR: usize = 48;

#[cfg(test)]
mod tests {
    use super::super::tests::{DAY, NOW, found, group};
    use super::*;
    use crate::store::{Group, Point};

    #[test]
    fn only_a_site_that_reports_regularly_can_be_silent() {
        for (last, hours, is_silent) in
            [(NOW - 2 * DAY, 48, true), (NOW - 2 * DAY, 47, false), (NOW - DAY / 2, 48, false)]
        {
            let hours: Vec<_> = (0..hours).map(|n| Point { hour: NOW - 5 * DAY + n * HOUR, count: 1 }).collect();
            let one = Group { last_seen: last, ..group("coop", "", "", 1, NOW - 5 * DAY) };
            assert_eq!(!found(&KIND, &[one], &hours).is_empty(), is_silent, "{last}");
        }
    }
}
