//! One variable is written in different cases.

use std::collections::BTreeMap;

use crate::explanation::Platform::Nginx;
use crate::explanation::Reference::Spec;
use crate::facts::blocks::At;
use crate::facts::nginx::{Peer, variables};
use crate::sightings::nginx;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Severity, Topic};

/// One variable is written in different cases.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "mixed-case-variable",
        title: "One variable is written in different cases",
        why: "nginx folds the case of variable names, so that $Foo and $foo are one. Whoever reads the file may take \
              them for two, and change one of them alone.",
        fix: &[(Nginx, "set $target one;\nreturn 200 $target;")],
        references: &[Spec("nginx: set", "https://nginx.org/en/docs/http/ngx_http_rewrite_module.html#set")],
    },
    topic: Topic::Nginx,
    severity: Severity::Info,
    bad: Example::File(
        Format::Nginx,
        r"server {
    set $target one;
    return 200 $Target;
}",
    ),
    good: Example::File(
        Format::Nginx,
        r"server {
    set $target one;
    return 200 $target;
}",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    nginx(&RULE, facts, findings, |nginx, seen| {
        let next = nginx.reader(Peer::Next);
        let seen_by = || next.scripts(nginx.blocks()).flat_map(named);
        // Without a capital letter somewhere, no two forms differ.
        if !seen_by().any(|(name, _)| name.bytes().any(|byte| byte.is_ascii_uppercase())) {
            return;
        }
        let mut forms: BTreeMap<String, BTreeMap<&str, At<'_>>> = BTreeMap::new();
        for (name, node) in seen_by() {
            forms.entry(name.to_lowercase()).or_default().entry(name).or_insert(node);
        }
        for (name, forms) in forms.iter().filter(|(_, forms)| forms.len() > 1) {
            if let Some(at) = forms.values().next() {
                let all: Vec<_> = forms.keys().map(|form| format!("${form}")).collect();
                seen.at(*at, format_args!("one variable, written {}", all.join(" and "))).peer(
                    Peer::Next,
                    "mixed_case_variable",
                    name.clone(),
                );
            }
        }
    });
}

/// The variables that a directive names.
fn named<'a>(node: At<'a>) -> impl Iterator<Item = (&'a str, At<'a>)> {
    let names = node.args().flat_map(variables);
    names.filter(|name| !name.starts_with(|c: char| c.is_ascii_digit())).map(move |name| (name, node))
}
