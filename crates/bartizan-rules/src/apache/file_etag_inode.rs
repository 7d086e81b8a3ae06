//! Tags tell the numbers of files.

use crate::explanation::Platform::Apache;
use crate::explanation::Reference::{Cve, Spec};
use crate::sightings;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// Tags tell the numbers of files.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "file-etag-inode",
        title: "Tags tell the numbers of files",
        why: "With NFS the number of a file helps to open it beside the server. On several servers the tags differ, \
              so that caches miss.",
        fix: &[(Apache, "FileETag MTime Size")],
        references: &[
            Spec("Apache: FileETag", "https://httpd.apache.org/docs/2.4/mod/core.html#fileetag"),
            Cve("CVE-2003-1418"),
        ],
    },
    topic: Topic::Apache,
    severity: Severity::Low,
    bad: Example::File(Format::Apache, "FileETag INode MTime Size"),
    good: Example::File(Format::Apache, "FileETag MTime Size"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    sightings::apache(&RULE, facts, findings, |apache, seen| {
        for node in apache.each("fileetag").filter(|node| {
            node.args().any(|arg| matches!(&*arg.trim_start_matches('+').to_ascii_lowercase(), "inode" | "all"))
        }) {
            seen.at(node, "the number of the file is told")
                .own("apache:file-etag")
                .edit(node.with_words("MTime Size", Safety::Safe));
        }
    });
}
