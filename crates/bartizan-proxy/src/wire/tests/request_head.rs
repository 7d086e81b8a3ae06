//! Request heads: for each fault the bytes that show it, and beside them bytes that do not.

use crate::wire::Fault::{self, *};
use crate::wire::{Framing, HeadFacts, WireLimits, request_head};

const SMALL: WireLimits = WireLimits {
    head_bytes: 96,
    request_line_bytes: 48,
    fields: 3,
    response_head_bytes: 96,
    interim_responses: 2,
    chunk_extension_bytes: 8,
    trailer_bytes: 32,
    trailer_fields: 2,
    upgrade_held_bytes: 16,
};

fn fault(head: &[u8], limits: &WireLimits) -> Option<Fault> {
    // Byte by byte, the first answer must be the same.
    let mut slow = Ok(None);
    let mut follower = crate::wire::head::RequestHead::default();
    for end in 1..=head.len() {
        slow = follower.follow(&head[..end], limits);
        if !matches!(slow, Ok(None)) {
            break;
        }
    }
    let at_once = request_head(head, limits);
    assert_eq!(slow, at_once, "{}", head.escape_ascii());
    at_once.err()
}

fn facts(head: &[u8]) -> HeadFacts {
    request_head(head, &WireLimits::default()).unwrap().unwrap().0
}

