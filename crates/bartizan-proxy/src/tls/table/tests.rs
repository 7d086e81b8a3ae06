//! Which certificate is shown for which name, and what connections may share.

use std::io::{self, Read, Write};

use bartizan_testkit::{Issued, TestCa, Trust};
use rustls::{ClientConfig, ClientConnection, HandshakeKind, NamedGroup, StreamOwned};
use rustls_pki_types::ServerName;
use tokio::io::AsyncWriteExt;

use super::*;
use crate::config::{Certificate, ClientCertificates, KeyExchangeGroup, Site, Tickets, TlsPlan, TlsVersion};
use crate::context::TlsFacts;
use crate::tls::{AcceptError, accept};

fn site(hosts: &[&str], issued: &Issued) -> Site {
    Site {
        hosts: hosts.iter().map(|host| host.parse().unwrap()).collect(),
        certificate: Certificate::Files { chain: issued.chain.clone(), key: issued.key.clone(), ocsp: None },
        ..Site::default()
    }
}

fn config(sites: Vec<Site>) -> Config {
    Config { sites, ..Config::default() }
}

/// What a client learns of one handshake.
#[derive(Debug)]
struct Seen {
    group: Option<NamedGroup>,
    kind: Option<HandshakeKind>,
    leaf: Vec<u8>,
    protocol: Option<Vec<u8>>,
}

/// Shakes hands once over loopback, then reads the one byte the server sends, and tickets with it.
fn shake(
    table: &TlsTable,
    client: &Arc<ClientConfig>,
    name: &str,
) -> (Result<TlsFacts, AcceptError>, io::Result<Seen>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build().unwrap();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (client, name) = (Arc::clone(client), ServerName::try_from(name.to_owned()).unwrap());
    let other = std::thread::spawn(move || -> io::Result<Seen> {
        let socket = std::net::TcpStream::connect(address)?;
        socket.set_read_timeout(Some(bartizan_testkit::DEADLINE))?;
        let connection = ClientConnection::new(client, name).map_err(io::Error::other)?;
        let mut stream = StreamOwned::new(connection, socket);
        stream.read_exact(&mut [0])?;
        stream.flush()?;
        Ok(Seen {
            group: stream.conn.negotiated_key_exchange_group().map(|group| group.name()),
            kind: stream.conn.handshake_kind(),
            leaf: stream.conn.peer_certificates().unwrap()[0].to_vec(),
            protocol: stream.conn.alpn_protocol().map(<[u8]>::to_vec),
        })
    });
    let facts = runtime.block_on(async {
        let (socket, _) = listener.accept().unwrap();
        socket.set_nonblocking(true).unwrap();
        let socket = tokio::net::TcpStream::from_std(socket).unwrap();
        let (mut stream, facts) = accept(table, socket).await?;
        stream.write_all(b"x").await?;
        stream.shutdown().await?;
        Ok(facts)
    });
    (facts, other.join().unwrap())
}

fn client(ca: &TestCa, certificate: Option<&Issued>) -> Arc<ClientConfig> {
    let mut config = Trust::ca(ca).client_config(certificate);
    config.alpn_protocols = vec![b"h2".to_vec()];
    Arc::new(config)
}

#[test]
fn names_lead_to_sites_and_certificates() {
    let ca = TestCa::new();
    let all = ca.issue(&["a.example", "*.a.example", "*.b.a.example", "z.example"]);
    let own = ca.issue(&["b.a.example"]);
    let table = TlsTable::build(&config(vec![
        site(&["a.example"], &all),
        site(&["*.a.example", "a.example"], &all),
        site(&["b.a.example:8443"], &own),
        site(&["*.b.a.example"], &all),
    ]))
    .unwrap();
    assert!(table.only_config().is_some());
    assert!(table.warnings().is_empty(), "{:?}", table.warnings());
    for (name, expected) in [
        ("a.example", 0),
        ("x.a.example", 1),
        ("y.x.a.example", 1),
        ("b.a.example", 2),
        ("c.b.a.example", 3),
        ("z.example", 0),
        ("127.0.0.1", 0),
    ] {
        assert_eq!(table.site(Some(&name.parse().unwrap())), expected, "{name}");
    }
    assert_eq!(table.site(None), 0);
    let client = client(&ca, None);
    for (name, expected, issued) in [("x.a.example", 1, &all), ("b.a.example", 2, &own), ("z.example", 0, &all)] {
        let (facts, seen) = shake(&table, &client, name);
        let server_name = Some(name.parse().unwrap());
        assert_eq!(facts.unwrap(), TlsFacts { server_name, site: expected, client_certificate: false });
        let seen = seen.unwrap();
        assert_eq!(seen.leaf, issued.read().0[0].to_vec(), "{name}");
        assert_eq!(seen.protocol.as_deref(), Some(&b"h2"[..]));
        assert_eq!(seen.group, Some(NamedGroup::X25519MLKEM768));
    }
}

