//! Tells reports apart by their shape: an envelope, a wrapper, or a bare object of a known form.
//!
//! Neither the path nor the media type is believed: browsers send either form under either name.

use std::borrow::Cow;

use crate::address::Queries;
use crate::formats::{KINDS, Sent, kind_of, read_as};
use crate::json::{Object, Value};
use crate::report::{KindName, Report};

/// The reports of a body, and how many of its members were none.
#[derive(Debug, Default)]
pub struct Batch<'a> {
    /// What can be kept.
    pub reports: Vec<Report<'a>>,
    /// How many members were left out.
    pub unusable: usize,
}

/// Why a body yields no batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ShapeFault {
    /// Nothing in it can be kept.
    #[error("no report that can be kept")]
    Nothing,
    /// More reports than a body may have.
    #[error("{reports} reports in one body")]
    TooMany {
        /// How many.
        reports: usize,
    },
}

/// Returns the reports of a body. An empty list is well-formed and has none.
///
/// # Errors
///
/// A [`ShapeFault`]; a list with one usable member is taken.
pub fn reports(value: Value<'_>, most: usize, queries: Queries) -> Result<Batch<'_>, ShapeFault> {
    let members = match value {
        Value::Array(members) if members.len() > most => return Err(ShapeFault::TooMany { reports: members.len() }),
        Value::Array(members) => members,
        one => vec![one],
    };
    let sent = members.len();
    let mut reports = Vec::with_capacity(sent);
    reports.extend(members.into_iter().filter_map(|member| report(member, queries)));
    if reports.is_empty() && sent > 0 {
        return Err(ShapeFault::Nothing);
    }
    let unusable = sent - reports.len();
    Ok(Batch { reports, unusable })
}

/// Returns the report that a value is.
pub(crate) fn report(value: Value<'_>, queries: Queries) -> Option<Report<'_>> {
    let Value::Object(mut object) = value else { return None };
    for kind in KINDS {
        if let Some(wrapper) = kind.wrapper
            && let Some(Value::Object(_)) = object.get(wrapper)
            && let Some(Value::Object(body)) = object.take(wrapper)
        {
            // WebKit wraps an envelope around the old form, which says the same again.
            return (kind.read)(kind, envelope(&mut object, body), queries);
        }
    }
    if let Some(Value::String(name)) = object.get("type")
        && !name.is_empty()
        && name.len() <= LONGEST_NAME
        && let Some(Value::Object(_)) = object.get("body")
    {
        let name = name.clone();
        let Some(Value::Object(body)) = object.take("body") else { return None };
        let sent = envelope(&mut object, body);
        return match kind_of(&name) {
            Some(kind) => (kind.read)(kind, sent, queries),
            None => read_as(KindName::Other(name), sent, queries),
        };
    }
    let kind = KINDS.iter().find(|kind| (kind.is_bare)(&object))?;
    (kind.read)(kind, Sent::bare(object), queries)
}

/// Reads what stands beside the body; an age that is no age is left out.
fn envelope<'a>(object: &mut Object<'a>, body: Object<'a>) -> Sent<'a> {
    let mut text = |name| match object.take(name) {
        Some(Value::String(text)) if !text.is_empty() => Some(text),
        _ => None,
    };
    let (url, user_agent): (Option<Cow<'a, str>>, _) = (text("url"), text("user_agent"));
    let age = match object.get("age") {
        Some(Value::Number(age)) => age.as_count(),
        _ => None,
    };
    Sent { url, age, user_agent, body }
}

/// Longer than any name of a kind, so that names cannot be a place to keep things.
const LONGEST_NAME: usize = 100;
