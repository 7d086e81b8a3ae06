//! Cross-Origin-Embedder-Policy: reported on first, since pictures and frames of others must consent.

use std::borrow::Cow;

use super::{Facts, Judgement, Ramp, RampName, Rung, Sends};

pub(super) static RAMP: Ramp =
    Ramp { name: RampName::EmbedderPolicy, text: "embedder_policy", rungs: RUNGS, judge, learn: None, value: None };

const RUNGS: &[Rung] = &[
    Rung {
        name: "report-only",
        sends: Sends::Header {
            name: "cross-origin-embedder-policy-report-only",
            value: Cow::Borrowed("require-corp; report-to=\"default\""),
        },
        least: None,
    },
    Rung {
        name: "enforced",
        sends: Sends::Header {
            name: "cross-origin-embedder-policy",
            value: Cow::Borrowed("require-corp; report-to=\"default\""),
        },
        least: None,
    },
];

fn judge(facts: &Facts<'_>) -> Judgement {
    match (facts.objection("coep"), facts.state.rung) {
        (None, _) => Judgement::Fine,
        (Some(reason), 0) => Judgement::Wait(reason),
        (Some(reason), _) => Judgement::Back(reason),
    }
}
