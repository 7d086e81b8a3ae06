//! PEERS 21 to 23: what the handshake decides holds for every request on the connection.

use std::fs;
use std::io::{self, Read, Write};
use std::process::Command;
use std::sync::Arc;

use bartizan_testkit::h2::H2Client;
use bartizan_testkit::{Issued, TestCa, TlsOptions, Trust, WireClient, wait_until};
use rustls::NamedGroup;
use rustls::client::{
    ClientSessionMemoryCache, ClientSessionStore, Resumption, Tls12ClientSessionValue, Tls13ClientSessionValue,
};
use rustls::pki_types::ServerName;

use crate::harness::{BINARY, Wall, config};

/// Two sites before one app; the second asks for client certificates of the authority.
fn guarded(ca: &TestCa) -> Wall {
    let file = ca.file();
    Wall::of_sites("", |app| {
        format!(
            "[[site]]\nhosts = [\"open.example\"]\nupstream = [\"{app}\"]\n\n[[site]]\nhosts = [\"closed.example\"]\nupstream = [\"{app}\"]\n\
             tls = {{ client_certificates = {{ authorities = {file:?}, required = true }} }}\n"
        )
    })
}

fn ask(client: &mut WireClient, host: &str) -> io::Result<u16> {
    client.try_send(format!("GET /case HTTP/1.1\r\nHost: {host}\r\n\r\n").as_bytes())?;
    Ok(client.try_read_response()?.status)
}

fn options(name: &str, protocol: &str, certificate: Option<&Issued>) -> TlsOptions {
    let mut config = Trust::DangerousAnyone.client_config(certificate);
    config.alpn_protocols = vec![protocol.as_bytes().to_vec()];
    TlsOptions { config: Arc::new(config), server_name: Some(name.to_owned()) }
}

#[test]
fn a_guarded_site_is_reached_with_its_own_handshake_only() {
    let (ca, stranger) = (TestCa::new(), TestCa::new());
    let wall = guarded(&ca);
    let address = wall.program.address(0);
    let (known, unknown) = (ca.issue_client("known"), stranger.issue_client("unknown"));
    for (name, certificate, host, may) in [
        ("closed.example", Some(&known), "closed.example", true),
        ("open.example", None, "open.example", true),
        ("closed.example", None, "closed.example", false),
        ("closed.example", Some(&unknown), "closed.example", false),
        ("open.example", None, "closed.example", false),
        ("open.example", Some(&known), "closed.example", false),
        ("open.example", Some(&unknown), "closed.example", false),
        ("else.example", None, "closed.example", false),
        ("else.example", Some(&known), "closed.example", false),
        ("CLOSED.example", None, "closed.example", false),
        ("closed.example", None, "open.example", false),
    ] {
        let before = wall.app.requests().len();
        let status = WireClient::tls(address, &options(name, "http/1.1", certificate))
            .and_then(|mut client| ask(&mut client, host));
        assert_eq!(status.as_ref().is_ok_and(|status| *status == 200), may, "{name} {host} {status:?}");
        assert_eq!(wall.app.requests().len() > before, may, "{name} {host}");
        if let Ok(mut wire) = WireClient::tls(address, &options(name, "h2", certificate)) {
            // Where the certificate is asked for and missing, the wall's alert may come at any time from here on.
            if wire.try_send(b"").is_ok() {
                let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(move || {
                    let mut client = H2Client::new(wire);
                    client.get(1, host, "/case", &[]);
                    client.outcome(1)
                }));
                assert_eq!(outcome.is_ok_and(|outcome| outcome.status() == Some(200)), may, "h2 {name} {host}");
            }
        }
    }
}

/// Sessions under one name, so that those of one site are offered to another.
#[derive(Debug)]
struct Careless(ClientSessionMemoryCache);

impl Careless {
    fn name() -> ServerName<'static> {
        ServerName::try_from("any.example").unwrap()
    }
}

impl ClientSessionStore for Careless {
    fn set_kx_hint(&self, _: ServerName<'static>, group: NamedGroup) {
        self.0.set_kx_hint(Self::name(), group);
    }

