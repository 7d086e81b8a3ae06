//! Framing: makes one head of what the client sent, or refuses it; called before a site is known.
//!
//! The guard in `wire` has judged the bytes of HTTP/1; this layer judges the meaning, for HTTP/1 and
//! HTTP/2 alike. A request is let through when
//!
//! - it names exactly one host, in `Host`, `:authority` or an absolute target, and all that are there agree;
//! - its path has one canonical form, and `*` stands with OPTIONS alone;
//! - its scheme is http or https, and https on a connection whose TLS ended here;
//! - request line, header bytes and header count (every cookie crumb counts) stay below the limits;
//! - no field that must come once comes twice, and no framing field is spelled with an underscore;
//! - over HTTP/2 it has no field of HTTP/1's connections, and no value begins or ends with white space.
//!
//! It leaves without the fields that concern one connection only (RFC 9110, 7.6.1).

mod fields;
pub mod refusals;

pub use refusals::refusal_for;

use bartizan_headers::Authority;
use http::request::Parts;
use http::uri::{PathAndQuery, Scheme};
use http::{HeaderMap, HeaderValue, Method, Uri, Version, header};

use crate::config::Limits;
use crate::context::ConnectionFacts;
use crate::head::RequestHead;
use crate::stages::Refusal;
use crate::target::Target;

/// Makes the head that every later step sees.
///
/// # Errors
///
/// A [`Refusal`] when two readers could disagree on the request, or when it is larger than the limits.
pub fn admit(parts: Parts, limits: &Limits, connection: &ConnectionFacts) -> Result<RequestHead, Refusal> {
    let Parts { method, uri, version, mut headers, .. } = parts;
    if method == Method::CONNECT {
        return Err(refusals::tunnel());
    }
    bound(&method, &uri, &headers, limits)?;
    check_scheme(&uri, connection)?;
    let authority = authority(&uri, &headers)?;
    let host = host_value(&authority, headers.get(header::HOST));
    let target = target(&method, &uri)?;
    fields::judge(&headers, version)?;
    let (upgrade, expects_continue) = fields::settle(&mut headers, version)?;
    Ok(RequestHead { method, target, authority, host, version, headers, upgrade, expects_continue })
}

/// Holds the head against the limits, counted as HTTP/1.1 would write it, whatever the version.
fn bound(method: &Method, uri: &Uri, headers: &HeaderMap, limits: &Limits) -> Result<(), Refusal> {
    // Crumbs of a cookie are still apart here: a thousand of them pack into one small HTTP/2 frame.
    if headers.len() > limits.headers {
        return Err(Refusal::new(&refusals::TOO_MANY_FIELDS).because(format!("{} fields", headers.len())));
    }
    let target = uri.path_and_query().map_or(0, |target| target.as_str().len());
    let authority = uri.authority().map_or(0, |authority| authority.as_str().len());
    let line = method.as_str().len() + target + authority + " ".len() + " HTTP/1.1\r\n".len();
    if line > limits.request_line {
        return Err(Refusal::new(&refusals::REQUEST_LINE_TOO_LONG).because(format!("{line} bytes")));
    }
    let fields: usize = headers.iter().map(|(name, value)| name.as_str().len() + value.len() + ": \r\n".len()).sum();
    if line + fields > limits.head {
        return Err(Refusal::new(&refusals::HEAD_TOO_LARGE).because(format!("{} bytes", line + fields)));
    }
    Ok(())
}

/// Refuses schemes of other protocols, and a plain scheme where the client itself spoke TLS.
///
/// Where TLS ends before us, `https` comes over a plain connection and is right.
fn check_scheme(uri: &Uri, connection: &ConnectionFacts) -> Result<(), Refusal> {
    let fits = match uri.scheme() {
        None => true,
        Some(scheme) if *scheme == Scheme::HTTPS => true,
        Some(scheme) => *scheme == Scheme::HTTP && connection.tls.is_none(),
    };
    if fits {
        Ok(())
    } else {
        Err(Refusal::new(&refusals::MALFORMED_TARGET).because("a scheme that is not the connection's"))
    }
}

