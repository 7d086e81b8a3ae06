//! PEERS 7: what HTTP/2 can carry and HTTP/1.1 cannot say must not become lines at the app.

use bartizan_testkit::RecordedRequest;
use bartizan_testkit::h2::{Frame, H2Client, Outcome, flag, kind};

use crate::harness::Wall;

type Fields<'a> = &'a [(&'a [u8], &'a [u8])];

const START: [(&[u8], &[u8]); 4] =
    [(b":method", b"GET"), (b":scheme", b"https"), (b":authority", b"app.example"), (b":path", b"/case")];
const POST: [(&[u8], &[u8]); 4] =
    [(b":method", b"POST"), (b":scheme", b"https"), (b":authority", b"app.example"), (b":path", b"/case")];

/// Connections are used again until an attack ends one: resets of a client are counted by the wall.
struct Attacker<'a> {
    wall: &'a Wall,
    client: Option<(H2Client, u32)>,
}

impl<'a> Attacker<'a> {
    fn new(wall: &'a Wall) -> Self {
        Self { wall, client: None }
    }

    fn try_with(&mut self, frames: impl Fn(u32) -> Vec<Frame>) -> Outcome {
        let (mut client, stream) = self.client.take().unwrap_or_else(|| (self.wall.http2(), 1));
        for frame in frames(stream) {
            // The wall may have ended the stream or the connection before all was sent.
            let _ = client.try_send(&frame);
        }
        let outcome = client.outcome(stream);
        if stream < 40 && matches!(outcome, Outcome::Response(_) | Outcome::Reset(..)) {
            self.client = Some((client, stream + 2));
        }
        outcome
    }

    /// Asserts that a request is refused, and reaches the app not at all or never whole.
    fn refused(&mut self, told: &str, frames: impl Fn(u32) -> Vec<Frame>) {
        let before = self.wall.whole_requests();
        let outcome = self.try_with(frames);
        if let Outcome::Response(answer) = &outcome {
            assert!(matches!(answer.status, 400..=431 | 501), "{told}: {outcome:?}");
            assert!(answer.header("x-content-type-options").is_some(), "{told}: {outcome:?}");
        }
        assert_eq!(self.wall.whole_requests(), before, "{told}");
        assert!(!self.wall.app.connections().concat().windows(8).any(|window| window == b"smuggled"), "{told}");
    }

    fn refused_head(&mut self, fields: Fields<'_>) {
        let told: Vec<String> =
            fields.iter().map(|(name, value)| format!("{}: {}", name.escape_ascii(), value.escape_ascii())).collect();
        self.refused(&told.join("\n"), |stream| vec![Frame::headers(stream, flag::END_STREAM, fields)]);
    }

    fn passes(&mut self, frames: impl Fn(u32) -> Vec<Frame>) -> RecordedRequest {
        let outcome = self.try_with(frames);
        assert_eq!(outcome.status(), Some(200), "{outcome:?}");
        let request = self.wall.app.requests().pop().unwrap();
        assert!(request.is_complete);
        request
    }

    fn passes_head(&mut self, fields: Fields<'_>) -> RecordedRequest {
        self.passes(|stream| vec![Frame::headers(stream, flag::END_STREAM, fields)])
    }
}

fn and<'a>(more: Fields<'a>) -> Vec<(&'a [u8], &'a [u8])> {
    [&START[..], more].concat()
}

