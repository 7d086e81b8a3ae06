//! Locations that pass everything on to an app, as far as they say nothing about how.

use crate::facts::blocks::At;

/// Whether the location passes on to an app by its address, and sets nothing but headers on the way.
///
/// Whoever writes more has thought of the app, and may know better.
pub(super) fn is_plain(node: At<'_>) -> bool {
    let target = node.arg(0).unwrap_or_default();
    let rest = target.strip_prefix("http://").unwrap_or_default();
    let is_address =
        rest.chars().all(|c| c.is_ascii_hexdigit() || matches!(c, '.' | ':' | '[' | ']')) && rest.contains(['.', ':']);
    let is_usual = |name: &str| {
        let name = name.to_ascii_lowercase();
        name.starts_with("x-forwarded-")
            || matches!(&*name, "host" | "x-real-ip" | "forwarded" | "connection" | "upgrade")
    };
    let is_other = |child: At<'_>| match child.name() {
        "proxy_set_header" => !child.arg(0).is_some_and(is_usual),
        "proxy_pass" => false,
        name => name.starts_with("proxy_"),
    };
    is_address && !node.parent().into_iter().flat_map(At::children).any(is_other)
}

/// Returns the headers that are set for the app.
pub(super) fn headers(node: At<'_>) -> Vec<At<'_>> {
    let level = node.parents().find(|scope| scope.each("proxy_set_header").next().is_some());
    level.into_iter().flat_map(|scope| scope.each("proxy_set_header")).collect()
}
