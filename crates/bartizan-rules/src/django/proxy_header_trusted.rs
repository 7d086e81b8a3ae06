//! SECURE_PROXY_SSL_HEADER is set.

use super::weigh::{Hit, weigh};
use crate::explanation::Platform::Django;
use crate::explanation::Reference::{Cwe, Spec};
use crate::facts::django::Literal;
use crate::rule::Format;
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// Django believes a header that says the request came over HTTPS.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "proxy-header-trusted",
        title: "Django believes a header that says the request came over HTTPS",
        why: "Django takes the header's word for it, whoever sent it. Unless the proxy in front removes the header \
              from what clients send, anybody can pass plain HTTP off as HTTPS and escape the redirect.",
        fix: &[(
            Django,
            r#"SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")  # the proxy must set this header itself"#,
        )],
        references: &[
            Spec(
                "Django settings: SECURE_PROXY_SSL_HEADER",
                "https://docs.djangoproject.com/en/stable/ref/settings/#secure-proxy-ssl-header",
            ),
            Cwe(348),
        ],
    },
    topic: Topic::Django,
    severity: Severity::Low,
    bad: Example::File(Format::Django, r#"SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTOCOL", "")"#),
    good: Example::File(Format::Django, r#"SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")"#),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    weigh(&RULE, facts, findings, |django, outcome| {
        let name = "SECURE_PROXY_SSL_HEADER";
        let Some(setting) = outcome.setting(name) else { return Vec::new() };
        let pair = setting.item.value.items().unwrap_or_default();
        let words: Vec<Option<&str>> = pair.iter().map(|item| item.value.text()).collect();
        let fault = match (&setting.item.value, words.as_slice()) {
            (Literal::None | Literal::Unknown | Literal::Other(_), _) => return Vec::new(),
            (Literal::Tuple(_), [Some(header), Some(value)]) => fault(header, value),
            (Literal::Tuple(_), [_, _]) => None,
            _ => Some("SECURE_PROXY_SSL_HEADER must be a tuple of two texts"),
        };
        let hit = |fault| Hit::new(django, outcome, name, fault);
        let line = "SECURE_PROXY_SSL_HEADER = (\"HTTP_X_FORWARDED_PROTO\", \"https\")";
        fault.map(hit).map(|hit| hit.fix(line)).into_iter().collect()
    });
}

/// Returns what is wrong with a header and its value.
fn fault(header: &str, value: &str) -> Option<&'static str> {
    if !header.starts_with("HTTP_") {
        return Some("the header must be written as Django sees it, beginning with HTTP_");
    }
    if value.is_empty() {
        return Some("an empty value is met by a header that anybody can send empty");
    }
    if value.eq_ignore_ascii_case("http") {
        return Some("plain HTTP is taken for HTTPS");
    }
    // Proxies set these two themselves; other names pass through most of them untouched.
    let is_usual = matches!(
        header,
        "HTTP_X_FORWARDED_PROTO"
            | "HTTP_X_FORWARDED_SSL"
            | "HTTP_X_FORWARDED_SCHEME"
            | "HTTP_X_SCHEME"
            | "HTTP_X_FORWARDED_PROTOCOL"
            | "HTTP_CLOUDFRONT_FORWARDED_PROTO"
    );
    (!is_usual).then_some("hardly any proxy sets this header itself, so clients can")
}
