//! Sets of capabilities, and the two lists that name them.

use super::value::{Quotes, words};

/// All capabilities, those of later kernels too.
pub(super) const ALL: u64 = u64::MAX;

/// The capabilities of a value: the set, whether it is taken away (`~`), and names that are none.
fn read(value: &str) -> (u64, bool, Vec<String>) {
    let (value, is_inverted) = value.strip_prefix('~').map_or((value, false), |rest| (rest, true));
    let mut set = 0;
    let mut unknown = Vec::new();
    for word in words(value, Quotes::Relaxed).0 {
        match number(&word) {
            Some(number) => set |= 1 << number,
            None => unknown.push(word),
        }
    }
    (set, is_inverted, unknown)
}

/// Adds a value to a list that begins as `initial`; returns the names in it that are no capabilities.
///
/// A value without a known name replaces the list, as an empty one does: with a misspelt name, all is taken away.
pub(super) fn add(list: &mut u64, initial: u64, value: &str) -> Vec<String> {
    let (set, is_inverted, unknown) = read(value);
    *list = match (set == 0 || *list == initial, is_inverted) {
        (true, true) => !set,
        (true, false) => set,
        (false, true) => *list & !set,
        (false, false) => *list | set,
    };
    unknown
}

/// Returns the set of some names.
pub(super) fn set(names: &[&str]) -> u64 {
    names.iter().filter_map(|name| number(name)).fold(0, |set, number| set | 1 << number)
}

/// Returns the number of a capability, by its name in any case or by its number.
fn number(name: &str) -> Option<u32> {
    if let Some(position) = NAMES.iter().position(|known| name.eq_ignore_ascii_case(known)) {
        return u32::try_from(position).ok();
    }
    let parsed = name.strip_prefix("0x").map_or_else(|| name.parse().ok(), |hex| u32::from_str_radix(hex, 16).ok());
    parsed.filter(|number| *number < 63)
}

/// By number (capability.h).
const NAMES: [&str; 41] = [
    "CAP_CHOWN",
    "CAP_DAC_OVERRIDE",
    "CAP_DAC_READ_SEARCH",
    "CAP_FOWNER",
    "CAP_FSETID",
    "CAP_KILL",
    "CAP_SETGID",
    "CAP_SETUID",
    "CAP_SETPCAP",
    "CAP_LINUX_IMMUTABLE",
    "CAP_NET_BIND_SERVICE",
    "CAP_NET_BROADCAST",
    "CAP_NET_ADMIN",
    "CAP_NET_RAW",
    "CAP_IPC_LOCK",
    "CAP_IPC_OWNER",
    "CAP_SYS_MODULE",
    "CAP_SYS_RAWIO",
    "CAP_SYS_CHROOT",
    "CAP_SYS_PTRACE",
    "CAP_SYS_PACCT",
    "CAP_SYS_ADMIN",
    "CAP_SYS_BOOT",
    "CAP_SYS_NICE",
    "CAP_SYS_RESOURCE",
    "CAP_SYS_TIME",
    "CAP_SYS_TTY_CONFIG",
    "CAP_MKNOD",
    "CAP_LEASE",
    "CAP_AUDIT_WRITE",
    "CAP_AUDIT_CONTROL",
    "CAP_SETFCAP",
    "CAP_MAC_OVERRIDE",
    "CAP_MAC_ADMIN",
    "CAP_SYSLOG",
    "CAP_WAKE_ALARM",
    "CAP_BLOCK_SUSPEND",
    "CAP_AUDIT_READ",
    "CAP_PERFMON",
    "CAP_BPF",
    "CAP_CHECKPOINT_RESTORE",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_grow_shrink_and_begin_anew() {
        let admin = set(&["CAP_SYS_ADMIN"]);
        let kill = set(&["cap_kill"]);
        for (values, expected) in [
            (&["CAP_KILL"][..], kill),
            (&["~CAP_SYS_ADMIN"], !admin),
            (&["~CAP_SYS_ADMIN", ""], 0),
            (&["~"], ALL),
            (&["CAP_BOGUS"], 0), // the list is empty, and looks hardened
            (&["~CAP_BOGUS"], ALL),
            (&["CAP_KILL CAP_SYS_ADMIN", "~CAP_KILL"], admin),
            (&["CAP_KILL", "21"], admin | kill),
        ] {
            let mut list = ALL;
            for value in values {
                add(&mut list, ALL, value);
            }
            assert_eq!(list, expected, "{values:?}");
        }
    }
}
