//! The words of `Options`: what they grant, and how to take one back.

use std::collections::BTreeSet;

use crate::facts::Apache;
use crate::facts::blocks::{At, NodeId};
use crate::{Edit, Safety};

/// Whether a line mixes words with and without a sign, which httpd refuses.
pub(crate) fn is_mixed(node: At<'_>) -> bool {
    let is_signed = |arg: &str| arg.starts_with(['+', '-']);
    node.args().any(is_signed) && !node.args().all(is_signed)
}

/// Returns the lines that grant one of some options, unless a later one beside them takes it back.
pub(crate) fn granting<'a>(apache: &'a Apache, options: &[&str]) -> Vec<At<'a>> {
    let mut taken: BTreeSet<Option<NodeId>> = BTreeSet::new();
    let nodes: Vec<_> = apache.each("options").filter(|node| !is_mixed(*node)).collect();
    let mut found = Vec::new();
    for node in nodes.into_iter().rev() {
        let section = node.parent().map(At::id);
        if options.iter().any(|option| grants(node, option)) {
            if !taken.contains(&section) {
                found.push(node);
            }
        } else if takes(node, options) {
            taken.insert(section);
        }
    }
    found.reverse();
    found
}

/// Whether a line takes options back: it names what is granted, or one of them with a minus.
fn takes(node: At<'_>, options: &[&str]) -> bool {
    let is_signed = node.args().any(|arg| arg.starts_with(['+', '-']));
    let is_it = |arg: &str| options.iter().any(|option| arg.eq_ignore_ascii_case(option));
    !is_signed || node.args().any(|arg| arg.strip_prefix('-').is_some_and(is_it))
}

/// Whether a line grants an option; a line that httpd refuses grants nothing.
fn grants(node: At<'_>, option: &str) -> bool {
    !is_mixed(node) && node.args().any(|arg| arg.strip_prefix('+').unwrap_or(arg).eq_ignore_ascii_case(option))
}

/// Returns the change that takes an option back.
pub(crate) fn without(node: At<'_>, option: &str, safety: Safety) -> Option<Edit> {
    let is_it = |arg: &&str| arg.strip_prefix('+').unwrap_or(arg).eq_ignore_ascii_case(option);
    if node.args().any(|arg| arg.starts_with('+')) {
        let words: Vec<_> = node
            .args()
            .map(|arg| if is_it(&arg) { format!("-{}", arg.trim_start_matches('+')) } else { arg.to_owned() })
            .collect();
        return node.with_words(&words.join(" "), safety);
    }
    let words: Vec<_> = node.args().filter(|arg| !is_it(arg)).collect();
    let words = if words.is_empty() { "None".to_owned() } else { words.join(" ") };
    node.with_words(&words, safety)
}

/// Returns all words of a line with a sign.
pub(crate) fn signed(node: At<'_>) -> String {
    let words: Vec<_> =
        node.args().map(|arg| if arg.starts_with(['+', '-']) { arg.to_owned() } else { format!("+{arg}") }).collect();
    words.join(" ")
}
