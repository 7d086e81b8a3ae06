//! Identity: tells the app who asks, for which host, and under which number. It refuses nothing.
//!
//! It runs after `client_address.rs` removed what clients say of themselves, so what the app reads in
//! `X-Forwarded-For`, `-Host`, `-Proto`, `-Port`, `X-Real-IP`, `Forwarded` and `X-Request-Id` is our word. A
//! `traceparent` that is valid is passed on; else one is made from the exchange's number.

use std::fmt;
use std::io::Write;
use std::net::IpAddr;
use std::ops::Range;

use bytes::Bytes;
use http::header::{self, HeaderName};
use http::{HeaderMap, HeaderValue};

use crate::context::Exchange;
use crate::head::RequestHead;
use crate::request_id::RequestId;
use crate::stages::{RequestStage, Verdict};

/// Writes the headers by which the app knows the client.
#[derive(Debug)]
pub struct Identity;

impl RequestStage for Identity {
    fn name(&self) -> &'static str {
        "identity"
    }

    fn describe(&self) -> String {
        "X-Forwarded-*, Forwarded, X-Real-IP, X-Request-Id and traceparent".to_owned()
    }

    fn head(&self, request: &mut RequestHead, exchange: &mut Exchange) -> Verdict {
        let headers = &mut request.headers;
        headers.reserve(8);
        let scheme = if exchange.https { "https" } else { "http" };
        let peer = exchange.connection.peer.ip().to_canonical();
        let chain = || exchange.forwarded_for.iter().copied().chain([peer]);

        // Everything new is written into one piece of memory, which the values then share.
        let mut text = Pieces::default();
        for (position, address) in chain().enumerate() {
            text.push(format_args!("{}{address}", if position == 0 { "" } else { ", " }));
        }
        let forwarded_for = text.cut();
        let real_ip = if chain().count() == 1 && exchange.client == peer {
            forwarded_for.clone()
        } else {
            text.push(format_args!("{}", exchange.client));
            text.cut()
        };
        for (position, address) in chain().enumerate() {
            let comma = if position == 0 { "" } else { ", " };
            match address {
                IpAddr::V4(address) => text.push(format_args!("{comma}for={address}")),
                // RFC 7239, 6: brackets, and quotes for the colons.
                IpAddr::V6(address) => text.push(format_args!("{comma}for=\"[{address}]\"")),
            }
        }
        // The last element is the one that speaks of the connection to us (RFC 7239, 4).
        let host = request.host.to_str().unwrap_or_default();
        text.push(format_args!(";host=\"{host}\";proto={scheme}"));
        let forwarded = text.cut();
        text.push(format_args!("{}", exchange.id));
        let request_id = text.cut();
        text.push_traceparent(&exchange.id);
        let traceparent = text.cut();
        let port = match request.authority.port {
            Some(port) => HeaderValue::from(port),
            None => HeaderValue::from_static(if exchange.https { "443" } else { "80" }),
        };

        let text = Bytes::from(text.text);
        for (name, piece) in [
            (&X_FORWARDED_FOR, forwarded_for),
            (&X_REAL_IP, real_ip),
            (&header::FORWARDED, forwarded),
            (&X_REQUEST_ID, request_id),
        ] {
            insert(headers, name, &text, piece);
        }
        headers.insert(&X_FORWARDED_HOST, request.host.clone());
        headers.insert(&X_FORWARDED_PORT, port);
        headers.insert(&X_FORWARDED_PROTO, HeaderValue::from_static(scheme));
        if !is_traced(headers) {
            headers.remove(&TRACESTATE);
            insert(headers, &TRACEPARENT, &text, traceparent);
        }
        Verdict::Pass
    }
}

fn insert(headers: &mut HeaderMap, name: &HeaderName, text: &Bytes, piece: Range<usize>) {
    // Addresses, hosts and numbers are all printable.
    if let Ok(value) = HeaderValue::from_maybe_shared(text.slice(piece)) {
        headers.insert(name, value);
    }
}

/// Values one behind the other in one piece of memory.
struct Pieces {
    text: Vec<u8>,
    start: usize,
}

impl Default for Pieces {
    fn default() -> Self {
        // Two IPv4 addresses three times, a host, and two numbers: one allocation for nearly every request.
        Self { text: Vec::with_capacity(256), start: 0 }
    }
}

impl Pieces {
    fn push(&mut self, what: fmt::Arguments<'_>) {
        // Writing to a vector cannot fail.
        let _ = self.text.write_fmt(what);
    }

    /// Ends a value and returns where it lies.
    fn cut(&mut self) -> Range<usize> {
        let piece = self.start..self.text.len();
        self.start = piece.end;
        piece
    }

