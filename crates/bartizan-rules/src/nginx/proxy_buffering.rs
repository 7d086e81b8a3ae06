//! Answers of the app are not buffered.

use crate::explanation::Platform::Nginx;
use crate::explanation::Reference::{Cwe, Spec};
use crate::facts::nginx::Peer;
use crate::sightings::nginx;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// Answers of the app are not buffered.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "proxy-buffering",
        title: "Answers of the app are not buffered",
        why: "Without buffering the app keeps a worker busy until the slowest visitor has read the last byte. A few \
              hundred visitors who read one byte a second stop the site. Streams that need it can ask for it with \
              X-Accel-Buffering.",
        fix: &[(Nginx, "proxy_buffering on;")],
        references: &[
            Spec("nginx: proxy_buffering", "https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_buffering"),
            Cwe(400),
        ],
    },
    topic: Topic::Nginx,
    severity: Severity::Low,
    bad: Example::File(
        Format::Nginx,
        r"server {
    location / {
        proxy_buffering off;
        proxy_pass http://127.0.0.1:8000;
    }
}",
    ),
    good: Example::File(
        Format::Nginx,
        r"server {
    location / {
        proxy_pass http://127.0.0.1:8000;
    }
}",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    nginx(&RULE, facts, findings, |nginx, seen| {
        for node in nginx
            .each("proxy_buffering")
            .filter(|node| node.arg(0).is_some_and(|arg| arg.trim().eq_ignore_ascii_case("off")))
        {
            let said = seen.at(node, "slow visitors hold the app");
            said.own("nginx:proxy-buffering");
            said.edit(node.without(Safety::Risky("streams that rely on it wait until a buffer is full")));
            if nginx.reader(Peer::Next).sees(node) {
                said.peer(Peer::Next, "proxy_buffering_off", "");
            }
        }
    });
}
