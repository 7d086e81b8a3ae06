//! A weak curve is used for the key exchange.

use crate::explanation::Platform::Nginx;
use crate::explanation::Reference::{Cwe, Spec};
use crate::sightings::nginx;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// A weak curve is used for the key exchange.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "ecdh-curve-weak",
        title: "A weak curve is used for the key exchange",
        why: "Curves below 224 bits are within reach of who can pay for the machines, and what was recorded today can \
              be read then. Every client that speaks elliptic curves knows better ones.",
        fix: &[(Nginx, "ssl_ecdh_curve X25519:prime256v1:secp384r1;")],
        references: &[
            Spec("nginx: ssl_ecdh_curve", "https://nginx.org/en/docs/http/ngx_http_ssl_module.html#ssl_ecdh_curve"),
            Cwe(326),
        ],
    },
    topic: Topic::Nginx,
    severity: Severity::Medium,
    bad: Example::File(
        Format::Nginx,
        r"http {
    server {
        listen 443 ssl;
        server_name a.example;
        ssl_ecdh_curve secp192r1;
    }
}",
    ),
    good: Example::File(
        Format::Nginx,
        r"http {
    server {
        listen 443 ssl;
        server_name a.example;
        ssl_ecdh_curve X25519:prime256v1;
    }
}",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    nginx(&RULE, facts, findings, |nginx, seen| {
        for node in nginx.each("ssl_ecdh_curve") {
            let weak: Vec<_> = node.arg(0).unwrap_or_default().split(':').filter(|curve| is_weak(curve)).collect();
            if !weak.is_empty() {
                let said = seen.at(node, format_args!("below 224 bits: {}", weak.join(", ")));
                said.own("nginx:ecdh-curve-weak").edit(node.with_word(0, "X25519:prime256v1:secp384r1", Safety::Safe));
            }
        }
    });
}

/// The first number in a curve's name is its size, but for those of the first kind, which are named by a letter.
fn is_weak(curve: &str) -> bool {
    let digits: String = curve.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
    let is_sized = curve.starts_with("secp") || curve.starts_with("sect") || curve.starts_with("prime");
    is_sized && digits.parse::<u32>().is_ok_and(|bits| bits < 224)
}
