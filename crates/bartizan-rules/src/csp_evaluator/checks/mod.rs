//! The checks: one file each, and the two tables in the order in which they are made.

pub(super) mod allowlist;
pub(super) mod allowlist_fallback;
pub(super) mod deprecated;
pub(super) mod http;
pub(super) mod ip;
pub(super) mod keyword;
pub(super) mod missing;
pub(super) mod nonce;
pub(super) mod object;
pub(super) mod scheme;
pub(super) mod semicolon;
pub(super) mod strict_dynamic;
pub(super) mod trusted_types;
pub(super) mod unknown;
pub(super) mod unsafe_eval;
pub(super) mod unsafe_inline;
pub(super) mod unsafe_inline_fallback;
pub(super) mod wildcard;

use super::finding::Finding;
use super::policy::Policy;

/// Says what is to be said of a policy.
pub(super) type Check = fn(&Policy, &mut Vec<Finding>);

/// The checks that are always made, on what a browser makes of the policy.
pub(super) static DEFAULT: &[Check] = &[
    unsafe_inline::check,
    unsafe_eval::check,
    scheme::check,
    wildcard::check,
    missing::check,
    allowlist::check,
    object::check,
    ip::check,
    nonce::check,
    http::check,
    deprecated::check,
    unknown::check,
    semicolon::check,
    keyword::check,
];

/// The checks for a strict policy, on what was written.
pub(super) static STRICT: &[Check] = &[
    strict_dynamic::missing,
    strict_dynamic::standalone,
    unsafe_inline_fallback::check,
    allowlist_fallback::check,
    trusted_types::check,
];
