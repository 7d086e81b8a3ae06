//! The tests, one a file, in the order in which they are listed in answers.

mod cookies;
mod coop_coep;
mod corp;
mod cors;
mod csp;
mod csp_parse;
mod framing;
mod hsts;
mod nosniff;
mod redirection;
mod referrer_policy;
mod sri;

use super::{Algorithm, Answer, NoGrade, PreloadList, Retrieval, TestResult, Verdict};

/// Runs all tests of an edition.
pub(super) fn run(
    seen: &Retrieval,
    graded: &Answer,
    algorithm: Algorithm,
    preloaded: &PreloadList,
) -> Result<Vec<TestResult>, NoGrade> {
    let hsts = hsts::judge(seen, preloaded);
    let csp = csp::judge(seen, graded, algorithm);
    let mut all = vec![
        ("content-security-policy", csp.verdict),
        ("cookies", cookies::judge(seen, graded, hsts.passes)),
        ("cross-origin-resource-sharing", cors::judge(seen)),
        ("redirection", redirection::judge(seen, preloaded)),
        ("referrer-policy", referrer_policy::judge(seen, graded)),
        ("strict-transport-security", hsts),
        ("subresource-integrity", sri::judge(seen, graded, algorithm)?),
        ("x-content-type-options", nosniff::judge(graded)),
        ("x-frame-options", framing::judge(graded, csp.restricts_framing, algorithm)),
        ("cross-origin-resource-policy", corp::judge(graded)),
    ];
    if algorithm == Algorithm::V6 {
        all.push(("cross-origin-embedder-policy", coop_coep::embedder(graded)));
        all.push(("cross-origin-opener-policy", coop_coep::opener(graded)));
    }
    Ok(all.into_iter().map(|(name, verdict): (_, &Verdict)| TestResult { name, verdict: *verdict }).collect())
}

/// Returns every verdict there is.
pub fn verdicts() -> impl Iterator<Item = &'static Verdict> {
    let all: [&[&Verdict]; 12] = [
        csp::ALL,
        cookies::ALL,
        cors::ALL,
        redirection::ALL,
        referrer_policy::ALL,
        hsts::ALL,
        sri::ALL,
        nosniff::ALL,
        framing::ALL,
        corp::ALL,
        coop_coep::EMBEDDER,
        coop_coep::OPENER,
    ];
    all.into_iter().flatten().copied()
}
