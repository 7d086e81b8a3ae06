//! The old browsers' script filter is switched on.

use crate::explanation::Platform::{Apache, Bartizan, Caddy, Django, Express, Haproxy, Nginx};
use crate::explanation::Reference::{Mdn, Spec};
use crate::sightings;
use crate::{Example, Explanation, Facts, Findings, Rule, Safety, Severity, Topic};

/// The old browsers' script filter is switched on.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "xss-filter-on",
        title: "The old browsers' script filter is switched on",
        why: "The filter that some browsers had could be tricked into disabling parts of a page, and into \
              telling other sites what a page contains. Browsers took it out; for those that still have it, 0 \
              switches it off.",
        fix: &[
            (Apache, r#"Header always set X-XSS-Protection "0""#),
            (Bartizan, "[[site]]\nprofile = \"balanced\""),
            (Caddy, r#"header X-XSS-Protection "0""#),
            (Django, "SECURE_BROWSER_XSS_FILTER = False"),
            (Express, "app.use(helmet.xssFilter())  // sends 0"),
            (Haproxy, r#"http-response set-header X-XSS-Protection "0""#),
            (Nginx, r#"add_header X-XSS-Protection "0" always;"#),
        ],
        references: &[
            Mdn("X-XSS-Protection"),
            Spec(
                "OWASP HTTP Headers Cheat Sheet",
                "https://cheatsheetseries.owasp.org/cheatsheets/HTTP_Headers_Cheat_Sheet.html#x-xss-protection",
            ),
        ],
    },
    topic: Topic::Obsolete,
    severity: Severity::Info,
    bad: Example::Response("X-XSS-Protection: 1; mode=block"),
    good: Example::Response("X-XSS-Protection: 0"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for seen in facts.responses() {
        for line in seen.value.lines("x-xss-protection").filter(|line| !line.trim_start().starts_with('0')) {
            findings.push(&RULE, &seen.at, format!("X-XSS-Protection is {line:?}"));
        }
    }
    sightings::lines(&RULE, facts, findings, |line, seen| {
        if line.name == "x-xss-protection" && line.value.trim_start().starts_with('1') {
            let said = seen.at(line.node(), "the filter is switched on");
            said.own(line.authority.id("xss-protection")).edit(line.with_value("0", Safety::Safe));
        }
    });
}
