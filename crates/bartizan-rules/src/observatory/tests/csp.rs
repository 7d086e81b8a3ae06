//! Content-Security-Policy, in headers and in the markup.

use super::csp_parse::Combined;
use crate::observatory::javascript::trim;
use crate::observatory::{Algorithm, Answer, Retrieval, Verdict};

static DUPLICATE: Verdict = Verdict::pass("csp-implemented-but-duplicate-directives", 0);
static INSECURE_PASSIVE: Verdict = Verdict::pass("csp-implemented-with-insecure-scheme-in-passive-content-only", -10);
static INSECURE_SCHEME: Verdict = Verdict::fail("csp-implemented-with-insecure-scheme", -20);
static INVALID: Verdict = Verdict::fail("csp-header-invalid", -25);
static NOT_IMPLEMENTED: Verdict = Verdict::fail("csp-not-implemented", -25);
static NO_UNSAFE: Verdict = Verdict::pass("csp-implemented-with-no-unsafe", 5);
static NO_UNSAFE_NONE: Verdict = Verdict::pass("csp-implemented-with-no-unsafe-default-src-none", 10);
static REPORT_ONLY: Verdict = Verdict::fail("csp-not-implemented-but-reporting-enabled", -25);
static UNSAFE_EVAL: Verdict = Verdict::fail("csp-implemented-with-unsafe-eval", -10);
static UNSAFE_INLINE: Verdict = Verdict::fail("csp-implemented-with-unsafe-inline", -20);
static UNSAFE_STYLE: Verdict = Verdict::pass("csp-implemented-with-unsafe-inline-in-style-src-only", 0);

pub(super) static ALL: &[&Verdict] = &[
    &NO_UNSAFE_NONE,
    &NO_UNSAFE,
    &UNSAFE_STYLE,
    &INSECURE_PASSIVE,
    &UNSAFE_EVAL,
    &UNSAFE_INLINE,
    &INSECURE_SCHEME,
    &INVALID,
    &NOT_IMPLEMENTED,
    &REPORT_ONLY,
    &DUPLICATE,
];

/// What the test found.
pub(super) struct Judged {
    pub(super) verdict: &'static Verdict,
    /// Whether a policy that could be read has `frame-ancestors`, wherever it stood.
    pub(super) restricts_framing: bool,
}

const BROAD: &[&str] = &["ftp:", "http:", "https:", "*", "http://*", "http://*.*", "https://*", "https://*.*"];
const INLINE: &[&str] = &["'unsafe-inline'", "data:"];
const NONCES_AND_HASHES: &[&str] = &["'sha256-", "'sha384-", "'sha512-", "'nonce-"];
const PASSIVE: &[&str] = &["img-src", "media-src"];
const NOT_IN_META: &[&str] = &["frame-ancestors", "report-uri", "sandbox"];

pub(super) fn judge(seen: &Retrieval, graded: &Answer, algorithm: Algorithm) -> Judged {
    let policies = |values: &[String]| match algorithm {
        Algorithm::V4 => values.to_vec(),
        Algorithm::V5 | Algorithm::V6 => {
            values.iter().flat_map(|value| value.split(',')).map(|policy| trim(policy).to_owned()).collect()
        }
    };
    let header: Vec<_> = graded.field("content-security-policy").into_iter().collect();
    let (header, meta) = (policies(&header), policies(&seen.markup.policies));
    let plain = |verdict| Judged { verdict, restricts_framing: false };

    let Ok(mut csp) = Combined::parse(&[header.clone(), meta.clone()].concat()) else { return plain(&INVALID) };
    let in_header = Combined::parse(&header).unwrap_or_default();
    let in_meta = Combined::parse(&meta).unwrap_or_default();
    if in_header.is_empty_without(&[]) && in_meta.is_empty_without(NOT_IN_META) {
        let report_only = graded.field("content-security-policy-report-only");
        return plain(if report_only.is_some_and(|value| !value.is_empty()) { &REPORT_ONLY } else { &NOT_IMPLEMENTED });
    }
    let verdict = sources(&mut csp, seen.is_secure());
    let verdict = if verdict.passes && csp.has_repeated_report { &DUPLICATE } else { verdict };
    Judged { verdict, restricts_framing: csp.first_of(&["frame-ancestors"]).is_some() }
}

