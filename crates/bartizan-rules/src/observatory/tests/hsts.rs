//! Strict-Transport-Security.

use crate::observatory::javascript::{parse_int, prefix, trim};
use crate::observatory::{PreloadList, Retrieval, Verdict};

static HEADER_INVALID: Verdict = Verdict::fail("hsts-header-invalid", -20);
static INVALID_CERT: Verdict = Verdict::fail("hsts-invalid-cert", -20);
static LONG: Verdict = Verdict::pass("hsts-implemented-max-age-at-least-six-months", 0);
static NOT_IMPLEMENTED: Verdict = Verdict::fail("hsts-not-implemented", -20);
static NO_HTTPS: Verdict = Verdict::fail("hsts-not-implemented-no-https", -20);
static PRELOADED: Verdict = Verdict::pass("hsts-preloaded", 5);
static SHORT: Verdict = Verdict::fail("hsts-implemented-max-age-less-than-six-months", -10);

pub(super) static ALL: &[&Verdict] =
    &[&PRELOADED, &LONG, &SHORT, &NOT_IMPLEMENTED, &HEADER_INVALID, &NO_HTTPS, &INVALID_CERT];

pub(super) fn judge(seen: &Retrieval, preloaded: &PreloadList) -> &'static Verdict {
    let Some(answer) = &seen.https else { return &NO_HTTPS };
    // Browsers would come by HTTPS whatever this answer says, so the list overrides it.
    if preloaded.covers(&seen.host) {
        return &PRELOADED;
    }
    if !answer.is_verified {
        return &INVALID_CERT;
    }
    answer.field("strict-transport-security").map_or(&NOT_IMPLEMENTED, |value| header(&value))
}

fn header(value: &str) -> &'static Verdict {
    let value = prefix(value, 1024);
    if value.contains(',') {
        return &HEADER_INVALID;
    }
    let words = value.split(';').map(|word| trim(word).to_lowercase());
    let mut ages = words.filter_map(|word| word.strip_prefix("max-age=").map(|age| parse_int(prefix(age, 120))));
    match ages.next_back() {
        None => &HEADER_INVALID,
        Some(age) if age < SIX_MONTHS => &SHORT,
        // No number at all is not less, in JavaScript.
        Some(_) => &LONG,
    }
}

/// Half a year, as the Observatory counts it.
const SIX_MONTHS: f64 = 15_552_000.0;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_as_numbers_of_javascript() {
        for (value, verdict) in [
            ("max-age=15552000", &LONG),
            ("max-age=15551999", &SHORT),
            ("max-age=", &LONG), // not a number, and so not less
            ("max-age=\"31536000\"", &LONG),
            ("max-age=-1", &SHORT),
            ("max-age = 31536000", &HEADER_INVALID),
            ("max-age=1; max-age=31536000", &LONG),
            ("max-age=31536000, max-age=31536000", &HEADER_INVALID),
            ("", &HEADER_INVALID),
        ] {
            assert_eq!(header(value), verdict, "{value}");
        }
    }
}
