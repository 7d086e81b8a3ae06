//! Workers may open fewer files than they have connections.

use crate::explanation::Platform::Nginx;
use crate::explanation::Reference::Spec;
use crate::facts::blocks::At;
use crate::facts::nginx::Peer;
use crate::sightings::nginx;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// Workers may open fewer files than they have connections.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "worker-rlimit-low",
        title: "Workers may open fewer files than they have connections",
        why: "A proxied request takes two descriptors, one for the visitor and one for the app. Where the limit is \
              below twice the connections, nginx runs out of descriptors before it runs out of connections, and \
              refuses visitors with errors that point elsewhere.",
        fix: &[(Nginx, "worker_rlimit_nofile 4096;\nevents {\n    worker_connections 1024;\n}")],
        references: &[
            Spec("nginx: worker_rlimit_nofile", "https://nginx.org/en/docs/ngx_core_module.html#worker_rlimit_nofile"),
            Spec("nginx: worker_connections", "https://nginx.org/en/docs/ngx_core_module.html#worker_connections"),
        ],
    },
    topic: Topic::Nginx,
    severity: Severity::Low,
    bad: Example::File(
        Format::Nginx,
        r"worker_rlimit_nofile 1024;
events {
    worker_connections 1024;
}
http {

}",
    ),
    good: Example::File(
        Format::Nginx,
        r"worker_rlimit_nofile 4096;
events {
    worker_connections 1024;
}
http {

}",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    nginx(&RULE, facts, findings, |nginx, seen| {
        let number = |node: At<'_>| node.arg(0).and_then(|arg| arg.parse::<u64>().ok());
        let (ng, next) = (nginx.reader(Peer::Ng), nginx.reader(Peer::Next));
        let mut has_connections = false;
        for node in nginx.each("worker_connections") {
            has_connections |= next.sees(node);
            let connections = number(node);
            let limit = node.parents().find_map(|scope| scope.each("worker_rlimit_nofile").next());
            let limit_number = limit.and_then(number);
            let enough = connections.map(|connections| connections.saturating_mul(2));
            let is_low = limit_number.zip(enough).is_some_and(|(limit, enough)| limit < enough);
            // Without a limit it does not look at the number.
            let is_ng = is_low || !limit.is_some_and(|limit| ng.sees(limit));
            let is_next = match limit {
                Some(_) => is_low,
                None => enough.is_some_and(|enough| enough > DEFAULT_LIMIT),
            };
            if is_ng || is_next {
                let Some((connections, enough)) = connections.zip(enough) else {
                    let said = seen.at(node, "worker_rlimit_nofile is not set");
                    if ng.sees(node) {
                        said.peer(Peer::Ng, "worker_rlimit_nofile_vs_connections", limit.is_some().to_string());
                    }
                    continue;
                };
                let said = seen.at(node, format_args!("{connections} connections need {enough} descriptors"));
                said.edit(match limit {
                    Some(limit) => limit.with_word(0, &enough.to_string(), Safety::Safe),
                    None => node
                        .parent()
                        .map(|events| events.with_before(&format!("worker_rlimit_nofile {enough};"), Safety::Safe)),
                });
                if is_ng && ng.sees(node) {
                    said.peer(Peer::Ng, "worker_rlimit_nofile_vs_connections", limit.is_some().to_string());
                }
                if is_next && next.sees(node) {
                    said.peer(Peer::Next, "worker_rlimit_nofile_vs_connections", limit.is_some().to_string());
                }
            }
        }
        if nginx.http().is_none() || has_connections {
            return;
        }
        if let Some(limit) = nginx.each("worker_rlimit_nofile").next()
            && let Some(count) = number(limit).filter(|count| *count < DEFAULT_LIMIT)
        {
            let said = seen.at(
                limit,
                format_args!("{count} descriptors are fewer than twice the 512 connections that nginx allows"),
            );
            said.edit(limit.with_word(0, "1024", Safety::Safe));
            if next.sees(limit) {
                said.peer(Peer::Next, "worker_rlimit_nofile_vs_connections", "default");
            }
        }
    });
}

/// What Linux gives a process, and twice what nginx takes by default.
const DEFAULT_LIMIT: u64 = 1_024;
