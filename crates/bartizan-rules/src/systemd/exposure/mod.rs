//! How exposed a service is, as `systemd-analyze security --offline=true` of systemd 252 says.
//!
//! Pure: a unit's assignments give its sandbox, the sandbox gives each setting's badness, and the weights of the table
//! give the score. Measured against the program on x86-64; it runs nothing and asks no system.

mod capability;
mod filter;
mod load;
mod network;
mod sandbox;
mod syscalls;
mod table;
mod value;

use std::collections::BTreeMap;

use serde::Serialize;

pub use self::load::{fatal, refusal};
pub use self::sandbox::{Note, NoteKind, Sandbox};
use self::table::SETTINGS;
pub(super) use self::value::boolean;
use crate::facts::systemd::Systemd;

/// The version whose table this is.
pub const MEASURED_VERSION: u16 = 252;

/// How exposed a service is.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Exposure {
    /// From 0 to 10, with one decimal; none for a unit that the manager refuses.
    pub exposure: Option<f64>,
    /// The word for it; none for a unit that the manager refuses.
    pub level: Option<&'static str>,
    /// Every setting by its name in the program's JSON; empty for a unit that the manager refuses.
    pub settings: BTreeMap<&'static str, Setting>,
}

/// What one setting contributes.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Setting {
    /// Whether nothing is left to mend; none where it does not apply.
    pub ok: Option<bool>,
    /// What it adds to the score; none where it adds nothing.
    pub exposure: Option<f64>,
}

/// Returns how exposed a unit is; nothing, for what is no service.
pub fn exposure(unit: &Systemd) -> Option<Exposure> {
    if !unit.is_service() {
        return None;
    }
    if refusal(unit).is_some() {
        return Some(Exposure { exposure: None, level: None, settings: BTreeMap::new() });
    }
    Some(score(&Sandbox::of(unit)))
}

fn score(sandbox: &Sandbox) -> Exposure {
    let judged: Vec<_> = SETTINGS.iter().map(|row| (row, (row.badness)(sandbox))).collect();
    let applicable = || judged.iter().filter_map(|(row, badness)| Some((row, (*badness)?)));
    let weights: u64 = applicable().map(|(row, _)| row.weight).sum();
    let sum: u64 = applicable().map(|(row, badness)| (badness * row.weight).div_ceil(row.range)).sum();
    let total = (sum * 100).div_ceil(weights.max(1));
    let setting = |(row, badness): &(&table::Row, Option<u64>)| {
        let part = |badness: u64| (badness * row.weight * 100).div_ceil(row.range).div_ceil(weights.max(1));
        let exposure = badness.filter(|badness| *badness > 0).map(|badness| tenths(part(badness)));
        (row.name, Setting { ok: badness.map(|badness| badness == 0), exposure })
    };
    Exposure {
        exposure: Some(tenths(total)),
        level: Some(level(total)),
        settings: judged.iter().map(setting).collect(),
    }
}

#[allow(clippy::cast_precision_loss, reason = "scores stay far below what a float counts exactly")]
fn tenths(score: u64) -> f64 {
    score as f64 / 10.0
}

const fn level(score: u64) -> &'static str {
    match score {
        100.. => "DANGEROUS",
        90.. => "UNSAFE",
        75.. => "EXPOSED",
        50.. => "MEDIUM",
        10.. => "OK",
        1.. => "SAFE",
        0 => "PERFECT",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_are_those_of_the_program() {
        assert_eq!(SETTINGS.iter().map(|row| row.weight).sum::<u64>(), 56_460);
        assert_eq!(SETTINGS.len(), 81);
    }

    #[test]
    fn levels_begin_where_the_program_says() {
        for (score, word) in [
            (100, "DANGEROUS"),
            (99, "UNSAFE"),
            (90, "UNSAFE"),
            (89, "EXPOSED"),
            (74, "MEDIUM"),
            (49, "OK"),
            (9, "SAFE"),
            (0, "PERFECT"),
        ] {
            assert_eq!(level(score), word, "{score}");
        }
    }
}
