//! Which hosts are meant by `shop.example`, `*.shop.example` or `shop.example:8443`.
//!
//! A star stands for one or more whole labels, and never for none: `*.shop.example` is every name
//! below `shop.example` at any depth, and not `shop.example` itself. It stands first and alone, and
//! below at least one label; it matches no address.

use std::fmt;
use std::str::FromStr;

use crate::host::{Authority, HostError, HostName};

/// A set of hosts that a person wrote down.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct HostPattern {
    below: bool,
    host: HostName,
    port: Option<u16>,
}

impl HostPattern {
    /// Whether the host is meant; a pattern without port means every port.
    pub fn matches(&self, host: &HostName, port: u16) -> bool {
        self.port.is_none_or(|wanted| wanted == port) && self.matches_name(host)
    }

    /// Whether the host is meant, whatever its port.
    pub fn matches_name(&self, host: &HostName) -> bool {
        if !self.below {
            return self.host == *host;
        }
        let above = host.as_str().strip_suffix(self.host.as_str()).and_then(|rest| rest.strip_suffix('.'));
        host.address().is_none() && above.is_some_and(|labels| !labels.is_empty())
    }

    /// Returns the one host that is meant; nothing for a pattern with a star.
    pub fn exact(&self) -> Option<&HostName> {
        (!self.below).then_some(&self.host)
    }

    /// Returns the name below which all hosts are meant; nothing for a pattern without star.
    pub fn below(&self) -> Option<&HostName> {
        self.below.then_some(&self.host)
    }

    /// Returns the only port that is meant, if there is one.
    pub const fn port(&self) -> Option<u16> {
        self.port
    }
}

impl From<HostName> for HostPattern {
    fn from(host: HostName) -> Self {
        Self { below: false, host, port: None }
    }
}

impl FromStr for HostPattern {
    type Err = HostError;

    fn from_str(text: &str) -> Result<Self, HostError> {
        let (below, rest) = text.strip_prefix("*.").map_or((false, text), |rest| (true, rest));
        let Authority { host, port } = rest.parse()?;
        if below && host.address().is_some() {
            return Err(HostError::Address);
        }
        Ok(Self { below, host, port })
    }
}

impl fmt::Display for HostPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.below {
            f.write_str("*.")?;
        }
        write!(f, "{}", self.host)?;
        self.port.map_or(Ok(()), |port| write!(f, ":{port}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_is_one_or_more_labels() {
        for (pattern, host, port, is_meant) in [
            ("shop.example", "shop.example", 443, true),
            ("shop.example", "www.shop.example", 443, false),
            ("Shop.Example.", "shop.example", 1, true),
            ("shop.example:8443", "shop.example", 8443, true),
            ("shop.example:8443", "shop.example", 443, false),
            ("*.shop.example", "a.shop.example", 443, true),
            ("*.shop.example", "b.a.shop.example", 443, true),
            ("*.shop.example", "shop.example", 443, false),
            ("*.shop.example", "evilshop.example", 443, false),
            ("*.shop.example:444", "a.shop.example", 443, false),
            ("[::1]", "[::1]", 443, true),
            ("127.0.0.1", "127.0.0.2", 443, false),
        ] {
            let parsed = pattern.parse::<HostPattern>().unwrap();
            assert_eq!(parsed.matches(&host.parse().unwrap(), port), is_meant, "{pattern} {host}:{port}");
            assert_eq!(parsed.to_string().parse(), Ok(parsed), "{pattern}");
        }
    }

    #[test]
    fn stars_elsewhere_are_refused() {
        for (text, error) in [
            ("*", HostError::Character('*')),
            ("*.", HostError::Empty),
            ("a.*.example", HostError::Character('*')),
            ("a*.example", HostError::Character('*')),
            ("*.127.0.0.1", HostError::Address),
            ("*.[::1]", HostError::Address),
            ("https://a.example", HostError::Character(':')),
        ] {
            assert!(text.parse::<HostPattern>().is_err(), "{text}: {error}");
        }
    }
}
