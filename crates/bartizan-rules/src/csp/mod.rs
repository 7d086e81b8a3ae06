//! Faults in what a page may load and run.

use bartizan_headers::csp::{DirectiveName, Policy, PolicyList, Source};

use crate::rule::Rule;

mod fixes;

pub mod csp_allowlist_bypass;
pub mod csp_base_uri_missing;
pub mod csp_directive_gone;
pub mod csp_form_action_missing;
pub mod csp_hash_unmatched;
pub mod csp_insecure_source;
pub mod csp_legacy_header;
pub mod csp_meta_ignored_directive;
pub mod csp_meta_late;
pub mod csp_missing;
pub mod csp_nonce_mismatch;
pub mod csp_nonce_reused;
pub mod csp_nonce_short;
pub mod csp_none_with_others;
pub mod csp_object_src_missing;
pub mod csp_script_attr_unsafe_inline;
pub mod csp_script_unsafe_eval;
pub mod csp_script_unsafe_inline;
pub mod csp_script_wildcard;
pub mod csp_strict_dynamic_alone;
pub mod csp_style_unsafe_inline;
pub mod csp_syntax;
pub mod csp_trusted_types_missing;

/// The rules of this topic, by id.
pub(crate) static RULES: &[&Rule] = &[
    &csp_allowlist_bypass::RULE,
    &csp_base_uri_missing::RULE,
    &csp_directive_gone::RULE,
    &csp_form_action_missing::RULE,
    &csp_hash_unmatched::RULE,
    &csp_insecure_source::RULE,
    &csp_legacy_header::RULE,
    &csp_meta_ignored_directive::RULE,
    &csp_meta_late::RULE,
    &csp_missing::RULE,
    &csp_nonce_mismatch::RULE,
    &csp_nonce_reused::RULE,
    &csp_nonce_short::RULE,
    &csp_none_with_others::RULE,
    &csp_object_src_missing::RULE,
    &csp_script_attr_unsafe_inline::RULE,
    &csp_script_unsafe_eval::RULE,
    &csp_script_unsafe_inline::RULE,
    &csp_script_wildcard::RULE,
    &csp_strict_dynamic_alone::RULE,
    &csp_style_unsafe_inline::RULE,
    &csp_syntax::RULE,
    &csp_trusted_types_missing::RULE,
];

/// Returns directive and source where every policy that speaks for a directive has a weak source; the first is told.
///
/// Policies are enforced together: one that is strong is enough.
fn weak_in_all(
    policies: &PolicyList,
    name: &DirectiveName,
    weak: impl Fn(&[Source]) -> Option<Source>,
) -> Option<String> {
    let mut told = None;
    for directive in policies.policies.iter().filter_map(|policy| policy.effective(name)) {
        let source = weak(directive.value.sources())?;
        told.get_or_insert_with(|| format!("{} {source}", directive.name));
    }
    told
}

/// Returns the nonces of the policies, each once.
fn nonces(policies: &PolicyList) -> Vec<&str> {
    let mut nonces = Vec::new();
    for source in policies.policies.iter().flat_map(Policy::directives).flat_map(|one| one.value.sources()) {
        if let Source::Nonce(nonce) = source
            && !nonces.contains(&nonce.as_str())
        {
            nonces.push(nonce.as_str());
        }
    }
    nonces
}
