//! PEERS 1, 3, 4, 6, 8: where a message ends, said in every way that two readers could take differently.

use crate::harness::{SMUGGLED, Wall, with_lines};

/// Attack 1 (CVE-2026-2835): spellings of Transfer-Encoding that some reader takes for chunked and another does not.
const TRANSFER_ENCODINGS: &[&[u8]] = &[
    b"Transfer-Encoding: ,chunked",
    b"Transfer-Encoding: chunked,",
    b"Transfer-Encoding: , chunked ,",
    b"Transfer-Encoding: chunked, identity",
    b"Transfer-Encoding: identity, chunked",
    b"Transfer-Encoding: chunked, chunked",
    b"Transfer-Encoding: gzip, chunked",
    b"Transfer-Encoding: chunked, gzip",
    b"Transfer-Encoding: identity",
    b"Transfer-Encoding: x",
    b"Transfer-Encoding: xchunked",
    b"Transfer-Encoding: chunkedx",
    b"Transfer-Encoding: chunke",
    b"Transfer-Encoding: chunked chunked",
    b"Transfer-Encoding: x chunked",
    b"Transfer-Encoding: x\tchunked",
    b"Transfer-Encoding: chunked;q=1",
    b"Transfer-Encoding: chunked; a",
    b"Transfer-Encoding: \"chunked\"",
    b"Transfer-Encoding: 'chunked'",
    b"Transfer-Encoding: [chunked]",
    b"Transfer-Encoding: (a)chunked",
    b"Transfer-Encoding: \\chunked",
    b"Transfer-Encoding: chunk%65d",
    b"Transfer-Encoding:",
    b"Transfer-Encoding: ,",
    b"Transfer-Encoding: \x0bchunked",
    b"Transfer-Encoding:\x0bchunked",
    b"Transfer-Encoding: chunked\x0b",
    b"Transfer-Encoding: \x0cchunked",
    b"Transfer-Encoding: chunked\x0c",
    b"Transfer-Encoding: chunked\0",
    b"Transfer-Encoding: \0chunked",
    b"Transfer-Encoding: chu\0nked",
    b"Transfer-Encoding: chunked\x7f",
    b"Transfer-Encoding: \x08chunked",
    b"Transfer-Encoding: \x85chunked",
    b"Transfer-Encoding: chunked\xa0",
    b"Transfer-Encoding: \xa0chunked",
    b"Transfer-Encoding: \xffchunked",
    b"Transfer-Encoding: chun\xe2\x84\xaaed",
    b"Transfer-Encoding: c\xc5\xabunked",
    b"Transfer-Encoding:chunked\r",
    b"Transfer-Encoding: \rchunked",
    b"Transfer-Encoding: chunked\rx",
    b"Transfer-Encoding: chunked\nX: y",
    b"Transfer-Encoding: chunked\n",
    b"Transfer-Encoding: \nchunked",
    b"Transfer-Encoding:\n chunked",
    b"Transfer-Encoding:\r\n chunked",
    b"Transfer-Encoding:\r\n\tchunked",
    b"Transfer-Encoding: chunked\r\n , identity",
    b"Transfer-Encoding: x\r\n chunked",
    b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
    b"Transfer-Encoding: chunked\r\nTransfer-Encoding: x",
    b"Transfer-Encoding: x\r\nTransfer-Encoding: chunked",
    b"Transfer-Encoding: identity\r\nTransfer-Encoding: chunked",
    b"Transfer-Encoding: chunked\r\ntransfer-encoding: identity",
    b"Transfer-Encoding: chunked\r\nX: y\r\nTRANSFER-ENCODING: chunked",
    b"Transfer-Encoding : chunked",
    b"Transfer-Encoding\t: chunked",
    b"Transfer-Encoding \t : chunked",
    b" Transfer-Encoding: chunked",
    b"\tTransfer-Encoding: chunked",
    b"X: y\r\n Transfer-Encoding: chunked",
    b"X: y\nTransfer-Encoding: chunked",
    b"X: y\rTransfer-Encoding: chunked",
    b"X: y\0Transfer-Encoding: chunked",
    b"X: y\n\rTransfer-Encoding: chunked",
    b"Transfer-Encoding\r\n: chunked",
    b"Transfer-Encoding\n: chunked",
    b"Transfer-Encoding\0: chunked",
    b"Transfer-Encoding\x0b: chunked",
    b"Transfer-Encoding\xa0: chunked",
    b"\0Transfer-Encoding: chunked",
    b"\x0bTransfer-Encoding: chunked",
    b"\xef\xbb\xbfTransfer-Encoding: chunked",
    b"Transfer-\0Encoding: chunked",
    b"Transfer Encoding: chunked",
    b"\"Transfer-Encoding\": chunked",
    b"Transfer-Encoding chunked",
    b"Transfer-Encoding; chunked",
    b"Transfer_Encoding: chunked",
    b"transfer_encoding: chunked",
    b"TRANSFER_ENCODING: identity",
    b"Transfer_Encoding: chunked\r\nTransfer-Encoding: chunked",
    b"Connection: Transfer-Encoding\r\nTransfer-Encoding: chunked",
    b"Connection: close, transfer-encoding",
];

