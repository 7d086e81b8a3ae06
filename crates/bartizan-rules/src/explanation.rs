//! What is known about one fault: what it is, why it matters, how to mend it, where to read on.
//!
//! Rules (faults of a site) and refusals (faults of a request) use the same form, so one command
//! explains both. It does not say how a fault is found.

use std::fmt;

/// The knowledge about one fault or one refusal, written once and shown wherever it occurs.
#[derive(Debug, PartialEq, Eq)]
pub struct Explanation {
    /// Kebab-case, without a platform, never renamed and never reused.
    pub id: &'static str,
    /// One line, as a person would say it; begun like a sentence, without its full stop.
    pub title: &'static str,
    /// What can go wrong, in two to five sentences.
    pub why: &'static str,
    /// Text to paste, by platform; for a refusal, what the sender or the operator can do.
    pub fix: &'static [Fix],
    /// Where the claim comes from; never empty.
    pub references: &'static [Reference],
}

/// Text to paste for one platform.
pub type Fix = (Platform, &'static str);

/// The programs for which a fix can be given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Platform {
    /// Akkoma or Pleroma.
    Akkoma,
    /// Apache HTTP Server.
    Apache,
    /// Bartizan's own configuration file.
    Bartizan,
    /// Caddy.
    Caddy,
    /// The client that sent the request; only in refusals.
    Client,
    /// Django settings.
    Django,
    /// A Dockerfile, or a Compose file.
    Docker,
    /// A file of environment variables.
    Environment,
    /// Express, with or without helmet.
    Express,
    /// HAProxy.
    Haproxy,
    /// KrakenD.
    Krakend,
    /// nginx.
    Nginx,
    /// A systemd unit.
    Systemd,
}

impl Platform {
    /// Returns the name as people write it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Akkoma => "Akkoma",
            Self::Apache => "Apache",
            Self::Bartizan => "Bartizan",
            Self::Caddy => "Caddy",
            Self::Client => "the client",
            Self::Django => "Django",
            Self::Docker => "Docker",
            Self::Environment => "the environment",
            Self::Express => "Express",
            Self::Haproxy => "HAProxy",
            Self::Krakend => "KrakenD",
            Self::Nginx => "nginx",
            Self::Systemd => "systemd",
        }
    }
}

impl fmt::Display for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A place that supports a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reference {
    /// A catalogue number of a vulnerability that taught the field, such as `CVE-2023-40225`.
    Cve(&'static str),
    /// A weakness of the Common Weakness Enumeration, by number.
    Cwe(u16),
    /// A page below MDN's `Web/HTTP/` by its last part, such as `Strict-Transport-Security`.
    Mdn(&'static str),
    /// An RFC and its section; an empty section names the whole document.
    Rfc(u16, &'static str),
    /// A specification of the W3C or WHATWG: its title and address.
    Spec(&'static str, &'static str),
}

impl Reference {
    /// Returns the address to open.
    pub fn url(self) -> String {
        match self {
            Self::Cve(id) => format!("https://www.cve.org/CVERecord?id={id}"),
            Self::Cwe(number) => format!("https://cwe.mitre.org/data/definitions/{number}.html"),
            Self::Mdn(page) => format!("https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/{page}"),
            Self::Rfc(number, "") => format!("https://www.rfc-editor.org/rfc/rfc{number}"),
            Self::Rfc(number, section) => format!("https://www.rfc-editor.org/rfc/rfc{number}#section-{section}"),
            Self::Spec(_, address) => address.to_owned(),
        }
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cve(id) => f.write_str(id),
            Self::Cwe(number) => write!(f, "CWE-{number}"),
            Self::Mdn(page) => write!(f, "MDN: {page}"),
            Self::Rfc(number, "") => write!(f, "RFC {number}"),
            Self::Rfc(number, section) => write!(f, "RFC {number}, {section}"),
            Self::Spec(title, _) => f.write_str(title),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_name_and_locate_their_source() {
        for (reference, name, url) in [
            (Reference::Rfc(6797, "8.1"), "RFC 6797, 8.1", "https://www.rfc-editor.org/rfc/rfc6797#section-8.1"),
            (Reference::Rfc(6797, ""), "RFC 6797", "https://www.rfc-editor.org/rfc/rfc6797"),
            (Reference::Cwe(444), "CWE-444", "https://cwe.mitre.org/data/definitions/444.html"),
        ] {
            assert_eq!(reference.to_string(), name);
            assert_eq!(reference.url(), url);
        }
    }
}
