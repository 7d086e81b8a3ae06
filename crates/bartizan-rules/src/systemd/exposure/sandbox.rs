//! What a service's assignments come to: the sandbox that its processes get.

use super::capability;
use super::filter::Filter;
use super::network::{Addresses, Families};
use super::value::{Quotes, boolean, expand, is_absolute, mode, words};
use crate::facts::systemd::{Assignment, Systemd};
use crate::systemd::newer;

/// The sandbox that a service's processes get.
#[derive(Debug, Clone)]
pub struct Sandbox {
    pub(super) switches: Vec<&'static str>,
    pub(super) user: Option<String>,
    pub(super) groups: bool,
    pub(super) home: &'static str,
    pub(super) system: &'static str,
    pub(super) proc: &'static str,
    pub(super) proc_subset: &'static str,
    pub(super) keyring: &'static str,
    pub(super) notify: &'static str,
    pub(super) device_policy: &'static str,
    pub(super) devices: bool,
    pub(super) umask: u32,
    pub(super) root: Option<String>,
    pub(super) image: Option<String>,
    pub(super) bounding: u64,
    pub(super) ambient: u64,
    pub(super) namespaces: Option<u8>,
    pub(super) families: Families,
    pub(super) architectures: Vec<String>,
    pub(super) filter: Filter,
    pub(super) denied: Addresses,
    pub(super) allowed: Addresses,
    pub(super) packet_filters: [bool; 2],
    pub(super) has_default_dependencies: bool,
    notes: Vec<Note>,
}

/// What the manager overlooks in an assignment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Which assignment of the unit.
    pub line: usize,
    /// What kind of oversight.
    pub kind: NoteKind,
    /// What exactly.
    pub message: String,
}

/// What kind of oversight it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoteKind {
    /// The value is ignored, and what was before stays.
    Value,
    /// A name in a list is none, and the list is applied without it.
    Name,
}

impl Sandbox {
    /// Returns the sandbox of a service.
    pub fn of(unit: &Systemd) -> Self {
        let mut sandbox = Self::default();
        for (number, line) in unit.lines.iter().enumerate() {
            let said = match &*line.section {
                "Service" => sandbox.assign(unit, line),
                "Unit" if line.key == "DefaultDependencies" => match boolean(&line.value) {
                    Some(is_on) => {
                        sandbox.has_default_dependencies = is_on;
                        Ok(Vec::new())
                    }
                    None => Err("is neither yes nor no"),
                },
                _ => continue,
            };
            let notes = match said {
                Ok(names) => names.into_iter().map(|name| (NoteKind::Name, name)).collect(),
                Err(reason) => vec![(NoteKind::Value, format!("{} {reason}", line.value))],
            };
            sandbox.notes.extend(notes.into_iter().map(|(kind, message)| Note { line: number, kind, message }));
        }
        sandbox.imply(unit);
        sandbox
    }

    /// Returns what the manager overlooks.
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    /// Whether a setting that is on or off is on.
    pub(super) fn has(&self, switch: &str) -> bool {
        self.switches.contains(&switch)
    }

    /// Whether its processes belong to root, so that what only binds others does not apply.
    pub(super) fn is_privileged(&self) -> bool {
        match self.user.as_deref() {
            Some("0" | "root") => true,
            None | Some("") => !self.has("DynamicUser"),
            Some(_) => false,
        }
    }

