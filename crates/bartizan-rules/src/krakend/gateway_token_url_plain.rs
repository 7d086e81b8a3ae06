//! token_url begins with http.

use crate::explanation::Platform::Krakend;
use crate::explanation::Reference::{Rfc, Spec};
use crate::rule::Format;
use crate::{Example, Explanation, Facts, Findings, Provenance, Rule, Severity, Topic};

/// The client secret goes out over plain HTTP.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "gateway-token-url-plain",
        title: "The client secret goes out over plain HTTP",
        why: "The gateway sends its secret to this address to get a token. Over plain HTTP, whoever sits on the \
              network reads both, and can be the gateway from then on.",
        fix: &[(Krakend, r#""token_url": "https://login.example.org/token""#)],
        references: &[
            Spec("KrakenD: client credentials", "https://www.krakend.io/docs/authorization/client-credentials/"),
            Rfc(6749, "3.2"),
        ],
    },
    topic: Topic::Krakend,
    severity: Severity::High,
    bad: Example::File(
        Format::Krakend,
        r#"{"endpoints": [{"backend": [{"extra_config": {"auth/client-credentials": {"token_url": "http://login.example.org/token"}}}]}]}"#,
    ),
    good: Example::File(
        Format::Krakend,
        r#"{"endpoints": [{"backend": [{"extra_config": {"auth/client-credentials": {"token_url": "https://login.example.org/token"}}}]}]}"#,
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for krakend in facts.krakend() {
        for url in krakend.credentials().filter_map(|entry| entry.value.get("token_url")) {
            let is_plain = |text: &str| text.get(..7).is_some_and(|scheme| scheme.eq_ignore_ascii_case("http://"));
            if url.text().is_some_and(is_plain) {
                findings.push(&RULE, &Provenance::File(url.at.clone()), "token_url is plain HTTP");
            }
        }
    }
}
