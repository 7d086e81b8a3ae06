//! How the headers that a site's settings put on an ordinary page are judged; nothing is fetched.

use bartizan_dashboard::wall::{Finding, Grade};
use bartizan_rules::observatory::{self, Algorithm, Answer, PreloadList, Retrieval};
use bartizan_rules::{Facts, Response, catalog, judge};
use http::{HeaderMap, StatusCode};
use url::Url;

/// Grades a page with these headers, behind HTTPS with a good certificate and a redirect from HTTP.
pub(super) fn grade(site: &str, headers: &HeaderMap) -> Option<Grade> {
    let (host, secure) = address(site)?;
    let mut plain = secure.clone();
    plain.set_scheme("http").ok()?;
    let lines = headers.iter().map(|(name, value)| {
        (name.as_str().to_owned(), value.as_bytes().iter().map(|byte| char::from(*byte)).collect())
    });
    let answer = Answer { status: 200, is_verified: true, lines: lines.collect() };
    let seen = Retrieval {
        host,
        http: Some(answer.clone()),
        https: Some(answer),
        http_route: vec![plain, secure],
        ..Retrieval::default()
    };
    let graded = observatory::grade(&seen, Algorithm::default(), &PreloadList::default()).ok()?;
    Some(Grade {
        letter: graded.letter.to_owned(),
        score: graded.score,
        authority: format!("MDN HTTP Observatory, algorithm {}, by settings alone", graded.algorithm),
    })
}

/// Returns what rules find in a page with these headers, the gravest first.
pub(super) fn findings(site: &str, headers: &HeaderMap) -> Vec<Finding> {
    let Some((_, url)) = address(site) else { return Vec::new() };
    let facts = Facts::from_response(Response::new(url, StatusCode::OK, headers));
    let found = judge(catalog::rules(), &facts).into_iter();
    let found = found.map(|found| Finding { rule: found.rule.id(), severity: found.severity, message: found.message });
    let mut findings: Vec<_> = found.collect();
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    findings
}

/// Returns the host and address of a site by its name; a star stands for any label.
fn address(site: &str) -> Option<(String, Url)> {
    let name = site.replace('*', "any");
    let url = Url::parse(&format!("https://{name}/")).or_else(|_| Url::parse("https://app.invalid/")).ok()?;
    Some((url.host_str()?.to_owned(), url))
}
