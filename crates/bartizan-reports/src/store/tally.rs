//! Reports added up by one of their facts: by directive, by kind, by site.

use std::collections::BTreeMap;

use super::record::Group;

/// A fact of a group that reports are added up by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fact {
    /// The kind.
    Kind,
    /// The version of the site's policy.
    Policy,
    /// The site.
    Site,
    /// What it happened to.
    Target,
    /// What happened.
    What,
}

/// How much there is of one value of a fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tally {
    /// The value.
    pub value: String,
    /// How many reports, in the time that the filter names.
    pub reports: u64,
    /// How many groups.
    pub groups: u64,
}

impl Fact {
    /// Returns the fact of a group.
    pub(super) fn of(self, group: &Group) -> &str {
        match self {
            Self::Kind => &group.subject.kind,
            Self::Policy => &group.policy,
            Self::Site => &group.site,
            Self::Target => &group.subject.target,
            Self::What => &group.subject.what,
        }
    }

    /// Returns the name of the fact's column.
    pub(super) const fn column(self) -> &'static str {
        match self {
            Self::Kind => "kind",
            Self::Policy => "policy",
            Self::Site => "site",
            Self::Target => "target",
            Self::What => "what",
        }
    }
}

/// Adds up groups with their counts; the most frequent value first, and no more than so many.
pub(super) fn add_up<'a>(groups: impl IntoIterator<Item = (&'a Group, u64)>, fact: Fact, most: usize) -> Vec<Tally> {
    let mut sums: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
    for (group, reports) in groups {
        let sum = sums.entry(fact.of(group)).or_default();
        *sum = (sum.0 + reports, sum.1 + 1);
    }
    let tally = |(value, (reports, groups)): (&str, _)| Tally { value: value.to_owned(), reports, groups };
    let mut tallies: Vec<_> = sums.into_iter().map(tally).collect();
    tallies.sort_by(|one, other| other.reports.cmp(&one.reports).then_with(|| one.value.cmp(&other.value)));
    tallies.truncate(most);
    tallies
}
