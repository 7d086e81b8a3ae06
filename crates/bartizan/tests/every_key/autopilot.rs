//! `[site.autopilot]`: how far it goes, what it waits for, and what becomes of code that nobody knows.

use std::net::SocketAddr;

use bartizan_testkit::{Program, RawResponse, RecordingUpstream, Reply, TlsOptions, Trust, WireClient, wait_until};

use super::asks::{Ask, HOST, soon};
use super::case::Case;
use super::{Proof, Row, below};

pub(crate) fn proofs() -> Vec<Proof> {
    let mut all = below("site[].autopilot.", ROWS);
    for proof in &mut all {
        for (key, value) in QUICK {
            let key = format!("site[].autopilot.{key}");
            if proof.key != key && !proof.also.iter().any(|(known, _)| *known == key) {
                proof.also.push((key, value));
            }
        }
        proof.also.push(("reports.store".to_owned(), "\"own.sqlite\""));
        proof.also.push(("server.state_dir".to_owned(), "\".\""));
    }
    all
}

/// As fast as it goes: one page to one client after a second.
const QUICK: &[(&str, &str)] = &[
    ("learn", "\"1s\""),
    ("trial", "\"1h\""),
    ("step", "\"1s\""),
    ("pages", "1"),
    ("clients", "1"),
    ("witnesses", "1"),
];

const ROWS: &[Row] = &[
    ("mode", &["\"auto\"", "\"learn\"", "\"off\""], &[("trial", "\"1s\"")], |case| {
        let flight = Flight::start(case);
        vec![("tried out, enforced", format!("{}, {}", flight.comes_to(2), flight.comes_to(3)))]
    }),
    ("unknown", &["\"step-back\"", "\"withhold\"", "\"report\""], &[("trial", "\"1s\"")], |case| {
        let flight = Flight::start(case);
        wait_until("the policy to be enforced", || flight.page("/").1.then_some(()));
        wait_until("the last step", || (flight.page("/").0 >= 6).then_some(()));
        let blessed = flight.get("/new").text().contains("<script nonce=");
        flight.report();
        vec![("runs, stepped back", format!("{blessed}, {}", soon(|| !flight.page("/").1)))]
    }),
    ("learn", &["\"1s\"", "\"1h\""], &[], |case| vec![("goes on", Flight::start(case).comes_to(2).to_string())]),
    ("trial", &["\"1s\"", "\"1h\""], &[], |case| vec![("goes on", Flight::start(case).comes_to(3).to_string())]),
    ("step", &["\"1s\"", "\"1h\""], &[("trial", "\"1s\"")], |case| {
        vec![("goes on", Flight::start(case).comes_to(4).to_string())]
    }),
    ("pages", &["1", "100000"], &[], |case| vec![("goes on", Flight::start(case).comes_to(2).to_string())]),
    ("clients", &["1", "2"], &[], |case| vec![("goes on", Flight::start(case).comes_to(2).to_string())]),
    ("witnesses", &["1", "2"], &[], |case| vec![("policy", Flight::start(case).tried("'unsafe-hashes'"))]),
    (
        "ramps",
        &[
            "[\"hsts\"]",
            "[\"opener_policy\"]",
            "[\"embedder_policy\"]",
            "[\"permissions_policy\"]",
            "[\"resource_policy\"]",
            "[\"upgrade_insecure_requests\"]",
            "[\"cookie_prefix\"]",
            "[\"same_site\"]",
            "[\"waf\"]",
            "[]",
        ],
        &[("trial", "\"1s\"")],
        |case| {
            let flight = Flight::start(case);
            let raised = || {
                let page = flight.get("/login");
                let is_meant = |name: &str| RAISED.iter().any(|raised| name.starts_with(raised));
                let lines = page.headers.iter().filter(|(name, _)| is_meant(name));
                let lines = lines.map(|(name, value)| {
                    let is_upgraded = value.contains("upgrade-insecure-requests");
                    // A policy differs by its nonce as well.
                    if name.starts_with("content-security") {
                        is_upgraded.to_string()
                    } else {
                        format!("{name}: {value}")
                    }
                });
                lines.collect::<Vec<_>>().join("; ")
            };
            // What begins with watching shows when it has gone up.
            let is_watched = |name: &str| case.shown().contains(&format!("ramps = [\"{name}\"]"));
            match (is_watched("resource_policy"), is_watched("upgrade_insecure_requests")) {
                (true, _) => drop(soon(|| raised().contains("cross-origin-resource-policy: same-site"))),
                (_, true) => drop(soon(|| raised().contains("true"))),
                _ => {}
            }
            let seen = raised();
            // The firewall's mode shows in no header.
            vec![("sent", format!("{seen}; {}", is_watched("waf")))]
        },
    ),
    ("integrity", &["\"own-files\"", "\"off\""], &[], |case| {
        let flight = Flight::start(case);
        flight.get("/a.4f2a9c1b.js");
        let is_named = || flight.get("/file").text().contains(" integrity=");
        vec![("named", soon(is_named).to_string())]
    }),
    ("allow", &["[\"img-src data:\"]", "[]"], &[], |case| vec![("policy", Flight::start(case).tried(" data:"))]),
];

