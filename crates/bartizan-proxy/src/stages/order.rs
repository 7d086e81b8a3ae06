//! The two lists, top to bottom, with the reason for each place.
//!
//! Before the first list stand two steps that every exchange takes in `exchange/`, because without
//! them there is no site whose list could be walked: framing (`request/framing/`) makes one head of the
//! bytes, and known hosts (`request/host.rs`) finds the site.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use super::request::client_address::ClientAddress;
use super::request::cookies_in::CookiesIn;
use super::request::cross_origin::{self, CrossOrigin};
use super::request::deny::{self, Deny};
use super::request::framing::refusals as framing;
use super::request::host;
use super::request::https::HttpsOnly;
use super::request::identity::Identity;
use super::request::local::Local;
use super::request::method::{self, Methods};
use super::request::rate_limit::{self, Limit, RateLimit};
use super::request::resource_isolation::{self, Isolation};
use super::request::security_txt::SecurityTxtFile;
use super::request::size::{self, BodySize};
use super::request::uploads::{self, Uploads};
use super::{RefusalKind, RequestStage, ResponseStage, response};
use crate::config::{Policy, RoutePlan, Server, Site};
use crate::failure;
use crate::shared::{Scope, Shared};
use crate::waf;

/// A request meets these from top to bottom; the first refusal ends it. Without a route, the site's own policy holds.
pub fn request_stages(
    server: &Server,
    site: &Site,
    route: Option<&RoutePlan>,
    shared: &Shared,
) -> Vec<Box<dyn RequestStage>> {
    let policy = route.map_or(&site.policy, |route| &route.policy);
    let proxies = &server.trusted_proxies;
    let rates = Arc::clone(&shared.rates);
    vec![
        Box::new(ClientAddress::new(proxies, &site.https.ssl_proxy_headers)), // all that follows counts by the true client
        Box::new(HttpsOnly::new(server, site)), // what came in the clear is sent back before a cookie of it is looked at
        Box::new(Uploads::new(&site.uploads)),  // whose page it is comes before what may be done with it
        Box::new(Deny::new(policy.deny)),       // one comparison, and the widest refusal
        Box::new(Methods::new(policy.methods.as_deref())), // as cheap, and narrower
        Box::new(BodySize::new(policy.body)),   // as cheap, but only for requests with a body
        Box::new(RateLimit::new(limits(server, site, route, policy), rates)), // cheap refusals cost no token, the app does
        Box::new(Local::new(&shared.services, &site.name())), // under those limits; reports come from anywhere, without a session
        Box::new(CookiesIn::new(&policy.cookies, shared.own_prefixes(&site.name()))), // the next asks whether there is a session
        Box::new(CrossOrigin::new(&policy.csrf)), // what would reach the app with a visitor's session
        Box::new(Isolation::new(policy.isolation, &policy.csrf)), // narrower: also what changes nothing
        Box::new(SecurityTxtFile::new(site.security_txt.as_ref())), // an answer of ours, under the app's limits
        Box::new(Identity),                       // last, so that nothing the client wrote comes after what we write
    ]
}

