//! Requests without a referrer count as coming from the own site.

use crate::explanation::Platform::Nginx;
use crate::explanation::Reference::{Cwe, Spec};
use crate::facts::nginx::Peer;
use crate::sightings::nginx;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// Requests without a referrer count as coming from the own site.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "valid-referers",
        title: "Requests without a referrer count as coming from the own site",
        why: "Any page can send requests without a Referer: a meta tag or a data URL is enough. With `none`, or with \
              `blocked`, such a request passes the check that was meant to keep other sites out.",
        fix: &[(Nginx, "valid_referers server_names;")],
        references: &[
            Spec("nginx: valid_referers", "https://nginx.org/en/docs/http/ngx_http_referer_module.html#valid_referers"),
            Cwe(293),
        ],
    },
    topic: Topic::Nginx,
    severity: Severity::Medium,
    bad: Example::File(
        Format::Nginx,
        r"server {
    valid_referers none blocked server_names;
}",
    ),
    good: Example::File(
        Format::Nginx,
        r"server {
    valid_referers server_names;
}",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    nginx(&RULE, facts, findings, |nginx, seen| {
        for node in nginx.each("valid_referers") {
            let is_next =
                node.args().any(|arg| arg.eq_ignore_ascii_case("none") || arg.eq_ignore_ascii_case("blocked"));
            if !is_next {
                continue;
            }
            let said = seen.at(node, "requests that name no page pass");
            said.own("nginx:valid-referers");
            let rest: Vec<_> = node
                .args()
                .filter(|arg| !arg.eq_ignore_ascii_case("none") && !arg.eq_ignore_ascii_case("blocked"))
                .collect();
            if !rest.is_empty() {
                said.edit(
                    node.with_words(&rest.join(" "), Safety::Risky("browsers that send no referrer are refused")),
                );
            }
            if node.args().any(|arg| arg == "none") && nginx.reader(Peer::Ng).sees(node) {
                said.peer(Peer::Ng, "valid_referers", "");
            }
            if nginx.reader(Peer::Next).sees(node) {
                said.peer(Peer::Next, "valid_referers", "");
            }
        }
    });
}
