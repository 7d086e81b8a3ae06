//! Faults in where reports go.

use crate::facts::Response;
use crate::rule::Rule;

mod fixes;

pub mod report_endpoint_insecure;
pub mod report_to_unknown;
pub mod security_txt_malformed;
pub mod security_txt_missing;

/// The rules of this topic, by id.
pub(crate) static RULES: &[&Rule] = &[
    &report_endpoint_insecure::RULE,
    &report_to_unknown::RULE,
    &security_txt_malformed::RULE,
    &security_txt_missing::RULE,
];

/// Whether an answer is such a file, and not a page that says 200 to everything.
fn is_security_txt(response: &Response) -> bool {
    let is_text = !response.body().unwrap_or_default().trim_start().starts_with('<');
    response.status().is_success() && is_text && !response.is_document()
}
