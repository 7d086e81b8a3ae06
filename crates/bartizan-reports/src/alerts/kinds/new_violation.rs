//! Since the policy changed, something is violated that was not before.

use std::collections::{BTreeMap, BTreeSet};

use super::Kind;
use crate::address::origin;
use crate::alerts::sight::{Candidate, Sight};
use crate::store::Group;

pub(super) const KIND: Kind = Kind {
    name: "new-violation",
    about: "since the policy changed, something is violated that was not before",
    many: "violations that are new since the policy changed",
    find,
};

fn find(sight: &Sight<'_>) -> Vec<Candidate> {
    let violations = || sight.groups.iter().filter(|group| group.subject.kind == "csp-violation");
    let mut versions: BTreeMap<&str, i64> = BTreeMap::new();
    for group in violations() {
        let first_seen = versions.entry(&group.policy).or_insert(group.first_seen);
        *first_seen = group.first_seen.min(*first_seen);
    }
    let newest = versions.iter().max_by_key(|(_, first_seen)| **first_seen).map(|(version, _)| *version);
    // Without a version before, or with one that nobody named, nothing has changed.
    let Some(newest) = newest.filter(|newest| versions.len() > 1 && !newest.is_empty()) else { return Vec::new() };
    let before: BTreeSet<_> = violations().filter(|group| group.policy != newest).map(thing).collect();
    let sums = sight.sums(|group| {
        let is_violation = group.subject.kind == "csp-violation" && group.policy == newest;
        is_violation.then(|| thing(group)).filter(|thing| !before.contains(thing))
    });
    let new = sums
        .into_iter()
        .filter(|(_, sum)| sum.first_seen >= sight.began && sum.clients.estimate() >= sight.settings.clients);
    let candidates = new.map(|((what, target), sum)| Candidate {
        key: format!("{newest} {what} {target}"),
        title: format!("since policy {newest}, {what} is violated by {target}"),
        facts: [("directive", what), ("blocked", target), ("policy", newest.to_owned())]
            .into_iter()
            .chain(sum.facts())
            .collect(),
    });
    candidates.collect()
}

/// Returns what is violated, and by whom: another file of the same origin is the same thing.
fn thing(group: &Group) -> (String, String) {
    let target = &group.subject.target;
    (group.subject.what.clone().into_owned(), origin(target).unwrap_or_else(|| target.clone()).into_owned())
}

#[cfg(test)]
mod tests {
    use super::super::tests::{DAY, NOW, found, group};
    use super::*;

    fn under(policy: &str, what: &str, target: &str, clients: u64, first_seen: i64) -> Group {
        Group { policy: policy.to_owned(), ..group("csp-violation", what, target, clients, first_seen) }
    }

    #[test]
    fn what_only_the_newest_policy_refuses_is_told() {
        let before = under("1", "img-src", "https://b.example/1.png", 5, NOW - 5 * DAY);
        for (one, expected) in [
            (under("2", "img-src", "https://c.example/1.png", 2, NOW), Some("2 img-src https://c.example")),
            (under("2", "font-src", "https://b.example/1", 2, NOW), Some("2 font-src https://b.example")),
            (under("2", "script-src", "inline", 2, NOW), Some("2 script-src inline")),
            (under("2", "img-src", "https://b.example/2.png", 2, NOW), None),
            (under("2", "img-src", "https://c.example/1.png", 1, NOW), None),
            (under("1", "img-src", "https://c.example/1.png", 2, NOW), None),
            (under("", "img-src", "https://c.example/1.png", 2, NOW), None),
            // Then "1" is the newer of both.
            (under("0", "img-src", "https://c.example/1.png", 2, NOW - 9 * DAY), Some("1 img-src https://b.example")),
        ] {
            let target = one.subject.target.clone();
            assert_eq!(found(&KIND, &[before.clone(), one], &[]).first().map(String::as_str), expected, "{target}");
        }
    }
}
