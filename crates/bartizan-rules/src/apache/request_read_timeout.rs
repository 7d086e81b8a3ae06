//! Slow requests are waited for.

use crate::explanation::Platform::Apache;
use crate::explanation::Reference::{Cwe, Spec};
use crate::facts::blocks::At;
use crate::sightings;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// Slow requests are waited for.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "request-read-timeout",
        title: "Slow requests are waited for",
        why: "A client that sends a byte now and then keeps a worker busy. Some hundred of them, from one machine, \
              and nobody else gets in (slowloris). mod_reqtimeout closes such connections.",
        fix: &[(Apache, "RequestReadTimeout header=20-40,MinRate=500 body=20,MinRate=500")],
        references: &[
            Spec(
                "Apache: RequestReadTimeout",
                "https://httpd.apache.org/docs/2.4/mod/mod_reqtimeout.html#requestreadtimeout",
            ),
            Cwe(400),
        ],
    },
    topic: Topic::Apache,
    severity: Severity::Medium,
    bad: Example::File(
        Format::Apache,
        r"ServerRoot /etc/apache2
Listen 80
RequestReadTimeout header=0 body=0",
    ),
    good: Example::File(
        Format::Apache,
        r"ServerRoot /etc/apache2
Listen 80
RequestReadTimeout header=20-40,MinRate=500 body=20,MinRate=500",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    sightings::apache(&RULE, facts, findings, |apache, seen| {
        let mut nodes = apache.each("requestreadtimeout").peekable();
        if nodes.peek().is_none() && apache.is_whole() {
            let said = seen.at(apache.root(), "it is not set");
            said.own("apache:request-read-timeout").edit(
                apache.with_line("RequestReadTimeout header=20-40,MinRate=500 body=20,MinRate=500", Safety::Safe),
            );
        }
        for node in nodes {
            let (header, body) = (is_endless(node, "header"), is_endless(node, "body"));
            if header || body {
                let said = seen.at(node, "0 waits for ever");
                // Slow bodies hold a worker, too, but the headers are what anybody can be slow with.
                if header {
                    said.own("apache:request-read-timeout");
                }
                said.edit(node.with_words("header=20-40,MinRate=500 body=20,MinRate=500", Safety::Safe));
            }
        }
    });
}

/// Whether a stage has no end by the words of a line.
fn is_endless(node: At<'_>, stage: &str) -> bool {
    let values = node.args().filter_map(|arg| arg.split_once('=')).filter(|(name, _)| name.eq_ignore_ascii_case(stage));
    let is_zero = |value: &str| value.split([',', '-']).next().is_some_and(|first| first.parse() == Ok(0_u32));
    values.into_iter().any(|(_, value)| is_zero(value))
}
