//! The way from the certificate to a root: in order or not, with gaps, with more than it needs.

use bartizan_rules::facts::handshake::End;
use x509_parser::prelude::{FromDer, X509Certificate};

use super::leaf;
use super::trust::Authorities;

/// What was found on the way.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Path {
    /// Whether each was issued by the next; `None` when one cannot be read.
    pub(super) is_in_order: Option<bool>,
    /// Subjects of certificates that are not on the way.
    pub(super) superfluous: Vec<String>,
    /// Whether the root came along.
    pub(super) has_root: bool,
    /// Where the way ends.
    pub(super) end: End,
    /// Whether a link below the root is signed over a hash that can be forged.
    pub(super) has_weak_signature: bool,
}

/// Follows the issuers, from the first certificate on.
pub(super) fn path(chain: &[Vec<u8>], authorities: &Authorities) -> Path {
    let parsed: Vec<_> = chain.iter().filter_map(|der| X509Certificate::from_der(der).ok()).map(|(_, it)| it).collect();
    let mut path = Path { is_in_order: (parsed.len() == chain.len()).then(|| is_in_order(&parsed)), ..Path::default() };
    let Some(mut link) = parsed.first() else { return path };
    let mut used = vec![0];
    loop {
        let is_root = is_self_issued(link);
        if is_root {
            path.has_root = true;
            path.end = if used.len() == 1 { End::Itself } else { End::Root };
            break;
        }
        path.has_weak_signature |= matches!(leaf::hash(link), Some("sha1" | "md5"));
        let next = parsed
            .iter()
            .enumerate()
            .find(|(at, other)| !used.contains(at) && other.subject().as_raw() == link.issuer().as_raw());
        match next {
            Some((at, issuer)) => {
                used.push(at);
                link = issuer;
            }
            None => {
                path.end = if authorities.knows(link.issuer().as_raw()) { End::Root } else { End::Nowhere };
                break;
            }
        }
    }
    let left = parsed.iter().enumerate().filter(|(at, _)| !used.contains(at));
    path.superfluous = left.map(|(_, certificate)| certificate.subject().to_string()).collect();
    path
}

fn is_in_order(chain: &[X509Certificate<'_>]) -> bool {
    chain.windows(2).all(|pair| match pair {
        [link, next] => link.issuer().as_raw() == next.subject().as_raw(),
        _ => true,
    })
}

fn is_self_issued(certificate: &X509Certificate<'_>) -> bool {
    certificate.issuer().as_raw() == certificate.subject().as_raw()
}
