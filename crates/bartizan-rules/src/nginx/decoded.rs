//! Whether `$uri` is still what the visitor sent, once the rewrites of a location are done.
//!
//! A rewrite to `$request_uri` puts the path as it was sent in the place of the decoded one.

use std::collections::BTreeSet;

use crate::facts::blocks::At;
use crate::facts::nginx::{Possible, script};

/// Where the rewriting stands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct State {
    is_safe: bool,
    has_stopped: bool,
    /// Whether nginx looks for another location first.
    is_pending: bool,
}

/// Whether neither a line feed nor a carriage return can be in `$uri` when the directive uses it.
pub(super) fn is_safe(possible: &Possible<'_>, node: At<'_>) -> bool {
    let Some(location) = node.parent().filter(|parent| parent.is("location")) else { return false };
    ['\n', '\r'].into_iter().all(|c| is_free(possible, location, c))
}

fn is_free(possible: &Possible<'_>, location: At<'_>, c: char) -> bool {
    let start = State { is_safe: false, has_stopped: false, is_pending: false };
    let mut states = BTreeSet::from([start]);
    for node in location.children() {
        let is_changed = matches!(node.name(), "if" | "try_files" | "error_page")
            || node.name().starts_with("rewrite_by_")
            || node.name().starts_with("access_by_")
            || (node.is("set") && matches!(node.arg(0), Some("$uri" | "$document_uri")));
        if node.is("rewrite") {
            states = states.into_iter().flat_map(|state| rewritten(possible, node, c, state)).collect();
        } else if node.is("return") {
            states.retain(|state| state.has_stopped);
        } else if is_changed {
            states = states.into_iter().map(|state| State { is_safe: false, ..state }).collect();
        }
    }
    states.iter().all(|state| state.is_safe && !state.is_pending)
}

fn rewritten(possible: &Possible<'_>, rewrite: At<'_>, c: char, state: State) -> Vec<State> {
    if state.has_stopped {
        return vec![state];
    }
    let mut next = Vec::new();
    if rewrite.arg(0) != Some("^") {
        next.push(State { has_stopped: false, ..state });
    }
    let is_safe = replaces(possible, rewrite.arg(1).unwrap_or_default(), c, state.is_safe);
    match rewrite.arg(2) {
        Some("redirect" | "permanent") => {}
        Some("last") => next.push(State { is_safe: false, has_stopped: true, is_pending: true }),
        Some("break") => next.push(State { is_safe, has_stopped: true, is_pending: false }),
        None => next.push(State { is_safe, has_stopped: false, is_pending: true }),
        Some(_) => next.push(State { is_safe: false, has_stopped: false, is_pending: true }),
    }
    next
}

fn replaces(possible: &Possible<'_>, to: &str, c: char, is_safe: bool) -> bool {
    script(to).all(|piece| match piece {
        Err(text) => !text.contains(c),
        Ok(name) => match name.to_lowercase().as_str() {
            "uri" | "document_uri" => is_safe,
            "request_uri" => {
                let parts = possible.compile("$request_uri");
                !parts.is_empty() && !parts.iter().any(|part| possible.can_contain(part, c))
            }
            _ => false,
        },
    })
}
