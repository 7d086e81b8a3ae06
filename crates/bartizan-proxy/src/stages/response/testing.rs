//! An exchange for the tests of the stages: a plain GET of `/` over HTTPS by nobody in particular.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Instant;

use http::{HeaderMap, HeaderName, Method, StatusCode};

use super::apply::text;
use crate::context::{ConnectionFacts, Exchange, Wants};
use crate::head::{Maker, ResponseHead};
use crate::request_id::RequestId;

pub(super) fn exchange() -> Exchange {
    let here = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0);
    Exchange {
        id: RequestId::random(),
        started: Instant::now(),
        connection: Arc::new(ConnectionFacts { peer: here, socket_peer: here, local: here, tls: None }),
        client: here.ip(),
        https: true,
        trusted_peer: false,
        forwarded_for: Vec::new(),
        mapped_cookies: Vec::new(),
        plain_session_cookies: Vec::new(),
        has_session: false,
        origin: None,
        wants: Wants::Html,
        path: http::uri::PathAndQuery::from_static("/"),
        method: Method::GET,
        kept: None,
        page_policy: None,
    }
}

pub(super) fn upstream(status: u16, headers: HeaderMap) -> ResponseHead {
    ResponseHead { status: StatusCode::from_u16(status).unwrap(), headers, maker: Maker::Upstream }
}

pub(super) fn lines<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Vec<&'a str> {
    headers.get_all(name).iter().map(text).collect()
}
