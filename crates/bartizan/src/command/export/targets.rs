//! The programs that can be written for: one file each, and this table.

use super::plan::Plan;
use super::version::Version;
use super::written::{Syntax, Written};
use super::{apache, caddy, compose, django, haproxy, nginx, systemd};

/// A program whose configuration can be written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Target {
    /// The name, as people write it.
    pub(super) name: &'static str,
    /// The oldest version that understands what is written.
    pub(super) oldest: &'static str,
    /// The version that is meant when none is named: Debian 12's, or the current one of what Debian does not carry.
    pub(super) default: &'static str,
    /// What may stand behind a `+`, besides nothing.
    pub(super) with: &'static [&'static str],
    /// Where the file goes, and what has to be done once.
    pub(super) place: &'static str,
    /// How texts are quoted.
    pub(super) syntax: Syntax,
    /// Writes the configuration.
    pub(super) write: fn(&Plan<'_>, &mut Written),
}

/// Every target.
pub(super) struct Targets {
    pub(super) nginx: Target,
    pub(super) apache: Target,
    pub(super) caddy: Target,
    pub(super) haproxy: Target,
    pub(super) django: Target,
    pub(super) systemd: Target,
    pub(super) docker_compose: Target,
}

pub(super) static TARGETS: Targets = Targets {
    nginx: Target {
        name: "nginx",
        oldest: "1.19.4", // `ssl_reject_handshake`
        default: "1.22",
        with: &[],
        place: "Goes to /etc/nginx/conf.d/; remove /etc/nginx/sites-enabled/default, which claims the same sockets.",
        syntax: nginx::SYNTAX,
        write: nginx::write,
    },
    apache: Target {
        name: "Apache",
        oldest: "2.4.47", // `upgrade=websocket`
        default: "2.4.57",
        with: &[],
        place: "Goes to /etc/apache2/sites-available/; first: a2enmod headers http2 proxy_http reqtimeout rewrite ssl \
                unique_id; a2dissite 000-default",
        syntax: apache::SYNTAX,
        write: apache::write,
    },
    caddy: Target {
        name: "Caddy",
        oldest: "2.6", // `handle_response` with `status 5xx`, `{err.*}`
        default: "2.6.2",
        with: &[],
        place: "Goes to /etc/caddy/Caddyfile.",
        syntax: caddy::SYNTAX,
        write: caddy::write,
    },
    haproxy: Target {
        name: "HAProxy",
        oldest: "2.4", // `del-header … -m beg`
        default: "2.6",
        with: &[],
        place: "Goes to /etc/haproxy/haproxy.cfg, behind its `global` and `defaults`.",
        syntax: haproxy::SYNTAX,
        write: haproxy::write,
    },
    django: Target {
        name: "Django",
        oldest: "4.2",
        default: "5.2",
        with: &["csp4"],
        place: "Goes beside settings.py as a module of its own, named in DJANGO_SETTINGS_MODULE; without --settings, to \
                the end of settings.py.",
        syntax: django::SYNTAX,
        write: django::write,
    },
    systemd: Target {
        name: "systemd",
        oldest: "247", // `ProtectProc=`, `ProcSubset=`
        default: "252",
        with: &[],
        place: "Goes to /etc/systemd/system/NAME.service; look at it with: systemd-analyze security NAME.service",
        syntax: systemd::SYNTAX,
        write: systemd::write,
    },
    docker_compose: Target {
        name: "Docker Compose",
        oldest: "2",
        default: "2",
        with: &[],
        place: "Goes to compose.yaml, and bartizan.toml beside it.",
        syntax: compose::SYNTAX,
        write: compose::write,
    },
};

impl Target {
    /// Returns the version to write for, or what is wrong with the one that was named.
    pub(super) fn version(&self, asked: Option<&Version>) -> Result<Version, String> {
        let parsed = |text: &str| text.parse::<Version>().map_err(|error| format!("{text}: {error}"));
        let Some(asked) = asked else { return parsed(self.default) };
        let name = self.name;
        if !asked.is_at_least(parsed(self.oldest)?.numbers()) {
            return Err(format!("what is written needs {name} {} or later", self.oldest));
        }
        match asked.with() {
            Some(with) if !self.with.contains(&with) => Err(format!("nothing is known of {name} with {with}")),
            _ => Ok(asked.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_one_that_understands_what_is_written() {
        for (target, asked, is_fine) in [
            (TARGETS.nginx, None, true),
            (TARGETS.nginx, Some("1.27"), true),
            (TARGETS.nginx, Some("1.18"), false),
            (TARGETS.nginx, Some("1.22+csp4"), false),
            (TARGETS.django, Some("5.2+csp4"), true),
            (TARGETS.django, Some("5.2+csp3"), false),
        ] {
            let asked: Option<Version> = asked.map(|text| text.parse().unwrap());
            assert_eq!(target.version(asked.as_ref()).is_ok(), is_fine, "{} {asked:?}", target.name);
        }
    }
}
