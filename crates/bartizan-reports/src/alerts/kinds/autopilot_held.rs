//! The autopilot of a site does not go on before somebody has looked.

use super::Kind;
use crate::alerts::happening::Happened;
use crate::alerts::sight::{Candidate, Sight};

pub(super) const KIND: Kind = Kind {
    name: "autopilot-held",
    about: "an autopilot does not go on before somebody has looked",
    many: "autopilots that do not go on",
    find,
};

fn find(sight: &Sight<'_>) -> Vec<Candidate> {
    sight.happened(Happened::Held)
}
