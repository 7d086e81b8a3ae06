//! Forwarded (RFC 7239): through whom a request came.
//!
//! Whether any of it can be believed is for those to decide who know their proxies.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use http::{HeaderName, header};

use crate::field::{Field, Note, Parsed};
use crate::host::parse_port;
use crate::syntax::{is_token, split_outside_quotes, unquote, write_joined, write_value};

/// One element for each proxy, the first the farthest.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Forwarded {
    /// The elements.
    pub elements: Vec<Element>,
}

/// What one proxy says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Element {
    /// By which of its addresses it received the request.
    pub by: Option<Node>,
    /// From whom.
    pub from: Option<Node>,
    /// With which Host field.
    pub host: Option<String>,
    /// By which protocol.
    pub proto: Option<String>,
    /// Parameters that the RFC does not know, names in lower case.
    pub extensions: Vec<(String, String)>,
}

/// Who it was, as far as the proxy tells (RFC 7239, 6).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    /// An address, perhaps with a port.
    Address(IpAddr, Option<u16>),
    /// A name that means something to the proxy alone, with its underscore, and its port as written.
    Hidden(String),
    /// The proxy does not know.
    Unknown,
}

impl Field for Forwarded {
    const NAME: HeaderName = header::FORWARDED;

    /// Reads all lines as one list. One slip spoils the field: half a chain is no chain.
    fn parse(lines: &[&str]) -> Parsed<Self> {
        if lines.is_empty() {
            return Parsed::absent();
        }
        let texts = lines.iter().flat_map(|line| split_outside_quotes(line, ',')).filter(|text| !text.is_empty());
        match texts.map(element).collect::<Result<Vec<_>, Note>>() {
            Ok(mut elements) => {
                elements.retain(|element| *element != Element::default());
                if elements.is_empty() {
                    return Parsed::rejected(Vec::new(), Note::Empty);
                }
                Parsed::accepted(Self { elements }, Vec::new())
            }
            Err(note) => Parsed::rejected(Vec::new(), note),
        }
    }
}

impl From<IpAddr> for Node {
    fn from(address: IpAddr) -> Self {
        Self::Address(address, None)
    }
}

impl FromStr for Node {
    type Err = Note;

    fn from_str(text: &str) -> Result<Self, Note> {
        let wrong = || Note::syntax(text);
        if text.starts_with('_') {
            let is_hidden = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | ':');
            return if text.chars().all(is_hidden) { Ok(Self::Hidden(text.to_owned())) } else { Err(wrong()) };
        }
        let (host, port) = match text.rsplit_once(':') {
            Some((host, port)) if !port.contains(']') => (host, Some(port)),
            _ => (text, None),
        };
        // A port may be hidden, too; then it tells nothing.
        let port = match port {
            Some(port) if !port.starts_with('_') => Some(parse_port(port).map_err(|_| wrong())?),
            _ => None,
        };
        if host.eq_ignore_ascii_case("unknown") {
            return Ok(Self::Unknown);
        }
        let literal = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
        let address = match literal {
            Some(literal) => Ipv6Addr::from_str(literal).map(IpAddr::V6),
            None => Ipv4Addr::from_str(host).map(IpAddr::V4),
        };
        Ok(Self::Address(address.map_err(|_| wrong())?, port))
    }
}

impl fmt::Display for Forwarded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_joined(f, &self.elements, ", ")
    }
}

impl fmt::Display for Element {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        let mut write_pair = |name: &str, value: &str| {
            write!(f, "{separator}{name}=")?;
            separator = ";";
            write_value(f, value)
        };
        if let Some(from) = &self.from {
            write_pair("for", &from.to_string())?;
        }
        if let Some(by) = &self.by {
            write_pair("by", &by.to_string())?;
        }
        if let Some(host) = &self.host {
            write_pair("host", host)?;
        }
        if let Some(proto) = &self.proto {
            write_pair("proto", proto)?;
        }
        self.extensions.iter().try_for_each(|(name, value)| write_pair(name, value))
    }
}

impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address(IpAddr::V4(v4), _) => write!(f, "{v4}")?,
            Self::Address(IpAddr::V6(v6), _) => write!(f, "[{v6}]")?,
            Self::Hidden(name) => f.write_str(name)?,
            Self::Unknown => f.write_str("unknown")?,
        }
        if let Self::Address(_, Some(port)) = self { write!(f, ":{port}") } else { Ok(()) }
    }
}

fn element(text: &str) -> Result<Element, Note> {
    let mut element = Element::default();
    for pair in split_outside_quotes(text, ';').filter(|pair| !pair.is_empty()) {
        let parts = pair.split_once('=').filter(|(name, _)| is_token(name));
        let Some((name, value)) = parts.and_then(|(name, value)| Some((name, unquote(value)?))) else {
            return Err(Note::syntax(pair));
        };
        let name = name.to_ascii_lowercase();
        let is_new = match name.as_str() {
            "by" => element.by.replace(value.parse()?).is_none(),
            "for" => element.from.replace(value.parse()?).is_none(),
            "host" => element.host.replace(value.into_owned()).is_none(),
            "proto" => element.proto.replace(value.to_ascii_lowercase()).is_none(),
            _ if element.extensions.iter().any(|(known, _)| *known == name) => false,
            _ => {
                element.extensions.push((name.clone(), value.into_owned()));
                true
            }
        };
        if !is_new {
            return Err(Note::duplicate(&name)); // RFC 7239, 4: each at most once.
        }
    }
    Ok(element)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chains_are_read_whole_or_not_at_all() {
        for (lines, canonical) in [
            (&["for=192.0.2.1"][..], Some("for=192.0.2.1")),
            (
                &["For=\"[2001:db8::1]:4711\";proto=HTTPS;by=203.0.113.43"],
                Some("for=\"[2001:db8::1]:4711\";by=203.0.113.43;proto=https"),
            ),
            (
                &["for=unknown, for=_hidden;host=\"a.example:80\""],
                Some("for=unknown, for=_hidden;host=\"a.example:80\""),
            ),
            (&["for=192.0.2.1;secret=x", "for=\"192.0.2.2:80\""], Some("for=192.0.2.1;secret=x, for=\"192.0.2.2:80\"")),
            (&["for=192.0.2.1;for=192.0.2.2"], None),
            (&["for=\"192.0.2.1"], None),
            (&["for=2001:db8::1"], None),
            (&["for=a.example"], None),
            (&["for=\"192.0.2.1:99999\""], None),
            (&[""], None),
            (&[], None),
        ] {
            let parsed = Forwarded::parse(lines);
            assert_eq!(parsed.value.map(|value| value.to_string()).as_deref(), canonical, "{lines:?}");
        }
    }
}
