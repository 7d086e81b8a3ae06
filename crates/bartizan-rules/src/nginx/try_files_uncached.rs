//! Every request asks the disk for several files.

use crate::explanation::Platform::Nginx;
use crate::explanation::Reference::Spec;
use crate::facts::nginx::Peer;
use crate::sightings::nginx;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// Every request asks the disk for several files.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "try-files-uncached",
        title: "Every request asks the disk for several files",
        why: "try_files looks for each of its names, for every request. Without open_file_cache each look is a call \
              to the system, and a burst of requests for files that do not exist becomes a burst of work.",
        fix: &[(Nginx, "open_file_cache max=1000 inactive=20s;")],
        references: &[
            Spec("nginx: try_files", "https://nginx.org/en/docs/http/ngx_http_core_module.html#try_files"),
            Spec("nginx: open_file_cache", "https://nginx.org/en/docs/http/ngx_http_core_module.html#open_file_cache"),
        ],
    },
    topic: Topic::Nginx,
    severity: Severity::Info,
    bad: Example::File(
        Format::Nginx,
        r"server {
    location / {
        try_files $uri /index.html;
    }
}",
    ),
    good: Example::File(
        Format::Nginx,
        r"server {
    location / {
        open_file_cache max=1000 inactive=20s;
        try_files $uri /index.html;
    }
}",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    nginx(&RULE, facts, findings, |nginx, seen| {
        for node in nginx.each("try_files") {
            for peer in [Peer::Ng, Peer::Next] {
                let reader = nginx.reader(peer);
                let is_cached = reader.in_scope(node, "open_file_cache").is_some_and(|cache| !cache.says("off"));
                if !is_cached && reader.sees(node) {
                    let said = seen.at(node, "no open_file_cache is set here");
                    said.edit(node.with_before("open_file_cache max=1000 inactive=20s;", Safety::Safe)).peer(
                        peer,
                        "try_files_is_evil_too",
                        "",
                    );
                }
            }
        }
    });
}
