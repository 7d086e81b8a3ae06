//! What a browser of a level makes of a policy, and what it passes over.

use super::Level;
use super::finding::{Finding, Kind, Severity};
use super::policy::Policy;
use super::words::{LEVEL_3, SCRIPTS, SELF, STRICT_DYNAMIC, UNSAFE_INLINE};

impl Policy {
    /// Returns the policy without what the level passes over, and says what that is.
    ///
    /// Three directives are looked at, and where one speaks for all three it is told three times, as there.
    pub(super) fn effective(&self, level: Level, findings: &mut Vec<Finding>) -> Self {
        let mut effective = self.clone();
        for name in SCRIPTS {
            let speaker = effective.speaker(name);
            let written = self.values(speaker);
            let ignored = |value: &str| Finding::at(Kind::Ignored, Severity::None, speaker, value);
            if effective.has_nonce(name) || effective.has_hash(name) {
                if level == Level::One {
                    let goes = |value: &String| value.starts_with("'nonce-") || value.starts_with("'sha");
                    effective.retain(speaker, |value| !goes(value));
                } else if written.iter().any(|value| value == UNSAFE_INLINE) {
                    effective.retain(speaker, |value| value != UNSAFE_INLINE);
                    findings.push(ignored(UNSAFE_INLINE));
                }
            }
            if !effective.has(speaker) || !self.has_strict_dynamic(name) {
                continue;
            }
            if level == Level::Three {
                let goes = |value: &str| !value.starts_with('\'') || value == SELF || value == UNSAFE_INLINE;
                effective.retain(speaker, |value| !goes(value));
                findings.extend(written.iter().filter(|value| goes(value)).map(|value| ignored(value)));
            } else {
                effective.retain(speaker, |value| value != STRICT_DYNAMIC);
            }
        }
        if level < Level::Three {
            effective.directives.retain(|(name, _)| !LEVEL_3.contains(&name.as_str()));
        }
        effective
    }

    fn retain(&mut self, name: &str, stays: impl Fn(&String) -> bool) {
        if let Some(values) = self.values_mut(name) {
            values.retain(stays);
        }
    }
}
