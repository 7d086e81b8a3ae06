//! Rules that are on where no others are: few, for attacks that are recognised with little doubt.
//!
//! They watch and score, and leave it to whoever runs the engine to refuse. They are no Core Rule Set: what is only
//! suspicious stays unsaid, so that editors, forums and interfaces of all kinds pass.

use crate::ruleset::RuleSet;
use crate::seclang::LoadErrors;
use std::collections::BTreeMap;
use std::path::Path;

/// Loads the baseline.
pub fn rules() -> Result<RuleSet, LoadErrors> {
    RuleSet::from_text(Path::new("baseline.conf"), TEXT, &BTreeMap::new())
}

/// The rules: settings first, the verdict last. They honour `tx.blocking_paranoia_level` and
/// `tx.inbound_anomaly_score_threshold`, and add to `tx.inbound_anomaly_score`.
pub const TEXT: &str = concat!(
    include_str!("settings.conf"),
    "\n",
    include_str!("protocol.conf"),
    "\n",
    include_str!("scanners.conf"),
    "\n",
    include_str!("files.conf"),
    "\n",
    include_str!("commands.conf"),
    "\n",
    include_str!("code.conf"),
    "\n",
    include_str!("sqli.conf"),
    "\n",
    include_str!("xss.conf"),
    "\n",
    include_str!("strict.conf"),
    "\n",
    include_str!("verdict.conf"),
);
