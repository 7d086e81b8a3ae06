//! Faults in how a site insists on HTTPS.

use bartizan_headers::Field;
use bartizan_headers::csp::{DirectiveName, PolicyList};

use crate::facts::{Facts, Page};
use crate::rule::Rule;

mod fixes;

pub mod address_families_differ;
pub mod form_action_insecure;
pub mod hsts_malformed;
pub mod hsts_max_age_short;
pub mod hsts_missing;
pub mod hsts_on_plain_http;
pub mod hsts_on_redirect_missing;
pub mod hsts_preload_not_ready;
pub mod hsts_subdomains_missing;
pub mod http_not_redirected;
pub mod https_downgraded;
pub mod https_redirect_temporary;
pub mod mixed_content_active;
pub mod mixed_content_passive;
pub mod password_on_plain_http;
pub mod redirect_off_host_first;
pub mod redirect_to_http_first;
pub mod sister_host_insecure;

/// The rules of this topic, by id.
pub(crate) static RULES: &[&Rule] = &[
    &address_families_differ::RULE,
    &form_action_insecure::RULE,
    &hsts_malformed::RULE,
    &hsts_max_age_short::RULE,
    &hsts_missing::RULE,
    &hsts_on_plain_http::RULE,
    &hsts_on_redirect_missing::RULE,
    &hsts_preload_not_ready::RULE,
    &hsts_subdomains_missing::RULE,
    &http_not_redirected::RULE,
    &https_downgraded::RULE,
    &https_redirect_temporary::RULE,
    &mixed_content_active::RULE,
    &mixed_content_passive::RULE,
    &password_on_plain_http::RULE,
    &redirect_off_host_first::RULE,
    &redirect_to_http_first::RULE,
    &sister_host_insecure::RULE,
];

/// Whether a policy makes browsers load everything over HTTPS, whatever the page says.
fn is_upgraded(facts: &Facts, page: &Page) -> bool {
    let says = |policies: Option<PolicyList>| {
        policies.is_some_and(|policies| policies.is_said(&DirectiveName::UpgradeInsecureRequests))
    };
    let mut headers = facts.responses().filter(|seen| *seen.value.url() == page.url);
    let mut metas = page.meta_headers("content-security-policy").filter(|meta| meta.is_in_head);
    headers.any(|seen| says(seen.value.field().value))
        || metas.any(|meta| says(PolicyList::parse(&[&meta.content]).value))
}
