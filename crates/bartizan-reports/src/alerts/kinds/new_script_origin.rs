//! A page loads, or tries to load, scripts from an origin that none was seen from before.

use super::Kind;
use crate::address::{host, origin};
use crate::alerts::sight::{Candidate, Sight};

pub(super) const KIND: Kind = Kind {
    name: "new-script-origin",
    about: "scripts come from an origin that none was seen from before",
    many: "new origins of scripts",
    find,
};

fn find(sight: &Sight<'_>) -> Vec<Candidate> {
    let learnt = sight.learnt();
    let sums = sight.sums(|group| {
        let subject = &group.subject;
        let is_script = match &*subject.kind {
            "csp-hash" => true,
            "csp-violation" => SCRIPTS.contains(&&*subject.what),
            _ => false,
        };
        let is_own = host(&subject.target).is_some_and(|host| host == sight.site);
        origin(&subject.target).filter(|_| is_script && !is_own).map(std::borrow::Cow::into_owned)
    });
    let new = sums
        .into_iter()
        .filter(|(_, sum)| sum.first_seen >= learnt && sum.clients.estimate() >= sight.settings.clients);
    let candidates = new.map(|(origin, sum)| Candidate {
        title: format!("a new origin of scripts: {origin}"),
        facts: std::iter::once(("origin", origin.clone())).chain(sum.facts()).collect(),
        key: origin,
    });
    candidates.collect()
}

/// What decides over the loading of scripts (CSP3, 6.8.1).
const SCRIPTS: &[&str] = &["script-src", "script-src-elem", "worker-src"];

#[cfg(test)]
mod tests {
    use super::super::tests::{DAY, NOW, found, group};
    use super::*;

    #[test]
    fn an_origin_is_new_once_the_site_is_learnt_and_several_clients_saw_it() {
        let old = group("csp-violation", "script-src-elem", "https://old.example/1.js", 5, NOW - 20 * DAY);
        for (kind, what, target, clients, first_seen, expected) in [
            ("csp-violation", "script-src-elem", "https://b.example/x.js", 2, NOW, Some("https://b.example")),
            ("csp-violation", "worker-src", "https://b.example:8443/x", 2, NOW, Some("https://b.example:8443")),
            ("csp-hash", "", "https://b.example/x.js", 2, NOW, Some("https://b.example")),
            ("csp-violation", "script-src-elem", "https://b.example/x.js", 1, NOW, None),
            ("csp-violation", "script-src-elem", "https://b.example/x.js", 2, NOW - 11 * DAY, None),
            ("csp-violation", "script-src-elem", "https://old.example/2.js", 2, NOW, None),
            ("csp-violation", "script-src-elem", "https://a.example/own.js", 2, NOW, None),
            ("csp-violation", "script-src-elem", "inline", 2, NOW, None),
            ("csp-violation", "img-src", "https://b.example/x.js", 2, NOW, None),
        ] {
            let groups = [old.clone(), group(kind, what, target, clients, first_seen)];
            assert_eq!(found(&KIND, &groups, &[]).first().map(String::as_str), expected, "{what} {target}");
        }
        // On its first day everything is new.
        assert!(found(&KIND, &[group("csp-hash", "", "https://b.example/x.js", 2, NOW - DAY / 2)], &[]).is_empty());
    }
}