    fn kx_hint(&self, _: &ServerName<'_>) -> Option<NamedGroup> {
        self.0.kx_hint(&Self::name())
    }

    fn set_tls12_session(&self, _: ServerName<'static>, value: Tls12ClientSessionValue) {
        self.0.set_tls12_session(Self::name(), value);
    }

    fn tls12_session(&self, _: &ServerName<'_>) -> Option<Tls12ClientSessionValue> {
        self.0.tls12_session(&Self::name())
    }

    fn remove_tls12_session(&self, _: &ServerName<'static>) {
        self.0.remove_tls12_session(&Self::name());
    }

    fn insert_tls13_ticket(&self, _: ServerName<'static>, value: Tls13ClientSessionValue) {
        self.0.insert_tls13_ticket(Self::name(), value);
    }

    fn take_tls13_ticket(&self, _: &ServerName<'static>) -> Option<Tls13ClientSessionValue> {
        self.0.take_tls13_ticket(&Self::name())
    }
}

#[test]
fn a_session_of_one_site_opens_no_other() {
    // Attack 23 (CVE-2025-23419).
    let ca = TestCa::new();
    let wall = guarded(&ca);
    let address = wall.program.address(0);
    let known = ca.issue_client("known");
    let store = Arc::new(Careless(ClientSessionMemoryCache::new(32)));
    let with = |name: &str, certificate: Option<&Issued>| {
        let mut config = Trust::DangerousAnyone.client_config(certificate);
        config.resumption = Resumption::store(Arc::clone(&store) as Arc<dyn ClientSessionStore>);
        TlsOptions { config: Arc::new(config), server_name: Some(name.to_owned()) }
    };
    for (first, certificate) in [("open.example", None), ("open.example", Some(&known))] {
        for _ in 0..2 {
            let mut client = WireClient::tls(address, &with(first, certificate)).unwrap();
            assert_eq!(ask(&mut client, first).unwrap(), 200);
        }
        let before = wall.app.requests().len();
        for _ in 0..2 {
            let status = WireClient::tls(address, &with("closed.example", None))
                .and_then(|mut client| ask(&mut client, "closed.example"));
            assert!(status.as_ref().map_or(true, |status| *status != 200), "{first} {status:?}");
        }
        assert_eq!(wall.app.requests().len(), before, "{first}");
    }
    // And the other way round: a guarded session does not make another name's connection a guarded one.
    let mut client = WireClient::tls(address, &with("closed.example", Some(&known))).unwrap();
    assert_eq!(ask(&mut client, "closed.example").unwrap(), 200);
    if let Ok(mut client) = WireClient::tls(address, &with("open.example", None)) {
        assert!(ask(&mut client, "closed.example").map_or(true, |status| status == 421));
    }
}

