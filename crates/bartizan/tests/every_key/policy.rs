//! The keys that a site and its routes share, each for the site and for a route, and the route's own.

use bartizan_testkit::{RecordingUpstream, Release, Reply};

use super::asks::{Ask, http1, http2, shape};
use super::case::Case;
use super::limits::second_request;
use super::{Proof, Row, Seen, below};

pub(crate) fn proofs() -> Vec<Proof> {
    let mut route = below("site[].route[].", SHARED);
    route.extend(below("site[].route[].", OWN));
    for proof in &mut route {
        proof.also.push(("site[].route[].path".to_owned(), "\"/r/\""));
        if proof.key.ends_with(".credentials") {
            let oauth2 = CREDENTIALS.iter().map(|(key, value)| ((*key).to_owned(), *value));
            proof.also.extend(oauth2);
        }
    }
    below("site[].", SHARED).into_iter().chain(route).collect()
}

const CREDENTIALS: &[(&str, &str)] = &[
    ("site[].upstream", "[\"{one}\"]"),
    ("site[].upstream_options.oauth2.token_url", "\"{two}/token\""),
    ("site[].upstream_options.oauth2.client_id", "\"wall\""),
    ("site[].upstream_options.oauth2.client_secret_env", "\"SECRET_ONE\""),
];

/// What a route alone can say.
const OWN: &[Row] = &[
    ("path", &["\"/r/\"", "\"/elsewhere/\""], &[("deny", "true")], page),
    ("deny", &["true", "false"], &[], page),
    ("credentials", &["true", "false"], &[], authorization),
];

