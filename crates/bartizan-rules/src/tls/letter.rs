//! An estimate of the letter that SSL Labs would give, after its public rating guide (version 2009r).
//!
//! An estimate, and to be shown as one: their scan sees more and weighs some things by rules that are not public.

use std::fmt;

use crate::facts::handshake::{DAY, End, Handshake, Robot, Trust};
use crate::facts::{TlsVersion, suite};

/// A letter with what led to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// The letter.
    pub grade: Grade,
    /// The score without caps, 0 to 100.
    pub score: u32,
    /// What keeps it from being better, worst first.
    pub reasons: Vec<(Grade, String)>,
}

/// A letter, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Grade {
    /// Exceptional.
    APlus,
    /// Commendable.
    A,
    /// Nearly so.
    AMinus,
    /// Adequate.
    B,
    /// Outdated.
    C,
    /// Worse.
    D,
    /// Still worse.
    E,
    /// Broken.
    F,
    /// Not trusted; what else is said holds if trust is set aside.
    T,
    /// The certificate is for another host.
    M,
}

impl fmt::Display for Grade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::APlus => "A+",
            Self::A => "A",
            Self::AMinus => "A-",
            Self::B => "B",
            Self::C => "C",
            Self::D => "D",
            Self::E => "E",
            Self::F => "F",
            Self::T => "T",
            Self::M => "M",
        })
    }
}

/// Returns the letter; `None` for a server that speaks no version.
pub fn letter(server: &Handshake) -> Option<Letter> {
    let score = (30 * protocols(server)? + 30 * key_exchange(server) + 40 * ciphers(server)) / 100;
    let by_score = match score {
        80.. => Grade::A,
        65..80 => Grade::B,
        50..65 => Grade::C,
        35..50 => Grade::D,
        20..35 => Grade::E,
        _ => Grade::F,
    };
    let mut reasons = caps(server);
    reasons.sort_by_key(|(grade, _)| std::cmp::Reverse(*grade));
    let mut grade = reasons.first().map_or(by_score, |(cap, _)| by_score.max(*cap));
    let has_hsts = server.hsts.is_some_and(|age| age >= HALF_A_YEAR);
    if grade == Grade::A && has_hsts && server.fallback_scsv != Some(false) {
        grade = Grade::APlus;
    }
    if grade == Grade::A && !has_hsts {
        reasons.push((Grade::A, "HSTS is shorter than 180 days or was not seen".to_owned()));
    }
    Some(Letter { grade, score, reasons })
}

/// The mean of the best and the worst version.
fn protocols(server: &Handshake) -> Option<u32> {
    let worth = |version: &TlsVersion| -> u32 {
        match version {
            TlsVersion::Ssl2 => 0,
            TlsVersion::Ssl3 => 80,
            TlsVersion::Tls10 => 90,
            TlsVersion::Tls11 => 95,
            TlsVersion::Tls12 | TlsVersion::Tls13 => 100,
        }
    };
    let worths = server.versions.iter().map(|accepted| worth(&accepted.version));
    Some(worths.clone().max()?.midpoint(worths.min()?))
}

/// The weakest of the key and the exchange.
fn key_exchange(server: &Handshake) -> u32 {
    if server.suites().iter().any(|name| suite::is_anonymous(name)) {
        return 0;
    }
    if server.suites().iter().any(|name| suite::is_export(name)) {
        return 40;
    }
    let key = server.certificate.as_ref().map(|certificate| match certificate.key.0.as_str() {
        "RSAPublicKey" | "DSAPublicKey" => certificate.key.1,
        // A curve is as strong as RSA with many times its bits (NIST SP 800-57, 5.6.1.1).
        _ => 4096,
    });
    let weakest = server.primes.iter().map(|prime| prime.bits).chain(key).min();
    match weakest {
        Some(..512) => 20,
        Some(512..1024) => 40,
        Some(1024..2048) => 80,
        Some(2048..4096) => 90,
        Some(4096..) | None => 100,
    }
}

/// The mean of the strongest and the weakest cipher.
fn ciphers(server: &Handshake) -> u32 {
    let worth = |name: &str| -> u32 {
        match suite::bits(name) {
            0 => 0,
            1..128 => 20,
            128..256 => 80,
            _ => 100,
        }
    };
    let suites = server.suites();
    let worths = suites.iter().map(|name| worth(name));
    worths.clone().max().zip(worths.min()).map_or(0, |(best, worst)| best.midpoint(worst))
}

