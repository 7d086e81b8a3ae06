//! Response heads: for each fault the bytes that show it, and beside them bytes that do not.

use crate::wire::Asked::{self, Head, Other, Upgrade};
use crate::wire::Fault::{self, *};
use crate::wire::response_head::ResponseHead;
use crate::wire::{Framing, WireLimits, response_head};

fn fault(head: &[u8], asked: Asked, limits: &WireLimits) -> Option<Fault> {
    let mut slow = Ok(None);
    let mut follower = ResponseHead::default();
    for end in 1..=head.len() {
        slow = follower.follow(&head[..end], asked, limits);
        if !matches!(slow, Ok(None)) {
            break;
        }
    }
    let at_once = response_head(head, asked, limits);
    assert_eq!(slow, at_once, "{}", head.escape_ascii());
    at_once.err()
}

#[test]
fn each_fault_is_named() {
    for (head, expected) in [
        (&b"HTTP/1.1 200 OK\r\n\r\n"[..], None),
        (b"HTTP/1.1 200 \r\n\r\n", None),
        (b"HTTP/1.1 200\r\n\r\n", None),
        (b"HTTP/1.0 404 Not Found\r\nServer: x\r\n\r\n", None),
        (b"HTTP/1.1 599 Gr\xfc\xdfe\r\nX: \xfc\r\n\r\n", None),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nConnection: keep-alive\r\n\r\n", None),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", None),
        // status line
        (b"ICY 200 OK\r\n\r\n", Some(BadStatusLine)),
        (b"<html>", Some(BadStatusLine)),
        (b"\r\nHTTP/1.1 200 OK\r\n\r\n", Some(BadStatusLine)),
        (b"HTTPS/1.1 200 OK\r\n\r\n", Some(BadStatusLine)),
        (b"HTTP/1.1 20 OK\r\n\r\n", Some(BadStatusLine)),
        (b"HTTP/1.1 2000 OK\r\n\r\n", Some(BadStatusLine)),
        (b"HTTP/1.1 200OK\r\n\r\n", Some(BadStatusLine)),
        (b"HTTP/1.1  200 OK\r\n\r\n", Some(BadStatusLine)),
        (b"HTTP/1.1 +20 OK\r\n\r\n", Some(BadStatusLine)),
        (b"HTTP/1.1 200\tOK\r\n\r\n", Some(BadStatusLine)),
        (b"HTTP/1.1\t200 OK\r\n\r\n", Some(BadVersion)),
        (b"HTTP/1.2 200 OK\r\n\r\n", Some(BadVersion)),
        (b"HTTP/2 200 OK\r\n\r\n", Some(BadVersion)),
        (b"HTTP/1.1 099 No\r\n\r\n", Some(BadStatus)),
        (b"HTTP/1.1 600 No\r\n\r\n", Some(BadStatus)),
        (b"HTTP/1.1 999 No\r\n\r\n", Some(BadStatus)),
        (b"HTTP/1.1 200 O\0K\r\n\r\n", Some(BadFieldValue)),
        (b"HTTP/1.1 200 O\rK\r\n\r\n", Some(BareCr)),
        // lines and fields
        (b"HTTP/1.1 200 OK\n\n", Some(BareLf)),
        (b"HTTP/1.1 200 OK\r\nA: b\n\r\n", Some(BareLf)),
        (b"HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n", Some(ObsoleteFold)),
        (b"HTTP/1.1 200 OK\r\nA : b\r\n\r\n", Some(SpaceBeforeColon)),
        (b"HTTP/1.1 200 OK\r\nA\r\n\r\n", Some(BadFieldName)),
        (b"HTTP/1.1 200 OK\r\nA: \x01\r\n\r\n", Some(BadFieldValue)),
        (b"HTTP/1.1 200 OK\r\nA: b\rc\r\n\r\n", Some(BareCr)),
        (b"HTTP/1.1 200 OK\r\nConnection: \xa0close\r\n\r\n", Some(BadConnection)),
        // framing
        (b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n", Some(RepeatedContentLength)),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 1,1\r\n\r\n", Some(RepeatedContentLength)),
        (b"HTTP/1.1 200 OK\r\nContent-Length: \r\n\r\n", Some(BadContentLength)),
        (b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", Some(BadContentLength)),
        (
            b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
            Some(ContentLengthAndTransferEncoding),
        ),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", Some(BadTransferEncoding)),
        (b"HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", Some(TransferEncodingOnHttp10)),
        (b"HTTP/1.1 200 OK\r\nContent_Length: 1\r\n\r\n", Some(AliasedFramingField)),
    ] {
        assert_eq!(fault(head, Other, &WireLimits::default()), expected, "{}", head.escape_ascii());
    }
}

#[test]
fn limits_are_met_to_the_byte() {
    let limits = WireLimits { response_head_bytes: 64, fields: 2, ..WireLimits::default() };
    let sized = |length: usize| format!("HTTP/1.1 200 OK\r\nX: {}\r\n\r\n", "x".repeat(length - 24)).into_bytes();
    for (head, expected) in [
        (sized(64), None),
        (sized(65), Some(HeadTooLarge)),
        (b"HTTP/1.1 200 OK\r\nA:\r\nB:\r\n\r\n".to_vec(), None),
        (b"HTTP/1.1 200 OK\r\nA:\r\nB:\r\nC:\r\n\r\n".to_vec(), Some(TooManyFields)),
        ([&b"HTTP/1.1 200 "[..], &b"x".repeat(52)].concat(), Some(HeadTooLarge)),
    ] {
        assert_eq!(fault(&head, Other, &limits), expected, "{}", head.escape_ascii());
    }
}

#[test]
fn framing_follows_request_and_status() {
    let upgraded = "101 x\r\nConnection: upgrade\r\nUpgrade: websocket";
    for (asked, head, expected) in [
        (Other, "200 OK\r\nContent-Length: 5", Ok((Framing::Length(5), true))),
        (Other, "200 OK\r\nContent-Length: 0", Ok((Framing::None, true))),
        (Other, "200 OK\r\nTransfer-Encoding: chunked", Ok((Framing::Chunked, true))),
        (Other, "200 OK", Ok((Framing::UntilClose, false))),
        (Other, "200 OK\r\nContent-Length: 5\r\nConnection: close", Ok((Framing::Length(5), false))),
        (Head, "200 OK\r\nContent-Length: 5", Ok((Framing::None, true))),
        (Head, "200 OK\r\nTransfer-Encoding: chunked", Ok((Framing::None, true))),
        (Head, "200 OK\r\nContent-Length: 5x", Err(BadContentLength)),
        (Other, "304 x\r\nContent-Length: 5", Ok((Framing::None, true))),
        (Other, "204 x", Ok((Framing::None, true))),
        (Other, "103 x\r\nLink: y", Ok((Framing::None, true))),
        (Upgrade, upgraded, Ok((Framing::None, true))),
        (Upgrade, "101 x", Err(UnexpectedUpgrade)),
        (Other, upgraded, Err(UnexpectedUpgrade)),
        (Head, upgraded, Err(UnexpectedUpgrade)),
    ] {
        let head = format!("HTTP/1.1 {head}\r\n\r\n");
        let facts = response_head(head.as_bytes(), asked, &WireLimits::default());
        assert_eq!(
            facts.map(|facts| facts.map(|(facts, _)| (facts.framing, facts.keeps_alive)).unwrap()),
            expected,
            "{head}"
        );
    }
}