#[test]
fn each_fault_is_named() {
    for (head, expected) in [
        (&b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"[..], None),
        (b"GET / HTTP/1.0\r\nHost: a\r\n\r\n", None),
        (b"M-SEARCH /x?y HTTP/1.1\r\nHost: a:8080\r\nEmpty:\r\n\r\n", None),
        (b"OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", None),
        (b"GET http://A/ HTTP/1.1\r\nHost: a:80\r\n\r\n", None),
        (b"GET https://a HTTP/1.1\r\nHost: a:443\r\n\r\n", None),
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n", None),
        (b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", None),
        (b"POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\n\r\n", None),
        (b"GET / HTTP/1.1\r\nHost: a\r\nX-Text: \xfc\xa0\x85\r\n\r\n", None),
        (b"GET / HTTP/1.1\r\nHost: a\r\nX_Under: b\r\n\r\n", None),
        // lines
        (b"GET / HTTP/1.1\nHost: a\n\n", Some(BareLf)),
        (b"GET / HTTP/1.1\r\nHost: a\n\r\n", Some(BareLf)),
        (b"GET / HTTP/1.1\r\nHost: a\r\n\n", Some(BareLf)),
        (b"\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", Some(BareLf)),
        (b"\rGET / HTTP/1.1\r\nHost: a\r\n\r\n", Some(BareCr)),
        (b"GET / HTTP/1.1\rHost: a\r\n\r\n", Some(BadRequestLine)),
        (b"GET / HTTP/1.1\r\nHost: a\rX: b\r\n\r\n", Some(BareCr)),
        (b"GET / HTTP/1.1\r\nHost: a\r\r\n\r\n", Some(BareCr)),
        (b"GET / HTTP/1.1\r\nHost: a\r\n\r\r\n", Some(BareCr)),
        (b"GET / HTTP/1.1\r\nHost: a\r\n b\r\n\r\n", Some(ObsoleteFold)),
        (b"GET / HTTP/1.1\r\n Host: a\r\n\r\n", Some(ObsoleteFold)),
        (b"GET / HTTP/1.1\r\nHost: a\r\nX:\r\n\tb\r\n\r\n", Some(ObsoleteFold)),
        // request line
        (b"\x16\x03\x01\x02\x00", Some(BadMethod)),
        (b" GET / HTTP/1.1\r\nHost: a\r\n\r\n", Some(BadMethod)),
        (b"G(T / HTTP/1.1\r\nHost: a\r\n\r\n", Some(BadMethod)),
        (b"G\0T / HTTP/1.1\r\nHost: a\r\n\r\n", Some(BadMethod)),
        (b"ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFG / HTTP/1.1\r\n\r\n", Some(BadMethod)),
        (b"GET\r\n", Some(BadRequestLine)),
        (b"GET /\r\n", Some(BadRequestLine)),
        (b"GET  / HTTP/1.1\r\nHost: a\r\n\r\n", Some(BadRequestLine)),
        (b"GET /  HTTP/1.1\r\nHost: a\r\n\r\n", Some(BadRequestLine)),
        (b"GET / HTTP/1.1 \r\nHost: a\r\n\r\n", Some(BadRequestLine)),
        (b"GET / b HTTP/1.1\r\nHost: a\r\n\r\n", Some(BadRequestLine)),
        (b"GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n", Some(BadMethod)),
        (b"GET /\tHTTP/1.1\r\nHost: a\r\n\r\n", Some(BadRequestLine)),
        (b"GET / HTTP/1.2\r\nHost: a\r\n\r\n", Some(BadVersion)),
        (b"GET / HTTP/2.0\r\nHost: a\r\n\r\n", Some(BadVersion)),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", Some(BadVersion)),
        (b"GET / http/1.1\r\nHost: a\r\n\r\n", Some(BadVersion)),
        (b"GET / HTTP/1.10\r\nHost: a\r\n\r\n", Some(BadVersion)),
        (b"GET / \r\nHost: a\r\n\r\n", Some(BadVersion)),
        (b"CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n", Some(ConnectMethod)),
        (b"GET * HTTP/1.1\r\nHost: a\r\n\r\n", Some(AsteriskForm)),
        (b"GET /%00 HTTP/1.1\r\nHost: a\r\n\r\n", Some(BadTarget)),
        (b"GET /# HTTP/1.1\r\nHost: a\r\n\r\n", Some(BadTarget)),
        (b"GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n", Some(ForeignAbsoluteForm)),
        (b"GET http://u@a/ HTTP/1.1\r\nHost: a\r\n\r\n", Some(ForeignAbsoluteForm)),
        // host
        (b"GET / HTTP/1.1\r\n\r\n", Some(MissingHost)),
        (b"GET / HTTP/1.0\r\n\r\n", Some(MissingHost)),
        (b"GET http://a/ HTTP/1.1\r\n\r\n", Some(MissingHost)),
        (b"GET / HTTP/1.1\r\nHost: a\r\nhost: a\r\n\r\n", Some(RepeatedHost)),
        (b"GET / HTTP/1.1\r\nHost:\r\n\r\n", Some(BadHost)),
        (b"GET / HTTP/1.1\r\nHost: a, b\r\n\r\n", Some(BadHost)),
        (b"GET / HTTP/1.1\r\nHost: a\xa0\r\n\r\n", Some(BadHost)),
        (b"GET / HTTP/1.1\r\nHost: \x85a\r\n\r\n", Some(BadHost)),
        (b"GET / HTTP/1.1\r\nHost: a@b\r\n\r\n", Some(BadHost)),
        (b"GET http://a/ HTTP/1.1\r\nHost: b\r\n\r\n", Some(HostDisagrees)),
        (b"GET http://a/ HTTP/1.1\r\nHost: a:81\r\n\r\n", Some(HostDisagrees)),
        (b"GET http://a/ HTTP/1.1\r\nHost: a:443\r\n\r\n", Some(HostDisagrees)),
        // fields
        (b"GET / HTTP/1.1\r\nHost : a\r\n\r\n", Some(SpaceBeforeColon)),
        (b"GET / HTTP/1.1\r\nHost: a\r\nno colon\r\n\r\n", Some(SpaceBeforeColon)),
        (b"GET / HTTP/1.1\r\nHost: a\r\nnocolon\r\n\r\n", Some(BadFieldName)),
        (b"GET / HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n", Some(BadFieldName)),
        (b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length\0: 1\r\n\r\n", Some(BadFieldName)),
        (b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length\xa0: 1\r\n\r\n", Some(BadFieldName)),
        (b"GET / HTTP/1.1\r\nHost: a\r\nX: \0\r\n\r\n", Some(BadFieldValue)),
        (b"GET / HTTP/1.1\r\nHost: a\r\nX: \x7f\r\n\r\n", Some(BadFieldValue)),
        (b"GET / HTTP/1.1\r\nHost: a\r\nExpect: 200\r\n\r\n", Some(BadExpectation)),
        (b"GET / HTTP/1.1\r\nHost: a\r\nConnection: a b\r\n\r\n", Some(BadConnection)),
        (b"GET / HTTP/1.1\r\nHost: a\r\nConnection: host\r\n\r\n", Some(BadConnection)),
        // framing
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n\r\n", Some(BadContentLength)),
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1, 1\r\n\r\n", Some(RepeatedContentLength)),
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n", Some(RepeatedContentLength)),
        (
            b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
            Some(ContentLengthAndTransferEncoding),
        ),
        (b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: ,chunked\r\n\r\n", Some(BadTransferEncoding)),
        (b"POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", Some(TransferEncodingOnHttp10)),
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent_Length: 1\r\n\r\n", Some(AliasedFramingField)),
        (b"POST / HTTP/1.1\r\nHost: a\r\nTransfer_Encoding: chunked\r\n\r\n", Some(AliasedFramingField)),
    ] {
        assert_eq!(fault(head, &WireLimits::default()), expected, "{}", head.escape_ascii());
    }
}

#[test]
fn limits_are_met_to_the_byte() {
    let line = |length: usize| format!("GET /{} HTTP/1.1\r\nHost: a\r\n\r\n", "x".repeat(length - 16)).into_bytes();
    let head =
        |length: usize| format!("GET / HTTP/1.1\r\nHost: a\r\nX: {}\r\n\r\n", "x".repeat(length - 32)).into_bytes();
    let fields = |count: usize| format!("GET / HTTP/1.1\r\nHost: a\r\n{}\r\n", "X:\r\n".repeat(count - 1)).into_bytes();
    for (head, expected) in [
        (line(48), None),
        (line(49), Some(RequestLineTooLong)),
        (b"x".repeat(48), None),
        (b"x".repeat(49), Some(RequestLineTooLong)),
        (head(96), None),
        (head(97), Some(HeadTooLarge)),
        (fields(3), None),
        (fields(4), Some(TooManyFields)),
    ] {
        assert_eq!(fault(&head, &SMALL), expected, "{}", head.escape_ascii());
    }
}

#[test]
fn facts_follow_the_fields() {
    let plain = HeadFacts { framing: Framing::None, keeps_alive: true, upgrade: false, expects_continue: false };
    for (head, expected) in [
        ("GET / HTTP/1.1\r\nHost: a\r\n\r\n", plain),
        ("GET / HTTP/1.0\r\nHost: a\r\n\r\n", HeadFacts { keeps_alive: false, ..plain }),
        ("GET / HTTP/1.0\r\nHost: a\r\nConnection: Keep-Alive\r\n\r\n", plain),
        ("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", HeadFacts { keeps_alive: false, ..plain }),
        ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n", plain),
        ("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 7\r\n\r\n", HeadFacts { framing: Framing::Length(7), ..plain }),
        (
            "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\nExpect: 100-continue\r\n\r\n",
            HeadFacts { framing: Framing::Chunked, expects_continue: true, ..plain },
        ),
        (
            "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
            HeadFacts { upgrade: true, ..plain },
        ),
        ("GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n\r\n", plain),
        (
            "GET / HTTP/1.0\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
            HeadFacts { keeps_alive: false, ..plain },
        ),
    ] {
        assert_eq!(facts(head.as_bytes()), expected, "{head}");
    }
}

#[test]
fn the_length_is_that_of_the_head_alone() {
    let head = b"GET / HTTP/1.1\r\nHost: a\r\n\r\nGET \0";
    assert_eq!(request_head(head, &WireLimits::default()).unwrap().unwrap().1, head.len() - 5);
    assert_eq!(request_head(b"GET / HTTP/1.1\r\nHost: a\r\n", &WireLimits::default()), Ok(None));
}
