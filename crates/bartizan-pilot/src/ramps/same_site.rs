//! The `SameSite` of session cookies: without it, other sites' pages act with a visitor's session.
//!
//! Some apps need just that, such as a sign-in whose provider sends the visitor back by a form. It shows before:
//! answered requests of other sites' pages that carry the session and that `Lax` would send without it. Afterwards it
//! shows by forms that come from a site that the app's own pages name, and carry no session.

use super::{Facts, Judgement, Ramp, RampName, Rung, Sends};

pub(super) static RAMP: Ramp =
    Ramp { name: RampName::SameSite, text: "same_site", rungs: RUNGS, judge, learn: None, value: None };

const RUNGS: &[Rung] = &[
    Rung { name: "watched", sends: Sends::SameSiteStays, least: None },
    Rung { name: "lax", sends: Sends::SameSiteLax, least: None },
];

/// Another site's page uses a session in a way that `Lax` ends.
pub(crate) const USED: &str = "session-used-by-other-site";

/// Another site's page sends a form, and no session comes with it.
pub(crate) const MISSED: &str = "session-missed-by-other-site";

fn judge(facts: &Facts<'_>) -> Judgement {
    if facts.state.rung == 0 {
        let used = facts.told(USED).max_by_key(|(_, clients)| *clients);
        return used.map_or(Judgement::Fine, |(origin, clients)| {
            let origin = if origin.is_empty() { "sites that are not named" } else { origin };
            Judgement::Wait(format!("{clients} clients come from {origin} with a session that `Lax` would hold back"))
        });
    }
    let missed = facts.told(MISSED).filter(|(origin, _)| facts.names(origin)).max_by_key(|(_, clients)| *clients);
    missed.map_or(Judgement::Fine, |(origin, clients)| {
        Judgement::Back(format!(
            "{clients} clients come by a form of {origin}, which this site's pages name, without a session"
        ))
    })
}

#[cfg(test)]
mod tests {
    use bartizan_rewrite::{Item, Load};

    use super::super::tests::{at, knowing, report, settings, word};
    use super::super::{Around, Subdomains};
    use super::*;

    #[test]
    fn what_other_sites_need_holds_it_and_takes_it_back() {
        let (provider, other) = ("https://login.example", "https://other.example");
        for (rung, kind, origin, clients, expected) in [
            (0, USED, other, 0, "up"),
            (0, USED, other, 1, "up"),
            (0, USED, other, 2, "wait"),
            (0, MISSED, provider, 2, "up"), // there was no session before either
            (1, MISSED, provider, 2, "back"),
            (1, MISSED, provider, 1, "wait"),
            (1, MISSED, other, 9, "wait"), // or anybody could take it back, and use what it had held
            (1, MISSED, "", 9, "wait"),
            (1, USED, other, 9, "wait"), // cookies that say `None` themselves
        ] {
            let mut state = at(rung);
            report(&mut state, kind, origin, clients);
            let inventory = knowing(&[Item::Loads(Load::Form, provider.into())]);
            let around = Around { site: "app.example", subdomains: &Subdomains::default(), inventory: &inventory };
            let judged = state.judge(RampName::SameSite, &settings(), around, 1000);
            assert_eq!(word(&judged), expected, "{rung} {kind} {origin} {clients}");
        }
    }
}
