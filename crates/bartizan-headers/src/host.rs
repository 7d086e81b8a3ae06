//! Host names as they stand in `Host`, `:authority`, origins and configuration, in one canonical form.
//!
//! Strict by intent: what two programs could read differently is refused, not repaired (RFC 3986,
//! 3.2.2; WHATWG URL, host parsing). It resolves nothing and knows no public suffixes.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

/// A host: a DNS name or an address, in lower case, without trailing dot.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HostName {
    text: Box<str>,
    address: Option<IpAddr>,
}

impl HostName {
    /// Returns the canonical text; IPv6 addresses stand in brackets.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns the address if the host is an address literal.
    pub const fn address(&self) -> Option<IpAddr> {
        self.address
    }

    /// Whether only this machine can be meant (RFC 6761, 6.3, and the loopback addresses).
    pub fn is_loopback(&self) -> bool {
        match self.address {
            Some(address) => address.is_loopback(),
            None => &*self.text == "localhost" || self.text.ends_with(".localhost"),
        }
    }
}

impl From<IpAddr> for HostName {
    fn from(address: IpAddr) -> Self {
        let text = match address {
            IpAddr::V4(v4) => v4.to_string(),
            IpAddr::V6(v6) => format!("[{v6}]"),
        };
        Self { text: text.into(), address: Some(address) }
    }
}

impl FromStr for HostName {
    type Err = HostError;

    fn from_str(text: &str) -> Result<Self, HostError> {
        if let Some(inner) = text.strip_prefix('[') {
            let literal = inner.strip_suffix(']').ok_or(HostError::Address)?;
            return Ok(Self::from(IpAddr::V6(Ipv6Addr::from_str(literal).map_err(|_| HostError::Address)?)));
        }
        let name = text.strip_suffix('.').unwrap_or(text);
        if name.is_empty() {
            return Err(HostError::Empty);
        }
        if name.len() > LONGEST_NAME {
            return Err(HostError::TooLong);
        }
        if let Some(bad) = name.chars().find(|&c| !is_name_char(c)) {
            return Err(HostError::Character(bad));
        }
        if name.split('.').any(|label| label.is_empty() || label.len() > LONGEST_LABEL) {
            return Err(HostError::Label);
        }
        if ends_in_number(name) {
            // `127.1`, `0x7f.1` and `2130706433` are 127.0.0.1 to some readers and names to others.
            return Ok(Self::from(IpAddr::V4(Ipv4Addr::from_str(name).map_err(|_| HostError::Address)?)));
        }
        Ok(Self { text: name.to_ascii_lowercase().into(), address: None })
    }
}

impl fmt::Display for HostName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// A host with an optional port, as in the `Host` field (RFC 9110, 7.2).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Authority {
    /// The host.
    pub host: HostName,
    /// The port, if one was said; an empty one counts as unsaid.
    pub port: Option<u16>,
}

impl FromStr for Authority {
    type Err = HostError;

    fn from_str(text: &str) -> Result<Self, HostError> {
        if text.contains('@') {
            return Err(HostError::UserInfo);
        }
        // A colon inside brackets belongs to the address.
        let (host, port) = match text.rsplit_once(':') {
            Some((host, port)) if !port.contains(']') => (host, port),
            _ => (text, ""),
        };
        Ok(Self { host: host.parse()?, port: if port.is_empty() { None } else { Some(parse_port(port)?) } })
    }
}

impl fmt::Display for Authority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.port {
            Some(port) => write!(f, "{}:{port}", self.host),
            None => write!(f, "{}", self.host),
        }
    }
}

/// Why a text names no host.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HostError {
    /// Something that looks like an address and is none in its full form.
    #[error("not an IP address in its full form")]
    Address,
    /// A character that no host name has.
    #[error("character {0:?} in a host name")]
    Character(char),
    /// No host at all.
    #[error("empty host")]
    Empty,
    /// A part between dots that is empty or longer than 63 bytes.
    #[error("empty or overlong part between dots")]
    Label,
    /// A port that is no number from 0 to 65535.
    #[error("not a port")]
    Port,
    /// More than 253 bytes.
    #[error("longer than a host name can be")]
    TooLong,
    /// A user name or password before the host.
    #[error("user information before the host")]
    UserInfo,
}

