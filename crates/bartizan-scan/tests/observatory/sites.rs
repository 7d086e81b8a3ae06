//! Serves the sites of the cases: what each zone of names means, and which certificate it has.

use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::net::SocketAddr;
use std::sync::Arc;

use bartizan_scan::Override;
use bartizan_testkit::{Issued, TestCa};
use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs::{default_provider, sign::any_supported_type};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use url::Url;

use crate::corpus::{Case, Route};

/// The running sites.
pub(crate) struct Sites {
    hosts: BTreeSet<String>,
    plain: SocketAddr,
    secure: SocketAddr,
    silent: SocketAddr,
    ca: TestCa,
}

/// Nobody listens there.
const CLOSED: &str = "127.0.0.1:1";

type Routes = HashMap<(String, String), Vec<Route>>;

impl Sites {
    pub(crate) async fn serve(cases: &[Case]) -> Self {
        let mut routes = Routes::new();
        let mut hosts = BTreeSet::new();
        for route in cases.iter().flat_map(|case| &case.routes) {
            hosts.insert(route.host.clone());
            let locations = route.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("location"));
            let locations = locations.filter_map(|(_, value)| Url::parse(value).ok()?.host_str().map(str::to_owned));
            hosts.extend(locations.filter(|host| host.ends_with(".test") || host.ends_with(".dev")));
            routes.entry((route.scheme.clone(), route.host.clone())).or_default().push(route.clone());
        }
        hosts.extend(cases.iter().map(|case| case.host.clone()));

        let ca = TestCa::new();
        let routes = Arc::new(routes);
        let acceptor = TlsAcceptor::from(Arc::new(server_config(&ca)));
        let (plain_at, secure_at, silent_at) = (listener().await, listener().await, listener().await);
        let (plain, secure, silent) =
            (plain_at.local_addr().unwrap(), secure_at.local_addr().unwrap(), silent_at.local_addr().unwrap());
        let for_plain = Arc::clone(&routes);
        tokio::spawn(accept(plain_at, move |stream| answer(stream, "http", Arc::clone(&for_plain))));
        tokio::spawn(accept(secure_at, move |stream| {
            let (acceptor, routes) = (acceptor.clone(), Arc::clone(&routes));
            async move {
                if let Ok(stream) = acceptor.accept(stream).await {
                    answer(stream, "https", routes).await;
                }
            }
        }));
        tokio::spawn(accept(silent_at, |stream| async move {
            let _held = stream;
            std::future::pending::<()>().await;
        }));
        Self { hosts, plain, secure, silent, ca }
    }

    pub(crate) fn authority(&self) -> CertificateDer<'static> {
        self.ca.der()
    }

    /// Returns where each name leads, by its zone.
    pub(crate) fn overrides(&self) -> Vec<Override> {
        let (plain, secure, silent) = (self.plain.to_string(), self.secure.to_string(), self.silent.to_string());
        let mut all = Vec::new();
        for host in &self.hosts {
            let zone = host.split('.').rev().nth(1).unwrap_or_default();
            let (port_80, port_443) = match zone {
                "h80" => (plain.as_str(), CLOSED),
                "s443" => (CLOSED, secure.as_str()),
                "down" => (CLOSED, CLOSED),
                "nodns" => ("", ""),
                "hang80" => (silent.as_str(), secure.as_str()),
                "hang443" => (plain.as_str(), silent.as_str()),
                _ => (plain.as_str(), secure.as_str()),
            };
            all.push(format!("{host}:80:{port_80}").parse().unwrap());
            all.push(format!("{host}:443:{port_443}").parse().unwrap());
        }
        all
    }
}

async fn listener() -> TcpListener {
    TcpListener::bind("127.0.0.1:0").await.unwrap()
}

async fn accept<F: Future<Output = ()> + Send + 'static>(listener: TcpListener, serve: impl Fn(TcpStream) -> F) {
    loop {
        if let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream));
        }
    }
}

