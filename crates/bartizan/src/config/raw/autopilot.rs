//! `[site.autopilot]`.

use std::num::NonZeroU32;
use std::time::Duration;

use bartizan_pilot::{Integrity, RampName, Unknown, Vouched};
use schemars::JsonSchema;
use serde::Deserialize;

use super::super::autopilot::Mode;
use super::{Choice, Written};

/// The autopilot: a strict policy that is learnt, proved and raised step by step.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Autopilot {
    /// How far it goes by itself.
    pub(crate) mode: Option<Choice<Mode>>,
    /// What becomes of code that is not known, once the policy is enforced.
    pub(crate) unknown: Option<Choice<Unknown>>,
    /// How long the site is learnt at least.
    pub(crate) learn: Option<Written<Duration>>,
    /// How long a candidate is tried out in reports at least.
    pub(crate) trial: Option<Written<Duration>>,
    /// How long each share of clients has it enforced at least, before the next.
    pub(crate) step: Option<Written<Duration>>,
    /// Pages that must have been served in each of these times.
    pub(crate) pages: Option<Written<NonZeroU32>>,
    /// Different clients that they must have been served to; a network of one customer is one.
    pub(crate) clients: Option<Written<NonZeroU32>>,
    /// Different clients that must be served a thing, or report it, before it counts.
    pub(crate) witnesses: Option<Written<NonZeroU32>>,
    /// Sources that you vouch for, such as "font-src https://fonts.example".
    pub(crate) allow: Option<Vec<Written<Vouched>>>,
    /// Headers and modes that are raised in steps, in place of what is written or the profile has.
    pub(crate) ramps: Option<Vec<Choice<RampName>>>,
    /// Which files pages name with their digests, in `integrity` attributes.
    pub(crate) integrity: Option<Choice<Integrity>>,
}
