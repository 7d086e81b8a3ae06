//! The autopilot of a site has a new policy, and tries it out.

use super::Kind;
use crate::alerts::happening::Happened;
use crate::alerts::sight::{Candidate, Sight};

pub(super) const KIND: Kind = Kind {
    name: "autopilot-new-candidate",
    about: "an autopilot has a new policy to try out",
    many: "new policies of autopilots",
    find,
};

fn find(sight: &Sight<'_>) -> Vec<Candidate> {
    sight.happened(Happened::NewCandidate)
}
