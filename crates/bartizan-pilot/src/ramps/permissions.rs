//! Permissions-Policy: every feature that nobody uses is taken away, from the page and from all in it.
//!
//! Which are used is learnt while the policy is only reported on: from browsers that say so, and from frames that the
//! site's own pages hand a feature to. Reports alone give a feature to the site itself, as browsers do without any
//! policy; an origin comes only from the pages. Of browsers only Chromium's report (Reporting API, 2023), so a site
//! that no Chromium visits learns nothing and has no traffic that speaks for it: `hold` the ramp there.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use bartizan_rewrite::Item;

use super::{Facts, Judgement, Ramp, RampName, Rung, Sends};

pub(super) static RAMP: Ramp = Ramp {
    name: RampName::PermissionsPolicy,
    text: "permissions_policy",
    rungs: RUNGS,
    judge,
    learn: Some(learn),
    value: Some(value),
};

const RUNGS: &[Rung] = &[
    Rung {
        name: "report-only",
        sends: Sends::Header { name: "permissions-policy-report-only", value: Cow::Borrowed("") },
        least: None,
    },
    Rung {
        name: "enforced",
        sends: Sends::Header { name: "permissions-policy", value: Cow::Borrowed("") },
        least: None,
    },
];

/// What browsers call a report about it.
pub(crate) const KIND: &str = "permissions-policy-violation";

fn judge(facts: &Facts<'_>) -> Judgement {
    let used: Vec<_> = facts
        .told(KIND)
        .filter(|(feature, _)| FEATURES.contains(feature) && !facts.state.learnt.contains(*feature))
        .map(|(feature, clients)| format!("{feature} ({clients} clients)"))
        .collect();
    if used.is_empty() {
        return Judgement::Fine;
    }
    let reason = format!("clients use what the policy takes away: {}", used.join(", "));
    // While it is only reported on, what is used is learnt at the next look.
    if facts.state.rung == 0 { Judgement::Wait(reason) } else { Judgement::Back(reason) }
}

fn learn(facts: &Facts<'_>) -> BTreeSet<String> {
    if facts.state.rung > 0 {
        return BTreeSet::new();
    }
    let used = facts.told(KIND).map(|(feature, _)| feature).filter(|feature| FEATURES.contains(feature));
    let mut learnt: BTreeSet<String> = used.map(str::to_owned).collect();
    for item in facts.items() {
        if let Item::Delegates(feature, origin) = item
            && FEATURES.contains(&&**feature)
        {
            // What a page hands on it must have itself (Permissions Policy, 9.6).
            learnt.insert(feature.to_string());
            learnt.extend((&**origin != SELF).then(|| format!("{feature} {origin}")));
        }
    }
    learnt
}

fn value(learnt: &BTreeSet<String>) -> String {
    let mut given: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for thing in learnt {
        let (feature, origin) = thing.split_once(' ').unwrap_or((thing, ""));
        given.entry(feature).or_default().extend(Some(origin).filter(|origin| !origin.is_empty()));
    }
    let mut text = String::new();
    for feature in FEATURES {
        let comma = if text.is_empty() { "" } else { ", " };
        // Writing to a String cannot fail.
        let _ = match given.get(feature) {
            None => write!(text, "{comma}{feature}=()"),
            Some(origins) if origins.contains(&"*") => write!(text, "{comma}{feature}=*"),
            Some(origins) => {
                let origins: String = origins.iter().map(|origin| format!(" \"{origin}\"")).collect();
                write!(text, "{comma}{feature}=(self{origins})")
            }
        };
    }
    text
}

/// Stands for the page's own origin.
const SELF: &str = "self";

/// Features whose use browsers report when it is refused. Not `autoplay`: it is refused in silence.
const FEATURES: &[&str] = &[
    "accelerometer",
    "camera",
    "clipboard-read",
    "display-capture",
    "encrypted-media",
    "fullscreen",
    "gamepad",
    "geolocation",
    "gyroscope",
    "hid",
    "idle-detection",
    "local-fonts",
    "magnetometer",
    "microphone",
    "midi",
    "otp-credentials",
    "payment",
    "picture-in-picture",
    "publickey-credentials-create",
    "publickey-credentials-get",
    "screen-wake-lock",
    "serial",
    "storage-access",
    "sync-xhr",
    "usb",
    "window-management",
    "xr-spatial-tracking",
];

#[cfg(test)]
mod tests {
    use bartizan_headers::{Field as _, PermissionsPolicy};

    use super::super::tests::{at, judged, knowing, report, settings};
    use super::super::{Around, Subdomains};
    use super::*;

    #[test]
    fn what_is_used_is_learnt_and_origins_only_from_pages() {
        let delegates = |feature: &str, origin: &str| Item::Delegates(feature.into(), origin.into());
        for (reported, clients, items, expected) in [
            ("camera", 2, &[][..], &["camera"][..]),
            ("camera", 1, &[], &[]),                      // one client's doing
            ("camera https://evil.example", 2, &[], &[]), // no feature
            ("camera=*", 2, &[], &[]),
            ("hid", 0, &[delegates("camera", "https://meet.example")], &["camera", "camera https://meet.example"]),
            ("hid", 0, &[delegates("camera", "self")], &["camera"]),
            ("hid", 0, &[delegates("x=*, camera", "*")], &[]),
        ] {
            let mut state = at(0);
            report(&mut state, KIND, reported, clients);
            let inventory = knowing(items);
            let around = Around { site: "app.example", subdomains: &Subdomains::default(), inventory: &inventory };
            let learnt = state.learn(RampName::PermissionsPolicy, &settings(), around);
            assert_eq!(learnt.iter().map(String::as_str).collect::<Vec<_>>(), expected, "{reported} {items:?}");
            // What is learnt is no reason any more.
            assert_eq!(judged(&state, RampName::PermissionsPolicy, 1000), "up");
        }
    }

    #[test]
    fn what_is_taken_away_and_used_comes_back() {
        for (rung, feature, clients, expected) in
            [(1, "camera", 2, "back"), (1, "camera", 1, "wait"), (1, "tea", 2, "wait"), (0, "camera", 2, "wait")]
        {
            let mut state = at(rung);
            report(&mut state, KIND, feature, clients);
            assert_eq!(judged(&state, RampName::PermissionsPolicy, 1000), expected, "{rung} {feature} {clients}");
        }
    }

    #[test]
    fn the_policy_says_what_was_learnt() {
        for (learnt, feature, expected) in [
            (&[][..], "camera", "camera=()"),
            (&["camera"], "camera", "camera=(self)"),
            (&["camera", "camera https://a.example"], "camera", "camera=(self \"https://a.example\")"),
            (&["camera", "camera *"], "camera", "camera=*"),
            (&["camera"], "usb", "usb=()"),
        ] {
            let text = value(&learnt.iter().map(ToString::to_string).collect());
            assert!(text.split(", ").any(|part| part == expected), "{text}");
            let read = PermissionsPolicy::parse(&[&text]).value.unwrap();
            assert!(read.allowed(feature).is_some() && read.features.len() == FEATURES.len(), "{text}");
        }
    }
}
