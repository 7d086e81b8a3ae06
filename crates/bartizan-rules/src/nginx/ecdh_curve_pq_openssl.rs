//! A curve that older OpenSSL does not know stops nginx.

use crate::explanation::Platform::Nginx;
use crate::explanation::Reference::Spec;
use crate::facts::nginx::Peer;
use crate::sightings::nginx;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// A curve that older OpenSSL does not know stops nginx.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "ecdh-curve-pq-openssl",
        title: "A curve that older OpenSSL does not know stops nginx",
        why: "Post-quantum groups exist since OpenSSL 3.5. With an older library the whole list is refused and nginx \
              does not start: the next restart takes the site down. A question mark before the name lets OpenSSL 3.3 \
              and newer skip it.",
        fix: &[(Nginx, "ssl_ecdh_curve X25519:prime256v1:secp384r1;")],
        references: &[
            Spec("nginx: ssl_ecdh_curve", "https://nginx.org/en/docs/http/ngx_http_ssl_module.html#ssl_ecdh_curve"),
            Spec("OpenSSL: SSL_CTX_set1_groups_list", "https://docs.openssl.org/3.5/man3/SSL_CTX_set1_curves/"),
        ],
    },
    topic: Topic::Nginx,
    severity: Severity::Medium,
    bad: Example::File(
        Format::Nginx,
        r"http {
    ssl_ecdh_curve X25519MLKEM768:X25519;
}",
    ),
    good: Example::File(
        Format::Nginx,
        r"http {
    ssl_ecdh_curve X25519:prime256v1;
}",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    nginx(&RULE, facts, findings, |nginx, seen| {
        for node in nginx.each("ssl_ecdh_curve") {
            let groups: Vec<_> = node.arg(0).unwrap_or_default().split(':').filter(|group| !group.is_empty()).collect();
            let (new, known): (Vec<&str>, Vec<&str>) = groups.into_iter().partition(|group| is_new(group));
            if new.is_empty() {
                continue;
            }
            let said = seen.at(node, format_args!("needs OpenSSL 3.5: {}", new.join(", ")));
            said.own("nginx:ecdh-curve-pq-openssl");
            let rest = if known.is_empty() { "auto".to_owned() } else { known.join(":") };
            said.edit(node.with_word(0, &rest, Safety::Safe));
            for peer in [Peer::Ng, Peer::Next].into_iter().filter(|peer| nginx.reader(*peer).sees(node)) {
                said.peer(peer, "ssl_ecdh_curve", new.join(" "));
            }
        }
    });
}

fn is_new(group: &str) -> bool {
    let group = group.to_ascii_uppercase();
    !group.starts_with('?') && (group.contains("MLKEM") || group.contains("KYBER"))
}
