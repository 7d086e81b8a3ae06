//! Faults in nginx configurations.

use crate::rule::Rule;

pub mod add_header_content_type;
pub mod add_header_drops;
pub mod alias_traversal;
pub mod allow_without_deny;
pub mod default_server;
pub mod ecdh_curve_pq_openssl;
pub mod error_log_off;
pub mod header_multiline;
pub mod host_spoofing;
pub mod http2_misdirected;
pub mod http_splitting;
pub mod if_is_evil;
pub mod invalid_capture;
pub mod low_keepalive_requests;
pub mod map_no_default;
pub mod mixed_case_variable;
pub mod origin_regex;
pub mod overlapping_captures;
pub mod proxy_buffering;
pub mod proxy_pass_path;
pub mod proxy_set_header_drops;
pub mod quic_bpf_reuseport;
pub mod redos;
pub mod regex_exact_match;
pub mod resolver_external;
pub mod return_bypasses_access;
pub mod root_is_slash;
pub mod stale_dns;
pub mod stapling_letsencrypt;
pub mod stapling_resolver;
pub mod try_files_uncached;
pub mod unanchored_regex;
pub mod unnamed_captures;
pub mod valid_referers;
pub mod worker_processes_missing;
pub mod worker_rlimit_low;

mod address;
mod decoded;
mod dns;
mod origins;
mod stapling;

/// The rules of this topic, by id.
pub(crate) static RULES: &[&Rule] = &[
    &add_header_content_type::RULE,
    &add_header_drops::RULE,
    &alias_traversal::RULE,
    &allow_without_deny::RULE,
    &default_server::RULE,
    &ecdh_curve_pq_openssl::RULE,
    &error_log_off::RULE,
    &header_multiline::RULE,
    &host_spoofing::RULE,
    &http_splitting::RULE,
    &http2_misdirected::RULE,
    &if_is_evil::RULE,
    &invalid_capture::RULE,
    &low_keepalive_requests::RULE,
    &map_no_default::RULE,
    &mixed_case_variable::RULE,
    &origin_regex::RULE,
    &overlapping_captures::RULE,
    &proxy_buffering::RULE,
    &proxy_pass_path::RULE,
    &proxy_set_header_drops::RULE,
    &quic_bpf_reuseport::RULE,
    &redos::RULE,
    &regex_exact_match::RULE,
    &resolver_external::RULE,
    &return_bypasses_access::RULE,
    &root_is_slash::RULE,
    &stale_dns::RULE,
    &stapling_letsencrypt::RULE,
    &stapling_resolver::RULE,
    &try_files_uncached::RULE,
    &unanchored_regex::RULE,
    &unnamed_captures::RULE,
    &valid_referers::RULE,
    &worker_processes_missing::RULE,
    &worker_rlimit_low::RULE,
];
