//! Browsers refuse a host's certificate or TLS, or miss what the host promised of it.

use super::Kind;
use crate::alerts::sight::{Candidate, Sight};
use crate::store::HOUR;

pub(super) const KIND: Kind = Kind {
    name: "certificate-trouble",
    about: "browsers refuse a certificate or TLS, by Expect-CT, Expect-Staple, HPKP or network errors of TLS",
    many: "hosts with certificate trouble",
    find,
};

fn find(sight: &Sight<'_>) -> Vec<Candidate> {
    let sums = sight.sums(|group| {
        let subject = &group.subject;
        let is_trouble = match &*subject.kind {
            "expect-ct" | "expect-staple" | "hpkp" => true,
            // NEL, 6.2: types of the phase in which the connection is encrypted.
            "network-error" => subject.what.starts_with("tls."),
            _ => false,
        };
        let host = crate::address::host(&subject.target).unwrap_or_else(|| subject.target.clone());
        is_trouble.then(|| (subject.kind.clone().into_owned(), subject.what.clone().into_owned(), host.into_owned()))
    });
    let is_now = |last_seen: i64| sight.now.saturating_sub(last_seen) < RECENT;
    let troubles = sums.into_iter();
    let troubles =
        troubles.filter(|(_, sum)| sum.clients.estimate() >= sight.settings.clients && is_now(sum.last_seen));
    let candidates = troubles.map(|((kind, what, host), sum)| Candidate {
        key: format!("{kind} {what} {host}"),
        title: format!("browsers report certificate trouble with {host}"),
        facts: [("report", kind), ("error", what), ("host", host)].into_iter().chain(sum.facts()).collect(),
    });
    candidates.collect()
}

/// What was mended yesterday is no news.
const RECENT: i64 = 24 * HOUR;

#[cfg(test)]
mod tests {
    use super::super::tests::{DAY, NOW, found, group};
    use super::*;

    #[test]
    fn what_browsers_say_of_tls_is_told_when_several_say_it_now() {
        let (url, old) = ("https://a.example/x", NOW - DAY);
        for (kind, what, target, clients, last_seen, expected) in [
            (
                "network-error",
                "tls.cert.date_invalid",
                url,
                2,
                NOW,
                Some("network-error tls.cert.date_invalid a.example"),
            ),
            ("network-error", "tls.cert.date_invalid", url, 1, NOW, None),
            ("network-error", "tls.cert.date_invalid", url, 2, old, None),
            ("network-error", "tcp.timed_out", url, 9, NOW, None),
            ("expect-ct", "", "a.example", 2, NOW, Some("expect-ct  a.example")),
            ("expect-staple", "MISSING", "a.example", 2, NOW, Some("expect-staple MISSING a.example")),
            ("csp-violation", "tls.", url, 9, NOW, None),
        ] {
            let one = crate::store::Group { last_seen, ..group(kind, what, target, clients, NOW - DAY) };
            assert_eq!(found(&KIND, &[one], &[]).first().map(String::as_str), expected, "{kind} {what}");
        }
    }
}
