//! The site sends visitors wherever an address says.

use crate::explanation::Platform::{Apache, Bartizan, Caddy, Django, Express, Haproxy, Nginx};
use crate::explanation::Reference::Cwe;
use crate::facts::Asked;
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// The site sends visitors wherever an address says.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "open-redirect",
        title: "The site sends visitors wherever an address says",
        why: "A link that begins with the site's own name leads to any other, which is how people are brought to \
              pages that ask for their password. Where logins end with a redirect it also carries tokens away. A \
              place to go on to should be a path of the site, or one of a list.",
        fix: &[
            (Apache, "MergeSlashes On\n# Behind it: take only paths that begin with one slash as places to go on to."),
            (Bartizan, "# In the app: take only paths that begin with one slash as places to go on to."),
            (Caddy, "# In the app: take only paths that begin with one slash as places to go on to."),
            (Django, "url_has_allowed_host_and_scheme(url, allowed_hosts={request.get_host()})"),
            (Express, r#"if (!/^\/(?![\/\\])/.test(req.query.next)) return res.redirect("/")"#),
            (Haproxy, "# In the app: take only paths that begin with one slash as places to go on to."),
            (Nginx, "merge_slashes on;\n# Behind it: take only paths that begin with one slash as places to go on to."),
        ],
        references: &[Cwe(601)],
    },
    topic: Topic::CrossOrigin,
    severity: Severity::Medium,
    bad: Example::Exchange("> GET https://app.example//evil.test\n< 302\n< Location: //evil.test/"),
    good: Example::Exchange("> GET https://app.example//evil.test\n< 302\n< Location: /evil.test/"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for probe in facts.probes() {
        let Asked::Redirect(host) = &probe.asked else { continue };
        let response = &probe.response;
        let Some(location) = response.lines("location").next().filter(|_| response.status().is_redirection()) else {
            continue;
        };
        // Where a browser would go, whatever slashes and backslashes it was written with.
        let is_there = response.url().join(location).is_ok_and(|url| url.host_str() == Some(host.as_str()));
        if is_there {
            findings.push(&RULE, &response.at(), format!("leads to {location}"));
        }
    }
}
