//! The app's side: several addresses, health, transports, and what the client sees when it fails.

use std::io::Write;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::unix::net::UnixListener;
use std::sync::Arc;
use std::thread;

use bartizan_testkit::{RecordingUpstream, Release, Reply, TestCa, free_port, wait_until};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig, ServerConnection, StreamOwned};

use crate::app;
use crate::wall::{GET, Plan, Wall, request};

fn options(lines: &str) -> String {
    format!("[site.upstream_options]\n{lines}\n")
}

#[test]
fn requests_are_spread_over_the_addresses() {
    let apps = [RecordingUpstream::answering("a"), RecordingUpstream::answering("b")];
    let wall = Wall::before_all(&apps.each_ref().map(RecordingUpstream::url), Plan::default());
    let mut client = wall.tls();
    let answers: String = (0..6).map(|_| client.ask(GET).text()).collect();
    assert!(answers == "ababab" || answers == "bababa", "{answers}");

    let release = Release::default();
    let held = release.clone();
    let busy = RecordingUpstream::start(move |_| {
        Reply::raw("").hang(&held, "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbusy")
    });
    let free = RecordingUpstream::answering("free");
    let tables = options("balance = \"least-requests\"");
    let wall = Wall::before_all(&[busy.url(), free.url()], Plan { tables: &tables, ..Plan::default() });
    let mut waiting = wall.tls();
    waiting.send(GET);
    wait_until("the first address to be busy", || (busy.requests().len() == 1).then_some(()));
    let mut client = wall.tls();
    for _ in 0..4 {
        assert_eq!(client.ask(GET).text(), "free");
    }
    release.release();
    assert_eq!(waiting.read_response().text(), "busy");
}

#[test]
fn an_address_that_is_down_is_not_noticed_by_the_client() {
    let app = RecordingUpstream::answering("up");
    let down = format!("http://127.0.0.1:{}", free_port());
    let wall = Wall::before_all(&[down, app.url()], Plan::default());
    let mut client = wall.tls();
    for _ in 0..8 {
        assert_eq!(client.ask(GET).text(), "up");
    }
    // Never sent, so as safe to send elsewhere as a GET.
    for _ in 0..4 {
        assert_eq!(client.ask(&request("POST", "Content-Length: 2\r\n\r\nhi")[..]).status, 200);
        client = wall.tls();
    }
}

#[test]
fn an_app_that_closes_after_each_answer_is_not_noticed_either() {
    let app = RecordingUpstream::start(|_| Reply::ok("once").close());
    let wall = Wall::before(app.address(), Plan::default());
    let mut client = wall.tls();
    for _ in 0..30 {
        assert_eq!(client.ask(GET).text(), "once");
    }
}

#[test]
fn an_ill_address_rests() {
    let ill = RecordingUpstream::start(|request| match request.request_line().as_str() {
        "GET /healthz HTTP/1.1" => Reply::raw("HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n"),
        _ => Reply::ok("ill"),
    });
    let well = RecordingUpstream::answering("well");
    let tables = options("health = { path = \"/healthz\", interval = \"100ms\", timeout = \"1s\" }");
    let wall = Wall::before_all(&[ill.url(), well.url()], Plan { tables: &tables, ..Plan::default() });
    let mut client = wall.tls();
    wait_until("the check", || (0..4).all(|_| client.ask(GET).text() == "well").then_some(()));

    // Without checks, the answers that fail are counted.
    let crashing = RecordingUpstream::start(|_| Reply::raw("").close());
    let tables = options("max_fails = 2\nfail_timeout = \"1h\"");
    let wall = Wall::before_all(&[crashing.url(), well.url()], Plan { tables: &tables, ..Plan::default() });
    let statuses: Vec<_> = (0..12).map(|_| wall.tls().ask(&request("POST", "Content-Length: 0\r\n")).status).collect();
    assert_eq!(statuses.iter().filter(|status| **status == 502).count(), 2, "{statuses:?}");
    assert_eq!(crashing.requests().len(), 2);
}

#[test]
fn a_socket_file_is_an_address() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("app.sock");
    let listener = UnixListener::bind(&path).unwrap();
    thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            while app::read_head(&stream).is_some() {
                stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfile").unwrap();
            }
        }
    });
    let wall = Wall::before_all(&[format!("unix:{}", path.display())], Plan::default());
    assert_eq!(wall.tls().ask(GET).text(), "file");
}

#[test]
fn an_app_may_speak_http2_in_the_clear() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build().unwrap();
        runtime.block_on(async {
            listener.set_nonblocking(true).unwrap();
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            let (socket, _) = listener.accept().await.unwrap();
            let service = hyper::service::service_fn(|request: hyper::Request<hyper::body::Incoming>| async move {
                let text = format!("{:?} {}", request.version(), request.uri().path());
                Ok::<_, hyper::Error>(hyper::Response::new(http_body_util::Full::new(bytes::Bytes::from(text))))
            });
            let io = hyper_util::rt::TokioIo::new(socket);
            let executor = hyper_util::rt::TokioExecutor::new();
            // How it ends is the wall's doing.
            let _ = hyper::server::conn::http2::Builder::new(executor).serve_connection(io, service).await;
        });
    });
    let tables = options("protocol = \"http2\"");
    let wall = Wall::before(address, Plan { tables: &tables, ..Plan::default() });
    let mut client = wall.tls();
    for _ in 0..2 {
        assert_eq!(client.ask(GET).text(), "HTTP/2.0 /");
    }
}

