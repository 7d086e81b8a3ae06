//! Each stage proves what it says it mends, and that it makes nothing worse.

use bartizan_headers::Authority;
use bartizan_rules::catalog::rules;
use bartizan_rules::{Example, Facts, Finding, Response, Rule, Severity, judge};
use http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CONTENT_SECURITY_POLICY, CONTENT_TYPE, RETRY_AFTER, SET_COOKIE};
use http::{HeaderMap, HeaderName, HeaderValue};
use url::Url;

use super::testing::{exchange, upstream};
use crate::config::{HeaderMode, HeaderRule, Policy, Site, Upload};
use crate::context::{Exchange, Wants};
use crate::head::Maker;
use crate::profile::Profile;
use crate::shared::Shared;
use crate::stages::order::response_stages;
use crate::stages::{ResponseStage, ResponseVerdict};

fn headers(example: Example) -> HeaderMap {
    let lines = example.text().lines().filter_map(|line| line.split_once(':'));
    lines
        .map(|(name, value)| (name.trim().parse::<HeaderName>().unwrap(), HeaderValue::try_from(value.trim()).unwrap()))
        .fold(HeaderMap::new(), |mut headers, (name, value)| {
            headers.append(name, value);
            headers
        })
}

/// The rules whose examples are the head of one answer, which is what stages see.
///
/// The others judge what several answers or a page say together: no stage alone could mend that, and those that
/// the wall does mend (redirects, error pages, hidden paths) are proved by its own tests on the wire.
fn rules_of_heads() -> impl Iterator<Item = &'static Rule> {
    rules().filter(|rule| matches!(rule.bad, Example::Response(_)))
}

fn through(stages: &[Box<dyn ResponseStage>], headers: HeaderMap) -> HeaderMap {
    let mut response = upstream(200, headers);
    let exchange = exchange();
    for stage in stages {
        stage.head(&mut response, &exchange);
    }
    response.headers
}

fn findings(rules: impl IntoIterator<Item = &'static Rule>, headers: &HeaderMap) -> Vec<Finding> {
    let url = Url::parse("https://app.example/").unwrap();
    judge(rules, &Facts::from_response(Response::new(url, http::StatusCode::OK, headers))).into_iter().collect()
}

#[test]
fn every_stage_mends_what_it_says() {
    let mut proved = 0;
    for stage in response_stages(&Site::default(), &Profile::Strict.policy(), &Shared::new(1)) {
        let stage = [stage];
        for rule in stage[0].mends() {
            let (bad, good) = (headers(rule.bad), headers(rule.good));
            assert_ne!(findings([*rule], &bad), [], "{} is silent on its bad example", rule.id());
            assert_eq!(findings([*rule], &through(&stage, bad)), [], "{} does not mend {}", stage[0].name(), rule.id());
            assert_eq!(findings([*rule], &through(&stage, good)), [], "{} breaks {}", stage[0].name(), rule.id());
            proved += 1;
        }
    }
    assert!(proved >= 25, "only {proved}");
}

#[test]
fn no_profile_makes_anything_worse() {
    for profile in Profile::ALL {
        let stages = response_stages(&Site::default(), &profile.policy(), &Shared::new(1));
        for rule in rules_of_heads() {
            for example in [rule.bad, rule.good] {
                let before = findings(rules(), &headers(example));
                for finding in findings(rules(), &through(&stages, headers(example))) {
                    let was_there = before.iter().any(|earlier| earlier.rule == finding.rule);
                    // A day of HSTS for one host is little, and still more than the none that was there before.
                    let is_start = match finding.rule.id() {
                        "hsts-max-age-short" => profile == Profile::Compatible,
                        "hsts-subdomains-missing" => profile != Profile::Strict,
                        _ => false,
                    };
                    assert!(was_there || is_start, "{profile}: {} found after {:?}", finding.rule.id(), example.text());
                }
            }
        }
    }
}

#[test]
fn strict_leaves_only_what_the_app_must_mend() {
    let stages = response_stages(&Site::default(), &Profile::Strict.policy(), &Shared::new(1));
    for rule in rules_of_heads() {
        let left = findings(rules(), &through(&stages, headers(rule.bad)));
        let grave = left.iter().filter(|finding| finding.severity > Severity::Info);
        let left: Vec<_> = grave.map(|finding| finding.rule.id()).collect();
        let is_apps = LEFT_TO_THE_APP.iter().any(|(id, _)| *id == rule.id());
        assert_eq!(left, if is_apps { vec![rule.id()] } else { vec![] }, "{}", rule.id());
    }
}

