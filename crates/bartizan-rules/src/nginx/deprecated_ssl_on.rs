//! ssl on stands instead of listen ssl.

use crate::explanation::Platform::Nginx;
use crate::explanation::Reference::Spec;
use crate::sightings::nginx;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// ssl on stands instead of listen ssl.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "deprecated-ssl-on",
        title: "The directive ssl on stands instead of listen ssl",
        why: "The directive is gone since nginx 1.25.1, and a new version does not start with it. Where it works it \
              makes every port of the server speak TLS, the plain one as well.",
        fix: &[(Nginx, "listen 443 ssl;")],
        references: &[
            Spec("nginx: listen", "https://nginx.org/en/docs/http/ngx_http_core_module.html#listen"),
            Spec("nginx: ssl", "https://nginx.org/en/docs/http/ngx_http_ssl_module.html#ssl"),
        ],
    },
    topic: Topic::Nginx,
    severity: Severity::Info,
    bad: Example::File(
        Format::Nginx,
        r"http {
    server {
        listen 443;
        ssl on;
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
        for node in nginx.each("ssl").filter(|node| node.says("on")) {
            let said = seen.at(node, "gone since nginx 1.25.1");
            said.own("nginx:deprecated-ssl-on").edit(node.without(Safety::Safe));
            for listen in node
                .parent()
                .into_iter()
                .flat_map(|server| server.each("listen"))
                .filter(|it| !it.args().any(|arg| arg == "ssl"))
            {
                said.edit(listen.with_more("ssl", Safety::Safe));
            }
        }
    });
}