#[test]
fn names_and_values_become_one_line_or_none() {
    let wall = Wall::new();
    let mut attacker = Attacker::new(&wall);
    let names: &[&[u8]] = &[
        b"",
        b" ",
        b"x ",
        b" x",
        b"x y",
        b"x\ty",
        b"x\r",
        b"x\n",
        b"\nx",
        b"x\r\ny",
        b"x: smuggled\r\ny",
        b"x\0",
        b"\0x",
        b"x\0y",
        b"X",
        b"xY",
        b"Content-Length",
        b"x:",
        b"x:y",
        b"x(",
        b"x)",
        b"x,y",
        b"x/y",
        b"x;y",
        b"x<y",
        b"x=y",
        b"x>y",
        b"x?y",
        b"x@y",
        b"x[y",
        b"x\\y",
        b"x]y",
        b"x{y",
        b"x}y",
        b"x\"y",
        b"x\x7f",
        b"x\x80",
        b"x\xa0",
        b"\xa0x",
        b"x\xff",
        b"\xc3\xa4",
        b"x\x0b",
        b"x\x1b",
        b"transfer-encoding: chunked\r\nx",
        b"host: smuggled\r\nx",
        b"get / http/1.1\r\nx",
        b":",
        b":x",
        b"::path",
        b":path ",
        b":Path",
        b":status",
        b":protocol",
        b"content-length ",
        b"transfer-encoding\0",
        b"content_length",
        b"transfer_encoding",
    ];
    for name in names {
        attacker.refused_head(&and(&[(name, b"5")]));
    }
    let values: &[&[u8]] = &[
        b"a\r\nsmuggled: b",
        b"a\nsmuggled: b",
        b"a\rsmuggled: b",
        b"a\0b",
        b"\r\n",
        b"a\r",
        b"a\n",
        b"\na",
        b"\0",
        b"a\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n",
        b"a\x01",
        b"a\x0b",
        b"a\x1b[0m",
        b"a\x7f",
        b" a",
        b"a ",
        b"\ta",
        b"a\t",
        b" ",
        b"a\r\n smuggled",
    ];
    for value in values {
        for name in [&b"x-case"[..], b"cookie", b"user-agent", b"content-type"] {
            attacker.refused_head(&and(&[(name, value)]));
        }
    }
    for (name, value) in [
        (&b"x-case"[..], &b"a b\tc"[..]),
        (b"x-case", b""),
        (b"x!#$%&'*+-.^_`|~9", b"a"),
        (b"x-case", b"\xa0a\xff"),
        (b"x-case", b"a: b; c=\"d\""),
    ] {
        let request = attacker.passes_head(&and(&[(name, value)]));
        let line = [&b"\r\n"[..], name, b": ", value, b"\r\n"].concat();
        assert!(request.head.windows(line.len()).any(|window| window == line), "{}", request.text());
    }
}

