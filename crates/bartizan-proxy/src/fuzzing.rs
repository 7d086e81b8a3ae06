//! Entry points for fuzz targets and for the replay of their corpora: what a peer sends, whole.
//!
//! Each takes any bytes, must not panic, and checks a property of what was let through. The guards on
//! the wire have theirs in `wire::fuzzing`.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, LazyLock};
use std::time::Instant;

pub use bartizan_headers::fuzzing::Target;
use http::header::{HOST, HeaderName};
use http::uri::PathAndQuery;
use http::{HeaderMap, HeaderValue, Request, StatusCode, Version};

use crate::config::{EncodedSlashes, Limits, Server, Site};
use crate::context::{ConnectionFacts, Exchange, TlsFacts};
use crate::error_page::wants_from_accept;
use crate::head::{Maker, RequestHead, ResponseHead};
use crate::profile::Profile;
use crate::request_id::RequestId;
use crate::shared::Shared;
use crate::stages::order::{request_stages, response_stages};
use crate::stages::request::framing::admit;
use crate::stages::{RequestStage, ResponseStage, Verdict};
use crate::target;
use crate::wire::fuzzing::{chunked_body, request_stream, response_stream};

/// Every parser of this crate.
pub const TARGETS: &[Target] = &[
    Target { name: "chunked_body", run: chunked_body },
    Target { name: "framing", run: framing },
    Target { name: "path", run: path },
    Target { name: "proxy_protocol", run: proxy_protocol },
    Target { name: "request_stages", run: request },
    Target { name: "request_stream", run: request_stream },
    Target { name: "response_stages", run: response },
    Target { name: "response_stream", run: response_stream },
];

/// A head as hyper hands it over: what is admitted once is admitted again, and is the same.
pub fn framing(bytes: &[u8]) {
    let Some((version, connection, head)) = admitted(bytes) else { return };
    let mut again = Request::builder().method(head.method.clone()).uri(head.target.path_and_query().as_str());
    again = again.version(version).header(HOST, head.authority.to_string());
    let Ok(again) = again.body(()) else { return };
    let mut parts = again.into_parts().0;
    parts.headers.extend(head.headers.clone());
    // One field and one address more than the limits allowed would be a refusal of its own.
    let limits = Limits { headers: 200, head: 64 * 1024, ..Limits::default() };
    let again = admit(parts, &limits, &connection).expect("what was admitted is admitted again");
    // As text: an absolute target without a path is `/` as well, but not equal to it.
    let [once, again] = [&head, &again].map(|it| (it.target.path_and_query().as_str(), &it.authority, &it.headers));
    assert_eq!(again, once);
}

/// A path: its canonical form is its own canonical form, and no reading of it climbs.
pub fn path(bytes: &[u8]) {
    let Ok(raw) = PathAndQuery::try_from(bytes) else { return };
    for choice in [EncodedSlashes::Decode, EncodedSlashes::Keep, EncodedSlashes::Refuse] {
        let Ok(found) = target::Target::canonical(&raw).and_then(|found| found.with_slashes(choice)) else { continue };
        let again = target::Target::canonical(found.path_and_query());
        assert_eq!(again.as_ref(), Ok(&found), "not its own canonical form");
        let climbs = |path: &str| path.split('/').any(|segment| segment == ".." || segment == ".");
        assert!(!climbs(found.path()), "{found:?}");
        for reading in found.other_readings() {
            assert!(reading.starts_with('/') && !climbs(&reading), "{found:?}: {reading}");
        }
    }
}

/// The PROXY protocol: a header is the same however much of what follows has come, and none is guessed early.
pub fn proxy_protocol(bytes: &[u8]) {
    let Ok(Some((endpoints, length))) = crate::proxy_protocol::parse(bytes) else { return };
    for end in 0..=length {
        let part = crate::proxy_protocol::parse(bytes.get(..end).unwrap_or_default()).expect("a part of a good header");
        assert_eq!(part, (end == length).then_some((endpoints, length)), "{end} of {length}");
    }
}