/// Returns the one host the request names (RFC 9112, 3.2; RFC 9113, 8.3.1).
fn authority(uri: &Uri, headers: &HeaderMap) -> Result<Authority, Refusal> {
    let mut lines = headers.get_all(header::HOST).iter();
    let host = lines.next();
    if lines.next().is_some() {
        return Err(Refusal::new(&refusals::HOST_DISAGREES).because("two Host fields"));
    }
    let host = host.map(|value| parse(value.to_str().unwrap_or_default())).transpose()?;
    let named = uri.authority().map(|authority| parse(authority.as_str())).transpose()?;
    match (named, host) {
        (None, None) => Err(Refusal::new(&refusals::MALFORMED_HOST).because("no host")),
        (Some(one), None) | (None, Some(one)) => Ok(one),
        (Some(named), Some(host)) => {
            let default = if uri.scheme() == Some(&Scheme::HTTP) { 80 } else { 443 };
            let agree = named.host == host.host && named.port.unwrap_or(default) == host.port.unwrap_or(default);
            if agree {
                Ok(named)
            } else {
                Err(Refusal::new(&refusals::HOST_DISAGREES).because(format!("{named} and {host}")))
            }
        }
    }
}

/// Returns the authority as a field value: the client's own where that is canonical already, without a copy.
fn host_value(authority: &Authority, sent: Option<&HeaderValue>) -> HeaderValue {
    if let Some(sent) = sent
        && authority.port.is_none()
        && sent.as_bytes() == authority.host.as_str().as_bytes()
    {
        return sent.clone();
    }
    let text = authority.to_string();
    match sent {
        Some(sent) if sent.as_bytes() == text.as_bytes() => sent.clone(),
        // A host is made of letters, digits, `-`, `.`, `:`, `_` and brackets.
        _ => HeaderValue::try_from(text).unwrap_or_else(|_| HeaderValue::from_static("invalid")),
    }
}

fn parse(text: &str) -> Result<Authority, Refusal> {
    if text.ends_with(':') {
        // As the guard does over HTTP/1: readers disagree on a port that is announced and not said.
        return Err(Refusal::new(&refusals::MALFORMED_HOST).because("an empty port"));
    }
    text.parse().map_err(|fault: bartizan_headers::host::HostError| {
        Refusal::new(&refusals::MALFORMED_HOST).because(fault.to_string())
    })
}

fn target(method: &Method, uri: &Uri) -> Result<Target, Refusal> {
    let raw = uri.path_and_query().cloned().unwrap_or_else(|| PathAndQuery::from_static("/"));
    if raw.as_str() == "*" && *method != Method::OPTIONS {
        return Err(Refusal::new(&refusals::MALFORMED_TARGET).because("`*` with a method other than OPTIONS"));
    }
    Target::canonical(&raw).map_err(|fault| Refusal::new(&refusals::MALFORMED_TARGET).because(fault.to_string()))
}

/// Whether the version frames messages in a way of its own, so that fields of HTTP/1's connections are faults.
fn has_own_framing(version: Version) -> bool {
    version >= Version::HTTP_2
}

/// Joins the values of a field with a separator, as one value; an empty one would leave white space at its end.
fn joined(headers: &HeaderMap, name: &header::HeaderName, separator: &[u8]) -> Option<HeaderValue> {
    let mut text = Vec::new();
    for value in headers.get_all(name).iter().filter(|value| !value.is_empty()) {
        if !text.is_empty() {
            text.extend_from_slice(separator);
        }
        text.extend_from_slice(value.as_bytes());
    }
    HeaderValue::from_maybe_shared(bytes::Bytes::from(text)).ok()
}

#[cfg(test)]
mod tests;
