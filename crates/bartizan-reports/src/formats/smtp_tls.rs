//! SMTP TLS reporting (RFC 8460, 4): how mail servers fared with a domain's TLS.

use std::borrow::Cow;

use super::{Kind, Sent, read_as};
use crate::address::Queries;
use crate::json::{Object, Value};
use crate::report::{KindName, Report};

pub(super) const KIND: Kind = Kind {
    name: "smtp-tls",
    also: &[],
    about: "how mail servers fared with a domain's TLS",
    wrapper: None,
    is_bare: |object| object.has("organization-name") && object.has("policies"),
    read,
    what: &["organization-name"],
    target: &[],
    source: &[],
};

/// Files a report under the domain of its first policy.
fn read<'a>(kind: &'static Kind, mut sent: Sent<'a>, queries: Queries) -> Option<Report<'a>> {
    if sent.url.is_none() {
        sent.url = domain(&sent.body).map(|domain| Cow::Owned(domain.to_owned()));
    }
    read_as(KindName::Known(kind), sent, queries)
}

fn domain<'a>(body: &'a Object<'_>) -> Option<&'a str> {
    let Some(Value::Array(policies)) = body.get("policies") else { return None };
    policies.iter().find_map(|policy| policy.as_object()?.get("policy")?.as_object()?.text("policy-domain"))
}
