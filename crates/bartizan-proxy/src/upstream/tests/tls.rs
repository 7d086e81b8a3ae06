//! TLS towards the app: who is believed, and who we say we are.

use std::path::PathBuf;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};
use rustls_pki_types::PrivateKeyDer;
use tempfile::TempDir;
use tokio_rustls::TlsAcceptor;

use super::*;
use crate::config::{UpstreamProtocol, UpstreamTls};
use crate::upstream::UpstreamConfigError;

/// An authority with its files, and what it certifies.
struct Authority {
    folder: TempDir,
    issuer: CertifiedIssuer<'static, KeyPair>,
}

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::new([]).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let authority = Self { folder: tempfile::tempdir().unwrap(), issuer };
        authority.file("ca.pem", &authority.issuer.pem());
        authority
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }

    fn certify(&self, name: &str) -> (rcgen::Certificate, KeyPair) {
        let key = KeyPair::generate().unwrap();
        let certificate = CertificateParams::new([name.to_owned()]).unwrap().signed_by(&key, &self.issuer).unwrap();
        (certificate, key)
    }

    fn identity(&self) -> (PathBuf, PathBuf) {
        let (certificate, key) = self.certify("wall.example");
        (self.file("wall.pem", &certificate.pem()), self.file("wall.key", &key.serialize_pem()))
    }

    fn server_config(&self, name: &str, client: Client) -> ServerConfig {
        let (certificate, key) = self.certify(name);
        let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let builder = ServerConfig::builder_with_provider(Arc::clone(&provider)).with_safe_default_protocol_versions();
        let mut roots = RootCertStore::empty();
        roots.add(self.issuer.der().clone()).unwrap();
        let builder = if client == Client::Certified {
            let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider).build().unwrap();
            builder.unwrap().with_client_cert_verifier(verifier)
        } else {
            builder.unwrap().with_no_client_auth()
        };
        builder.with_single_cert(vec![certificate.der().clone()], key).unwrap()
    }

    /// Starts an app that answers every request over TLS.
    async fn app(&self, name: &str, client: Client) -> std::net::SocketAddr {
        let config = self.server_config(name, client);
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        spawn_local(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let acceptor = acceptor.clone();
                spawn_local(async move {
                    let Ok(mut stream) = acceptor.accept(stream).await else { return };
                    while read_request(&mut stream).await.is_some() {
                        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok").await;
                    }
                });
            }
        });
        address
    }
}

/// Whom a test's app speaks to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Client {
    Anyone,
    Certified,
}

fn tls_plan(address: std::net::SocketAddr, tls: UpstreamTls) -> UpstreamPlan {
    let place = UpstreamAddress::Tcp { host: address.ip().to_string(), port: address.port(), tls: true };
    UpstreamPlan { addresses: vec![place], tls, ..UpstreamPlan::default() }
}

#[test]
fn only_a_believed_certificate_for_the_right_name_is_spoken_to() {
    run(async {
        let (ours, other) = (Authority::new(), Authority::new());
        let believed = || UpstreamTls { authorities: Some(ours.path()), ..UpstreamTls::default() };
        let refused = Outcome::NoHead(UpstreamErrorKind::Tls);
        for (name, client, tls, outcome) in [
            ("127.0.0.1", Client::Anyone, believed(), whole(200, "ok")),
            ("app.internal", Client::Anyone, believed(), refused.clone()),
            (
                "app.internal",
                Client::Anyone,
                UpstreamTls { server_name: Some("app.internal".to_owned()), ..believed() },
                whole(200, "ok"),
            ),
            (
                "127.0.0.1",
                Client::Anyone,
                UpstreamTls { authorities: Some(other.path()), ..believed() },
                refused.clone(),
            ),
            ("127.0.0.1", Client::Anyone, UpstreamTls::default(), refused.clone()),
            (
                "app.internal",
                Client::Anyone,
                UpstreamTls { dangerous_skip_verification: true, ..UpstreamTls::default() },
                whole(200, "ok"),
            ),
            (
                "127.0.0.1",
                Client::Certified,
                UpstreamTls { identity: Some(ours.identity()), ..believed() },
                whole(200, "ok"),
            ),
        ] {
            let address = ours.app(name, client).await;
            let upstream = upstream(&tls_plan(address, tls.clone()));
            assert_eq!(fetch(&Pool::new(), &upstream, get("/")).await, outcome, "{name} {tls:?}");
        }
        // In TLS 1.3 a missing client certificate is told after the handshake: the answer is missing instead.
        let address = ours.app("127.0.0.1", Client::Certified).await;
        let outcome = fetch(&Pool::new(), &upstream(&tls_plan(address, believed())), get("/")).await;
        assert!(matches!(outcome, Outcome::NoHead(_)), "{outcome:?}");
    });
}

