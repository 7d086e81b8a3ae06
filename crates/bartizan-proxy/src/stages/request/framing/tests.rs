//! One table a claim: each request that is refused has a neighbour that is not.

use std::net::{Ipv4Addr, SocketAddr};

use http::{Request, Version};

use super::*;
use crate::context::TlsFacts;

fn check(version: Version, method: &str, uri: &str, fields: &[(&str, &str)]) -> Result<RequestHead, &'static str> {
    check_on(None, version, method, uri, fields)
}

fn check_on(
    tls: Option<TlsFacts>,
    version: Version,
    method: &str,
    uri: &str,
    fields: &[(&str, &str)],
) -> Result<RequestHead, &'static str> {
    let mut request = Request::builder().version(version).method(method).uri(uri);
    for (name, value) in fields {
        request = request.header(*name, *value);
    }
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 80));
    let connection = ConnectionFacts { peer: address, socket_peer: address, local: address, tls };
    let limits = Limits { headers: 8, head: 400, request_line: 100, ..Limits::default() };
    admit(request.body(()).unwrap().into_parts().0, &limits, &connection).map_err(|refusal| refusal.kind.about.id)
}

const H1: Version = Version::HTTP_11;
const H2: Version = Version::HTTP_2;

#[test]
fn a_request_names_one_host() {
    for (version, uri, hosts, expected) in [
        (H1, "/", &["App.Example.:8080"][..], Ok("app.example:8080")),
        (H1, "http://app.example/", &["app.example"], Ok("app.example")),
        (H1, "http://app.example/", &["APP.example:80"], Ok("app.example")),
        (H1, "http://app.example/", &["other.example"], Err("host-disagrees")),
        (H1, "http://app.example:81/", &["app.example"], Err("host-disagrees")),
        (H1, "/", &[], Err("malformed-host")),
        (H1, "/", &[""], Err("malformed-host")),
        (H1, "/", &["a.example", "a.example"], Err("host-disagrees")),
        (H1, "/", &["user@a.example"], Err("malformed-host")),
        (H1, "/", &["127.1"], Err("malformed-host")),
        (H1, "/", &["[::1]:8443"], Ok("[::1]:8443")),
        (H2, "https://app.example/", &[], Ok("app.example")),
        (H2, "https://app.example/", &["app.example:443"], Ok("app.example")),
        (H2, "https://app.example/", &["other.example"], Err("host-disagrees")),
        (H2, "/", &["app.example"], Ok("app.example")),
        (H2, "/", &[], Err("malformed-host")),
    ] {
        let fields: Vec<_> = hosts.iter().map(|host| ("host", *host)).collect();
        let authority = check(version, "GET", uri, &fields).map(|head| head.authority.to_string());
        assert_eq!(authority.as_deref().map_err(|id| *id), expected, "{uri} {hosts:?}");
    }
}

#[test]
fn a_target_has_one_form() {
    for (method, uri, expected) in [
        ("GET", "/a/../b?c", Ok("/b?c")),
        ("GET", "/%2e%2e/b", Err("malformed-target")),
        ("GET", "/a%00", Err("malformed-target")),
        ("OPTIONS", "*", Ok("*")),
        ("GET", "*", Err("malformed-target")),
        ("CONNECT", "app.example:443", Err("tunnel-refused")),
        ("GET", "ftp://app.example/", Err("malformed-target")),
    ] {
        let target = check(H1, method, uri, &[("host", "app.example")]);
        let target = target.map(|head| head.target.path_and_query().as_str().to_owned());
        assert_eq!(target.as_deref().map_err(|id| *id), expected, "{method} {uri}");
    }
}

#[test]
fn the_scheme_is_the_connections() {
    let tls = TlsFacts { server_name: None, site: 0, client_certificate: false };
    for (tls, uri, is_admitted) in [
        (Some(tls.clone()), "https://app.example/", true),
        (Some(tls), "http://app.example/", false),
        (None, "http://app.example/", true),
        (None, "https://app.example/", true),
    ] {
        assert_eq!(check_on(tls, H2, "GET", uri, &[]).is_ok(), is_admitted, "{uri}");
    }
}

#[test]
fn size_and_number_are_bounded() {
    let long = "x".repeat(90);
    let large = "x".repeat(300);
    let crumbs = [("cookie", "a=b"); 9];
    for (uri, fields, expected) in [
        (format!("/{}", &long[..50]), &[][..], None),
        (format!("/{long}"), &[], Some("request-line-too-long")),
        ("/".to_owned(), &[("x-a", &large[..])], None),
        ("/".to_owned(), &[("x-a", &large[..]), ("x-b", &long[..])], Some("head-too-large")),
        ("/".to_owned(), &crumbs[..8], None),
        ("/".to_owned(), &crumbs[..], Some("too-many-fields")),
    ] {
        let uri = format!("https://a.example{uri}");
        assert_eq!(check(H2, "GET", &uri, fields).err(), expected, "{uri} {fields:?}");
    }
}

