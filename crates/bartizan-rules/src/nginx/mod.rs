//! Faults in nginx configurations.

use crate::rule::Rule;

pub mod access_log_off;
pub mod add_header_content_type;
pub mod add_header_drops;
pub mod alias_traversal;
pub mod allow_without_deny;
pub mod body_size_large;
pub mod breach_gzip;
pub mod default_server;
pub mod deprecated_listen_http2;
pub mod deprecated_ssl_on;
pub mod dhparam_missing;
pub mod early_data;
pub mod ecdh_curve_pq_openssl;
pub mod ecdh_curve_weak;
pub mod error_log_off;
pub mod error_page_missing;
pub mod header_multiline;
pub mod host_spoofing;
pub mod http2_misdirected;
pub mod http_splitting;
pub mod if_is_evil;
pub mod invalid_capture;
pub mod invalid_headers_passed;
pub mod low_keepalive_requests;
pub mod map_no_default;
pub mod merge_slashes_off;
pub mod mixed_case_variable;
pub mod origin_regex;
pub mod overlapping_captures;
pub mod proxy_buffering;
pub mod proxy_host_header;
pub mod proxy_intercept_errors;
pub mod proxy_pass_path;
pub mod proxy_set_header_drops;
pub mod proxy_ssl_protocols;
pub mod proxy_ssl_verify;
pub mod quic_bpf_reuseport;
pub mod redos;
pub mod regex_exact_match;
pub mod resolver_external;
pub mod return_bypasses_access;
pub mod root_is_slash;
pub mod root_sensitive;
pub mod server_cipher_preference;
pub mod session_cache_off;
pub mod session_timeout_long;
pub mod stale_dns;
pub mod stapling_letsencrypt;
pub mod stapling_resolver;
pub mod stapling_verify;
pub mod tls13_missing;
pub mod try_files_uncached;
pub mod unanchored_regex;
pub mod underscores_in_headers;
pub mod unnamed_captures;
pub mod valid_referers;
pub mod worker_processes_missing;
pub mod worker_rlimit_low;

mod address;
mod decoded;
mod dns;
mod field_name;
pub(crate) mod hsts;
mod origins;
mod proxied;
pub(crate) mod quantity;
mod stapling;
pub(crate) mod status;
pub(crate) mod target;

/// The rules of this topic, by id.
pub(crate) static RULES: &[&Rule] = &[
    &access_log_off::RULE,
    &add_header_content_type::RULE,
    &add_header_drops::RULE,
    &alias_traversal::RULE,
    &allow_without_deny::RULE,
    &body_size_large::RULE,
    &breach_gzip::RULE,
    &default_server::RULE,
    &deprecated_listen_http2::RULE,
    &deprecated_ssl_on::RULE,
    &dhparam_missing::RULE,
    &early_data::RULE,
    &ecdh_curve_pq_openssl::RULE,
    &ecdh_curve_weak::RULE,
    &error_log_off::RULE,
    &error_page_missing::RULE,
    &header_multiline::RULE,
    &host_spoofing::RULE,
    &http_splitting::RULE,
    &http2_misdirected::RULE,
    &if_is_evil::RULE,
    &invalid_capture::RULE,
    &invalid_headers_passed::RULE,
    &low_keepalive_requests::RULE,
    &map_no_default::RULE,
    &merge_slashes_off::RULE,
    &mixed_case_variable::RULE,
    &origin_regex::RULE,
    &overlapping_captures::RULE,
    &proxy_buffering::RULE,
    &proxy_host_header::RULE,
    &proxy_intercept_errors::RULE,
    &proxy_pass_path::RULE,
    &proxy_set_header_drops::RULE,
    &proxy_ssl_protocols::RULE,
    &proxy_ssl_verify::RULE,
    &quic_bpf_reuseport::RULE,
    &redos::RULE,
    &regex_exact_match::RULE,
    &resolver_external::RULE,
    &return_bypasses_access::RULE,
    &root_is_slash::RULE,
    &root_sensitive::RULE,
    &server_cipher_preference::RULE,
    &session_cache_off::RULE,
    &session_timeout_long::RULE,
    &stale_dns::RULE,
    &stapling_letsencrypt::RULE,
    &stapling_resolver::RULE,
    &stapling_verify::RULE,
    &tls13_missing::RULE,
    &try_files_uncached::RULE,
    &unanchored_regex::RULE,
    &underscores_in_headers::RULE,
    &unnamed_captures::RULE,
    &valid_referers::RULE,
    &worker_processes_missing::RULE,
    &worker_rlimit_low::RULE,
];