#[test]
fn a_transfer_encoding_that_is_not_one_plain_chunked_is_refused() {
    let wall = Wall::new();
    let body = [b"0\r\n\r\n", SMUGGLED].concat();
    for line in TRANSFER_ENCODINGS {
        for method in ["POST", "GET"] {
            wall.refuses(&with_lines(method, &[line, b"\r\n".as_slice()].concat(), &body));
        }
    }
    for line in ["chunked", "Chunked", "CHUNKED", "\t chunked \t"] {
        let request = wall.passes(&with_lines(
            "POST",
            format!("transfer-ENCODING:{line}\r\n").as_bytes(),
            b"5\r\nhello\r\n0\r\n\r\n",
        ));
        assert_eq!(request.body, b"hello");
        // Attack 8: whatever came, one strict form leaves.
        assert_eq!(request.all("transfer-encoding"), ["chunked"]);
        assert_eq!(request.header("content-length"), None);
    }
    wall.never_saw("/smuggled");
}

#[test]
fn both_length_fields_are_refused_in_every_order_and_spelling() {
    let wall = Wall::new();
    let body = [b"0\r\n\r\n", SMUGGLED].concat();
    let lengths = [
        format!("Content-Length: {}\r\n", body.len()),
        "content-LENGTH:5\r\n".to_owned(),
        "Content-Length: 0\r\n".to_owned(),
        "Content_Length: 5\r\n".to_owned(),
    ];
    let encodings =
        ["Transfer-Encoding: chunked\r\n", "transfer-encoding:CHUNKED\r\n", "Transfer_Encoding: chunked\r\n"];
    for length in &lengths {
        for encoding in encodings {
            for lines in [
                format!("{length}{encoding}"),
                format!("{encoding}{length}"),
                format!("{length}X-Between: x\r\n{encoding}"),
                format!("{encoding}X-Between: x\r\nConnection: close\r\n{length}"),
                format!("{encoding}Connection: content-length\r\n{length}"),
                format!("{encoding}Connection: keep-alive\r\n{length}{encoding}"),
            ] {
                wall.refuses(&with_lines("POST", lines.as_bytes(), &body));
            }
        }
    }
    for line in TRANSFER_ENCODINGS {
        let before = [b"Content-Length: 5\r\n", *line, b"\r\n"].concat();
        let after = [*line, b"\r\nContent-Length: 5\r\n"].concat();
        wall.refuses(&with_lines("POST", &before, &body));
        wall.refuses(&with_lines("POST", &after, &body));
    }
    // Names that only resemble the two are the app's affair, and frame nothing.
    for line in ["X-Transfer-Encoding: chunked", "X-Content-Length: 9", "Content-Lengths: 9", "Transfer: chunked"] {
        let lines = format!("{line}\r\nContent-Length: 2\r\n");
        assert_eq!(wall.passes(&with_lines("POST", lines.as_bytes(), b"hi")).body, b"hi", "{line}");
    }
    wall.never_saw("/smuggled");
}

#[test]
fn http_1_0_knows_no_transfer_encoding() {
    let wall = Wall::new();
    let body = [b"0\r\n\r\n", SMUGGLED].concat();
    for lines in [
        "Transfer-Encoding: chunked\r\n",
        "transfer-encoding: chunked\r\nConnection: keep-alive\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
        "Transfer-Encoding: identity\r\n",
    ] {
        let start = format!("POST /case HTTP/1.0\r\nHost: app.example\r\n{lines}\r\n");
        wall.refuses(&[start.as_bytes(), &body].concat());
    }
    let request = wall.passes(b"POST /old HTTP/1.0\r\nHost: app.example\r\nContent-Length: 2\r\n\r\nhi");
    assert_eq!((request.request_line().as_str(), request.body.as_slice()), ("POST /old HTTP/1.1", &b"hi"[..]));
    wall.never_saw("/smuggled");
}

