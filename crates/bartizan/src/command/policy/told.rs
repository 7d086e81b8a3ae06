//! A group of reports, as the commands about policies tell of it.

use bartizan_reports::advise::Observed;
use serde_json::{Value, json};

use crate::command::reports::written;
use crate::output::visible::visible;
use crate::output::{BOLD, CODE, DIM};

/// Returns a group as JSON, with a reason and its meaning where there is one.
pub(super) fn as_json(seen: &Observed, reason: Option<(&str, &str)>) -> Value {
    let group = &seen.group;
    let mut told = json!({
        "group": group.id.to_string(),
        "site": group.site,
        "directive": group.subject.what,
        "target": group.subject.target,
        "count": group.count,
        "clients": group.clients.estimate(),
        "first_seen": written(group.first_seen),
        "last_seen": written(group.last_seen),
        "pages": pages(&seen.pages),
    });
    if let Some((reason, meaning)) = reason {
        told["reason"] = reason.into();
        told["meaning"] = meaning.into();
    }
    told
}

/// Returns pages as JSON.
pub(super) fn pages(pages: &[bartizan_reports::store::PageCount]) -> Value {
    pages.iter().map(|page| json!({ "page": page.page, "count": page.count })).collect()
}

/// Returns a group for people, with the meaning of a reason where there is one.
pub(super) fn line(seen: &Observed, reason: Option<(&str, &str)>) -> String {
    let group = &seen.group;
    let mut text = format!(
        "{BOLD}{:>9}{BOLD:#}  {} {CODE}{}{CODE:#}\n           {DIM}{}{DIM:#}",
        group.count,
        visible(&group.subject.what),
        visible(&group.subject.target),
        facts(group.clients.estimate(), group.first_seen, group.last_seen, &seen.pages),
    );
    if let Some((_, meaning)) = reason {
        text.push_str(&format!("\n           {meaning}"));
    }
    text
}

/// Returns who saw something, when and where.
pub(super) fn facts(clients: u64, first: i64, last: i64, pages: &[bartizan_reports::store::PageCount]) -> String {
    let place = match pages {
        [] => String::new(),
        [only] => format!("  on {}", visible(&only.page)),
        [first, rest @ ..] => format!("  on {} and {} more", visible(&first.page), rest.len()),
    };
    format!("{clients} clients  {} to {}{place}", written(first), written(last))
}
