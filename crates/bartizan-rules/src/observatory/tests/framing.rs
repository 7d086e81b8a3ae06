//! X-Frame-Options, or what a policy says in its place.

use crate::observatory::javascript::{prefix, trim};
use crate::observatory::{Algorithm, Answer, Verdict};

static ALLOW_FROM: Verdict = Verdict::pass("x-frame-options-allow-from-origin", 0);
static BY_CSP: Verdict = Verdict::pass("x-frame-options-implemented-via-csp", 5);
static INVALID: Verdict = Verdict::fail("x-frame-options-header-invalid", -20);
static NOT_IMPLEMENTED: Verdict = Verdict::fail("x-frame-options-not-implemented", -20);
static RESTRICTED: Verdict = Verdict::pass("x-frame-options-sameorigin-or-deny", 5);
static RESTRICTED_V4: Verdict = Verdict::pass("x-frame-options-sameorigin-or-deny", 0);

pub(super) static ALL: &[&Verdict] = &[&BY_CSP, &RESTRICTED, &ALLOW_FROM, &NOT_IMPLEMENTED, &INVALID];

pub(super) fn judge(graded: &Answer, is_in_policy: bool, algorithm: Algorithm) -> &'static Verdict {
    if is_in_policy {
        return &BY_CSP;
    }
    let value = graded.field("x-frame-options").filter(|value| !value.is_empty());
    let Some(value) = value else { return &NOT_IMPLEMENTED };
    match trim(prefix(&value, 1024)).to_lowercase().as_str() {
        "deny" | "sameorigin" if algorithm == Algorithm::V4 => &RESTRICTED_V4,
        "deny" | "sameorigin" => &RESTRICTED,
        value if value.starts_with("allow-from") => &ALLOW_FROM,
        _ => &INVALID,
    }
}