pub(crate) fn parse_port(text: &str) -> Result<u16, HostError> {
    // `u16::from_str` accepts a sign.
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(HostError::Port);
    }
    text.parse().map_err(|_| HostError::Port)
}

/// Whether the character may stand in a name; the underscore is no host name's, but is in use inside networks.
const fn is_name_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_')
}

/// Whether WHATWG's parser would take the name for an IPv4 address ("ends in a number").
fn ends_in_number(name: &str) -> bool {
    let last = name.rsplit('.').next().unwrap_or(name);
    if last.bytes().all(|byte| byte.is_ascii_digit()) {
        return true;
    }
    let hexadecimal = last.strip_prefix("0x").or_else(|| last.strip_prefix("0X"));
    hexadecimal.is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// RFC 1035, 2.3.4, less the length bytes and the root.
const LONGEST_NAME: usize = 253;
/// RFC 1035, 2.3.4.
const LONGEST_LABEL: usize = 63;

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Result<&str, HostError>) {
        let authority = text.parse::<Authority>();
        assert_eq!(authority.clone().map(|read| read.to_string()), expected.map(ToOwned::to_owned), "{text}");
        if let Ok(authority) = authority {
            assert_eq!(authority.to_string().parse(), Ok(authority), "{text}");
        }
    }

    #[test]
    fn one_form_for_each_host() {
        for (text, canonical) in [
            ("shop.example", "shop.example"),
            ("Shop.EXAMPLE.:8443", "shop.example:8443"),
            ("my_app:", "my_app"),
            ("127.0.0.1:80", "127.0.0.1:80"),
            ("[::1]", "[::1]"),
            ("[2001:DB8:0:0::1]:443", "[2001:db8::1]:443"),
            ("1password.example", "1password.example"),
        ] {
            check(text, Ok(canonical));
        }
    }

    #[test]
    fn what_could_be_read_twice_is_refused() {
        for (text, error) in [
            ("", HostError::Empty),
            (".", HostError::Empty),
            (":80", HostError::Empty),
            ("a..b", HostError::Label),
            (".a", HostError::Label),
            ("a.example..", HostError::Label),
            ("user@a.example", HostError::UserInfo),
            ("a.example:99999", HostError::Port),
            ("a.example:+80", HostError::Port),
            ("a.example:80a", HostError::Port),
            ("a:b:80", HostError::Character(':')),
            ("a b", HostError::Character(' ')),
            ("a/b", HostError::Character('/')),
            ("a%2eb", HostError::Character('%')),
            ("b\u{fc}cher.example", HostError::Character('\u{fc}')),
            ("a,b", HostError::Character(',')),
            ("127.1", HostError::Address),
            ("2130706433", HostError::Address),
            ("0x7f.0x1", HostError::Address),
            ("127.0.0.01", HostError::Address),
            ("[::1", HostError::Address),
            ("[::1%25eth0]", HostError::Address),
            ("[v1.a]", HostError::Address),
            ("[::1]x", HostError::Address),
        ] {
            check(text, Err(error));
        }
        check(&"a.".repeat(127), Ok(&"a.".repeat(127)[..253]));
        check(&"a.".repeat(128), Err(HostError::TooLong));
        check(&"a".repeat(64), Err(HostError::Label));
    }

    #[test]
    fn loopback_is_told_from_the_world() {
        for (text, is_loopback) in [
            ("localhost", true),
            ("app.localhost", true),
            ("127.8.8.8", true),
            ("[::1]", true),
            ("notlocalhost", false),
            ("localhost.example", false),
            ("192.0.2.1", false),
        ] {
            assert_eq!(text.parse::<HostName>().map(|host| host.is_loopback()), Ok(is_loopback), "{text}");
        }
    }
}
