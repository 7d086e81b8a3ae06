//! Every setting of the score: its weight, its range, and how bad a sandbox is in it.

use super::capability;
use super::sandbox::Sandbox;

/// A setting of the score.
#[derive(Debug)]
pub(super) struct Row {
    /// Its name in the program's JSON, as the program spells it.
    pub(super) name: &'static str,
    /// How much it counts beside the others.
    pub(super) weight: u64,
    /// The badness that counts in full.
    pub(super) range: u64,
    /// From 0 to the range; nothing, where the setting does not apply.
    pub(super) badness: fn(&Sandbox) -> Option<u64>,
}

const fn row(name: &'static str, weight: u64, range: u64, badness: fn(&Sandbox) -> Option<u64>) -> Row {
    Row { name, weight, range, badness }
}

/// The settings of systemd 252, heaviest first.
#[rustfmt::skip]
pub(super) static SETTINGS: &[Row] = &[
    row("PrivateNetwork", 2500, 1, |s| when(!s.has("PrivateNetwork"))),
    row("UserOrDynamicUser", 2000, 10, user),
    row("CapabilityBoundingSet_CAP_SET_UID_GID_PCAP", 1500, 1, |s| capability(s, &["CAP_SETUID", "CAP_SETGID", "CAP_SETPCAP"])),
    row("CapabilityBoundingSet_CAP_SYS_ADMIN", 1500, 1, |s| capability(s, &["CAP_SYS_ADMIN"])),
    row("CapabilityBoundingSet_CAP_SYS_PTRACE", 1500, 1, |s| capability(s, &["CAP_SYS_PTRACE"])),
    row("RestrictAddressFamilies_AF_INET_INET6", 1500, 1, |s| when(s.families.is_usable(Some(&["AF_INET", "AF_INET6"])))),
    row("RestrictNamespaces_user", 1500, 1, |s| when(s.allows_namespace("user"))),
    row("RestrictAddressFamilies_OTHER", 1250, 1, |s| when(s.families.is_usable(None))),
    row("CapabilityBoundingSet_CAP_CHOWN_FSETID_SETFCAP", 1000, 1, |s| capability(s, &["CAP_CHOWN", "CAP_FSETID", "CAP_SETFCAP"])),
    row("CapabilityBoundingSet_CAP_DAC_FOWNER_IPC_OWNER", 1000, 1, |s| capability(s, &["CAP_DAC_OVERRIDE", "CAP_DAC_READ_SEARCH", "CAP_FOWNER", "CAP_IPC_OWNER"])),
    row("CapabilityBoundingSet_CAP_NET_ADMIN", 1000, 1, |s| capability(s, &["CAP_NET_ADMIN"])),
    row("CapabilityBoundingSet_CAP_SYS_MODULE", 1000, 1, |s| capability(s, &["CAP_SYS_MODULE"])),
    row("CapabilityBoundingSet_CAP_SYS_RAWIO", 1000, 1, |s| capability(s, &["CAP_SYS_RAWIO"])),
    row("CapabilityBoundingSet_CAP_SYS_TIME", 1000, 1, |s| capability(s, &["CAP_SYS_TIME"])),
    row("DeviceAllow", 1000, 10, devices),
    row("IPAddressDeny", 1000, 10, addresses),
    row("KeyringMode", 1000, 1, |s| when(s.keyring != "private")),
    row("NoNewPrivileges", 1000, 1, |s| when(!s.has("NoNewPrivileges"))),
    row("NotifyAccess", 1000, 1, |s| when(s.notify == "all")),
    row("PrivateDevices", 1000, 1, |s| when(!s.has("PrivateDevices"))),
    row("PrivateMounts", 1000, 1, |s| when(!s.has("PrivateMounts"))),
    row("PrivateTmp", 1000, 1, tmp),
    row("PrivateUsers", 1000, 1, |s| when(!s.has("PrivateUsers"))),
    row("ProtectClock", 1000, 1, |s| when(!s.has("ProtectClock"))),
    row("ProtectControlGroups", 1000, 1, |s| when(!s.has("ProtectControlGroups"))),
    row("ProtectHome", 1000, 10, home),
    row("ProtectKernelLogs", 1000, 1, |s| when(!s.has("ProtectKernelLogs"))),
    row("ProtectKernelModules", 1000, 1, |s| when(!s.has("ProtectKernelModules"))),
    row("ProtectKernelTunables", 1000, 1, |s| when(!s.has("ProtectKernelTunables"))),
    row("ProtectProc", 1000, 3, proc),
    row("ProtectSystem", 1000, 10, system),
    row("RestrictAddressFamilies_AF_PACKET", 1000, 1, |s| when(s.families.is_usable(Some(&["AF_PACKET"])))),
    row("RestrictSUIDSGID", 1000, 1, |s| when(!s.has("RestrictSUIDSGID"))),
    row("SystemCallArchitectures", 1000, 10, architectures),
    row("SystemCallFilter_clock", 1000, 10, |s| Some(s.filter.badness("@clock"))),
    row("SystemCallFilter_debug", 1000, 10, |s| Some(s.filter.badness("@debug"))),
    row("SystemCallFilter_module", 1000, 10, |s| Some(s.filter.badness("@module"))),
    row("SystemCallFilter_mount", 1000, 10, |s| Some(s.filter.badness("@mount"))),
    row("SystemCallFilter_raw_io", 1000, 10, |s| Some(s.filter.badness("@raw-io"))),
    row("SystemCallFilter_reboot", 1000, 10, |s| Some(s.filter.badness("@reboot"))),
    row("SystemCallFilter_swap", 1000, 10, |s| Some(s.filter.badness("@swap"))),
    row("SystemCallFilter_privileged", 700, 10, |s| Some(s.filter.badness("@privileged"))),
    row("SystemCallFilter_resources", 700, 10, |s| Some(s.filter.badness("@resources"))),
    row("AmbientCapabilities", 500, 1, |s| when(s.ambient != 0)),
    row("CapabilityBoundingSet_CAP_AUDIT", 500, 1, |s| capability(s, &["CAP_AUDIT_CONTROL", "CAP_AUDIT_READ", "CAP_AUDIT_WRITE"])),
    row("CapabilityBoundingSet_CAP_KILL", 500, 1, |s| capability(s, &["CAP_KILL"])),
    row("CapabilityBoundingSet_CAP_MKNOD", 500, 1, |s| capability(s, &["CAP_MKNOD"])),
    row("CapabilityBoundingSet_CAP_NET_BIND_SERVICE_BROADCAST_RAW)", 500, 1, |s| capability(s, &["CAP_NET_BIND_SERVICE", "CAP_NET_BROADCAST", "CAP_NET_RAW"])),
    row("CapabilityBoundingSet_CAP_SYSLOG", 500, 1, |s| capability(s, &["CAP_SYSLOG"])),
    row("CapabilityBoundingSet_CAP_SYS_NICE_RESOURCE", 500, 1, |s| capability(s, &["CAP_SYS_NICE", "CAP_SYS_RESOURCE"])),
    row("RestrictNamespaces_cgroup", 500, 1, |s| when(s.allows_namespace("cgroup"))),
    row("RestrictNamespaces_ipc", 500, 1, |s| when(s.allows_namespace("ipc"))),
    row("RestrictNamespaces_mnt", 500, 1, |s| when(s.allows_namespace("mnt"))),
    row("RestrictNamespaces_net", 500, 1, |s| when(s.allows_namespace("net"))),
    row("RestrictNamespaces_pid", 500, 1, |s| when(s.allows_namespace("pid"))),
    row("RestrictRealtime", 500, 1, |s| when(!s.has("RestrictRealtime"))),
    row("SystemCallFilter_cpu_emulation", 250, 10, |s| Some(s.filter.badness("@cpu-emulation"))),
    row("SystemCallFilter_obsolete", 250, 10, |s| Some(s.filter.badness("@obsolete"))),
    row("RestrictAddressFamilies_AF_NETLINK", 200, 1, |s| when(s.families.is_usable(Some(&["AF_NETLINK"])))),
    row("RootDirectoryOrRootImage", 200, 1, root),
    row("SupplementaryGroups", 200, 1, groups),
    row("CapabilityBoundingSet_CAP_MAC", 100, 1, |s| capability(s, &["CAP_MAC_ADMIN", "CAP_MAC_OVERRIDE"])),
    row("CapabilityBoundingSet_CAP_SYS_BOOT", 100, 1, |s| capability(s, &["CAP_SYS_BOOT"])),
    row("Delegate", 100, 1, |s| when(s.has("Delegate"))),
    row("LockPersonality", 100, 1, |s| when(!s.has("LockPersonality"))),
    row("MemoryDenyWriteExecute", 100, 1, |s| when(!s.has("MemoryDenyWriteExecute"))),
    row("RemoveIPC", 100, 1, ipc),
    row("RestrictNamespaces_uts", 100, 1, |s| when(s.allows_namespace("uts"))),
    row("UMask", 100, 10, umask),
    row("CapabilityBoundingSet_CAP_LINUX_IMMUTABLE", 75, 1, |s| capability(s, &["CAP_LINUX_IMMUTABLE"])),
    row("CapabilityBoundingSet_CAP_IPC_LOCK", 50, 1, |s| capability(s, &["CAP_IPC_LOCK"])),
    row("CapabilityBoundingSet_CAP_SYS_CHROOT", 50, 1, |s| capability(s, &["CAP_SYS_CHROOT"])),
    row("ProtectHostname", 50, 1, |s| when(!s.has("ProtectHostname"))),
    row("CapabilityBoundingSet_CAP_BLOCK_SUSPEND", 25, 1, |s| capability(s, &["CAP_BLOCK_SUSPEND"])),
    row("CapabilityBoundingSet_CAP_BPF", 25, 1, |s| capability(s, &["CAP_BPF"])),
    row("CapabilityBoundingSet_CAP_LEASE", 25, 1, |s| capability(s, &["CAP_LEASE"])),
    row("CapabilityBoundingSet_CAP_SYS_PACCT", 25, 1, |s| capability(s, &["CAP_SYS_PACCT"])),
    row("CapabilityBoundingSet_CAP_SYS_TTY_CONFIG", 25, 1, |s| capability(s, &["CAP_SYS_TTY_CONFIG"])),
    row("CapabilityBoundingSet_CAP_WAKE_ALARM", 25, 1, |s| capability(s, &["CAP_WAKE_ALARM"])),
    row("RestrictAddressFamilies_AF_UNIX", 25, 1, |s| when(s.families.is_usable(Some(&["AF_UNIX", "AF_LOCAL", "AF_FILE"])))),
    row("ProcSubset", 10, 1, |s| when(s.proc_subset != "pid")),
];

