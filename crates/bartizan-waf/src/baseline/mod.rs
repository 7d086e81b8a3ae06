//! Rules that are on where no others are: few, for attacks that are recognised with little doubt.
//!
//! They watch and score, and leave it to whoever runs the engine to refuse. They are no Core Rule Set: what is only
//! suspicious stays unsaid, so that editors, forums and interfaces of all kinds pass.

use crate::ruleset::RuleSet;
use crate::seclang::LoadErrors;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Loads the baseline.
pub fn rules() -> Result<RuleSet, LoadErrors> {
    let files: BTreeMap<PathBuf, Vec<u8>> =
        FILES.iter().map(|&(name, text)| (PathBuf::from(name), text.as_bytes().to_vec())).collect();
    let entries: Vec<PathBuf> = FILES.iter().map(|&(name, _)| PathBuf::from(name)).collect();
    RuleSet::load(&entries, &files)
}

/// The rule files, in the order in which they are read: settings first, the verdict last.
pub const FILES: &[(&str, &str)] = &[
    ("baseline/settings.conf", include_str!("settings.conf")),
    ("baseline/protocol.conf", include_str!("protocol.conf")),
    ("baseline/scanners.conf", include_str!("scanners.conf")),
    ("baseline/files.conf", include_str!("files.conf")),
    ("baseline/commands.conf", include_str!("commands.conf")),
    ("baseline/code.conf", include_str!("code.conf")),
    ("baseline/sqli.conf", include_str!("sqli.conf")),
    ("baseline/xss.conf", include_str!("xss.conf")),
    ("baseline/verdict.conf", include_str!("verdict.conf")),
];
