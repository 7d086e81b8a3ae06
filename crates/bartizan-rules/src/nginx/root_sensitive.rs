//! A folder of the system is served.

use crate::explanation::Platform::Nginx;
use crate::explanation::Reference::{Cwe, Spec};
use crate::sightings::nginx;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Severity, Topic};

/// A folder of the system is served.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "root-sensitive",
        title: "A folder of the system is served",
        why: "In /etc, /root, /home or /var lie settings, keys and mail. Whatever nginx may read there has an address \
              on the web.",
        fix: &[(Nginx, "root /srv/www;")],
        references: &[Spec("nginx: root", "https://nginx.org/en/docs/http/ngx_http_core_module.html#root"), Cwe(552)],
    },
    topic: Topic::Nginx,
    severity: Severity::High,
    bad: Example::File(
        Format::Nginx,
        r"server {
    location / {
        root /etc;
    }
}",
    ),
    good: Example::File(
        Format::Nginx,
        r"server {
    location / {
        root /srv/www;
    }
}",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    nginx(&RULE, facts, findings, |nginx, seen| {
        for node in nginx.each("root").filter(|node| is_sensitive(node.arg(0).unwrap_or_default())) {
            seen.at(node, "files of the system are served").own("nginx:root-sensitive");
        }
    });
}

fn is_sensitive(path: &str) -> bool {
    let path = path.trim_end_matches('/');
    let whole = [
        "/etc", "/root", "/home", "/var", "/usr", "/opt", "/proc", "/sys", "/boot", "/dev", "/run", "/tmp", "/var/log",
        "/var/lib",
    ];
    let below = ["/etc/", "/root/", "/proc/", "/sys/", "/boot/", "/dev/", "/var/log/"];
    whole.contains(&path) || below.iter().any(|start| path.starts_with(start))
}
