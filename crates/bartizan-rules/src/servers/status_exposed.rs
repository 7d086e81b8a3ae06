//! The status page is open.

use crate::explanation::Platform::{Apache, Nginx};
use crate::explanation::Reference::{Cwe, Spec};
use crate::facts::nginx::Peer;
use crate::nginx::status;
use crate::sightings;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// The status page is open.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "status-exposed",
        title: "The status page is open",
        why: "It shows how busy the server is, and with Apache the addresses that others ask for at this moment, with \
              their parameters. It is for those who run the server.",
        fix: &[(Apache, "Require local"), (Nginx, "allow 127.0.0.1;\ndeny all;")],
        references: &[
            Spec("nginx: stub_status", "https://nginx.org/en/docs/http/ngx_http_stub_status_module.html#stub_status"),
            Spec("Apache: mod_status", "https://httpd.apache.org/docs/2.4/mod/mod_status.html#mod_status"),
            Cwe(200),
        ],
    },
    topic: Topic::Servers,
    severity: Severity::Medium,
    bad: Example::File(
        Format::Nginx,
        r"server {
    location /status {
        stub_status;
    }
}",
    ),
    good: Example::File(
        Format::Nginx,
        r"server {
    location /status {
        stub_status;
        allow 127.0.0.1;
        deny all;
    }
}",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    sightings::nginx(&RULE, facts, findings, |nginx, seen| {
        for node in nginx.each("stub_status") {
            if let Some(words) = status::by_ng(nginx.reader(Peer::Ng), node) {
                seen.at(node, "anybody can read it").peer(Peer::Ng, "status_page_exposed", words);
            }
            if let Some(words) = status::by_next(nginx.reader(Peer::Next), node) {
                let said = seen.at(node, "anybody can read it");
                said.own("nginx:status-exposed").peer(Peer::Next, "status_page_exposed", words);
                if !node
                    .parent()
                    .into_iter()
                    .flat_map(|scope| scope.children())
                    .any(|it| matches!(it.name(), "allow" | "deny" | "satisfy"))
                {
                    said.edit(node.with_before("deny all;", Safety::Safe))
                        .edit(node.with_before("allow 127.0.0.1;", Safety::Safe));
                }
            }
        }
    });
    sightings::apache(&RULE, facts, findings, |apache, seen| {
        for node in apache.each("sethandler").filter(|node| node.says("server-status")) {
            if !apache.is_guarded(node) {
                let said = seen.at(node, "anybody can read it");
                said.own("apache:status-exposed").edit(apache.guard(node));
            }
        }
    });
}
