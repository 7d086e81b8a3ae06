//! Which directives another auditor sees: what nginx would refuse is passed over, with its block.

use super::arity;
use super::reader::Peer;
use crate::facts::blocks::{At, Blocks};

/// Returns for each directive, by its number, whether it is seen.
pub(super) fn seen(blocks: &Blocks, peer: Peer) -> Vec<bool> {
    let mut is_seen = vec![true; blocks.len()];
    // A block is read before what stands in it.
    for node in blocks.all() {
        let is_around_seen = node.parent().and_then(|parent| is_seen.get(parent.id().number()).copied()) != Some(false);
        if let Some(own) = is_seen.get_mut(node.id().number()) {
            *own = is_around_seen && !refuses(peer, node);
        }
    }
    is_seen
}

fn refuses(peer: Peer, node: At<'_>) -> bool {
    let count = node.args().count();
    if node.parent().is_some_and(|parent| matches!(parent.name(), "map" | "geo")) && !node.is_block() {
        return count > 1;
    }
    let name = node.name();
    if peer == Peer::Ng {
        return match name {
            "js_set" => !(is_variable(node) && (count == 2 || (count == 3 && node.arg(2) == Some("nocache")))),
            "js_var" => !(is_variable(node) && matches!(count, 1 | 2)),
            "set_by_lua_block" => !(is_variable(node) && count == 1),
            "set_by_lua_file" => !(is_variable(node) && count >= 2),
            _ => !arity::fits(node),
        };
    }
    let least = match name {
        "add_header" | "set" | "map" | "rewrite" | "auth_request_set" | "perl_set" | "set_by_lua" => 2,
        "geo" | "root" | "alias" | "location" | "if" | "include" => 1,
        _ => 0,
    };
    let is_wrong_form = if node.is_block() {
        matches!(
            name,
            "add_header"
                | "set"
                | "rewrite"
                | "auth_request_set"
                | "perl_set"
                | "set_by_lua"
                | "root"
                | "alias"
                | "resolver"
                | "more_set_headers"
        )
    } else {
        matches!(name, "http" | "location" | "if" | "map" | "geo")
    };
    count < least || is_wrong_form || (name == "if" && count > 3)
}

fn is_variable(node: At<'_>) -> bool {
    node.arg(0).and_then(|word| word.strip_prefix('$')).is_some_and(|name| {
        name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
            && name.chars().next().is_some_and(|c| !c.is_ascii_digit())
    })
}
