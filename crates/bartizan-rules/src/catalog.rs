//! The one table of rules: a table for each topic, in the order in which people read a report.

use crate::rule::Rule;
use crate::{
    apps, caching, content, cookies, cross_origin, csp, django, framing, krakend, leaks, obsolete, reporting, secrets,
    transport,
};

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
    transport::RULES,
    csp::RULES,
    cookies::RULES,
    framing::RULES,
    cross_origin::RULES,
    content::RULES,
    leaks::RULES,
    caching::RULES,
    reporting::RULES,
    obsolete::RULES,
    // Of files: what is deployed.
    django::RULES,
    krakend::RULES,
    apps::RULES,
    secrets::RULES,
];
