//! The autopilot as a whole: the program learns an app, enforces, meets a change, steps back and learns it.

#![allow(clippy::unwrap_used, reason = "a helper that cannot go on is a failed test")]

use std::net::SocketAddr;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bartizan_testkit::{Program, RawResponse, RecordingUpstream, Reply, TlsOptions, Trust, WireClient, wait_until};
use serde_json::Value;

/// An app with inline scripts, scripts elsewhere, handlers and style attributes.
const PAGES: [&str; 2] = [
    r#"<!doctype html><head><script>start()</script><script src="/static/app.js"></script>
<script src="https://cdn.example/lib.js"></script><style>b{color:red}</style></head>
<body onload="ready()"><p style="top:0">x</p><img src="https://img.example/a.png"></body>"#,
    r#"<!doctype html><head><script>start()</script><script src="/static/app.js"></script>
<script src="https://cdn.example/lib.js"></script><style>b{color:red}</style></head>
<body onload="ready()"><p style="top:0">x</p><img src="https://img.example/a.png">
<script>deployed(1)</script></body>"#,
];

struct Site {
    program: Program,
    app: Arc<AtomicUsize>,
    _upstream: RecordingUpstream,
}

fn start(more: &str) -> Site {
    let app = Arc::new(AtomicUsize::new(0));
    let version = Arc::clone(&app);
    let upstream = RecordingUpstream::start(move |request| {
        let page = PAGES[version.load(Ordering::Relaxed)];
        if request.request_line().contains("injected") {
            return Reply::with(
                "Content-Type: text/html\r\n",
                &page.replace("</body>", "<script>steal()</script></body>"),
            );
        }
        Reply::with("Content-Type: text/html\r\n", page)
    });
    let url = upstream.url();
    let program = Program::serve(env!("CARGO_BIN_EXE_bartizan"), 2, |ports, folder| {
        format!(
            "[server]\nlisten = [\"127.0.0.1:{}\"]\nlisten_http = []\nadmin = \"127.0.0.1:{}\"\nworkers = 1\n\
             trusted_proxies = [\"127.0.0.0/8\"]\nstate_dir = {folder:?}\n[server.log]\naccess = \"off\"\n\
             [reports]\nflush = \"10ms\"\n[[site]]\nhosts = [\"app.example\"]\nupstream = [\"{url}\"]\n\
             waf = {{ mode = \"off\" }}\n[site.autopilot]\nlearn = \"1s\"\ntrial = \"1s\"\nstep = \"1s\"\npages = 4\n\
             clients = 3\nwitnesses = 2\n{more}\n",
            ports[0], ports[1]
        )
    });
    Site { program, app, _upstream: upstream }
}

impl Site {
    fn client(&self) -> WireClient {
        let options = TlsOptions::new(&Trust::DangerousAnyone, "app.example", &["http/1.1"]);
        WireClient::tls(self.program.address(0), &options).unwrap()
    }

    fn page(&self, client: u8, path: &str) -> RawResponse {
        let ask = format!("GET {path} HTTP/1.1\r\nHost: app.example\r\nX-Forwarded-For: 203.0.{client}.1\r\n\r\n");
        self.client().ask(ask.as_bytes())
    }

