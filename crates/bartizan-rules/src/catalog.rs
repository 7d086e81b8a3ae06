//! The one table of rules: a table for each topic, in the order in which people read a report.

use crate::rule::Rule;

/// Returns all rules by topic, and within a topic by id.
pub fn rules() -> impl Iterator<Item = &'static Rule> + Clone {
    TOPICS.iter().copied().flatten().copied()
}

/// Returns the rule of an id.
pub fn find(id: &str) -> Option<&'static Rule> {
    rules().find(|rule| rule.about.id == id)
}

static TOPICS: &[&[&Rule]] = &[
    // Of a site: what visitors meet.
    crate::transport::RULES,
    crate::csp::RULES,
    crate::cookies::RULES,
    crate::framing::RULES,
    crate::cross_origin::RULES,
    crate::content::RULES,
    crate::leaks::RULES,
    crate::caching::RULES,
    crate::reporting::RULES,
    crate::obsolete::RULES,
    crate::tls::RULES,
    // Of files: what is deployed.
    crate::django::RULES,
    crate::servers::RULES,
    crate::nginx::RULES,
    crate::apache::RULES,
    crate::systemd::RULES,
    crate::krakend::RULES,
    crate::apps::RULES,
    crate::containers::RULES,
    crate::secrets::RULES,
    // Of both: what the one says and the other does not show.
    crate::contradictions::RULES,
];
