//! The header fields of a request: which are refused, which end here, which are brought into one form.

use http::header::{self, HeaderName};
use http::{HeaderMap, HeaderValue, Version};

use super::{has_own_framing, joined, refusals};
use crate::head::Upgrade;
use crate::stages::Refusal;

/// Refuses fields that two readers could understand differently.
pub(super) fn judge(headers: &HeaderMap, version: Version) -> Result<(), Refusal> {
    for name in headers.keys() {
        let text = name.as_str();
        if text.contains('_') && is_alias(text, &[header::CONTENT_LENGTH, header::TRANSFER_ENCODING]) {
            return Err(Refusal::new(&refusals::AMBIGUOUS_LENGTH).because("a framing field with an underscore"));
        }
        if has_own_framing(version) && HTTP1_ONLY.contains(&text) {
            return Err(Refusal::new(&refusals::MALFORMED_HEAD).because("a field of HTTP/1's connections over HTTP/2"));
        }
        if text.contains('"') {
            // The one octet that `HeaderName` takes and a token does not have (RFC 9110, 5.6.2).
            return Err(Refusal::new(&refusals::MALFORMED_HEAD).because("a field name that is no token"));
        }
    }
    // Nearly no request repeats a field, which two counters tell without looking one up.
    let repeats = headers.len() != headers.keys_len();
    if let Some(name) = SINGLE.iter().find(|name| repeats && headers.get_all(*name).iter().nth(1).is_some()) {
        return Err(Refusal::new(&refusals::REPEATED_FIELD).because(name.as_str()));
    }
    if headers.contains_key(header::CONTENT_LENGTH) && headers.contains_key(header::TRANSFER_ENCODING) {
        return Err(Refusal::new(&refusals::AMBIGUOUS_LENGTH).because("both length fields"));
    }
    if let Some(length) = headers.get(header::CONTENT_LENGTH) {
        let digits = length.as_bytes();
        if digits.is_empty() || digits.len() > 19 || !digits.iter().all(u8::is_ascii_digit) {
            return Err(Refusal::new(&refusals::AMBIGUOUS_LENGTH).because("a length that is no number"));
        }
    }
    if headers.values().any(|value| is_loose(value.as_bytes())) {
        // RFC 9113, 8.2.1. Over HTTP/1 such white space is not part of the value and is gone by now.
        return Err(Refusal::new(&refusals::MALFORMED_HEAD).because("white space around a value"));
    }
    Ok(())
}

/// Takes out what ends at this connection; returns what it asked of us: another protocol, a `100 Continue`.
pub(super) fn settle(headers: &mut HeaderMap, version: Version) -> Result<(Option<Upgrade>, bool), Refusal> {
    headers.remove(header::HOST);
    respell_length(headers);
    let upgrade = upgrade(headers, version);
    let expects_continue = match headers.remove(header::EXPECT) {
        None => false,
        Some(value) if value.as_bytes().eq_ignore_ascii_case(b"100-continue") => version > Version::HTTP_10,
        Some(_) => return Err(Refusal::new(&refusals::UNKNOWN_EXPECTATION)),
    };
    let wants_trailers = headers.get_all(header::TE).iter().any(|value| has_token(value, b"trailers"));
    remove_connection_fields(headers);
    if wants_trailers {
        headers.insert(header::TE, HeaderValue::from_static("trailers"));
    }
    if headers.get_all(header::COOKIE).iter().nth(1).is_some() {
        // RFC 9113, 8.2.3: crumbs become one line before anyone who knows one line only.
        if let Some(line) = joined(headers, &header::COOKIE, b"; ") {
            headers.insert(header::COOKIE, line);
        }
    }
    remove_aliases(headers);
    Ok((upgrade, expects_continue))
}

/// Takes leading zeros off the length, which some readers take for octal.
fn respell_length(headers: &mut HeaderMap) {
    if let Some(length) = headers.get_mut(header::CONTENT_LENGTH)
        && let Some((b'0', [_, ..])) = length.as_bytes().split_first()
        && let Some(number) = length.to_str().ok().and_then(|digits| digits.parse::<u64>().ok())
    {
        *length = HeaderValue::from(number);
    }
}

/// Reads the wish for another protocol: `Connection: upgrade` with `Upgrade`, HTTP/1.1 only (RFC 9110, 7.8).
fn upgrade(headers: &HeaderMap, version: Version) -> Option<Upgrade> {
    if version != Version::HTTP_11 || !headers.contains_key(header::UPGRADE) {
        return None;
    }
    if !headers.get_all(header::CONNECTION).iter().any(|value| has_token(value, b"upgrade")) {
        return None;
    }
    let value = joined(headers, &header::UPGRADE, b", ")?;
    tokens(&value).next()?;
    // A tunnel of HTTP/2 would carry requests past every stage.
    let is_tunnel =
        |token: &[u8]| token.len() >= 2 && token.get(..2).is_some_and(|start| start.eq_ignore_ascii_case(b"h2"));
    if !tokens(&value).any(is_tunnel) {
        return Some(Upgrade { protocols: value });
    }
    let kept: Vec<&[u8]> = tokens(&value).filter(|token| !is_tunnel(token)).collect();
    if kept.is_empty() {
        return None;
    }
    HeaderValue::from_bytes(&kept.join(&b", "[..])).ok().map(|protocols| Upgrade { protocols })
}

