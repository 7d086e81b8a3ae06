//! The same page over both families of addresses.

use url::Url;

use super::Response;

/// A page, asked for at an address of IPv4 and at one of IPv6.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Families {
    /// The page.
    pub page: Url,
    /// The answer over IPv4, or why there is none.
    pub ipv4: Result<Response, String>,
    /// The answer over IPv6, or why there is none.
    pub ipv6: Result<Response, String>,
}
