//! HTTP/2 is switched on at the socket.

use crate::explanation::Platform::Nginx;
use crate::explanation::Reference::Spec;
use crate::sightings::nginx;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Severity, Topic};

/// HTTP/2 is switched on at the socket.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "deprecated-listen-http2",
        title: "HTTP/2 is switched on at the socket",
        why: "The word belongs to all servers of the socket, whichever of them has it, and newer versions warn of it \
              at each start. `http2 on` says it for one server.",
        fix: &[(Nginx, "http2 on;  # nginx 1.25.1 and later")],
        references: &[Spec("nginx: http2", "https://nginx.org/en/docs/http/ngx_http_v2_module.html#http2")],
    },
    topic: Topic::Nginx,
    severity: Severity::Info,
    bad: Example::File(
        Format::Nginx,
        r"http {
    server {
        listen 443 ssl http2;
    }
}",
    ),
    good: Example::File(
        Format::Nginx,
        r"http {
    server {
        listen 443 ssl;
    }
}",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    nginx(&RULE, facts, findings, |nginx, seen| {
        for node in nginx.each("listen").filter(|node| node.args().any(|arg| arg == "http2")) {
            seen.at(node, "nginx 1.25.1 and later warn").own("nginx:deprecated-listen-http2");
        }
    });
}