#[test]
fn pseudo_headers_come_once_first_and_whole() {
    let wall = Wall::new();
    let mut attacker = Attacker::new(&wall);
    let [method, scheme, authority, path] = START;
    let with = |place: usize, value: &'static [u8]| {
        let mut fields = START.to_vec();
        fields[place].1 = value;
        fields
    };
    for fields in [
        vec![scheme, authority, path],
        vec![method, authority, path],
        vec![method, scheme, path],
        vec![method, scheme, authority],
        vec![],
        vec![method],
        vec![path],
        vec![(&b"x-case"[..], &b"a"[..])],
        vec![method, method, scheme, authority, path],
        vec![method, (&b":method"[..], &b"POST"[..]), scheme, authority, path],
        vec![method, scheme, scheme, authority, path],
        vec![method, scheme, authority, authority, path],
        vec![method, scheme, authority, (b":authority", b"evil.example"), path],
        vec![method, scheme, authority, path, path],
        vec![method, scheme, authority, path, (b":path", b"/smuggled")],
        vec![method, scheme, authority, (b"x-case", b"a"), path],
        vec![(b"x-case", b"a"), method, scheme, authority, path],
        vec![method, scheme, (b"cookie", b"a"), authority, path],
        vec![method, scheme, authority, path, (b"x-case", b"a"), (b":method", b"POST")],
        vec![method, scheme, authority, path, (b":status", b"200")],
        vec![method, scheme, authority, path, (b":protocol", b"websocket")],
        vec![method, scheme, authority, path, (b":other", b"x")],
        vec![method, scheme, authority, path, (b":", b"x")],
        vec![(b":method", b"CONNECT"), authority],
        vec![(b":method", b"CONNECT"), scheme, authority, path],
        vec![(b":method", b"CONNECT"), scheme, authority, path, (b":protocol", b"websocket")],
    ] {
        attacker.refused_head(&fields);
    }
    let methods: &[&[u8]] = &[
        b"",
        b" ",
        b"GET ",
        b" GET",
        b"GE T",
        b"GET\r\nX: smuggled",
        b"GET / HTTP/1.1\r\nHost: smuggled\r\n\r\nGET",
        b"G\0T",
        b"GET\n",
        b"GET\t/x",
        b"G@T",
        b"\xc3\xa4",
        b"GET:",
        b"TRACE",
        b"TRACK",
        b"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA(",
    ];
    for value in methods {
        attacker.refused_head(&with(0, value));
    }
    let schemes: &[&[u8]] = &[
        b"",
        b"http",
        b"ftp",
        b"https://evil.example/",
        b"https:",
        b"ht\0tps",
        b"https\r\nX: smuggled",
        b"ws",
        b"file",
        b"h ttps",
        b"https ",
        b"://",
    ];
    for value in schemes {
        attacker.refused_head(&with(1, value));
    }
    let authorities: &[&[u8]] = &[
        b"",
        b" ",
        b"evil.example",
        b"app.example,evil.example",
        b"user@app.example",
        b"app.example@evil.example",
        b"app.example/",
        b"app.example/x",
        b"app.example?x",
        b"app.example#x",
        b"app.example:",
        b"app.example:x",
        b"app.example:99999",
        b"app.example:443:443",
        b"app.example\r\nX: smuggled",
        b"app.example\0",
        b"app.example ",
        b" app.example",
        b"app.example evil.example",
        b"app.example\\",
        b"https://app.example",
        b"[app.example]",
        b"[::1",
        b"::1",
        b"app%2eexample",
        b"app..example",
        b".app.example",
        b"*",
        b"app.example\xa0",
        b"\xc3\xa4pp.example",
        b"app.example:8443",
        b"127.0.0.1",
        b"[::1]",
    ];
    for value in authorities {
        attacker.refused_head(&with(2, value));
    }
    let paths: &[&[u8]] = &[
        b"",
        b" ",
        b"case",
        b"*",
        b"?a",
        b"//evil.example:x\\",
        b"http://app.example/",
        b"https://evil.example/",
        b"app.example/",
        b"/ smuggled",
        b"/a b",
        b" /a",
        b"/a ",
        b"/a HTTP/1.1\r\nHost: smuggled\r\n\r\nGET /b",
        b"/a\r\nX: smuggled",
        b"/a\nX: smuggled",
        b"/a\r",
        b"/a\0",
        b"/a\tb",
        b"/a\\b",
        b"\\a",
        b"/\x7f",
        b"/\x80",
        b"/\xc3\xa4",
        b"/a?b c",
        b"/a?\r\nX: smuggled",
        b"/a?\0",
        b"/%00",
        b"/%",
        b"/%zz",
        b"/..",
        b"/../a",
        b"/%2e%2e/a",
        b"/a/..;/b",
        b"/a/%252e%252e/b",
        b"/x/..%2fy",
        b"/<script>",
    ];
    for value in paths {
        attacker.refused_head(&with(3, value));
    }
    for (place, value, line) in [
        (0, &b"PROPFIND"[..], "PROPFIND /case HTTP/1.1"),
        (2, b"APP.example", "GET /case HTTP/1.1"),
        (2, b"app.example:443", "GET /case HTTP/1.1"),
        (3, b"/", "GET / HTTP/1.1"),
        (3, b"/a/./b?c=/../d", "GET /a/b?c=/../d HTTP/1.1"),
    ] {
        let mut fields = START.to_vec();
        fields[place].1 = value;
        assert_eq!(attacker.passes_head(&fields).request_line(), line);
    }
    // The library below cuts a fragment off before the wall sees it; what matters is that none arrives.
    for (path, line) in [(&b"/a#b"[..], "GET /a HTTP/1.1"), (b"/a?b#c", "GET /a?b HTTP/1.1")] {
        let mut fields = START.to_vec();
        fields[3].1 = path;
        assert_eq!(attacker.passes_head(&fields).request_line(), line);
    }
    // Without `:authority`, a Host stands in (RFC 9113, 8.3.1).
    let request = attacker.passes_head(&[method, scheme, path, (b"host", b"app.example")]);
    assert_eq!(request.all("host"), ["app.example"]);
}

