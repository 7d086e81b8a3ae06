//! Names are asked of a server outside.

use std::net::{Ipv4Addr, Ipv6Addr};

use crate::explanation::Platform::Nginx;
use crate::explanation::Reference::{Cwe, Spec};
use crate::facts::blocks::At;
use crate::facts::nginx::Peer;
use crate::sightings::nginx;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// Names are asked of a server outside.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "resolver-external",
        title: "Names are asked of a server outside",
        why: "nginx takes the first answer that fits, over UDP, and does not verify it. Between here and a public \
              name server are many who can answer faster, and whoever does decides where the requests go. A resolver \
              on the machine itself has nobody in between.",
        fix: &[(Nginx, "resolver 127.0.0.53;")],
        references: &[
            Spec("nginx: resolver", "https://nginx.org/en/docs/http/ngx_http_core_module.html#resolver"),
            Cwe(350),
        ],
    },
    topic: Topic::Nginx,
    severity: Severity::Medium,
    bad: Example::File(
        Format::Nginx,
        r"http {
    resolver 8.8.8.8;
}",
    ),
    good: Example::File(
        Format::Nginx,
        r"http {
    resolver 127.0.0.53;
}",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    nginx(&RULE, facts, findings, |nginx, seen| {
        for node in nginx.each("resolver") {
            for peer in [Peer::Ng, Peer::Next] {
                let addresses = node.args().filter(|arg| !arg.contains('='));
                let outside: Vec<_> = addresses.filter(|address| is_outside(peer, address)).collect();
                if !nginx.reader(peer).sees(node) || outside.is_empty() {
                    continue;
                }
                let said = seen.at(node, format_args!("asked outside: {}", outside.join(", ")));
                said.own("nginx:resolver-external").peer(peer, "resolver_external", outside.join(" "));
                said.edit(node.with_words(
                    &inside(node),
                    Safety::Risky("the machine itself must resolve names, as systemd-resolved does"),
                ));
            }
        }
    });
}

/// The options stay.
fn inside(node: At<'_>) -> String {
    let options = node.args().filter(|arg| arg.contains('='));
    std::iter::once("127.0.0.53").chain(options).collect::<Vec<_>>().join(" ")
}

fn is_outside(peer: Peer, address: &str) -> bool {
    let bare = match address.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((host, _)) => host,
        None => address,
    };
    let without_port = address.rsplit_once(':').map_or(address, |(host, _)| host);
    let v4 = without_port.parse::<Ipv4Addr>();
    let v6 = bare.parse::<Ipv6Addr>();
    if v4.is_ok_and(is_local_v4) || v6.is_ok_and(is_local_v6) {
        return false;
    }
    if peer == Peer::Ng {
        let local = ["intranet", "internal", "private", "corp", "home", "lan", "local", "localhost"];
        return !local.iter().any(|name| address.strip_suffix(name).is_some_and(|rest| rest.ends_with('.')));
    }
    let bare = if address.starts_with('[') || address.matches(':').count() != 1 { bare } else { without_port };
    if bare.parse::<Ipv4Addr>().is_ok() || bare.parse::<Ipv6Addr>().is_ok() {
        return true;
    }
    // A name of this machine or this net has no public ending.
    bartizan_suffixes::suffix(&bare.trim_end_matches('.').to_lowercase()).is_some_and(|suffix| suffix.is_known)
}

const fn is_local_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_documentation()
        || a == 0
        || a >= 240
        || (a == 192 && b == 0 && c == 0)
        || (a == 198 && (b == 18 || b == 19))
}

fn is_local_v6(address: Ipv6Addr) -> bool {
    let [a, b, ..] = address.segments();
    let is_mapped = address.to_ipv4_mapped().is_some();
    address.is_loopback()
        || address.is_unspecified()
        || is_mapped
        || (a & 0xfe00) == 0xfc00
        || (a & 0xffc0) == 0xfe80
        || (a == 0x2001 && (b == 0xdb8 || b < 0x200))
        || address.segments().starts_with(&[0x100, 0, 0, 0])
}
