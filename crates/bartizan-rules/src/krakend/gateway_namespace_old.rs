//! github_com/devopsfaith/krakend-httpsecure.

use crate::explanation::Platform::Krakend;
use crate::explanation::Reference::Spec;
use crate::facts::krakend::{CREDENTIALS, SECURE};
use crate::rule::Format;
use crate::{Edit, Example, Explanation, Facts, Findings, Provenance, Rule, Safety, Severity, Topic};

/// The block has its name of old.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "gateway-namespace-old",
        title: "The block has its name of old",
        why: "KrakenD renamed its blocks in version 2. Whether the old name is still read depends on a table of \
              aliases in the release that runs, and a block that is not read protects nobody.",
        fix: &[(Krakend, r#""security/http": {}"#)],
        references: &[
            Spec("KrakenD: HTTP security", "https://www.krakend.io/docs/service-settings/security/"),
            Spec("KrakenD: migrating from 1.x", "https://www.krakend.io/docs/configuration/migrating/"),
        ],
    },
    topic: Topic::Krakend,
    severity: Severity::Info,
    bad: Example::File(
        Format::Krakend,
        r#"{"extra_config": {"github_com/devopsfaith/krakend-httpsecure": {"frame_deny": true}}}"#,
    ),
    good: Example::File(Format::Krakend, r#"{"version": 3, "extra_config": {"security/http": {"frame_deny": true}}}"#),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for krakend in facts.krakend() {
        let names = [(SECURE, krakend.secure()), (CREDENTIALS, None)];
        let blocks = names.into_iter().filter_map(|(names, entry)| Some((names, entry?)));
        let credentials = krakend.credentials().map(|entry| (CREDENTIALS, entry));
        for ([new, old], entry) in blocks.chain(credentials) {
            if *entry.key != *old {
                continue;
            }
            let message = format!("the block is called {new} since KrakenD 2");
            let finding = findings.push(&RULE, &Provenance::File(entry.at.clone()), message);
            let safety = Safety::Risky("KrakenD 1.x reads only the name of old");
            finding.edit(Edit { at: entry.at.clone(), replacement: format!("\"{new}\""), safety });
        }
    }
}
