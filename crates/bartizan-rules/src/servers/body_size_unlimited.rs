//! Bodies of any size are taken.

use crate::explanation::Platform::{Apache, Nginx};
use crate::explanation::Reference::{Cwe, Spec};
use crate::nginx::quantity;
use crate::sightings;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// Bodies of any size are taken.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "body-size-unlimited",
        title: "Bodies of any size are taken",
        why: "The server reads as much as somebody sends, onto its disk or into the app. A single visitor can fill \
              it, and with it the logs and whatever else lies there.",
        fix: &[(Apache, "LimitRequestBody 10485760"), (Nginx, "client_max_body_size 10m;")],
        references: &[
            Spec(
                "nginx: client_max_body_size",
                "https://nginx.org/en/docs/http/ngx_http_core_module.html#client_max_body_size",
            ),
            Spec("Apache: LimitRequestBody", "https://httpd.apache.org/docs/2.4/mod/core.html#limitrequestbody"),
            Cwe(770),
        ],
    },
    topic: Topic::Servers,
    severity: Severity::Medium,
    bad: Example::File(
        Format::Nginx,
        r"http {
    client_max_body_size 0;
}",
    ),
    good: Example::File(
        Format::Nginx,
        r"http {
    client_max_body_size 10m;
}",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    sightings::nginx(&RULE, facts, findings, |nginx, seen| {
        for node in nginx.each("client_max_body_size").filter(|node| node.arg(0).and_then(quantity::bytes) == Some(0)) {
            let said = seen.at(node, "0 means no limit");
            said.own("nginx:body-size-unlimited").edit(node.with_word(
                0,
                "100m",
                Safety::Risky("larger uploads are refused"),
            ));
        }
    });
    sightings::apache(&RULE, facts, findings, |apache, seen| {
        for node in apache.each("limitrequestbody").filter(|node| node.arg(0) == Some("0")) {
            let said = seen.at(node, "0 means no limit");
            said.own("apache:limit-request-body").edit(node.with_word(
                0,
                "104857600",
                Safety::Risky("larger uploads are refused"),
            ));
        }
        if apache.is_whole() && apache.each("limitrequestbody").next().is_none() {
            let said =
                seen.at(apache.root(), "LimitRequestBody is not set: a gigabyte, and without a limit before 2.4.53");
            said.own("apache:limit-request-body")
                .edit(apache.with_line("LimitRequestBody 104857600", Safety::Risky("larger uploads are refused")));
        }
    });
}
