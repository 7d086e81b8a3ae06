//! PEERS 12 to 17: what a client says of itself, and what the app is told.

use crate::harness::{Wall, with_lines};

/// Headers by which a client could claim to be another, or to be asking for another address.
const CLAIMS: &[&str] = &[
    "X-Forwarded-For",
    "X-Forwarded-Host",
    "X-Forwarded-Proto",
    "X-Forwarded-Port",
    "X-Forwarded-Server",
    "X-Forwarded-Prefix",
    "X-Forwarded-Uri",
    "X-Forwarded-Ssl",
    "X-Forwarded-Scheme",
    "X-Forwarded-User",
    "X-Forwarded-Email",
    "X-Forwarded-Groups",
    "X-Forwarded-Preferred-Username",
    "X-Forwarded-Access-Token",
    "X-Forwarded-Tls-Client-Cert",
    "X-Forwarded-Client-Cert",
    "X-Forwarded",
    "X-Forwarded-By",
    "X-Forwarded-Path",
    "Forwarded",
    "X-Real-IP",
    "X-Client-IP",
    "X-Cluster-Client-IP",
    "Client-IP",
    "True-Client-IP",
    "CF-Connecting-IP",
    "CF-Connecting-IPv6",
    "Fastly-Client-IP",
    "X-Originating-IP",
    "X-Remote-IP",
    "X-Remote-Addr",
    "X-Remote-User",
    "X-Original-URL",
    "X-Original-URI",
    "X-Rewrite-URL",
    "X-Original-Host",
    "X-Host",
    "X-HTTP-Host-Override",
    "Proxy",
    "X-SSL-Client-Cert",
    "X-SSL-Client-Verify",
    "X-SSL-Client-S-DN",
    "X-SSL-CERT",
    "X-SSL",
    "SSL-Client-Cert",
    "SSL-Client-Verify",
    "SSL-Client-Subject-DN",
    "X-Client-Cert",
    "X-Client-Verify",
    "X-Client-DN",
    "X-TLS-Client-Cert",
    "X-ARR-ClientCert",
    "X-ARR-SSL",
    "Client-Cert",
    "Client-Cert-Chain",
    "Remote-User",
    "Remote-Email",
    "Remote-Groups",
    "Remote-Name",
    "Remote-Addr",
    "X-Authenticated-User",
    "X-Authenticated-Userid",
    "X-Auth-Request-User",
    "X-Auth-Request-Email",
    "X-Auth-Request-Groups",
    "X-WebAuth-User",
    "Cf-Access-Authenticated-User-Email",
    "X-Goog-IAP-JWT-Assertion",
    "X-Goog-Authenticated-User-Email",
    "X-MS-Client-Principal",
    "X-MS-Client-Principal-Name",
    "X-AMZN-OIDC-Identity",
    "X-Amzn-Oidc-Data",
    "Tailscale-User-Login",
    "Front-End-Https",
    "X-Scheme",
    "X-Url-Scheme",
    "X-Request-ID",
    "X-Envoy-External-Address",
    "X-Envoy-Internal",
    "X-Https",
];

/// The spellings under which a reader of CGI variables sees the same header.
fn spellings(name: &str) -> Vec<String> {
    let mut mixed = name.to_owned();
    if let Some(at) = mixed.find('-') {
        mixed.replace_range(at..=at, "_");
    }
    vec![name.to_owned(), name.to_ascii_lowercase(), name.to_ascii_uppercase(), name.replace('-', "_"), mixed]
}

#[test]
fn what_a_client_says_of_itself_never_arrives() {
    let wall = Wall::new();
    for name in CLAIMS {
        for spelling in spellings(name) {
            for lines in [
                format!("{spelling}: claimed-6.6.6.6\r\n"),
                format!("{spelling}: claimed-a\r\n{spelling}: claimed-b\r\n"),
                format!("{spelling}: claimed\r\n{name}: claimed-too\r\n"),
            ] {
                let request = wall.passes(&with_lines("GET", lines.as_bytes(), b""));
                let text = request.text();
                assert!(!text.contains("claimed"), "{lines}\n{text}");
            }
        }
    }
    let request =
        wall.passes(&with_lines("GET", b"X-Requested-With: x\r\nX-CSRFToken: y\r\nAuthorization: Basic z\r\n", b""));
    for (name, value) in [("x-requested-with", "x"), ("x-csrftoken", "y"), ("authorization", "Basic z")] {
        assert_eq!(request.all(name), [value]);
    }
}

