//! Cases beside the examples: what a rule must tell apart, a yes for each no.

use bartizan_rules::catalog::find;
use bartizan_rules::{Example, judge};

fn check(rule: &str, example: Example, is_found: bool) {
    let rule = find(rule).unwrap_or_else(|| panic!("{rule}: no such rule"));
    let facts = example.facts().unwrap_or_else(|| panic!("{}: a file", rule.id()));
    let found = judge([rule], &facts);
    assert_eq!(found.has(rule), is_found, "{}: {}\n{found:?}", rule.id(), example.text());
}

#[test]
fn policies_are_judged_as_browsers_enforce_them() {
    for (rule, policy, is_found) in [
        ("csp-script-wildcard", "script-src *", true),
        ("csp-script-wildcard", "default-src https:", true),
        ("csp-script-wildcard", "script-src https:, script-src 'self'; object-src 'none'", false), // both are enforced
        ("csp-script-wildcard", "script-src https:; script-src-elem 'self'; object-src 'none'", false),
        ("csp-script-wildcard", "default-src 'self'; img-src *", false),
        ("csp-script-wildcard", "script-src 'self'; object-src data:", true),
        ("csp-script-wildcard", "script-src *.example:*; object-src 'none'", false),
        ("csp-script-unsafe-eval", "default-src 'self' 'unsafe-eval'", true),
        ("csp-script-unsafe-eval", "default-src 'self'; style-src 'unsafe-eval'", false),
        ("csp-script-unsafe-eval", "script-src 'unsafe-eval', default-src 'self'", false),
        ("csp-script-attr-unsafe-inline", "script-src 'nonce-5f2c9aK0q7Ws3vXb1Rz8dQ==' 'unsafe-inline'", false),
        ("csp-script-attr-unsafe-inline", "script-src-elem 'self'; script-src 'unsafe-inline'", true),
        ("csp-style-unsafe-inline", "style-src 'unsafe-inline' 'sha256-x'", false),
        ("csp-style-unsafe-inline", "default-src 'unsafe-inline'", true),
        ("csp-insecure-source", "connect-src ws://live.example", true),
        ("csp-insecure-source", "connect-src wss://live.example", false),
        ("csp-insecure-source", "img-src http:, img-src https:", false),
        ("csp-insecure-source", "script-src 'nonce-x' 'strict-dynamic' http:", false), // for old browsers only
        ("csp-syntax", "default-src 'self' script-src 'self'", false), // a host by that name: csp_evaluator says more
        ("csp-syntax", "default-src 'self'; skript-src 'self'", true),
        ("csp-syntax", "default-src 'self'; script-src nonce-abc", true),
        ("csp-syntax", "default-src 'self'; script-src \u{201c}self\u{201d}", true),
        ("csp-syntax", "default-src 'self'; navigate-to 'self'", false), // csp-deprecated-directive says so
        ("csp-nonce-short", "script-src 'nonce-5f2c9aK0q7Ws3vXb'", true),
        ("csp-strict-dynamic-alone", "script-src 'strict-dynamic' 'sha256-x'", false),
        ("csp-none-with-others", "img-src 'none' 'none'", false),
        ("csp-allowlist-bypass", "script-src *.googleapis.com; object-src 'none'", true),
        (
            "csp-allowlist-bypass",
            "script-src *.googleapis.com 'nonce-abcdefgh' 'strict-dynamic'; object-src 'none'",
            false,
        ),
        ("csp-trusted-types-missing", "script-src 'self'", false), // first things first
        ("csp-form-action-missing", "frame-ancestors 'self'", false),
    ] {
        let text = format!("Content-Type: text/html\nContent-Security-Policy: {policy}").leak();
        check(rule, Example::Response(text), is_found);
    }
}

#[test]
fn fields_are_judged_as_browsers_read_them() {
    for (rule, lines, is_found) in [
        ("hsts-subdomains-missing", "Strict-Transport-Security: max-age=0", false), // takes itself back
        ("hsts-subdomains-missing", "Strict-Transport-Security: maxage=1", false),
        ("hsts-malformed", "Strict-Transport-Security: max-age=1\nStrict-Transport-Security: max-age=2", true),
        ("hsts-malformed", "Strict-Transport-Security: max-age=\"1\";", false),
        ("hsts-preload-not-ready", "Strict-Transport-Security: max-age=300", false), // asks for no list
        ("permissions-policy-malformed", "Permissions-Policy: camera=(self \"https://a.example\")", false),
        ("permissions-policy-malformed", "Permissions-Policy: camera=(), microphone=(", true),
        ("frame-options-malformed", "X-Frame-Options: DENY\nX-Frame-Options: DENY", false),
        ("frame-options-malformed", "X-Frame-Options: DENY, SAMEORIGIN", true),
        ("session-cookie-long-lived", "Set-Cookie: sessionid=1; Max-Age=99999999999999", true),
        ("session-cookie-long-lived", "Set-Cookie: theme=1; Max-Age=63072000", false),
        ("session-cookie-long-lived", "Set-Cookie: sessionid=1; Max-Age=63072000; Max-Age=60", false), // the last counts
        ("session-cookie-domain-wide", "Set-Cookie: theme=1; Domain=a.example", false),
        ("cookie-in-public-answer", "Set-Cookie: a=1\nCache-Control: public, no-store", false),
        ("cookie-in-public-answer", "Set-Cookie: a=1\nCache-Control: s-maxage=60", true),
        ("cookie-in-public-answer", "Set-Cookie: a=; Max-Age=0\nCache-Control: public", false),
        ("report-endpoint-insecure", "Content-Security-Policy: default-src 'self'; report-uri http://r.example", true),
        ("report-endpoint-insecure", "Content-Security-Policy: default-src 'self'; report-uri /r", false),
        ("cross-origin-isolation-half", "Content-Type: text/html\nCross-Origin-Embedder-Policy: credentialless", true),
        ("cross-origin-isolation-half", "Content-Type: text/html\nCross-Origin-Opener-Policy: same-origin", false),
    ] {
        check(rule, Example::Response(lines), is_found);
    }
}