const SHARED: &[Row] = &[
    ("profile", &["\"compatible\"", "\"balanced\"", "\"strict\""], &[], page),
    ("methods", &["[\"GET\"]", "[\"GET\", \"POST\"]"], &[], post),
    ("body", &["\"4B\"", "\"none\""], &[], post),
    ("requests_per_client", &["\"1/h\"", "\"none\""], &[], second_request),
    ("concurrency", &["1", "\"none\""], &[], beside_another),
    ("strip", &["[\"server\"]", "[\"x-powered-by\"]"], &[], page),
    ("isolation", &["\"on\"", "\"off\""], &[], picture_elsewhere),
    ("csrf.mode", &["\"on\"", "\"strict\"", "\"dangerous_off\""], &[], forms),
    ("csrf.trusted_origins", &["[]", "[\"https://elsewhere.example\"]"], &[], form_elsewhere),
    ("cookies.secure", &["true", "false"], &[], page),
    ("cookies.session_names", &["[\"mine\"]", "[]"], &[], page),
    ("cookies.except", &["[\"sessionid\"]", "[]"], &[], page),
    ("cookies.http_only", &["true", "false"], &[], page),
    ("cookies.same_site", &["\"lax\"", "\"strict\"", "\"none\"", "\"keep\""], &[], page),
    ("cookies.prefix", &["true", "false"], &[], page),
    ("headers.hsts", &["\"max-age=300\"", "\"max-age=600\""], &[], page),
    ("headers.csp", &["\"default-src 'self'\"", "false"], &[], page),
    ("headers.csp_report_only", &["\"default-src 'self'\"", "false"], &[], page),
    ("headers.content_type_options", &["\"nosniff\"", "false"], &[], page),
    ("headers.frame_options", &["\"DENY\"", "\"SAMEORIGIN\""], &[], page),
    ("headers.referrer_policy", &["\"no-referrer\"", "\"same-origin\""], &[], page),
    ("headers.permissions_policy", &["\"camera=()\"", "\"usb=()\""], &[], page),
    ("headers.opener_policy", &["\"same-origin\"", "\"same-origin-allow-popups\""], &[], page),
    ("headers.embedder_policy", &["\"require-corp\"", "\"credentialless\""], &[], page),
    ("headers.resource_policy", &["\"same-origin\"", "\"same-site\""], &[], page),
    ("headers.origin_agent_cluster", &["\"?1\"", "\"?0\""], &[], page),
    ("headers.cross_domain_policies", &["\"none\"", "\"all\""], &[], page),
    ("headers.dns_prefetch_control", &["\"off\"", "\"on\""], &[], page),
    ("headers.xss_protection", &["\"0\"", "\"1; mode=block\""], &[], page),
    ("headers.private_cache", &["\"no-store\"", "\"private\""], &[], page),
    ("headers.clear_site_data.paths", &["[\"/r/x\"]", "[\"/other\"]"], &[], page),
    (
        "headers.clear_site_data.value",
        &["'\"cookies\"'", "'\"cache\"'"],
        &[("headers.clear_site_data.paths", "[\"/r/x\"]")],
        page,
    ),
    ("headers.reporting_endpoints", &["'main=\"https://a.example/\"'", "'main=\"https://b.example/\"'"], &[], page),
    (
        "headers.report_to",
        &[
            r#"'{"group":"a","max_age":60,"endpoints":[{"url":"https://a.example/"}]}'"#,
            r#"'{"group":"b","max_age":60,"endpoints":[{"url":"https://b.example/"}]}'"#,
        ],
        &[],
        page,
    ),
    ("headers.nel", &[r#"'{"report_to":"a","max_age":60}'"#, r#"'{"report_to":"a","max_age":90}'"#], &[], page),
    (
        "headers.dangerous_public_key_pins",
        &[r#"'pin-sha256="a"; pin-sha256="b"; max-age=60'"#, r#"'pin-sha256="a"; pin-sha256="c"; max-age=60'"#],
        &[],
        page,
    ),
    ("headers.obsolete_expect_ct", &["\"max-age=60\"", "\"max-age=90\""], &[], page),
    ("headers.custom", &["{ x-own = \"1\" }", "{ x-own = \"2\" }"], &[], page),
    ("errors.replace", &["[\"5xx\"]", "[\"404\"]"], &[("errors.debug_pages", "false")], failure),
    ("errors.debug_pages", &["true", "false"], &[("errors.replace", "[]")], failure),
    ("errors.listings", &["true", "false"], &[], listing),
    ("errors.files", &["{ 500 = \"@page_one\" }", "{ 500 = \"@page_two\" }"], &[("errors.replace", "[500]")], failure),
];

/// A page of the app.
fn page(case: &Case<'_>) -> Seen {
    let app = Case::app();
    Ask::get("/r/x").both(&case.start(&[&app]))
}

fn post(case: &Case<'_>) -> Seen {
    let app = Case::app();
    Ask::post("/r/x", "eight by").both(&case.start(&[&app]))
}

fn form_elsewhere(case: &Case<'_>) -> Seen {
    let app = Case::app();
    let more = &[("Origin", "https://elsewhere.example"), ("Sec-Fetch-Site", "cross-site")];
    Ask { more, ..Ask::post("/r/x", "a=b") }.both(&case.start(&[&app]))
}

/// A form of another site, then one that does not say whose it is, but carries a session.
fn forms(case: &Case<'_>) -> Seen {
    let app = Case::app();
    let wall = case.start(&[&app]);
    let foreign = Ask { more: &[("Origin", "https://elsewhere.example")], ..Ask::post("/r/x", "a=b") };
    let unnamed = Ask { more: &[("Cookie", "sessionid=1")], ..Ask::post("/r/x", "a=b") };
    let both = foreign.both(&wall).into_iter().zip(unnamed.both(&wall));
    both.map(|((part, foreign), (_, unnamed))| (part, format!("{foreign}\n{unnamed}"))).collect()
}

fn picture_elsewhere(case: &Case<'_>) -> Seen {
    let app = Case::app();
    let more = &[("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "no-cors"), ("Sec-Fetch-Dest", "image")];
    Ask { more, ..Ask::get("/r/x") }.both(&case.start(&[&app]))
}

fn failure(case: &Case<'_>) -> Seen {
    let body = "Traceback (most recent call last):\n  File \"/srv/app.py\", line 3, in f\nKeyError: 'x'";
    let answer = format!("HTTP/1.1 500 Oh\r\nContent-Type: text/plain\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    let app = RecordingUpstream::start(move |_| Reply::raw(answer.clone()));
    Ask { more: &[("Accept", "text/html")], ..Ask::get("/r/x") }.both(&case.start(&[&app]))
}

fn listing(case: &Case<'_>) -> Seen {
    let page = "<html><head><title>Index of /r/</title></head><body><h1>Index of /r/</h1></body></html>";
    let app = RecordingUpstream::start(move |_| Reply::with("Content-Type: text/html\r\n", page));
    Ask::get("/r/").both(&case.start(&[&app]))
}

/// A request while another waits for the app.
fn beside_another(case: &Case<'_>) -> Seen {
    let release = Release::default();
    let held = release.clone();
    let app = RecordingUpstream::start(move |request| match request.request_line().as_str() {
        "GET /r/hang HTTP/1.1" => Reply::raw("").hang(&held, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"),
        _ => Reply::ok("hello"),
    });
    let wall = case.start(&[&app]);
    let mut first = http1(&wall);
    first.send(&Ask::get("/r/hang").bytes());
    app.wait_for(1);
    let seen = Ask::get("/r/x").both(&wall);
    release.release();
    assert_eq!(first.read_response().text(), "hi");
    // Its place is free again once its answer is over.
    let mut later = http2(&wall);
    let is_free = (0..100).any(|turn| Ask::get("/r/x").over_http2(&mut later, 2 * turn + 1).status() == Some(200));
    assert!(is_free, "the place stays taken");
    seen
}

fn authorization(case: &Case<'_>) -> Seen {
    let app = Case::app();
    let endpoint = RecordingUpstream::start(|_| {
        Reply::with("Content-Type: application/json\r\n", r#"{"access_token":"abc","token_type":"Bearer"}"#)
    });
    let wall = case.start(&[&app, &endpoint]);
    let mut client = http1(&wall);
    assert!(shape(&client.ask(&Ask::get("/r/x").bytes())).starts_with("200"));
    vec![("the app sees", format!("{:?}", app.wait_for(1)[0].header("authorization")))]
}
