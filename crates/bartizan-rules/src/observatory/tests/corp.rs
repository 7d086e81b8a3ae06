//! Cross-Origin-Resource-Policy.

use crate::observatory::javascript::{prefix, trim};
use crate::observatory::{Answer, Verdict};

static CROSS_ORIGIN: Verdict = Verdict::pass("corp-implemented-with-cross-origin", 0);
static INVALID: Verdict = Verdict::fail("corp-header-invalid", -5);
static NOT_IMPLEMENTED: Verdict = Verdict::pass("corp-not-implemented", 0);
static SAME_ORIGIN: Verdict = Verdict::pass("corp-implemented-with-same-origin", 10);
static SAME_SITE: Verdict = Verdict::pass("corp-implemented-with-same-site", 10);

pub(super) static ALL: &[&Verdict] = &[&SAME_ORIGIN, &SAME_SITE, &CROSS_ORIGIN, &NOT_IMPLEMENTED, &INVALID];

pub(super) fn judge(graded: &Answer) -> &'static Verdict {
    let value = graded.field("cross-origin-resource-policy").unwrap_or_default();
    match trim(prefix(&value, 256)).to_lowercase().as_str() {
        "" => &NOT_IMPLEMENTED,
        "same-site" => &SAME_SITE,
        "same-origin" => &SAME_ORIGIN,
        "cross-origin" => &CROSS_ORIGIN,
        _ => &INVALID,
    }
}
