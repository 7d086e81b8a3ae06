//! Which algorithms does the server sign its share of the keys with? Only TLS 1.2 says so unencrypted.

use crate::tls::connection::{Answer, Dialer, Until};
use crate::tls::version::Version;
use crate::tls::wire::hello::{Hello, SIGNATURES};

/// Asks for all algorithms, with the suites that TLS 1.2 accepts, and returns their names.
pub(crate) async fn ask(dialer: &Dialer, suites: &[u16]) -> Vec<String> {
    let mut rest = SIGNATURES.to_vec();
    let mut found = Vec::new();
    while !rest.is_empty() && !suites.is_empty() {
        let mut hello = Hello::new(Version::Tls12, suites.to_vec(), dialer.host.clone());
        hello.signatures.clone_from(&rest);
        let Answer::Flight(flight) = dialer.ask(&hello, Until::Done).await else { break };
        let signature = flight.key_exchange.and_then(|exchange| exchange.signature);
        let Some(at) = rest.iter().position(|code| Some(*code) == signature) else { break };
        found.push(name(rest.remove(at)));
    }
    found
}

/// Returns the name that RFC 8446, 4.2.3 has, or one made alike.
pub(crate) fn name(code: u16) -> String {
    const NAMES: &[(u16, &str)] = &[
        (0x0403, "ecdsa_secp256r1_sha256"),
        (0x0503, "ecdsa_secp384r1_sha384"),
        (0x0603, "ecdsa_secp521r1_sha512"),
        (0x0804, "rsa_pss_rsae_sha256"),
        (0x0805, "rsa_pss_rsae_sha384"),
        (0x0806, "rsa_pss_rsae_sha512"),
        (0x0807, "ed25519"),
        (0x0808, "ed448"),
        (0x0809, "rsa_pss_pss_sha256"),
        (0x080a, "rsa_pss_pss_sha384"),
        (0x080b, "rsa_pss_pss_sha512"),
        (0x081a, "ecdsa_brainpoolP256r1tls13_sha256"),
        (0x081b, "ecdsa_brainpoolP384r1tls13_sha384"),
        (0x081c, "ecdsa_brainpoolP512r1tls13_sha512"),
    ];
    if let Some((_, name)) = NAMES.iter().find(|(known, _)| *known == code) {
        return (*name).to_owned();
    }
    let hash = match code >> 8 {
        1 => "md5",
        2 => "sha1",
        3 => "sha224",
        4 => "sha256",
        5 => "sha384",
        6 => "sha512",
        _ => return format!("0x{code:04x}"),
    };
    match code & 0xff {
        1 => format!("rsa_pkcs1_{hash}"),
        2 => format!("dsa_{hash}"),
        3 => format!("ecdsa_{hash}"),
        _ => format!("0x{code:04x}"),
    }
}