#[test]
fn the_app_is_told_the_truth_once() {
    let wall = Wall::new();
    // Attack 13 (GHSA-62c8): options of the connection do not strip what the wall adds, nor what it judges.
    let ours = [
        "X-Forwarded-For",
        "X-Forwarded-Host",
        "X-Forwarded-Proto",
        "X-Forwarded-Port",
        "X-Real-IP",
        "Forwarded",
        "X-Request-Id",
    ];
    let mut all = vec!["Connection: keep-alive".to_owned(), format!("Connection: {}", ours.join(", "))];
    all.extend(ours.iter().flat_map(|name| {
        [
            format!("Connection: {name}"),
            format!("Connection: close, {}", name.to_ascii_lowercase()),
            format!("Connection: {name}\r\n{name}: x"),
        ]
    }));
    all.extend(
        ["Cookie", "Authorization", "Origin", "Traceparent", "Accept"].map(|name| format!("Connection: {name}")),
    );
    for lines in all {
        let sent = format!("{lines}\r\nCookie: a=b\r\nAuthorization: Basic x\r\n");
        let request = wall.passes(&with_lines("GET", sent.as_bytes(), b""));
        for (name, value) in [
            ("host", "app.example"),
            ("x-forwarded-for", "127.0.0.1"),
            ("x-real-ip", "127.0.0.1"),
            ("x-forwarded-host", "app.example"),
            ("x-forwarded-proto", "http"),
            ("x-forwarded-port", "80"),
            ("forwarded", "for=127.0.0.1;host=\"app.example\";proto=http"),
            ("cookie", "a=b"),
            ("authorization", "Basic x"),
        ] {
            assert_eq!(request.all(name), [value], "{lines}: {name}");
        }
        assert_eq!((request.all("x-request-id").len(), request.all("traceparent").len()), (1, 1), "{lines}");
        assert_eq!(request.all("connection"), [""; 0], "{lines}");
    }
}

#[test]
fn fields_that_policy_reads_come_once() {
    // Attack 17 (CVE-2026-26308): one reader takes the first line, another the last.
    let wall = Wall::new();
    for name in [
        "Authorization",
        "Content-Type",
        "Origin",
        "Referer",
        "User-Agent",
        "Range",
        "Sec-Fetch-Site",
        "Sec-Fetch-Mode",
        "Sec-Fetch-Dest",
        "Sec-Fetch-User",
        "Access-Control-Request-Method",
    ] {
        for lines in
            [format!("{name}: a\r\n{name}: b\r\n"), format!("{name}: a\r\n{}: a\r\n", name.to_ascii_lowercase())]
        {
            wall.refuses(&with_lines("GET", lines.as_bytes(), b""));
        }
    }
    let request = wall.passes(&with_lines("GET", b"Accept: a\r\nAccept: b\r\nCookie: a=b\r\nCookie: c=d\r\n", b""));
    assert_eq!(request.all("cookie"), ["a=b; c=d"]);
    assert_eq!(request.all("accept").len(), 2);
}

