//! Faults in cookies.

use crate::rule::Rule;

pub mod cookie_not_secure;
pub mod cookie_on_plain_http;
pub mod cookie_partitioned_not_secure;
pub mod cookie_prefix_broken;
pub mod same_site_none_not_secure;
pub mod session_cookie_domain_wide;
pub mod session_cookie_long_lived;
pub mod session_cookie_not_http_only;
pub mod session_cookie_without_prefix;
pub mod session_cookie_without_same_site;

/// The rules of this topic, by id.
pub(crate) static RULES: &[&Rule] = &[
    &cookie_not_secure::RULE,
    &cookie_on_plain_http::RULE,
    &cookie_partitioned_not_secure::RULE,
    &cookie_prefix_broken::RULE,
    &same_site_none_not_secure::RULE,
    &session_cookie_domain_wide::RULE,
    &session_cookie_long_lived::RULE,
    &session_cookie_not_http_only::RULE,
    &session_cookie_without_prefix::RULE,
    &session_cookie_without_same_site::RULE,
];
