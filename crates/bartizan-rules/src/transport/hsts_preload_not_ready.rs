//! HSTS asks for the preload list, and does not meet its terms.

use std::time::Duration;

use crate::explanation::Platform::{Apache, Bartizan, Caddy, Django, Express, Haproxy, Nginx};
use crate::explanation::Reference::{Mdn, Spec};
use crate::facts::{Chain, Purpose};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// HSTS asks for the preload list, and does not meet its terms.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "hsts-preload-not-ready",
        title: "HSTS asks for the preload list, and does not meet its terms",
        why: "With preload a site agrees to a place in the browsers' built-in list. The list takes only hosts \
              with an age of a year, with includeSubDomains, and with a redirect from HTTP to HTTPS on the \
              same host first. As it is, anybody may submit the site, and it is refused or later removed.",
        fix: &[
            (Apache, r#"Header always set Strict-Transport-Security "max-age=63072000; includeSubDomains; preload""#),
            (Bartizan, "[site.headers]\nhsts = \"max-age=63072000; includeSubDomains; preload\""),
            (Caddy, r#"header Strict-Transport-Security "max-age=63072000; includeSubDomains; preload""#),
            (
                Django,
                "SECURE_HSTS_SECONDS = 63072000\nSECURE_HSTS_INCLUDE_SUBDOMAINS = True\nSECURE_HSTS_PRELOAD = True",
            ),
            (Express, "app.use(helmet.strictTransportSecurity({ maxAge: 63072000, includeSubDomains: true }))"),
            (
                Haproxy,
                r#"http-response set-header Strict-Transport-Security "max-age=63072000; includeSubDomains; preload""#,
            ),
            (Nginx, r#"add_header Strict-Transport-Security "max-age=63072000; includeSubDomains; preload" always;"#),
        ],
        references: &[
            Spec("HSTS preload list: submission requirements", "https://hstspreload.org/#submission-requirements"),
            Mdn("Strict-Transport-Security"),
        ],
    },
    topic: Topic::Transport,
    severity: Severity::Low,
    bad: Example::Response("Strict-Transport-Security: max-age=15768000; preload"),
    good: Example::Response("Strict-Transport-Security: max-age=63072000; includeSubDomains; preload"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for seen in facts.hsts() {
        let Some(hsts) = seen.value.value.filter(|hsts| hsts.preload) else { continue };
        let mut lacks = Vec::new();
        if hsts.max_age < A_YEAR {
            lacks.push("max-age is below a year");
        }
        if !hsts.include_subdomains {
            lacks.push("includeSubDomains is not said");
        }
        let is_site = |chain: &&Chain| chain.purpose == Purpose::Site && chain.is_from_http();
        if facts.chains().iter().filter(is_site).any(leaves_first) {
            lacks.push("plain HTTP does not go to HTTPS on the same host first");
        }
        if !lacks.is_empty() {
            findings.push(&RULE, &seen.at, lacks.join(", "));
        }
    }
}

fn leaves_first(chain: &Chain) -> bool {
    chain.steps().next().is_some_and(|(_, next)| !next.is_secure() || next.url().host() != chain.asked.host())
}

/// What the list asks for.
const A_YEAR: Duration = Duration::from_secs(31_536_000);