/// A head before every request stage of the strict profile, sent by a trusted proxy.
pub fn request(bytes: &[u8]) {
    static STAGES: LazyLock<Vec<Box<dyn RequestStage>>> = LazyLock::new(|| {
        let server = Server { trusted_proxies: vec![IpAddr::from(Ipv4Addr::LOCALHOST).into()], ..Server::default() };
        request_stages(&server, &site(), None, &Shared::new(1))
    });
    let Some((_, connection, mut head)) = admitted(bytes) else { return };
    let mut exchange = exchange(connection);
    exchange.method = head.method.clone();
    exchange.path = head.target.path_and_query().clone();
    exchange.wants = wants_from_accept(&head.headers);
    for stage in STAGES.iter() {
        if !matches!(stage.head(&mut head, &mut exchange), Verdict::Pass) {
            return;
        }
    }
    // Whatever the client wrote, the app is told of one client and one host, by us.
    for name in ["x-forwarded-host", "x-forwarded-proto", "x-real-ip"] {
        assert!(head.headers.get_all(name).iter().count() <= 1, "{name}");
    }
}

/// The head and the first bytes of an answer before every response stage of the strict profile.
pub fn response(bytes: &[u8]) {
    static STAGES: LazyLock<Vec<Box<dyn ResponseStage>>> =
        LazyLock::new(|| response_stages(&site(), &Profile::Strict.policy(), &Shared::new(1)));
    let (start, body) = split(bytes, b"\n\n");
    let mut lines = start.split(|byte| *byte == b'\n');
    let status = lines.next().and_then(|line| StatusCode::from_bytes(line).ok()).unwrap_or_default();
    let Some(headers) = fields(lines) else { return };
    let mut head = ResponseHead { status, headers, maker: Maker::Upstream };
    let exchange = exchange(connection(true));
    for stage in STAGES.iter() {
        let _ = stage.head(&mut head, &exchange);
        let _ = stage.start_of_body(body, &head, &exchange);
    }
    let policies = head.headers.get_all("x-content-type-options").iter().collect::<Vec<_>>();
    assert_eq!(policies, ["nosniff"], "the app's answer lacks a header of ours");
}

/// Reads the version and the kind of connection from the first byte, method and target from the first
/// line, and fields from the others; returns what framing admits.
fn admitted(bytes: &[u8]) -> Option<(Version, ConnectionFacts, RequestHead)> {
    let (&kind, bytes) = bytes.split_first()?;
    let version = if kind & 1 == 0 { Version::HTTP_11 } else { Version::HTTP_2 };
    let connection = connection(kind & 2 == 0);
    let mut lines = bytes.split(|byte| *byte == b'\n');
    let (method, target) = split(lines.next()?, b" ");
    let mut parts = Request::builder().method(method).uri(target).version(version).body(()).ok()?.into_parts().0;
    parts.headers = fields(lines)?;
    let head = admit(parts, &Limits::default(), &connection).ok()?;
    Some((version, connection, head))
}

fn fields<'a>(lines: impl Iterator<Item = &'a [u8]>) -> Option<HeaderMap> {
    let mut headers = HeaderMap::new();
    for line in lines.take_while(|line| !line.is_empty()) {
        let (name, value) = split(line, b":");
        headers.append(HeaderName::from_bytes(name).ok()?, HeaderValue::from_bytes(value.trim_ascii()).ok()?);
    }
    Some(headers)
}

/// Splits at the first separator; without one, nothing comes after.
fn split<'a>(bytes: &'a [u8], separator: &[u8]) -> (&'a [u8], &'a [u8]) {
    let at = bytes.windows(separator.len()).position(|part| part == separator).unwrap_or(bytes.len());
    let (before, after) = bytes.split_at(at);
    (before, after.get(separator.len()..).unwrap_or_default())
}

fn site() -> Site {
    Site { policy: Profile::Strict.policy(), ..Site::default() }
}

fn connection(is_tls: bool) -> ConnectionFacts {
    let peer = SocketAddr::from((Ipv4Addr::LOCALHOST, 50_000));
    let tls = TlsFacts { server_name: "app.example".parse().ok(), site: 0, client_certificate: false };
    let local = SocketAddr::from((Ipv4Addr::LOCALHOST, 443));
    ConnectionFacts { peer, socket_peer: peer, local, tls: is_tls.then_some(tls) }
}

fn exchange(connection: ConnectionFacts) -> Exchange {
    Exchange::new(RequestId::random(), Instant::now(), Arc::new(connection))
}
