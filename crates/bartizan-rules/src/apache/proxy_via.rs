//! Answers tell of the proxy.

use crate::explanation::Platform::Apache;
use crate::explanation::Reference::{Cwe, Spec};
use crate::sightings;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// Answers tell of the proxy.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "proxy-via",
        title: "Answers tell of the proxy",
        why: "Via names this server, with Full its version too. It tells an attacker how the net is built, and turns \
              off compression in some clients.",
        fix: &[(Apache, "ProxyVia Off")],
        references: &[
            Spec("Apache: ProxyVia", "https://httpd.apache.org/docs/2.4/mod/mod_proxy.html#proxyvia"),
            Cwe(200),
        ],
    },
    topic: Topic::Apache,
    severity: Severity::Low,
    bad: Example::File(Format::Apache, "ProxyVia On"),
    good: Example::File(Format::Apache, "ProxyVia Off"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    sightings::apache(&RULE, facts, findings, |apache, seen| {
        for node in apache.each("proxyvia").filter(|node| node.says("on") || node.says("full")) {
            seen.at(node, "every answer tells of this server").own("apache:proxy-via").edit(node.with_word(
                0,
                "Off",
                Safety::Safe,
            ));
        }
    });
}
