//! Who may reach what a section does.

use std::collections::BTreeSet;

use super::Apache;
use crate::facts::blocks::At;

/// Whether only some may reach what a directive does: its section, one around it, or another one for the same says so.
pub(super) fn is_guarded(apache: &Apache, node: At<'_>) -> bool {
    let mut around = node.parents().take_while(|section| apache.is_htaccess() || !section.is_root());
    let Some(section) = node.parent() else { return false };
    around.any(is_closed)
        || (!section.is_root() && apache.closed.get_or_init(|| all_closed(apache)).contains(&key(section)))
}

/// What each section that closes something is for.
fn all_closed(apache: &Apache) -> BTreeSet<String> {
    let sections = apache.blocks.all().filter(|node| node.is_block() && is_closed(*node));
    sections.map(key).collect()
}

fn key(section: At<'_>) -> String {
    std::iter::once(section.name()).chain(section.args()).flat_map(|word| [word, "\n"]).collect()
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
