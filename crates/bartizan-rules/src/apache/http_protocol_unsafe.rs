//! Malformed requests are read.

use crate::explanation::Platform::Apache;
use crate::explanation::Reference::{Cwe, Rfc, Spec};
use crate::sightings;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// Malformed requests are read.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "http-protocol-unsafe",
        title: "Malformed requests are read",
        why: "What the standard forbids is read in one way by the server and in another by the next program. With \
              such a difference requests are smuggled past checks and into the connections of others.",
        fix: &[(Apache, "HttpProtocolOptions Strict")],
        references: &[
            Spec("Apache: HttpProtocolOptions", "https://httpd.apache.org/docs/2.4/mod/core.html#httpprotocoloptions"),
            Rfc(9112, "11.2"),
            Cwe(444),
        ],
    },
    topic: Topic::Apache,
    severity: Severity::Medium,
    bad: Example::File(Format::Apache, "HttpProtocolOptions Unsafe"),
    good: Example::File(Format::Apache, "HttpProtocolOptions Strict"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    sightings::apache(&RULE, facts, findings, |apache, seen| {
        for node in
            apache.each("httpprotocoloptions").filter(|node| node.args().any(|arg| arg.eq_ignore_ascii_case("unsafe")))
        {
            seen.at(node, "requests against the standard are read")
                .own("apache:http-protocol-unsafe")
                .edit(node.with_words("Strict", Safety::Safe));
        }
    });
}
