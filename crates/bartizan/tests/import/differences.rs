//! Where the wall answers otherwise than the program that was imported, on purpose; each with its reason.

use crate::ask::Difference;
use crate::place::Kind;

/// Returns the name of a difference that is meant.
pub(crate) fn name(_: Kind, difference: &Difference) -> Option<&'static str> {
    match difference {
        // The wall refuses with one status whatever the other program was told to say.
        Difference::Status { expected: 404, found: 403 } => Some("denied-status"),
        // A method that is not allowed is 405 (RFC 9110, 15.5.6), not a matter of who asks.
        Difference::Status { expected: 403, found: 405 } => Some("method-refused"),
        // What is too large is 413 (RFC 9110, 15.5.14): Caddy 2.6 says 502, and Apache does not look when it is a proxy.
        Difference::Status { expected: 200 | 502, found: 413 } => Some("body-too-large"),
        // 301 for GET and 308 for what has a body, where others have one of the two for both.
        Difference::Status { expected: 301 | 308, found: 301 | 308 } => Some("redirect-status"),
        // A host that is not served is refused (RFC 9110, 15.5.20), and no other site answers for it.
        Difference::Status { expected: 200 | 400, found: 400 | 421 } => Some("unknown-host"),
        // A redirect is an answer, too, and carries the headers of one.
        Difference::Header { status: 300..400, expected: None, .. } => Some("redirect-headers"),
        // So is a refusal.
        Difference::Header { status: 400.., .. } => Some("refusal-headers"),
        _ => None,
    }
}
