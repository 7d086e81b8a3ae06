//! Faults in the configuration of apps that are not libraries: OpenKAT's variables, Akkoma's and Pleroma's Elixir.

use crate::rule::Rule;

pub mod app_configured_from_database;
pub mod app_cookie_flag_off;
pub mod app_database_plain;
pub mod app_debug_on;
pub mod app_expect_ct_obsolete;
pub mod app_hosts_any;
pub mod app_hsts_off;
pub mod app_list_separator;
pub mod app_listens_everywhere;
pub mod app_login_fallback_on;
pub mod app_password_short;
pub mod app_policy_header_off;
pub mod app_preview_hosts;
pub mod app_referrer_policy_weak;
pub mod app_registrations_unchecked;
pub mod app_security_headers_off;
pub mod app_session_long;
pub mod app_trusted_origin_wrong;
pub mod app_two_factor_off;
pub mod app_uploads_on_same_host;

/// The rules of this topic, by id.
pub(crate) static RULES: &[&Rule] = &[
    &app_configured_from_database::RULE,
    &app_cookie_flag_off::RULE,
    &app_database_plain::RULE,
    &app_debug_on::RULE,
    &app_expect_ct_obsolete::RULE,
    &app_hosts_any::RULE,
    &app_hsts_off::RULE,
    &app_list_separator::RULE,
    &app_listens_everywhere::RULE,
    &app_login_fallback_on::RULE,
    &app_password_short::RULE,
    &app_policy_header_off::RULE,
    &app_preview_hosts::RULE,
    &app_referrer_policy_weak::RULE,
    &app_registrations_unchecked::RULE,
    &app_security_headers_off::RULE,
    &app_session_long::RULE,
    &app_trusted_origin_wrong::RULE,
    &app_two_factor_off::RULE,
    &app_uploads_on_same_host::RULE,
];