#[test]
fn a_content_length_is_plain_digits_and_once() {
    // Attack 3 (CVE-2023-40225).
    let wall = Wall::new();
    let values: &[&[u8]] = &[
        b"",
        b" ",
        b"+5",
        b"-5",
        b"-0",
        b"+0",
        b"0x5",
        b"0X5",
        b"5x",
        b"1_0",
        b"1e1",
        b"5.0",
        b"5.",
        b".5",
        b"5,",
        b",5",
        b"5, 5",
        b"5,5",
        b"5, 6",
        b"5 5",
        b"5\t5",
        b"5;",
        b"5; a",
        b"\"5\"",
        b"'5'",
        b"(5)",
        b"5 a",
        b"a",
        b"five",
        b"0b1",
        b"0o5",
        b"\xb2",
        b"5\xa0",
        b"\xa05",
        b"\x855",
        b"5\x85",
        b"\xd9\xa5",
        b"\xef\xbc\x95",
        b"5\0",
        b"\x005",
        b"5\x0b",
        b"\x0b5",
        b"5\x0c",
        b"5\r",
        b"\r5",
        b"5\n",
        b"\n5",
        b"5\r\n 5",
        b"\r\n 5",
        b"9223372036854675808",
        b"18446744073709551616",
        b"18446744073709551621",
        b"4294967296000000000000005",
        b"99999999999999999999999999999999999999999999",
        b"00000000000000000000000000000005",
        b"5\r\nContent-Length: 5",
        b"5\r\nContent-Length: 6",
        b"6\r\nContent-Length: 5",
        b"5\r\ncontent-length:",
        b"0\r\nCONTENT-LENGTH: 5",
        b"5\r\nX: y\r\nContent-Length: 5",
        b"5\r\nContent_Length: 50",
        b"5\r\nConnection: Content-Length",
    ];
    for value in values {
        for name in ["Content-Length: ", "content-length:"] {
            let lines = [name.as_bytes(), value, b"\r\n"].concat();
            wall.refuses(&with_lines("POST", &lines, &[b"hello", SMUGGLED].concat()));
        }
    }
    for line in
        ["Content-Length : 5", " Content-Length: 5", "Content-Length\t: 5", "Content_Length: 5", "Content-Length 5"]
    {
        wall.refuses(&with_lines("POST", format!("{line}\r\n").as_bytes(), &[b"hello", SMUGGLED].concat()));
    }
    for (value, body) in [("5", "hello"), ("0", ""), ("\t5 ", "hello"), ("05", "hello")] {
        let lines = format!("Content-Length:{value}\r\n");
        let request = wall.passes(&with_lines("POST", lines.as_bytes(), body.as_bytes()));
        assert_eq!(request.body, body.as_bytes());
        assert_eq!(request.header("content-length").as_deref().unwrap_or("0"), body.len().to_string());
    }
    wall.never_saw("/smuggled");
}

