//! Which part of a host somebody registered: the registry's own part of the Public Suffix List decides.
//!
//! Parts that companies entered (such as `github.io`) do not count, as in the Observatory's reader of the list.

/// Returns the domain that somebody registered at a registry; none for addresses and for suffixes themselves.
pub fn registrable_domain(host: &str) -> Option<&str> {
    if host.parse::<std::net::Ipv4Addr>().is_ok() || host.contains(':') || host.starts_with('[') {
        return None;
    }
    let host = host.strip_suffix('.').unwrap_or(host);
    let start = public_suffix_end(host)?;
    let before = host.get(..start.checked_sub(1)?)?;
    let label = before.rfind('.').map_or(0, |at| at + 1);
    host.get(label..).filter(|_| label < before.len())
}

/// Returns the domain that somebody holds at a registry or at a company that hands out names.
pub fn registrable_domain_with_private(host: &str) -> Option<&str> {
    bartizan_suffixes::domain(host)
}

/// Returns where the registry's suffix begins.
fn public_suffix_end(host: &str) -> Option<usize> {
    let mut rest = host;
    loop {
        let suffix = bartizan_suffixes::suffix(rest)?;
        let begin = host.len().checked_sub(suffix.len)?;
        if !suffix.is_private {
            return Some(begin);
        }
        // Above a company's entry lies a registry's.
        let dot = host.get(begin..)?.find('.')?;
        rest = host.get(begin + dot + 1..)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn registries_count_and_companies_do_not() {
        for (host, domain) in [
            ("a.b.example.com", Some("example.com")),
            ("static.example.co.uk", Some("example.co.uk")),
            ("other.github.io", Some("github.io")),
            ("x.obs.test", Some("obs.test")), // no such top-level domain: the last label is one
            ("co.uk", None),
            ("com", None),
            ("localhost", None),
            ("127.0.0.1", None),
            ("[::1]", None),
            ("b.s3.amazonaws.com", Some("amazonaws.com")),
        ] {
            assert_eq!(registrable_domain(host), domain, "{host}");
        }
    }
}