#[test]
fn fields_with_two_readings_are_refused() {
    for (version, fields, expected) in [
        (H1, &[("content-length", "5")][..], None),
        (H1, &[("content-length", "+5")], Some("ambiguous-length")),
        (H1, &[("content_length", "5")], Some("ambiguous-length")),
        (H1, &[("transfer_encoding", "chunked")], Some("ambiguous-length")),
        (H1, &[("content-length", "5"), ("transfer-encoding", "chunked")], Some("ambiguous-length")),
        (H1, &[("content-length", "5"), ("content-length", "5")], Some("repeated-field")),
        (H1, &[("origin", "https://a"), ("origin", "https://b")], Some("repeated-field")),
        (H1, &[("sec-fetch-site", "none"), ("sec-fetch-site", "none")], Some("repeated-field")),
        (H1, &[("accept", "a/b"), ("accept", "c/d")], None),
        (H1, &[("expect", "100-Continue")], None),
        (H1, &[("expect", "tea")], Some("unknown-expectation")),
        (H2, &[("te", "trailers")], None),
        (H2, &[("connection", "close")], Some("malformed-head")),
        (H2, &[("transfer-encoding", "chunked")], Some("malformed-head")),
        (H2, &[("upgrade", "websocket")], Some("malformed-head")),
        (H2, &[("x-a", " b")], Some("malformed-head")),
        (H2, &[("x-a", "b c")], None),
    ] {
        let found = check(version, "POST", "https://a.example/", &[&[("host", "a.example")], fields].concat());
        assert_eq!(found.err(), expected, "{fields:?}");
    }
}

#[test]
fn what_concerns_one_connection_ends_here() {
    for (fields, left) in [
        (&[("connection", "close, x-hop"), ("keep-alive", "5"), ("accept", "*/*")][..], "accept: */*"),
        (&[("connection", "x-hop"), ("x-hop", "1")], ""),
        (&[("connection", "x-real-ip"), ("x-real-ip", "1")], "x-real-ip: 1"),
        (&[("connection", "cookie, authorization, x-forwarded-host"), ("cookie", "a=b")], "cookie: a=b"),
        (&[("te", "gzip, trailers")], "te: trailers"),
        (&[("te", "gzip")], ""),
        (&[("transfer-encoding", "chunked"), ("trailer", "x-sum")], "trailer: x-sum"),
        (&[("proxy-authorization", "Basic x"), ("proxy-connection", "close")], ""),
        (&[("http2-settings", "x"), ("upgrade", "h2c"), ("connection", "upgrade, http2-settings")], ""),
        (&[("cookie", "a=b"), ("cookie", "c=d")], "cookie: a=b; c=d"),
        (&[("cookie", "a=b"), ("cookie", "")], "cookie: a=b"),
        (&[("content_type", "text/plain"), ("sec_fetch_site", "none"), ("api_key", "k")], "api_key: k"),
    ] {
        let head = check(H1, "GET", "/", &[&[("host", "a.example")], fields].concat()).unwrap();
        let lines: Vec<_> =
            head.headers.iter().map(|(name, value)| format!("{name}: {}", value.to_str().unwrap())).collect();
        assert_eq!(lines.join("\n"), left, "{fields:?}");
    }
}

#[test]
fn another_protocol_is_a_wish_that_must_be_said_twice() {
    for (version, connection, upgrade, expected) in [
        (H1, "upgrade", "websocket", Some(("websocket", true))),
        (H1, "keep-alive, Upgrade", "WebSocket", Some(("WebSocket", true))),
        (H1, "upgrade", "h2c, WebSocket", Some(("WebSocket", true))),
        (H1, "upgrade", "tcp", Some(("tcp", false))),
        (H1, "upgrade", "h2c", None),
        (H1, "close", "websocket", None),
        (Version::HTTP_10, "upgrade", "websocket", None),
    ] {
        let fields = [("host", "a.example"), ("connection", connection), ("upgrade", upgrade)];
        let found = check(version, "GET", "/", &fields).unwrap().upgrade;
        let found = found.as_ref().map(|wish| (wish.protocols.to_str().unwrap(), wish.is_websocket()));
        assert_eq!(found, expected, "{connection} {upgrade}");
    }
}

#[test]
fn faults_on_the_wire_close_the_connection() {
    use crate::stages::refusal::After;
    use crate::wire::Fault;
    for (fault, id, status) in [
        (Fault::ContentLengthAndTransferEncoding, "ambiguous-length", 400),
        (Fault::BareLf, "malformed-head", 400),
        (Fault::BadChunkSize, "malformed-chunks", 400),
        (Fault::HeadTooLarge, "head-too-large", 431),
        (Fault::RequestLineTooLong, "request-line-too-long", 414),
        (Fault::HeadTimeout, "header-timeout", 408),
        (Fault::BodyTimeout, "body-timeout", 408),
        (Fault::BadVersion, "unsupported-version", 505),
        (Fault::ConnectMethod, "tunnel-refused", 405),
    ] {
        let refusal = refusal_for(&fault);
        assert_eq!((refusal.kind.about.id, refusal.kind.status.as_u16()), (id, status));
        assert_eq!(refusal.kind.after, After::Close, "{id}");
    }
}
