//! TRACE is answered.

use crate::explanation::Platform::Apache;
use crate::explanation::Reference::{Cwe, Spec};
use crate::sightings;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// TRACE is answered.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "trace-enabled",
        title: "TRACE is answered",
        why: "TRACE sends back the request as it came, with cookies and what proxies added to it. Scripts of other \
              sites could so read what they must not see. It is on unless it is switched off.",
        fix: &[(Apache, "TraceEnable Off")],
        references: &[
            Spec("Apache: TraceEnable", "https://httpd.apache.org/docs/2.4/mod/core.html#traceenable"),
            Cwe(693),
        ],
    },
    topic: Topic::Apache,
    severity: Severity::Medium,
    bad: Example::File(
        Format::Apache,
        r"ServerRoot /etc/apache2
Listen 80
TraceEnable On",
    ),
    good: Example::File(
        Format::Apache,
        r"ServerRoot /etc/apache2
Listen 80
TraceEnable Off",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    sightings::apache(&RULE, facts, findings, |apache, seen| {
        if apache.last("traceenable").is_none() && apache.is_whole() {
            let said = seen.at(apache.root(), "it is not set");
            said.own("apache:trace-enable").edit(apache.with_line("TraceEnable Off", Safety::Safe));
        }
        for node in apache.in_force("traceenable").into_iter().filter(|node| !node.says("off")) {
            seen.at(node, "requests are sent back")
                .own("apache:trace-enable")
                .edit(node.with_words("Off", Safety::Safe));
        }
    });
}
