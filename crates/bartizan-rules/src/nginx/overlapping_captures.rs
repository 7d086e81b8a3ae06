//! A rewrite can write beyond its memory in old versions.

use crate::explanation::Platform::Nginx;
use crate::explanation::Reference::{Cve, Spec};
use crate::facts::blocks::At;
use crate::facts::nginx::Peer;
use crate::sightings::nginx;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Severity, Topic};

/// A rewrite can write beyond its memory in old versions.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "overlapping-captures",
        title: "A rewrite can write beyond its memory in old versions",
        why: "Where one group lies within another and a rewrite uses both in a redirect or in arguments, versions \
              before 1.30.2 and 1.31.1 reserve too little memory and write beyond it. A request of a visitor is \
              enough. Newer versions are not affected.",
        fix: &[(Nginx, "rewrite ^/(.*)/x$ https://www.example.org/$1 redirect;")],
        references: &[
            Cve("CVE-2026-9256"),
            Spec("nginx: rewrite", "https://nginx.org/en/docs/http/ngx_http_rewrite_module.html#rewrite"),
        ],
    },
    topic: Topic::Nginx,
    severity: Severity::Info,
    bad: Example::File(
        Format::Nginx,
        r"server {
    location / {
        rewrite ^/((.*)/x)$ https://www.example.org/$1/$2 redirect;
    }
}",
    ),
    good: Example::File(
        Format::Nginx,
        r"server {
    location / {
        rewrite ^/(.*)/x$ https://www.example.org/$1 redirect;
    }
}",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    nginx(&RULE, facts, findings, |nginx, seen| {
        for node in nginx.each("rewrite").filter(|node| is_affected(*node)) {
            let said = seen.at(node, "groups within groups are put into a redirect or into arguments");
            if nginx.reader(Peer::Next).sees(node) {
                said.peer(Peer::Next, "overlapping_captures", "");
            }
        }
    });
}

fn is_affected(rewrite: At<'_>) -> bool {
    let (Some(pattern), Some(to)) = (rewrite.arg(0), rewrite.arg(1)) else { return false };
    let to = to.strip_suffix('?').unwrap_or(to);
    let has_variable =
        to.split('$').skip(1).any(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_' || c == '{'));
    let flag = rewrite.arg(2).unwrap_or_default().to_ascii_lowercase();
    let is_redirect =
        matches!(&*flag, "redirect" | "permanent") || to.starts_with("http://") || to.starts_with("https://");
    let all = numbers(to);
    let mut used =
        if is_redirect { all.clone() } else { to.split_once('?').map(|(_, query)| numbers(query)).unwrap_or_default() };
    let mut distinct = all.clone();
    distinct.sort_unstable();
    distinct.dedup();
    used.sort_unstable();
    used.dedup();
    if has_variable || distinct.len() != all.len() || used.len() < 2 {
        return false;
    }
    let parents = parents(pattern);
    let is_within = |inner: u32, outer: u32| {
        let mut at = Some(inner);
        while let Some(number) = at {
            at = parents.get(number as usize - 1).copied().flatten();
            if at == Some(outer) {
                return true;
            }
        }
        false
    };
    let known = || used.iter().copied().filter(|number| *number as usize <= parents.len());
    known().any(|one| known().any(|other| one != other && is_within(one, other)))
}

fn numbers(text: &str) -> Vec<u32> {
    let digits = text.split('$').skip(1).filter_map(|rest| rest.chars().next()?.to_digit(10));
    digits.filter(|digit| *digit > 0).collect()
}

/// For each group, the group around it.
fn parents(pattern: &str) -> Vec<Option<u32>> {
    let mut parents: Vec<Option<u32>> = Vec::new();
    let mut open: Vec<Option<u32>> = Vec::new();
    let mut in_class = false;
    let mut rest = pattern.chars();
    while let Some(c) = rest.next() {
        match c {
            '\\' => drop(rest.next()),
            ']' if in_class => in_class = false,
            _ if in_class => {}
            '[' => in_class = true,
            '(' => {
                let after = rest.as_str();
                let is_group = match after.strip_prefix('?') {
                    None => !after.starts_with('*'),
                    Some(kind) => {
                        (kind.starts_with('<') && !kind.starts_with("<=") && !kind.starts_with("<!"))
                            || kind.starts_with('\'')
                            || kind.starts_with("P<")
                    }
                };
                if is_group {
                    parents.push(open.iter().rev().flatten().next().copied());
                    open.push(u32::try_from(parents.len()).ok());
                } else {
                    open.push(None);
                }
            }
            ')' => drop(open.pop()),
            _ => {}
        }
    }
    parents
}