#[test]
fn chains_are_judged_step_by_step() {
    let steps = |steps: &[(&str, u16, &str)]| -> Example {
        let one = |(url, status, lines): &(&str, u16, &str)| {
            let lines: String = lines.lines().map(|line| format!("< {line}\n")).collect();
            format!("> GET {url}\n< {status}\n{lines}")
        };
        Example::Exchange(steps.iter().map(one).collect::<String>().leak())
    };
    let hsts = "Strict-Transport-Security: max-age=63072000";
    for (rule, chain, is_found) in [
        ("http-not-redirected", &[("http://app.example/a", 200, "")][..], true),
        ("http-not-redirected", &[("http://app.example/", 301, ""), ("http://app.example/x", 200, "")], true),
        ("http-not-redirected", &[("http://app.example/", 301, "")], false), // nobody answered
        ("http-not-redirected", &[("https://app.example/", 200, "")], false),
        ("redirect-off-host-first", &[("http://app.example/", 301, ""), ("http://www.app.example/", 301, "")], true),
        ("redirect-off-host-first", &[("https://app.example/", 301, ""), ("https://x.example/", 200, "")], false),
        ("redirect-temporary", &[("http://app.example/", 307, ""), ("https://app.example/", 200, "")], true),
        ("redirect-temporary", &[("https://app.example/", 302, ""), ("https://app.example/in", 200, "")], false),
        ("https-downgraded", &[("http://app.example/", 302, ""), ("http://app.example/in", 200, "")], false),
        ("hsts-on-redirect-missing", &[("http://app.example/", 301, ""), ("https://app.example/", 200, hsts)], false),
        ("hsts-on-redirect-missing", &[("https://app.example/", 301, ""), ("https://app.example/a", 200, "")], false),
        ("cookie-on-plain-http", &[("http://app.example/", 301, "Set-Cookie: a=; Max-Age=0")], false),
        ("sister-host-insecure", &[("https://www.app.example/", 200, "")], false),
    ] {
        check(rule, steps(chain), is_found);
    }
}

#[test]
fn pages_are_judged_by_origin_and_kind() {
    for (rule, markup, is_found) in [
        ("mixed-content-active", "<link rel=\"stylesheet\" href=\"http://a.example/a.css\">", true),
        ("mixed-content-active", "<img src=\"http://a.example/a.png\">", false),
        (
            "mixed-content-active",
            "<meta http-equiv=\"Content-Security-Policy\" content=\"upgrade-insecure-requests\"><script src=\"http://a.example/a.js\"></script>",
            false,
        ),
        ("sri-missing", "<script src=\"https://app.example.cdn.example/a.js\"></script>", true),
        ("sri-missing", "<script src=\"https://app.example:8443/a.js\"></script>", true), // a port is another origin
        ("sri-missing", "<link rel=\"stylesheet\" href=\"https://cdn.example/a.css\" integrity=\" \">", true),
        ("sri-missing", "<img src=\"https://cdn.example/a.png\">", false),
        ("sri-missing", "<script src=\"data:text/javascript,1\"></script>", false),
        ("sri-malformed", "<script src=\"/a.js\" integrity=\"sha256-short=\"></script>", true),
        (
            "sri-malformed",
            "<script src=\"/a.js\" integrity=\"md5-x sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\"></script>",
            false,
        ),
        ("sri-without-crossorigin", "<script src=\"/a.js\" integrity=\"sha256-x\"></script>", false),
        ("form-action-insecure", "<form action=\"https://pay.example/\"></form>", false),
        ("csp-meta-late", "<body><meta name=\"Content-Security-Policy\" content=\"x\">", false),
        ("generator-disclosed", "<meta name=\"generator\" content=\"WordPress 6.4.2\">", true),
        ("generator-disclosed", "<meta name=\"generator\" content=\"Hugo\">", false),
        (
            "csp-hash-unmatched",
            "Content-Security-Policy: script-src 'sha256-RFWPLDbv2BY+rCkDzsE+0fr8ylGr2R2faWMhq4lfEQc='\n\n<script>doSomething();</script>",
            false,
        ),
        (
            "csp-hash-unmatched",
            "Content-Security-Policy: script-src 'sha256-RFWPLDbv2BY-rCkDzsE-0fr8ylGr2R2faWMhq4lfEQc='\n\n<script>doSomething();</script>",
            false,
        ),
        (
            "csp-hash-unmatched",
            "Content-Security-Policy: script-src 'sha256-RFWPLDbv2BY+rCkDzsE+0fr8ylGr2R2faWMhq4lfEQc='\n\n<script> doSomething();</script>",
            true,
        ),
        ("charset-missing", "Content-Type: text/html; charset=utf-8\n\n<p>Grüezi</p>", true), // two types: the first counts
        ("charset-missing", "<meta http-equiv=\"Content-Type\" content=\"text/html; charset=utf-8\">", false),
    ] {
        check(rule, Example::Page(markup), is_found);
    }
}

