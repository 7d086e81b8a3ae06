//! What one certificate says: names, key, signature, and the extensions that matter to visitors.

use std::net::{Ipv4Addr, Ipv6Addr};

use x509_parser::extensions::{GeneralName, ParsedExtension};
use x509_parser::prelude::X509Certificate;
use x509_parser::public_key::PublicKey;
use x509_parser::signature_algorithm::SignatureAlgorithm;

use crate::tls::groups;
use crate::tls::report::Names;

/// Returns the names it is for.
pub(super) fn names(certificate: &X509Certificate<'_>) -> Names {
    let mut names = Names::default();
    let Ok(Some(extension)) = certificate.subject_alternative_name() else { return names };
    for name in &extension.value.general_names {
        match name {
            GeneralName::DNSName(name) => names.dns_names.push((*name).to_owned()),
            GeneralName::IPAddress(bytes) => {
                let v4 = <[u8; 4]>::try_from(*bytes).map(|bytes| Ipv4Addr::from(bytes).to_string());
                let v6 = || <[u8; 16]>::try_from(*bytes).map(|bytes| Ipv6Addr::from(bytes).to_string());
                names.ip_addresses.extend(v4.or_else(|_| v6()));
            }
            _ => {}
        }
    }
    names
}

/// Returns the kind of the key and its bits.
pub(super) fn key(certificate: &X509Certificate<'_>) -> (String, Option<u32>) {
    let info = certificate.public_key();
    let oid = info.algorithm.algorithm.to_id_string();
    let (kind, bits) = match info.parsed() {
        Ok(PublicKey::RSA(key)) => {
            let modulus: Vec<u8> = key.modulus.iter().copied().skip_while(|byte| *byte == 0).collect();
            let zeros = modulus.first().map_or(0, |byte| byte.leading_zeros());
            ("RSAPublicKey", u32::try_from(modulus.len() * 8).ok().map(|bits| bits.saturating_sub(zeros)))
        }
        Ok(PublicKey::EC(point)) => {
            let bits = curve(certificate).map(|code| match code {
                19 => 192,
                21 => 224,
                24 | 27 => 384,
                25 => 521,
                28 => 512,
                _ => 256,
            });
            ("ECPublicKey", bits.or_else(|| u32::try_from(point.key_size()).ok()))
        }
        Ok(PublicKey::DSA(number)) => ("DSAPublicKey", u32::try_from(number.len() * 8).ok()),
        _ => match oid.as_str() {
            "1.3.101.112" => ("Ed25519PublicKey", None),
            "1.3.101.113" => ("Ed448PublicKey", None),
            _ => ("UnknownPublicKey", None),
        },
    };
    (kind.to_owned(), bits)
}

/// Returns the number of the curve that its key is on.
pub(super) fn curve(certificate: &X509Certificate<'_>) -> Option<u16> {
    let parameters = certificate.public_key().algorithm.parameters.as_ref()?;
    groups::of_certificate(&parameters.as_oid().ok()?.to_id_string())
}

/// Returns the hash that its issuer signed.
pub(super) fn hash(certificate: &X509Certificate<'_>) -> Option<&'static str> {
    let oid = match SignatureAlgorithm::try_from(&certificate.signature_algorithm) {
        Ok(SignatureAlgorithm::RSASSA_PSS(parameters)) => parameters.hash_algorithm_oid().to_id_string(),
        _ => certificate.signature_algorithm.algorithm.to_id_string(),
    };
    HASHES.iter().find(|(known, _)| *known == oid).map(|(_, hash)| *hash)
}

/// Returns how many timestamps it carries.
pub(super) fn timestamps(certificate: &X509Certificate<'_>) -> usize {
    let lists = certificate.extensions().iter().map(|extension| match extension.parsed_extension() {
        ParsedExtension::SCT(list) => list.len(),
        _ => 0,
    });
    lists.sum()
}

/// Whether it is not to be used without a staple (RFC 7633, 4.2.3.1).
pub(super) fn must_staple(certificate: &X509Certificate<'_>) -> bool {
    let is_feature = |oid: &str| oid == "1.3.6.1.5.5.7.1.24";
    let mut features = certificate.extensions().iter().filter(|extension| is_feature(&extension.oid.to_id_string()));
    // A sequence of numbers of which status_request is 5.
    features.any(|extension| extension.value.windows(3).any(|bytes| bytes == [2, 1, 5]))
}

/// Writes a moment as people and programs read it.
pub(super) fn moment(seconds: i64) -> String {
    jiff::Timestamp::from_second(seconds).map(|moment| moment.to_string()).unwrap_or_default()
}

/// Signature algorithms and plain hashes, by object identifier (RFC 8017, RFC 5758, RFC 4055).
static HASHES: &[(&str, &str)] = &[
    ("1.2.840.113549.1.1.4", "md5"),
    ("1.2.840.113549.1.1.5", "sha1"),
    ("1.2.840.113549.1.1.14", "sha224"),
    ("1.2.840.113549.1.1.11", "sha256"),
    ("1.2.840.113549.1.1.12", "sha384"),
    ("1.2.840.113549.1.1.13", "sha512"),
    ("1.2.840.10045.4.1", "sha1"),
    ("1.2.840.10045.4.3.1", "sha224"),
    ("1.2.840.10045.4.3.2", "sha256"),
    ("1.2.840.10045.4.3.3", "sha384"),
    ("1.2.840.10045.4.3.4", "sha512"),
    ("1.2.840.10040.4.3", "sha1"),
    ("2.16.840.1.101.3.4.3.1", "sha224"),
    ("2.16.840.1.101.3.4.3.2", "sha256"),
    ("1.3.14.3.2.26", "sha1"),
    ("2.16.840.1.101.3.4.2.1", "sha256"),
    ("2.16.840.1.101.3.4.2.2", "sha384"),
    ("2.16.840.1.101.3.4.2.3", "sha512"),
];
