//! Entry points for fuzz targets and for the replay of their corpora: policies and answers that are judged.

pub use bartizan_headers::fuzzing::Target;

use http::{HeaderMap, HeaderName, Method, StatusCode};
use url::Url;

use crate::catalog::rules;
use crate::csp_evaluator::{Checks, Level, evaluate, evaluate_all, lighthouse};
use crate::facts::{Asked, Chain, CrossOriginAnswer, End, Probe, Purpose, Stranger};
use crate::{Response, example, judge};

/// Every parser of this crate.
pub const TARGETS: &[Target] =
    &[Target { name: "csp_evaluate", run: csp_evaluate }, Target { name: "judge", run: judge_answer }];

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

/// An answer of header lines, an empty line and a body, seen in every way that facts can be: no rule stumbles.
pub fn judge_answer(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let (head, body) = text.split_once("\n\n").unwrap_or((&text, ""));
    let mut headers = HeaderMap::new();
    for (name, value) in head.lines().filter_map(|line| line.split_once(':')) {
        let (Ok(name), Ok(value)) = (name.trim().parse::<HeaderName>(), value.trim().parse()) else { continue };
        headers.append(name, value);
    }
    let Ok(url) = Url::parse("https://app.example/") else { return };
    let response = Response::new(url.clone(), StatusCode::OK, &headers).with_body(body);
    let origin = response.lines("access-control-allow-origin").next().unwrap_or("null").to_owned();
    let answer =
        CrossOriginAnswer { origin, stranger: Stranger::Foreign, method: Method::GET, response: response.clone() };
    let responses = vec![response.clone(), response.clone()];
    let chain = Chain { asked: url, purpose: Purpose::Site, responses, end: End::Answered, is_trusted: true };
    let asked = Asked::UnknownHost("probe.test".to_owned());
    let facts = example::page(body)
        .with_response(response.clone(), response.at())
        .with_chain(chain)
        .with_cross_origin_answer(answer)
        .with_error_page(response.clone())
        .with_repeat(response.clone(), response.clone())
        .with_security_txt(response.clone())
        .with_probe(Probe { asked, response: response.clone(), baseline: Some(response) });
    let found = judge(rules(), &facts);
    assert!(found.as_slice().iter().all(|finding| !finding.message.is_empty()));
}
