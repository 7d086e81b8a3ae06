//! KrakenD's configuration: JSON with places, and what the real code makes of it.

mod json;
mod secure;

use bartizan_rules::facts::krakend::Krakend;

pub use self::json::{NotJson, parse};
pub use self::secure::Secure;
use crate::Source;

/// Reads a configuration.
///
/// # Errors
///
/// When it is no JSON.
pub fn read(source: &Source) -> Result<Krakend, NotJson> {
    parse(source).map(|root| Krakend { root })
}
