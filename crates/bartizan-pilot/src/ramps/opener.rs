//! Cross-Origin-Opener-Policy: reported on first, since sign-in with others and payment open windows that talk back.

use std::borrow::Cow;

use super::{Facts, Judgement, Ramp, RampName, Rung, Sends};

pub(super) static RAMP: Ramp =
    Ramp { name: RampName::OpenerPolicy, text: "opener_policy", rungs: RUNGS, judge, learn: None, value: None };

const RUNGS: &[Rung] = &[
    Rung {
        name: "report-only",
        sends: Sends::Header {
            name: "cross-origin-opener-policy-report-only",
            value: Cow::Borrowed("same-origin; report-to=\"default\""),
        },
        least: None,
    },
    Rung {
        name: "enforced",
        sends: Sends::Header {
            name: "cross-origin-opener-policy",
            value: Cow::Borrowed("same-origin; report-to=\"default\""),
        },
        least: None,
    },
];

fn judge(facts: &Facts<'_>) -> Judgement {
    match (facts.objection("coop"), facts.state.rung) {
        (None, _) => Judgement::Fine,
        (Some(reason), 0) => Judgement::Wait(reason),
        (Some(reason), _) => Judgement::Back(reason),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{at, judged, report};
    use super::*;

    #[test]
    fn reports_of_real_clients_hold_it_and_take_it_back() {
        for (rung, kind, clients, expected) in [
            (0, "coop", 0, "up"),
            (0, "coop", 1, "up"), // one client's doing
            (0, "coop", 2, "wait"),
            (0, "coep", 2, "up"), // another policy's
            (1, "coop", 2, "back"),
        ] {
            let mut state = at(rung);
            report(&mut state, kind, "https://pay.example", clients);
            assert_eq!(judged(&state, RampName::OpenerPolicy, 1000), expected, "{rung} {kind} {clients}");
        }
    }
}
