//! Which groups are meant: the same words for lists, exports and purges.

use super::record::Group;

/// Which groups are meant; nothing said means all.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// The site.
    pub site: Option<String>,
    /// The version of its policy.
    pub policy: Option<String>,
    /// The kind.
    pub kind: Option<String>,
    /// What happened: a directive, a type of error, a feature.
    pub what: Option<String>,
    /// A piece of the target, source or page, whatever its case.
    pub text: Option<String>,
    /// Seen at or after this time, in milliseconds since 1970.
    pub since: Option<i64>,
    /// First seen before this time.
    pub until: Option<i64>,
    /// What becomes of noise.
    pub noise: NoiseFilter,
    /// The order.
    pub order: Order,
    /// How many at most; 0 means all.
    pub limit: usize,
}

/// What becomes of noise.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum NoiseFilter {
    /// Noise and the rest.
    #[default]
    Include,
    /// Without noise.
    Exclude,
    /// Noise alone.
    Only,
}

/// The order of groups.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Order {
    /// The most frequent first.
    Count,
    /// The latest first.
    #[default]
    LastSeen,
    /// The newest first.
    FirstSeen,
}

impl Filter {
    /// Whether a group is meant.
    pub fn takes(&self, group: &Group) -> bool {
        let is = |wanted: &Option<String>, found: &str| wanted.as_deref().is_none_or(|wanted| wanted == found);
        is(&self.site, &group.site)
            && is(&self.policy, &group.policy)
            && is(&self.kind, &group.subject.kind)
            && is(&self.what, &group.subject.what)
            && self.since.is_none_or(|since| group.last_seen >= since)
            && self.until.is_none_or(|until| group.first_seen < until)
            && match self.noise {
                NoiseFilter::Include => true,
                NoiseFilter::Exclude => group.subject.noise.is_none(),
                NoiseFilter::Only => group.subject.noise.is_some(),
            }
            && self.text.as_deref().is_none_or(|text| {
                let text = text.to_lowercase();
                [&group.subject.target, &group.subject.source].iter().any(|of| of.to_lowercase().contains(&text))
            })
    }

    /// Puts groups in order and leaves out what is too many.
    pub(super) fn arrange(&self, groups: &mut Vec<Group>) {
        groups.sort_by_key(|group| {
            let key = match self.order {
                Order::Count => i64::try_from(group.count).unwrap_or(i64::MAX),
                Order::LastSeen => group.last_seen,
                Order::FirstSeen => group.first_seen,
            };
            (std::cmp::Reverse(key), group.id)
        });
        if self.limit > 0 {
            groups.truncate(self.limit);
        }
    }
}