#[allow(clippy::unnecessary_wraps, reason = "a row's badness may not apply")]
const fn when(is_bad: bool) -> Option<u64> {
    Some(if is_bad { 1 } else { 0 })
}

fn capability(sandbox: &Sandbox, names: &[&str]) -> Option<u64> {
    when(sandbox.bounding & capability::set(names) != 0)
}

/// What the program leaves out for services that start before the file systems are there.
fn if_late(sandbox: &Sandbox, badness: u64) -> Option<u64> {
    sandbox.has_default_dependencies.then_some(badness)
}

#[allow(clippy::unnecessary_wraps, reason = "a row's badness may not apply")]
fn user(sandbox: &Sandbox) -> Option<u64> {
    Some(match sandbox.user.as_deref() {
        Some("nobody") => 9,
        _ if sandbox.is_privileged() => 10,
        _ => 0,
    })
}

fn tmp(sandbox: &Sandbox) -> Option<u64> {
    if_late(sandbox, u64::from(!sandbox.has("PrivateTmp")))
}

fn home(sandbox: &Sandbox) -> Option<u64> {
    if_late(
        sandbox,
        match sandbox.home {
            "yes" => 0,
            "tmpfs" => 1,
            "read-only" => 5,
            _ => 10,
        },
    )
}

fn system(sandbox: &Sandbox) -> Option<u64> {
    if_late(
        sandbox,
        match sandbox.system {
            "strict" => 0,
            "full" => 3,
            "yes" => 5,
            _ => 10,
        },
    )
}

