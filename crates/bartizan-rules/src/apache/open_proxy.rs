//! The server is an open proxy.

use crate::explanation::Platform::Apache;
use crate::explanation::Reference::{Cwe, Spec};
use crate::sightings;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// The server is an open proxy.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "open-proxy",
        title: "The server is an open proxy",
        why: "Anybody uses it to reach other sites in its name, and machines of the inner net as well. ProxyPass does \
              not need it.",
        fix: &[(Apache, "ProxyRequests Off")],
        references: &[
            Spec("Apache: ProxyRequests", "https://httpd.apache.org/docs/2.4/mod/mod_proxy.html#proxyrequests"),
            Cwe(441),
        ],
    },
    topic: Topic::Apache,
    severity: Severity::High,
    bad: Example::File(Format::Apache, "ProxyRequests On"),
    good: Example::File(Format::Apache, "ProxyRequests Off"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    sightings::apache(&RULE, facts, findings, |apache, seen| {
        for node in apache.each("proxyrequests").filter(|node| node.says("on")) {
            seen.at(node, "anybody can go anywhere through this server").own("apache:open-proxy").edit(node.with_word(
                0,
                "Off",
                Safety::Safe,
            ));
        }
    });
}