const RAISED: &[&str] =
    &["content-security-policy", "cross-origin-", "permissions-policy", "set-cookie", "strict-transport-security"];

struct Flight {
    _program: Program,
    place: SocketAddr,
    _app: RecordingUpstream,
}

impl Flight {
    fn start(case: &Case<'_>) -> Self {
        let app = RecordingUpstream::start(|request| {
            if request.request_line().contains(".4f2a9c1b.js ") {
                return Reply::with("Content-Type: text/javascript\r\n", "go()");
            }
            let script = if request.request_line().contains("/file") {
                "<script src='/a.4f2a9c1b.js'></script>"
            } else if request.request_line().contains("/new") {
                "<script>other()</script>"
            } else {
                ""
            };
            let cookie =
                if request.request_line().contains("/login") { "Set-Cookie: sessionid=1; Path=/\r\n" } else { "" };
            Reply::with(
                &format!("Content-Type: text/html\r\n{cookie}"),
                &format!("<body onload='go()'>{script}</body>"),
            )
        });
        let (program, place) = case.program(&app);
        Self { _program: program, place, _app: app }
    }

    fn ask(&self, ask: &Ask<'_>) -> RawResponse {
        let options = TlsOptions::new(&Trust::DangerousAnyone, HOST, &["http/1.1"]);
        WireClient::tls(self.place, &options).unwrap().ask(&ask.bytes())
    }

    fn get(&self, path: &str) -> RawResponse {
        self.ask(&Ask::get(path))
    }

    /// The step that a page names for reports, and whether its policy is enforced.
    fn page(&self, path: &str) -> (u64, bool) {
        let page = self.get(path);
        let header =
            |name: &str| page.headers.iter().find(|(header, _)| header == name).map(|(_, value)| value.as_str());
        let step = |name| header(name)?.split("pilot-").nth(1)?.split([',', ';', ' ']).next()?.parse().ok();
        match (step("content-security-policy"), step("content-security-policy-report-only")) {
            (Some(step), _) => (step, true),
            (None, Some(step)) => (step, false),
            (None, None) => (0, false),
        }
    }

    /// Whether it comes so far while pages are asked for.
    fn comes_to(&self, step: u64) -> bool {
        let is_there = || self.page("/").0 >= step;
        soon(is_there) || soon(is_there)
    }

    /// Whether the policy that is tried out says something.
    fn tried(&self, word: &str) -> String {
        wait_until("the trial", || (self.page("/").0 >= 2).then_some(()));
        let page = self.get("/");
        page.headers.iter().any(|(name, value)| name.ends_with("report-only") && value.contains(word)).to_string()
    }

    /// Reports an inline script under the step that is enforced.
    fn report(&self) {
        let path = format!("/.bartizan/reports/pilot-{}", self.page("/").0);
        self.ask(&Ask::post(&path, REPORT));
    }
}

const REPORT: &str = r#"{"csp-report":{"document-uri":"https://app.example/new","effective-directive":"script-src-elem","blocked-uri":"inline"}}"#;
