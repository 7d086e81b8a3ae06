//! A request.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::percent_decode_str;
use url::{Position, Url};

/// A request without a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The method.
    pub method: &'static str,
    /// The address.
    pub url: Url,
    /// The lines, without Host and Connection.
    pub lines: Vec<(String, String)>,
}

/// What becomes of the connection after the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum After {
    /// It is closed.
    Close,
    /// It waits for the next request.
    Keep,
}

impl Request {
    /// Returns a GET without lines.
    pub const fn get(url: Url) -> Self {
        Self { method: "GET", url, lines: Vec::new() }
    }

    /// Adds a line.
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.lines.push((name.to_owned(), value.into()));
        self
    }

    /// Adds cookies to those that are there: a request has one line of them (RFC 6265, 5.4).
    pub fn with_cookies(mut self, pairs: &str) -> Self {
        match self.lines.iter_mut().find(|(name, _)| name.eq_ignore_ascii_case("cookie")) {
            Some((_, line)) => {
                line.push_str("; ");
                line.push_str(pairs);
                self
            }
            None => self.with("Cookie", pairs),
        }
    }

    /// Returns the bytes to send.
    pub(crate) fn bytes(&self, after: After) -> Vec<u8> {
        let target = &self.url[Position::BeforePath..Position::AfterQuery];
        let authority = &self.url[Position::BeforeHost..Position::AfterPort];
        let mut text = format!("{} {target} HTTP/1.1\r\n", self.method);
        let has_own_host = self.lines.iter().any(|(name, _)| name.eq_ignore_ascii_case("host"));
        if !has_own_host {
            text.push_str(&format!("Host: {authority}\r\n"));
        }
        for (name, value) in &self.lines {
            text.push_str(&format!("{name}: {value}\r\n"));
        }
        if !self.url.username().is_empty() || self.url.password().is_some() {
            text.push_str(&format!("Authorization: {}\r\n", basic(&self.url)));
        }
        text.push_str(match after {
            After::Close => "Connection: close\r\n\r\n",
            // HTTP/1.1 keeps it unasked; servers of HTTP/1.0 want to be asked.
            After::Keep => "Connection: keep-alive\r\n\r\n",
        });
        text.into_bytes()
    }
}

/// Returns what browsers make of a name and a password in an address (RFC 7617, 2).
fn basic(url: &Url) -> String {
    let mut pair: Vec<u8> = percent_decode_str(url.username()).collect();
    pair.push(b':');
    pair.extend(percent_decode_str(url.password().unwrap_or_default()));
    format!("Basic {}", STANDARD.encode(pair))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_share_a_line() {
        let request = Request::get("http://a.example/".parse().unwrap()).with_cookies("a=b").with_cookies("c=d");
        assert_eq!(request.lines, [("Cookie".to_owned(), "a=b; c=d".to_owned())]);
    }

    #[test]
    fn requests_are_written() {
        for (url, text) in [
            ("http://a.example/x?y#z", "GET /x?y HTTP/1.1\r\nHost: a.example\r\nA: b\r\nConnection: close\r\n\r\n"),
            ("https://[::1]:81", "GET / HTTP/1.1\r\nHost: [::1]:81\r\nA: b\r\nConnection: close\r\n\r\n"),
            (
                "https://u:p%40@a.example",
                "GET / HTTP/1.1\r\nHost: a.example\r\nA: b\r\nAuthorization: Basic dTpwQA==\r\nConnection: close\r\n\r\n",
            ),
        ] {
            let request = Request::get(url.parse().unwrap()).with("A", "b");
            assert_eq!(String::from_utf8(request.bytes(After::Close)).unwrap(), text);
            let kept = text.replace("Connection: close", "Connection: keep-alive");
            assert_eq!(String::from_utf8(request.bytes(After::Keep)).unwrap(), kept);
        }
    }
}
