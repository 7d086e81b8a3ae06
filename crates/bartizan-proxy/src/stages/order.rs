//! The two lists, top to bottom, with the reason for each place.
//!
//! Before the first list stand two steps that every exchange takes in `exchange.rs`, because without
//! them there is no site whose list could be walked: framing (`request/framing.rs`) makes one head of the
//! bytes, and known hosts (`request/host.rs`) finds the site.

use super::{RefusalKind, RequestStage, ResponseStage, response};
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

/// A response meets these from top to bottom, whoever made it; stages with nothing to do are left out.
pub fn response_stages(site: &Site, policy: &Policy) -> Vec<Box<dyn ResponseStage>> {
    let headers = &policy.headers;
    [
        // First of all: what is replaced must not be worked on, and our page then passes all that follows.
        listed(response::Errors::new(&policy.errors)),
        listed(response::Listings::new(&policy.errors)),
        // Before ours are added, so that a header of ours is never taken for a leak.
        listed(response::Strip::new(&policy.strip)),
        // Before the cache stage, which asks whether a cookie is set.
        listed(response::Cookies::new(&policy.cookies)),
        listed(response::PrivateCache::new(headers)),
        // One header each: no order among them.
        listed(response::StrictTransport::new(headers)),
        listed(response::Csp::new(headers)),
        listed(response::ContentTypeOptions::new(headers)),
        listed(response::Framing::new(headers)),
        listed(response::Referrer::new(headers)),
        listed(response::Permissions::new(headers)),
        listed(response::Isolation::new(headers)),
        listed(response::Legacy::new(headers)),
        listed(response::ClearSiteData::new(headers)),
        listed(response::Reporting::new(headers)),
        // After the site's own policies: it adds a sandbox beside them and lets other hosts embed.
        listed(response::Uploads::new(&site.uploads)),
        // Last: what an operator writes by hand is meant.
        listed(response::Custom::new(headers)),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn listed<S: ResponseStage + 'static>(stage: Option<S>) -> Option<Box<dyn ResponseStage>> {
    stage.map(|stage| Box::new(stage) as Box<dyn ResponseStage>)
}

/// Every refusal there is, sorted by id.
pub static REFUSALS: &[&RefusalKind] =
    &[&response::DEBUG_PAGE, &response::DIRECTORY_LISTING, &response::UPSTREAM_ERROR];
