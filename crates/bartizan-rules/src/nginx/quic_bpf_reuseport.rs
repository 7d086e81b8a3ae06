//! A reload breaks half of the QUIC connections.

use crate::explanation::Platform::Nginx;
use crate::explanation::Reference::Spec;
use crate::facts::blocks::At;
use crate::facts::nginx::Peer;
use crate::sightings::nginx;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// A reload breaks half of the QUIC connections.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "quic-bpf-reuseport",
        title: "A reload breaks half of the QUIC connections",
        why: "With quic_bpf and reuseport and several workers, versions before 1.31.7 keep sending packets to sockets \
              of workers that are gone once the configuration is loaded again. About half of the connections die, and \
              nothing is logged.",
        fix: &[(Nginx, "quic_bpf off;")],
        references: &[
            Spec("nginx: quic_bpf", "https://nginx.org/en/docs/http/ngx_http_v3_module.html#quic_bpf"),
            Spec("nginx, issue 425", "https://github.com/nginx/nginx/issues/425"),
        ],
    },
    topic: Topic::Nginx,
    severity: Severity::Medium,
    bad: Example::File(
        Format::Nginx,
        r"quic_bpf on;
worker_processes auto;
http {
    server {
        listen 443 quic reuseport;
    }
}",
    ),
    good: Example::File(
        Format::Nginx,
        r"quic_bpf off;
worker_processes auto;
http {
    server {
        listen 443 quic reuseport;
    }
}",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    nginx(&RULE, facts, findings, |nginx, seen| {
        let root = nginx.blocks().root();
        for peer in [Peer::Ng, Peer::Next] {
            let reader = nginx.reader(peer);
            let Some(bpf) = reader.some(root, "quic_bpf") else { continue };
            let is_on = if peer == Peer::Ng { bpf.arg(0) == Some("on") } else { bpf.says("on") };
            let is_many =
                reader.some(root, "worker_processes").and_then(|node| node.arg(0)).is_some_and(|count| count != "1");
            let is_shared = |listen: At<'_>| {
                let has = |word: &str| listen.args().any(|arg| arg.eq_ignore_ascii_case(word));
                has("quic") && has("reuseport") && reader.sees(listen) && listen.within("http").is_some()
            };
            if is_on && is_many && nginx.http().is_some() && nginx.each("listen").any(is_shared) {
                let said = seen.at(bpf, "several workers share the socket of QUIC");
                said.edit(bpf.with_word(0, "off", Safety::Safe)).peer(peer, "quic_bpf_reuseport", "");
            }
        }
    });
}
