//! systemd: a unit whose program can do what it is for, and nothing else.

use bartizan_proxy::config::UpstreamAddress;

use super::Unit;
use super::plan::Plan;
use super::written::{Plain, Syntax, Written, raw, text};
use crate::config::ProfileName;

/// No quotes: a value is the rest of its line, and only specifiers and variables mean more than they say.
pub(super) const SYNTAX: Syntax = Syntax {
    quote: |text| {
        let is_line = !text.chars().any(char::is_control) && !text.ends_with('\\') && !text.is_empty();
        is_line.then(|| text.replace('%', "%%").replace('$', "$$"))
    },
    plain: Plain::Quoted,
    end: "",
    indent: "",
};

/// One setting of a unit.
struct Setting {
    name: &'static str,
    value: &'static str,
    /// For what it is set.
    of: Of,
    /// The first version that knows it.
    since: u16,
    /// Written above the first of those that belong together.
    why: &'static str,
}

/// What a setting is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Of {
    /// Any program.
    Both,
    /// The wall, and an app whose profile is `strict`: it stops programs that make code while they run.
    CodeOnce,
    /// The wall.
    Wall,
    /// An app: it needs no right at all.
    App,
}

/// Writes the unit.
pub(super) fn write(plan: &Plan<'_>, out: &mut Written) {
    let unit = plan.told.unit;
    let of_app = unit == Unit::App;
    out.say("[Unit]", &[]);
    if of_app {
        out.say("Description=", &[text(format!("The app behind {}", plan.site.name()))]);
    } else {
        out.say("Description=", &[raw("Bartizan, the wall before a web app")]);
        out.say("Documentation=", &[raw("man:bartizan(1)")]);
    }
    out.say("Wants=", &[raw("network-online.target")]);
    out.say("After=", &[raw("network-online.target")]);
    out.gap();
    out.say("[Service]", &[]);
    if of_app {
        out.say("ExecStart=", &[text(plan.told.exec)]);
        out.say("Restart=", &[raw("on-failure")]);
    } else {
        out.say("ExecStart=", &[raw("/usr/bin/bartizan serve --config /etc/bartizan/bartizan.toml")]);
        out.say("ExecReload=", &[raw("/bin/kill -HUP $MAINPID")]);
        out.say("Restart=", &[raw("on-failure")]);
        out.comment("Longer than `server.drain`, so that running requests end by themselves.");
        out.say("TimeoutStopSec=", &[raw(format!("{}s", plan.server.drain.as_secs().saturating_add(15)))]);
        out.say("LimitNOFILE=", &[raw("65536")]);
    }
    out.gap();
    out.comment(
        "A user made for this run. What it has to read, certificates and keys too, must be readable for a group that a \
         drop-in names (SupplementaryGroups=).",
    );
    out.say("DynamicUser=", &[raw("yes")]);
    let state = if of_app { plan.identifier() } else { "bartizan".to_owned() };
    out.say("StateDirectory=", &[text(state)]);
    settings(plan, out);
    if of_app {
        network(plan, out);
        out.note("the app's own needs: what it writes outside of its state directory fails (ReadWritePaths=)");
    }
    out.gap();
    out.say("[Install]", &[]);
    out.say("WantedBy=", &[raw("multi-user.target")]);
}

fn settings(plan: &Plan<'_>, out: &mut Written) {
    let is_wall = plan.told.unit == Unit::Wall;
    for setting in SETTINGS {
        let is_meant = match setting.of {
            Of::Both => true,
            Of::CodeOnce => is_wall || plan.profile == ProfileName::Strict,
            Of::Wall => is_wall,
            Of::App => !is_wall,
        };
        if !is_meant {
            continue;
        }
        if !setting.why.is_empty() {
            out.gap();
            out.comment(setting.why);
        }
        if plan.version.is_at_least([setting.since, 0, 0]) {
            out.say(&format!("{}=", setting.name), &[raw(setting.value)]);
        } else {
            out.note(format!("{}=, which systemd knows from {} on", setting.name, setting.since));
        }
    }
    if !is_wall && plan.profile != ProfileName::Strict {
        out.note("MemoryDenyWriteExecute=, which stops programs that make code while they run; strict sets it");
    }
}