/// What caps the letter, whatever the score.
fn caps(server: &Handshake) -> Vec<(Grade, String)> {
    let mut caps = Vec::new();
    let mut cap = |holds: bool, grade: Grade, why: &str| {
        if holds {
            caps.push((grade, why.to_owned()));
        }
    };
    let any = |is: fn(&str) -> bool| !server.suites_that(is).is_empty();
    let all =
        |is: fn(&str) -> bool| !server.suites_that(is).is_empty() && server.suites_that(|name| !is(name)).is_empty();
    cap(server.accepts(TlsVersion::Ssl2), Grade::F, "SSL 2.0 is spoken");
    cap(any(suite::is_anonymous), Grade::F, "suites without a certificate are accepted");
    cap(any(suite::is_null), Grade::F, "suites that do not encrypt are accepted");
    cap(any(suite::is_export), Grade::F, "suites made weak for export are accepted");
    cap(server.secure_renegotiation == Some(false), Grade::F, "renegotiation is insecure");
    cap(server.heartbleed == Some(true), Grade::F, "Heartbleed");
    cap(server.early_ccs == Some(true), Grade::F, "early ChangeCipherSpec");
    cap(server.ticketbleed == Some(true), Grade::F, "Ticketbleed");
    cap(matches!(server.robot, Some(Robot::Strong | Robot::Weak)), Grade::F, "ROBOT");
    cap(server.primes.iter().any(|prime| prime.bits < 1024), Grade::F, "a prime has fewer than 1024 bits");
    cap(server.compression == Some(true), Grade::C, "TLS compresses");
    cap(server.accepts(TlsVersion::Ssl3), Grade::C, "SSL 3.0 is spoken (POODLE)");
    let newest = server.newest();
    cap(newest < Some(TlsVersion::Tls12), Grade::C, "neither TLS 1.2 nor 1.3 is spoken");
    cap(all(suite::is_rc4), Grade::C, "only RC4 is accepted");
    cap(any(suite::is_rc4), Grade::B, "RC4 is accepted");
    cap(
        newest >= Some(TlsVersion::Tls12) && any(suite::is_small_block),
        Grade::B,
        "ciphers with small blocks are accepted",
    );
    cap(server.accepts(TlsVersion::Tls10), Grade::B, "TLS 1.0 is spoken");
    cap(server.accepts(TlsVersion::Tls11), Grade::B, "TLS 1.1 is spoken");
    cap(server.primes.iter().any(|prime| prime.bits < 2048), Grade::B, "a prime has fewer than 2048 bits");
    cap(!any(suite::is_forward_secret), Grade::B, "no suite has forward secrecy");
    cap(!any(suite::is_aead), Grade::B, "no suite is authenticated encryption");
    cap(!server.accepts(TlsVersion::Tls13), Grade::AMinus, "TLS 1.3 is not spoken");
    if let Some(certificate) = &server.certificate {
        let is_rsa = certificate.key.0 == "RSAPublicKey";
        cap(is_rsa && certificate.key.1 < 1024, Grade::F, "the key has fewer than 1024 bits");
        cap(is_rsa && (1024..2048).contains(&certificate.key.1), Grade::B, "the key has fewer than 2048 bits");
        cap(certificate.end == End::Nowhere && certificate.trust != Trust::Nobody, Grade::B, "the chain is incomplete");
        let is_over = certificate.not_after < server.seen || certificate.not_before > server.seen;
        cap(!certificate.is_for_host, Grade::M, "the certificate is for another host");
        cap(certificate.trust == Trust::Nobody && certificate.is_for_host, Grade::T, "nobody trusts the certificate");
        cap(is_over, Grade::T, "the certificate is not valid today");
        cap(certificate.has_weak_signature, Grade::T, "a link of the chain is signed over SHA-1 or MD5");
    }
    caps
}

/// 180 days, in seconds.
const HALF_A_YEAR: u64 = 180 * DAY.unsigned_abs();

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, grade: &str) {
        let found = letter(&Handshake::example(text)).unwrap();
        assert_eq!(found.grade.to_string(), grade, "{text}: {found:?}");
    }

    #[test]
    fn each_fault_has_its_letter() {
        for (text, grade) in [
            ("", "A+"),
            ("fallback-scsv: no", "A"),
            ("versions: TLS 1.2", "A-"),
            ("versions: TLS 1.0, TLS 1.2, TLS 1.3", "B"),
            ("versions: TLS 1.1", "C"),
            ("versions: SSL 3.0, TLS 1.2, TLS 1.3", "C"),
            ("versions: SSL 2.0, TLS 1.2", "F"),
            ("prime: 1024", "B"),
            ("prime: 512", "F"),
            ("compression: yes", "C"),
            ("heartbleed: yes", "F"),
            ("oracle: yes", "F"),
            ("suites: TLS_RSA_WITH_NULL_SHA256", "F"),
            ("suites: TLS_ECDH_anon_WITH_AES_128_CBC_SHA", "F"),
            ("suites: TLS_ECDHE_RSA_WITH_RC4_128_SHA", "B"),
            ("key: RSAPublicKey 1024", "B"),
            ("trusted: no", "T"),
            ("for-host: no", "M"),
            ("ends-in-days: -1", "T"),
        ] {
            check(text, grade);
        }
        assert_eq!(letter(&Handshake::default()), None);
    }
}
