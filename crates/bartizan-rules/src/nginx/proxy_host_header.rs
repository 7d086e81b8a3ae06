//! The app is not told which host was asked for.

use super::proxied;
use crate::explanation::Platform::Nginx;
use crate::explanation::Reference::Spec;
use crate::sightings::nginx;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// The app is not told which host was asked for.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "proxy-host-header",
        title: "The app is not told which host was asked for",
        why: "Without Host the app gets the address that nginx uses, such as 127.0.0.1:8000. Links, redirects and \
              cookies then name it, checks of the host are switched off to make it work, and what was meant to be a \
              protection is gone.",
        fix: &[(Nginx, "proxy_set_header Host $host;")],
        references: &[Spec(
            "nginx: proxy_set_header",
            "https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_set_header",
        )],
    },
    topic: Topic::Nginx,
    severity: Severity::Low,
    bad: Example::File(
        Format::Nginx,
        r"server {
    location / {
        proxy_pass http://127.0.0.1:8000;
    }
}",
    ),
    good: Example::File(
        Format::Nginx,
        r"server {
    location / {
        proxy_set_header Host $host;
        proxy_pass http://127.0.0.1:8000;
    }
}",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    nginx(&RULE, facts, findings, |nginx, seen| {
        for node in nginx.each("proxy_pass").filter(|node| proxied::is_plain(*node)) {
            if proxied::headers(node).is_empty() {
                let said = seen.at(node, "the app sees the address of proxy_pass as its host");
                said.own("nginx:proxy-host-header").edit(node.with_before(
                    "proxy_set_header Host $host;",
                    Safety::Risky("the app may refuse a host that it does not know"),
                ));
            }
        }
    });
}
