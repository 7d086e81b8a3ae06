//! The whole file system is served.

use crate::explanation::Platform::Nginx;
use crate::explanation::Reference::{Cwe, Spec};
use crate::facts::blocks::At;
use crate::facts::nginx::Peer;
use crate::sightings::nginx;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Severity, Topic};

/// The whole file system is served.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "root-is-slash",
        title: "The whole file system is served",
        why: "With `/` as the folder of a site every file that nginx may read has an address: /etc/passwd, keys, the \
              app's settings. Only rules for single locations stand before them, and one that is forgotten is enough.",
        fix: &[(Nginx, "root /srv/www;")],
        references: &[Spec("nginx: root", "https://nginx.org/en/docs/http/ngx_http_core_module.html#root"), Cwe(552)],
    },
    topic: Topic::Nginx,
    severity: Severity::High,
    bad: Example::File(
        Format::Nginx,
        r"server {
    location / {
        root /;
    }
}",
    ),
    good: Example::File(
        Format::Nginx,
        r"server {
    location / {
        root /srv/www;
    }
}",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    nginx(&RULE, facts, findings, |nginx, seen| {
        for node in nginx.each("root").chain(nginx.each("alias")) {
            let path = node.arg(0).unwrap_or_default();
            if path.contains('$') {
                continue;
            }
            let is_ng = is_root(path) && path.starts_with('/') && nginx.reader(Peer::Ng).sees(node);
            let is_next =
                is_root(path) && nginx.reader(Peer::Next).sees(node) && (node.is("root") || is_exposed(node, path));
            if is_ng || is_next {
                let said = seen.at(node, format_args!("{} is the root of the file system", node.name()));
                said.own("nginx:root-is-slash");
                if is_ng {
                    said.peer(Peer::Ng, "filesystem_root_exposure", node.name().to_owned());
                }
                if is_next {
                    said.peer(Peer::Next, "filesystem_root_exposure", format!("{} {path}", node.name()));
                }
            }
        }
    });
}

/// Whether nothing is left of the path once its dots are followed.
fn is_root(path: &str) -> bool {
    let mut depth = 0_usize;
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if path.starts_with('/') || depth > 0 => depth = depth.saturating_sub(1),
            _ => depth += 1,
        }
    }
    depth == 0 && path.starts_with('/')
}

/// An alias of a prefix that puts no slash between can only name what begins with the rest of the address.
fn is_exposed(alias: At<'_>, path: &str) -> bool {
    let Some(location) = alias.within("location") else { return false };
    let (modifier, prefix) = match location.words().len() {
        2 => (location.arg(0), location.arg(1)),
        _ => (None, location.arg(0)),
    };
    let is_prefix = matches!(modifier, None | Some("" | "^~"));
    let has_slash = prefix.is_some_and(|prefix| prefix.ends_with('/'));
    is_prefix && (path.ends_with('/') || !has_slash)
}
