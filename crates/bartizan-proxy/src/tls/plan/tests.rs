//! What of a TLS plan rustls can speak, and what is refused.

use bartizan_testkit::TestCa;

use super::*;

#[derive(Debug)]
struct Nobody;

impl ResolvesServerCert for Nobody {
    fn resolve(&self, _: rustls::server::ClientHello<'_>) -> Option<Arc<rustls::sign::CertifiedKey>> {
        None
    }
}

fn outcome(plan: &TlsPlan) -> String {
    server_config(plan, Arc::new(Nobody)).map_or_else(|error| error.to_string(), |_| "fits".to_owned())
}

#[test]
fn impossible_plans_are_refused() {
    use KeyExchangeGroup::{MlKem768, Secp384r1, X25519MlKem768};
    use TlsVersion::{V1_2, V1_3};
    let only_13 = vec![Suite::Tls13Aes128GcmSha256];
    let only_12 = vec![Suite::EcdheRsaAes128GcmSha256];
    let all = Suite::ALL.to_vec();
    for (versions, groups, suites, expected) in [
        (vec![V1_3, V1_2], TlsPlan::default().groups, all.clone(), "fits"),
        (vec![V1_3], vec![Secp384r1], all.clone(), "fits"),
        (vec![V1_2], vec![Secp384r1], all.clone(), "fits"),
        (vec![V1_3, V1_3], vec![MlKem768, MlKem768], only_13.clone(), "fits"),
        (vec![], vec![Secp384r1], all.clone(), "no version of TLS is allowed"),
        (vec![V1_3], vec![], all.clone(), "no key exchange group is left for TLS 1.3"),
        (vec![V1_3, V1_2], vec![X25519MlKem768], all, "no key exchange group is left for TLS 1.2"),
        (vec![V1_3], vec![Secp384r1], vec![], "no cipher suite is left for TLS 1.3"),
        (vec![V1_3, V1_2], vec![Secp384r1], only_13, "no cipher suite is left for TLS 1.2"),
        (vec![V1_3, V1_2], vec![Secp384r1], only_12, "no cipher suite is left for TLS 1.3"),
    ] {
        let plan = TlsPlan { versions, groups, suites, ..TlsPlan::default() };
        assert_eq!(outcome(&plan), expected, "{plan:?}");
    }
}

#[test]
fn authorities_that_cannot_be_read_stop_the_start() {
    let ca = TestCa::new();
    let at = |name: &str| ca.directory().join(name);
    std::fs::write(at("empty"), "").unwrap();
    std::fs::write(at("junk"), "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n").unwrap();
    for (authorities, is_usable) in [
        (ca.file(), true),
        (at("absent"), false),
        (at("empty"), false),
        (at("junk"), false),
        (ca.directory().into(), false),
    ] {
        for required in [true, false] {
            let client_certificates = Some(ClientCertificates { authorities: authorities.clone(), required });
            let plan = TlsPlan { client_certificates, ..TlsPlan::default() };
            assert_eq!(outcome(&plan) == "fits", is_usable, "{}", authorities.display());
        }
    }
}

#[test]
fn nothing_is_sent_early_and_tickets_are_as_planned() {
    for (tickets, sent) in [(Tickets::Off, 0), (Tickets::Rotated, 1)] {
        let config = server_config(&TlsPlan { tickets, ..TlsPlan::default() }, Arc::new(Nobody)).unwrap();
        assert_eq!(config.send_tls13_tickets, sent);
        assert_eq!(config.ticketer.enabled(), sent == 1);
        assert!(!config.session_storage.can_cache());
        assert_eq!(config.max_early_data_size, 0);
        assert!(!config.ignore_client_order);
    }
    let mut suites = Suite::ALL.to_vec();
    suites.reverse();
    assert!(server_config(&TlsPlan { suites, ..TlsPlan::default() }, Arc::new(Nobody)).unwrap().ignore_client_order);
}

#[test]
fn a_suite_must_fit_the_key() {
    use rustls::SignatureAlgorithm::{ECDSA, RSA};
    let rsa = vec![Suite::EcdheRsaAes128GcmSha256];
    for (versions, suites, key, fits) in [
        (vec![TlsVersion::V1_2], rsa.clone(), RSA, true),
        (vec![TlsVersion::V1_2], rsa.clone(), ECDSA, false),
        (vec![TlsVersion::V1_2], vec![Suite::Tls13Aes128GcmSha256], ECDSA, false),
        (vec![TlsVersion::V1_2, TlsVersion::V1_3], rsa, ECDSA, true),
    ] {
        let plan = TlsPlan { versions, suites, ..TlsPlan::default() };
        assert_eq!(can_sign(&plan, key), fits, "{plan:?}");
    }
}
