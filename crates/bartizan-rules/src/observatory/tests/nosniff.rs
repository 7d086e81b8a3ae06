//! X-Content-Type-Options.

use crate::observatory::javascript::{prefix, trim};
use crate::observatory::{Answer, Verdict};

static INVALID: Verdict = Verdict::fail("x-content-type-options-header-invalid", -5);
static NOSNIFF: Verdict = Verdict::pass("x-content-type-options-nosniff", 0);
static NOT_IMPLEMENTED: Verdict = Verdict::fail("x-content-type-options-not-implemented", -5);

pub(super) static ALL: &[&Verdict] = &[&NOSNIFF, &NOT_IMPLEMENTED, &INVALID];

pub(super) fn judge(graded: &Answer) -> &'static Verdict {
    match graded.field("x-content-type-options").filter(|value| !value.is_empty()) {
        None => &NOT_IMPLEMENTED,
        Some(value) if trim(prefix(&value, 256)).eq_ignore_ascii_case("nosniff") => &NOSNIFF,
        Some(_) => &INVALID,
    }
}
