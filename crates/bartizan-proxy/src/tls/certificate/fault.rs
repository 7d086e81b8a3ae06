//! What can be wrong with certificate files: errors stop the start, warnings are told.

use std::io;
use std::path::PathBuf;

use bartizan_headers::HostName;

/// Why certificate files cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CertificateError {
    /// The first certificate is not the one the key belongs to, but a later one is.
    #[error("the certificates in {} are in the wrong order: the site's own must come first", path.display())]
    LeafNotFirst {
        /// The chain file.
        path: PathBuf,
    },
    /// The key belongs to another certificate.
    #[error("the key {} does not fit the certificate {}", key.display(), chain.display())]
    Mismatch {
        /// The chain file.
        chain: PathBuf,
        /// The key file.
        key: PathBuf,
    },
    /// The file holds no certificate.
    #[error("{} holds no certificate", path.display())]
    NoCertificate {
        /// The chain file.
        path: PathBuf,
    },
    /// The file holds no private key.
    #[error("{} holds no private key", path.display())]
    NoKey {
        /// The key file.
        path: PathBuf,
    },
    /// The OCSP response is empty or not DER.
    #[error("{} is not an OCSP response in DER", path.display())]
    Ocsp {
        /// The response's file.
        path: PathBuf,
    },
    /// The text is not PEM.
    #[error("{} is not PEM: {detail}", path.display())]
    Pem {
        /// The file.
        path: PathBuf,
        /// What is wrong with it; never its content.
        detail: String,
    },
    /// The file cannot be read.
    #[error("cannot read {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The key is of a kind or form that cannot sign handshakes.
    #[error("the key {} cannot be used", path.display())]
    UnusableKey {
        /// The key file.
        path: PathBuf,
        /// Why.
        source: rustls::Error,
    },
    /// A certificate is not X.509.
    #[error("certificate {position} in {} is not a valid X.509 certificate", path.display())]
    X509 {
        /// The chain file.
        path: PathBuf,
        /// Which certificate, counted from one.
        position: usize,
    },
}

/// What is odd about a certificate that can be used all the same.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CertificateWarning {
    /// A certificate of the chain was not issued by the next one.
    #[error("certificate {position} in {} was not issued by the one after it", path.display())]
    BrokenChain {
        /// The chain file.
        path: PathBuf,
        /// Which certificate, counted from one.
        position: usize,
    },
    /// Its time is over.
    #[error("the certificate {} has expired", path.display())]
    Expired {
        /// The chain file.
        path: PathBuf,
    },
    /// Its time has not come.
    #[error("the certificate {} is not valid yet", path.display())]
    NotYetValid {
        /// The chain file.
        path: PathBuf,
    },
    /// Browsers will refuse it for a name of the site.
    #[error("the certificate {} is not made out for {host}", path.display())]
    OtherName {
        /// The chain file.
        path: PathBuf,
        /// The name of the site that it lacks.
        host: HostName,
    },
}
