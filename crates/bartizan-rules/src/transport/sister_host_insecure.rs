//! The site's other name does not speak HTTPS.

use crate::Provenance;
use crate::explanation::Platform::{Apache, Bartizan, Caddy, Django, Express, Haproxy, Nginx};
use crate::explanation::Reference::{Cwe, Rfc};
use crate::facts::{End, Purpose};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// The site's other name does not speak HTTPS.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "sister-host-insecure",
        title: "The site's other name does not speak HTTPS",
        why: "People type the name with and without www, and links exist for both. The one that does not \
              answer over HTTPS, or has no certificate for the name, shows an error or stays in the clear. \
              Names that are typed are where an attacker on the network waits.",
        fix: &[
            (Apache, "# Put both names into the certificate and into the redirect."),
            (Bartizan, "[[site]]\nhosts = [\"app.example\", \"www.app.example\"]"),
            (Caddy, "www.app.example {\n    redir https://app.example{uri} permanent\n}"),
            (Django, "# Put both names into the certificate and into the redirect."),
            (Express, "# Put both names into the certificate and into the redirect."),
            (Haproxy, "# Put both names into the certificate and into the redirect."),
            (
                Nginx,
                "server {\n    listen 443 ssl;\n    server_name www.app.example;\n    return 308 https://app.example$request_uri;\n}",
            ),
        ],
        references: &[Cwe(319), Rfc(6797, "14.4")],
    },
    topic: Topic::Transport,
    severity: Severity::Low,
    bad: Example::Exchange("> GET https://www.app.example/\n< 301\n< Location: https://www.app.example/x"),
    good: Example::Exchange(
        "> GET https://www.app.example/\n< 301\n< Location: https://app.example/\n> GET https://app.example/\n< 200",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for chain in facts.chains().iter().filter(|chain| chain.purpose == Purpose::Sister && !chain.is_from_http()) {
        let at = Provenance::Live { url: chain.asked.clone() };
        if !chain.is_trusted {
            findings.push(&RULE, &at, "its certificate is not trusted");
        } else if let End::Unreachable(reason) = &chain.end {
            findings.push(&RULE, &at, format!("no answer over HTTPS: {reason}"));
        }
    }
}
