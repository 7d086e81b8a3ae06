//! Sites that do all they can: the scan ends, keeps little, and says what it could not see.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::io::Write as _;
use std::sync::Arc;
use std::time::Duration;

use bartizan_rules::observatory::{Algorithm, NoGrade, PreloadList, grade};
use bartizan_scan::{Client, Part, Plan, Probing, Resolver, Scanned, Target, Trust, scan, tls};
use bartizan_testkit::TestCa;
use flate2::Compression;
use flate2::write::GzEncoder;
use rustls::ServerConfig;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

/// What a server does with a connection, once it has read a request.
#[derive(Clone)]
enum Deed {
    /// Sends this, and closes.
    Send(Arc<Vec<u8>>),
    /// Sends this for ever.
    Endless(Arc<Vec<u8>>, &'static [u8]),
    /// Says nothing.
    Hang,
    /// Closes at once.
    Reset,
}

fn send(bytes: impl Into<Vec<u8>>) -> Deed {
    Deed::Send(Arc::new(bytes.into()))
}

async fn act(mut stream: impl AsyncRead + AsyncWrite + Unpin, deed: Deed) {
    let mut request = [0; 4096];
    if stream.read(&mut request).await.is_err() {
        return;
    }
    match deed {
        Deed::Send(bytes) => {
            let _ = stream.write_all(&bytes).await;
            let _ = stream.shutdown().await;
        }
        Deed::Endless(head, piece) => {
            let _ = stream.write_all(&head).await;
            while stream.write_all(piece).await.is_ok() {}
        }
        Deed::Hang => std::future::pending().await,
        Deed::Reset => {}
    }
}

async fn serve(deed: Deed, acceptor: Option<TlsAcceptor>) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(connection(stream, deed.clone(), acceptor.clone()));
        }
    });
    port
}

async fn connection(stream: TcpStream, deed: Deed, acceptor: Option<TlsAcceptor>) {
    match acceptor {
        None => act(stream, deed).await,
        Some(acceptor) => {
            if let Ok(stream) = acceptor.accept(stream).await {
                act(stream, deed).await;
            }
        }
    }
}

/// Scans a site whose plain side does one deed, with nothing on its secure side, or the other way round.
async fn look(plain: Option<Deed>, secure: Option<(Deed, &TestCa, bool)>) -> Scanned {
    let mut overrides = vec!["a.test:80:127.0.0.1:1".to_owned(), "a.test:443:127.0.0.1:1".to_owned()];
    if let Some(deed) = plain {
        overrides.insert(0, format!("a.test:80:127.0.0.1:{}", serve(deed, None).await));
    }
    let mut trusted = Vec::new();
    if let Some((deed, ca, is_known)) = secure {
        let (chain, key) = ca.issue(&["a.test"]).read();
        let config = ServerConfig::builder().with_no_client_auth().with_single_cert(chain, key).unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        overrides.insert(0, format!("a.test:443:127.0.0.1:{}", serve(deed, Some(acceptor)).await));
        trusted.extend(is_known.then(|| ca.der()));
    }
    scan_with(overrides, &trusted).await
}

