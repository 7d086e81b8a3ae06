//! secret_key_base or signing_salt of Akkoma is short or shipped.

use crate::explanation::Platform::Akkoma;
use crate::explanation::Reference::Cwe;
use crate::facts::node::Node;
use crate::rule::Format;
use crate::{Example, Explanation, Facts, Findings, Provenance, Rule, Severity, Topic};

/// A key of the app is short, or the one that was shipped.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "secret-in-elixir",
        title: "A key of the app is short, or the one that was shipped",
        why: "These keys sign sessions. Akkoma's own configuration ships a pair that everybody can read, and whoever \
              knows the pair that is used can log in as anybody.",
        fix: &[(Akkoma, r#"secret_key_base: "..." # mix phx.gen.secret"#)],
        references: &[Cwe(798)],
    },
    topic: Topic::Secrets,
    severity: Severity::High,
    bad: Example::File(Format::Elixir, r#"config :pleroma, Pleroma.Web.Endpoint, secret_key_base: "short""#),
    good: Example::File(
        Format::Elixir,
        r#"config :pleroma, Pleroma.Web.Endpoint, secret_key_base: "Zm9yIGV4YW1wbGUgb25seSwgbG9uZyBlbm91Z2ggdG8gcGFzcyBhcyBhIGtleSBiYXNl""#,
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for elixir in facts.elixir() {
        let Some(key) = elixir.get("Pleroma.Web.Endpoint", "secret_key_base") else { continue };
        // Phoenix itself refuses to sign with less than 64 bytes.
        if Node::text(key).is_some_and(|text| text.len() < 64 || text.starts_with("aK4Abxf29xU9TTDKre9coZPUgevcVCFQJe"))
        {
            findings.push(&RULE, &Provenance::File(key.at.clone()), "secret_key_base is short, or was shipped");
        }
    }
}
