//! What the operator decides for a site.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use bartizan_headers::Field as _;
use bartizan_headers::csp::{DirectiveName, Policy, Source};

use crate::ramps::RampName;

/// What the operator decides for a site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// How far it goes by itself.
    pub mode: Mode,
    /// What becomes of code that is not known, once a policy is enforced.
    pub unknown: Unknown,
    /// How long a site is learnt at least, in seconds.
    pub learn: u64,
    /// How long a candidate is tried out in reports at least, in seconds.
    pub trial: u64,
    /// How long each share of clients has it enforced at least, in seconds.
    pub step: u64,
    /// How many pages must have been served in each of these times.
    pub pages: u64,
    /// To how many different clients.
    pub clients: u64,
    /// How many different clients must be served a thing, or report it, before it counts.
    pub witnesses: usize,
    /// Sources that the operator vouches for.
    pub allow: Vec<Vouched>,
    /// Headers and modes that are raised in steps.
    pub ramps: BTreeSet<RampName>,
    /// Which files pages name with their digests.
    pub integrity: Integrity,
}

/// Which files pages name with their digests, in `integrity` attributes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Integrity {
    /// None.
    Off,
    /// The site's own that never change.
    OwnFiles,
}

/// How far the autopilot goes by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// It learns and tries out; the operator takes each further step.
    Learn,
    /// It goes to the end.
    Auto,
}

/// What becomes of code that is not known, once a policy is enforced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unknown {
    /// It gets the nonce and is told of.
    Report,
    /// It gets no nonce; where many clients meet it, the site is learnt anew.
    StepBack,
    /// It gets no nonce until the operator says otherwise.
    Withhold,
}

/// A source with its directive, such as `font-src https://fonts.example`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vouched {
    /// The directive.
    pub directive: DirectiveName,
    /// The source.
    pub source: Source,
}

/// A text is no directive with a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be a directive and a source, such as \"font-src https://fonts.example\"")]
pub struct VouchError;

impl FromStr for Vouched {
    type Err = VouchError;

    fn from_str(text: &str) -> Result<Self, VouchError> {
        if text.contains([';', ',']) {
            return Err(VouchError);
        }
        let policy = Policy::parse(&[text]).value.ok_or(VouchError)?;
        let [directive] = policy.directives() else { return Err(VouchError) };
        let [source] = directive.value.sources() else { return Err(VouchError) };
        if matches!(source, Source::Unknown(_) | Source::None | Source::Nonce(_)) {
            return Err(VouchError);
        }
        Ok(Self { directive: directive.name.clone(), source: source.clone() })
    }
}

impl fmt::Display for Vouched {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.directive, self.source)
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            mode: Mode::Auto,
            unknown: Unknown::StepBack,
            // A week has every weekday in it, and with them most of what people do with an app.
            learn: 7 * DAY,
            trial: 3 * DAY,
            // A fault that only some pages have shows within a day.
            step: DAY,
            pages: 1000,
            clients: 20,
            // Two could be one person at home and at work.
            witnesses: 3,
            allow: Vec::new(),
            ramps: BTreeSet::new(),
            // An app that changes what it says never changes would break.
            integrity: Integrity::Off,
        }
    }
}

const DAY: u64 = 24 * 3600;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directive_and_one_source_is_vouched_for() {
        for (text, is_fine) in [
            ("font-src https://fonts.example", true),
            ("img-src data:", true),
            ("script-src 'unsafe-eval'", true),
            ("font-src", false),
            ("font-src a.example b.example", false),
            ("font-src a.example; img-src *", false),
            ("font-src 'none'", false),
            ("script-src 'nonce-abc'", false), // would be no nonce
            ("sandbox allow-scripts", false),
            ("", false),
        ] {
            let read = text.parse::<Vouched>();
            assert_eq!(read.is_ok(), is_fine, "{text}");
            if let Ok(vouched) = read {
                assert_eq!(vouched.to_string(), text);
            }
        }
    }
}
