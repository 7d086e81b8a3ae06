//! What later versions of systemd know beyond 252, by their manual pages; nothing here was measured.
//!
//! The names are those of `load-fragment-gperf.gperf.in`. What sets memory, delegation, pressure and core dumps has its
//! version from systemd.resource-control(5) of 258; `Startup` before a setting of memory is of the announcement of 254.
//! The version of the others was not looked up in a page: a unit for 253 to 257 may be told less than it should.
//!
//! The weights of the score are taken to be those of 252: its table has not changed since, as far as the pages tell.

use super::exposure::boolean;

/// Whether a version knows a setting that 252 does not.
pub(crate) fn is_known(section: &str, key: &str, version: u16) -> bool {
    KEYS.iter().any(|(place, name, since)| *place == section && *name == key && version >= *since)
}

/// Whether a version takes a word for a setting that is on or off in 252, and means that it is on.
pub(super) fn is_on(key: &str, value: &str, version: u16) -> bool {
    // A name for the host may follow.
    let value = match value.split_once(':') {
        Some((word, host)) if key == "ProtectHostname" && !host.is_empty() && version >= 258 => {
            if boolean(word) == Some(true) {
                return true;
            }
            word
        }
        _ => value,
    };
    WORDS.iter().any(|(name, word, since)| *name == key && *word == value && version >= *since)
}

/// Settings, and the version that brought them.
static KEYS: &[(&str, &str, u16)] = &[
    ("Service", "LogFilterPatterns", 253),
    ("Service", "MemoryZSwapMax", 253),
    ("Service", "OpenFile", 253),
    ("Service", "ReloadSignal", 253),
    ("Install", "UpheldBy", 254),
    ("Service", "DefaultStartupMemoryLow", 254),
    ("Service", "DelegateSubgroup", 254),
    ("Service", "ExtensionImagePolicy", 254),
    ("Service", "FileDescriptorStorePreserve", 254),
    ("Service", "ImportCredential", 254),
    ("Service", "MemoryKSM", 254),
    ("Service", "MemoryPressureThresholdSec", 254),
    ("Service", "MemoryPressureWatch", 254),
    ("Service", "MountImagePolicy", 254),
    ("Service", "RestartMaxDelaySec", 254),
    ("Service", "RestartMode", 254),
    ("Service", "RestartSteps", 254),
    ("Service", "RootEphemeral", 254),
    ("Service", "RootImagePolicy", 254),
    ("Service", "StartupMemoryHigh", 254),
    ("Service", "StartupMemoryLow", 254),
    ("Service", "StartupMemoryMax", 254),
    ("Service", "StartupMemorySwapMax", 254),
    ("Service", "StartupMemoryZSwapMax", 254),
    ("Service", "CoredumpReceive", 255),
    ("Service", "NFTSet", 255),
    ("Service", "SetLoginEnvironment", 255),
    ("Unit", "SurviveFinalKillSignal", 255),
    ("Service", "MemoryZSwapWriteback", 256),
    ("Unit", "WantsMountsFor", 256),
    ("Service", "BindLogSockets", 257),
    ("Service", "ManagedOOMMemoryPressureDurationSec", 257),
    ("Service", "PrivatePIDs", 257),
    ("Service", "BPFDelegateAttachments", 258),
    ("Service", "BPFDelegateCommands", 258),
    ("Service", "BPFDelegateMaps", 258),
    ("Service", "BPFDelegatePrograms", 258),
    ("Service", "CacheDirectoryAccounting", 258),
    ("Service", "CacheDirectoryQuota", 258),
    ("Service", "DelegateNamespaces", 258),
    ("Service", "LogsDirectoryAccounting", 258),
    ("Service", "LogsDirectoryQuota", 258),
    ("Service", "PrivateBPF", 258),
    ("Service", "StateDirectoryAccounting", 258),
    ("Service", "StateDirectoryQuota", 258),
    ("Unit", "AssertVersion", 258),
    ("Unit", "ConditionKernelModuleLoaded", 258),
    ("Unit", "ConditionVersion", 258),
];

/// Words of settings that were yes or no, and the version that brought them.
static WORDS: &[(&str, &str, u16)] = &[
    ("PrivateTmp", "disconnected", 257),
    ("PrivateUsers", "identity", 257),
    ("PrivateUsers", "self", 257),
    ("ProtectControlGroups", "private", 257),
    ("ProtectControlGroups", "strict", 257),
    ("PrivateUsers", "full", 258),
    ("ProtectHostname", "private", 258),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_new_is_known_from_its_version_on() {
        for (key, version, known) in [("OpenFile", 252, false), ("OpenFile", 253, true), ("OpenFle", 258, false)] {
            assert_eq!(is_known("Service", key, version), known, "{key} {version}");
        }
        for (key, word, version, on) in [
            ("PrivateTmp", "disconnected", 256, false),
            ("PrivateTmp", "disconnected", 257, true),
            ("PrivateTmp", "self", 258, false),
            ("ProtectHostname", "private:app.example", 257, false),
            ("ProtectHostname", "private:app.example", 258, true),
            ("ProtectHostname", "yes:app.example", 258, true),
            ("ProtectHostname", "no:app.example", 258, false),
            ("ProtectHostname", "yes:", 258, false),
            ("PrivateTmp", "disconnected:a", 258, false),
        ] {
            assert_eq!(is_on(key, word, version), on, "{key}={word} {version}");
        }
    }
}