async fn scan_with(overrides: Vec<String>, trusted: &[rustls_pki_types::CertificateDer<'static>]) -> Scanned {
    let client = Client {
        resolver: Resolver::new(overrides.iter().map(|text| text.parse().unwrap()).collect()),
        trust: Trust::new(trusted),
        patience: Duration::from_secs(2),
    };
    let plan = Plan {
        algorithm: Algorithm::V5,
        parts: vec![Part::Observatory, Part::Findings],
        own_lines: Vec::new(),
        probing: Probing::Guest,
        tls: tls::Options::default(),
    };
    let target: Target = "a.test".parse().unwrap();
    Box::pin(scan(&client, &target, &plan)).await
}

fn letter(scanned: &Scanned) -> Result<&'static str, NoGrade> {
    grade(scanned.retrieval.as_ref().unwrap(), Algorithm::V5, &PreloadList::default()).map(|grade| grade.letter)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_answer_is_said_to_be_none() {
    for (deed, said) in [
        (Deed::Hang, "no answer in time"),
        (Deed::Reset, "it ends too early"),
        (send("SSH-2.0-OpenSSH_9\r\n"), "ends too early"),
        (send("SSH-2.0-OpenSSH_9\r\n\r\n"), "no status line"),
        (send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx"), "ends too early"),
        (send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"), "chunks have no sizes"),
        (send("HTTP/1.1 200 OK\r\nContent-Encoding: br\r\n\r\n\x01\x02\x03nonsense"), "not br"),
        (send("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\nno gzip"), "not gzip"),
        (send("HTTP/1.1 302 x\r\nLocation: http://[\r\n\r\n"), "leads to no address"),
        (send("HTTP/1.1 302 x\r\nLocation: javascript:1\r\n\r\n"), "another protocol"),
        (send("HTTP/1.1 302 x\r\nLocation: http://elsewhere.test/\r\n\r\n"), "does not resolve"),
        (Deed::Endless(Arc::new(b"HTTP/1.1 200 OK\r\n".to_vec()), b"X: y\r\n"), "larger than 16 KiB"),
        (Deed::Endless(Arc::new(Vec::new()), b"HTTP/1.1 100 x\r\n\r\n"), "no status line"),
    ] {
        let scanned = look(Some(deed), None).await;
        assert_eq!(letter(&scanned), Err(NoGrade::Down), "{said}");
        assert!(
            !scanned.is_reached && scanned.unseen.iter().any(|line| line.contains(said)),
            "{said}: {:?}",
            scanned.unseen
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn redirects_end() {
    let scanned = look(Some(send("HTTP/1.1 302 x\r\nLocation: /again\r\nContent-Length: 0\r\n\r\n")), None).await;
    assert_eq!(scanned.retrieval.as_ref().unwrap().http_route.len(), 11);
    assert!(scanned.is_reached);
}

#[tokio::test(flavor = "multi_thread")]
async fn endless_and_swollen_bodies_are_cut() {
    const PIECE: &[u8] = &[b'x'; 1 << 16];
    let endless =
        Deed::Endless(Arc::new(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<script>".to_vec()), PIECE);
    let mut bomb = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n\r\n".to_vec();
    let mut encoder = GzEncoder::new(&mut bomb, Compression::best());
    for _ in 0..1600 {
        encoder.write_all(PIECE).unwrap(); // a hundred megabytes
    }
    encoder.finish().unwrap();
    assert!(bomb.len() < 1 << 20);
    for deed in [endless, send(bomb)] {
        let scanned = look(Some(deed), None).await;
        assert!(letter(&scanned).is_ok(), "{:?}", scanned.unseen);
        assert!(scanned.unseen.iter().any(|line| line.contains("more than 8 MiB")), "{:?}", scanned.unseen);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_markup_is_read() {
    let pieces = [
        "<b>",
        "<svg>",
        "<template>",
        "<!---->",
        "<a b c d e f g>",
        "<select></x>",
        "&notit;<",
        "<meta name=referrer content=x>",
    ];
    for piece in pieces {
        let body = piece.repeat((1 << 18) / piece.len());
        let answer =
            format!("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {}\r\n\r\n{body}", body.len());
        assert!(letter(&look(Some(send(answer)), None).await).is_ok(), "{piece}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn header_lines_stay_one_line() {
    let answer = "HTTP/1.1 200 OK\r\nServer: \x1b[2J\x07evil\r\nX-Powered-By: \u{202e}x\r\n\r\n";
    let scanned = look(Some(send(answer)), None).await;
    let lines: Vec<_> = scanned.facts.responses().flat_map(|seen| seen.value.lines("server")).collect();
    assert!(lines.iter().all(|line| !line.contains(char::is_control)) && !lines.is_empty(), "{lines:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_certificates_are_looked_behind() {
    let ca = TestCa::new();
    let answer = || send("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 0\r\n\r\n");
    for (is_known, result) in [(true, "hsts-not-implemented"), (false, "hsts-invalid-cert")] {
        let scanned = look(None, Some((answer(), &ca, is_known))).await;
        let graded = grade(scanned.retrieval.as_ref().unwrap(), Algorithm::V5, &PreloadList::default()).unwrap();
        assert!(graded.tests.iter().any(|test| test.verdict.result == result), "{graded:?}");
        assert_eq!(scanned.facts.chains().iter().filter(|chain| !chain.is_trusted).count(), usize::from(!is_known));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn broken_tls_is_no_site() {
    let port = serve(send("HTTP/1.1 400 plain\r\n\r\n"), None).await;
    let scanned = scan_with(vec![format!("a.test:443:127.0.0.1:{port}"), "a.test:80:".to_owned()], &[]).await;
    assert_eq!(letter(&scanned), Err(NoGrade::Down));
    assert!(scanned.unseen.iter().any(|line| line.contains("TLS")), "{:?}", scanned.unseen);
}
