//! One process serves all.

use crate::explanation::Platform::Nginx;
use crate::explanation::Reference::Spec;
use crate::facts::nginx::Peer;
use crate::sightings::nginx;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// One process serves all.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "worker-processes-missing",
        title: "One process serves all",
        why: "Without worker_processes nginx runs a single worker, whatever the machine has. One slow disk read or \
              one busy connection then delays every visitor, and an attack needs to fill only one processor.",
        fix: &[(Nginx, "worker_processes auto;")],
        references: &[Spec(
            "nginx: worker_processes",
            "https://nginx.org/en/docs/ngx_core_module.html#worker_processes",
        )],
    },
    topic: Topic::Nginx,
    severity: Severity::Info,
    bad: Example::File(
        Format::Nginx,
        r"http {

}",
    ),
    good: Example::File(
        Format::Nginx,
        r"worker_processes auto;
http {

}",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    nginx(&RULE, facts, findings, |nginx, seen| {
        let has = nginx.blocks().root().each("worker_processes").next().is_some();
        if let Some(http) = nginx.http().filter(|_| !has) {
            let first = nginx.blocks().root().children().next().unwrap_or(http);
            let said = seen.at(first, "worker_processes is not set");
            said.edit(first.with_before("worker_processes auto;", Safety::Safe)).peer(
                Peer::Next,
                "missing_worker_processes",
                "",
            );
        }
    });
}