/// Speaks TLS with whoever shows a certificate of the authority; answers with the name that was asked for.
fn tls_app(ca: &TestCa, name: &str) -> SocketAddr {
    let mut roots = RootCertStore::empty();
    roots.add(ca.der()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider)).build().unwrap();
    let (chain, key) = ca.issue(&[name]).read();
    let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let config = Arc::new(config.with_client_cert_verifier(verifier).with_single_cert(chain, key).unwrap());
    app::serve(move |socket: TcpStream| {
        let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
        let mut stream = StreamOwned::new(connection, socket);
        while app::read_head(&mut stream).is_some() {
            let name = stream.conn.server_name().unwrap_or_default().to_owned();
            let answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{name}", name.len());
            if stream.write_all(answer.as_bytes()).is_err() {
                return;
            }
        }
    })
}

#[test]
fn an_app_behind_tls_is_checked_and_checks_us() {
    let (ca, other) = (TestCa::new(), TestCa::new());
    let app = tls_app(&ca, "app.internal");
    let identity = ca.issue_client("wall");
    let shown = format!("certificate = {:?}\nkey = {:?}", identity.chain, identity.key);
    let trusted = format!("authorities = {:?}", ca.file());
    let foreign = format!("authorities = {:?}", other.file());
    let name = "server_name = \"app.internal\"";
    for (lines, expected) in [
        ([trusted.as_str(), &shown, name], Some("app.internal")),
        ([&trusted, &shown, "server_name = \"else.internal\""], None),
        ([&trusted, &shown, ""], None),
        ([&trusted, "", name], None),
        ([&foreign, &shown, name], None),
    ] {
        let tables = format!("[site.upstream_options.tls]\n{}\n", lines.join("\n"));
        let wall = Wall::before_all(&[format!("https://{app}")], Plan { tables: &tables, ..Plan::default() });
        let answer = wall.tls().ask(GET);
        assert_eq!(answer.status, if expected.is_some() { 200 } else { 502 }, "{tables}");
        if let Some(expected) = expected {
            assert_eq!(answer.text(), expected);
        }
    }
}

#[test]
fn an_app_that_is_silent_or_down_is_a_page_with_a_number() {
    let silent = RecordingUpstream::start(move |_| Reply::raw("").hang(&Release::default(), ""));
    let tables = options("response_timeout = \"1s\"\nretries = 0");
    let down = SocketAddr::from(([127, 0, 0, 1], free_port()));
    for (address, status) in [(silent.address(), 504), (down, 502)] {
        let wall = Wall::before(address, Plan { tables: &tables, ..Plan::default() });
        let mut client = wall.tls();
        let answer = client.ask(&request("GET", "Accept: application/json\r\n"));
        assert_eq!(answer.status, status);
        assert!(answer.text().contains("\"id\":\""), "{}", answer.text());
        let answer = client.ask(&request("GET", "Accept: text/html\r\n"));
        assert!(answer.text().contains("quote this number"), "{}", answer.text());
        assert!(!answer.text().contains("127.0.0.1"), "{}", answer.text());
    }
}

#[test]
fn what_an_error_says_of_the_inside_is_not_passed() {
    let trace = "Traceback (most recent call last):\n  File \"/srv/app/views.py\", line 3, in show\n    1 / 0\n\
                 ZeroDivisionError: division by zero\n";
    let app = RecordingUpstream::start(move |request| {
        let (status, body) = match request.request_line().split(' ').nth(1) {
            Some("/500") => ("500 Oops", "secret at /srv/app"),
            Some("/trace") => ("404 Not Found", trace),
            _ => ("404 Not Found", "no such page"),
        };
        Reply::raw(format!(
            "HTTP/1.1 {status}\r\nContent-Type: text/plain\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        ))
    });
    let wall = Wall::before(app.address(), Plan::default());
    let mut client = wall.tls();
    for (path, status, is_passed) in [("/500", 500, false), ("/trace", 404, false), ("/else", 404, true)] {
        let ask = format!("GET {path} HTTP/1.1\r\nHost: app.example\r\nAccept: application/json\r\n\r\n");
        let answer = client.ask(ask.as_bytes());
        assert_eq!(answer.status, status, "{path}");
        assert!(!answer.text().contains("/srv/app"), "{}", answer.text());
        assert_eq!(answer.text() == "no such page", is_passed, "{}", answer.text());
        let type_is_json = answer.header("content-type").is_some_and(|value| value.contains("json"));
        assert_eq!(type_is_json, !is_passed, "{answer:?}");
    }
}
