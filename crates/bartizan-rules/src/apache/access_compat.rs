//! Access is decided in the words of version 2.2.

use crate::explanation::Platform::Apache;
use crate::explanation::Reference::Spec;
use crate::facts::blocks::At;
use crate::sightings;
use crate::{Edit, Example, Explanation, Facts, Findings, Format, Provenance, Rule, Safety, Severity, Topic};

/// Access is decided in the words of version 2.2.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "access-compat",
        title: "Access is decided in the words of version 2.2",
        why: "Order, Allow and Deny work only with mod_access_compat, and mixed with Require in ways that few can \
              tell. Once the module is gone, httpd does not start or nothing is closed.",
        fix: &[(Apache, "Require all granted")],
        references: &[
            Spec("Apache: Order", "https://httpd.apache.org/docs/2.4/mod/mod_access_compat.html#order"),
            Spec("Apache: upgrading to 2.4", "https://httpd.apache.org/docs/2.4/upgrading.html#access"),
        ],
    },
    topic: Topic::Apache,
    severity: Severity::Low,
    bad: Example::File(
        Format::Apache,
        r"<Directory /srv/www>
    Order allow,deny
    Allow from all
</Directory>",
    ),
    good: Example::File(
        Format::Apache,
        r"<Directory /srv/www>
    Require all granted
</Directory>",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    sightings::apache(&RULE, facts, findings, |apache, seen| {
        for section in apache.blocks().all().filter(|node| node.is_block()).chain([apache.root()]) {
            let old = |node: &At<'_>| {
                matches!(node.name(), "order") || (matches!(node.name(), "allow" | "deny") && node.says("from"))
            };
            let Some(first) = section.children().find(old) else { continue };
            let said = seen.at(first, "words of version 2.2");
            said.own("apache:access-compat");
            let all: Vec<_> = section.children().filter(old).collect();
            let is_plain = |name: &str| {
                all.iter().any(|node| node.is(name) && node.arg(1).is_some_and(|arg| arg.eq_ignore_ascii_case("all")))
            };
            let is_mixed = all
                .iter()
                .any(|node| !node.is("order") && !node.arg(1).is_some_and(|arg| arg.eq_ignore_ascii_case("all")));
            let words = match (is_plain("allow"), is_plain("deny")) {
                (true, false) => "Require all granted",
                (false, true) => "Require all denied",
                _ => continue,
            };
            if let Provenance::File(at) = first.here()
                && !is_mixed
            {
                said.edit(Edit { at, replacement: words.to_owned(), safety: Safety::Safe });
                said.edits(all.iter().skip(1).map(|node| node.without(Safety::Safe)));
            }
        }
    });
}
