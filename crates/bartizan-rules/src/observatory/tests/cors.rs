//! Cross-origin resource sharing, by the answer to a preflight.

use crate::observatory::javascript::{prefix, trim};
use crate::observatory::retrieval::joined;
use crate::observatory::{Retrieval, Verdict};

static NOT_IMPLEMENTED: Verdict = Verdict::pass("cross-origin-resource-sharing-not-implemented", 0);
static PUBLIC: Verdict = Verdict::pass("cross-origin-resource-sharing-implemented-with-public-access", 0);
static RESTRICTED: Verdict = Verdict::pass("cross-origin-resource-sharing-implemented-with-restricted-access", 0);
/// The peer never says so in a live scan: it looks for the origin sent where its library does not keep it.
static UNIVERSAL: Verdict = Verdict::fail("cross-origin-resource-sharing-implemented-with-universal-access", -50);

pub(super) static ALL: &[&Verdict] = &[&NOT_IMPLEMENTED, &PUBLIC, &RESTRICTED, &UNIVERSAL];

pub(super) fn judge(seen: &Retrieval) -> &'static Verdict {
    let allowed = seen.preflight.as_ref().and_then(|lines| joined(lines, "access-control-allow-origin"));
    match allowed.filter(|value| !value.is_empty()) {
        None => &NOT_IMPLEMENTED,
        Some(value) if trim(prefix(&value, 256)) == "*" => &PUBLIC,
        Some(_) => &RESTRICTED,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_value_decides() {
        for (value, verdict) in [
            (None, &NOT_IMPLEMENTED),
            (Some(""), &NOT_IMPLEMENTED),
            (Some("*"), &PUBLIC),
            (Some("null"), &RESTRICTED),
            (Some("https://http-observatory.security.mozilla.org"), &RESTRICTED),
        ] {
            let line = |value: &str| ("access-control-allow-origin".to_owned(), value.to_owned());
            let seen = Retrieval { preflight: Some(value.map(line).into_iter().collect()), ..Retrieval::default() };
            assert_eq!(judge(&seen), verdict, "{value:?}");
        }
    }
}
