//! Who may reach what a section does.

use super::Apache;
use crate::facts::blocks::At;

/// Whether only some may reach what a directive does: its section, one around it, or another one for the same says so.
pub(super) fn is_guarded(apache: &Apache, node: At<'_>) -> bool {
    let mut around = node.parents().take_while(|section| apache.is_htaccess() || !section.is_root());
    let Some(section) = node.parent() else { return false };
    let is_same = |other: &At<'_>| !section.is_root() && other.args().eq(section.args());
    around.any(is_closed) || apache.each(section.name()).filter(is_same).take(MOST).any(is_closed)
}

/// Whether a section closes what it is for to all, or to all but some.
pub(super) fn is_closed(section: At<'_>) -> bool {
    let narrows = |child: At<'_>| match child.name() {
        "require" => !is_open(child),
        "deny" => child.says("from"),
        "requireall" => {
            child.children().any(|inner| inner.is("require") && !is_open(inner)) || child.children().next().is_none()
        }
        "requireany" => !child.children().any(|inner| inner.is("require") && is_open(inner)),
        "limit" | "limitexcept" => is_closed(child),
        _ => false,
    };
    section.children().any(narrows)
}

/// Whether a line lets everybody in.
fn is_open(require: At<'_>) -> bool {
    let is_all = |address: &str| matches!(address, "0.0.0.0/0" | "::/0");
    (require.says("all") && require.arg(1).is_some_and(|arg| arg.eq_ignore_ascii_case("granted")))
        || (require.says("ip") && require.args().skip(1).any(is_all))
}

/// More sections for the same path than a configuration has.
const MOST: usize = 1_000;
