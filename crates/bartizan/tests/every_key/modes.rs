//! The long form of a header: its mode, against an app that is silent, milder and stricter.

use bartizan_testkit::{RecordingUpstream, Reply};

use super::asks::Ask;
use super::case::Case;
use super::fixture::Fixture;
use super::{Seen, compare};

#[test]
fn every_mode_of_a_header_makes_a_difference() {
    let fixture = Fixture::new();
    for (key, values) in HEADERS {
        let key = format!("site[].headers.{key}");
        let run = |value| said_by_apps(&Case::new(&fixture, &[], &key, value));
        assert_eq!(compare(values, run), None, "{key}");
    }
}

fn said_by_apps(case: &Case<'_>) -> Seen {
    let app = RecordingUpstream::start(|request| match request.request_line().as_str() {
        "GET /milder HTTP/1.1" => Reply::with(MILDER, "hello"),
        "GET /stricter HTTP/1.1" => Reply::with(STRICTER, "hello"),
        _ => Reply::ok("hello"),
    });
    let wall = case.start(&[&app]);
    let mut seen = Ask::get("/silent").both(&wall);
    for path in ["/milder", "/stricter"] {
        for ((_, whole), (_, more)) in seen.iter_mut().zip(Ask::get(path).both(&wall)) {
            whole.push_str(&more);
        }
    }
    seen
}

const HEADERS: &[(&str, &[&str])] = &[
    (
        "hsts",
        &[
            "{ mode = \"tighten\", value = \"max-age=500\" }",
            "{ mode = \"set\", value = \"max-age=500\" }",
            "{ mode = \"keep\", value = \"max-age=500\" }",
            "{ mode = \"off\" }",
        ],
    ),
    (
        "csp",
        &[
            "{ mode = \"tighten\", value = \"default-src 'self'\" }",
            "{ mode = \"set\", value = \"default-src 'self'\" }",
            "{ mode = \"keep\", value = \"default-src 'self'\" }",
            "{ mode = \"off\" }",
        ],
    ),
    (
        "referrer_policy",
        &[
            "{ mode = \"tighten\", value = \"strict-origin\" }",
            "{ mode = \"set\", value = \"strict-origin\" }",
            "{ mode = \"keep\", value = \"strict-origin\" }",
            "{ mode = \"off\" }",
        ],
    ),
];

const MILDER: &str = "Strict-Transport-Security: max-age=100\r\nContent-Security-Policy: default-src *\r\n\
     Referrer-Policy: unsafe-url\r\n";

const STRICTER: &str = "Strict-Transport-Security: max-age=900\r\nContent-Security-Policy: default-src 'none'\r\n\
     Referrer-Policy: no-referrer\r\n";