#[test]
fn fields_of_a_connection_and_of_framing_are_refused() {
    let wall = Wall::new();
    let mut attacker = Attacker::new(&wall);
    let bad: &[(&[u8], &[u8])] = &[
        (b"connection", b"close"),
        (b"connection", b"keep-alive"),
        (b"connection", b"host"),
        (b"connection", b""),
        (b"keep-alive", b"timeout=5"),
        (b"proxy-connection", b"keep-alive"),
        (b"transfer-encoding", b"chunked"),
        (b"transfer-encoding", b"identity"),
        (b"transfer-encoding", b""),
        (b"transfer-encoding", b"xchunked"),
        (b"upgrade", b"websocket"),
        (b"upgrade", b"h2c"),
        (b"http2-settings", b"AAMAAABkAAQAAP__"),
        (b"te", b"gzip"),
        (b"te", b"chunked"),
        (b"te", b"trailers, gzip"),
        (b"transfer_encoding", b"chunked"),
        (b"content_length", b"5"),
        (b"host", b"evil.example"),
        (b"host", b""),
        (b"host", b"app.example:81"),
        (b"host", b"app.example, evil.example"),
        (b"host", b"user@app.example"),
        (b"expect", b"x"),
        (b"content-length", b""),
        (b"content-length", b"+0"),
        (b"content-length", b"-0"),
        (b"content-length", b"0x0"),
        (b"content-length", b"a"),
        (b"content-length", b"0, 0"),
        (b"content-length", b"1"),
        (b"content-length", b"99999999999999999999"),
        (b"content-length", b"1_0"),
    ];
    for field in bad {
        if field.0 == b"te" {
            // Refused, or not passed on: `te` is of one connection only.
            let before = wall.app.requests().len();
            let outcome = attacker.try_with(|stream| vec![Frame::headers(stream, flag::END_STREAM, &and(&[*field]))]);
            let arrived = wall.app.requests();
            assert!(
                arrived[before..].iter().all(|request| request.all("te").iter().all(|value| value == "trailers")),
                "{outcome:?}"
            );
            continue;
        }
        attacker.refused_head(&and(&[*field]));
    }
    for pair in [
        &[(&b"host"[..], &b"app.example"[..]), (b"host", b"evil.example")][..],
        &[(b"host", b"app.example"), (b"host", b"app.example")],
        &[(b"content-length", b"0"), (b"content-length", b"0")],
        &[(b"content-length", b"0"), (b"content-length", b"5")],
        &[(b"content-length", b"0"), (b"transfer-encoding", b"chunked")],
        &[(b"authorization", b"a"), (b"authorization", b"b")],
        &[(b"origin", b"https://app.example"), (b"origin", b"null")],
    ] {
        attacker.refused_head(&and(pair));
    }
    for field in [
        (&b"te"[..], &b"trailers"[..]),
        (b"host", b"app.example"),
        (b"content-length", b"0"),
        (b"x-connection", b"close"),
    ] {
        let request = attacker.passes_head(&and(&[field]));
        assert_eq!(request.all("host"), ["app.example"]);
    }
    let crumbs: [(&[u8], &[u8]); 3] = [(b"cookie", b"a=b"), (b"cookie", b"c=d"), (b"cookie", b"e=f")];
    assert_eq!(attacker.passes_head(&and(&crumbs)).all("cookie"), ["a=b; c=d; e=f"]);
}

