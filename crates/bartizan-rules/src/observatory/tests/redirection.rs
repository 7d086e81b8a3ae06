//! From HTTP to HTTPS.

use crate::observatory::{PreloadList, Retrieval, Verdict};

static ALL_PRELOADED: Verdict = Verdict::pass("redirection-all-redirects-preloaded", 0);
static INVALID_CERT: Verdict = Verdict::fail("redirection-invalid-cert", -20);
static MISSING: Verdict = Verdict::fail("redirection-missing", -20);
static NOT_NEEDED: Verdict = Verdict::pass("redirection-not-needed-no-http", 0);
static NOT_TO_HTTPS: Verdict = Verdict::fail("redirection-not-to-https", -20);
static NOT_TO_HTTPS_AT_FIRST: Verdict = Verdict::fail("redirection-not-to-https-on-initial-redirection", -10);
static OFF_HOST: Verdict = Verdict::fail("redirection-off-host-from-http", -5);
static TO_HTTPS: Verdict = Verdict::pass("redirection-to-https", 0);

pub(super) static ALL: &[&Verdict] = &[
    &ALL_PRELOADED,
    &TO_HTTPS,
    &NOT_NEEDED,
    &OFF_HOST,
    &NOT_TO_HTTPS_AT_FIRST,
    &NOT_TO_HTTPS,
    &MISSING,
    &INVALID_CERT,
];

pub(super) fn judge(seen: &Retrieval, preloaded: &PreloadList) -> &'static Verdict {
    let Some(answer) = &seen.http else { return &NOT_NEEDED };
    if !answer.is_verified {
        return &INVALID_CERT;
    }
    let route = &seen.http_route;
    if route.iter().all(|url| preloaded.covers(url.host_str().unwrap_or_default())) {
        return &ALL_PRELOADED;
    }
    match route.as_slice() {
        [] | [_] => &MISSING,
        [.., last] if last.scheme() != "https" => &NOT_TO_HTTPS,
        [_, second, ..] if second.scheme() == "http" => &NOT_TO_HTTPS_AT_FIRST,
        [first, second, ..] if is_off_host(first, second) => &OFF_HOST,
        _ => &TO_HTTPS,
    }
}

fn is_off_host(first: &url::Url, second: &url::Url) -> bool {
    first.scheme() == "http" && second.scheme() == "https" && first.host_str() != second.host_str()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observatory::Answer;

    #[test]
    fn the_route_decides() {
        for (route, verdict) in [
            (&["http://a.example/"][..], &MISSING),
            (&["http://a.example/", "https://a.example/"], &TO_HTTPS),
            (&["http://a.example/", "https://www.a.example/"], &OFF_HOST),
            (&["http://a.example/", "http://a.example/x"], &NOT_TO_HTTPS),
            (&["http://a.example/", "http://a.example/x", "https://a.example/"], &NOT_TO_HTTPS_AT_FIRST),
            (&["http://p.example/"], &ALL_PRELOADED),
        ] {
            let list = PreloadList::parse(r#"{"p.example":{"mode":"force-https"}}"#).unwrap();
            let seen = Retrieval {
                http: Some(Answer { status: 200, is_verified: true, lines: Vec::new() }),
                http_route: route.iter().map(|url| url.parse().unwrap()).collect(),
                ..Retrieval::default()
            };
            assert_eq!(judge(&seen, &list), verdict, "{route:?}");
        }
    }
}
