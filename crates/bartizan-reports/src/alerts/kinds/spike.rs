//! Many more reports in an hour than usual: a deployment broke something, or someone floods.

use super::Kind;
use crate::alerts::sight::{Candidate, Sight};
use crate::store::HOUR;

pub(super) const KIND: Kind =
    Kind { name: "spike", about: "many more reports in an hour than usual", many: "spikes", find };

fn find(sight: &Sight<'_>) -> Vec<Candidate> {
    let Some(factor) = sight.settings.spike else { return Vec::new() };
    let this = sight.this_hour();
    // The hour before as well: what began shortly before its end would be seen in neither.
    let (hour, count) = [this, this - HOUR]
        .map(|hour| (hour, sight.in_hour(hour)))
        .into_iter()
        .max_by_key(|(_, count)| *count)
        .unwrap_or_default();
    let before = sight.hours.iter().filter(|point| point.hour < this - HOUR);
    let Some(first) = before.clone().map(|point| point.hour).min() else { return Vec::new() };
    let hours = u64::try_from((this - HOUR - first) / HOUR).unwrap_or_default();
    if hours < ENOUGH {
        return Vec::new();
    }
    let mean = before.map(|point| point.count).sum::<u64>() / hours;
    if count < LEAST || count < mean.max(1).saturating_mul(u64::from(factor)) {
        return Vec::new();
    }
    vec![Candidate {
        key: String::new(),
        title: format!("{count} reports in an hour, usually {mean}"),
        facts: vec![
            ("hour", super::super::wording::time(hour)),
            ("reports", count.to_string()),
            ("usual", mean.to_string()),
        ],
    }]
}

/// Hours of which a mean says something.
const ENOUGH: u64 = 24;

/// Ten times nearly nothing is not much.
const LEAST: u64 = 100;

#[cfg(test)]
mod tests {
    use super::super::tests::{NOW, found};
    use super::*;
    use crate::store::Point;

    #[test]
    fn ten_times_the_usual_is_a_spike_where_there_is_a_usual() {
        let this = NOW - NOW.rem_euclid(HOUR);
        for (hours, usual, now, ago, is_spike) in [
            (48, 20, 200, 0, true),
            (48, 20, 200, 1, true),
            (48, 20, 199, 0, false),
            (48, 1, 99, 0, false),
            (48, 1, 100, 0, true),
            (20, 20, 1000, 0, false),
            (48, 20, 1000, 2, false),
        ] {
            let before = (2..hours).map(|n| Point { hour: this - n * HOUR, count: usual });
            let points: Vec<_> = before.chain([Point { hour: this - ago * HOUR, count: now }]).collect();
            assert_eq!(!found(&KIND, &[], &points).is_empty(), is_spike, "{usual} {now} {ago}");
        }
    }
}
