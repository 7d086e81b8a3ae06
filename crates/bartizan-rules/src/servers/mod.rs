//! Faults in how a web server is configured, whichever it is.

use crate::rule::Rule;

mod fixes;

pub mod body_size_unlimited;
pub mod client_timeout_long;
pub mod cors_reflected;
pub mod cors_wildcard_credentials;
pub mod csp_bad_quotes;
pub mod directory_listing;
pub mod feature_policy_obsolete;
pub mod frame_options_invalid;
pub mod header_disclosure;
pub mod header_duplicate;
pub mod header_not_always;
pub mod hsts_invalid;
pub mod hsts_preload_ineligible;
pub mod http_no_redirect;
pub mod keepalive_timeout_long;
pub mod no_tls;
pub mod nosniff_invalid;
pub mod redirect_host;
pub mod server_tokens;
pub mod ssrf;
pub mod status_exposed;
pub mod tls_ciphers_broad;
pub mod tls_ciphers_cbc;
pub mod tls_ciphers_implicit;
pub mod tls_ciphers_no_pfs;
pub mod tls_ciphers_weak;
pub mod tls_protocols_implicit;
pub mod tls_protocols_old;
pub mod tls_session_tickets;
pub mod user_root;

mod ciphers;
mod tls;

/// The rules of this topic, by id.
pub(crate) static RULES: &[&Rule] = &[
    &body_size_unlimited::RULE,
    &client_timeout_long::RULE,
    &cors_reflected::RULE,
    &cors_wildcard_credentials::RULE,
    &csp_bad_quotes::RULE,
    &directory_listing::RULE,
    &feature_policy_obsolete::RULE,
    &frame_options_invalid::RULE,
    &header_disclosure::RULE,
    &header_duplicate::RULE,
    &header_not_always::RULE,
    &hsts_invalid::RULE,
    &hsts_preload_ineligible::RULE,
    &http_no_redirect::RULE,
    &keepalive_timeout_long::RULE,
    &no_tls::RULE,
    &nosniff_invalid::RULE,
    &redirect_host::RULE,
    &server_tokens::RULE,
    &ssrf::RULE,
    &status_exposed::RULE,
    &tls_ciphers_broad::RULE,
    &tls_ciphers_cbc::RULE,
    &tls_ciphers_implicit::RULE,
    &tls_ciphers_no_pfs::RULE,
    &tls_ciphers_weak::RULE,
    &tls_protocols_implicit::RULE,
    &tls_protocols_old::RULE,
    &tls_session_tickets::RULE,
    &user_root::RULE,
];