#[test]
fn strangers_are_told_apart() {
    for (rule, exchange, is_found) in [
        (
            "cors-any-origin-with-credentials",
            "> GET https://app.example/\n> Origin: https://evil.test\n< 200\n< Access-Control-Allow-Origin: https://evil.test\n< Access-Control-Allow-Credentials: True",
            false, // browsers know `true` alone
        ),
        (
            "cors-lookalike-origin", // everybody is let in: the comparison is not to blame
            "> GET https://app.example/\n> Origin: https://evil.test\n< 200\n< Access-Control-Allow-Origin: https://evil.test\n> GET https://app.example/\n> Origin: https://app.example.evil.test\n< 200\n< Access-Control-Allow-Origin: https://app.example.evil.test",
            false,
        ),
        (
            "cors-vary-missing",
            "> OPTIONS https://app.example/\n> Origin: https://evil.test\n< 200\n< Access-Control-Allow-Origin: https://evil.test",
            false,
        ),
        (
            "cors-vary-missing",
            "> GET https://app.example/\n> Origin: https://evil.test\n< 200\n< Vary: Accept, ORIGIN\n< Access-Control-Allow-Origin: https://evil.test",
            false,
        ),
        (
            "cors-null-origin",
            "> GET https://app.example/\n> Origin: null\n< 200\n< Access-Control-Allow-Origin: *",
            false,
        ),
    ] {
        check(rule, Example::Exchange(exchange), is_found);
    }
}

#[test]
fn leftovers_are_proved_by_what_they_hold() {
    for (rule, exchange, is_found) in [
        ("file-exposed", "> GET https://app.example/.env\n< 200\n<\n< SECRET_KEY=x", true),
        ("file-exposed", "> GET https://app.example/.env\n< 200\n<\n< <html lang=\"en\">", false), // says 200 to everything
        ("file-exposed", "> GET https://app.example/.git/HEAD\n< 302\n< Location: https://app.example/login", false),
        (
            "security-txt-missing",
            "> GET https://app.example/.well-known/security.txt\n< 200\n< Content-Type: text/html\n<\n< <html>",
            true,
        ),
        (
            "security-txt-malformed",
            "> GET https://app.example/.well-known/security.txt\n< 200\n<\n< contact: https://a.example/\n< expires: 2027-01-01T00:00:00.000Z",
            false,
        ),
        (
            "security-txt-malformed",
            "> GET https://app.example/.well-known/security.txt\n< 200\n<\n< Contact: http://a.example/\n< Expires: 2027-01-01T00:00:00Z",
            true,
        ),
        (
            "security-txt-malformed",
            "> GET https://app.example/.well-known/security.txt\n< 200\n<\n< Contact: mailto:a@a.example\n< Expires: next year",
            true,
        ),
        (
            "debug-page-shown",
            "> GET https://app.example/no-such-page\n< 404\n<\n< Traceback (most recent call last):",
            true,
        ),
        (
            "debug-page-shown",
            "> GET https://app.example/no-such-page\n< 404\n<\n< We traced it back, and found nothing.",
            false,
        ),
        (
            "trace-answered",
            "> TRACE https://app.example/\n> X-Probe: 5f2c9a\n< 200\n< Content-Type: text/html\n<\n< <h1>Shop</h1>",
            false,
        ),
        (
            "unknown-host-answered",
            "> GET https://app.example/\n> Host: probe.test\n< 301\n< Location: https://probe.test/",
            true,
        ),
        (
            "unknown-host-answered",
            "> GET https://app.example/\n> Host: probe.test\n< 301\n< Location: https://app.example/",
            false,
        ),
        (
            "error-page-headers-missing",
            "> GET https://app.example/\n< 200\n< Content-Type: text/html\n< X-Frame-Options: DENY\n> GET https://app.example/api/x\n< 404\n< Content-Type: application/json",
            false,
        ),
    ] {
        check(rule, Example::Exchange(exchange), is_found);
    }
}