#[test]
fn a_site_for_any_name_takes_the_unknown_ones() {
    let ca = TestCa::new();
    let issued = ca.issue(&["a.example"]);
    let table = TlsTable::build(&config(vec![site(&["a.example"], &issued), site(&[], &issued)])).unwrap();
    for (name, expected) in [("a.example", 0), ("unknown.example", 1)] {
        assert_eq!(table.site(Some(&name.parse().unwrap())), expected);
    }
    assert_eq!(table.site(None), 1);
}

#[test]
fn sessions_resume_on_their_own_site_only() {
    let ca = TestCa::new();
    let issued = ca.issue(&["open.example", "closed.example", "other.example"]);
    let person = ca.issue_client("person");
    let asks = |required| {
        let client_certificates = Some(ClientCertificates { authorities: ca.file(), required });
        Some(TlsPlan { client_certificates, ..TlsPlan::default() })
    };
    let mut sites: Vec<Site> =
        ["open.example", "closed.example", "other.example"].map(|host| site(&[host], &issued)).into();
    sites[1].tls = asks(true);
    sites[2].tls = asks(false);
    let table = TlsTable::build(&config(sites)).unwrap();
    assert!(table.only_config().is_none());

    let known = client(&ca, Some(&person));
    let mut tickets = Vec::new();
    for name in ["open.example", "closed.example", "other.example"] {
        let (facts, seen) = shake(&table, &known, name);
        assert_eq!(facts.unwrap().client_certificate, name != "open.example");
        assert_ne!(seen.unwrap().kind, Some(HandshakeKind::Resumed));
        let (facts, seen) = shake(&table, &known, name);
        assert_eq!(facts.unwrap().client_certificate, name != "open.example", "{name}, resumed");
        assert_eq!(seen.unwrap().kind, Some(HandshakeKind::Resumed), "{name}");
        tickets.push(&table.sites[table.site(Some(&name.parse().unwrap()))].config.ticketer);
    }
    for (index, ticketer) in tickets.iter().enumerate() {
        let ticket = ticketer.encrypt(b"session").unwrap();
        for (other, reader) in tickets.iter().enumerate() {
            assert_eq!(reader.decrypt(&ticket).is_some(), index == other, "{index} {other}");
        }
    }

    let stranger = client(&ca, None);
    assert!(matches!(shake(&table, &stranger, "closed.example").0, Err(AcceptError::Refused(_))));
    assert!(!shake(&table, &stranger, "other.example").0.unwrap().client_certificate);
}

#[test]
fn tickets_off_means_a_full_handshake_each_time() {
    let ca = TestCa::new();
    let issued = ca.issue(&["a.example"]);
    for (tickets, versions, resumes) in [
        (Tickets::Off, vec![TlsVersion::V1_3], false),
        (Tickets::Off, vec![TlsVersion::V1_2], false),
        (Tickets::Rotated, vec![TlsVersion::V1_2], true),
    ] {
        let mut one = site(&["a.example"], &issued);
        one.tls = Some(TlsPlan { tickets, versions, ..TlsPlan::default() });
        let table = TlsTable::build(&config(vec![one])).unwrap();
        let client = client(&ca, None);
        shake(&table, &client, "a.example").0.unwrap();
        let kind = shake(&table, &client, "a.example").1.unwrap().kind;
        assert_eq!(kind == Some(HandshakeKind::Resumed), resumes, "{tickets:?}");
    }
}

