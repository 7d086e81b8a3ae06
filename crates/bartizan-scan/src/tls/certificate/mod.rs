//! The certificate and its chain: what they say, who trusts them, and what the staple says.

mod chain;
mod der;
mod leaf;
mod ocsp;
mod timestamps;
mod trust;

use bartizan_rules::facts::handshake::{Certificate, Trust};
use rustls_pki_types::ServerName;
use x509_parser::prelude::{FromDer, X509Certificate};

use super::report::CertificateAnswers;
pub use trust::Authorities;

/// What a server showed of itself.
#[derive(Debug, Clone, Default)]
pub(crate) struct Shown {
    /// The chain, as sent.
    pub(crate) chain: Vec<Vec<u8>>,
    /// The staple.
    pub(crate) staple: Option<Vec<u8>>,
    /// The list of timestamps in the handshake.
    pub(crate) timestamps: Option<Vec<u8>>,
}

/// What can be said of a chain: for rules, and for the report.
#[derive(Debug)]
pub(crate) struct Judged {
    /// For rules.
    pub(crate) facts: Certificate,
    /// For the report.
    pub(crate) answers: CertificateAnswers,
}

/// Reads a chain as of a moment in seconds since 1970; `None` if there is no certificate that can be read.
pub(crate) fn judge(shown: &Shown, name: &ServerName<'_>, authorities: &Authorities, now: i64) -> Option<Judged> {
    let (_, leaf) = X509Certificate::from_der(shown.chain.first()?).ok()?;
    let trusted = trust::judge(&shown.chain, name, authorities, now);
    let path = chain::path(&shown.chain, authorities);
    let names = leaf::names(&leaf);
    let key = leaf::key(&leaf);
    let signature = leaf::hash(&leaf);
    let staple = shown.staple.as_deref().map(|bytes| ocsp::read(bytes, leaf.raw_serial(), now));
    let in_certificate = leaf::timestamps(&leaf);
    let is_verified = trusted.is_public || trusted.is_named == Some(true);
    let answers = CertificateAnswers {
        chain_len: shown.chain.len(),
        order_ok: path.is_in_order,
        contains_anchor: is_verified.then_some(path.has_root),
        must_staple: leaf::must_staple(&leaf),
        sct_count: in_certificate,
        sha1: is_verified.then_some(path.has_weak_signature),
        sig: signature.map(str::to_owned),
        key: key.clone(),
        trusted_by_custom_ca: trusted.is_named,
        not_after: leaf::moment(leaf.validity().not_after.timestamp()),
        san: names.clone(),
        ocsp_stapled: shown.staple.is_some(),
    };
    let facts = Certificate {
        names: names.dns_names.into_iter().chain(names.ip_addresses).collect(),
        is_for_host: trusted.is_for_host,
        issuer: leaf.issuer().to_string(),
        not_before: leaf.validity().not_before.timestamp(),
        not_after: leaf.validity().not_after.timestamp(),
        key: (key.0, key.1.unwrap_or_default()),
        signature: signature.unwrap_or_default().to_owned(),
        has_weak_signature: path.has_weak_signature,
        chain: shown.chain.len(),
        is_in_order: path.is_in_order,
        superfluous: path.superfluous,
        has_root: path.has_root,
        end: path.end,
        trust: match (trusted.is_public, trusted.is_named) {
            (true, _) => Trust::Public,
            (false, Some(true)) => Trust::Named,
            (false, _) => Trust::Nobody,
        },
        timestamps: (
            in_certificate,
            shown.timestamps.as_deref().map_or(0, timestamps::count),
            staple.as_ref().map_or(0, |staple| staple.timestamps),
        ),
        must_staple: leaf::must_staple(&leaf),
        staple: staple.map(|staple| staple.says),
    };
    Some(Judged { facts, answers })
}

/// Returns the number of the curve that the certificate's key is on.
pub(crate) fn curve(chain: &[Vec<u8>]) -> Option<u16> {
    let (_, leaf) = X509Certificate::from_der(chain.first()?).ok()?;
    leaf::curve(&leaf)
}
