//! Strict-Transport-Security: the way back is closed for longer and longer.
//!
//! `includeSubDomains` comes only after names below were seen over HTTPS, and none over plain HTTP. `preload` never
//! comes by itself: it is a promise for the whole domain that takes months to take back.

use std::borrow::Cow;

use super::{DAY, Facts, HOUR, Judgement, Ramp, RampName, Rung, Sends};

pub(super) static RAMP: Ramp =
    Ramp { name: RampName::Hsts, text: "hsts", rungs: RUNGS, judge, learn: None, value: None };

const RUNGS: &[Rung] = &[
    // A fault is over after a coffee; an hour is long enough for somebody to meet it.
    rung("5 minutes", "max-age=300", HOUR),
    rung("1 day", "max-age=86400", 3 * DAY),
    rung("30 days", "max-age=2592000", 30 * DAY),
    rung("2 years", "max-age=63072000", 30 * DAY),
    rung("2 years, with subdomains", "max-age=63072000; includeSubDomains", 0),
];

const fn rung(name: &'static str, value: &'static str, least: u64) -> Rung {
    Rung {
        name,
        sends: Sends::Header { name: "strict-transport-security", value: Cow::Borrowed(value) },
        least: Some(least),
    }
}

fn judge(facts: &Facts<'_>) -> Judgement {
    let subdomains = facts.subdomains;
    if facts.state.plain > 0 {
        return Judgement::Wait(format!("{} pages were served over plain HTTP", facts.state.plain));
    }
    match facts.state.rung {
        3 if subdomains.https.is_empty() => {
            Judgement::Wait("no name below the site's was seen over HTTPS, so none is promised for".to_owned())
        }
        3 if !subdomains.plain.is_empty() => {
            let names: Vec<_> = subdomains.plain.iter().take(3).map(String::as_str).collect();
            Judgement::Wait(format!("names below the site's are used over plain HTTP: {}", names.join(", ")))
        }
        _ => Judgement::Fine,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use bartizan_rewrite::Inventory;

    use super::super::tests::{at, settings, word};
    use super::super::{Around, Subdomains};
    use super::*;

    #[test]
    fn subdomains_are_promised_for_only_where_they_were_seen() {
        let names = |names: &[&str]| names.iter().map(ToString::to_string).collect::<BTreeSet<_>>();
        for (rung, https, plain, on_plain, expected) in [
            (2, &[][..], &[][..], 0, "up"),
            (2, &[], &[], 1, "wait"),
            (3, &[], &[], 0, "wait"),
            (3, &["www.app.example"], &[], 0, "up"),
            (3, &["www.app.example"], &["old.app.example"], 0, "wait"),
        ] {
            let mut state = at(rung);
            state.plain = on_plain;
            let subdomains = Subdomains { https: names(https), plain: names(plain) };
            let inventory = Inventory::default();
            let around = Around { site: "app.example", subdomains: &subdomains, inventory: &inventory };
            let judged = state.judge(RampName::Hsts, &settings(), around, 100 * DAY);
            assert_eq!(word(&judged), expected, "{rung} {https:?} {plain:?}");
        }
        assert!(RUNGS.iter().all(|rung| !format!("{:?}", rung.sends).contains("preload")));
    }
}
