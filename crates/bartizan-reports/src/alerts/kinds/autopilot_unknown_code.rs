//! A site's pages hold code that its autopilot does not know, and several clients were served it.

use super::Kind;
use crate::alerts::happening::Happened;
use crate::alerts::sight::{Candidate, Sight};

pub(super) const KIND: Kind = Kind {
    name: "autopilot-unknown-code",
    about: "pages hold code that the autopilot does not know",
    many: "pieces of unknown code",
    find,
};

fn find(sight: &Sight<'_>) -> Vec<Candidate> {
    sight.happened(Happened::UnknownCode)
}
