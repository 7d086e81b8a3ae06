//! The local development authority: made on first use, so that HTTPS works before anyone buys a name.
//!
//! It is for machines whose owner chose to trust it, never for the public. It carries no name
//! constraints: sites are added later, and browsers cannot be asked to trust a new authority for each.
//! What guards it instead is that its key is readable by its owner only, that it may sign no further
//! authority, and that the leaves it issues live for at most ninety days.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use bartizan_headers::{HostName, HostPattern};
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, PublicKeyData, SanType,
};
use sha2::{Digest, Sha256};
use x509_parser::time::ASN1Time;

use super::certificate;

/// An authority whose certificate and key lie under the state directory.
#[derive(Debug)]
pub struct LocalAuthority {
    issuer: Issuer<'static, KeyPair>,
    /// Tells leaves of this authority from those of one that was deleted.
    digest: [u8; 32],
    certificate: PathBuf,
    leaves: PathBuf,
}

/// Why the local authority cannot issue certificates.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AuthorityError {
    /// The clock stands outside the years that a certificate can name.
    #[error("the clock shows a year that no certificate can name")]
    Clock,
    /// Its time is over.
    #[error("the local authority {} has expired; remove the directory {} to have a new one made, and trust that",
        path.display(), path.parent().unwrap_or(path).display())]
    Expired {
        /// Its certificate.
        path: PathBuf,
    },
    /// A file or directory cannot be made.
    #[error("cannot write {}", path.display())]
    Write {
        /// The file or directory.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The key or certificate on disk is damaged.
    #[error("the local authority's file {} is damaged", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// Why, where it is known.
        source: Option<rcgen::Error>,
    },
    /// A certificate could not be made.
    #[error("cannot issue a certificate")]
    Issue(#[from] rcgen::Error),
    /// A file cannot be read.
    #[error("cannot read {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

impl LocalAuthority {
    /// Opens the authority under `state_dir/ca`, and makes it if there is none.
    ///
    /// # Errors
    ///
    /// An [`AuthorityError`] names the path; an authority that exists is never overwritten, for someone
    /// may have trusted it.
    pub fn open(state_dir: &Path, now: SystemTime) -> Result<Self, AuthorityError> {
        let home = state_dir.join("ca");
        if !home.exists() {
            make_authority(state_dir, &home, now)?;
        }
        let certificate = home.join("ca.pem");
        let key = home.join("ca.key");
        let pair = KeyPair::from_pem(&read(&key)?)
            .map_err(|source| AuthorityError::Damaged { path: key.clone(), source: Some(source) })?;
        let chain = certificate::certificates_in(&certificate).map_err(|fault| match fault {
            certificate::CertificateError::Read { path, source } => AuthorityError::Read { path, source },
            _ => AuthorityError::Damaged { path: certificate.clone(), source: None },
        })?;
        let damaged = || AuthorityError::Damaged { path: certificate.clone(), source: None };
        let own = chain.first().ok_or_else(damaged)?;
        let end = certificate::valid_until(own).ok_or_else(damaged)?;
        if end <= now {
            return Err(AuthorityError::Expired { path: certificate });
        }
        if !certificate::has_public_key(own, &pair.subject_public_key_info()) {
            return Err(AuthorityError::Damaged { path: key, source: None });
        }
        let digest = Sha256::digest(own).into();
        let issuer = Issuer::from_ca_cert_der(own, pair)
            .map_err(|source| AuthorityError::Damaged { path: certificate.clone(), source: Some(source) })?;
        Ok(Self { issuer, digest, certificate, leaves: state_dir.join("certs") })
    }

    /// Returns the path of the certificate that a person must trust.
    pub fn certificate(&self) -> &Path {
        &self.certificate
    }

    /// Returns the path of a PEM file with key and certificate for the names, issued anew when there is
    /// none or it is in its last thirty days.
    ///
    /// A site without names gets one for `localhost` and the loopback addresses.
    ///
    /// # Errors
    ///
    /// An [`AuthorityError`] names the path that cannot be written.
    pub fn leaf(&self, hosts: &[HostPattern], now: SystemTime) -> Result<PathBuf, AuthorityError> {
        let names = names_of(hosts);
        let path = self.leaves.join(format!("{}.pem", self.stem(&names)));
        let is_fresh = certificate::certificates_in(&path)
            .ok()
            .and_then(|chain| certificate::valid_until(chain.first()?))
            .is_some_and(|end| now + RENEW_BEFORE < end);
        if !is_fresh {
            make_directory(&self.leaves)?;
            write_new(&path, &self.issue(&names, now)?)?;
        }
        Ok(path)
    }

    fn issue(&self, names: &[Name], now: SystemTime) -> Result<String, AuthorityError> {
        let mut params = CertificateParams::default();
        set_validity(&mut params, now, LEAF_DAYS)?;
        params.distinguished_name = DistinguishedName::new();
        params.subject_alt_names = names.iter().map(Name::to_san).collect::<Result<_, _>>()?;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.use_authority_key_identifier_extension = true;
        let pair = KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256)?;
        let leaf = params.signed_by(&pair, &self.issuer)?;
        // The root is not sent: who trusts it has it, and who does not gains nothing.
        Ok(pair.serialize_pem() + &leaf.pem())
    }

    fn stem(&self, names: &[Name]) -> String {
        let mut hash = Sha256::new_with_prefix(self.digest);
        for name in names {
            hash.update(name.text.as_bytes());
            hash.update([0]);
        }
        hash.finalize().iter().take(12).map(|byte| format!("{byte:02x}")).collect()
    }
}

