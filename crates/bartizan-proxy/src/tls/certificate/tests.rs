//! Faults of certificate files are told apart and name the file; stars match one label.

use bartizan_testkit::TestCa;

use super::*;

fn provider() -> CryptoProvider {
    rustls::crypto::aws_lc_rs::default_provider()
}

/// What came of loading, in a word.
fn outcome(chain: &Path, key: &Path, ocsp: Option<&Path>) -> String {
    match load(chain, key, ocsp, &provider(), SystemTime::now()) {
        Ok(loaded) => loaded.warnings.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "),
        Err(error) => format!("{error:?}").split([' ', '(']).next().unwrap_or_default().to_owned(),
    }
}

#[test]
fn faults_are_told_apart_and_name_the_file() {
    let ca = TestCa::new();
    let shop = ca.issue(&["shop.example"]);
    let other = ca.issue(&["other.example"]);
    let at = |name: &str| ca.directory().join(name);
    let write = |name: &str, bytes: &[u8]| std::fs::write(at(name), bytes).unwrap();
    let pem = std::fs::read(&shop.chain).unwrap();
    let root = std::fs::read(ca.file()).unwrap();
    write("full.pem", &[pem.clone(), root.clone()].concat());
    write("turned.pem", &[root, pem.clone()].concat());
    write("strangers.pem", &[pem, std::fs::read(&other.chain).unwrap()].concat());
    write("empty", b"");
    write("text", b"no PEM at all");
    write("cut.pem", b"-----BEGIN CERTIFICATE-----\nMIIB");
    write("junk.pem", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
    write("junk.key", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
    write("staple", &[0x30, 0x03, 0x0a, 0x01, 0x00]);
    for (chain, key, ocsp, expected) in [
        (shop.chain.clone(), shop.key.clone(), None, ""),
        (at("full.pem"), shop.key.clone(), None, ""),
        (shop.chain.clone(), shop.key.clone(), Some(at("staple")), ""),
        (shop.chain.clone(), shop.key.clone(), Some(at("empty")), "Ocsp"),
        (shop.chain.clone(), shop.key.clone(), Some(at("text")), "Ocsp"),
        (shop.chain.clone(), shop.key.clone(), Some(at("absent")), "Read"),
        (at("turned.pem"), shop.key.clone(), None, "LeafNotFirst"),
        (shop.chain.clone(), other.key, None, "Mismatch"),
        (at("absent"), shop.key.clone(), None, "Read"),
        (shop.chain.clone(), at("absent"), None, "Read"),
        (at("empty"), shop.key.clone(), None, "NoCertificate"),
        (at("text"), shop.key.clone(), None, "NoCertificate"),
        (shop.key.clone(), shop.key.clone(), None, "NoCertificate"),
        (shop.chain.clone(), shop.chain.clone(), None, "NoKey"),
        (at("cut.pem"), shop.key.clone(), None, "Pem"),
        (at("junk.pem"), shop.key.clone(), None, "X509"),
        (shop.chain.clone(), at("junk.key"), None, "UnusableKey"),
    ] {
        assert_eq!(outcome(&chain, &key, ocsp.as_deref()), expected, "{chain:?} {key:?} {ocsp:?}");
    }
    assert!(outcome(&at("strangers.pem"), &shop.key, None).contains("was not issued by"));
    let expired = ca.issue_expired(&["old.example"]);
    assert!(outcome(&expired.chain, &expired.key, None).contains("has expired"));
    let early = load(&shop.chain, &shop.key, None, &provider(), SystemTime::UNIX_EPOCH).unwrap();
    assert!(matches!(early.warnings[..], [CertificateWarning::NotYetValid { .. }]));
    let stapled = load(&shop.chain, &shop.key, Some(&at("staple")), &provider(), SystemTime::now()).unwrap();
    assert_eq!(stapled.key.ocsp.as_deref(), Some(&[0x30, 0x03, 0x0a, 0x01, 0x00][..]));
    let error = load(&at("absent"), &shop.key, None, &provider(), SystemTime::now()).unwrap_err();
    assert!(error.to_string().contains("absent"));
}

#[test]
fn a_star_is_one_whole_label() {
    let ca = TestCa::new();
    let (chain, _) = ca.issue(&["*.shop.example", "shop.example", "127.0.0.1", "::1"]).read();
    for (host, is_covered) in [
        ("shop.example", true),
        ("SHOP.example", true),
        ("www.shop.example", true),
        ("a.www.shop.example", false),
        ("xshop.example", false),
        ("127.0.0.1", true),
        ("127.0.0.2", false),
        ("[::1]", true),
        ("[::2]", false),
    ] {
        assert_eq!(covers(&chain[0], &host.parse().unwrap()), is_covered, "{host}");
    }
}
