//! The answers about a server's TLS, in the words that sslyze has for them.
//!
//! Each field says what its namesake of sslyze 6.3.1 says, asked the same way: a field is `null` where
//! sslyze's clients get no answer, even if others do. What is really so stands in the [`Handshake`].

use std::collections::BTreeMap;

use bartizan_rules::facts::Handshake;
use serde::Serialize;

use super::Unseen;

/// What an inspection saw.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// `COMPLETED`, or `ERROR_NO_CONNECTIVITY` when no version was answered; then there is nothing else.
    pub connectivity: &'static str,
    /// The answers.
    #[serde(flatten)]
    pub answers: Option<Answers>,
    /// The same and more, for rules.
    #[serde(skip)]
    pub handshake: Handshake,
    /// What could not be seen, and why.
    #[serde(skip)]
    pub unseen: Vec<Unseen>,
}

/// The answers of a server that speaks TLS.
#[derive(Debug, Clone, Serialize)]
pub struct Answers {
    /// By version, such as `tls_1_2`.
    pub protocols: BTreeMap<&'static str, Protocol>,
    /// OpenSSL's names of the accepted suites, from TLS 1.0 on.
    pub openssl_names: BTreeMap<&'static str, Vec<&'static str>>,
    /// Curves that the newest version takes alone.
    pub curves: Vec<&'static str>,
    /// Whether it compresses.
    pub tls_compression: Option<bool>,
    /// Whether it takes data before the handshake is over.
    pub tls_1_3_early_data: Option<bool>,
    /// Whether it refuses clients that fell back.
    pub tls_fallback_scsv: Option<bool>,
    /// Whether it is open to Heartbleed.
    pub heartbleed: Option<bool>,
    /// Whether it changes keys too early.
    pub openssl_ccs_injection: Option<bool>,
    /// What its answers to wrong padding tell.
    pub robot: Option<&'static str>,
    /// Whether keys are bound to the whole handshake.
    pub tls_extended_master_secret: Option<bool>,
    /// Whether a renegotiation is bound to the handshake before.
    pub secure_renegotiation: Option<bool>,
    /// Whether it renegotiates as often as a client likes.
    pub client_reneg_dos: Option<bool>,
    /// How sessions are resumed.
    pub resumption: Option<ResumptionAnswers>,
    /// The certificate.
    pub cert: Option<CertificateAnswers>,
}

/// What one version accepts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Protocol {
    /// Whether it accepts any suite.
    pub supported: bool,
    /// The names of the suites, sorted.
    pub accepted: Vec<&'static str>,
}

/// How sessions of TLS 1.2 and below are resumed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct ResumptionAnswers {
    /// By a number that the server keeps.
    pub session_id: &'static str,
    /// By a ticket that the client keeps.
    pub ticket: &'static str,
}

/// What the certificate says, and who trusts it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CertificateAnswers {
    /// How many certificates came.
    pub chain_len: usize,
    /// Whether each was issued by the next.
    pub order_ok: Option<bool>,
    /// Whether the root came, too; `null` when nobody trusts the chain.
    pub contains_anchor: Option<bool>,
    /// Whether it must not be used without a staple.
    pub must_staple: bool,
    /// How many timestamps are in it.
    pub sct_count: usize,
    /// Whether a link is signed over SHA-1; `null` when nobody trusts the chain.
    pub sha1: Option<bool>,
    /// The hash that the issuer signed.
    pub sig: Option<String>,
    /// The kind of key and its bits.
    pub key: (String, Option<u32>),
    /// Whether the authority that was named trusts it for this host; `null` when none was named.
    pub trusted_by_custom_ca: Option<bool>,
    /// Until when it is valid.
    pub not_after: String,
    /// The names it is for.
    pub san: Names,
    /// Whether a staple came.
    pub ocsp_stapled: bool,
}

/// The names a certificate is for.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Names {
    /// Names of hosts.
    pub dns_names: Vec<String>,
    /// Addresses.
    pub ip_addresses: Vec<String>,
}