/// How long before its end a leaf is replaced, so that a process restarted monthly never shows a stale one.
pub(super) const RENEW_BEFORE: Duration = Duration::from_hours(30 * 24);

/// With the day before today and the day of its end: never above ninety.
const LEAF_DAYS: i64 = 88;

/// Trusting an authority is work for a person; ten years outlive the machine it is on.
const AUTHORITY_DAYS: i64 = 3650;

struct Name {
    text: String,
    address: Option<IpAddr>,
}

impl Name {
    fn to_san(&self) -> Result<SanType, rcgen::Error> {
        Ok(match self.address {
            Some(address) => SanType::IpAddress(address),
            None => SanType::DnsName(self.text.as_str().try_into()?),
        })
    }
}

fn names_of(hosts: &[HostPattern]) -> Vec<Name> {
    let mut names: Vec<Name> = hosts
        .iter()
        .filter_map(|pattern| match (pattern.exact(), pattern.below()) {
            (Some(host), _) => Some(Name { text: host.as_str().to_owned(), address: host.address() }),
            (None, Some(parent)) => Some(Name { text: format!("*.{}", parent.as_str()), address: None }),
            (None, None) => None,
        })
        .collect();
    if names.is_empty() {
        names.push(Name { text: "localhost".to_owned(), address: None });
        for address in [IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)] {
            names.push(Name { text: HostName::from(address).as_str().to_owned(), address: Some(address) });
        }
    }
    names.sort_by(|a, b| a.text.cmp(&b.text));
    names.dedup_by(|a, b| a.text == b.text);
    names
}

/// Both files are written beside their place and moved there at once: no other process ever sees half
/// an authority, and of two that start together one wins and both use it.
fn make_authority(state_dir: &Path, home: &Path, now: SystemTime) -> Result<(), AuthorityError> {
    make_directory(state_dir)?;
    let mut params = CertificateParams::default();
    set_validity(&mut params, now, AUTHORITY_DAYS)?;
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.distinguished_name = DistinguishedName::new();
    let pair = KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256)?;
    // A name of its own for each: browsers mix up authorities that share name but not key.
    let digest = Sha256::digest(pair.public_key_raw());
    let tag: String = digest.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    params.distinguished_name.push(DnType::CommonName, format!("Bartizan local authority {tag}"));
    let certificate = params.self_signed(&pair)?;

    let draft = state_dir.join(format!("ca.{tag}.new"));
    make_directory(&draft)?;
    let moved = write_new(&draft.join("ca.key"), &pair.serialize_pem())
        .and_then(|()| write_new(&draft.join("ca.pem"), &certificate.pem()))
        .and_then(|()| {
            fs::rename(&draft, home).map_err(|source| AuthorityError::Write { path: home.to_owned(), source })
        });
    if moved.is_err() {
        // Best effort: what is left is a directory that nobody reads.
        let _ = fs::remove_dir_all(&draft);
    }
    match moved {
        Err(_) if home.join("ca.pem").exists() => Ok(()),
        result => result,
    }
}

/// From a day back, for clocks that run late.
fn set_validity(params: &mut CertificateParams, now: SystemTime, days: i64) -> Result<(), AuthorityError> {
    let seconds = now.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs();
    let seconds = i64::try_from(seconds).unwrap_or(i64::MAX);
    let at = |days: i64| {
        ASN1Time::from_timestamp(seconds.saturating_add(days.saturating_mul(24 * 60 * 60)))
            .map(|time| time.to_datetime())
            .map_err(|_| AuthorityError::Clock)
    };
    params.not_before = at(-1)?;
    params.not_after = at(days)?;
    Ok(())
}

fn read(path: &Path) -> Result<String, AuthorityError> {
    fs::read_to_string(path).map_err(|source| AuthorityError::Read { path: path.to_owned(), source })
}

fn make_directory(path: &Path) -> Result<(), AuthorityError> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
        .map_err(|source| AuthorityError::Write { path: path.to_owned(), source })
}

/// Writes a file that only its owner may read, whole or not at all.
fn write_new(path: &Path, text: &str) -> Result<(), AuthorityError> {
    let draft = path.with_extension(format!("{}.new", std::process::id()));
    let write = || -> io::Result<()> {
        let _ = fs::remove_file(&draft);
        let mut file: File = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::rename(&draft, path)
    };
    write().map_err(|source| AuthorityError::Write { path: path.to_owned(), source })
}

#[cfg(test)]
mod tests;
