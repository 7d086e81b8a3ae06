//! Where an Apache configuration sends visitors.

use std::collections::BTreeSet;

use super::sections::matches_all;
use super::{Apache, Server};
use crate::facts::blocks::At;

/// Where visitors are sent.
#[derive(Debug, Clone, Copy)]
pub struct Redirect<'a> {
    /// The directive.
    pub at: At<'a>,
    /// The address.
    pub to: &'a str,
    /// Whether browsers may not remember it, though it only leads to HTTPS.
    pub is_temporary: bool,
}

impl Apache {
    /// Returns the redirects.
    pub fn redirects(&self) -> impl Iterator<Item = Redirect<'_>> {
        let names = ["redirect", "redirectmatch", "redirectpermanent", "redirecttemp", "rewritecond", "rewriterule"];
        // The conditions of a rule are those between it and the rule before it.
        let mut asked = BTreeSet::new();
        let mut found = Vec::new();
        for node in self.blocks.named_any(&names) {
            let scope = node.parent().map(At::id);
            match node.name() {
                "rewritecond" if asks(node) => drop(asked.insert(scope)),
                "rewritecond" => {}
                name => {
                    let is_asked = name == "rewriterule" && asked.remove(&scope);
                    found.extend(redirect(node, is_asked));
                }
            }
        }
        found.into_iter()
    }
}

impl Redirect<'_> {
    /// Returns the word to change, and what to, so that the redirect is permanent.
    pub fn permanent(self) -> Option<(usize, String)> {
        match self.at.name() {
            "rewriterule" => match self.at.arg(2) {
                Some(_) => {
                    let flags: Vec<_> =
                        flags(self.at).into_iter().map(|flag| if is_r(flag) { "R=301" } else { flag }).collect();
                    let more = if flags.contains(&"R=301") { "" } else { "R=301," };
                    Some((2, format!("[{more}{}]", flags.join(","))))
                }
                None => Some((1, format!("{} [R=301,L]", self.at.text().get(self.at.word_place(1)?.span)?))),
            },
            "redirect" | "redirectmatch" if status(self.at).is_none() => {
                let from = self.at.text().get(self.at.word_place(0)?.span)?;
                Some((0, format!("permanent {from}")))
            }
            "redirect" | "redirectmatch" => Some((0, "permanent".to_owned())),
            _ => None,
        }
    }
}

fn redirect(at: At<'_>, is_asked: bool) -> Option<Redirect<'_>> {
    let to = at.args().find(|arg| is_address(arg))?;
    if at.is("rewriterule") && is_inner(at) {
        return None;
    }
    let is_temporary = match at.name() {
        "redirecttemp" => true,
        "redirectpermanent" => false,
        "rewriterule" => !flags(at)
            .iter()
            .any(|flag| matches!(&*flag.to_ascii_lowercase(), "r=301" | "r=308" | "r=permanent" | "redirect=301")),
        _ => !matches!(status(at).as_deref(), Some("permanent" | "gone" | "301" | "308" | "410")),
    };
    Some(Redirect { at, to, is_temporary: is_temporary && (is_asked || is_upgrade(at)) })
}

/// Whether who comes by plain HTTP alone is sent.
fn is_upgrade(at: At<'_>) -> bool {
    let server = at.within("virtualhost").map(|at| Server { at, is_only: false });
    if server.is_some_and(|server| server.is_plain() && !server.is_tls()) {
        return true;
    }
    at.parents().find(|scope| matches!(scope.name(), "if" | "elseif" | "else")).is_some_and(asks)
}

/// Whether a condition is about how the visitor came.
fn asks(condition: At<'_>) -> bool {
    condition.args().any(|arg| arg.to_ascii_uppercase().contains("HTTPS") || arg.contains("SERVER_PORT"))
}

/// Whether a server sends all visitors elsewhere.
pub(super) fn sends_all(server: At<'_>) -> bool {
    let names = ["redirect", "redirectpermanent", "redirecttemp", "redirectmatch", "rewriterule"];
    server.children().any(|node| {
        let scope = matches!(node.name(), "location" | "locationmatch" | "directory" | "if").then_some(node);
        let is_whole = |node: At<'_>| node.is("if") || node.arg(0).is_some_and(|path| path == "/" || matches_all(path));
        let inner = scope.filter(|scope| is_whole(*scope)).into_iter().flat_map(At::children);
        std::iter::once(node).chain(inner).any(|node| names.contains(&node.name()) && is_for_all(node))
    })
}

fn is_for_all(node: At<'_>) -> bool {
    if !node.args().any(is_address) {
        return false;
    }
    match node.name() {
        // Within a location, the address alone is given.
        "redirect" | "redirectpermanent" | "redirecttemp" => {
            node.args().any(|arg| arg == "/") || !node.args().any(|arg| arg.starts_with('/'))
        }
        "redirectmatch" => node.args().any(matches_all),
        _ if !is_on(node) => false,
        _ => !is_inner(node) && node.arg(0).is_some_and(|pattern| matches_all(pattern) || pattern.starts_with('!')),
    }
}

/// Whether rewriting is on where a rule stands; it is off unless it is switched on.
fn is_on(rule: At<'_>) -> bool {
    rule.parents().any(|scope| !scope.is_root() && scope.last("rewriteengine").is_some_and(|engine| engine.says("on")))
}

/// Whether a rule only passes the request on, or names another file of this server.
fn is_inner(rule: At<'_>) -> bool {
    let is_proxied = flags(rule).iter().any(|flag| matches!(&*flag.to_ascii_lowercase(), "p" | "proxy"));
    is_proxied || !rule.arg(1).is_some_and(is_address)
}

fn is_address(word: &str) -> bool {
    let starts = |start: &str| word.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start));
    starts("https://") || starts("http://")
}

/// The status that a redirect names, in lower case.
fn status(node: At<'_>) -> Option<String> {
    let first = node.arg(0)?.to_ascii_lowercase();
    let is_number = !first.is_empty() && first.bytes().all(|byte| byte.is_ascii_digit());
    (is_number || matches!(&*first, "permanent" | "temp" | "seeother" | "gone")).then_some(first)
}

/// The flags of a rewrite.
fn flags(node: At<'_>) -> Vec<&str> {
    let last = node.args().skip(2).find(|arg| arg.starts_with('[') && arg.ends_with(']'));
    last.map(|flags| flags.trim_matches(['[', ']']).split(',').map(str::trim).collect()).unwrap_or_default()
}

fn is_r(flag: &str) -> bool {
    let lower = flag.to_ascii_lowercase();
    lower == "r" || lower.starts_with("r=") || lower == "redirect" || lower.starts_with("redirect=")
}
