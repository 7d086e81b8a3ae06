//! The two lists, top to bottom, with the reason for each place.
//!
//! Before the first list stand two steps that every exchange takes in `exchange.rs`, because without
//! them there is no site whose list could be walked: framing (`request/framing.rs`) makes one head of the
//! bytes, and known hosts (`request/host.rs`) finds the site.

use super::{RefusalKind, RequestStage, ResponseStage};
use crate::config::{Policy, Server, Site};
use crate::shared::Shared;

/// A request meets these from top to bottom; the first refusal ends it.
pub fn request_stages(
    _server: &Server,
    _site: &Site,
    _policy: &Policy,
    _shared: &Shared,
) -> Vec<Box<dyn RequestStage>> {
    vec![]
}

/// A response meets these from top to bottom, whoever made it.
pub fn response_stages(_site: &Site, _policy: &Policy) -> Vec<Box<dyn ResponseStage>> {
    vec![]
}

/// Every refusal there is, sorted by id.
pub static REFUSALS: &[&RefusalKind] = &[];
