//! `[site.upstream_options]`.

use std::net::TcpListener;
use std::time::Duration;

use bartizan_testkit::{RecordingUpstream, Release, Reply, WireClient, free_port};

use super::app;
use super::asks::{Ask, http1, rest, soon};
use super::case::Case;
use super::{Proof, Row, Seen, below};

pub(crate) fn proofs() -> Vec<Proof> {
    let mut all = below("site[].upstream_options.", ROWS);
    all.extend(below("site[].upstream_options.tls.", TLS));
    let mut oauth2 = below("site[].upstream_options.oauth2.", OAUTH2);
    for proof in &mut oauth2 {
        proof.also.push(("site[].upstream".to_owned(), "[\"{one}\"]"));
    }
    all.extend(oauth2);
    all
}

const ROWS: &[Row] = &[
    ("connect_timeout", &["\"200ms\"", "\"1h\""], &[], app_without_handshake),
    ("response_timeout", &["\"200ms\"", "\"none\""], &[], app_without_answer),
    ("idle_timeout", &["\"200ms\"", "\"1h\""], &[], |case| connections(case, Duration::from_secs(1))),
    ("idle_connections", &["0", "8"], &[], |case| connections(case, Duration::from_millis(20))),
    ("health.interval", &["\"50ms\"", "\"1h\""], &[("health.path", "\"/up\"")], second_check),
    (
        "health.timeout",
        &["\"100ms\"", "\"1h\""],
        &[("health.path", "\"/up\""), ("health.interval", "\"50ms\"")],
        unanswered_check,
    ),
    ("health.path", &["\"/well\"", "\"/ill\""], &[("health.interval", "\"50ms\"")], first_check),
    ("balance", &["\"round-robin\"", "\"least-requests\""], &[], beside_a_busy_address),
    ("protocol", &["\"http1\"", "\"http2\""], &[], first_bytes),
    ("retries", &["0", "1"], &[("max_fails", "0")], four_requests),
    ("max_fails", &["1", "0"], &[("retries", "0"), ("fail_timeout", "\"1h\"")], four_requests),
    ("fail_timeout", &["\"1ms\"", "\"1h\""], &[("retries", "0"), ("max_fails", "1")], four_requests),
    ("response_head", &["\"1KiB\"", "\"64KiB\""], &[], long_response_head),
];

const TLS: &[Row] = &[
    ("authorities", &["\"@ca_one\"", "\"@ca_two\""], &[], over_tls),
    (
        "certificate",
        &["\"@client_chain\"", "\"@other_client_chain\""],
        &[("key", "\"@client_key\""), ("authorities", "\"@ca_one\"")],
        over_tls,
    ),
    (
        "key",
        &["\"@client_key\"", "\"@other_client_key\""],
        &[("certificate", "\"@client_chain\""), ("authorities", "\"@ca_one\"")],
        over_tls,
    ),
    ("server_name", &["\"app.example\"", "\"www.app.example\""], &[("authorities", "\"@ca_one\"")], over_tls),
    ("dangerous_skip_verification", &["true", "false"], &[], over_tls),
];

const OAUTH2: &[Row] = &[
    ("token_url", &["\"{two}/one\"", "\"{two}/two\""], &[ID, FROM_VARIABLE], token),
    ("client_id", &["\"wall\"", "\"tower\""], &[URL, FROM_VARIABLE], token),
    ("client_secret_env", &["\"SECRET_ONE\"", "\"SECRET_TWO\""], &[URL, ID], token),
    ("client_secret_file", &["\"@secret_one\"", "\"@secret_two\""], &[URL, ID], token),
    ("scopes", &["[\"read\"]", "[\"read\", \"write\"]"], &[URL, ID, FROM_VARIABLE], token),
    ("endpoint_params", &["{ audience = \"a\" }", "{ audience = \"b\" }"], &[URL, ID, FROM_VARIABLE], token),
];

const URL: (&str, &str) = ("token_url", "\"{two}/token\"");
const ID: (&str, &str) = ("client_id", "\"wall\"");
const FROM_VARIABLE: (&str, &str) = ("client_secret_env", "\"SECRET_ONE\"");

fn app_without_handshake(case: &Case<'_>) -> Seen {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let wall = case.start_at(&[format!("https://{}", listener.local_addr().unwrap())]);
    let mut client = http1(&wall);
    client.send(&Ask::get("/").bytes());
    vec![("silent handshake", rest(&mut client))]
}

fn app_without_answer(case: &Case<'_>) -> Seen {
    let release = Release::default();
    let held = release.clone();
    let app = RecordingUpstream::start(move |_| Reply::raw("").hang(&held, ""));
    let wall = case.start(&[&app]);
    let mut client = http1(&wall);
    client.send(&Ask::get("/").bytes());
    let seen = vec![("silent app", rest(&mut client))];
    release.release();
    seen
}

/// Counts the connections of two requests with a pause between them.
fn connections(case: &Case<'_>, pause: Duration) -> Seen {
    let app = Case::app();
    let wall = case.start(&[&app]);
    let mut client = http1(&wall);
    assert_eq!(client.ask(&Ask::get("/").bytes()).status, 200);
    assert!(client.is_silent_for(pause));
    assert_eq!(client.ask(&Ask::get("/").bytes()).status, 200);
    vec![("connections", app.connections().len().to_string())]
}