#[test]
fn a_body_is_as_long_as_it_says() {
    let wall = Wall::new();
    let mut attacker = Attacker::new(&wall);
    let smuggled: &[u8] = b"GET /smuggled HTTP/1.1\r\nHost: app.example\r\n\r\n";
    for (length, body) in [
        ("1", &b""[..]),
        ("5", b"hell"),
        ("5", b"hello!"),
        ("1", smuggled),
        ("44", smuggled),
        ("46", smuggled),
        ("9223372036854775807", b"x"),
    ] {
        let before = wall.whole_requests();
        let fields = [&POST[..], &[(b"content-length", length.as_bytes())]].concat();
        let outcome = attacker.try_with(|stream| {
            vec![Frame::headers(stream, flag::NONE, &fields), Frame::data(stream, flag::END_STREAM, body)]
        });
        assert!(outcome.status().is_none_or(|status| status >= 400), "{length} {outcome:?}");
        assert_eq!(wall.whole_requests(), before, "{length}");
        wall.next_visitor(length);
    }
    // A length of zero is a whole request before its surplus comes; either way the surplus goes nowhere.
    let fields = [&POST[..], &[(&b"content-length"[..], &b"0"[..])]].concat();
    attacker.try_with(|stream| {
        vec![Frame::headers(stream, flag::NONE, &fields), Frame::data(stream, flag::END_STREAM, smuggled)]
    });
    wall.next_visitor("a surplus");
    assert!(!wall.app.connections().concat().windows(9).any(|window| window == b"/smuggled"));
    let hidden = attacker.passes(|stream| {
        vec![Frame::headers(stream, flag::NONE, &POST), Frame::data(stream, flag::END_STREAM, smuggled)]
    });
    assert_eq!(hidden.body, smuggled);
    let fields = [&POST[..], &[(&b"content-length"[..], &b"45"[..])]].concat();
    let hidden = attacker.passes(|stream| {
        vec![Frame::headers(stream, flag::NONE, &fields), Frame::data(stream, flag::END_STREAM, smuggled)]
    });
    assert_eq!(
        (hidden.body.as_slice(), hidden.all("content-length"), hidden.all("transfer-encoding")),
        (smuggled, vec!["45".to_owned()], vec![])
    );
    wall.never_saw("/smuggled");
}

#[test]
fn trailers_carry_no_framing_and_no_routing() {
    let wall = Wall::new();
    let mut attacker = Attacker::new(&wall);
    let send = |stream: u32, trailers: Fields<'_>| {
        vec![
            Frame::headers(stream, flag::NONE, &POST),
            Frame::data(stream, flag::NONE, "hi"),
            Frame::headers(stream, flag::END_STREAM, trailers),
        ]
    };
    let bad: &[(&[u8], &[u8])] = &[
        (b"x", b"a\r\nsmuggled: b"),
        (b"x\r\n", b"a"),
        (b"X", b"a"),
        (b"x y", b"a"),
        (b"", b"a"),
        (b"x", b"\0"),
        (b"connection", b"close"),
        (b"transfer-encoding", b"chunked"),
    ];
    for field in bad {
        let told = field.0.escape_ascii().to_string();
        attacker.refused(&told, |stream| send(stream, &[*field]));
        wall.next_visitor(&told);
    }
    // What a reader could take for part of the head is refused or left out; either way it does not arrive.
    for field in [
        (&b":path"[..], &b"/smuggled"[..]),
        (b":method", b"SMUGGLED"),
        (b":status", b"200"),
        (b"content-length", b"5"),
        (b"host", b"evil.example"),
        (b"x-forwarded-for", b"6.6.6.6"),
        (b"authorization", b"smuggled"),
        (b"cookie", b"smuggled=1"),
        (b"remote-user", b"smuggled"),
    ] {
        attacker.try_with(|stream| send(stream, &[field]));
        let received = wall.app.connections().concat();
        for trace in ["evil.example", "6.6.6.6", "smuggled"] {
            assert!(
                !received.windows(trace.len()).any(|window| window == trace.as_bytes()),
                "{}",
                field.0.escape_ascii()
            );
        }
        wall.next_visitor("trailers");
    }
    assert_eq!(attacker.passes(|stream| send(stream, &[(b"x-checksum", b"1")])).body, b"hi");
}