/// What no stage can mend, since only the app knows what was meant.
const LEFT_TO_THE_APP: &[(&str, &str)] = &[
    ("csp-insecure-source", "a source that the app names and we do not is its own choice"),
    ("csp-legacy-header", "no browser reads it, so nothing depends on its going"),
    ("csp-nonce-short", "nonces are made with the page"),
    ("csp-script-attr-unsafe-inline", "handlers that the app asks for by name"),
    ("csp-strict-dynamic-alone", "which script comes first is written in the page"),
    ("report-endpoint-insecure", "where an app wants its reports is not guessed"),
    ("report-to-unknown", "where an app wants its reports is not guessed"),
    ("session-cookie-domain-wide", "an app may share its session with its own names below"),
];

#[test]
fn a_second_passage_changes_nothing() {
    for profile in Profile::ALL {
        let stages = response_stages(&Site::default(), &profile.policy(), &Shared::new(1));
        for rule in rules_of_heads() {
            let once = through(&stages, headers(rule.bad));
            assert_eq!(through(&stages, once.clone()), once, "{profile}: {}", rule.id());
        }
    }
}

#[test]
fn nothing_is_promised_over_plain_http() {
    let plain = Exchange { https: false, ..exchange() };
    let mut response = upstream(200, HeaderMap::new());
    for stage in response_stages(&Site::default(), &Profile::Strict.policy(), &Shared::new(1)) {
        stage.head(&mut response, &plain);
    }
    assert!(!response.headers.contains_key("strict-transport-security"));
    assert!(response.headers.contains_key("x-content-type-options"));
}

fn verdict(policy: &Policy, status: u16, lines: &[(&'static str, &'static str)], body: &str) -> String {
    let lines = lines.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)));
    let mut response = upstream(status, lines.collect());
    let exchange = exchange();
    for stage in response_stages(&Site::default(), policy, &Shared::new(1)) {
        let verdict = match stage.head(&mut response, &exchange) {
            ResponseVerdict::Inspect(_) => stage.start_of_body(body.as_bytes(), &response, &exchange),
            other => other,
        };
        if let ResponseVerdict::Replace(refusal) = verdict {
            let kept: Vec<_> = refusal.headers.iter().map(|(name, _)| name.as_str()).collect();
            let form = if refusal.form == Some(Wants::Json) { " as JSON" } else { "" };
            return format!("{} {}{form} {}", refusal.kind.about.id, refusal.status.as_u16(), kept.join(","))
                .trim_end()
                .to_owned();
        }
    }
    "pass".to_owned()
}

#[test]
fn errors_are_replaced_and_told_apart() {
    let trace = "Traceback (most recent call last):\n  File \"/srv/app.py\", line 3, in f";
    let listing = "<html><title>Index of /</title><h1>Index of /</h1>";
    let html = [("content-type", "text/html; charset=utf-8")];
    for (profile, status, lines, body, expected) in [
        (Profile::Balanced, 500, &html[..], "oops", "upstream-error 500"),
        (Profile::Balanced, 503, &[(RETRY_AFTER.as_str(), "5")], "", "upstream-error 503 retry-after"),
        (
            Profile::Balanced,
            502,
            &[(ACCESS_CONTROL_ALLOW_ORIGIN.as_str(), "*")],
            "",
            "upstream-error 502 access-control-allow-origin",
        ),
        (Profile::Balanced, 500, &[("content-type", "application/grpc")], "", "pass"),
        (
            Profile::Balanced,
            500,
            &[("content-type", "application/JSON; charset=utf-8")],
            "",
            "upstream-error 500 as JSON",
        ),
        (Profile::Balanced, 503, &[("content-type", "application/vnd.api+json")], "", "upstream-error 503 as JSON"),
        (Profile::Balanced, 500, &[("content-type", "application/jsonp")], "", "upstream-error 500"),
        (Profile::Balanced, 404, &html, "<h1>No such order</h1>", "pass"),
        (Profile::Balanced, 404, &html, trace, "debug-page 404"),
        (Profile::Balanced, 400, &[("content-type", "application/json")], trace, "debug-page 400 as JSON"),
        (Profile::Balanced, 400, &[("content-type", "image/png")], trace, "pass"),
        (Profile::Balanced, 400, &[("content-encoding", "br")], trace, "pass"),
        (Profile::Balanced, 200, &html, trace, "pass"),
        (Profile::Balanced, 200, &html, listing, "pass"),
        (Profile::Strict, 200, &html, listing, "directory-listing 403"),
        (Profile::Strict, 200, &html, "<h1>Shop</h1>", "pass"),
        (Profile::Compatible, 500, &html, "oops", "pass"),
        (Profile::Compatible, 500, &html, trace, "debug-page 500"),
    ] {
        assert_eq!(verdict(&profile.policy(), status, lines, body), expected, "{profile} {status} {lines:?}");
    }
}

