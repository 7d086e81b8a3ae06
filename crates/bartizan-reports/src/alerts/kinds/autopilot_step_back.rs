//! The autopilot of a site took back what it had enforced.

use super::Kind;
use crate::alerts::happening::Happened;
use crate::alerts::sight::{Candidate, Sight};

pub(super) const KIND: Kind = Kind {
    name: "autopilot-step-back",
    about: "an autopilot took back what it had enforced",
    many: "steps back of autopilots",
    find,
};

fn find(sight: &Sight<'_>) -> Vec<Candidate> {
    sight.happened(Happened::StepBack)
}
