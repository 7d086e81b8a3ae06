//! A certificate authority that lives in a temporary directory for one test.

use std::fs;
use std::path::{Path, PathBuf};

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair,
    KeyUsagePurpose,
};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use tempfile::TempDir;

/// An authority; its files vanish with it.
#[derive(Debug)]
pub struct TestCa {
    directory: TempDir,
    issuer: CertifiedIssuer<'static, KeyPair>,
}

/// A certificate and key as PEM files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issued {
    /// The chain: the certificate alone.
    pub chain: PathBuf,
    /// The key.
    pub key: PathBuf,
}

/// How long a certificate lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Span {
    Current,
    Past,
}

impl TestCa {
    /// Makes an authority.
    ///
    /// # Panics
    ///
    /// When the temporary directory cannot be written.
    pub fn new() -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        params.distinguished_name.push(DnType::CommonName, "a test's authority");
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let directory = TempDir::new().unwrap();
        fs::write(directory.path().join("ca.pem"), issuer.pem()).unwrap();
        Self { directory, issuer }
    }

    /// Returns the authority's certificate as a PEM file.
    pub fn file(&self) -> PathBuf {
        self.directory.path().join("ca.pem")
    }

    /// Returns the authority's certificate.
    pub fn der(&self) -> CertificateDer<'static> {
        self.issuer.der().clone()
    }

    /// Returns the directory of its files.
    pub fn directory(&self) -> &Path {
        self.directory.path()
    }

    /// Issues a server certificate for names and addresses; the files are named after the first.
    ///
    /// # Panics
    ///
    /// When a name cannot stand in a certificate.
    pub fn issue(&self, names: &[&str]) -> Issued {
        self.issue_as(names, ExtendedKeyUsagePurpose::ServerAuth, Span::Current)
    }

    /// Issues one whose time is over.
    ///
    /// # Panics
    ///
    /// As [`Self::issue`].
    pub fn issue_expired(&self, names: &[&str]) -> Issued {
        self.issue_as(names, ExtendedKeyUsagePurpose::ServerAuth, Span::Past)
    }

    /// Issues a client certificate.
    ///
    /// # Panics
    ///
    /// As [`Self::issue`].
    pub fn issue_client(&self, name: &str) -> Issued {
        self.issue_as(&[name], ExtendedKeyUsagePurpose::ClientAuth, Span::Current)
    }

    fn issue_as(&self, names: &[&str], usage: ExtendedKeyUsagePurpose, span: Span) -> Issued {
        let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
        let stem = names.first().map_or("nameless", String::as_str).replace('*', "star");
        let mut params = CertificateParams::new(names).unwrap();
        params.extended_key_usages = vec![usage];
        params.use_authority_key_identifier_extension = true;
        if span == Span::Past {
            params.not_before = rcgen::date_time_ymd(2001, 1, 1);
            params.not_after = rcgen::date_time_ymd(2002, 1, 1);
        }
        let pair = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&pair, &self.issuer).unwrap();
        let issued = Issued {
            chain: self.directory.path().join(format!("{stem}.pem")),
            key: self.directory.path().join(format!("{stem}.key")),
        };
        fs::write(&issued.chain, certificate.pem()).unwrap();
        fs::write(&issued.key, pair.serialize_pem()).unwrap();
        issued
    }
}

impl Default for TestCa {
    fn default() -> Self {
        Self::new()
    }
}

impl Issued {
    /// Returns the parsed files.
    ///
    /// # Panics
    ///
    /// When they vanished.
    pub fn read(&self) -> (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>) {
        let chain = CertificateDer::pem_file_iter(&self.chain).unwrap().map(Result::unwrap).collect();
        (chain, PrivateKeyDer::from_pem_file(&self.key).unwrap())
    }
}
