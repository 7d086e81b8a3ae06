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

    /// Returns the bytes to send.
    pub(crate) fn bytes(&self) -> Vec<u8> {
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
        text.push_str("Connection: close\r\n\r\n");
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
            assert_eq!(String::from_utf8(request.bytes()).unwrap(), text);
        }
    }
}
