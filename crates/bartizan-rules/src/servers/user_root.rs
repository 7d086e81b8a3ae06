//! The server runs as root.

use crate::explanation::Platform::{Apache, Nginx};
use crate::explanation::Reference::{Cwe, Spec};
use crate::facts::blocks::At;
use crate::sightings;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// The server runs as root.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "user-root",
        title: "The server runs as root",
        why: "A hole in the server, in a module or in a script that it runs, is then a hole in the whole machine. \
              Only the start needs root, for the ports below 1024.",
        fix: &[(Apache, "User www-data\nGroup www-data"), (Nginx, "user www-data;")],
        references: &[
            Spec("nginx: user", "https://nginx.org/en/docs/ngx_core_module.html#user"),
            Spec("Apache: User", "https://httpd.apache.org/docs/2.4/mod/mod_unixd.html#user"),
            Cwe(250),
        ],
    },
    topic: Topic::Servers,
    severity: Severity::High,
    bad: Example::File(
        Format::Nginx,
        r"user root;
http {

}",
    ),
    good: Example::File(
        Format::Nginx,
        r"user www-data;
http {

}",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    sightings::nginx(&RULE, facts, findings, |nginx, seen| {
        for node in nginx
            .each("user")
            .filter(|node| node.parent().is_some_and(At::is_root) && node.args().any(|arg| arg == "root"))
        {
            seen.at(node, "workers run as root").own("nginx:user-root").edit(node.with_words("www-data", Safety::Safe));
        }
    });
    sightings::apache(&RULE, facts, findings, |apache, seen| {
        for node in apache
            .each("user")
            .chain(apache.each("group"))
            .filter(|node| node.says("root") || node.arg(0) == Some("#0"))
        {
            seen.at(node, "requests are served as root").own("apache:user-root").edit(node.with_word(
                0,
                "www-data",
                Safety::Safe,
            ));
        }
    });
}
