//! A question, and in what two answers differ.

use bartizan_testkit::{Program, RawResponse, TlsOptions, Trust, WireClient};

/// A question to a server.
#[derive(Debug)]
pub(crate) struct Ask {
    pub(crate) is_tls: bool,
    pub(crate) method: &'static str,
    pub(crate) host: &'static str,
    pub(crate) path: &'static str,
    /// How many bytes are sent.
    pub(crate) body: usize,
}

/// Returns a question over TLS.
pub(crate) const fn tls(host: &'static str, path: &'static str) -> Ask {
    Ask { is_tls: true, method: "GET", host, path, body: 0 }
}

/// Returns a question over plain HTTP.
pub(crate) const fn plain(host: &'static str, path: &'static str) -> Ask {
    Ask { is_tls: false, method: "GET", host, path, body: 0 }
}

/// Returns a question with a method and a body.
pub(crate) const fn send(method: &'static str, host: &'static str, path: &'static str, body: usize) -> Ask {
    Ask { is_tls: true, method, host, path, body }
}

impl Ask {
    /// Asks a program, whose first port speaks TLS and whose second does not.
    pub(crate) fn of(&self, program: &Program) -> RawResponse {
        let mut client = if self.is_tls {
            let options = TlsOptions::new(&Trust::DangerousAnyone, self.host, &["http/1.1"]);
            WireClient::tls(program.address(0), &options).unwrap()
        } else {
            WireClient::plain(program.address(1))
        };
        let proto = if self.is_tls { "X-Forwarded-Proto: https\r\n" } else { "" };
        let length = if self.body > 0 || self.method == "POST" {
            format!("Content-Length: {}\r\n", self.body)
        } else {
            String::new()
        };
        let head = format!(
            "{} {} HTTP/1.1\r\nHost: {}\r\n{proto}{length}Connection: close\r\n\r\n",
            self.method, self.path, self.host
        );
        let mut bytes = head.into_bytes();
        bytes.resize(bytes.len() + self.body, b'a');
        client.ask(&bytes)
    }
}

/// What is answered otherwise.
#[allow(dead_code, reason = "a test that fails shows all of it")]
#[derive(Debug)]
pub(crate) enum Difference {
    Header { name: &'static str, status: u16, expected: Option<String>, found: Option<String> },
    Status { expected: u16, found: u16 },
}

/// Returns in what two answers differ.
pub(crate) fn compare(expected: &RawResponse, found: &RawResponse) -> Vec<Difference> {
    let mut differences = Vec::new();
    if expected.status != found.status {
        differences.push(Difference::Status { expected: expected.status, found: found.status });
    }
    let is_redirect = |status: u16| (300..400).contains(&status);
    if expected.status != found.status && !(is_redirect(expected.status) && is_redirect(found.status)) {
        return differences;
    }
    for name in NAMES {
        let (one, other) = (value(expected, name), value(found, name));
        if one != other {
            differences.push(Difference::Header { name, status: found.status, expected: one, found: other });
        }
    }
    differences
}

/// Two lines of one value say it once; ports differ between the two programs.
fn value(response: &RawResponse, name: &str) -> Option<String> {
    let value = response.header(name)?.trim_end_matches(';').to_owned();
    if name == "location" {
        let mut url = url::Url::parse(&value).ok()?;
        url.set_port(None).ok()?;
        return Some(url.to_string());
    }
    if name == "set-cookie" {
        let mut parts: Vec<_> = value.split(';').map(|part| part.trim().to_ascii_lowercase()).collect();
        parts.sort_unstable();
        return Some(parts.join("; "));
    }
    Some(value)
}

/// What an import carries over.
const NAMES: &[&str] = &[
    "location",
    "strict-transport-security",
    "x-frame-options",
    "x-content-type-options",
    "content-security-policy",
    "content-security-policy-report-only",
    "referrer-policy",
    "permissions-policy",
    "cross-origin-opener-policy",
    "x-xss-protection",
    "x-custom",
    "x-powered-by",
    "set-cookie",
];
