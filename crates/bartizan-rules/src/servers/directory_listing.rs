//! Folders list their files.

use crate::apache::options;
use crate::explanation::Platform::{Apache, Nginx};
use crate::explanation::Reference::{Cwe, Spec};
use crate::sightings;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// Folders list their files.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "directory-listing",
        title: "Folders list their files",
        why: "Where no index is there, all names are shown: backups, exports, drafts, the old version with the hole. \
              What is not linked is found nevertheless.",
        fix: &[(Apache, "Options -Indexes"), (Nginx, "autoindex off;")],
        references: &[
            Spec("nginx: autoindex", "https://nginx.org/en/docs/http/ngx_http_autoindex_module.html#autoindex"),
            Spec("Apache: Options", "https://httpd.apache.org/docs/2.4/mod/core.html#options"),
            Cwe(548),
        ],
    },
    topic: Topic::Servers,
    severity: Severity::Medium,
    bad: Example::File(
        Format::Nginx,
        r"server {
    location / {
        autoindex on;
    }
}",
    ),
    good: Example::File(
        Format::Nginx,
        r"server {
    location / {
        autoindex off;
    }
}",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    sightings::nginx(&RULE, facts, findings, |nginx, seen| {
        for node in nginx.each("autoindex").filter(|node| node.says("on")) {
            let said = seen.at(node, "autoindex is on");
            said.own("nginx:autoindex").edit(node.with_word(0, "off", Safety::Risky("visitors may rely on the list")));
        }
    });
    sightings::apache(&RULE, facts, findings, |apache, seen| {
        for node in options::granting(apache, &["indexes", "all"]) {
            let said = seen.at(node, "Indexes is granted");
            said.own("apache:options-indexes");
            if !node.args().any(|arg| arg.trim_start_matches('+').eq_ignore_ascii_case("all")) {
                said.edit(options::without(node, "indexes", Safety::Risky("visitors may rely on the list")));
            }
        }
    });
}