async fn answer(mut stream: impl AsyncRead + AsyncWrite + Unpin, scheme: &str, routes: Arc<Routes>) {
    let mut received = Vec::new();
    while !received.windows(4).any(|end| end == b"\r\n\r\n") {
        match stream.read_buf(&mut received).await {
            Ok(0) | Err(_) => return,
            Ok(_) => {}
        }
    }
    let head = String::from_utf8_lossy(&received).into_owned();
    let mut words = head.split_whitespace();
    let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let field = |name: &str| {
        let mut lines = head.lines().filter_map(|line| line.split_once(": "));
        lines.find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.to_owned())
    };
    let host = field("host").unwrap_or_default();
    let host = host.split(':').next().unwrap_or_default().to_owned();
    let path = target.split('?').next().unwrap_or_default();
    let all = routes.get(&(scheme.to_owned(), host));
    let matches = |route: &&Route| {
        let is_method = route.method.as_deref().is_none_or(|known| known == "*" || known == method);
        (route.path == "*" || route.path == path) && is_method
    };
    let text = match all.and_then(|all| all.iter().find(matches)) {
        None => "HTTP/1.1 404 Not Found\r\nContent-Type: text/plain\r\nContent-Length: 9\r\n\r\nnot found".to_owned(),
        Some(route) => match route.action.as_deref() {
            Some("hang") => return std::future::pending().await,
            Some("reset") => return,
            _ => written(route, method, field("origin").as_deref()),
        },
    };
    let _ = stream.write_all(text.as_bytes()).await;
    let _ = stream.shutdown().await;
}

fn written(route: &Route, method: &str, origin: Option<&str>) -> String {
    let body = if method == "HEAD" || matches!(route.status, 204 | 304) { "" } else { &route.body };
    let mut text = format!("HTTP/1.1 {} x\r\n", route.status);
    for (name, value) in &route.headers {
        match (value.contains("{origin}"), origin) {
            (true, None) => {}
            (true, Some(origin)) => text += &format!("{name}: {}\r\n", value.replace("{origin}", origin)),
            (false, _) => text += &format!("{name}: {value}\r\n"),
        }
    }
    let has_length = route.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    if !has_length && route.status != 204 {
        text += &format!("Content-Length: {}\r\n", body.len());
    }
    text + "Connection: close\r\n\r\n" + body
}

/// Which certificate a name is answered with.
#[derive(Debug)]
struct ByZone {
    good: Arc<CertifiedKey>,
    by_zone: Vec<(&'static str, Arc<CertifiedKey>)>,
}

impl ResolvesServerCert for ByZone {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let name = hello.server_name().unwrap_or_default();
        let bad = self.by_zone.iter().find(|(zone, _)| name.ends_with(zone)).map(|(_, key)| key);
        Some(Arc::clone(bad.unwrap_or(&self.good)))
    }
}

fn server_config(ca: &TestCa) -> ServerConfig {
    let stranger = TestCa::new();
    let zones = [
        "obs.test",
        "foreign.test",
        "h80.test",
        "s443.test",
        "pre.test",
        "prenosub.test",
        "premode.test",
        "obs.dev",
        "hang80.test",
        "hang443.test",
    ];
    let names: Vec<_> = zones.iter().flat_map(|zone| [(*zone).to_owned(), format!("*.{zone}")]).collect();
    let names: Vec<_> = names.iter().map(String::as_str).collect();
    let self_signed = rcgen::generate_simple_self_signed(["*.badself.test".to_owned()]).unwrap();
    let own = CertifiedKey::new(
        vec![self_signed.cert.der().clone()],
        any_supported_type(&PrivateKeyDer::try_from(self_signed.signing_key.serialize_der()).unwrap()).unwrap(),
    );
    let by_zone = vec![
        (".badself.test", Arc::new(own)),
        (".badexp.test", loaded(&ca.issue_expired(&["*.badexp.test"]))),
        (".badname.test", loaded(&ca.issue(&["other.example"]))),
        (".badca.test", loaded(&stranger.issue(&["*.badca.test"]))),
    ];
    let resolver = ByZone { good: loaded(&ca.issue(&names)), by_zone };
    ServerConfig::builder_with_provider(default_provider().into())
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_cert_resolver(Arc::new(resolver))
}

fn loaded(issued: &Issued) -> Arc<CertifiedKey> {
    let chain = CertificateDer::pem_slice_iter(&fs::read(&issued.chain).unwrap()).collect::<Result<_, _>>().unwrap();
    let key = PrivateKeyDer::from_pem_file(&issued.key).unwrap();
    Arc::new(CertifiedKey::new(chain, any_supported_type(&key).unwrap()))
}
