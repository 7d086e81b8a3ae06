//! Referrer-Policy, in the header and in the markup.

use crate::observatory::javascript::trim;
use crate::observatory::{Answer, Retrieval, Verdict};

static INVALID: Verdict = Verdict::fail("referrer-policy-header-invalid", -5);
static NOT_IMPLEMENTED: Verdict = Verdict::pass("referrer-policy-not-implemented", 0);
static PRIVATE: Verdict = Verdict::pass("referrer-policy-private", 5);
static UNSAFE: Verdict = Verdict::fail("referrer-policy-unsafe", -5);

pub(super) static ALL: &[&Verdict] = &[&PRIVATE, &NOT_IMPLEMENTED, &UNSAFE, &INVALID];

const GOOD: &[&str] = &["no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"];
const BAD: &[&str] = &["origin", "origin-when-cross-origin", "unsafe-url", "no-referrer-when-downgrade"];

pub(super) fn judge(seen: &Retrieval, graded: &Answer) -> &'static Verdict {
    let header = graded.field("referrer-policy");
    let values: Vec<_> = header.as_deref().into_iter().chain(seen.markup.referrer.as_deref()).collect();
    if values.is_empty() {
        return &NOT_IMPLEMENTED;
    }
    let words = values.iter().flat_map(|value| value.split(',')).map(|word| trim(word).to_lowercase());
    let mut verdict = words.filter_map(|word| match word.as_str() {
        word if GOOD.contains(&word) => Some(&PRIVATE),
        word if BAD.contains(&word) => Some(&UNSAFE),
        _ => None,
    });
    verdict.next_back().unwrap_or(&INVALID)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observatory::Markup;

    #[test]
    fn the_last_known_word_counts() {
        for (header, meta, verdict) in [
            (None, None, &NOT_IMPLEMENTED),
            (Some("no-referrer"), None, &PRIVATE),
            (Some("no-referrer, unsafe-url"), None, &UNSAFE),
            (Some("unsafe-url, bogus"), None, &UNSAFE),
            (Some(""), None, &INVALID),
            (Some("unsafe-url"), Some("Same-Origin "), &PRIVATE),
        ] {
            let line = |value: &str| ("referrer-policy".to_owned(), value.to_owned());
            let graded = Answer { lines: header.map(line).into_iter().collect(), ..Answer::default() };
            let markup = Markup { referrer: meta.map(str::to_owned), ..Markup::default() };
            let seen = Retrieval { markup, ..Retrieval::default() };
            assert_eq!(judge(&seen, &graded), verdict, "{header:?} {meta:?}");
        }
    }
}
