//! Errors are thrown away.

use crate::explanation::Platform::Nginx;
use crate::explanation::Reference::{Cwe, Spec};
use crate::facts::nginx::Peer;
use crate::sightings::nginx;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// Errors are thrown away.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "error-log-off",
        title: "Errors are thrown away",
        why: "`error_log off` does not turn the log off: it writes to a file of the name off. /dev/null throws all \
              errors away, and with them every trace of an attack and of what broke. Somebody will want to know what \
              happened that night.",
        fix: &[(Nginx, "error_log /var/log/nginx/error.log warn;")],
        references: &[Spec("nginx: error_log", "https://nginx.org/en/docs/ngx_core_module.html#error_log"), Cwe(778)],
    },
    topic: Topic::Nginx,
    severity: Severity::Medium,
    bad: Example::File(
        Format::Nginx,
        r"error_log off;
http {

}",
    ),
    good: Example::File(
        Format::Nginx,
        r"error_log /var/log/nginx/error.log;
http {

}",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    nginx(&RULE, facts, findings, |nginx, seen| {
        for node in nginx.each("error_log") {
            let target = node.arg(0).unwrap_or_default();
            if !target.eq_ignore_ascii_case("off") && target != "/dev/null" {
                continue;
            }
            let said = seen
                .at(node, if target == "/dev/null" { "errors go nowhere" } else { "errors go to a file called off" });
            said.own("nginx:error-log-off").edit(node.with_word(0, "/var/log/nginx/error.log", Safety::Safe));
            if target == "off" && nginx.reader(Peer::Ng).sees(node) {
                said.peer(Peer::Ng, "error_log_off", "");
            }
            if target.eq_ignore_ascii_case("off") && nginx.reader(Peer::Next).sees(node) {
                said.peer(Peer::Next, "error_log_off", "");
            }
        }
    });
}