#[test]
fn pages_of_our_own_keep_their_policy_and_get_the_rest() {
    let mut response = upstream(502, HeaderMap::new());
    response.maker = Maker::Bartizan;
    response.headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'"));
    let exchange = exchange();
    for stage in response_stages(&Site::default(), &Profile::Balanced.policy(), &Shared::new(1)) {
        assert!(matches!(stage.head(&mut response, &exchange), ResponseVerdict::Pass), "{}", stage.name());
    }
    assert_eq!(response.headers[CONTENT_SECURITY_POLICY], "default-src 'none'");
    assert_eq!(response.headers["x-frame-options"], "SAMEORIGIN");
}

#[test]
fn settings_of_single_headers_act() {
    let mut policy = Policy::default();
    let plan = &mut policy.headers;
    let rule = |value| Some(HeaderRule::fixed(HeaderMode::Tighten, value));
    plan.clear_site_data = rule("\"cache\"");
    plan.clear_site_data_paths = vec!["/".to_owned()];
    plan.reporting_endpoints = rule("ours=\"https://r.example/\"");
    plan.nel = rule("{}");
    plan.obsolete_expect_ct = rule("max-age=1");
    plan.resource_policy = rule("same-origin");
    plan.custom = vec![(HeaderName::from_static("x-own"), HeaderValue::from_static("1"))];
    let site = Site {
        uploads: vec![Upload {
            path: "/".to_owned(),
            host: "files.example".parse::<Authority>().unwrap(),
            attachment: true,
        }],
        ..Site::default()
    };
    let app: HeaderMap =
        [("reporting-endpoints", "app=\"https://a.example/\""), ("x-own", "0"), ("content-type", "image/png")]
            .into_iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect();
    let sent = through(&response_stages(&site, &policy, &Shared::new(1)), app.clone());
    for (name, value) in [
        ("clear-site-data", "\"cache\""),
        ("reporting-endpoints", "ours=\"https://r.example/\", app=\"https://a.example/\""),
        ("nel", "{}"),
        ("expect-ct", "max-age=1"),
        ("x-own", "1"),
        ("cross-origin-resource-policy", "cross-origin"),
        ("content-security-policy", "default-src 'none'; sandbox"),
    ] {
        assert_eq!(sent[name], value, "{name}");
    }
    let mut invited = app;
    invited.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    let sent = through(&response_stages(&Site::default(), &policy, &Shared::new(1)), invited);
    assert!(!sent.contains_key("cross-origin-resource-policy"));
    assert_eq!(sent[CONTENT_TYPE], "image/png");
}

#[test]
fn the_list_says_what_it_does() {
    for profile in Profile::ALL {
        for stage in response_stages(&Site::default(), &profile.policy(), &Shared::new(1)) {
            assert!(!stage.name().is_empty() && stage.describe().len() > 10, "{}", stage.name());
        }
    }
}

/// Whoever writes a plan into another proxy's configuration reads it as `planned`: the same headers, by the same names.
#[test]
fn planned_headers_are_those_that_are_sent() {
    for profile in Profile::ALL {
        let mut policy = profile.policy();
        let rule = |value| Some(HeaderRule::fixed(HeaderMode::Set, value));
        policy.headers.clear_site_data_paths = vec!["/".to_owned()];
        policy.headers.reporting_endpoints = rule("default=\"/r\"");
        policy.headers.report_to =
            rule("{\"group\":\"a\",\"max_age\":1,\"endpoints\":[{\"url\":\"https://r.example/\"}]}");
        policy.headers.nel = rule("{\"report_to\":\"a\",\"max_age\":1}");
        policy.headers.dangerous_public_key_pins = rule("max-age=0");
        policy.headers.obsolete_expect_ct = rule("max-age=0");
        let app: HeaderMap = [(SET_COOKIE, HeaderValue::from_static("a=b"))].into_iter().collect();
        let mut sent = through(&response_stages(&Site::default(), &policy, &Shared::new(1)), app);
        sent.remove(SET_COOKIE);
        let planned = policy.headers.planned();
        let planned: HeaderMap =
            planned.iter().map(|planned| (planned.name.clone(), planned.rule.value.clone())).collect();
        assert_eq!(sent, planned, "{profile}");
    }
}