    fn report(&self, client: u8, directive: &str, blocked: &str) {
        let step = self.status()["step"].as_u64().unwrap();
        let body = format!(
            "{{\"csp-report\":{{\"document-uri\":\"https://app.example/\",\"effective-directive\":\"{directive}\",\
             \"blocked-uri\":\"{blocked}\"}}}}"
        );
        let ask = format!(
            "POST /.bartizan/reports/pilot-{step} HTTP/1.1\r\nHost: app.example\r\nX-Forwarded-For: 203.0.{client}.1\r\n\
             Content-Type: application/csp-report\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        assert_eq!(self.client().ask(ask.as_bytes()).status, 204);
    }

    fn run(&self, arguments: &[&str]) -> (bool, String) {
        let admin: SocketAddr = self.program.address(1);
        let mut command = Command::new(env!("CARGO_BIN_EXE_bartizan"));
        let output = command.arg("autopilot").args(arguments).args(["--admin", &admin.to_string()]).output().unwrap();
        (output.status.success(), String::from_utf8(output.stdout).unwrap() + &String::from_utf8_lossy(&output.stderr))
    }

    fn status(&self) -> Value {
        let (_, text) = self.run(&["status", "app.example", "--format", "json"]);
        serde_json::from_str::<Value>(&text).unwrap()["sites"][0].clone()
    }

    /// Serves pages to three clients until the site has come so far.
    fn fly(&self, stage: &str) -> Value {
        wait_until(stage, || {
            for client in 1..=3 {
                assert_eq!(self.page(client, "/").status, 200);
            }
            Some(self.status()).filter(|status| status["stage"] == stage)
        })
    }
}

fn header(response: &RawResponse, name: &str) -> String {
    response
        .headers
        .iter()
        .filter(|(header, _)| header == name)
        .map(|(_, value)| value.as_str())
        .collect::<Vec<_>>()
        .join(", ")
}

const ENFORCED: &str = "content-security-policy";
const REPORTED: &str = "content-security-policy-report-only";

/// How often the page's own nonce stands in it.
fn blessed(response: &RawResponse, policy: &str) -> usize {
    let policy = header(response, policy);
    let nonce = policy.split("'nonce-").nth(1).unwrap().split('\'').next().unwrap();
    response.text().matches(&format!(" nonce=\"{nonce}\"")).count()
}

#[test]
fn an_app_is_learnt_and_protected_and_its_change_as_well() {
    let site = start("");
    let page = site.page(1, "/");
    assert!(!header(&page, ENFORCED).contains("nonce-"), "{page:?}");
    assert_eq!(blessed(&page, REPORTED), 4);
    assert!(header(&page, "cache-control").starts_with("private"));

    let status = site.fly("report-only");
    assert!(!header(&site.page(1, "/"), ENFORCED).contains("nonce-"));
    let policy = status["policy"].as_str().unwrap();
    assert!(policy.contains("img-src 'self' https://img.example;"), "{policy}");
    assert!(policy.contains("'unsafe-hashes'") && !policy.contains("unsafe-inline"), "{policy}");

    site.fly("enforced");
    let page = site.page(1, "/");
    let policy = header(&page, ENFORCED);
    assert!(policy.contains("script-src 'nonce-") && policy.contains("'strict-dynamic'"), "{policy}");
    assert_eq!((header(&page, REPORTED), blessed(&page, ENFORCED)), (String::new(), 4));
    let injected = site.page(1, "/injected");
    assert!(injected.text().contains("<script>steal()</script>"), "{}", injected.text());

    // A report of one client, and a flood of one that was served nothing, are no reason.
    site.report(1, "script-src-elem", "inline");
    for _ in 0..10 {
        site.report(99, "script-src-elem", "inline");
    }
    let status = wait_until("the flood to be counted", || Some(site.status()).filter(|now| now["strangers"] == 10));
    assert_eq!(status["stage"], "enforced");

    // The app brings a new script, and two clients meet it.
    site.app.store(1, Ordering::Relaxed);
    for client in 1..=2 {
        assert!(site.page(client, "/").text().contains("<script>deployed(1)</script>"));
    }
    site.report(2, "script-src-elem", "inline");
    wait_until("the step back", || Some(site.status()).filter(|now| now["stage"] == "learning"));
    assert!(!header(&site.page(1, "/"), ENFORCED).contains("nonce-"));
    let status = site.fly("enforced");
    assert_eq!(blessed(&site.page(1, "/"), ENFORCED), 5);
    let log = status["log"].as_array().unwrap();
    assert!(
        log.iter().any(|step| step["to"] == "learning"
            && step["reason"].as_str().unwrap().contains("clients report new violations")),
        "{log:?}"
    );

    // What was planted for one client is still not known.
    assert!(site.page(1, "/injected").text().contains("<script>steal()</script>"));
}

#[test]
fn the_operator_holds_forces_and_undoes() {
    let mut site = start("mode = \"learn\"");
    assert!(site.run(&["hold", "app.example"]).0);
    assert!(site.status()["held"].as_bool().unwrap());
    for client in 1..=3 {
        site.page(client, "/");
    }
    wait_until("pages to be counted", || Some(site.status()).filter(|now| now["pages"] == 3));
    for expected in ["report-only", "enforced for 5%", "enforced for 25%", "enforced for 50%", "enforced"] {
        let (is_fine, text) = site.run(&["advance", "app.example"]);
        assert!(is_fine && text.contains(expected), "{text}");
    }
    assert!(!site.run(&["advance", "app.example"]).0, "there is no further step");
    assert!(header(&site.page(1, "/"), ENFORCED).contains("'nonce-"));
    assert!(!site.run(&["advance", "other.example"]).0);
    let (_, text) = site.run(&["revert", "app.example"]);
    assert!(text.contains("enforced for 50%"), "{text}");
    let (_, human) = site.run(&["status"]);
    assert!(human.contains("by the operator"), "{human}");

    // What was said and learnt survives a crash.
    let before = site.status();
    site.program.signal("KILL");
    site.program.wait_for_exit();
    let mut command = Command::new(env!("CARGO_BIN_EXE_bartizan"));
    command.args(["serve".as_ref(), "--config".as_ref(), site.program.config_file().as_os_str()]);
    let mut again = command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null()).spawn().unwrap();
    let after = wait_until("the program to answer again", || {
        let (is_fine, text) = site.run(&["status", "--format", "json"]);
        is_fine.then(|| serde_json::from_str::<Value>(&text).unwrap()["sites"][0].clone())
    });
    again.kill().unwrap();
    again.wait().unwrap();
    for key in ["stage", "step", "held", "known", "policy"] {
        assert_eq!(after[key], before[key], "{key}");
    }
}
