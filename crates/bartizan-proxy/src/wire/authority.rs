//! Whether text is a host with an optional port, and whether two of them mean the same.
//!
//! Names are not resolved, lowered or looked up here: choosing a site is the router's affair.

use super::fault::Fault;
use super::octets::{self, HOST};

/// A host and the port written after it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Authority<'a> {
    host: &'a [u8],
    port: Option<u16>,
}

impl<'a> Authority<'a> {
    /// Reads `host [":" port]` (RFC 3986, 3.2.2 and 3.2.3); user information is refused before.
    #[inline]
    pub(super) fn parse(text: &'a [u8]) -> Result<Self, Fault> {
        let (host, rest) = if text.first() == Some(&b'[') {
            let end = memchr::memchr(b']', text).ok_or(Fault::BadHost)?;
            let (host, rest) = text.split_at_checked(end + 1).ok_or(Fault::BadHost)?;
            let inner = host.get(1..end).unwrap_or_default();
            // An address, not a zone: `%` is no hexadecimal digit.
            let address = std::str::from_utf8(inner).ok().and_then(|inner| inner.parse::<std::net::Ipv6Addr>().ok());
            address.ok_or(Fault::BadHost)?;
            (host, rest)
        } else {
            let end = memchr::memchr(b':', text).unwrap_or(text.len());
            let (host, rest) = text.split_at_checked(end).ok_or(Fault::BadHost)?;
            if host.is_empty() || !octets::all(host, HOST) {
                return Err(Fault::BadHost);
            }
            (host, rest)
        };
        let port = match rest {
            [] => None,
            [b':', digits @ ..] => Some(port(digits).ok_or(Fault::BadHost)?),
            _ => return Err(Fault::BadHost),
        };
        Ok(Self { host, port })
    }

    /// Whether both name one host and, the scheme's default filled in, one port.
    pub(super) fn agrees(&self, other: &Self, default_port: u16) -> bool {
        self.host.eq_ignore_ascii_case(other.host)
            && self.port.unwrap_or(default_port) == other.port.unwrap_or(default_port)
    }
}

fn port(digits: &[u8]) -> Option<u16> {
    if digits.is_empty() || digits.len() > 5 {
        return None;
    }
    let value = digits
        .iter()
        .try_fold(0_u32, |value, digit| digit.is_ascii_digit().then(|| value * 10 + u32::from(digit - b'0')))?;
    u16::try_from(value).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_told_from_other_text() {
        for (text, is_host) in [
            ("app.example", true),
            ("APP.example.", true),
            ("under_score.example", true),
            ("127.0.0.1:8080", true),
            ("[::1]", true),
            ("[::1]:8443", true),
            ("a:65535", true),
            ("", false),
            (":80", false),
            ("a:", false),
            ("a:65536", false),
            ("a:+80", false),
            ("a:80:90", false),
            ("a b", false),
            ("a,b", false),
            ("a/b", false),
            ("user@a", false),
            ("a%2eexample", false),
            ("[::1", false),
            ("[::1]x", false),
            ("[fe80::1%25eth0]", false),
            ("[]", false),
            ("[1.2.3.4]", false),
            ("b\u{fc}cher.example", false),
        ] {
            assert_eq!(Authority::parse(text.as_bytes()).is_ok(), is_host, "{text}");
        }
    }

    #[test]
    fn default_ports_and_letter_case_make_no_difference() {
        for (one, other, agree) in [
            ("a.example", "A.EXAMPLE", true),
            ("a.example:80", "a.example", true),
            ("a.example:81", "a.example", false),
            ("a.example", "b.example", false),
            ("a.example.", "a.example", false), // the router may see them as one; here they are different text
        ] {
            let (one, other) = (Authority::parse(one.as_bytes()).unwrap(), Authority::parse(other.as_bytes()).unwrap());
            assert_eq!(one.agrees(&other, 80), agree, "{one:?} {other:?}");
        }
    }
}