fn second_check(case: &Case<'_>) -> Seen {
    let app = Case::app();
    let _wall = case.start(&[&app]);
    app.wait_for(1);
    vec![("checked again", soon(|| app.requests().len() > 2).to_string())]
}

/// Two apps, of which the first never answers a check.
fn unanswered_check(case: &Case<'_>) -> Seen {
    let release = Release::default();
    let held = release.clone();
    let first = RecordingUpstream::start(move |request| match request.request_line().as_str() {
        "GET /up HTTP/1.1" => Reply::raw("").hang(&held, ""),
        _ => Reply::ok("first"),
    });
    let second = RecordingUpstream::answering("second");
    let wall = case.start(&[&first, &second]);
    first.wait_for(1);
    let seen = vec![("the first is passed over", soon(|| passes_over_the_first(&mut http1(&wall))).to_string())];
    release.release();
    seen
}

/// Two apps, of which the first is not well when it is asked at `/ill`.
fn first_check(case: &Case<'_>) -> Seen {
    let first = RecordingUpstream::start(|request| match request.request_line().as_str() {
        "GET /ill HTTP/1.1" => Reply::raw("HTTP/1.1 503 Ill\r\nContent-Length: 0\r\n\r\n"),
        _ => Reply::ok("first"),
    });
    let second = RecordingUpstream::answering("second");
    let wall = case.start(&[&first, &second]);
    first.wait_for(1);
    vec![("the first is passed over", soon(|| passes_over_the_first(&mut http1(&wall))).to_string())]
}

/// In turn, one of two requests would go to the first.
fn passes_over_the_first(client: &mut WireClient) -> bool {
    (0..2).all(|_| client.ask(&Ask::get("/").bytes()).text() == "second")
}

fn beside_a_busy_address(case: &Case<'_>) -> Seen {
    let release = Release::default();
    let app = |name: &'static str| {
        let held = release.clone();
        RecordingUpstream::start(move |request| match request.request_line().as_str() {
            "GET /hang HTTP/1.1" => Reply::raw("").hang(&held, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"),
            _ => Reply::ok(name),
        })
    };
    let (first, second) = (app("first"), app("second"));
    let wall = case.start(&[&first, &second]);
    let mut busy = http1(&wall);
    busy.send(&Ask::get("/hang").bytes());
    first.wait_for(1);
    let mut client = http1(&wall);
    let answers: Vec<_> = (0..3).map(|_| client.ask(&Ask::get("/").bytes()).text()).collect();
    release.release();
    vec![("answers", answers.join(" "))]
}

fn first_bytes(case: &Case<'_>) -> Seen {
    let app = Case::app();
    let wall = case.start(&[&app]);
    let mut client = http1(&wall);
    client.send(&Ask::get("/").bytes());
    assert!(soon(|| app.connections().first().is_some_and(|bytes| bytes.len() > 3)));
    vec![("first bytes", String::from_utf8_lossy(&app.connections()[0][..3]).into_owned())]
}

/// Two addresses, of which the first has nobody; a little time passes between the requests.
fn four_requests(case: &Case<'_>) -> Seen {
    let app = Case::app();
    let wall = case.start_at(&[format!("http://127.0.0.1:{}", free_port()), app.url()]);
    let mut client = http1(&wall);
    let mut statuses = Vec::new();
    for _ in 0..4 {
        statuses.push(client.ask(&Ask::get("/").bytes()).status.to_string());
        assert!(client.is_silent_for(Duration::from_millis(50)));
    }
    vec![("statuses", statuses.join(" "))]
}

fn long_response_head(case: &Case<'_>) -> Seen {
    let head = format!("X-Long: {}\r\n", "a".repeat(4000));
    let app = RecordingUpstream::start(move |_| Reply::with(&head, "hello"));
    Ask::get("/").both(&case.start(&[&app]))
}

fn over_tls(case: &Case<'_>) -> Seen {
    let url = app::over_tls(case.fixture);
    let seen = case.try_start(&[url]).map(|wall| Ask::get("/").first(&wall));
    vec![("the app", seen.unwrap_or_else(|_| "no start".to_owned()))]
}

/// What the endpoint of tokens is asked.
fn token(case: &Case<'_>) -> Seen {
    let app = Case::app();
    let endpoint = RecordingUpstream::start(|_| {
        Reply::with("Content-Type: application/json\r\n", r#"{"access_token":"abc","token_type":"Bearer"}"#)
    });
    let wall = case.start(&[&app, &endpoint]);
    assert!(Ask::get("/").first(&wall).starts_with("200"));
    assert_eq!(app.wait_for(1)[0].header("authorization").as_deref(), Some("Bearer abc"));
    let asked = &endpoint.wait_for(1)[0];
    let host = endpoint.address().to_string();
    vec![("asked", format!("{}{}", asked.text().replace(&host, "endpoint"), String::from_utf8_lossy(&asked.body)))]
}