/// Removes the fields of this connection and those that `Connection` lists, unless they are meant for the app.
fn remove_connection_fields(headers: &mut HeaderMap) {
    for line in headers.get_all(header::CONNECTION).iter().cloned().collect::<Vec<_>>() {
        for option in tokens(&line) {
            let Ok(name) = HeaderName::from_bytes(option) else { continue };
            if !is_end_to_end(&name) {
                headers.remove(name);
            }
        }
    }
    // Asked of each field there is, which costs less than looking up each that might be.
    while let Some(name) = headers.keys().find(|name| is_hop_by_hop(name.as_str())).cloned() {
        headers.remove(name);
    }
}

/// Whether a field is meant for the app, so that `Connection` may not name it (RFC 9110, 7.6.1).
///
/// Otherwise a client could have its cookie, its origin or a header of ours removed on the way.
fn is_end_to_end(name: &HeaderName) -> bool {
    let text = name.as_str();
    END_TO_END.contains(&text) || END_TO_END_STARTS.iter().any(|start| text.starts_with(start))
}

/// Removes fields whose underscores some apps read as hyphens (CGI, WSGI), where that meets a field we judge.
fn remove_aliases(headers: &mut HeaderMap) {
    let aliases: Vec<HeaderName> = headers
        .keys()
        .filter(|name| name.as_str().contains('_'))
        .filter(|name| {
            HeaderName::from_bytes(name.as_str().replace('_', "-").as_bytes()).is_ok_and(|dashed| {
                is_end_to_end(&dashed) || headers.contains_key(&dashed) || is_hop_by_hop(dashed.as_str())
            })
        })
        .cloned()
        .collect();
    for name in aliases {
        headers.remove(name);
    }
}

fn is_alias(text: &str, names: &[HeaderName]) -> bool {
    names.iter().any(|name| {
        let name = name.as_str();
        name.len() == text.len()
            && name.bytes().zip(text.bytes()).all(|(one, other)| one == other || (one == b'-' && other == b'_'))
    })
}

fn tokens(value: &HeaderValue) -> impl Iterator<Item = &[u8]> {
    value.as_bytes().split(|byte| *byte == b',').map(<[u8]>::trim_ascii).filter(|token| !token.is_empty())
}

fn has_token(value: &HeaderValue, wanted: &[u8]) -> bool {
    tokens(value).any(|token| token.eq_ignore_ascii_case(wanted))
}

fn is_loose(value: &[u8]) -> bool {
    let is_space = |byte: Option<&u8>| matches!(byte, Some(b' ' | b'\t'));
    is_space(value.first()) || is_space(value.last())
}

/// Fields of which the first or the last could be believed, so that one reader believes another than we judged.
///
/// `X-Forwarded-*` and `Forwarded` may repeat: `client_address.rs` reads and removes them.
static SINGLE: [HeaderName; 15] = [
    header::ACCESS_CONTROL_REQUEST_METHOD,
    header::AUTHORIZATION,
    header::CONTENT_LENGTH,
    header::CONTENT_TYPE,
    header::EXPECT,
    header::ORIGIN,
    header::RANGE,
    header::REFERER,
    header::SEC_WEBSOCKET_KEY,
    header::SEC_WEBSOCKET_VERSION,
    header::USER_AGENT,
    HeaderName::from_static("sec-fetch-dest"),
    HeaderName::from_static("sec-fetch-mode"),
    HeaderName::from_static("sec-fetch-site"),
    HeaderName::from_static("sec-fetch-user"),
];

/// Whether a field ends at this connection (RFC 9110, 7.6.1 and 11.7; RFC 9113, 3.1 for `HTTP2-Settings`).
fn is_hop_by_hop(name: &str) -> bool {
    matches!(
        name,
        "connection"
            | "http2-settings"
            | "keep-alive"
            | "proxy-authenticate"
            | "proxy-authentication-info"
            | "proxy-authorization"
            | "proxy-connection"
            | "te"
            | "transfer-encoding"
            | "upgrade"
    )
}

/// RFC 9113, 8.2.2.
const HTTP1_ONLY: &[&str] =
    &["connection", "http2-settings", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade"];

const END_TO_END: &[&str] = &[
    "authorization",
    "cache-control",
    "cookie",
    "forwarded",
    "host",
    "origin",
    "range",
    "referer",
    "traceparent",
    "tracestate",
    "user-agent",
    "via",
];

const END_TO_END_STARTS: &[&str] = &["accept", "access-control-", "content-", "if-", "sec-", "x-forwarded", "x-real-"];
