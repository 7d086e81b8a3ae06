//! ALLOWED_HOSTS holds an asterisk, a whole suffix, or nothing.

use super::weigh::{Hit, weigh};
use crate::explanation::Platform::Django;
use crate::explanation::Reference::{Cwe, Spec};
use crate::facts::django::{Item, Literal};
use crate::rule::Format;
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// Django answers for any host.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "allowed-hosts-any",
        title: "Django answers for any host",
        why: "Whatever a client writes into the Host header is then taken for the site's own name. It ends up in \
              links of password-reset mails and in caches, and leads visitors to the attacker's server. An empty \
              entry, as an unset variable leaves it when it is split, refuses every host instead.",
        fix: &[(Django, r#"ALLOWED_HOSTS = ["www.example.org"]"#)],
        references: &[
            Spec(
                "Django settings: ALLOWED_HOSTS",
                "https://docs.djangoproject.com/en/stable/ref/settings/#allowed-hosts",
            ),
            Cwe(644),
        ],
    },
    topic: Topic::Django,
    severity: Severity::High,
    bad: Example::File(Format::Django, r#"ALLOWED_HOSTS = ["*"]"#),
    good: Example::File(Format::Django, r#"ALLOWED_HOSTS = ["www.example.org"]"#),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    weigh(&RULE, facts, findings, |django, outcome| {
        let hosts = outcome.value("ALLOWED_HOSTS").and_then(Literal::items).unwrap_or_default();
        let faulty = hosts.iter().filter_map(|item| Some((item, fault(item.value.text()?)?)));
        let hit = |(item, fault): (&Item, &str)| {
            let place = outcome.setting("ALLOWED_HOSTS").map_or_else(|| item.at.clone(), |setting| setting.at.clone());
            let at = if item.is_literal { item.at.clone() } else { place };
            Hit::at(at, fault).fix("ALLOWED_HOSTS = [\"www.example.org\"]")
        };
        let _ = django;
        faulty.map(hit).collect()
    });
}

/// Returns what is wrong with an entry.
fn fault(host: &str) -> Option<&'static str> {
    match host.trim() {
        "" => Some("ALLOWED_HOSTS has an empty entry"),
        "*" | ".*" => Some("ALLOWED_HOSTS allows any host"),
        host if host.starts_with('.') && !host.trim_start_matches('.').contains('.') => {
            Some("ALLOWED_HOSTS allows a whole top-level domain")
        }
        _ => None,
    }
}