    /// Applies one assignment; returns names in it that are none, or why it is ignored as a whole.
    fn assign(&mut self, unit: &Systemd, line: &Assignment) -> Result<Vec<String>, &'static str> {
        let value = &*line.value;
        let known = |words: &'static [&'static str]| {
            words.iter().find(|word| **word == value).copied().ok_or("is none of its words")
        };
        if let Some(switch) = SWITCHES.iter().find(|switch| **switch == line.key) {
            let newer = || newer::is_on(switch, value, unit.version).then_some(true);
            let is_on = boolean(value).or_else(newer).ok_or("is neither yes nor no")?;
            self.switches.retain(|known| known != switch);
            if is_on {
                self.switches.push(switch);
            }
            return Ok(Vec::new());
        }
        match &*line.key {
            "User" => self.user = expand(value, unit).filter(|user| !user.is_empty()),
            "SupplementaryGroups" if value.is_empty() => self.groups = false,
            "SupplementaryGroups" => self.groups |= !words(value, Quotes::Removed).0.is_empty(),
            "ProtectHome" => self.home = switch_or(value, &["read-only", "tmpfs"])?,
            "ProtectSystem" => self.system = switch_or(value, &["strict", "full"])?,
            "ProtectProc" => self.proc = known(&["noaccess", "invisible", "ptraceable", "default"])?,
            "ProcSubset" => self.proc_subset = known(&["all", "pid"])?,
            "KeyringMode" => self.keyring = known(&["inherit", "private", "shared"])?,
            "NotifyAccess" => self.notify = known(&["none", "main", "exec", "all"])?,
            "DevicePolicy" => self.device_policy = known(&["auto", "closed", "strict"])?,
            "DeviceAllow" if value.is_empty() => self.devices = false,
            "DeviceAllow" => {
                if !is_device(value, unit) {
                    return Err("is no device with its rights");
                }
                self.devices = true;
            }
            "UMask" => self.umask = mode(value).ok_or("is no mode")?,
            "RootDirectory" => self.root = expand(value, unit),
            "RootImage" => self.image = expand(value, unit),
            "CapabilityBoundingSet" => {
                let unknown = capability::add(&mut self.bounding, capability::ALL, value);
                return Ok(named(unknown, "is no capability"));
            }
            "AmbientCapabilities" => {
                return Ok(named(capability::add(&mut self.ambient, 0, value), "is no capability"));
            }
            "RestrictNamespaces" => self.restrict_namespaces(value)?,
            "RestrictAddressFamilies" => return Ok(named(self.families.add(value), "is no family of addresses")),
            "SystemCallArchitectures" if value.is_empty() => self.architectures.clear(),
            "SystemCallArchitectures" => {
                let (known, unknown): (Vec<_>, Vec<_>) =
                    words(value, Quotes::Removed).0.into_iter().partition(|word| ARCHITECTURES.contains(&&**word));
                self.architectures.extend(known);
                return Ok(named(unknown, "is no architecture"));
            }
            "SystemCallFilter" => return Ok(self.filter.add(value)),
            "IPAddressDeny" => return Ok(named(self.denied.add(value), "is no address")),
            "IPAddressAllow" => return Ok(named(self.allowed.add(value), "is no address")),
            "IPIngressFilterPath" => self.packet_filters[0] = packet_filter(value, self.packet_filters[0])?,
            "IPEgressFilterPath" => self.packet_filters[1] = packet_filter(value, self.packet_filters[1])?,
            "Delegate" => {
                self.switches.retain(|known| *known != "Delegate");
                if boolean(value) != Some(false) {
                    self.switches.push("Delegate");
                }
            }
            _ => {}
        }
        Ok(Vec::new())
    }

    fn restrict_namespaces(&mut self, value: &str) -> Result<(), &'static str> {
        if value.is_empty() {
            self.namespaces = None;
            return Ok(());
        }
        if let Some(is_restricted) = boolean(value) {
            self.namespaces = Some(if is_restricted { 0 } else { ALL_NAMESPACES });
            return Ok(());
        }
        let (value, is_inverted) = value.strip_prefix('~').map_or((value, false), |rest| (rest, true));
        let (words, is_whole) = words(value, Quotes::Kept);
        let mut set = 0;
        for word in &words {
            let bit = NAMESPACES.iter().position(|known| known == word).ok_or("holds what is no namespace")?;
            set |= 1 << bit;
        }
        if !is_whole {
            return Err("cannot be read to its end");
        }
        self.namespaces = Some(match (self.namespaces, is_inverted) {
            (None, false) => set,
            (None, true) => ALL_NAMESPACES & !set,
            (Some(before), false) => before | set,
            (Some(before), true) => before & !set,
        });
        Ok(())
    }

    /// Whether namespaces of a kind may be made.
    pub(super) fn allows_namespace(&self, kind: &str) -> bool {
        let bit = NAMESPACES.iter().position(|known| *known == kind);
        bit.is_some_and(|bit| self.namespaces.unwrap_or(ALL_NAMESPACES) & (1 << bit) != 0)
    }

    /// Applies what settings bring with them (systemd.exec(5); measured).
    fn imply(&mut self, unit: &Systemd) {
        for (switch, taken) in [
            ("PrivateDevices", &["CAP_MKNOD", "CAP_SYS_RAWIO"][..]),
            ("ProtectKernelModules", &["CAP_SYS_MODULE"]),
            ("ProtectKernelLogs", &["CAP_SYSLOG"]),
            ("ProtectClock", &["CAP_SYS_TIME", "CAP_WAKE_ALARM"]),
        ] {
            if self.has(switch) {
                self.bounding &= !capability::set(taken);
            }
        }
        if self.has("DynamicUser") {
            if self.user.is_none() {
                self.user = Some(unit.prefix().to_owned());
            }
            for switch in ["PrivateTmp", "RemoveIPC", "NoNewPrivileges", "RestrictSUIDSGID"] {
                self.switches.push(switch);
            }
            self.system = "strict";
            if self.home == "no" {
                self.home = "read-only";
            }
        }
        if self.has("PrivateDevices") && self.device_policy == "auto" {
            self.device_policy = "closed";
        }
        let has_image = self.image.as_deref().is_some_and(|image| !image.is_empty());
        // Images are mounted through devices, and encrypted credentials opened by one.
        let is_set = |key: &str| unit.last("Service", key).is_some_and(|line| !line.value.is_empty());
        let has_secret = ["MountImages", "LoadCredentialEncrypted", "SetCredentialEncrypted"].into_iter().any(is_set);
        self.devices |= has_image || has_secret || self.has("ProtectClock");
    }
}