#[test]
fn chunks_are_read_strictly() {
    // Attack 4: sizes that are read as a prefix, line ends that are half, extensions and trailers that hide lines.
    let wall = Wall::new();
    let bodies: &[&[u8]] = &[
        b"0x1\r\na\r\n0\r\n\r\n",
        b"-1\r\na\r\n0\r\n\r\n",
        b"+1\r\na\r\n0\r\n\r\n",
        b" 1\r\na\r\n0\r\n\r\n",
        b"1 \r\na\r\n0\r\n\r\n",
        b"1\t\r\na\r\n0\r\n\r\n",
        b"\t1\r\na\r\n0\r\n\r\n",
        b"g\r\na\r\n0\r\n\r\n",
        b"1g\r\na\r\n0\r\n\r\n",
        b"\r\na\r\n0\r\n\r\n",
        b";a\r\na\r\n0\r\n\r\n",
        b"1_0\r\na\r\n0\r\n\r\n",
        b"1.\r\na\r\n0\r\n\r\n",
        b"\"1\"\r\na\r\n0\r\n\r\n",
        b"1,1\r\na\r\n0\r\n\r\n",
        b"1 1\r\na\r\n0\r\n\r\n",
        b"1h\r\na\r\n0\r\n\r\n",
        b"\xb1\r\na\r\n0\r\n\r\n",
        b"1\xa0\r\na\r\n0\r\n\r\n",
        b"1\0\r\na\r\n0\r\n\r\n",
        b"1\x0b\r\na\r\n0\r\n\r\n",
        b"ffffffffffffffffff\r\na\r\n0\r\n\r\n",
        b"10000000000000000\r\n\r\n0\r\n\r\n",
        b"100000000000000001\r\na\r\n0\r\n\r\n",
        b"000000000000000000000001\r\na\r\n0\r\n\r\n",
        b"ffffffffffffffff\r\na\r\n0\r\n\r\n",
        b"8000000000000000\r\na\r\n0\r\n\r\n",
        b"1\na\r\n0\r\n\r\n",
        b"1\ra\r\n0\r\n\r\n",
        b"1\r\na\n0\r\n\r\n",
        b"1\r\na\r0\r\n\r\n",
        b"1\r\na0\r\n\r\n",
        b"1\r\nab\r\n0\r\n\r\n",
        b"2\r\na\r\n0\r\n\r\n",
        b"1\r\na\r\r\n0\r\n\r\n",
        b"1\r\na\n\r\n0\r\n\r\n",
        b"1\r\na\r\n\r\n0\r\n\r\n",
        b"1\r\r\na\r\n0\r\n\r\n",
        b"1\n\r\na\r\n0\r\n\r\n",
        b"1\r\na\rX0\r\n\r\n",
        b"1\r\na\r\n0\n\n",
        b"1\r\na\r\n0\r\n\n",
        b"1\r\na\r\n0\n\r\n",
        b"1\r\na\r\n0\r\r\n\r\n",
        b"1\r\na\r\n0\r\n\rX",
        b"1\r\na\r\n00x\r\n\r\n",
        b"1\r\na\r\n0 \r\n\r\n",
        b"1\r\na\r\n-0\r\n\r\n",
        b"1;a\nb\r\na\r\n0\r\n\r\n",
        b"1;\n\r\na\r\n0\r\n\r\n",
        b"1;a\rb\r\na\r\n0\r\n\r\n",
        b"1;\r\r\na\r\n0\r\n\r\n",
        b"1;\rX\r\na\r\n0\r\n\r\n",
        b"1;a=\0\r\na\r\n0\r\n\r\n",
        b"1;a=\x80\r\na\r\n0\r\n\r\n",
        b"1;a=\"\n\"\r\na\r\n0\r\n\r\n",
        b"1;a=\x7f\r\na\r\n0\r\n\r\n",
        b"1 ;a\r\na\r\n0\r\n\r\n",
        b"1\t;a\r\na\r\n0\r\n\r\n",
        b"1; \x0b\r\na\r\n0\r\n\r\n",
        b"1;a=\"\r\n0\r\n\r\n\"\r\na\r\n0\r\n\r\nx",
        b"0\r\nContent-Length: 5\r\n\r\n",
        b"0\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"0\r\nHost: evil.example\r\n\r\n",
        b"0\r\nA\r\n\r\n",
        b"0\r\nA : b\r\n\r\n",
        b"0\r\n A: b\r\n\r\n",
        b"0\r\nA: b\r\n c\r\n\r\n",
        b"0\r\nA: b\n\r\n",
        b"0\r\nA: b\r\n\n",
        b"0\r\nA: b\rc\r\n\r\n",
        b"0\r\nA: \0\r\n\r\n",
        b"0\r\n\xa0: b\r\n\r\n",
        b"0\r\n: b\r\n\r\n",
        b"0\r\nGET /smuggled HTTP/1.1\r\nHost: app.example\r\n\r\n",
        b"0\r\nConnection: close\r\n\r\n",
        b"0\r\nTransfer_Encoding: chunked\r\n\r\n",
        b"0\r\nContent_Length: 3\r\n\r\n",
    ];
    for body in bodies {
        let body = [body, SMUGGLED].concat();
        wall.refuses(&with_lines("POST", b"Transfer-Encoding: chunked\r\n", &body));
    }
    for (body, expected) in [
        (&b"0\r\n\r\n"[..], &b""[..]),
        (b"1\r\na\r\n0\r\n\r\n", b"a"),
        (b"0001\r\na\r\n000\r\n\r\n", b"a"),
        (b"a\r\n0123456789\r\nA\r\n0123456789\r\n0\r\n\r\n", b"01234567890123456789"),
        (b"1;a=b\r\na\r\n0;c\r\n\r\n", b"a"),
        (b"1;a=\"b\"\r\na\r\n0\r\n\r\n", b"a"),
        (b"1\r\na\r\n0\r\nX-Checksum: 1\r\n\r\n", b"a"),
        (b"4\r\n\r\n\r\n\r\n0\r\n\r\n", b"\r\n\r\n"),
    ] {
        let request = wall.passes(&with_lines("POST", b"Transfer-Encoding: chunked\r\n", body));
        assert_eq!(request.body, expected, "{}", body.escape_ascii());
    }
    wall.never_saw("/smuggled");
}

