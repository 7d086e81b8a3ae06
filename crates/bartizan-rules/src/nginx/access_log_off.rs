//! Requests are not logged.

use crate::explanation::Platform::Nginx;
use crate::explanation::Reference::{Cwe, Spec};
use crate::sightings::nginx;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// Requests are not logged.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "access-log-off",
        title: "Requests are not logged",
        why: "After an attack nobody can tell what was asked for, from where and when. For single locations, such as \
              a favicon, it may be switched off.",
        fix: &[(Nginx, "access_log /var/log/nginx/access.log;")],
        references: &[
            Spec("nginx: access_log", "https://nginx.org/en/docs/http/ngx_http_log_module.html#access_log"),
            Cwe(778),
        ],
    },
    topic: Topic::Nginx,
    severity: Severity::Info,
    bad: Example::File(
        Format::Nginx,
        r"server {
    access_log off;
}",
    ),
    good: Example::File(
        Format::Nginx,
        r"server {
    access_log /var/log/nginx/access.log;
}",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    nginx(&RULE, facts, findings, |nginx, seen| {
        for node in nginx.each("access_log").filter(|node| node.says("off")) {
            if node.parent().is_some_and(|scope| scope.is("server") || scope.is("http")) {
                let said = seen.at(node, "for a whole server");
                said.own("nginx:access-log-off").edit(node.with_words("/var/log/nginx/access.log", Safety::Safe));
            }
        }
    });
}
