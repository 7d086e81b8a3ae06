//! What the name of a cipher suite tells of it (RFC 5246, appendix C; RFC 8446, appendix B.4).

/// Whether a stolen key of the certificate leaves past traffic unread.
pub fn is_forward_secret(name: &str) -> bool {
    name.contains("DHE_") || is_tls13(name) || is_anonymous(name)
}

/// Whether encryption and integrity are one operation, so that padding tells nothing.
pub fn is_aead(name: &str) -> bool {
    ["GCM", "CCM", "POLY1305"].iter().any(|mode| name.contains(mode))
}

/// Whether nobody proves who the server is.
pub fn is_anonymous(name: &str) -> bool {
    name.contains("anon")
}

/// Whether nothing is encrypted.
pub fn is_null(name: &str) -> bool {
    name.contains("_NULL_")
}

/// Whether keys were weakened on purpose, for the export rules of the nineties.
pub fn is_export(name: &str) -> bool {
    name.contains("EXPORT")
}

/// Whether the stream cipher is RC4.
pub fn is_rc4(name: &str) -> bool {
    name.contains("RC4")
}

/// Whether blocks have 64 bits, so that they repeat within one long connection.
pub fn is_small_block(name: &str) -> bool {
    ["DES_", "DES40", "IDEA", "RC2"].iter().any(|cipher| name.contains(cipher))
}

/// Whether an attacker on the network reads or forges what it protects, today.
pub fn is_broken(name: &str) -> bool {
    is_null(name) || is_export(name) || is_rc4(name) || is_small_block(name)
}

/// Whether the client sends the secret under the key of the certificate.
pub fn is_static_rsa(name: &str) -> bool {
    name.starts_with("TLS_RSA_") && !is_export(name)
}

/// Returns the strength of the cipher in bits, as its name claims.
pub fn bits(name: &str) -> u32 {
    const CLAIMS: &[(&str, u32)] = &[
        ("NULL", 0),
        ("EXPORT1024", 56),
        ("EXPORT", 40),
        ("DES_192", 112),
        ("3DES", 112),
        ("DES", 56),
        ("RC4_64", 64),
        ("256", 256),
        ("CHACHA20", 256),
    ];
    // The hash behind the last underscore has figures of its own.
    let cipher = name.split("WITH_").last().unwrap_or(name);
    let cipher = cipher.strip_suffix("_SHA256").unwrap_or(cipher);
    let claim = CLAIMS
        .iter()
        .find(|(word, _)| if word.starts_with("EXPORT") { name.contains(word) } else { cipher.contains(word) });
    claim.map_or(128, |(_, bits)| *bits)
}

/// Whether the suite belongs to TLS 1.3, whose suites name no key exchange.
fn is_tls13(name: &str) -> bool {
    !name.contains("_WITH_") && !name.contains("SCSV")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_what_they_are() {
        for (name, is_secret, aead, broken, strength) in [
            ("TLS_AES_128_GCM_SHA256", true, true, false, 128),
            ("TLS_CHACHA20_POLY1305_SHA256", true, true, false, 256),
            ("TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384", true, false, false, 256),
            ("TLS_RSA_WITH_AES_128_CBC_SHA256", false, false, false, 128),
            ("TLS_RSA_WITH_3DES_EDE_CBC_SHA", false, false, true, 112),
            ("TLS_RSA_WITH_RC4_128_MD5", false, false, true, 128),
            ("TLS_RSA_EXPORT_WITH_DES40_CBC_SHA", false, false, true, 40),
            ("TLS_RSA_WITH_NULL_SHA256", false, false, true, 0),
            ("TLS_DHE_RSA_WITH_AES_256_CCM_8", true, true, false, 256),
            ("TLS_DH_RSA_WITH_AES_128_GCM_SHA256", false, true, false, 128),
        ] {
            let found = (is_forward_secret(name), is_aead(name), is_broken(name), bits(name));
            assert_eq!(found, (is_secret, aead, broken, strength), "{name}");
        }
    }
}