#[test]
fn only_the_groups_of_the_plan_are_spoken() {
    let ca = TestCa::new();
    let issued = ca.issue(&["a.example"]);
    for (group, spoken) in [
        (KeyExchangeGroup::Secp384r1, NamedGroup::secp384r1),
        (KeyExchangeGroup::MlKem768, NamedGroup::MLKEM768),
        (KeyExchangeGroup::Secp256r1MlKem768, NamedGroup::secp256r1MLKEM768),
        (KeyExchangeGroup::X25519, NamedGroup::X25519),
    ] {
        let mut one = site(&["a.example"], &issued);
        one.tls = Some(TlsPlan { groups: vec![group], versions: vec![TlsVersion::V1_3], ..TlsPlan::default() });
        let table = TlsTable::build(&config(vec![one])).unwrap();
        assert_eq!(shake(&table, &client(&ca, None), "a.example").1.unwrap().group, Some(spoken));
    }
}

#[test]
fn only_sites_under_one_rule_share_a_connection() {
    let ca = TestCa::new();
    let [one, two] = [ca.issue(&["a.example"]), ca.issue(&["b.example"])];
    let mut sites = vec![site(&["a.example"], &one), site(&["b.example"], &one), site(&["c.example"], &two)];
    sites.push(Site { tls: Some(TlsPlan::default()), ..site(&["d.example"], &one) });
    let table = TlsTable::build(&config(sites)).unwrap();
    for (shown, wanted, may) in [
        (0, 0, true),
        (0, 1, true),
        (1, 0, true),
        (0, 2, false),
        (0, 3, false),
        (3, 0, false),
        (3, 3, true),
        (0, 9, false),
    ] {
        assert_eq!(table.may_serve(shown, wanted), may, "{shown} {wanted}");
    }
    assert_eq!(table.warnings().len(), 3, "three sites whose certificate lacks their name");
}

#[test]
fn every_fault_is_told_at_once() {
    let ca = TestCa::new();
    let good = ca.issue(&["a.example"]);
    let absent = Issued { chain: ca.directory().join("absent"), key: good.key.clone() };
    let mut lame = site(&["c.example"], &good);
    lame.tls = Some(TlsPlan { groups: Vec::new(), ..TlsPlan::default() });
    let mut all = config(vec![site(&["a.example"], &good), site(&["b.example"], &absent), lame]);
    all.server.tls.versions.clear();
    let faults = TlsTable::build(&all).unwrap_err();
    let sites: Vec<_> = faults.iter().map(|fault| fault.site).collect();
    assert_eq!(sites, [Some(1), None, Some(2)], "{faults:?}");
    let mut texts = vec![faults[0].to_string()];
    let mut cause = faults[0].source();
    while let Some(error) = cause {
        texts.push(error.to_string());
        cause = error.source();
    }
    assert_eq!(texts.len(), 2, "each cause stands once: {texts:?}");
    assert!(matches!(TlsTable::build(&Config::default()).unwrap_err()[..], [TlsError { site: None, .. }]));
}

#[test]
fn local_certificates_are_made_and_fall_due() {
    let state = tempfile::tempdir().unwrap();
    let mut local = config(vec![Site { hosts: vec!["a.example".parse().unwrap()], ..Site::default() }]);
    local.server.state_dir = state.path().to_owned();
    let now = SystemTime::now();
    let table = TlsTable::build_at(&local, now).unwrap();
    assert!(table.authority().is_some_and(Path::exists));
    let day = std::time::Duration::from_hours(24);
    assert!(!table.is_due(now + 50 * day));
    assert!(table.is_due(now + 60 * day));
    assert!(table.stamps().paths().next().is_none());
}

#[test]
fn who_speaks_no_tls_is_told_apart_from_who_leaves() {
    let ca = TestCa::new();
    let issued = ca.issue(&["a.example"]);
    let own = Site { tls: Some(TlsPlan::default()), ..site(&["b.example"], &issued) };
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    for sites in [vec![site(&["a.example"], &issued)], vec![site(&["a.example"], &issued), own]] {
        let table = TlsTable::build(&config(sites)).unwrap();
        for (bytes, expected) in
            [(&b"GET / HTTP/1.1\r\nHost: a.example\r\n\r\n"[..], "NotTls"), (b"\x16\x03\x01", "Closed")]
        {
            let error = runtime.block_on(async {
                let (mut near, far) = tokio::io::duplex(4096);
                near.write_all(bytes).await.unwrap();
                near.shutdown().await.unwrap();
                accept(&table, far).await.unwrap_err()
            });
            assert!(format!("{error:?}").starts_with(expected), "{error:?}");
        }
    }
}
