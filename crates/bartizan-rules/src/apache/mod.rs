//! Faults in Apache configurations.

use crate::rule::Rule;

pub mod access_compat;
pub mod alias_slash;
pub mod allow_override;
pub mod auth_digest;
pub mod dav_open;
pub mod directive_not_in_htaccess;
pub mod file_etag_inode;
pub mod htaccess_exposed;
pub mod http_protocol_unsafe;
pub mod limit_request_fields;
pub mod limit_request_line;
pub mod log_level_high;
pub mod open_proxy;
pub mod options_all;
pub mod options_execcgi;
pub mod options_includes;
pub mod options_mixed_signs;
pub mod php_display_errors;
pub mod php_handler_upload;
pub mod proxy_forwarded_proto;
pub mod proxy_via;
pub mod request_read_timeout;
pub mod root_directory_access;
pub mod satisfy_any;
pub mod server_info_exposed;
pub mod server_signature;
pub mod ssl_compression;
pub mod ssl_insecure_renegotiation;
pub mod stapling_cache_missing;
pub mod trace_enabled;
pub mod user_directories;
pub mod user_missing;

pub(crate) mod options;
pub(crate) mod quantity;

/// The rules of this topic, by id.
pub(crate) static RULES: &[&Rule] = &[
    &access_compat::RULE,
    &alias_slash::RULE,
    &allow_override::RULE,
    &auth_digest::RULE,
    &dav_open::RULE,
    &directive_not_in_htaccess::RULE,
    &file_etag_inode::RULE,
    &htaccess_exposed::RULE,
    &http_protocol_unsafe::RULE,
    &limit_request_fields::RULE,
    &limit_request_line::RULE,
    &log_level_high::RULE,
    &open_proxy::RULE,
    &options_all::RULE,
    &options_execcgi::RULE,
    &options_includes::RULE,
    &options_mixed_signs::RULE,
    &php_display_errors::RULE,
    &php_handler_upload::RULE,
    &proxy_forwarded_proto::RULE,
    &proxy_via::RULE,
    &request_read_timeout::RULE,
    &root_directory_access::RULE,
    &satisfy_any::RULE,
    &server_info_exposed::RULE,
    &server_signature::RULE,
    &ssl_compression::RULE,
    &ssl_insecure_renegotiation::RULE,
    &stapling_cache_missing::RULE,
    &trace_enabled::RULE,
    &user_directories::RULE,
    &user_missing::RULE,
];