#[test]
fn http2_is_agreed_on_in_the_handshake() {
    run(async {
        let ours = Authority::new();
        let mut config = ours.server_config("127.0.0.1", Client::Anyone);
        config.alpn_protocols = vec![b"h2".to_vec()];
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        spawn_local(async move {
            let (stream, _) = listener.accept().await.unwrap();
            http2::serve(acceptor.accept(stream).await.unwrap()).await;
        });
        let tls = UpstreamTls { authorities: Some(ours.path()), ..UpstreamTls::default() };
        let plan = UpstreamPlan { protocol: UpstreamProtocol::Http2, ..tls_plan(address, tls) };
        let outcome = fetch(&Pool::new(), &upstream(&plan), get("/1")).await;
        assert_eq!(outcome, whole(200, "GET https://app.example/1 "));
    });
}

#[test]
fn an_app_without_h2_is_told_from_one_that_is_down() {
    run(async {
        let ours = Authority::new();
        let address = ours.app("127.0.0.1", Client::Anyone).await;
        let tls = UpstreamTls { authorities: Some(ours.path()), ..UpstreamTls::default() };
        let plan = UpstreamPlan { protocol: UpstreamProtocol::Http2, ..tls_plan(address, tls) };
        assert_eq!(fetch(&Pool::new(), &upstream(&plan), get("/")).await, Outcome::NoHead(UpstreamErrorKind::Tls));
    });
}

#[test]
fn a_handshake_may_take_so_long() {
    run(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let plan = tls_plan(listener.local_addr().unwrap(), UpstreamTls::default());
        let plan = UpstreamPlan { connect_timeout: Duration::from_millis(20), ..plan };
        assert_eq!(
            fetch(&Pool::new(), &upstream(&plan), get("/")).await,
            Outcome::NoHead(UpstreamErrorKind::ConnectTimeout)
        );
    });
}

#[test]
fn unusable_files_are_named() {
    let (ours, other) = (Authority::new(), Authority::new());
    let address = "127.0.0.1:1".parse().unwrap();
    let (chain, key) = ours.identity();
    let empty = ours.file("empty.pem", "");
    let identity = |chain: &PathBuf, key: &PathBuf| UpstreamTls {
        identity: Some((chain.clone(), key.clone())),
        ..UpstreamTls::default()
    };
    let authorities = |path: PathBuf| UpstreamTls { authorities: Some(path), ..UpstreamTls::default() };
    let named = |name: &str| UpstreamTls { server_name: Some(name.to_owned()), ..UpstreamTls::default() };
    for (tls, problem) in [
        (authorities(ours.path()), None),
        (authorities(ours.folder.path().join("missing.pem")), Some("cannot read")),
        (authorities(empty.clone()), Some("no certificate in")),
        (identity(&chain, &key), None),
        (identity(&chain, &empty), Some("no private key in")),
        (identity(&chain, &other.identity().1), Some("unusable client certificate")),
        (named("app.internal"), None),
        (named("not a name"), Some("not a name that a certificate can carry")),
    ] {
        let built = Upstream::new(&tls_plan(address, tls.clone())).map_err(|error| error.to_string());
        match (built, problem) {
            (Ok(_), None) => {}
            (Err(said), Some(problem)) => assert!(said.contains(problem), "{said}"),
            (built, _) => panic!("{tls:?}: {built:?}"),
        }
    }
    assert!(matches!(Upstream::new(&UpstreamPlan::default()), Err(UpstreamConfigError::NoAddress)));
}
