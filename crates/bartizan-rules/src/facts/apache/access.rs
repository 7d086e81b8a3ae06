//! Who may reach what a section does.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use super::Apache;
use super::contexts::is_server_only;
use crate::facts::blocks::At;

/// The sections that are closed to all, or to all but some: each by its name and words.
#[derive(Debug, Clone, Default)]
pub(super) struct Closed {
    sections: OnceLock<BTreeSet<Section>>,
}

type Section = (Box<str>, Vec<Box<str>>);

/// Whether only some may reach what a directive does: its section, one around it, or another one for the same says so.
pub(super) fn is_guarded(apache: &Apache, node: At<'_>) -> bool {
    let mut around = node.parents().take_while(|section| apache.is_htaccess() || !section.is_root());
    let Some(section) = node.parent() else { return false };
    let closed = apache.closed.sections.get_or_init(|| {
        let is_refused = |node: &At<'_>| apache.is_htaccess() && is_server_only(node.name());
        let sections = apache.blocks.all().filter(|node| node.is_block() && !is_refused(node) && is_closed(*node));
        sections.map(key).collect()
    });
    around.any(is_closed) || (!section.is_root() && closed.contains(&key(section)))
}

fn key(section: At<'_>) -> Section {
    (section.name().into(), section.args().map(Box::from).collect())
}

/// Whether a section closes what it is for to all, or to all but some.
pub(super) fn is_closed(section: At<'_>) -> bool {
    let narrows = |child: At<'_>| match child.name() {
        "require" => !is_open(child),
        "deny" => child.says("from"),
        "requireall" => child.each("require").any(|inner| !is_open(inner)) || child.children().next().is_none(),
        "requireany" => !child.each("require").any(is_open),
        "limit" | "limitexcept" => is_closed(child),
        _ => false,
    };
    NARROWING.iter().any(|name| section.each(name).any(narrows))
}

/// What can close a section.
const NARROWING: [&str; 6] = ["require", "deny", "requireall", "requireany", "limit", "limitexcept"];

/// Whether a line lets everybody in.
fn is_open(require: At<'_>) -> bool {
    let is_all = |address: &str| matches!(address, "0.0.0.0/0" | "::/0");
    (require.says("all") && require.arg(1).is_some_and(|arg| arg.eq_ignore_ascii_case("granted")))
        || (require.says("ip") && require.args().skip(1).any(is_all))
}
