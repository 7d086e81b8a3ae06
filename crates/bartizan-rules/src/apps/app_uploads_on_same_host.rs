//! base_url of Pleroma.Upload is missing or has the host of the endpoint.

use crate::explanation::Platform::Akkoma;
use crate::explanation::Reference::Spec;
use crate::facts::node::Node;
use crate::rule::Format;
use crate::{Example, Explanation, Facts, Findings, Provenance, Rule, Severity, Topic};

/// Uploads are served under the name of the app.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "app-uploads-on-same-host",
        title: "Uploads are served under the name of the app",
        why: "Uploads are what strangers chose. Under the app's own name they share its cookies and its policy, and \
              several holes of the past were only that. Akkoma no longer starts without a base_url for files on \
              disk, and warns where it is its own host.",
        fix: &[(Akkoma, r#"config :pleroma, Pleroma.Upload, base_url: "https://media.example.org""#)],
        references: &[Spec(
            "Akkoma: hardening your instance",
            "https://docs.akkoma.dev/stable/configuration/hardening/",
        )],
    },
    topic: Topic::Apps,
    severity: Severity::Medium,
    bad: Example::File(
        Format::Elixir,
        r#"config :pleroma, Pleroma.Web.Endpoint, url: [host: "example.org"]
config :pleroma, Pleroma.Upload, base_url: "https://example.org/media""#,
    ),
    good: Example::File(
        Format::Elixir,
        r#"config :pleroma, Pleroma.Web.Endpoint, url: [host: "example.org"]
config :pleroma, Pleroma.Upload, base_url: "https://media.example.org""#,
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for elixir in facts.elixir() {
        let host = elixir.get("Pleroma.Web.Endpoint", "url").and_then(|url| url.get("host")).and_then(Node::text);
        let base = elixir.get("Pleroma.Upload", "base_url");
        match (base, host) {
            (Some(base), Some(host)) => {
                let is_same = |url: &str| url::Url::parse(url).is_ok_and(|url| url.host_str() == Some(host));
                if base.text().is_some_and(is_same) {
                    findings.push(&RULE, &Provenance::File(base.at.clone()), format!("uploads share the host {host}"));
                }
            }
            (None, Some(_)) => {
                let uploader = elixir.get("Pleroma.Upload", "uploader").and_then(Node::text);
                if uploader.is_none_or(|uploader| uploader == "Pleroma.Uploaders.Local") {
                    let message = "base_url of Pleroma.Upload is not set, and Akkoma does not start without it";
                    findings.push(&RULE, &Provenance::File(elixir.start.clone()), message).severity(Severity::High);
                }
            }
            _ => {}
        }
    }
}