#[test]
fn a_trusted_proxy_is_read_from_the_right() {
    // Attack 15.
    let trusting = Wall::with("trusted_proxies = [\"127.0.0.0/8\", \"10.0.0.0/8\"]", "");
    let alone = Wall::new();
    for (lines, client, proto) in [
        ("X-Forwarded-For: 203.0.113.9", "203.0.113.9", "http"),
        ("X-Forwarded-For: 6.6.6.6, 203.0.113.9", "203.0.113.9", "http"),
        ("X-Forwarded-For: 6.6.6.6\r\nX-Forwarded-For: 203.0.113.9", "203.0.113.9", "http"),
        ("X-Forwarded-For: 6.6.6.6, 203.0.113.9, 10.1.2.3", "203.0.113.9", "http"),
        ("X-Forwarded-For: 6.6.6.6, 203.0.113.9, 10.1.2.3, 127.0.0.9", "203.0.113.9", "http"),
        ("X-Forwarded-For: 203.0.113.9:4711", "203.0.113.9", "http"),
        ("X-Forwarded-For: [2001:db8::9]:4711", "2001:db8::9", "http"),
        ("X-Forwarded-For: ::ffff:203.0.113.9", "203.0.113.9", "http"),
        ("X-Forwarded-For: 6.6.6.6, garbage", "127.0.0.1", "http"),
        ("X-Forwarded-For: 6.6.6.6, garbage, 10.1.2.3", "10.1.2.3", "http"),
        ("X-Forwarded-For: 6.6.6.6, ", "127.0.0.1", "http"),
        ("X-Forwarded-For: 6.6.6.6,, 10.1.2.3", "10.1.2.3", "http"),
        ("X-Forwarded-For: 1.2.3.4.5", "127.0.0.1", "http"),
        ("X-Forwarded-For: 0x06060606", "127.0.0.1", "http"),
        ("X-Forwarded-For: 06.06.06.06", "127.0.0.1", "http"),
        ("X-Forwarded-For: 6.6.6.6 7.7.7.7", "127.0.0.1", "http"),
        ("X-Forwarded-For: <script>", "127.0.0.1", "http"),
        ("X-Forwarded-For:", "127.0.0.1", "http"),
        ("X_Forwarded_For: 6.6.6.6", "127.0.0.1", "http"),
        ("X-Real-IP: 6.6.6.6", "127.0.0.1", "http"),
        ("Forwarded: for=6.6.6.6, for=203.0.113.9;proto=https", "203.0.113.9", "https"),
        ("Forwarded: for=6.6.6.6;proto=https, for=203.0.113.9", "203.0.113.9", "http"),
        ("Forwarded: for=\"[2001:db8::9]:4711\"", "2001:db8::9", "http"),
        ("Forwarded: for=_hidden", "127.0.0.1", "http"),
        ("Forwarded: for=6.6.6.6, for=unknown", "127.0.0.1", "http"),
        ("Forwarded: \"for=6.6.6.6", "127.0.0.1", "http"),
        ("X-Forwarded-For: 203.0.113.9\r\nForwarded: for=6.6.6.6", "203.0.113.9", "http"),
        ("X-Forwarded-For: 203.0.113.9\r\nX-Forwarded-Proto: https", "203.0.113.9", "https"),
        ("X-Forwarded-Proto: https, http", "127.0.0.1", "http"),
        ("X-Forwarded-Proto: http\r\nX-Forwarded-Proto: https", "127.0.0.1", "https"),
        ("X_Forwarded_Proto: https", "127.0.0.1", "http"),
        ("X-Forwarded-Proto: httpsx", "127.0.0.1", "http"),
        ("X-Forwarded-Ssl: on\r\nFront-End-Https: on\r\nX-Forwarded-Scheme: https", "127.0.0.1", "http"),
    ] {
        let sent = with_lines("GET", format!("{lines}\r\n").as_bytes(), b"");
        let request = trusting.passes(&sent);
        assert_eq!(
            (request.all("x-real-ip"), request.all("x-forwarded-proto")),
            (vec![client.to_owned()], vec![proto.to_owned()]),
            "{lines}"
        );
        assert!(!request.text().contains("6.6.6.6"), "{lines}\n{}", request.text());
        let request = alone.passes(&sent);
        assert_eq!(
            (request.all("x-real-ip"), request.all("x-forwarded-proto")),
            (vec!["127.0.0.1".to_owned()], vec!["http".to_owned()]),
            "{lines}"
        );
        assert_eq!(request.all("x-forwarded-for"), ["127.0.0.1"], "{lines}");
    }
}

