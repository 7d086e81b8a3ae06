//! How a site wants to be met, as DNS says it before the first connection (RFC 9460).

/// An HTTPS record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceRecord {
    /// Its place among others; 0 is an alias.
    pub priority: u16,
    /// The application protocols that are spoken there.
    pub alpn: Vec<String>,
    /// Whether it has a key for encrypted hellos.
    pub has_ech: bool,
}
