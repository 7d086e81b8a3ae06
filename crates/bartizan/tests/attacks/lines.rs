//! PEERS 4, 5, 8: line ends, control characters and whatever else makes two readers see different lines.

use crate::harness::{SMUGGLED, Wall, with_lines};

#[test]
fn a_line_ends_with_cr_lf_and_nothing_else() {
    let wall = Wall::new();
    let heads: &[&[u8]] = &[
        b"GET /case HTTP/1.1\nHost: app.example\r\n\r\n",
        b"GET /case HTTP/1.1\r\nHost: app.example\n\r\n",
        b"GET /case HTTP/1.1\r\nHost: app.example\r\n\n",
        b"GET /case HTTP/1.1\nHost: app.example\n\n",
        b"GET /case HTTP/1.1\r\nHost: app.example\n\n",
        b"GET /case HTTP/1.1\r\nHost: app.example\r\nA: b\n\r\n",
        b"GET /case HTTP/1.1\r\nHost: app.example\r\nA: b\nC: d\r\n\r\n",
        b"GET /case HTTP/1.1\rHost: app.example\r\n\r\n",
        b"GET /case HTTP/1.1\r\nHost: app.example\r\r\n\r\n",
        b"GET /case HTTP/1.1\r\r\nHost: app.example\r\n\r\n",
        b"GET /case HTTP/1.1\r\nHost: app.example\r\n\r\r\n",
        b"GET /case HTTP/1.1\r\nHost: app.example\r\n\rX",
        b"GET /case HTTP/1.1\r\nHost: app.example\rA: b\r\n\r\n",
        b"GET /case HTTP/1.1\r\nHost: app.example\r\nA: b\rC: d\r\n\r\n",
        b"GET /case HTTP/1.1\r\nHost: app.example\r\nA: b\r\rC: d\r\n\r\n",
        b"GET /case HTTP/1.1\r\nHost: app.example\r\nA\r: b\r\n\r\n",
        b"GET /case HTTP/1.1\r\nHost: app.example\r\nA:\rb\r\n\r\n",
        b"GET /case HTTP/1.1\r\nHost: app.example\r\nA: b\n\rC: d\r\n\r\n",
        b"GET /case\r HTTP/1.1\r\nHost: app.example\r\n\r\n",
        b"GET /case\n HTTP/1.1\r\nHost: app.example\r\n\r\n",
        b"GET\r /case HTTP/1.1\r\nHost: app.example\r\n\r\n",
        b"GET\n/case HTTP/1.1\r\nHost: app.example\r\n\r\n",
        b"GET\r\n/case HTTP/1.1\r\nHost: app.example\r\n\r\n",
        b"GET /case\r\nHTTP/1.1\r\nHost: app.example\r\n\r\n",
        b"\nGET /case HTTP/1.1\r\nHost: app.example\r\n\r\n",
        b"\rGET /case HTTP/1.1\r\nHost: app.example\r\n\r\n",
        b"\r\rGET /case HTTP/1.1\r\nHost: app.example\r\n\r\n",
        b"\r\n\r\n\r\nGET /case HTTP/1.1\r\nHost: app.example\r\n\r\n",
        b" GET /case HTTP/1.1\r\nHost: app.example\r\n\r\n",
        b"\tGET /case HTTP/1.1\r\nHost: app.example\r\n\r\n",
        b"\0GET /case HTTP/1.1\r\nHost: app.example\r\n\r\n",
        b"\xef\xbb\xbfGET /case HTTP/1.1\r\nHost: app.example\r\n\r\n",
        b"GET /case HTTP/1.1\r\n Host: app.example\r\n\r\n",
        b"GET /case HTTP/1.1\r\n\tHost: app.example\r\n\r\n",
        b"GET /case HTTP/1.1\r\n \r\nHost: app.example\r\n\r\n",
        b"GET /case HTTP/1.1\r\nHost: app.example\r\n \r\n\r\n",
        b"GET /case HTTP/1.1\r\nHost: app.example\r\n A: b\r\n\r\n",
        b"GET /case HTTP/1.1\r\nHost:\r\n app.example\r\n\r\n",
        b"GET /case HTTP/1.1\r\nHost: app.example\r\nA: b\r\n c\r\n\r\n",
        b"GET /case HTTP/1.1\r\nHost: app.example\r\nA:\r\n\tb\r\n\r\n",
        b"GET /case HTTP/1.1\r\nHost: app.example\r\nA : b\r\n\r\n",
        b"GET /case HTTP/1.1\r\nHost: app.example\r\nA\t: b\r\n\r\n",
        b"GET /case HTTP/1.1\r\nHost : app.example\r\n\r\n",
        b"GET /case HTTP/1.1\r\nHost: app.example\r\n: b\r\n\r\n",
        b"GET /case HTTP/1.1\r\nHost: app.example\r\nA\r\n\r\n",
        b"GET /case HTTP/1.1\r\nHost: app.example\r\nA b: c\r\n\r\n",
        b"GET /case HTTP/1.1\r\nHost: app.example\r\nGET /smuggled HTTP/1.1\r\nHost: app.example\r\n\r\n",
        b"GET /case HTTP/1.1\r\nHost: app.example\r\n\x85\r\n\r\n",
        b"GET /case HTTP/1.1\r\nHost: app.example\r\n\xe2\x80\xa8\r\n\r\n",
    ];
    for head in heads {
        wall.refuses(&[head, SMUGGLED].concat());
    }
    for head in [
        &b"GET /case HTTP/1.1\r\nHost: app.example\r\n\r\n"[..],
        b"\r\nGET /case HTTP/1.1\r\nHost: app.example\r\n\r\n", // RFC 9112, 2.2
        b"GET /case HTTP/1.1\r\nHost:app.example\r\nA:\r\n\r\n",
        b"GET /case HTTP/1.1\r\nHost: \t app.example \t\r\nA: b : c\r\n\r\n",
    ] {
        assert_eq!(wall.passes(head).request_line(), "GET /case HTTP/1.1");
    }
    wall.never_saw("/smuggled");
}