fn root(sandbox: &Sandbox) -> Option<u64> {
    let is_root =
        |path: &Option<String>| path.as_deref().is_none_or(|path| path.split('/').all(|p| matches!(p, "" | ".")));
    if_late(sandbox, u64::from(is_root(&sandbox.root) && is_root(&sandbox.image)))
}

#[allow(clippy::unnecessary_wraps, reason = "a row's badness may not apply")]
fn proc(sandbox: &Sandbox) -> Option<u64> {
    Some(match sandbox.proc {
        "invisible" | "ptraceable" => 0,
        "noaccess" => 1,
        _ => 3,
    })
}

fn groups(sandbox: &Sandbox) -> Option<u64> {
    (!sandbox.is_privileged()).then_some(u64::from(sandbox.groups))
}

fn ipc(sandbox: &Sandbox) -> Option<u64> {
    (!sandbox.is_privileged()).then_some(u64::from(!sandbox.has("RemoveIPC")))
}

#[allow(clippy::unnecessary_wraps, reason = "a row's badness may not apply")]
fn devices(sandbox: &Sandbox) -> Option<u64> {
    Some(match (sandbox.device_policy, sandbox.devices) {
        ("closed" | "strict", false) => 0,
        ("closed" | "strict", true) => 5,
        _ => 10,
    })
}

#[allow(clippy::unnecessary_wraps, reason = "a row's badness may not apply")]
fn addresses(sandbox: &Sandbox) -> Option<u64> {
    Some(if sandbox.packet_filters.contains(&true) {
        0
    } else if !sandbox.denied.is_all() {
        10
    } else if sandbox.allowed.has_other() {
        5
    } else if sandbox.allowed.has_local() {
        2
    } else {
        0
    })
}

#[allow(clippy::unnecessary_wraps, reason = "a row's badness may not apply")]
fn architectures(sandbox: &Sandbox) -> Option<u64> {
    let names = &sandbox.architectures;
    Some(if names.is_empty() {
        10
    } else if names.iter().all(|name| name == "native") {
        0
    } else {
        8
    })
}

/// What files may become that the service makes: the worst counts.
#[allow(clippy::unnecessary_wraps, reason = "a row's badness may not apply")]
const fn umask(sandbox: &Sandbox) -> Option<u64> {
    let free = !sandbox.umask;
    Some(if free & 0o002 != 0 {
        10
    } else if free & 0o004 != 0 {
        5
    } else if free & 0o020 != 0 {
        2
    } else if free & 0o040 != 0 {
        1
    } else {
        0
    })
}
