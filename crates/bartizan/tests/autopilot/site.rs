//! A site with an autopilot, an app that may change, and clients of several networks.

use std::net::SocketAddr;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bartizan_testkit::{Program, RawResponse, RecordingUpstream, Reply, TlsOptions, Trust, WireClient, wait_until};
use serde_json::Value;

/// An app with inline scripts, scripts elsewhere, handlers and style attributes.
const PAGES: [&str; 3] = [
    r#"<!doctype html><head><script>start()</script><script src="/static/app.js"></script>
<script src="https://cdn.example/lib.js"></script><style>b{color:red}</style></head>
<body onload="ready()"><p style="top:0">x</p><img src="https://img.example/a.png"></body>"#,
    r#"<!doctype html><head><script>start()</script><script src="/static/app.js"></script>
<script src="https://cdn.example/lib.js"></script><style>b{color:red}</style></head>
<body onload="ready()"><p style="top:0">x</p><img src="https://img.example/a.png">
<script>deployed(1)</script></body>"#,
    // It brings a policy of its own, with a nonce that never changes.
    r#"<!doctype html><head><meta http-equiv="Content-Security-Policy" content="script-src 'nonce-fixed'">
<script nonce="fixed">start()</script><script nonce="fixed" src="/static/app.js"></script></head><p>x</p>
<iframe src="https://meet.example/room" allow="microphone"></iframe>"#,
];

/// A file that says that it never changes, and does.
pub(crate) const FILES: [&str; 2] = ["start()", "start(2)"];

pub(crate) struct Site {
    pub(crate) program: Program,
    pub(crate) app: Arc<AtomicUsize>,
    _upstream: RecordingUpstream,
}

pub(crate) fn start(more: &str) -> Site {
    start_with("", "", more)
}

/// Starts a site: header lines that the app sends, what follows `[reports]`, and what the autopilot waits for.
pub(crate) fn start_with(lines: &'static str, reports: &str, more: &str) -> Site {
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
        if request.request_line().contains("/static/app.js") {
            let headers = "Content-Type: text/javascript\r\nCache-Control: max-age=31536000, immutable\r\n";
            return Reply::with(headers, FILES[version.load(Ordering::Relaxed).min(1)]);
        }
        if request.request_line().contains("/static/") {
            return Reply::with("Content-Type: image/png\r\n", "picture");
        }
        let cookie = if request.request_line().contains("/login") { "Set-Cookie: sessionid=1; Path=/\r\n" } else { "" };
        Reply::with(&format!("Content-Type: text/html\r\n{lines}{cookie}"), page)
    });
    let url = upstream.url();
    let program = Program::serve(env!("CARGO_BIN_EXE_bartizan"), 2, |ports, folder| {
        format!(
            "[server]\nlisten = [\"127.0.0.1:{}\"]\nlisten_http = []\nadmin = \"127.0.0.1:{}\"\nworkers = 1\n\
             trusted_proxies = [\"127.0.0.0/8\"]\nstate_dir = {folder:?}\n[server.log]\naccess = \"off\"\n\
             [reports]\nflush = \"10ms\"\n{reports}[[site]]\nhosts = [\"app.example\"]\nupstream = [\"{url}\"]\n\
             waf = {{ mode = \"off\" }}\n[site.autopilot]\nlearn = \"1s\"\ntrial = \"1s\"\nstep = \"1s\"\npages = 4\n\
             clients = 3\nwitnesses = 2\n{more}\n",
            ports[0], ports[1]
        )
    });
    Site { program, app, _upstream: upstream }
}

impl Site {
    pub(crate) fn client(&self) -> WireClient {
        let options = TlsOptions::new(&Trust::DangerousAnyone, "app.example", &["http/1.1"]);
        WireClient::tls(self.program.address(0), &options).unwrap()
    }

    pub(crate) fn page(&self, client: u8, path: &str) -> RawResponse {
        self.page_with(client, path, "")
    }

    /// Asks for a page with more header lines.
    pub(crate) fn page_with(&self, client: u8, path: &str, lines: &str) -> RawResponse {
        let ask =
            format!("GET {path} HTTP/1.1\r\nHost: app.example\r\nX-Forwarded-For: 203.0.{client}.1\r\n{lines}\r\n");
        self.client().ask(ask.as_bytes())
    }

    /// Sends a report of the Reporting API to the site's endpoint.
    pub(crate) fn report_body(&self, client: u8, body: &str) {
        let ask = format!(
            "POST /.bartizan/reports HTTP/1.1\r\nHost: app.example\r\nX-Forwarded-For: 203.0.{client}.1\r\n\
             Content-Type: application/reports+json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        assert_eq!(self.client().ask(ask.as_bytes()).status, 204);
    }

    /// What is said of a ramp.
    pub(crate) fn ramp(&self, name: &str) -> Value {
        let status = self.status();
        let ramps = status["ramps"].as_array().unwrap();
        ramps.iter().find(|ramp| ramp["name"] == name).unwrap().clone()
    }

    pub(crate) fn report(&self, client: u8, directive: &str, blocked: &str) {
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

    pub(crate) fn run(&self, arguments: &[&str]) -> (bool, String) {
        self.run_command("autopilot", arguments)
    }

    pub(crate) fn run_command(&self, name: &str, arguments: &[&str]) -> (bool, String) {
        let admin: SocketAddr = self.program.address(1);
        let mut command = Command::new(env!("CARGO_BIN_EXE_bartizan"));
        let output = command.arg(name).args(arguments).args(["--admin", &admin.to_string()]).output().unwrap();
        (output.status.success(), String::from_utf8(output.stdout).unwrap() + &String::from_utf8_lossy(&output.stderr))
    }

    pub(crate) fn status(&self) -> Value {
        let (_, text) = self.run(&["status", "app.example", "--format", "json"]);
        serde_json::from_str::<Value>(&text).unwrap()["sites"][0].clone()
    }

    /// Serves pages to three clients until the site has come so far.
    pub(crate) fn fly(&self, stage: &str) -> Value {
        wait_until(stage, || {
            for client in 1..=3 {
                assert_eq!(self.page(client, "/").status, 200);
            }
            Some(self.status()).filter(|status| status["stage"] == stage)
        })
    }
}

pub(crate) fn header(response: &RawResponse, name: &str) -> String {
    response
        .headers
        .iter()
        .filter(|(header, _)| header == name)
        .map(|(_, value)| value.as_str())
        .collect::<Vec<_>>()
        .join(", ")
}

pub(crate) const ENFORCED: &str = "content-security-policy";
pub(crate) const REPORTED: &str = "content-security-policy-report-only";

/// How often the page's own nonce stands in it.
pub(crate) fn blessed(response: &RawResponse, policy: &str) -> usize {
    let policy = header(response, policy);
    let nonce = policy.split("'nonce-").nth(1).unwrap().split('\'').next().unwrap();
    response.text().matches(&format!(" nonce=\"{nonce}\"")).count()
}