#[test]
fn a_proxy_header_is_whole_or_the_connection_ends() {
    let wall = Wall::with("trusted_proxies = [\"127.0.0.0/8\"]\nproxy_protocol = \"required\"", "");
    let request = b"GET /case HTTP/1.1\r\nHost: app.example\r\nConnection: close\r\n\r\n";
    let v2 = |command: u8, family: u8, payload: &[u8]| {
        let length = u16::try_from(payload.len()).unwrap().to_be_bytes();
        [&b"\r\n\r\n\0\r\nQUIT\n"[..], &[command, family], &length, payload].concat()
    };
    let four = [203, 0, 113, 9, 192, 0, 2, 1, 0x12, 0x67, 1, 0xbb];
    for (header, client) in [
        (b"PROXY TCP4 203.0.113.9 192.0.2.1 4711 443\r\n".to_vec(), "203.0.113.9"),
        (b"PROXY TCP6 2001:db8::9 2001:db8::1 4711 443\r\n".to_vec(), "2001:db8::9"),
        (b"PROXY UNKNOWN\r\n".to_vec(), "127.0.0.1"),
        (v2(0x21, 0x11, &four), "203.0.113.9"),
        (v2(0x21, 0x11, &[&four[..], &[4, 0, 1, 0]].concat()), "203.0.113.9"),
        (v2(0x20, 0, b""), "127.0.0.1"),
    ] {
        let seen = wall.send(&[&header[..], request].concat());
        assert_eq!(seen.answers.first().map(|answer| answer.status), Some(200), "{}", header.escape_ascii());
        assert_eq!(wall.app.requests().pop().unwrap().all("x-real-ip"), [client], "{}", header.escape_ascii());
    }
    let before = wall.app.requests().len();
    let long = format!("PROXY TCP4 203.0.113.9 192.0.2.1 4711 {}\r\n", "4".repeat(200));
    let headers = [
        &b""[..],
        b"PROXY\r\n",
        b"PROXY \r\n",
        b"PROXY TCP4\r\n",
        b"PROXY TCP4 203.0.113.9\r\n",
        b"PROXY TCP4 203.0.113.9 192.0.2.1\r\n",
        b"PROXY TCP4 203.0.113.9 192.0.2.1 4711\r\n",
        b"PROXY TCP4 203.0.113.9 192.0.2.1 4711 443 x\r\n",
        b"PROXY TCP4 203.0.113.9 192.0.2.1 4711 443\n",
        b"PROXY TCP4 203.0.113.9  192.0.2.1 4711 443\r\n",
        b"PROXY TCP4 203.0.113.9 192.0.2.1 99999 443\r\n",
        b"PROXY TCP4 203.0.113.9 192.0.2.1 -1 443\r\n",
        b"PROXY TCP4 203.0.113.999 192.0.2.1 4711 443\r\n",
        b"PROXY TCP4 2001:db8::9 2001:db8::1 4711 443\r\n",
        b"PROXY TCP6 203.0.113.9 192.0.2.1 4711 443\r\n",
        b"PROXY UDP4 203.0.113.9 192.0.2.1 4711 443\r\n",
        b"proxy TCP4 203.0.113.9 192.0.2.1 4711 443\r\n",
        b"PROXY\tTCP4 203.0.113.9 192.0.2.1 4711 443\r\n",
        b" PROXY TCP4 203.0.113.9 192.0.2.1 4711 443\r\n",
        b"PROXY TCP4 0x7f.0.0.1 192.0.2.1 4711 443\r\n",
        b"PROXY TCP4 203.0.113.9 192.0.2.1 4711 443\0\r\n",
        b"\r\nPROXY TCP4 203.0.113.9 192.0.2.1 4711 443\r\n",
        long.as_bytes(),
    ];
    let mut bad: Vec<Vec<u8>> = headers.iter().map(|header| header.to_vec()).collect();
    bad.extend([
        v2(0x11, 0x11, &four),
        v2(0x31, 0x11, &four),
        v2(0x2f, 0x11, &four),
        v2(0x21, 0x11, &four[..8]),
        v2(0x21, 0x21, &four),
        v2(0x21, 0x1f, &four),
        v2(0x21, 0xf1, &four),
        b"\r\n\r\n\0\r\nQUIX\n\x21\x11\0\x0c".to_vec(),
    ]);
    for header in bad {
        let mut client = wall.plain();
        let _ = client.try_send(&[&header[..], request].concat());
        assert!(client.is_closed(), "{}", header.escape_ascii());
    }
    assert_eq!(wall.app.requests().len(), before);
}

#[test]
fn an_ipv6_client_is_its_network() {
    // Attack 18: whoever has one address of a /64 has them all.
    let limits = "trusted_proxies = [\"127.0.0.0/8\"]\nlimits = { requests_per_client = \"2/h burst 2\" }";
    let wall = Wall::with(limits, "");
    for (client, status) in [
        ("2001:db8:1:1::1", 200),
        ("2001:db8:1:1:ffff::2", 200),
        ("2001:db8:1:1:abcd:ef01:2345:6789", 429),
        ("[2001:db8:1:1::9]:4711", 429),
        ("2001:db8:1:2::1", 200),
        ("203.0.113.1", 200),
        ("::ffff:203.0.113.1", 200),
        ("203.0.113.1", 429),
        ("203.0.113.2", 200),
    ] {
        let lines = format!("X-Forwarded-For: {client}\r\nConnection: close\r\n");
        let seen = wall.send(&with_lines("GET", lines.as_bytes(), b""));
        assert_eq!(seen.answers.iter().map(|answer| answer.status).collect::<Vec<_>>(), [status], "{client}");
    }
}
