//! Strict-Transport-Security with an age below half a year.

use std::time::Duration;

use crate::explanation::Platform::{Apache, Bartizan, Caddy, Django, Express, Haproxy, Nginx};
use crate::explanation::Reference::{Mdn, Rfc, Spec};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// HSTS is forgotten within half a year.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "hsts-max-age-short",
        title: "HSTS is forgotten within half a year",
        why: "A browser that stays away for longer than max-age forgets the policy, and its next first request \
              goes out in the clear. Whoever sits on the network then can answer it in the site's place and never \
              let the browser reach HTTPS. With max-age=0 the policy is taken back at once.",
        fix: &[
            (Apache, r#"Header always set Strict-Transport-Security "max-age=63072000""#),
            (Bartizan, "[[site]]\nprofile = \"balanced\""),
            (Caddy, r#"header Strict-Transport-Security "max-age=63072000""#),
            (Django, "SECURE_HSTS_SECONDS = 63072000"),
            (Express, "app.use(helmet.strictTransportSecurity({ maxAge: 63072000 }))"),
            (Haproxy, r#"http-response set-header Strict-Transport-Security "max-age=63072000""#),
            (Nginx, r#"add_header Strict-Transport-Security "max-age=63072000" always;"#),
        ],
        references: &[
            Rfc(6797, "11.2"),
            Mdn("Strict-Transport-Security"),
            Spec("HSTS preload list: submission requirements", "https://hstspreload.org/#submission-requirements"),
        ],
    },
    topic: Topic::Transport,
    severity: Severity::Medium,
    bad: Example::Response("Strict-Transport-Security: max-age=300"),
    good: Example::Response("Strict-Transport-Security: max-age=63072000; includeSubDomains"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for seen in facts.hsts() {
        let Some(hsts) = seen.value.value else { continue };
        if hsts.max_age < HALF_A_YEAR {
            findings.push(&RULE, &seen.at, format!("max-age is {} s", hsts.max_age.as_secs()));
        }
    }
}

/// Half a year is what scanners commonly ask for; a shorter one lapses between two visits of a rare guest.
const HALF_A_YEAR: Duration = Duration::from_secs(15_768_000);