/// A response meets these from top to bottom, whoever made it; stages with nothing to do are left out.
pub fn response_stages(site: &Site, policy: &Policy, shared: &Shared) -> Vec<Box<dyn ResponseStage>> {
    let headers = &policy.headers;
    // Where pages are rewritten, some come with a policy of their own though the site has none.
    let of_pages = || shared.services.pilot.as_ref().map(|_| response::Csp::of_pages());
    let csp = response::Csp::new(headers).or_else(of_pages);
    [
        listed(response::Errors::new(&policy.errors)), // what is replaced must not be worked on; our page passes the rest
        listed(response::Listings::new(&policy.errors)), // replaces as well
        listed(response::Redirects::new(site)), // where visitors are sent, before anything is said about the way there
        listed(response::Strip::new(&policy.strip)), // before ours are added, lest one of them be taken for a leak
        listed(response::Cookies::new(&policy.cookies, shared.own_prefixes(&site.name()))), // the next asks whether a cookie is set
        listed(response::PrivateCache::new(headers)), // sees all cookies; from here one header each, in any order
        listed(response::StrictTransport::new(headers)), // how: the way back is closed
        listed(csp),                                  // what: the sources of a page
        listed(response::ContentTypeOptions::new(headers)), // what: the types it is read as
        listed(response::Framing::new(headers)),      // where: who may frame it
        listed(response::Referrer::new(headers)),     // what it tells others
        listed(response::Permissions::new(headers)),  // what it may ask of the device
        listed(response::Isolation::new(headers)),    // whom it shares a process with
        listed(response::Legacy::new(headers)),       // what old browsers have to be told
        listed(response::ClearSiteData::new(headers)), // what is forgotten
        listed(response::Reporting::new(headers)),    // where reports go; names that the headers above refer to
        listed(response::Uploads::new(&site.uploads)), // adds a sandbox beside the site's policies, so after them
        listed(response::Custom::new(headers)),       // last: what an operator writes by hand is meant
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn listed<S: ResponseStage + 'static>(stage: Option<S>) -> Option<Box<dyn ResponseStage>> {
    stage.map(|stage| Box::new(stage) as Box<dyn ResponseStage>)
}

/// Returns the bounds on a route's requests: that of the process, then that of the route.
fn limits(server: &Server, site: &Site, route: Option<&RoutePlan>, policy: &Policy) -> Vec<Limit> {
    let of_process = server.limits.requests_per_client.map(|rate| ("client", Scope::PROCESS, rate));
    let of_route = policy.requests_per_client.map(|rate| ("route", scope(site, route), rate));
    of_process.into_iter().chain(of_route).map(|(name, scope, rate)| Limit { name, scope, rate }).collect()
}

/// Returns what a route's counts are known by: the same after a reload, so that a reload resets none.
pub(crate) fn scope(site: &Site, route: Option<&RoutePlan>) -> Scope {
    let mut hasher = DefaultHasher::new();
    (&site.hosts, route.map(|route| &route.path)).hash(&mut hasher);
    // 0 is the process's.
    Scope(hasher.finish() | 1)
}

/// Every refusal there is, sorted by id.
pub static REFUSALS: &[&RefusalKind] = &[
    &framing::AMBIGUOUS_LENGTH,
    &host::AMBIGUOUS_PATH,
    &framing::BODY_TIMEOUT,
    &size::BODY_TOO_LARGE,
    &failure::CLIENT_LEFT,
    &failure::CREDENTIALS_UNAVAILABLE,
    &cross_origin::CROSS_ORIGIN_REQUEST,
    &response::DEBUG_PAGE,
    &deny::DENIED_PATH,
    &response::DIRECTORY_LISTING,
    &resource_isolation::FOREIGN_LOAD,
    &framing::HEAD_TOO_LARGE,
    &framing::HEADER_TIMEOUT,
    &framing::HOST_DISAGREES,
    &framing::MALFORMED_CHUNKS,
    &framing::MALFORMED_HEAD,
    &framing::MALFORMED_HOST,
    &framing::MALFORMED_TARGET,
    &framing::MALFORMED_TRAILERS,
    &method::METHOD_NOT_ALLOWED,
    &host::MISDIRECTED,
    &rate_limit::RATE_LIMITED,
    &framing::REPEATED_FIELD,
    &framing::REQUEST_LINE_TOO_LONG,
    &failure::ROUTE_BUSY,
    &framing::TOO_MANY_FIELDS,
    &framing::TUNNEL_REFUSED,
    &framing::UNKNOWN_EXPECTATION,
    &host::UNKNOWN_HOST,
    &host::UNKNOWN_HOST_DROPPED,
    &framing::UNSUPPORTED_VERSION,
    &failure::UPSTREAM_CLOSED,
    &response::UPSTREAM_ERROR,
    &failure::UPSTREAM_INVALID,
    &failure::UPSTREAM_TIMEOUT,
    &failure::UPSTREAM_UNREACHABLE,
    &waf::WAF_REFUSED,
    &waf::WAF_WITHHELD,
    &uploads::WRONG_UPLOAD_HOST,
];

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use super::*;

    #[test]
    fn refusals_are_sorted_unique_and_well_named() {
        let ids: Vec<_> = REFUSALS.iter().map(|kind| kind.about.id).collect();
        assert!(ids.is_sorted_by(|one, next| one < next), "{ids:?}");
        for kind in REFUSALS {
            let about = &kind.about;
            let id = about.id;
            assert!(id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-'), "{id}");
            assert!(!id.starts_with('-') && !id.ends_with('-') && !id.contains("--"), "{id}");
            assert!(!about.title.is_empty() && !about.title.ends_with('.'), "{id}");
            assert!(about.why.len() > 80 && about.why.ends_with('.'), "{id}");
            assert!(!about.fix.is_empty() && !about.references.is_empty(), "{id}");
            assert!(kind.status.is_client_error() || kind.status.is_server_error(), "{id}");
        }
    }

    #[test]
    fn every_refusal_in_the_sources_is_in_the_list() {
        let mut declared: Vec<String> = Vec::new();
        let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path: PathBuf = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|ending| ending == "rs") {
                    let text = std::fs::read_to_string(&path).unwrap();
                    let kinds = text.split(": RefusalKind = RefusalKind {").skip(1);
                    let ids = kinds.filter_map(|kind| kind.split("id: \"").nth(1)?.split('"').next());
                    declared.extend(ids.map(str::to_owned));
                }
            }
        }
        declared.sort();
        // The text above, in which this test looks for itself, declares none.
        declared.retain(|id| !id.contains(' '));
        assert_eq!(declared, REFUSALS.iter().map(|kind| kind.about.id.to_owned()).collect::<Vec<_>>());
    }

    #[test]
    fn the_client_is_known_first_and_the_app_told_last() {
        let names: Vec<_> = request_stages(&Server::default(), &Site::default(), None, &Shared::new(1))
            .iter()
            .map(|stage| stage.name())
            .collect();
        assert_eq!((names.first(), names.last()), (Some(&"client-address"), Some(&"identity")));
        let mut unique = names.clone();
        unique.sort_unstable();
        unique.dedup();
        assert_eq!(unique.len(), names.len());
    }
}
