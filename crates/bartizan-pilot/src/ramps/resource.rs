//! Cross-Origin-Resource-Policy: files are for the site alone, once it was seen that nobody else loads them.
//!
//! Browsers report nothing of it; but they say of each request whose page asked, and they ask even where they will not
//! use the answer. So what others load is seen on every rung. Once it is enforced, a page of others that begins to load
//! files is what the header is for: only those that the site's own pages name, and names of the same site, take it back.

use std::borrow::Cow;

use super::{Facts, Judgement, Ramp, RampName, Rung, Sends};

pub(super) static RAMP: Ramp =
    Ramp { name: RampName::ResourcePolicy, text: "resource_policy", rungs: RUNGS, judge, learn: None, value: None };

const NAME: &str = "cross-origin-resource-policy";

const RUNGS: &[Rung] = &[
    Rung { name: "watched", sends: Sends::Without { name: NAME }, least: None },
    Rung { name: "same-site", sends: Sends::Header { name: NAME, value: Cow::Borrowed("same-site") }, least: None },
    Rung { name: "same-origin", sends: Sends::Header { name: NAME, value: Cow::Borrowed("same-origin") }, least: None },
];

/// Another site's page loads a file.
pub(crate) const BY_OTHER_SITE: &str = "loaded-by-other-site";

/// A page of another origin of the same site loads a file.
pub(crate) const BY_SAME_SITE: &str = "loaded-by-same-site";

fn judge(facts: &Facts<'_>) -> Judgement {
    let rung = facts.state.rung;
    let told = |(origin, clients): (&str, usize)| {
        let origin = if origin.is_empty() { "pages that do not say which" } else { origin };
        format!("{clients} clients load files of this site in pages of others: {origin}")
    };
    let of_others = facts.told(BY_OTHER_SITE);
    let of_others =
        of_others.filter(|(origin, _)| rung == 0 || facts.names(origin)).max_by_key(|(_, clients)| *clients);
    let of_site = facts.told(BY_SAME_SITE).max_by_key(|(_, clients)| *clients);
    match (rung, of_others, of_site) {
        (0, Some(seen), _) | (1, None, Some(seen)) => Judgement::Wait(told(seen)),
        (1 | 2, Some(seen), _) | (2, None, Some(seen)) => Judgement::Back(told(seen)),
        _ => Judgement::Fine,
    }
}

#[cfg(test)]
mod tests {
    use bartizan_rewrite::Item;

    use super::super::tests::{at, knowing, report, settings, word};
    use super::super::{Around, Subdomains};
    use super::*;

    #[test]
    fn who_loads_files_decides() {
        let (known, other) = ("https://partner.example", "https://other.example");
        for (rung, kind, origin, clients, expected) in [
            (0, BY_OTHER_SITE, other, 0, "up"),
            (0, BY_OTHER_SITE, other, 1, "up"), // one client's doing
            (0, BY_OTHER_SITE, other, 2, "wait"),
            (0, BY_OTHER_SITE, "", 2, "wait"),
            (0, BY_SAME_SITE, other, 2, "up"), // the next rung allows it
            (1, BY_SAME_SITE, other, 2, "wait"),
            (1, BY_OTHER_SITE, other, 2, "up"), // what it is for
            (1, BY_OTHER_SITE, known, 2, "back"),
            (2, BY_SAME_SITE, other, 2, "back"),
            (2, BY_SAME_SITE, other, 1, "wait"), // the end
            (2, BY_OTHER_SITE, other, 2, "wait"),
            (2, BY_OTHER_SITE, "", 9, "wait"),
        ] {
            let mut state = at(rung);
            report(&mut state, kind, origin, clients);
            let inventory = knowing(&[Item::Names(known.into())]);
            let around = Around { site: "app.example", subdomains: &Subdomains::default(), inventory: &inventory };
            let judged = state.judge(RampName::ResourcePolicy, &settings(), around, 1000);
            assert_eq!(word(&judged), expected, "{rung} {kind} {origin} {clients}");
        }
    }
}