/// Judges what the policies together allow; the first fault counts.
fn sources(csp: &mut Combined, is_secure: bool) -> &'static Verdict {
    // The peer's directives share the set of `default-src`, so that what is taken from one is taken from all.
    let script = csp.first_of(&["script-src", "default-src"]);
    let style = csp.first_of(&["style-src", "default-src"]);
    let object = csp.first_of(&["object-src", "default-src"]);
    for place in [script, style].into_iter().flatten() {
        if has_nonce_or_hash(csp.at(place)) {
            csp.remove(place, |source| source == "'unsafe-inline'");
        }
    }
    let is_strict = script.is_some_and(|place| csp.at(place).iter().any(|source| source == "'strict-dynamic'"));
    if let Some(place) = script.filter(|_| is_strict) {
        if !has_nonce_or_hash(csp.at(place)) {
            return &INVALID;
        }
        let is_ignored = |source: &str| {
            BROAD.iter().any(|broad| source.starts_with(broad)) || source == "'self'" || source == "'unsafe-inline'"
        };
        csp.remove(place, is_ignored);
    }

    let everything = ["*".to_owned()];
    let at = |place: Option<usize>| place.map_or(&everything[..], |place| csp.at(place));
    let (script, style, object) = (at(script), at(style), at(object));
    let is_broad = |source: &String| BROAD.contains(&source.as_str());
    let is_broad_or_inline = |source: &String| is_broad(source) || INLINE.contains(&source.as_str());
    if script.iter().any(is_broad_or_inline) || object.iter().any(is_broad) {
        return &UNSAFE_INLINE;
    }
    let is_insecure = |source: &String| source.starts_with("http:") || source.starts_with("ftp:");
    let active = csp.iter().filter(|(name, _)| !PASSIVE.contains(name) && *name != "script-src");
    if is_secure && active.flat_map(|(_, sources)| sources).chain(script).any(is_insecure) {
        return &INSECURE_SCHEME;
    }
    if script.iter().chain(style).any(|source| source == "'unsafe-eval'") {
        return &UNSAFE_EVAL;
    }
    let mut passive = PASSIVE.iter().filter_map(|name| csp.first_of(&[name, "default-src"]));
    if is_secure && passive.any(|place| csp.at(place).iter().any(is_insecure)) {
        return &INSECURE_PASSIVE;
    }
    if style.iter().any(is_broad_or_inline) {
        return &UNSAFE_STYLE;
    }
    match csp.first_of(&["default-src"]).map(|place| csp.at(place)) {
        Some([only]) if only == "'none'" => &NO_UNSAFE_NONE,
        _ => &NO_UNSAFE,
    }
}

fn has_nonce_or_hash(sources: &[String]) -> bool {
    sources.iter().any(|source| NONCES_AND_HASHES.iter().any(|start| source.starts_with(start)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(policy: &str, algorithm: Algorithm, verdict: &Verdict) {
        let lines = vec![("content-security-policy".to_owned(), policy.to_owned())];
        let answer = Answer { lines, ..Answer::default() };
        let seen = Retrieval { https: Some(answer.clone()), ..Retrieval::default() };
        assert_eq!(judge(&seen, &answer, algorithm).verdict, verdict, "{policy}");
    }

    #[test]
    fn the_first_fault_counts() {
        for (policy, verdict) in [
            ("default-src 'none'", &NO_UNSAFE_NONE),
            ("default-src 'self'", &NO_UNSAFE),
            ("default-src 'self' 'unsafe-inline'", &UNSAFE_INLINE),
            ("default-src 'nonce-abcabcabc' 'unsafe-inline'", &NO_UNSAFE),
            ("default-src 'self'; script-src 'strict-dynamic'", &INVALID),
            ("default-src 'self' http://a.example", &INSECURE_SCHEME),
            ("default-src 'none'; img-src http:", &INSECURE_PASSIVE),
            ("default-src 'self'; script-src 'unsafe-eval'", &UNSAFE_EVAL),
            ("default-src 'self'; style-src 'unsafe-inline'", &UNSAFE_STYLE),
            ("default-src 'none'; report-uri /a; report-uri /b", &DUPLICATE),
            ("img-src 'self'", &UNSAFE_INLINE),
            ("a", &INVALID),
        ] {
            check(policy, Algorithm::V5, verdict);
        }
    }

    #[test]
    fn commas_part_policies_since_the_fifth_edition() {
        check("default-src 'self', script-src 'unsafe-inline'", Algorithm::V5, &NO_UNSAFE);
        check("default-src 'self', script-src 'unsafe-inline'", Algorithm::V4, &UNSAFE_INLINE);
    }
}
