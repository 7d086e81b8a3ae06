//! What an app says of its own connection, which is not the client's (RFC 9110, 7.6.1).

use http::header::{CONNECTION, UPGRADE};
use http::{HeaderMap, HeaderName};

/// Removes what belongs to the connection to the app (RFC 9110, 7.6.1).
pub(crate) fn remove(headers: &mut HeaderMap) {
    if headers.contains_key(CONNECTION) {
        let listed: Vec<HeaderName> = headers
            .get_all(CONNECTION)
            .iter()
            .filter_map(|line| line.to_str().ok())
            .flat_map(|line| line.split(','))
            .filter_map(|name| name.trim().parse().ok())
            .filter(|name: &HeaderName| *name != UPGRADE)
            .collect();
        for name in listed {
            headers.remove(name);
        }
        headers.remove(CONNECTION);
    }
    while let Some(name) = headers.keys().find(|name| is_hop_by_hop(name)).cloned() {
        headers.remove(name);
    }
}

/// Whether a field that an app may send belongs to its connection (RFC 9110, 7.6.1).
///
/// Asked of each field there is, which costs less than looking up each that might be.
fn is_hop_by_hop(name: &HeaderName) -> bool {
    matches!(name.as_str(), "keep-alive" | "proxy-authenticate" | "proxy-connection" | "te" | "transfer-encoding")
}