#[test]
fn no_octet_but_a_tokens_stands_in_a_name() {
    // Attack 5.
    let wall = Wall::new();
    let is_token = |octet: u8| octet.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&octet);
    for octet in (0..=255_u8).filter(|octet| !is_token(*octet) && *octet != b':') {
        wall.refuses(&with_lines("GET", &[b"A", &[octet][..], b"B: c\r\n"].concat(), b""));
        wall.refuses(&with_lines("GET", &[b"X-Case", &[octet][..], b": c\r\n"].concat(), b""));
        wall.refuses(&with_lines("GET", &[&[octet][..], b"X-Case: c\r\n"].concat(), b""));
    }
    for octet in (0..=255_u8).filter(|octet| is_token(*octet)) {
        wall.passes(&with_lines("GET", &[b"X-A", &[octet][..], b"B: c\r\n"].concat(), b""));
    }
    // CVE-2021-40346: a name whose length overflows a reader's counter.
    for length in [256, 270, 4096, 65_535, 65_536, 65_537] {
        let name = "x".repeat(length);
        if length > 30_000 {
            wall.refuses(&with_lines("GET", format!("{name}: c\r\n").as_bytes(), b""));
            wall.refuses(&with_lines(
                "POST",
                format!("Content-Length0{name}: \r\nContent-Length: 45\r\n").as_bytes(),
                SMUGGLED,
            ));
        }
    }
    wall.never_saw("/smuggled");
}

#[test]
fn no_control_character_stands_in_a_value() {
    let wall = Wall::new();
    for octet in (0..=0x1f).chain([0x7f]).filter(|octet| *octet != b'\t') {
        for value in [&[b'a', octet, b'b'][..], &[octet, b'a'], &[b'a', octet], &[octet]] {
            // A CR before the line's own CR LF, or an LF that ends a line, is what this is about, too.
            wall.refuses(&with_lines("GET", &[b"X-Case: ", value, b"\r\n"].concat(), b""));
        }
    }
    for octet in (0x80..=0xff).chain([b'\t', b' ']) {
        let request = wall.passes(&with_lines("GET", &[b"X-Case: a", &[octet][..], b"b\r\n"].concat(), b""));
        let sent = [b"x-case: a", &[octet][..], b"b\r\n"].concat();
        let arrived = request.head.to_ascii_lowercase();
        assert!(arrived.windows(sent.len()).any(|window| window == sent.to_ascii_lowercase()), "{octet:#x}");
    }
    // Octets beyond ASCII are no white space: they are neither trimmed nor taken for a line end.
    for value in [&b"\x85a\x85"[..], b"\xa0a\xa0", b"\xe2\x80\xa8a", b"a\xe5\x98\x8a\xe5\x98\x8dB: c"] {
        let request = wall.passes(&with_lines("GET", &[b"X-Case: ", value, b"\r\n"].concat(), b""));
        assert!(request.head.windows(value.len()).any(|window| window == value), "{}", value.escape_ascii());
        assert_eq!(request.all("b"), [""; 0]);
    }
}

