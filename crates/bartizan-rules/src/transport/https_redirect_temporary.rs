//! Plain HTTP is redirected for this time only.

use super::fixes;
use crate::explanation::Reference::Rfc;
use crate::facts::Chain;
use crate::sightings;
use crate::{Example, Explanation, Facts, Findings, Rule, Safety, Severity, Topic};

/// Plain HTTP is redirected for this time only.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "https-redirect-temporary",
        title: "Plain HTTP is redirected for this time only",
        why: "With 302 or 307 browsers ask in the clear again on each visit, until HSTS steps in. 301 and 308 \
              are remembered. 308 also keeps the method, so that a form sent to the old address is not lost.",
        fix: fixes::TO_HTTPS,
        references: &[Rfc(9110, "15.4.9")],
    },
    topic: Topic::Transport,
    severity: Severity::Low,
    bad: Example::Exchange(
        "> GET http://app.example/\n< 302\n< Location: https://app.example/\n> GET https://app.example/\n< 200",
    ),
    good: Example::Exchange(
        "> GET http://app.example/\n< 308\n< Location: https://app.example/\n> GET https://app.example/\n< 200",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    check_site(facts, findings);
    check_files(facts, findings);
}

fn check_site(facts: &Facts, findings: &mut Findings) {
    for (from, to) in facts.chains().iter().filter(|chain| chain.is_from_http()).flat_map(Chain::steps) {
        let is_upgrade = !from.is_secure() && to.is_secure() && from.url().host() == to.url().host();
        if is_upgrade && matches!(from.status().as_u16(), 302 | 303 | 307) {
            findings.push(&RULE, &from.at(), format!("status {}", from.status().as_u16()));
        }
    }
}

/// What a configuration says before anybody asks.
fn check_files(facts: &Facts, findings: &mut Findings) {
    sightings::nginx(&RULE, facts, findings, |nginx, seen| {
        for server in nginx.servers().filter(|server| server.is_plain() && !server.is_tls()) {
            for redirect in
                server.redirects().filter(|it| matches!(it.status, 302 | 303 | 307) && it.to.starts_with("https://"))
            {
                let said = seen.at(redirect.at, format_args!("status {}", redirect.status));
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