impl Default for Sandbox {
    fn default() -> Self {
        Self {
            switches: Vec::new(),
            user: None,
            groups: false,
            home: "no",
            system: "no",
            proc: "default",
            proc_subset: "all",
            // Services of the system have a keyring of their own (systemd.exec(5)).
            keyring: "private",
            notify: "none",
            device_policy: "auto",
            devices: false,
            umask: 0o022,
            root: None,
            image: None,
            bounding: capability::ALL,
            ambient: 0,
            namespaces: None,
            families: Families::default(),
            architectures: Vec::new(),
            filter: Filter::default(),
            denied: Addresses::default(),
            allowed: Addresses::default(),
            packet_filters: [false; 2],
            has_default_dependencies: true,
            notes: Vec::new(),
        }
    }
}

fn named(names: Vec<String>, what: &str) -> Vec<String> {
    names.into_iter().map(|name| format!("{name} {what}")).collect()
}

/// A word for yes or no, or one of these.
fn switch_or(value: &str, words: &[&'static str]) -> Result<&'static str, &'static str> {
    match boolean(value) {
        Some(true) => Ok("yes"),
        Some(false) => Ok("no"),
        None => words.iter().find(|word| **word == value).copied().ok_or("is none of its words"),
    }
}

fn packet_filter(value: &str, before: bool) -> Result<bool, &'static str> {
    match value {
        "" => Ok(false),
        path if is_absolute(path) => Ok(true),
        _ if before => Ok(true),
        _ => Err("is no absolute path"),
    }
}

/// Whether a value names a device and what may be done with it: read, write, make (`r`, `w`, `m`).
fn is_device(value: &str, unit: &Systemd) -> bool {
    let blank = |c: char| matches!(c, ' ' | '\t');
    // Blanks within quotes are the name's.
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
    let parts = match quote {
        Some(quote) => value.get(1..).and_then(|rest| rest.split_once(quote)),
        None => Some(value.split_once(blank).unwrap_or((value, ""))),
    };
    let Some((path, rights)) = parts else { return false };
    let Some(path) = expand(path, unit) else { return false };
    let is_path = path == "/dev" || path.starts_with("/dev/") || path.starts_with("/run/systemd/inaccessible/");
    let is_path = is_path && is_absolute(&path);
    let is_device = is_path || path.starts_with("char-") || path.starts_with("block-");
    is_device && rights.trim_matches(blank).chars().all(|right| matches!(right, 'r' | 'w' | 'm'))
}

const NAMESPACES: [&str; 8] = ["cgroup", "ipc", "mnt", "net", "pid", "time", "user", "uts"];
const ALL_NAMESPACES: u8 = u8::MAX;
/// The settings that are on or off.
const SWITCHES: [&str; 20] = [
    "DynamicUser",
    "LockPersonality",
    "MemoryDenyWriteExecute",
    "NoNewPrivileges",
    "PrivateDevices",
    "PrivateIPC",
    "PrivateMounts",
    "PrivateNetwork",
    "PrivateTmp",
    "PrivateUsers",
    "ProtectClock",
    "ProtectControlGroups",
    "ProtectHostname",
    "ProtectKernelLogs",
    "ProtectKernelModules",
    "ProtectKernelTunables",
    "RemainAfterExit",
    "RemoveIPC",
    "RestrictRealtime",
    "RestrictSUIDSGID",
];
/// The architectures that filters can name (systemd.exec(5)).
const ARCHITECTURES: [&str; 22] = [
    "native",
    "x86",
    "x86-64",
    "x32",
    "arm",
    "arm64",
    "loongarch64",
    "mips",
    "mips64",
    "mips64-n32",
    "mips-le",
    "mips64-le",
    "mips64-le-n32",
    "parisc",
    "parisc64",
    "ppc",
    "ppc64",
    "ppc64-le",
    "riscv64",
    "s390",
    "s390x",
    "sparc",
];