#[test]
fn a_body_ends_where_its_length_says_and_the_next_request_begins_there() {
    // Attacks 6 and 8: pipelined requests, good and bad, and bodies that look like requests.
    let wall = Wall::new();
    let length = SMUGGLED.len();
    let hidden = [format!("Content-Length: {length}\r\n").as_bytes(), b"\r\n", SMUGGLED].concat();
    let start = b"POST /outer HTTP/1.1\r\nHost: app.example\r\n";
    let good = b"GET /good HTTP/1.1\r\nHost: app.example\r\n\r\n";
    let seen = wall.send(&[&start[..], &hidden, good, &start[..], b"Connection: close\r\n", &hidden].concat());
    assert_eq!(seen.answers.iter().map(|answer| answer.status).collect::<Vec<_>>(), [200, 200, 200]);
    wall.never_saw("/smuggled");
    assert_eq!(wall.whole_requests(), ["POST /outer HTTP/1.1", "GET /good HTTP/1.1", "POST /outer HTTP/1.1"]);
    assert!(wall.app.requests().iter().all(|request| request.body.is_empty() || request.body == SMUGGLED));

    // A GET's body is a body, too.
    let get = with_lines("GET", format!("Content-Length: {length}\r\n").as_bytes(), SMUGGLED);
    assert_eq!(wall.passes(&get).body, SMUGGLED);
    wall.never_saw("/smuggled");

    // After a fault, nothing that follows is read, however good it is.
    let after = b"GET /after HTTP/1.1\r\nHost: app.example\r\n\r\n";
    for bad in [
        &b"GET /bad HTTP/1.1\r\nHost: app.example\r\nContent-Length: x\r\n\r\n"[..],
        b"GET /bad HTTP/1.1\r\nHost: app.example\n\r\n",
        b"GET  /bad HTTP/1.1\r\nHost: app.example\r\n\r\n",
        b"POST /bad HTTP/1.1\r\nHost: app.example\r\nTransfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n",
        b"POST /bad HTTP/1.1\r\nHost: app.example\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n",
        b"GET /bad HTTP/1.1\r\n\r\n",
        b"GET /bad HTTP/1.1\r\nHost: app.example\r\nHost: app.example\r\n\r\n",
        b"\0",
    ] {
        let seen = wall.send(&[&good[..], good, bad, after].concat());
        let statuses: Vec<_> = seen.answers.iter().map(|answer| answer.status).collect();
        assert_eq!(statuses, [200, 200, 400], "{}", bad.escape_ascii());
        assert!(seen.rest.is_empty());
        wall.next_visitor("a pipeline");
    }
    wall.never_saw("/after");
}

#[test]
fn a_body_that_was_not_read_is_not_read_as_requests() {
    // Attack 6 (CVE-2025-4366): the wall answers by itself before the body has come.
    let wall = Wall::with("", "body = 4\n[[site.route]]\npath = \"/closed/\"\ndeny = true\n");
    for lines in ["Content-Length: 45", "Transfer-Encoding: chunked", "Content-Length: 45\r\nExpect: 100-continue"] {
        for path in ["/closed/x", "/large"] {
            let start = format!("POST {path} HTTP/1.1\r\nHost: app.example\r\nConnection: close\r\n{lines}\r\n\r\n");
            let body = if lines.starts_with('T') {
                [b"2d\r\n", SMUGGLED, b"\r\n0\r\n\r\n"].concat()
            } else {
                SMUGGLED.to_vec()
            };
            let seen = wall.send(&[start.as_bytes(), &body].concat());
            let last: Vec<_> =
                seen.answers.iter().map(|answer| answer.status).filter(|status| *status != 100).collect();
            assert!(matches!(last[..], [403 | 413]), "{path} {lines} {last:?}");
            wall.next_visitor(path);
        }
    }
    wall.never_saw("/smuggled");
    assert_eq!(wall.whole_requests(), [""; 0]);
}
