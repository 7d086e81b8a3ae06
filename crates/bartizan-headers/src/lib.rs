//! The words: typed security headers, origins, cookies, CSP; parse, note, serialise, match.

/// A host name or address in canonical form.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct HostName(String);

impl HostName {
    /// Returns the text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A host and a port, as in a `Host` header.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Authority {
    /// The host.
    pub host: HostName,
    /// The port, where one was given.
    pub port: Option<u16>,
}

/// A pattern of hosts.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct HostPattern(String);

/// An origin.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Origin(String);

/// The `SameSite` attribute of a cookie.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the attribute's own words")]
pub enum SameSite {
    Lax,
    None,
    Strict,
}
