//! Every kind of report, one file each, and the one table of them.
//!
//! A kind says by which names it goes, how a report of it is told apart and read, and which members of its
//! body say what happened, where and to whom: by those reports are grouped. It stores and counts nothing.

mod certificate;
mod coep;
mod connection_allowlist;
mod coop;
mod crash;
mod csp_hash;
mod csp_violation;
mod deprecation;
mod document_policy_violation;
mod expect_ct;
mod expect_staple;
mod hpkp;
mod integrity_violation;
mod intervention;
mod network_error;
mod permissions_policy_violation;
mod potential_permissions_policy_violation;
mod smtp_tls;

use std::borrow::Cow;

use crate::address::Queries;
use crate::json::{Object, Value};
use crate::report::{KindName, Report};

/// A kind of report.
#[derive(Debug)]
pub struct Kind {
    /// The name in the schema.
    pub name: &'static str,
    /// Names of older drafts.
    pub also: &'static [&'static str],
    /// What it tells, in half a line.
    pub about: &'static str,
    /// The one member around a report of this kind that has no envelope.
    pub(crate) wrapper: Option<&'static str>,
    /// Whether an object without envelope and wrapper is a report of this kind.
    pub(crate) is_bare: fn(&Object<'_>) -> bool,
    /// Reads a report, if there is anything to keep.
    pub(crate) read: for<'a> fn(&'static Self, Sent<'a>, Queries) -> Option<Report<'a>>,
    /// What happened: the first of these that is there.
    pub(crate) what: &'static [&'static str],
    /// What it happened to; without one, the report's own address.
    pub(crate) target: &'static [&'static str],
    /// The code that did it.
    pub(crate) source: &'static [&'static str],
}

impl PartialEq for Kind {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

/// Every kind, in the order in which objects without an envelope are tried.
pub static KINDS: &[Kind] = &[
    csp_violation::KIND, // by far the most frequent
    network_error::KIND,
    expect_ct::KIND,
    expect_staple::KIND, // a bare one has a chain as HPKP's have, and says more: it must come before
    hpkp::KIND,
    smtp_tls::KIND,
    csp_hash::KIND, // from here on always in an envelope
    coep::KIND,
    coop::KIND,
    permissions_policy_violation::KIND,
    potential_permissions_policy_violation::KIND,
    document_policy_violation::KIND,
    integrity_violation::KIND,
    deprecation::KIND,
    intervention::KIND,
    crash::KIND,
    connection_allowlist::KIND,
];

/// Returns the kind of a name, old or new.
pub fn kind_of(name: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| kind.name == name || kind.also.contains(&name))
}

/// What an envelope says besides the body.
#[derive(Debug)]
pub(crate) struct Sent<'a> {
    pub(crate) url: Option<Cow<'a, str>>,
    pub(crate) age: Option<u64>,
    pub(crate) user_agent: Option<Cow<'a, str>>,
    pub(crate) body: Object<'a>,
}

impl<'a> Sent<'a> {
    /// Returns what was sent without an envelope.
    pub(crate) fn bare(body: Object<'a>) -> Self {
        Self { url: None, age: None, user_agent: None, body }
    }
}

/// Reads a kind whose body is in the form of the Reporting API already.
fn as_sent<'a>(kind: &'static Kind, sent: Sent<'a>, queries: Queries) -> Option<Report<'a>> {
    read_as(KindName::Known(kind), sent, queries)
}

/// Reads a report whose body is kept as it came, but for what must not be kept.
pub(crate) fn read_as<'a>(kind: KindName<'a>, sent: Sent<'a>, queries: Queries) -> Option<Report<'a>> {
    let mut body = sent.body.into_unique();
    let document = body.text("documentURL").map(|url| Cow::Owned(url.to_owned()));
    let url = sent.url.or(document).map(|url| crate::address::clean(url, queries)).filter(|url| !url.is_empty())?;
    body.iter_mut().for_each(|(_, value)| clean_addresses(value, queries));
    Some(Report { kind, url, age: sent.age, user_agent: sent.user_agent, body })
}

/// Cuts every text that is an address as a whole; the reader bounds how deep this goes.
fn clean_addresses(value: &mut Value<'_>, queries: Queries) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| clean_addresses(item, queries)),
        Value::Object(object) => object.iter_mut().for_each(|(_, value)| clean_addresses(value, queries)),
        Value::String(text) if crate::address::is_address(text) => {
            *text = crate::address::clean(std::mem::take(text), queries);
        }
        Value::Bool(_) | Value::Null | Value::Number(_) | Value::String(_) => {}
    }
}

/// For kinds that browsers send in an envelope only.
fn never_bare(_: &Object<'_>) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_well_formed() {
        let mut names: Vec<_> = KINDS.iter().flat_map(|kind| kind.also.iter().copied().chain([kind.name])).collect();
        assert!(names.iter().all(|name| name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')));
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
        assert!(KINDS.iter().all(|kind| !kind.about.is_empty() && !kind.about.ends_with('.')));
    }

    #[test]
    fn a_kind_is_found_by_each_of_its_names() {
        for (name, expected) in
            [("csp", Some("csp-violation")), ("nel", Some("network-error")), ("coop", Some("coop")), ("x", None)]
        {
            assert_eq!(kind_of(name).map(|kind| kind.name), expected, "{name}");
        }
    }
}
