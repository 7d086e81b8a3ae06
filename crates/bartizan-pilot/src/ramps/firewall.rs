//! The firewall: it watches until what it would refuse of people who are signed in is next to nothing.
//!
//! Whoever is signed in is seldom an attacker, so a refusal there is a false one until shown otherwise.

use super::{Facts, Judgement, Ramp, RampName, Rung, Sends};

pub(super) static RAMP: Ramp = Ramp { name: RampName::Waf, text: "waf", rungs: RUNGS, judge, learn: None, value: None };

const RUNGS: &[Rung] = &[
    Rung { name: "detect", sends: Sends::WafDetects, least: None },
    Rung { name: "block", sends: Sends::WafBlocks, least: None },
];

fn judge(facts: &Facts<'_>) -> Judgement {
    let (signed_in, refused) = (facts.state.signed_in, facts.state.refused);
    let said = |would: &str| {
        format!(
            "{refused} of {signed_in} requests with a session {would} refused; `bartizan waf review` names the rules"
        )
    };
    match facts.state.rung {
        0 if signed_in < facts.settings.pages => {
            Judgement::Wait(format!("{signed_in} of {} requests with a session were seen", facts.settings.pages))
        }
        0 if refused * A_THOUSAND > signed_in => Judgement::Wait(said("would have been")),
        0 => Judgement::Fine,
        // A handful may be a person who tries things out.
        _ if refused >= A_HANDFUL && refused * A_HUNDRED > signed_in => Judgement::Back(said("were")),
        _ => Judgement::Fine,
    }
}

/// One false refusal in a thousand is what support can bear.
const A_THOUSAND: u64 = 1000;

/// Ten times that is a rule that does not fit the app.
const A_HUNDRED: u64 = 100;

const A_HANDFUL: u64 = 5;

#[cfg(test)]
mod tests {
    use super::super::tests::{at, judged};
    use super::*;

    #[test]
    fn refusals_of_people_who_are_signed_in_decide() {
        for (rung, signed_in, refused, expected) in [
            (0, 1000, 0, "up"),
            (0, 1000, 1, "up"),
            (0, 1000, 2, "wait"),
            (0, 9, 0, "wait"),    // too few to tell
            (1, 1000, 4, "wait"), // the end, and it stays
            (1, 1000, 10, "wait"),
            (1, 1000, 11, "back"),
        ] {
            let mut state = at(rung);
            (state.signed_in, state.refused) = (signed_in, refused);
            assert_eq!(judged(&state, RampName::Waf, 1000), expected, "{rung} {signed_in} {refused}");
        }
    }
}