#[test]
fn frames_out_of_order_end_the_connection_and_no_request_begins() {
    let wall = Wall::new();
    let mut attacker = Attacker::new(&wall);
    type Case = (&'static str, fn(u32) -> Vec<Frame>);
    let cases: [Case; 9] = [
        ("data before a head", |stream| vec![Frame::data(stream, flag::END_STREAM, "GET /smuggled")]),
        ("a head on stream zero", |_| vec![Frame::headers(0, flag::END_STREAM, &START)]),
        ("a head on an even stream", |stream| vec![Frame::headers(stream + 1, flag::END_STREAM, &START)]),
        ("a continuation of nothing", |stream| vec![Frame::new(9, 4, stream, "x")]),
        ("another frame within a head", |stream| {
            vec![Frame::new(1, 1, stream, vec![0x82]), Frame::data(stream, 1, "x")]
        }),
        ("a head that is no HPACK", |stream| vec![Frame::new(1, 5, stream, vec![0xff; 64])]),
        ("padding longer than the frame", |stream| vec![Frame::new(1, 5 | 8, stream, vec![255, 0x82])]),
        ("a push of a client", |stream| vec![Frame::new(5, 4, stream, vec![0, 0, 0, 2, 0x82])]),
        ("settings of a wrong size", |_| vec![Frame::new(4, 0, 0, vec![0; 5])]),
    ];
    for (told, frames) in cases {
        attacker.refused(told, frames);
        wall.next_visitor(told);
    }
    attacker.passes_head(&START);
}

#[test]
fn a_head_has_a_size_and_a_count_here_too() {
    // Attack 11: the limits fire, counted as HTTP/1.1 would write the head.
    let wall = Wall::new();
    let mut attacker = Attacker::new(&wall);
    let repeat = |field: (&'static [u8], &'static [u8]), count: usize| [START.to_vec(), vec![field; count]].concat();
    let long = vec![b'a'; 40_000];
    let path = [b"/", &long[..16_380]].concat();
    for fields in [
        repeat((b"x-a", b"b"), 101),
        repeat((b"cookie", b"a=b"), 101),
        repeat((b"cookie", b""), 300),
        and(&[(b"x-a", &long[..15_000]), (b"x-b", &long[..15_000]), (b"x-c", &long[..5_000])]),
        [&START[..3], &[(&b":path"[..], &path[..])]].concat(),
    ] {
        let before = wall.whole_requests();
        let outcome = attacker.try_with(|stream| in_frames(stream, &fields));
        assert!(
            outcome.status().is_none_or(|status| matches!(status, 414 | 431)),
            "{} fields: {outcome:?}",
            fields.len()
        );
        assert_eq!(wall.whole_requests(), before);
    }
    attacker.passes_head(&repeat((b"x-a", b"b"), 90));
    attacker.passes_head(&and(&[(b"x-a", &long[..8_000])]));
}

/// A head in as many frames as it needs.
fn in_frames(stream: u32, fields: Fields<'_>) -> Vec<Frame> {
    let block = bartizan_testkit::h2::encode(fields);
    let pieces: Vec<&[u8]> = block.chunks(16_000).collect();
    let last = pieces.len() - 1;
    let frame = |(place, piece): (usize, &&[u8])| {
        let kind = if place == 0 { kind::HEADERS } else { kind::CONTINUATION };
        let end = if place == last { flag::END_HEADERS } else { flag::NONE };
        Frame::new(kind, end | if place == 0 { flag::END_STREAM } else { flag::NONE }, stream, *piece)
    };
    pieces.iter().enumerate().map(frame).collect()
}
