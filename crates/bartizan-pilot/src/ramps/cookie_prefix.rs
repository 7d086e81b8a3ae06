//! The `__Host-` names of session cookies: no sibling host and no plain connection can set them.
//!
//! The app goes on knowing its own names: the wall gives them back, and on every rung it reads both. Where the app
//! sets a session cookie for a whole domain, hosts below use it. Where the old name comes in beside the new one again
//! and again, something else than the app sets it, such as a script or a program on a sibling host: back.

use super::{Facts, Judgement, Ramp, RampName, Rung, Sends};

pub(super) static RAMP: Ramp =
    Ramp { name: RampName::CookiePrefix, text: "cookie_prefix", rungs: RUNGS, judge, learn: None, value: None };

const RUNGS: &[Rung] = &[
    Rung { name: "watched", sends: Sends::CookieNamesStay, least: None },
    Rung { name: "renamed", sends: Sends::CookieNamesPrefixed, least: None },
];

/// The app sets a session cookie for a whole domain.
pub(crate) const FOR_DOMAIN: &str = "session-for-domain";

/// A session cookie comes under both its names.
pub(crate) const BOTH_NAMES: &str = "session-under-both-names";

fn judge(facts: &Facts<'_>) -> Judgement {
    if let Some((name, clients)) = facts.told(FOR_DOMAIN).max_by_key(|(_, clients)| *clients) {
        let reason = format!("{clients} clients got the session cookie {name} for a whole domain, whose hosts use it");
        return if facts.state.rung == 0 { Judgement::Wait(reason) } else { Judgement::Back(reason) };
    }
    match facts.told(BOTH_NAMES).max_by_key(|(_, clients)| *clients) {
        Some((name, clients)) if facts.state.rung > 0 && clients * A_HUNDRED >= facts.clients() => Judgement::Back(
            format!("{clients} clients bring {name} under its old name as well: something else than the app sets it"),
        ),
        _ => Judgement::Fine,
    }
}

/// Of so many clients one may have an old cookie that nothing removes.
const A_HUNDRED: usize = 100;

#[cfg(test)]
mod tests {
    use super::super::tests::{at, judged, report};
    use super::*;

    #[test]
    fn use_of_the_old_name_holds_it_and_takes_it_back() {
        for (rung, kind, clients, expected) in [
            (0, FOR_DOMAIN, 0, "up"),
            (0, FOR_DOMAIN, 1, "up"),
            (0, FOR_DOMAIN, 2, "wait"),
            (0, BOTH_NAMES, 2, "up"), // left from before
            (1, BOTH_NAMES, 1, "wait"),
            (1, BOTH_NAMES, 2, "back"),
            (1, FOR_DOMAIN, 2, "back"),
        ] {
            let mut state = at(rung);
            report(&mut state, kind, "sessionid", clients);
            assert_eq!(judged(&state, RampName::CookiePrefix, 1000), expected, "{rung} {kind} {clients}");
        }
    }
}
