//! Faults in Django settings, judged as Django's own checks judge them, and further.

use crate::rule::Rule;

pub mod allowed_hosts_any;
pub mod allowed_hosts_empty;
pub mod csp_setting_excludes_all;
pub mod csp_setting_nonce_unused;
pub mod csp_setting_not_a_dict;
pub mod csp_setting_unsafe_inline;
pub mod csp_settings_outdated;
pub mod csrf_cookie_setting_insecure;
pub mod csrf_failure_view_broken;
pub mod csrf_middleware_missing;
pub mod csrf_trusted_origin_wrong;
pub mod debug_setting_on;
pub mod debug_setting_text;
pub mod frame_middleware_missing;
pub mod frame_setting_weak;
pub mod hsts_setting_off;
pub mod hsts_setting_preload_off;
pub mod hsts_setting_subdomains_left_out;
mod look;
pub mod nosniff_setting_off;
pub mod opener_policy_setting_unknown;
pub mod proxy_header_trusted;
pub mod referrer_policy_setting_missing;
pub mod referrer_policy_setting_unknown;
pub mod secret_key_fallback_weak;
pub mod secret_key_weak;
pub mod security_middleware_late;
pub mod security_middleware_missing;
mod session_cookie;
pub mod session_cookie_setting_insecure;
pub mod session_cookie_setting_readable;
pub mod session_cookie_setting_same_site_none;
pub mod settings_stop;
pub mod ssl_redirect_setting_off;
mod stops;
mod weigh;
pub mod xss_filter_setting_obsolete;

/// The rules of this topic, by id.
pub(crate) static RULES: &[&Rule] = &[
    &allowed_hosts_any::RULE,
    &allowed_hosts_empty::RULE,
    &csp_setting_excludes_all::RULE,
    &csp_setting_nonce_unused::RULE,
    &csp_setting_not_a_dict::RULE,
    &csp_setting_unsafe_inline::RULE,
    &csp_settings_outdated::RULE,
    &csrf_cookie_setting_insecure::RULE,
    &csrf_failure_view_broken::RULE,
    &csrf_middleware_missing::RULE,
    &csrf_trusted_origin_wrong::RULE,
    &debug_setting_on::RULE,
    &debug_setting_text::RULE,
    &frame_middleware_missing::RULE,
    &frame_setting_weak::RULE,
    &hsts_setting_off::RULE,
    &hsts_setting_preload_off::RULE,
    &hsts_setting_subdomains_left_out::RULE,
    &nosniff_setting_off::RULE,
    &opener_policy_setting_unknown::RULE,
    &proxy_header_trusted::RULE,
    &referrer_policy_setting_missing::RULE,
    &referrer_policy_setting_unknown::RULE,
    &secret_key_fallback_weak::RULE,
    &secret_key_weak::RULE,
    &security_middleware_late::RULE,
    &security_middleware_missing::RULE,
    &session_cookie_setting_insecure::RULE,
    &session_cookie_setting_readable::RULE,
    &session_cookie_setting_same_site_none::RULE,
    &settings_stop::RULE,
    &ssl_redirect_setting_off::RULE,
    &xss_filter_setting_obsolete::RULE,
];
