//! `upgrade-insecure-requests`: what pages ask for over plain HTTP is asked for over HTTPS.
//!
//! It breaks what does not answer there. The wall asks nobody: a host answers over HTTPS if pages of the site load
//! something else of it over HTTPS, or if it is the site's own and its pages are served so.

use std::collections::BTreeSet;

use bartizan_rewrite::{Item, Load};

use super::{Facts, Judgement, Ramp, RampName, Rung, Sends};

pub(super) static RAMP: Ramp = Ramp {
    name: RampName::UpgradeInsecureRequests,
    text: "upgrade_insecure_requests",
    rungs: RUNGS,
    judge,
    learn: None,
    value: None,
};

const RUNGS: &[Rung] = &[
    Rung { name: "watched", sends: Sends::Nothing, least: None },
    Rung { name: "sent", sends: Sends::Upgrades, least: None },
];

fn judge(facts: &Facts<'_>) -> Judgement {
    if facts.state.plain > 0 {
        return Judgement::Wait(format!("{} pages were served over plain HTTP", facts.state.plain));
    }
    let loads = |item: &'_ Item| match item {
        // Where links lead to and what addresses are relative to is not loaded.
        Item::Loads(Load::Base, _) => None,
        Item::Loads(_, address) | Item::ScriptAt(address) | Item::StyleAt(address) => Some(address.to_string()),
        _ => None,
    };
    let all: Vec<String> = facts.items().filter_map(loads).collect();
    let host = |address: &str, scheme: &str| {
        let rest = address.strip_prefix(scheme)?;
        Some(rest.split(['/', '?']).next().unwrap_or_default().to_owned())
    };
    let answers: BTreeSet<String> = all.iter().filter_map(|address| host(address, "https://")).collect();
    let is_own = |host: &str| host == facts.site || facts.subdomains.https.contains(host);
    let plain = all.iter().filter_map(|address| host(address, "http://"));
    let silent: BTreeSet<String> = plain.filter(|host| !answers.contains(host) && !is_own(host)).collect();
    if silent.is_empty() {
        return Judgement::Fine;
    }
    let some: Vec<_> = silent.iter().take(3).map(String::as_str).collect();
    let reason = format!("pages load over plain HTTP from hosts that were not seen over HTTPS: {}", some.join(", "));
    if facts.state.rung == 0 { Judgement::Wait(reason) } else { Judgement::Back(reason) }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{at, knowing, settings, word};
    use super::super::{Around, Subdomains};
    use super::*;

    #[test]
    fn every_host_must_have_been_seen_over_https() {
        let image = |origin: &str| Item::Loads(Load::Image, origin.into());
        let (plain, secure) = (image("http://img.example"), image("https://img.example"));
        for (rung, items, on_plain, expected) in [
            (0, vec![], 0, "up"),
            (0, vec![secure.clone()], 0, "up"),
            (0, vec![plain.clone()], 0, "wait"),
            (0, vec![plain.clone(), secure.clone()], 0, "up"),
            (0, vec![plain.clone(), Item::Names("https://img.example".into())], 0, "wait"), // named is not loaded
            (0, vec![image("http://app.example")], 0, "up"),
            (0, vec![image("http://www.app.example")], 0, "up"), // seen over HTTPS
            (0, vec![image("http://old.app.example")], 0, "wait"),
            (0, vec![Item::ScriptAt("http://cdn.example/x.js".into())], 0, "wait"),
            (0, vec![Item::Loads(Load::Base, "http://cdn.example".into())], 0, "up"),
            (0, vec![], 1, "wait"),
            (1, vec![plain], 0, "back"),
            (1, vec![secure], 0, "wait"), // the end
        ] {
            let mut state = at(rung);
            state.plain = on_plain;
            let inventory = knowing(&items);
            let subdomains =
                Subdomains { https: BTreeSet::from(["www.app.example".to_owned()]), ..Subdomains::default() };
            let around = Around { site: "app.example", subdomains: &subdomains, inventory: &inventory };
            let judged = state.judge(RampName::UpgradeInsecureRequests, &settings(), around, 1000);
            assert_eq!(word(&judged), expected, "{rung} {items:?} {on_plain}");
        }
    }
}