#[test]
fn a_request_line_is_three_parts_and_two_spaces() {
    let wall = Wall::new();
    let lines: &[&[u8]] = &[
        b"GET  /case HTTP/1.1",
        b"GET /case  HTTP/1.1",
        b"GET\t/case HTTP/1.1",
        b"GET /case\tHTTP/1.1",
        b"GET /case HTTP/1.1 ",
        b"GET /case HTTP/1.1\t",
        b"GET /case HTTP/1.1 x",
        b"GET /case x HTTP/1.1",
        b"GET /a b HTTP/1.1",
        b"GET /case",
        b"GET /case ",
        b"GET",
        b"GET ",
        b"GET  HTTP/1.1",
        b"GET HTTP/1.1",
        b" /case HTTP/1.1",
        b"/case HTTP/1.1",
        b"HTTP/1.1",
        b"GET /case HTTP/1.2",
        b"GET /case HTTP/1.9",
        b"GET /case HTTP/2.0",
        b"GET /case HTTP/2",
        b"GET /case HTTP/3",
        b"GET /case HTTP/9.9",
        b"GET /case HTTP/9",
        b"GET /case HTTP/0.9",
        b"GET /case HTTP/1",
        b"GET /case HTTP/1.",
        b"GET /case HTTP/.1",
        b"GET /case HTTP/11",
        b"GET /case HTTP/1.10",
        b"GET /case HTTP/1.01",
        b"GET /case HTTP/01.1",
        b"GET /case HTTP/1.1.1",
        b"GET /case HTTP/+1.1",
        b"GET /case HTTP/1.-1",
        b"GET /case HTTP/ 1.1",
        b"GET /case HTTP /1.1",
        b"GET /case HTTP/1 .1",
        b"GET /case HTTP/1,1",
        b"GET /case HTTP-1.1",
        b"GET /case HTTP1.1",
        b"GET /case http/1.1",
        b"GET /case Http/1.1",
        b"GET /case HTTPS/1.1",
        b"GET /case XHTTP/1.1",
        b"GET /case ICY/1.1",
        b"GET /case RTSP/1.0",
        b"GET /case HTTP/1.1\0",
        b"GET /case\0 HTTP/1.1",
        b"GET\0 /case HTTP/1.1",
        b"GET /case HTTP/1.1\x0b",
        b"GET\x0b/case\x0bHTTP/1.1",
        b"GET\x0c/case\x0cHTTP/1.1",
        b"GET\xa0/case\xa0HTTP/1.1",
        b"GET\x85/case\x85HTTP/1.1",
        b"GET /case HTTP/\xb1.1",
        b"PRI * HTTP/2.0",
        b"CONNECT app.example:443 HTTP/1.1",
        b"CONNECT / HTTP/1.1",
        b"CONNECT http://app.example/ HTTP/1.1",
        b"G@T /case HTTP/1.1",
        b"G:T /case HTTP/1.1",
        b"GET: /case HTTP/1.1",
        b"GET/case HTTP/1.1",
        b"\"GET\" /case HTTP/1.1",
        b"G\xc3\x8bT /case HTTP/1.1",
        b"G(T /case HTTP/1.1",
        b"GET, /case HTTP/1.1",
        b"[GET] /case HTTP/1.1",
        b"{GET} /case HTTP/1.1",
        b"GET\\ /case HTTP/1.1",
        b"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA /case HTTP/1.1",
        // Forms of the target (RFC 9112, 3.2) that a server of resources does not serve.
        b"GET case HTTP/1.1",
        b"GET ?a HTTP/1.1",
        b"GET * HTTP/1.1",
        b"POST * HTTP/1.1",
        b"GET *a HTTP/1.1",
        b"OPTIONS ** HTTP/1.1",
        b"OPTIONS *?a HTTP/1.1",
        b"OPTIONS */ HTTP/1.1",
        b"GET app.example HTTP/1.1",
        b"GET app.example:80 HTTP/1.1",
        b"GET app.example/case HTTP/1.1",
        b"GET :80 HTTP/1.1",
        b"GET @app.example HTTP/1.1",
        b"GET .case HTTP/1.1",
        b"GET \\case HTTP/1.1",
        b"GET http:/app.example/ HTTP/1.1",
        b"GET http:app.example/ HTTP/1.1",
        b"GET http:///case HTTP/1.1",
        b"GET http:// HTTP/1.1",
        b"GET http://evil.example/ HTTP/1.1",
        b"GET http://app.example.evil.example/ HTTP/1.1",
        b"GET http://user@app.example/ HTTP/1.1",
        b"GET http://app.example@evil.example/ HTTP/1.1",
        b"GET http://evil.example@app.example/ HTTP/1.1",
        b"GET http://app.example:81/ HTTP/1.1",
        b"GET http://app.example:/ HTTP/1.1",
        b"GET http://app.example:x/ HTTP/1.1",
        b"GET http://app.example:99999/ HTTP/1.1",
        b"GET http://app.example\\evil.example/ HTTP/1.1",
        b"GET http://app.example#x HTTP/1.1",
        b"GET http://app.example,evil.example/ HTTP/1.1",
        b"GET http://app%2eexample/ HTTP/1.1",
        b"GET http://[app.example]/ HTTP/1.1",
        b"GET ftp://app.example/ HTTP/1.1",
        b"GET file:///etc/passwd HTTP/1.1",
        b"GET gopher://app.example/ HTTP/1.1",
        b"GET ws://app.example/ HTTP/1.1",
        b"GET javascript:alert(1) HTTP/1.1",
        b"GET ://app.example/ HTTP/1.1",
        b"GET //evil.example@http://app.example/ HTTP/2.1",
        b"GET h\0ttp://app.example/ HTTP/1.1",
        b"GET unix:/run/app.sock|http://x/ HTTP/1.1",
    ];
    for line in lines {
        wall.refuses(&[*line, b"\r\nHost: app.example\r\n\r\n", SMUGGLED].concat());
    }
    for (line, sent) in [
        ("GET /case HTTP/1.0", "GET /case HTTP/1.1"),
        ("OPTIONS * HTTP/1.1", "OPTIONS * HTTP/1.1"),
        ("PROPFIND /dav HTTP/1.1", "PROPFIND /dav HTTP/1.1"),
        ("GET http://app.example/case?a=b HTTP/1.1", "GET /case?a=b HTTP/1.1"),
        ("GET HTTP://APP.EXAMPLE/case HTTP/1.1", "GET /case HTTP/1.1"),
        ("GET http://app.example HTTP/1.1", "GET / HTTP/1.1"),
    ] {
        let request = wall.passes(format!("{line}\r\nHost: app.example\r\n\r\n").as_bytes());
        assert_eq!((request.request_line(), request.all("host")), (sent.to_owned(), vec!["app.example".to_owned()]));
    }
    wall.never_saw("/smuggled");
}

