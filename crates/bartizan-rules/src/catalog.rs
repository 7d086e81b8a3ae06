//! The one table of rules.

use crate::rule::Rule;
use crate::{caching, content, cookies, cross_origin, csp, framing, leaks, obsolete, reporting, transport};

/// Returns the rule of an id.
pub fn find(id: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.about.id == id)
}

/// All rules by topic, and within a topic by id.
pub static RULES: &[&Rule] = &[
    // Faults in how a site insists on HTTPS.
    &transport::hsts_max_age_short::RULE,
    &transport::hsts_missing::RULE,
    // Faults in what a page may load and run.
    &csp::csp_base_uri_missing::RULE,
    &csp::csp_missing::RULE,
    &csp::csp_object_src_missing::RULE,
    &csp::csp_script_unsafe_inline::RULE,
    // Faults in cookies.
    &cookies::cookie_not_secure::RULE,
    &cookies::cookie_prefix_broken::RULE,
    &cookies::same_site_none_not_secure::RULE,
    &cookies::session_cookie_not_http_only::RULE,
    &cookies::session_cookie_without_prefix::RULE,
    &cookies::session_cookie_without_same_site::RULE,
    // Faults in who may show a page in a frame.
    &framing::framing_unrestricted::RULE,
    // Faults in what other origins may do with a site.
    &cross_origin::coop_missing::RULE,
    &cross_origin::corp_missing::RULE,
    &cross_origin::cross_domain_policies_missing::RULE,
    &cross_origin::origin_agent_cluster_missing::RULE,
    &cross_origin::permissions_policy_missing::RULE,
    // Faults in how content is labelled.
    &content::nosniff_missing::RULE,
    // Faults in what a site tells of itself and its visitors.
    &leaks::generator_disclosed::RULE,
    &leaks::powered_by_disclosed::RULE,
    &leaks::referrer_policy_missing::RULE,
    &leaks::referrer_policy_unsafe::RULE,
    &leaks::server_version_disclosed::RULE,
    &leaks::via_disclosed::RULE,
    // Faults in who may keep a response.
    &caching::private_answer_cacheable::RULE,
    // Faults in where reports go.
    &reporting::report_to_unknown::RULE,
    // Headers that once helped and no longer do.
    &obsolete::expect_ct_obsolete::RULE,
    &obsolete::hpkp_obsolete::RULE,
    &obsolete::xss_filter_on::RULE,
];
