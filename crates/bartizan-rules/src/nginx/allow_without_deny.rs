//! Addresses are allowed and nobody is denied.

use std::collections::{BTreeMap, BTreeSet};

use crate::explanation::Platform::Nginx;
use crate::explanation::Reference::{Cwe, Spec};
use crate::facts::blocks::At;
use crate::facts::nginx::Peer;
use crate::sightings::nginx;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// Addresses are allowed and nobody is denied.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "allow-without-deny",
        title: "Addresses are allowed and nobody is denied",
        why: "allow only says who may pass a deny that follows. Without any deny all others pass as well, and the \
              list of addresses changes nothing. What was meant for a few is open to everybody.",
        fix: &[(Nginx, "allow 127.0.0.1;\ndeny all;")],
        references: &[Spec("nginx: deny", "https://nginx.org/en/docs/http/ngx_http_access_module.html#deny"), Cwe(284)],
    },
    topic: Topic::Nginx,
    severity: Severity::High,
    bad: Example::File(
        Format::Nginx,
        r"server {
    location / {
        allow 127.0.0.1;
    }
}",
    ),
    good: Example::File(
        Format::Nginx,
        r"server {
    location / {
        allow 127.0.0.1;
        deny all;
    }
}",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    nginx(&RULE, facts, findings, |nginx, seen| {
        let mut asked = BTreeSet::new();
        let mut denied = BTreeMap::new();
        for node in nginx.each("allow").filter(|node| !node.args().eq(["all"])) {
            let Some(scope) = node.parent() else { continue };
            let has_deny = |peer| nginx.reader(peer).find(scope, "deny").next().is_some();
            let is_denied_for_ng = *denied.entry(scope.id()).or_insert_with(|| has_deny(Peer::Ng));
            let is_said_by_ng = nginx.reader(Peer::Ng).sees(node) && !is_denied_for_ng;
            let is_first = !is_login_enough(scope) && asked.insert(scope.id());
            let is_said_by_next = nginx.reader(Peer::Next).sees(node) && is_first && !has_deny(Peer::Next);
            if is_said_by_ng || is_said_by_next {
                let said = seen.at(node, "no deny follows, so that everybody is allowed");
                said.own("nginx:allow-without-deny");
                // Behind the last of them: rules are read in order.
                if scope.last("allow") == Some(node) {
                    said.edit(
                        node.with_after("deny all;", Safety::Risky("others than those allowed may use it today")),
                    );
                }
                if is_said_by_ng {
                    said.peer(Peer::Ng, "allow_without_deny", "");
                }
                if is_said_by_next {
                    said.peer(Peer::Next, "allow_without_deny", "");
                }
            }
        }
    });
}

/// Whether a login does as well as an address.
pub(super) fn is_login_enough(scope: At<'_>) -> bool {
    scope.effective("satisfy").is_some_and(|satisfy| satisfy.says("any")) && has_login(scope)
}

/// Whether a login is asked for.
pub(super) fn has_login(scope: At<'_>) -> bool {
    let is_on = |name| scope.effective(name).is_some_and(|login| login.arg(0).is_some() && !login.says("off"));
    is_on("auth_basic") || is_on("auth_request") || is_on("auth_jwt") || is_on("auth_oidc")
}
