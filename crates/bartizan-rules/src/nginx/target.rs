//! Whether a visitor decides about the host that a request is passed on to.

use super::http_splitting::shown;
use crate::facts::blocks::At;
use crate::facts::nginx::{Peer, Reader};

/// The directives that pass requests on.
pub(crate) static NAMES: &[&str] = &["proxy_pass", "fastcgi_pass", "uwsgi_pass", "scgi_pass", "grpc_pass"];

/// Returns the variable that is open to visitors.
pub(crate) fn is_open(reader: &Reader, node: At<'_>) -> Option<String> {
    if !reader.sees(node) || (reader.peer() == Peer::Ng && !node.is("proxy_pass")) {
        return None;
    }
    // Nobody decides about a target that names no variable.
    let target = node.arg(0).filter(|target| target.contains('$'))?;
    let block = node.parents().find(|parent| !crate::facts::nginx::is_open(*parent))?;
    if block.is("location") && reader.some(block, "internal").is_some() {
        return None;
    }
    let ends = |text: &str| text.find(['?', '#', '/', ')']).unwrap_or(text.len());
    // A scheme may be a variable, too.
    let scheme = target.find("://").filter(|at| *at > 0 && ends(target) == at + 1).map(|at| at + 3);
    let host = target.get(scheme.unwrap_or(0)..)?;
    let host = host.get(..ends(host)).filter(|host| !host.is_empty());
    let (scheme, host) = match (scheme, host) {
        (Some(end), Some(host)) => (target.get(..end), host),
        // What looked like a scheme is the host.
        (Some(end), None) => (None, target.get(..end.saturating_sub(2))?),
        (None, Some(host)) => (None, host),
        (None, None) => return None,
    };
    let by_scheme = scheme.and_then(|scheme| open_part(reader, node, scheme));
    by_scheme.or_else(|| open_part(reader, node, host))
}

/// A slash ends the host: what follows is no longer part of it.
fn open_part(reader: &Reader, node: At<'_>, script: &str) -> Option<String> {
    let possible = reader.possible(node);
    for part in possible.compile(script) {
        if possible.must_contain(&part, '/') {
            return None;
        }
        if possible.can_contain(&part, '.') {
            return Some(shown(&part));
        }
    }
    None
}
