//! A pattern for file names matches in the middle of addresses.

use crate::explanation::Platform::Nginx;
use crate::explanation::Reference::{Cwe, Spec};
use crate::facts::nginx::Peer;
use crate::facts::regex::Case;
use crate::sightings::nginx;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// A pattern for file names matches in the middle of addresses.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "unanchored-regex",
        title: "A pattern for file names matches in the middle of addresses",
        why: "`\\.php` also matches /upload/cat.php.jpg and /a.php/b. What was meant for scripts is then done with \
              other files: an upload is run, or a rule that was meant to protect is passed by. A dollar sign ties the \
              pattern to the end.",
        fix: &[(Nginx, r#"location ~ \.php$ {"#)],
        references: &[
            Spec("nginx: location", "https://nginx.org/en/docs/http/ngx_http_core_module.html#location"),
            Cwe(777),
        ],
    },
    topic: Topic::Nginx,
    severity: Severity::Low,
    bad: Example::File(
        Format::Nginx,
        r"server {
    location ~ \.php {
        return 204;
    }
}",
    ),
    good: Example::File(
        Format::Nginx,
        r"server {
    location ~ \.php$ {
        return 204;
    }
}",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    nginx(&RULE, facts, findings, |nginx, seen| {
        for node in nginx.each("location").filter(|node| node.words().len() == 2) {
            let case = match node.arg(0) {
                Some("~") => Case::Sensitive,
                Some("~*") => Case::Insensitive,
                _ => continue,
            };
            let pattern = node.arg(1).unwrap_or_default();
            let Ok(regex) = node.regex(pattern, case) else { continue };
            let (is_ng, is_next) = (regex.is_open_ending(), !regex.is_anchored());
            if !is_ng && !is_next {
                continue;
            }
            let said = seen.at(node, format_args!("{pattern} matches anywhere"));
            if is_ng {
                said.own("nginx:unanchored-regex").edit(node.with_word(1, &format!("{pattern}$"), Safety::Safe));
                if nginx.reader(Peer::Ng).sees(node) {
                    said.peer(Peer::Ng, "unanchored_regex", "");
                }
            }
            if is_next && nginx.reader(Peer::Next).sees(node) {
                said.peer(Peer::Next, "unanchored_regex", "");
            }
        }
    });
}