    /// Writes a trace context whose trace is the exchange's number, in hexadecimal digits.
    ///
    /// It is flagged as sampled: programs that follow their parent would record nothing otherwise.
    fn push_traceparent(&mut self, id: &RequestId) {
        let id = id.as_str().as_bytes();
        self.text.extend_from_slice(b"00-");
        self.push_hexadecimal(id.iter());
        self.text.push(b'-');
        self.push_hexadecimal(id.iter().rev().take(8));
        self.text.extend_from_slice(b"-01");
    }

    fn push_hexadecimal<'a>(&mut self, bytes: impl Iterator<Item = &'a u8>) {
        let digit = |value: u8| if value < 10 { b'0' + value } else { b'a' + value - 10 };
        self.text.extend(bytes.flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]));
    }
}

/// Whether the client brought one valid trace context, which is then passed on.
fn is_traced(headers: &HeaderMap) -> bool {
    let mut lines = headers.get_all(&TRACEPARENT).iter();
    lines.next().is_some_and(|value| is_traceparent(value.as_bytes())) && lines.next().is_none()
}

/// Whether the text is a trace context (W3C Trace Context, 3.2.2), of version 00 or a later one.
fn is_traceparent(text: &[u8]) -> bool {
    let mut parts = text.split(|byte| *byte == b'-');
    let mut part = |length: usize, may_be_zero: bool| {
        parts.next().is_some_and(|part| {
            part.len() == length
                && part.iter().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'))
                && (may_be_zero || part.iter().any(|digit| *digit != b'0'))
        })
    };
    let is_whole = part(2, true) && part(32, false) && part(16, false) && part(2, true);
    is_whole && !text.starts_with(b"ff") && (!text.starts_with(b"00") || parts.next().is_none())
}

static TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");
static TRACESTATE: HeaderName = HeaderName::from_static("tracestate");
static X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
static X_FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");
static X_FORWARDED_PORT: HeaderName = HeaderName::from_static("x-forwarded-port");
static X_FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");
static X_REAL_IP: HeaderName = HeaderName::from_static("x-real-ip");
static X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stages::request::testing::{Ask, outcome};

    #[test]
    fn the_app_learns_who_asks() {
        let mut direct = Ask::get("/");
        let mut behind = Ask::get("/").plain().from("2001:db8::1").to("app.example:8080");
        behind.exchange.forwarded_for = vec!["203.0.113.9".parse().unwrap()];
        behind.exchange.client = "203.0.113.9".parse().unwrap();
        for (ask, lines) in [
            (
                &mut direct,
                [
                    ("x-forwarded-for", "192.0.2.1"),
                    ("x-real-ip", "192.0.2.1"),
                    ("x-forwarded-host", "app.example"),
                    ("x-forwarded-port", "443"),
                    ("x-forwarded-proto", "https"),
                    ("forwarded", "for=192.0.2.1;host=\"app.example\";proto=https"),
                ],
            ),
            (
                &mut behind,
                [
                    ("x-forwarded-for", "203.0.113.9, 2001:db8::1"),
                    ("x-real-ip", "203.0.113.9"),
                    ("x-forwarded-host", "app.example:8080"),
                    ("x-forwarded-port", "8080"),
                    ("x-forwarded-proto", "http"),
                    ("forwarded", "for=203.0.113.9, for=\"[2001:db8::1]\";host=\"app.example:8080\";proto=http"),
                ],
            ),
        ] {
            assert_eq!(outcome(&Identity, ask), "pass");
            for (name, value) in lines {
                assert_eq!(ask.line(name), Some(value), "{name}");
            }
            assert_eq!(ask.line("x-request-id"), Some(ask.exchange.id.as_str()));
        }
    }

    #[test]
    fn a_valid_trace_is_passed_on_and_another_replaced() {
        let valid = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        for (sent, is_kept) in [
            (Some(valid), true),
            (Some("01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more"), true),
            (Some("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more"), false),
            (Some("00-00000000000000000000000000000000-b7ad6b7169203331-01"), false),
            (Some("00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01"), false),
            (Some("ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"), false),
            (Some("x"), false),
            (None, false),
        ] {
            let mut ask = Ask::get("/").with("tracestate", "a=b");
            ask = if let Some(sent) = sent { ask.with("traceparent", sent) } else { ask };
            assert_eq!(outcome(&Identity, &mut ask), "pass");
            let found = ask.line("traceparent").unwrap();
            assert_eq!(Some(found) == sent, is_kept, "{sent:?}");
            assert!(is_traceparent(found.as_bytes()), "{found}");
            assert_eq!(ask.line("tracestate").is_some(), is_kept, "{sent:?}");
        }
    }
}
