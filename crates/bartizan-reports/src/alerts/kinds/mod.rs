//! Every kind of alert, one file each, and the one table of them: pure functions over what a store holds.

mod autopilot_held;
mod autopilot_new_candidate;
mod autopilot_step_back;
mod autopilot_unknown_code;
mod certificate_trouble;
mod new_script_origin;
mod new_violation;
mod silence;
mod spike;

use super::sight::{Candidate, Sight};

/// A kind of alert.
#[derive(Debug)]
pub struct Kind {
    /// The name.
    pub name: &'static str,
    /// What it tells, in half a line.
    pub about: &'static str,
    /// What many of them at once are called.
    pub(super) many: &'static str,
    /// Finds what may be worth telling.
    pub(super) find: fn(&Sight<'_>) -> Vec<Candidate>,
}

/// Every kind.
pub static KINDS: &[Kind] = &[
    autopilot_held::KIND,
    autopilot_new_candidate::KIND,
    autopilot_step_back::KIND,
    autopilot_unknown_code::KIND,
    certificate_trouble::KIND,
    new_script_origin::KIND,
    new_violation::KIND,
    silence::KIND,
    spike::KIND,
];

#[cfg(test)]
pub(super) mod tests {
    use std::borrow::Cow;

    use super::super::Settings;
    use super::super::happening::{Happened, Happening};
    use super::*;
    use crate::sketch::{Client, Sketch};
    use crate::store::{Group, HOUR, Point};
    use crate::subject::Subject;

    pub(super) const NOW: i64 = 1_800_000 * 1_000_000;
    pub(super) const DAY: i64 = 24 * HOUR;

    /// Returns a group that so many clients reported.
    pub(super) fn group(kind: &str, what: &str, target: &str, clients: u64, first_seen: i64) -> Group {
        let own = |text: &str| Cow::Owned(text.to_owned());
        let subject = Subject {
            kind: own(kind),
            what: own(what),
            target: own(target),
            source: own(""),
            disposition: own(""),
            noise: None,
        };
        let mut sketch = Sketch::default();
        (0..clients).for_each(|client| sketch.add(Client(client.wrapping_mul(0x9e37_79b9_7f4a_7c15))));
        Group {
            id: subject.fingerprint("a.example", "1"),
            site: "a.example".to_owned(),
            policy: "1".to_owned(),
            subject,
            count: clients,
            first_seen,
            last_seen: NOW,
            clients: sketch,
        }
    }

    /// Returns the keys that a kind finds; the site is watched since ten days.
    pub(super) fn found(kind: &Kind, groups: &[Group], hours: &[Point]) -> Vec<String> {
        let settings = Settings::default();
        let began = NOW - 10 * DAY;
        let sight = Sight { site: "a.example", now: NOW, began, groups, hours, happened: &[], settings: &settings };
        (kind.find)(&sight).into_iter().map(|candidate| candidate.key).collect()
    }

    #[test]
    fn what_is_told_of_a_site_is_found_by_its_kind() {
        let settings = Settings::default();
        for (what, name) in [
            (Happened::Held, "autopilot-held"),
            (Happened::NewCandidate, "autopilot-new-candidate"),
            (Happened::StepBack, "autopilot-step-back"),
            (Happened::UnknownCode, "autopilot-unknown-code"),
        ] {
            for (site, is_found) in [("a.example", true), ("b.example", false)] {
                let told = Happening {
                    what,
                    site: site.to_owned(),
                    key: "1".to_owned(),
                    title: "it happened".to_owned(),
                    facts: Vec::new(),
                };
                let happened = [told];
                let sight = Sight {
                    site: "a.example",
                    now: NOW,
                    began: NOW,
                    groups: &[],
                    hours: &[],
                    happened: &happened,
                    settings: &settings,
                };
                let found = KINDS.iter().filter(|kind| !(kind.find)(&sight).is_empty());
                let found: Vec<_> = found.map(|kind| kind.name).collect();
                assert_eq!(found, [name].get(..usize::from(is_found)).unwrap(), "{what:?} {site}");
            }
        }
    }

    #[test]
    fn names_are_unique_and_sorted() {
        assert!(KINDS.windows(2).all(|pair| pair[0].name < pair[1].name));
    }
}
