//! The redirect to HTTPS is a temporary one.

use crate::explanation::Platform::{Apache, Nginx};
use crate::explanation::Reference::{Rfc, Spec};
use crate::sightings;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// The redirect to HTTPS is a temporary one.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "redirect-temporary",
        title: "The redirect to HTTPS is a temporary one",
        why: "Browsers remember a permanent redirect and go to HTTPS by themselves the next time. A temporary one is \
              asked for again and again, each time in the clear, and each time somebody may answer in its place.",
        fix: &[
            (Apache, "RewriteRule ^ https://www.example.org%{REQUEST_URI} [R=301,L]"),
            (Nginx, "return 301 https://www.example.org$request_uri;"),
        ],
        references: &[
            Rfc(9110, "15.4.2"),
            Spec("nginx: return", "https://nginx.org/en/docs/http/ngx_http_rewrite_module.html#return"),
        ],
    },
    topic: Topic::Servers,
    severity: Severity::Low,
    bad: Example::File(
        Format::Nginx,
        r"http {
    server {
        listen 80;
        return 302 https://a.example$request_uri;
    }
}",
    ),
    good: Example::File(
        Format::Nginx,
        r"http {
    server {
        listen 80;
        return 301 https://a.example$request_uri;
    }
}",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    sightings::nginx(&RULE, facts, findings, |nginx, seen| {
        for server in nginx.servers().filter(|server| server.is_plain() && !server.is_tls()) {
            for redirect in
                server.redirects().filter(|it| matches!(it.status, 302 | 303 | 307) && it.to.starts_with("https://"))
            {
                let said = seen.at(redirect.at, format!("status {}", redirect.status));
                said.own("nginx:redirect-temporary");
                match redirect.at.name() {
                    "return" if redirect.at.words().len() == 2 => {
                        let status = if redirect.status == 307 { "308" } else { "301" };
                        said.edit(redirect.at.with_word(0, status, Safety::Safe));
                    }
                    "rewrite" if redirect.at.arg(2) == Some("redirect") => {
                        said.edit(redirect.at.with_word(2, "permanent", Safety::Safe));
                    }
                    _ => {}
                }
            }
        }
    });
    sightings::apache(&RULE, facts, findings, |apache, seen| {
        for redirect in
            apache.redirects().filter(|redirect| redirect.is_temporary && redirect.to.starts_with("https://"))
        {
            let said = seen.at(redirect.at, "a temporary redirect");
            said.own("apache:redirect-temporary");
            if let Some((word, text)) = redirect.permanent() {
                said.edit(redirect.at.with_word(word, &text, Safety::Safe));
            }
        }
    });
}
