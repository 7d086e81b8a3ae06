//! The redirect goes wherever the visitor said.

use crate::explanation::Platform::{Apache, Nginx};
use crate::explanation::Reference::{Cwe, Spec};
use crate::sightings;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// The redirect goes wherever the visitor said.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "redirect-host",
        title: "The redirect goes wherever the visitor said",
        why: "The header Host comes from the client. A cache before the site keeps the redirect that was made of it, \
              and sends all others there: to a host of the attacker. The name of the site written out cannot be \
              changed.",
        fix: &[
            (Apache, "RewriteRule ^ https://www.example.org%{REQUEST_URI} [R=301,L]"),
            (Nginx, "return 301 https://www.example.org$request_uri;"),
        ],
        references: &[
            Cwe(601),
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
        return 301 https://$http_host$request_uri;
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
        for server in nginx.servers() {
            for redirect in
                server.redirects().filter(|it| it.to.contains("$http_host") || it.to.contains("${http_host}"))
            {
                let said = seen.at(redirect.at, "the address is built of the header Host");
                said.own("nginx:redirect-host");
                let number = if redirect.at.words().len() == 1 { 0 } else { 1 };
                let to = redirect.to.replace("$http_host", "$host").replace("${http_host}", "$host");
                said.edit(redirect.at.with_word(number, &to, Safety::Safe));
            }
        }
    });
    sightings::apache(&RULE, facts, findings, |apache, seen| {
        for redirect in apache.redirects().filter(|redirect| redirect.to.to_ascii_uppercase().contains("%{HTTP_HOST}"))
        {
            seen.at(redirect.at, "the address is built of the header Host").own("apache:redirect-host");
        }
    });
}