#[test]
fn an_authority_that_cannot_be_read_stops_the_start() {
    // Attack 22 (CVE-2026-27586): never a start without the check.
    let ca = TestCa::new();
    let directory = tempfile::tempdir().unwrap();
    let garbage = directory.path().join("garbage.pem");
    fs::write(&garbage, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n").unwrap();
    let empty = directory.path().join("empty.pem");
    fs::write(&empty, "").unwrap();
    let issued = ca.issue(&["a.example"]);
    for (file, starts) in [
        (directory.path().join("missing.pem"), false),
        (directory.path().to_owned(), false),
        (empty, false),
        (garbage, false),
        (issued.key, false),
        (ca.file(), true),
    ] {
        for place in ["server", "site"] {
            let table = format!("client_certificates = {{ authorities = {file:?}, required = true }}");
            let (server, site) = if place == "server" {
                (format!("tls = {{ {table} }}"), String::new())
            } else {
                (String::new(), format!("tls = {{ {table} }}"))
            };
            let sites = format!("[[site]]\nhosts = [\"app.example\"]\nupstream = [\"http://127.0.0.1:9\"]\n{site}\n");
            if starts {
                Wall::of_sites(&server, |_| sites.clone());
                continue;
            }
            let path = directory.path().join("bartizan.toml");
            fs::write(&path, config(&[0, 0], directory.path(), &server, &sites)).unwrap();
            let mut child = Command::new(BINARY)
                .args(["serve", "--config"])
                .arg(&path)
                .stdout(std::process::Stdio::null())
                .stderr(std::process::Stdio::null())
                .spawn()
                .unwrap();
            let status = wait_until("the program to give up", || child.try_wait().unwrap());
            assert!(!status.success(), "{place} {}", file.display());
        }
    }
}

/// A ClientHello by hand, since no library of ours speaks versions that old.
fn hello(record: [u8; 2], version: [u8; 2], suites: &[u8]) -> Vec<u8> {
    let name = b"app.example";
    let length = |count: usize| u16::try_from(count).unwrap().to_be_bytes();
    let server_name =
        [&[0, 0][..], &length(name.len() + 5), &length(name.len() + 3), &[0], &length(name.len()), name].concat();
    let groups = [0, 10, 0, 4, 0, 2, 0, 23];
    let points = [0, 11, 0, 2, 1, 0];
    let signatures = [0, 13, 0, 6, 0, 4, 4, 3, 8, 4];
    let extensions = [&server_name[..], &groups, &points, &signatures].concat();
    let body =
        [&version[..], &[7; 32], &[0], &length(suites.len()), suites, &[1, 0], &length(extensions.len()), &extensions]
            .concat();
    let message = [&[1, 0][..], &length(body.len()), &body].concat();
    [&[22][..], &record, &length(message.len()), &message].concat()
}

#[test]
fn old_versions_and_plain_text_get_no_handshake() {
    let wall = Wall::new();
    let modern = [0xc0, 0x2b, 0xc0, 0x2f, 0xcc, 0xa9];
    let old = [0xc0, 0x09, 0xc0, 0x13, 0x00, 0x2f, 0x00, 0x35, 0x00, 0x0a];
    for (told, bytes, greets) in [
        ("TLS 1.2 as modern clients speak it", hello([3, 1], [3, 3], &modern), true),
        ("TLS 1.2 without forward secrecy or AEAD", hello([3, 3], [3, 3], &old), false),
        ("TLS 1.1", hello([3, 2], [3, 2], &[modern, [0xc0, 0x09, 0xc0, 0x13, 0, 0x2f]].concat()), false),
        ("TLS 1.0", hello([3, 1], [3, 1], &old), false),
        ("TLS 1.0 with new suites", hello([3, 1], [3, 1], &modern), false),
        ("SSL 3", hello([3, 0], [3, 0], &old), false),
        ("SSL 3 without a name", hello([3, 0], [3, 0], &[0, 5]), false),
        ("SSL 2", [&[0x80, 0x2e, 1, 0, 2, 0, 3, 0, 0, 0, 0x20, 1, 0, 0x80][..], &[7; 34]].concat(), false),
        ("plain HTTP", b"GET / HTTP/1.1\r\nHost: app.example\r\n\r\n".to_vec(), false),
        ("HTTP/2 in the clear", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0".to_vec(), false),
        ("an empty record", vec![22, 3, 1, 0, 0, 22, 3, 1, 0, 0], false),
        ("a huge record", [&[22, 3, 1, 0xff, 0xff][..], &[0; 4096]].concat(), false),
        ("garbage", vec![0xff; 512], false),
    ] {
        let mut client = WireClient::plain(wall.program.address(0));
        let _ = client.write_all(&bytes);
        let mut first = [0; 6];
        let came = client.read_exact(&mut first);
        if greets {
            assert!(came.is_ok() && first[0] == 22 && first[5] == 2, "{told}: {first:?}");
        } else {
            // Nothing, or a TLS alert; and then the end.
            assert!(came.is_err() || first[0] == 21, "{told}: {first:?}");
            client.read_rest();
        }
    }
    // HTTP/2 without TLS is not spoken, neither at once nor by upgrade.
    wall.refuses(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0");
    assert_eq!(wall.whole_requests(), [""; 0]);
}