#[test]
fn only_octets_of_a_uri_stand_in_a_target() {
    let wall = Wall::new();
    for octet in (0..=0x20).chain([b'#', b'\\', b'<', b'>']).chain(0x7f..=0xff) {
        for (before, after) in [("GET /a", "b HTTP/1.1"), ("GET /", " HTTP/1.1"), ("GET /a", "?b HTTP/1.1")] {
            let line = [before.as_bytes(), &[octet], after.as_bytes()].concat();
            wall.refuses(&[&line[..], b"\r\nHost: app.example\r\n\r\n"].concat());
        }
        if !b"\\<>".contains(&octet) {
            let line = [b"GET /a?b", &[octet][..], b"c HTTP/1.1"].concat();
            wall.refuses(&[&line[..], b"\r\nHost: app.example\r\n\r\n"].concat());
        }
    }
    for target in ["/%7Euser", "/a%20b", "/a?b=%00", "/a?b=100%", "/a,b;c=d@e:f!$&'()*+=", "/?a[]={1}|2^3"] {
        wall.passes(format!("GET {target} HTTP/1.1\r\nHost: app.example\r\n\r\n").as_bytes());
    }
}

#[test]
fn heads_have_a_size_and_a_count() {
    let wall = Wall::new();
    let many = |count: usize| "X-A: b\r\n".repeat(count);
    for (lines, status) in [
        (format!("X-A: {}\r\n", "b".repeat(40_000)), 431),
        (many(101), 431),
        (many(5000), 431),
        (format!("Cookie: {}\r\n", "a=b; ".repeat(10_000)), 431),
    ] {
        assert_eq!(wall.refuses(&with_lines("GET", lines.as_bytes(), b"")).status, status);
    }
    let long = format!("GET /{} HTTP/1.1\r\nHost: app.example\r\n\r\n", "a".repeat(20_000));
    assert_eq!(wall.refuses(long.as_bytes()).status, 414);
    wall.passes(&with_lines("GET", many(90).as_bytes(), b""));
    wall.passes(&with_lines("GET", format!("X-A: {}\r\n", "b".repeat(8_000)).as_bytes(), b""));
}

#[test]
fn expectations_and_connection_options_are_known_ones() {
    let wall = Wall::new();
    for lines in [
        "Expect: 200-ok",
        "Expect: 100-continue, x",
        "Expect: x100-continue",
        "Expect: 100-continue\r\nExpect: 100-continue",
        "Expect: \"100-continue\"",
        "Connection: host",
        "Connection: close, Host",
        "Connection: content-length",
        "Connection: a b",
        "Connection: \"close\"",
        "Connection: close;q=1",
        "Connection: (x)",
    ] {
        wall.refuses(&with_lines("POST", format!("{lines}\r\nContent-Length: 45\r\n").as_bytes(), SMUGGLED));
    }
    for lines in [
        "Connection: keep-alive",
        "Connection: X-Own",
        "Connection: close",
        "Connection: , keep-alive,",
        "Keep-Alive: 5",
    ] {
        let request = wall.passes(&with_lines("GET", format!("{lines}\r\nX-Own: 1\r\n").as_bytes(), b""));
        assert_eq!((request.all("connection"), request.all("keep-alive")), (vec![], vec![]), "{lines}");
    }
    wall.never_saw("/smuggled");
}
