//! `[server.tls]` and `[site.tls]`: the same keys, the same handshakes.

use std::sync::Arc;

use bartizan_proxy::serve::Running;
use bartizan_testkit::{TlsOptions, Trust, WireClient};

use super::asks::{Ask, HOST};
use super::case::Case;
use super::{Proof, Row, Seen, below};

pub(crate) fn proofs() -> Vec<Proof> {
    ["server.tls.", "site[].tls."].into_iter().flat_map(|prefix| below(prefix, ROWS)).collect()
}

const ROWS: &[Row] = &[
    ("versions", &["[\"1.2\"]", "[\"1.3\"]"], &[], |case| with(case, version)),
    (
        "groups",
        &[
            "[\"X25519MLKEM768\"]",
            "[\"secp256r1MLKEM768\"]",
            "[\"MLKEM768\"]",
            "[\"X25519\"]",
            "[\"secp256r1\"]",
            "[\"secp384r1\"]",
        ],
        &[("versions", "[\"1.3\"]")],
        |case| with(case, group),
    ),
    (
        "suites",
        &["[\"TLS_AES_128_GCM_SHA256\"]", "[\"TLS_AES_256_GCM_SHA384\"]", "[\"TLS_CHACHA20_POLY1305_SHA256\"]"],
        &[("versions", "[\"1.3\"]")],
        |case| with(case, suite),
    ),
    ("tickets", &["\"rotated\"", "\"off\""], &[], |case| with(case, second_handshake)),
    (
        "client_certificates.required",
        &["true", "false"],
        &[("client_certificates.authorities", "\"@ca_one\"")],
        |case| with(case, without_certificate),
    ),
    ("client_certificates.authorities", &["\"@ca_one\"", "\"@ca_two\""], &[], with_certificate),
];

fn with(case: &Case<'_>, see: fn(&Running) -> String) -> Seen {
    let app = Case::app();
    let wall = case.start(&[&app]);
    vec![("handshake", see(&wall))]
}

fn options() -> TlsOptions {
    TlsOptions::new(&Trust::DangerousAnyone, HOST, &["http/1.1"])
}

/// Makes a connection and asks once over it: a certificate that is missing is noticed only then.
fn connect(wall: &Running, options: &TlsOptions) -> Option<WireClient> {
    let mut client = WireClient::tls(wall.addresses().tls[0], options).ok()?;
    client.try_send(&Ask::get("/").bytes()).ok()?;
    client.try_read_response().ok().map(|_| client)
}

fn version(wall: &Running) -> String {
    let client = connect(wall, &options()).unwrap();
    format!("{:?}", client.connection().unwrap().protocol_version())
}

fn group(wall: &Running) -> String {
    let client = connect(wall, &options()).unwrap();
    format!("{:?}", client.connection().unwrap().negotiated_key_exchange_group().map(|group| group.name()))
}

fn suite(wall: &Running) -> String {
    let client = connect(wall, &options()).unwrap();
    format!("{:?}", client.connection().unwrap().negotiated_cipher_suite())
}

/// The second connection of one client, which kept what the first was given.
fn second_handshake(wall: &Running) -> String {
    let options = options();
    drop(connect(wall, &options).unwrap());
    format!("{:?}", connect(wall, &options).unwrap().connection().unwrap().handshake_kind())
}

fn without_certificate(wall: &Running) -> String {
    format!("served: {}", connect(wall, &options()).is_some())
}

fn with_certificate(case: &Case<'_>) -> Seen {
    let app = Case::app();
    let wall = case.start(&[&app]);
    let config = Trust::DangerousAnyone.client_config(Some(&case.fixture.client));
    let options = TlsOptions { config: Arc::new(config), server_name: Some(HOST.to_owned()) };
    vec![("handshake", format!("served: {}", connect(&wall, &options).is_some()))]
}