/// An app listens where the wall asks for it.
fn network(plan: &Plan<'_>, out: &mut Written) {
    let ports: Vec<u16> = plan
        .site
        .upstream
        .addresses
        .iter()
        .filter_map(|address| match address {
            UpstreamAddress::Tcp { port, .. } => Some(*port),
            UpstreamAddress::Unix(_) => None,
        })
        .collect();
    out.gap();
    if plan.version.is_at_least([249, 0, 0]) {
        out.comment("It listens where the proxy before it asks, and nowhere else.");
        out.say("SocketBindDeny=", &[raw("any")]);
        for port in ports {
            out.say("SocketBindAllow=", &[raw(format!("tcp:{port}"))]);
        }
    } else {
        out.note("the ports that the app may listen on (SocketBindAllow=), which systemd knows from 249 on");
    }
    if plan.profile == ProfileName::Strict {
        out.comment("It speaks to programs of this machine: a database elsewhere is named in IPAddressAllow=.");
        out.say("IPAddressDeny=", &[raw("any")]);
        out.say("IPAddressAllow=", &[raw("localhost")]);
    } else {
        out.note("IPAddressDeny=any, which ends what an app asks of other machines; strict sets it");
    }
}

const fn setting(name: &'static str, value: &'static str, of: Of, since: u16, why: &'static str) -> Setting {
    Setting { name, value, of, since, why }
}

/// In the order in which a unit has them.
static SETTINGS: &[Setting] = &[
    setting("StateDirectoryMode", "0700", Of::Both, 233, ""),
    setting("UMask", "0077", Of::Both, 1, ""),
    setting("AmbientCapabilities", "CAP_NET_BIND_SERVICE", Of::Wall, 229, "What root can do, and this cannot."),
    setting("CapabilityBoundingSet", "CAP_NET_BIND_SERVICE", Of::Wall, 21, ""),
    setting("CapabilityBoundingSet", "", Of::App, 21, "What root can do, and this cannot."),
    setting("NoNewPrivileges", "yes", Of::Both, 187, ""),
    setting("PrivateUsers", "yes", Of::App, 232, ""),
    setting("ProtectSystem", "strict", Of::Both, 214, "It reads what it is made of, and writes its state."),
    setting("ProtectHome", "yes", Of::Both, 214, ""),
    setting("PrivateTmp", "yes", Of::Both, 1, ""),
    setting("PrivateDevices", "yes", Of::Both, 209, ""),
    setting("ProtectProc", "invisible", Of::Both, 247, ""),
    setting("ProcSubset", "pid", Of::Both, 247, ""),
    setting("ProtectClock", "yes", Of::Both, 245, ""),
    setting("ProtectHostname", "yes", Of::Both, 242, ""),
    setting("ProtectKernelLogs", "yes", Of::Both, 244, ""),
    setting("ProtectKernelModules", "yes", Of::Both, 232, ""),
    setting("ProtectKernelTunables", "yes", Of::Both, 232, ""),
    setting("ProtectControlGroups", "yes", Of::Both, 232, ""),
    setting("RestrictAddressFamilies", "AF_INET AF_INET6 AF_UNIX", Of::Both, 211, "It speaks TCP and to socket files."),
    setting("RestrictNamespaces", "yes", Of::Both, 233, ""),
    setting("RestrictRealtime", "yes", Of::Both, 231, ""),
    setting("RestrictSUIDSGID", "yes", Of::Both, 242, ""),
    setting("LockPersonality", "yes", Of::Both, 235, ""),
    setting("MemoryDenyWriteExecute", "yes", Of::CodeOnce, 231, ""),
    setting("RemoveIPC", "yes", Of::Both, 232, ""),
    setting("SystemCallArchitectures", "native", Of::Both, 209, ""),
    setting("SystemCallFilter", "@system-service", Of::Both, 187, ""),
    setting("SystemCallFilter", "~@privileged @resources", Of::Both, 187, ""),
    setting("SystemCallErrorNumber", "EPERM", Of::Both, 209, ""),
];

#[cfg(test)]
mod tests {
    use super::*;

    /// The packaged unit and the exported one are one list.
    #[test]
    fn the_wall_has_the_settings_of_its_package() {
        let packaged = include_str!("../../../../../contrib/bartizan.service");
        let of_wall = SETTINGS.iter().filter(|setting| matches!(setting.of, Of::Both | Of::CodeOnce | Of::Wall));
        for setting in of_wall {
            let line = format!("\n{}={}\n", setting.name, setting.value);
            assert!(packaged.contains(&line), "{line}");
        }
        let known = ["Exec", "Restart=", "TimeoutStopSec", "LimitNOFILE", "DynamicUser", "StateDirectory="];
        let service = packaged.split("[Service]").nth(1).and_then(|rest| rest.split("[Install]").next()).unwrap();
        for line in service.lines().filter(|line| line.contains('=') && !line.starts_with('#')) {
            let is_known = known.iter().any(|name| line.starts_with(name))
                || SETTINGS.iter().any(|setting| line == format!("{}={}", setting.name, setting.value));
            assert!(is_known, "{line}");
        }
    }
}
