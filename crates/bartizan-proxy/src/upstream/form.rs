//! The form of a request for each version, and a copy of it for the case that the first was lost unseen.

use bytes::Bytes;
use http::uri::{Authority, Scheme};
use http::{HeaderMap, Method, Request, Uri, Version, header};
use http_body::Body;

use super::outgoing::Outgoing;
use super::{Address, ExchangeBody};

/// Moves `Host` into the target, where HTTP/2 has it (RFC 9113, 8.3.1). Done twice it changes nothing.
pub(super) fn to_http2<B>(request: &mut Request<B>, address: &Address) {
    *request.version_mut() = Version::HTTP_2;
    let host = request.headers_mut().remove(header::HOST);
    if request.uri().authority().is_some() {
        return;
    }
    let authority = host.and_then(|host| Authority::try_from(host.as_bytes()).ok());
    let authority = authority.or_else(|| Authority::try_from(address.place.authority()).ok());
    let mut parts = std::mem::take(request.uri_mut()).into_parts();
    parts.scheme = Some(if address.server_name.is_some() { Scheme::HTTPS } else { Scheme::HTTP });
    parts.authority = authority;
    // Only a missing path or authority makes this fail; hyper then refuses the request itself.
    *request.uri_mut() = Uri::from_parts(parts).unwrap_or_default();
}

/// The head of a request that may be sent twice: safe, idempotent and without a body (RFC 9110, 9.2.2).
#[derive(Debug)]
pub(super) struct Spare {
    method: Method,
    uri: Uri,
    version: Version,
    headers: HeaderMap,
}

impl Spare {
    /// Copies the head, if the request may be sent twice.
    pub(super) fn of<B: ExchangeBody>(request: &Request<Outgoing<B>>) -> Option<Self> {
        let is_safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
        (is_safe && request.body().is_end_stream()).then(|| Self {
            method: request.method().clone(),
            uri: request.uri().clone(),
            version: request.version(),
            headers: request.headers().clone(),
        })
    }

    pub(super) fn into_request<B: ExchangeBody>(self) -> Request<Outgoing<B>> {
        let mut request = Request::new(Outgoing::whole(Bytes::new()));
        *request.method_mut() = self.method;
        *request.uri_mut() = self.uri;
        *request.version_mut() = self.version;
        *request.headers_mut() = self.headers;
        request
    }
}
