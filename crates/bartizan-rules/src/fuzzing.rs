//! Entry points for fuzz targets and for the replay of their corpora: policies that are judged.

pub use bartizan_headers::fuzzing::Target;

use crate::csp_evaluator::{Checks, Level, evaluate, evaluate_all, lighthouse};

/// Every parser of this crate.
pub const TARGETS: &[Target] = &[Target { name: "csp_evaluate", run: csp_evaluate }];

/// Policies, a line each: any text is judged, and a policy that is said twice is judged as if said once.
pub fn csp_evaluate(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let policies: Vec<_> = text.lines().collect();
    for level in [Level::One, Level::Two, Level::Three] {
        for policy in &policies {
            assert!(evaluate(policy, level, Checks::Default).len() <= evaluate(policy, level, Checks::Strict).len());
        }
        let all = evaluate_all(&policies, level, Checks::Strict);
        let twice: Vec<_> = policies.iter().chain(&policies).copied().collect();
        let kinds = |findings: &[crate::csp_evaluator::Finding]| -> Vec<_> {
            let mut kinds: Vec<_> = findings.iter().map(|one| (one.kind, one.value.clone())).collect();
            kinds.sort();
            kinds.dedup();
            kinds
        };
        assert_eq!(kinds(&evaluate_all(&twice, level, Checks::Strict)), kinds(&all));
    }
    assert_eq!(lighthouse(&policies).syntax.len(), policies.len());
}
