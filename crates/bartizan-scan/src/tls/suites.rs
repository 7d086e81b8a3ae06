//! The table of cipher suites that a hello may offer, and what their names tell.
//!
//! Names are IANA's, and those of OpenSSL where it has one. Suites that need a secret shared
//! beforehand (PSK, SRP, Kerberos) are left out: no visitor of a site has one.

use std::sync::LazyLock;

use bartizan_rules::facts::suite;

/// One cipher suite.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Suite {
    /// Its number on the wire.
    pub(crate) code: u16,
    /// IANA's name.
    pub(crate) name: &'static str,
    /// OpenSSL's name; empty where it has none.
    pub(crate) openssl: &'static str,
}

impl Suite {
    /// Whether it belongs to TLS 1.3, whose suites name no key exchange.
    pub(crate) const fn is_tls13(&self) -> bool {
        self.code >> 8 == 0x13 || matches!(self.code, 0xc6 | 0xc7)
    }

    /// Whether keys are exchanged over a curve that the client names.
    pub(crate) fn is_ecdhe(&self) -> bool {
        self.name.contains("ECDHE_")
    }

    /// Whether the client sends the secret under the key of the certificate.
    pub(crate) fn is_static_rsa(&self) -> bool {
        self.name.starts_with("TLS_RSA_")
    }

    /// Whether a server with old faults could have it; those faults are older than the rest.
    pub(crate) fn is_of_oracle(&self) -> bool {
        !self.has_any(&["ARIA", "CCM", "EXPORT"]) && !matches!(self.code, 0xba | 0xc0)
    }

    fn has_any(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.name.contains(word))
    }

    /// Whether a client of 2015 offers it unasked: no anonymous, broken or later suite.
    pub(crate) fn is_of_older_client(&self) -> bool {
        self.is_of_usual_client() && !self.has_any(&["ARIA", "CCM", "CHACHA20"])
    }

    /// Whether a client of 2020 that still speaks TLS 1.2 offers it unasked.
    pub(crate) fn is_of_usual_client(&self) -> bool {
        const NEVER: &[&str] = &["CAMELLIA", "NULL", "anon", "DES", "EXPORT", "OLD_", "FORTEZZA", "RC2", "PSK"];
        !self.openssl.is_empty() && !self.is_tls13() && !self.has_any(NEVER)
    }
}

/// Returns the suite of a number.
pub(crate) fn by_code(code: u16) -> Option<&'static Suite> {
    let at = SUITES.binary_search_by_key(&code, |suite| suite.code).ok()?;
    SUITES.get(at)
}

/// Returns the suites to ask a version for, strongest first.
///
/// The order matters: a server that follows the client then answers with the best it has, and the
/// first answer already tells most.
pub(crate) fn offered(tls13: bool) -> impl Iterator<Item = &'static Suite> {
    OFFERED.iter().copied().filter(move |suite| suite.is_tls13() == tls13)
}

/// Sorted once, for names are long and a scan says many hellos.
static OFFERED: LazyLock<Vec<&'static Suite>> = LazyLock::new(|| {
    let mut suites: Vec<_> = SUITES.iter().collect();
    suites.sort_by_cached_key(|suite| {
        let name = suite.name;
        let is_sound = !suite::is_broken(name) && !suite::is_anonymous(name);
        let strength = (suite::is_forward_secret(name), suite::is_aead(name), suite.is_ecdhe(), suite::bits(name));
        std::cmp::Reverse((is_sound, strength))
    });
    suites
});

/// All suites, by number.
#[rustfmt::skip]
pub(crate) static SUITES: &[Suite] = &[
    Suite { code: 0x0001, name: "TLS_RSA_WITH_NULL_MD5", openssl: "NULL-MD5" },
    Suite { code: 0x0002, name: "TLS_RSA_WITH_NULL_SHA", openssl: "NULL-SHA" },
    Suite { code: 0x0003, name: "TLS_RSA_EXPORT_WITH_RC4_40_MD5", openssl: "EXP-RC4-MD5" },
    Suite { code: 0x0004, name: "TLS_RSA_WITH_RC4_128_MD5", openssl: "RC4-MD5" },
    Suite { code: 0x0005, name: "TLS_RSA_WITH_RC4_128_SHA", openssl: "RC4-SHA" },
    Suite { code: 0x0006, name: "TLS_RSA_EXPORT_WITH_RC2_CBC_40_MD5", openssl: "EXP-RC2-CBC-MD5" },
    Suite { code: 0x0007, name: "TLS_RSA_WITH_IDEA_CBC_SHA", openssl: "IDEA-CBC-SHA" },
    Suite { code: 0x0008, name: "TLS_RSA_EXPORT_WITH_DES40_CBC_SHA", openssl: "EXP-DES-CBC-SHA" },
    Suite { code: 0x0009, name: "TLS_RSA_WITH_DES_CBC_SHA", openssl: "DES-CBC-SHA" },
    Suite { code: 0x000a, name: "TLS_RSA_WITH_3DES_EDE_CBC_SHA", openssl: "DES-CBC3-SHA" },
    Suite { code: 0x000b, name: "TLS_DH_DSS_EXPORT_WITH_DES40_CBC_SHA", openssl: "EXP-DH-DSS-DES-CBC-SHA" },
    Suite { code: 0x000c, name: "TLS_DH_DSS_WITH_DES_CBC_SHA", openssl: "DH-DSS-DES-CBC-SHA" },
    Suite { code: 0x000d, name: "TLS_DH_DSS_WITH_3DES_EDE_CBC_SHA", openssl: "DH-DSS-DES-CBC3-SHA" },
    Suite { code: 0x000e, name: "TLS_DH_RSA_EXPORT_WITH_DES40_CBC_SHA", openssl: "EXP-DH-RSA-DES-CBC-SHA" },
    Suite { code: 0x000f, name: "TLS_DH_RSA_WITH_DES_CBC_SHA", openssl: "DH-RSA-DES-CBC-SHA" },
    Suite { code: 0x0010, name: "TLS_DH_RSA_WITH_3DES_EDE_CBC_SHA", openssl: "DH-RSA-DES-CBC3-SHA" },
    Suite { code: 0x0011, name: "TLS_DHE_DSS_EXPORT_WITH_DES40_CBC_SHA", openssl: "EXP-EDH-DSS-DES-CBC-SHA" },
    Suite { code: 0x0012, name: "TLS_DHE_DSS_WITH_DES_CBC_SHA", openssl: "EDH-DSS-DES-CBC-SHA" },
    Suite { code: 0x0013, name: "TLS_DHE_DSS_WITH_3DES_EDE_CBC_SHA", openssl: "EDH-DSS-DES-CBC3-SHA" },
    Suite { code: 0x0014, name: "TLS_DHE_RSA_EXPORT_WITH_DES40_CBC_SHA", openssl: "EXP-EDH-RSA-DES-CBC-SHA" },
    Suite { code: 0x0015, name: "TLS_DHE_RSA_WITH_DES_CBC_SHA", openssl: "EDH-RSA-DES-CBC-SHA" },
    Suite { code: 0x0016, name: "TLS_DHE_RSA_WITH_3DES_EDE_CBC_SHA", openssl: "DHE-RSA-DES-CBC3-SHA" },
    Suite { code: 0x0017, name: "TLS_DH_anon_EXPORT_WITH_RC4_40_MD5", openssl: "EXP-ADH-RC4-MD5" },
    Suite { code: 0x0018, name: "TLS_DH_anon_WITH_RC4_128_MD5", openssl: "ADH-RC4-MD5" },
    Suite { code: 0x0019, name: "TLS_DH_anon_EXPORT_WITH_DES40_CBC_SHA", openssl: "EXP-ADH-DES-CBC-SHA" },
    Suite { code: 0x001a, name: "TLS_DH_anon_WITH_DES_CBC_SHA", openssl: "ADH-DES-CBC-SHA" },
    Suite { code: 0x001b, name: "TLS_DH_anon_WITH_3DES_EDE_CBC_SHA", openssl: "ADH-DES-CBC3-SHA" },
    Suite { code: 0x002f, name: "TLS_RSA_WITH_AES_128_CBC_SHA", openssl: "AES128-SHA" },
    Suite { code: 0x0030, name: "TLS_DH_DSS_WITH_AES_128_CBC_SHA", openssl: "DH-DSS-AES128-SHA" },
    Suite { code: 0x0031, name: "TLS_DH_RSA_WITH_AES_128_CBC_SHA", openssl: "DH-RSA-AES128-SHA" },
    Suite { code: 0x0032, name: "TLS_DHE_DSS_WITH_AES_128_CBC_SHA", openssl: "DHE-DSS-AES128-SHA" },
    Suite { code: 0x0033, name: "TLS_DHE_RSA_WITH_AES_128_CBC_SHA", openssl: "DHE-RSA-AES128-SHA" },
    Suite { code: 0x0034, name: "TLS_DH_anon_WITH_AES_128_CBC_SHA", openssl: "ADH-AES128-SHA" },
    Suite { code: 0x0035, name: "TLS_RSA_WITH_AES_256_CBC_SHA", openssl: "AES256-SHA" },
    Suite { code: 0x0036, name: "TLS_DH_DSS_WITH_AES_256_CBC_SHA", openssl: "DH-DSS-AES256-SHA" },
    Suite { code: 0x0037, name: "TLS_DH_RSA_WITH_AES_256_CBC_SHA", openssl: "DH-RSA-AES256-SHA" },
    Suite { code: 0x0038, name: "TLS_DHE_DSS_WITH_AES_256_CBC_SHA", openssl: "DHE-DSS-AES256-SHA" },
    Suite { code: 0x0039, name: "TLS_DHE_RSA_WITH_AES_256_CBC_SHA", openssl: "DHE-RSA-AES256-SHA" },
    Suite { code: 0x003a, name: "TLS_DH_anon_WITH_AES_256_CBC_SHA", openssl: "ADH-AES256-SHA" },
    Suite { code: 0x003b, name: "TLS_RSA_WITH_NULL_SHA256", openssl: "NULL-SHA256" },
    Suite { code: 0x003c, name: "TLS_RSA_WITH_AES_128_CBC_SHA256", openssl: "AES128-SHA256" },
    Suite { code: 0x003d, name: "TLS_RSA_WITH_AES_256_CBC_SHA256", openssl: "AES256-SHA256" },
    Suite { code: 0x003e, name: "TLS_DH_DSS_WITH_AES_128_CBC_SHA256", openssl: "DH-DSS-AES128-SHA256" },
    Suite { code: 0x003f, name: "TLS_DH_RSA_WITH_AES_128_CBC_SHA256", openssl: "DH-RSA-AES128-SHA256" },
    Suite { code: 0x0040, name: "TLS_DHE_DSS_WITH_AES_128_CBC_SHA256", openssl: "DHE-DSS-AES128-SHA256" },
    Suite { code: 0x0041, name: "TLS_RSA_WITH_CAMELLIA_128_CBC_SHA", openssl: "CAMELLIA128-SHA" },
    Suite { code: 0x0042, name: "TLS_DH_DSS_WITH_CAMELLIA_128_CBC_SHA", openssl: "DH-DSS-CAMELLIA128-SHA" },
    Suite { code: 0x0043, name: "TLS_DH_RSA_WITH_CAMELLIA_128_CBC_SHA", openssl: "DH-RSA-CAMELLIA128-SHA" },
    Suite { code: 0x0044, name: "TLS_DHE_DSS_WITH_CAMELLIA_128_CBC_SHA", openssl: "DHE-DSS-CAMELLIA128-SHA" },
    Suite { code: 0x0045, name: "TLS_DHE_RSA_WITH_CAMELLIA_128_CBC_SHA", openssl: "DHE-RSA-CAMELLIA128-SHA" },
    Suite { code: 0x0046, name: "TLS_DH_anon_WITH_CAMELLIA_128_CBC_SHA", openssl: "ADH-CAMELLIA128-SHA" },
    Suite { code: 0x0060, name: "TLS_RSA_EXPORT1024_WITH_RC4_56_MD5", openssl: "EXP1024-RC4-MD5" },
    Suite { code: 0x0061, name: "TLS_RSA_EXPORT1024_WITH_RC2_CBC_56_MD5", openssl: "EXP1024-RC2-CBC-MD5" },
    Suite { code: 0x0062, name: "TLS_RSA_EXPORT1024_WITH_DES_CBC_SHA", openssl: "EXP1024-DES-CBC-SHA" },
    Suite { code: 0x0063, name: "TLS_DHE_DSS_EXPORT1024_WITH_DES_CBC_SHA", openssl: "EXP1024-DHE-DSS-DES-CBC-SHA" },
    Suite { code: 0x0064, name: "TLS_RSA_EXPORT1024_WITH_RC4_56_SHA", openssl: "EXP1024-RC4-SHA" },
    Suite { code: 0x0065, name: "TLS_DHE_DSS_EXPORT1024_WITH_RC4_56_SHA", openssl: "EXP1024-DHE-DSS-RC4-SHA" },
    Suite { code: 0x0066, name: "TLS_DHE_DSS_WITH_RC4_128_SHA", openssl: "DHE-DSS-RC4-SHA" },
    Suite { code: 0x0067, name: "TLS_DHE_RSA_WITH_AES_128_CBC_SHA256", openssl: "DHE-RSA-AES128-SHA256" },
    Suite { code: 0x0068, name: "TLS_DH_DSS_WITH_AES_256_CBC_SHA256", openssl: "DH-DSS-AES256-SHA256" },
    Suite { code: 0x0069, name: "TLS_DH_RSA_WITH_AES_256_CBC_SHA256", openssl: "DH-RSA-AES256-SHA256" },
    Suite { code: 0x006a, name: "TLS_DHE_DSS_WITH_AES_256_CBC_SHA256", openssl: "DHE-DSS-AES256-SHA256" },
    Suite { code: 0x006b, name: "TLS_DHE_RSA_WITH_AES_256_CBC_SHA256", openssl: "DHE-RSA-AES256-SHA256" },
    Suite { code: 0x006c, name: "TLS_DH_anon_WITH_AES_128_CBC_SHA256", openssl: "ADH-AES128-SHA256" },
    Suite { code: 0x006d, name: "TLS_DH_anon_WITH_AES_256_CBC_SHA256", openssl: "ADH-AES256-SHA256" },
    Suite { code: 0x0072, name: "TLS_DHE_DSS_WITH_3DES_EDE_CBC_RMD", openssl: "" },
    Suite { code: 0x0073, name: "TLS_DHE_DSS_WITH_AES_128_CBC_RMD", openssl: "" },
    Suite { code: 0x0074, name: "TLS_DHE_DSS_WITH_AES_256_CBC_RMD", openssl: "" },
    Suite { code: 0x0077, name: "TLS_DHE_RSA_WITH_3DES_EDE_CBC_RMD", openssl: "" },
    Suite { code: 0x0078, name: "TLS_DHE_RSA_WITH_AES_128_CBC_RMD", openssl: "" },
    Suite { code: 0x0079, name: "TLS_DHE_RSA_WITH_AES_256_CBC_RMD", openssl: "" },
    Suite { code: 0x007c, name: "TLS_RSA_WITH_3DES_EDE_CBC_RMD", openssl: "" },
    Suite { code: 0x007d, name: "TLS_RSA_WITH_AES_128_CBC_RMD", openssl: "" },
    Suite { code: 0x007e, name: "TLS_RSA_WITH_AES_256_CBC_RMD", openssl: "" },
    Suite { code: 0x0084, name: "TLS_RSA_WITH_CAMELLIA_256_CBC_SHA", openssl: "CAMELLIA256-SHA" },
    Suite { code: 0x0085, name: "TLS_DH_DSS_WITH_CAMELLIA_256_CBC_SHA", openssl: "DH-DSS-CAMELLIA256-SHA" },
    Suite { code: 0x0086, name: "TLS_DH_RSA_WITH_CAMELLIA_256_CBC_SHA", openssl: "DH-RSA-CAMELLIA256-SHA" },
    Suite { code: 0x0087, name: "TLS_DHE_DSS_WITH_CAMELLIA_256_CBC_SHA", openssl: "DHE-DSS-CAMELLIA256-SHA" },
    Suite { code: 0x0088, name: "TLS_DHE_RSA_WITH_CAMELLIA_256_CBC_SHA", openssl: "DHE-RSA-CAMELLIA256-SHA" },
    Suite { code: 0x0089, name: "TLS_DH_anon_WITH_CAMELLIA_256_CBC_SHA", openssl: "ADH-CAMELLIA256-SHA" },
    Suite { code: 0x0096, name: "TLS_RSA_WITH_SEED_CBC_SHA", openssl: "SEED-SHA" },
    Suite { code: 0x0097, name: "TLS_DH_DSS_WITH_SEED_CBC_SHA", openssl: "DH-DSS-SEED-SHA" },
    Suite { code: 0x0098, name: "TLS_DH_RSA_WITH_SEED_CBC_SHA", openssl: "DH-RSA-SEED-SHA" },
    Suite { code: 0x0099, name: "TLS_DHE_DSS_WITH_SEED_CBC_SHA", openssl: "DHE-DSS-SEED-SHA" },
    Suite { code: 0x009a, name: "TLS_DHE_RSA_WITH_SEED_CBC_SHA", openssl: "DHE-RSA-SEED-SHA" },
    Suite { code: 0x009b, name: "TLS_DH_anon_WITH_SEED_CBC_SHA", openssl: "ADH-SEED-SHA" },
    Suite { code: 0x009c, name: "TLS_RSA_WITH_AES_128_GCM_SHA256", openssl: "AES128-GCM-SHA256" },
    Suite { code: 0x009d, name: "TLS_RSA_WITH_AES_256_GCM_SHA384", openssl: "AES256-GCM-SHA384" },
    Suite { code: 0x009e, name: "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256", openssl: "DHE-RSA-AES128-GCM-SHA256" },
    Suite { code: 0x009f, name: "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384", openssl: "DHE-RSA-AES256-GCM-SHA384" },
    Suite { code: 0x00a0, name: "TLS_DH_RSA_WITH_AES_128_GCM_SHA256", openssl: "DH-RSA-AES128-GCM-SHA256" },
    Suite { code: 0x00a1, name: "TLS_DH_RSA_WITH_AES_256_GCM_SHA384", openssl: "DH-RSA-AES256-GCM-SHA384" },
    Suite { code: 0x00a2, name: "TLS_DHE_DSS_WITH_AES_128_GCM_SHA256", openssl: "DHE-DSS-AES128-GCM-SHA256" },
    Suite { code: 0x00a3, name: "TLS_DHE_DSS_WITH_AES_256_GCM_SHA384", openssl: "DHE-DSS-AES256-GCM-SHA384" },
    Suite { code: 0x00a4, name: "TLS_DH_DSS_WITH_AES_128_GCM_SHA256", openssl: "DH-DSS-AES128-GCM-SHA256" },
    Suite { code: 0x00a5, name: "TLS_DH_DSS_WITH_AES_256_GCM_SHA384", openssl: "DH-DSS-AES256-GCM-SHA384" },
    Suite { code: 0x00a6, name: "TLS_DH_anon_WITH_AES_128_GCM_SHA256", openssl: "ADH-AES128-GCM-SHA256" },
    Suite { code: 0x00a7, name: "TLS_DH_anon_WITH_AES_256_GCM_SHA384", openssl: "ADH-AES256-GCM-SHA384" },
    Suite { code: 0x00ba, name: "TLS_RSA_WITH_CAMELLIA_128_CBC_SHA256", openssl: "CAMELLIA128-SHA256" },
    Suite { code: 0x00bb, name: "TLS_DH_DSS_WITH_CAMELLIA_128_CBC_SHA256", openssl: "DH-DSS-CAMELLIA128-SHA256" },
    Suite { code: 0x00bc, name: "TLS_DH_RSA_WITH_CAMELLIA_128_CBC_SHA256", openssl: "DH-RSA-CAMELLIA128-SHA256" },
    Suite { code: 0x00bd, name: "TLS_DHE_DSS_WITH_CAMELLIA_128_CBC_SHA256", openssl: "DHE-DSS-CAMELLIA128-SHA256" },
    Suite { code: 0x00be, name: "TLS_DHE_RSA_WITH_CAMELLIA_128_CBC_SHA256", openssl: "DHE-RSA-CAMELLIA128-SHA256" },
    Suite { code: 0x00bf, name: "TLS_DH_anon_WITH_CAMELLIA_128_CBC_SHA256", openssl: "ADH-CAMELLIA128-SHA256" },
    Suite { code: 0x00c0, name: "TLS_RSA_WITH_CAMELLIA_256_CBC_SHA256", openssl: "CAMELLIA256-SHA256" },
    Suite { code: 0x00c1, name: "TLS_DH_DSS_WITH_CAMELLIA_256_CBC_SHA256", openssl: "DH-DSS-CAMELLIA256-SHA256" },
    Suite { code: 0x00c2, name: "TLS_DH_RSA_WITH_CAMELLIA_256_CBC_SHA256", openssl: "DH-RSA-CAMELLIA256-SHA256" },
    Suite { code: 0x00c3, name: "TLS_DHE_DSS_WITH_CAMELLIA_256_CBC_SHA256", openssl: "DHE-DSS-CAMELLIA256-SHA256" },
    Suite { code: 0x00c4, name: "TLS_DHE_RSA_WITH_CAMELLIA_256_CBC_SHA256", openssl: "DHE-RSA-CAMELLIA256-SHA256" },
    Suite { code: 0x00c5, name: "TLS_DH_anon_WITH_CAMELLIA_256_CBC_SHA256", openssl: "ADH-CAMELLIA256-SHA256" },
    Suite { code: 0x00c6, name: "TLS_SM4_GCM_SM3", openssl: "TLS_SM4_GCM_SM3" },
    Suite { code: 0x00c7, name: "TLS_SM4_CCM_SM3", openssl: "TLS_SM4_CCM_SM3" },
    Suite { code: 0x1301, name: "TLS_AES_128_GCM_SHA256", openssl: "TLS_AES_128_GCM_SHA256" },
    Suite { code: 0x1302, name: "TLS_AES_256_GCM_SHA384", openssl: "TLS_AES_256_GCM_SHA384" },
    Suite { code: 0x1303, name: "TLS_CHACHA20_POLY1305_SHA256", openssl: "TLS_CHACHA20_POLY1305_SHA256" },
    Suite { code: 0x1304, name: "TLS_AES_128_CCM_SHA256", openssl: "TLS_AES_128_CCM_SHA256" },
    Suite { code: 0x1305, name: "TLS_AES_128_CCM_8_SHA256", openssl: "TLS_AES_128_CCM_8_SHA256" },
    Suite { code: 0xc001, name: "TLS_ECDH_ECDSA_WITH_NULL_SHA", openssl: "ECDH-ECDSA-NULL-SHA" },
    Suite { code: 0xc002, name: "TLS_ECDH_ECDSA_WITH_RC4_128_SHA", openssl: "ECDH-ECDSA-RC4-SHA" },
    Suite { code: 0xc003, name: "TLS_ECDH_ECDSA_WITH_3DES_EDE_CBC_SHA", openssl: "ECDH-ECDSA-DES-CBC3-SHA" },
    Suite { code: 0xc004, name: "TLS_ECDH_ECDSA_WITH_AES_128_CBC_SHA", openssl: "ECDH-ECDSA-AES128-SHA" },
    Suite { code: 0xc005, name: "TLS_ECDH_ECDSA_WITH_AES_256_CBC_SHA", openssl: "ECDH-ECDSA-AES256-SHA" },
    Suite { code: 0xc006, name: "TLS_ECDHE_ECDSA_WITH_NULL_SHA", openssl: "ECDHE-ECDSA-NULL-SHA" },
    Suite { code: 0xc007, name: "TLS_ECDHE_ECDSA_WITH_RC4_128_SHA", openssl: "ECDHE-ECDSA-RC4-SHA" },
    Suite { code: 0xc008, name: "TLS_ECDHE_ECDSA_WITH_3DES_EDE_CBC_SHA", openssl: "ECDHE-ECDSA-DES-CBC3-SHA" },
    Suite { code: 0xc009, name: "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA", openssl: "ECDHE-ECDSA-AES128-SHA" },
    Suite { code: 0xc00a, name: "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA", openssl: "ECDHE-ECDSA-AES256-SHA" },
    Suite { code: 0xc00b, name: "TLS_ECDH_RSA_WITH_NULL_SHA", openssl: "ECDH-RSA-NULL-SHA" },
    Suite { code: 0xc00c, name: "TLS_ECDH_RSA_WITH_RC4_128_SHA", openssl: "ECDH-RSA-RC4-SHA" },
    Suite { code: 0xc00d, name: "TLS_ECDH_RSA_WITH_3DES_EDE_CBC_SHA", openssl: "ECDH-RSA-DES-CBC3-SHA" },
    Suite { code: 0xc00e, name: "TLS_ECDH_RSA_WITH_AES_128_CBC_SHA", openssl: "ECDH-RSA-AES128-SHA" },
    Suite { code: 0xc00f, name: "TLS_ECDH_RSA_WITH_AES_256_CBC_SHA", openssl: "ECDH-RSA-AES256-SHA" },
    Suite { code: 0xc010, name: "TLS_ECDHE_RSA_WITH_NULL_SHA", openssl: "ECDHE-RSA-NULL-SHA" },
    Suite { code: 0xc011, name: "TLS_ECDHE_RSA_WITH_RC4_128_SHA", openssl: "ECDHE-RSA-RC4-SHA" },
    Suite { code: 0xc012, name: "TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA", openssl: "ECDHE-RSA-DES-CBC3-SHA" },
    Suite { code: 0xc013, name: "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA", openssl: "ECDHE-RSA-AES128-SHA" },
    Suite { code: 0xc014, name: "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA", openssl: "ECDHE-RSA-AES256-SHA" },
    Suite { code: 0xc015, name: "TLS_ECDH_anon_WITH_NULL_SHA", openssl: "AECDH-NULL-SHA" },
    Suite { code: 0xc016, name: "TLS_ECDH_anon_WITH_RC4_128_SHA", openssl: "AECDH-RC4-SHA" },
    Suite { code: 0xc017, name: "TLS_ECDH_anon_WITH_3DES_EDE_CBC_SHA", openssl: "AECDH-DES-CBC3-SHA" },
    Suite { code: 0xc018, name: "TLS_ECDH_anon_WITH_AES_128_CBC_SHA", openssl: "AECDH-AES128-SHA" },
    Suite { code: 0xc019, name: "TLS_ECDH_anon_WITH_AES_256_CBC_SHA", openssl: "AECDH-AES256-SHA" },
    Suite { code: 0xc023, name: "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256", openssl: "ECDHE-ECDSA-AES128-SHA256" },
    Suite { code: 0xc024, name: "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384", openssl: "ECDHE-ECDSA-AES256-SHA384" },
    Suite { code: 0xc025, name: "TLS_ECDH_ECDSA_WITH_AES_128_CBC_SHA256", openssl: "ECDH-ECDSA-AES128-SHA256" },
    Suite { code: 0xc026, name: "TLS_ECDH_ECDSA_WITH_AES_256_CBC_SHA384", openssl: "ECDH-ECDSA-AES256-SHA384" },
    Suite { code: 0xc027, name: "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256", openssl: "ECDHE-RSA-AES128-SHA256" },
    Suite { code: 0xc028, name: "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384", openssl: "ECDHE-RSA-AES256-SHA384" },
    Suite { code: 0xc029, name: "TLS_ECDH_RSA_WITH_AES_128_CBC_SHA256", openssl: "ECDH-RSA-AES128-SHA256" },
    Suite { code: 0xc02a, name: "TLS_ECDH_RSA_WITH_AES_256_CBC_SHA384", openssl: "ECDH-RSA-AES256-SHA384" },
    Suite { code: 0xc02b, name: "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", openssl: "ECDHE-ECDSA-AES128-GCM-SHA256" },
    Suite { code: 0xc02c, name: "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", openssl: "ECDHE-ECDSA-AES256-GCM-SHA384" },
    Suite { code: 0xc02d, name: "TLS_ECDH_ECDSA_WITH_AES_128_GCM_SHA256", openssl: "ECDH-ECDSA-AES128-GCM-SHA256" },
    Suite { code: 0xc02e, name: "TLS_ECDH_ECDSA_WITH_AES_256_GCM_SHA384", openssl: "ECDH-ECDSA-AES256-GCM-SHA384" },
    Suite { code: 0xc02f, name: "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", openssl: "ECDHE-RSA-AES128-GCM-SHA256" },
    Suite { code: 0xc030, name: "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", openssl: "ECDHE-RSA-AES256-GCM-SHA384" },
    Suite { code: 0xc031, name: "TLS_ECDH_RSA_WITH_AES_128_GCM_SHA256", openssl: "ECDH-RSA-AES128-GCM-SHA256" },
    Suite { code: 0xc032, name: "TLS_ECDH_RSA_WITH_AES_256_GCM_SHA384", openssl: "ECDH-RSA-AES256-GCM-SHA384" },
    Suite { code: 0xc03c, name: "TLS_RSA_WITH_ARIA_128_CBC_SHA256", openssl: "" },
    Suite { code: 0xc03d, name: "TLS_RSA_WITH_ARIA_256_CBC_SHA384", openssl: "" },
    Suite { code: 0xc03e, name: "TLS_DH_DSS_WITH_ARIA_128_CBC_SHA256", openssl: "" },
    Suite { code: 0xc03f, name: "TLS_DH_DSS_WITH_ARIA_256_CBC_SHA384", openssl: "" },
    Suite { code: 0xc040, name: "TLS_DH_RSA_WITH_ARIA_128_CBC_SHA256", openssl: "" },
    Suite { code: 0xc041, name: "TLS_DH_RSA_WITH_ARIA_256_CBC_SHA384", openssl: "" },
    Suite { code: 0xc042, name: "TLS_DHE_DSS_WITH_ARIA_128_CBC_SHA256", openssl: "" },
    Suite { code: 0xc043, name: "TLS_DHE_DSS_WITH_ARIA_256_CBC_SHA384", openssl: "" },
    Suite { code: 0xc044, name: "TLS_DHE_RSA_WITH_ARIA_128_CBC_SHA256", openssl: "" },
    Suite { code: 0xc045, name: "TLS_DHE_RSA_WITH_ARIA_256_CBC_SHA384", openssl: "" },
    Suite { code: 0xc046, name: "TLS_DH_anon_WITH_ARIA_128_CBC_SHA256", openssl: "" },
    Suite { code: 0xc047, name: "TLS_DH_anon_WITH_ARIA_256_CBC_SHA384", openssl: "" },
    Suite { code: 0xc048, name: "TLS_ECDHE_ECDSA_WITH_ARIA_128_CBC_SHA256", openssl: "" },
    Suite { code: 0xc049, name: "TLS_ECDHE_ECDSA_WITH_ARIA_256_CBC_SHA384", openssl: "" },
    Suite { code: 0xc04a, name: "TLS_ECDH_ECDSA_WITH_ARIA_128_CBC_SHA256", openssl: "" },
    Suite { code: 0xc04b, name: "TLS_ECDH_ECDSA_WITH_ARIA_256_CBC_SHA384", openssl: "" },
    Suite { code: 0xc04c, name: "TLS_ECDHE_RSA_WITH_ARIA_128_CBC_SHA256", openssl: "" },
    Suite { code: 0xc04d, name: "TLS_ECDHE_RSA_WITH_ARIA_256_CBC_SHA384", openssl: "" },
    Suite { code: 0xc04e, name: "TLS_ECDH_RSA_WITH_ARIA_128_CBC_SHA256", openssl: "" },
    Suite { code: 0xc04f, name: "TLS_ECDH_RSA_WITH_ARIA_256_CBC_SHA384", openssl: "" },
    Suite { code: 0xc050, name: "TLS_RSA_WITH_ARIA_128_GCM_SHA256", openssl: "ARIA128-GCM-SHA256" },
    Suite { code: 0xc051, name: "TLS_RSA_WITH_ARIA_256_GCM_SHA384", openssl: "ARIA256-GCM-SHA384" },
    Suite { code: 0xc052, name: "TLS_DHE_RSA_WITH_ARIA_128_GCM_SHA256", openssl: "DHE-RSA-ARIA128-GCM-SHA256" },
    Suite { code: 0xc053, name: "TLS_DHE_RSA_WITH_ARIA_256_GCM_SHA384", openssl: "DHE-RSA-ARIA256-GCM-SHA384" },
    Suite { code: 0xc054, name: "TLS_DH_RSA_WITH_ARIA_128_GCM_SHA256", openssl: "" },
    Suite { code: 0xc055, name: "TLS_DH_RSA_WITH_ARIA_256_GCM_SHA384", openssl: "" },
    Suite { code: 0xc056, name: "TLS_DHE_DSS_WITH_ARIA_128_GCM_SHA256", openssl: "DHE-DSS-ARIA128-GCM-SHA256" },
    Suite { code: 0xc057, name: "TLS_DHE_DSS_WITH_ARIA_256_GCM_SHA384", openssl: "DHE-DSS-ARIA256-GCM-SHA384" },
    Suite { code: 0xc058, name: "TLS_DH_DSS_WITH_ARIA_128_GCM_SHA256", openssl: "" },
    Suite { code: 0xc059, name: "TLS_DH_DSS_WITH_ARIA_256_GCM_SHA384", openssl: "" },
    Suite { code: 0xc05a, name: "TLS_DH_anon_WITH_ARIA_128_GCM_SHA256", openssl: "" },
    Suite { code: 0xc05b, name: "TLS_DH_anon_WITH_ARIA_256_GCM_SHA384", openssl: "" },
    Suite { code: 0xc05c, name: "TLS_ECDHE_ECDSA_WITH_ARIA_128_GCM_SHA256", openssl: "ECDHE-ECDSA-ARIA128-GCM-SHA256" },
    Suite { code: 0xc05d, name: "TLS_ECDHE_ECDSA_WITH_ARIA_256_GCM_SHA384", openssl: "ECDHE-ECDSA-ARIA256-GCM-SHA384" },
    Suite { code: 0xc05e, name: "TLS_ECDH_ECDSA_WITH_ARIA_128_GCM_SHA256", openssl: "" },
    Suite { code: 0xc05f, name: "TLS_ECDH_ECDSA_WITH_ARIA_256_GCM_SHA384", openssl: "" },
    Suite { code: 0xc060, name: "TLS_ECDHE_RSA_WITH_ARIA_128_GCM_SHA256", openssl: "ECDHE-ARIA128-GCM-SHA256" },
    Suite { code: 0xc061, name: "TLS_ECDHE_RSA_WITH_ARIA_256_GCM_SHA384", openssl: "ECDHE-ARIA256-GCM-SHA384" },
    Suite { code: 0xc062, name: "TLS_ECDH_RSA_WITH_ARIA_128_GCM_SHA256", openssl: "" },
    Suite { code: 0xc063, name: "TLS_ECDH_RSA_WITH_ARIA_256_GCM_SHA384", openssl: "" },
    Suite { code: 0xc072, name: "TLS_ECDHE_ECDSA_WITH_CAMELLIA_128_CBC_SHA256", openssl: "ECDHE-ECDSA-CAMELLIA128-SHA256" },
    Suite { code: 0xc073, name: "TLS_ECDHE_ECDSA_WITH_CAMELLIA_256_CBC_SHA384", openssl: "ECDHE-ECDSA-CAMELLIA256-SHA384" },
    Suite { code: 0xc074, name: "TLS_ECDH_ECDSA_WITH_CAMELLIA_128_CBC_SHA256", openssl: "ECDH-ECDSA-CAMELLIA128-SHA256" },
    Suite { code: 0xc075, name: "TLS_ECDH_ECDSA_WITH_CAMELLIA_256_CBC_SHA384", openssl: "ECDH-ECDSA-CAMELLIA256-SHA384" },
    Suite { code: 0xc076, name: "TLS_ECDHE_RSA_WITH_CAMELLIA_128_CBC_SHA256", openssl: "ECDHE-RSA-CAMELLIA128-SHA256" },
    Suite { code: 0xc077, name: "TLS_ECDHE_RSA_WITH_CAMELLIA_256_CBC_SHA384", openssl: "ECDHE-RSA-CAMELLIA256-SHA384" },
    Suite { code: 0xc078, name: "TLS_ECDH_RSA_WITH_CAMELLIA_128_CBC_SHA256", openssl: "ECDH-RSA-CAMELLIA128-SHA256" },
    Suite { code: 0xc079, name: "TLS_ECDH_RSA_WITH_CAMELLIA_256_CBC_SHA384", openssl: "ECDH-RSA-CAMELLIA256-SHA384" },
    Suite { code: 0xc07a, name: "TLS_RSA_WITH_CAMELLIA_128_GCM_SHA256", openssl: "" },
    Suite { code: 0xc07b, name: "TLS_RSA_WITH_CAMELLIA_256_GCM_SHA384", openssl: "" },
    Suite { code: 0xc07c, name: "TLS_DHE_RSA_WITH_CAMELLIA_128_GCM_SHA256", openssl: "" },
    Suite { code: 0xc07d, name: "TLS_DHE_RSA_WITH_CAMELLIA_256_GCM_SHA384", openssl: "" },
    Suite { code: 0xc07e, name: "TLS_DH_RSA_WITH_CAMELLIA_128_GCM_SHA256", openssl: "" },
    Suite { code: 0xc07f, name: "TLS_DH_RSA_WITH_CAMELLIA_256_GCM_SHA384", openssl: "" },
    Suite { code: 0xc080, name: "TLS_DHE_DSS_WITH_CAMELLIA_128_GCM_SHA256", openssl: "" },
    Suite { code: 0xc081, name: "TLS_DHE_DSS_WITH_CAMELLIA_256_GCM_SHA384", openssl: "" },
    Suite { code: 0xc082, name: "TLS_DH_DSS_WITH_CAMELLIA_128_GCM_SHA256", openssl: "" },
    Suite { code: 0xc083, name: "TLS_DH_DSS_WITH_CAMELLIA_256_GCM_SHA384", openssl: "" },
    Suite { code: 0xc084, name: "TLS_DH_anon_WITH_CAMELLIA_128_GCM_SHA256", openssl: "" },
    Suite { code: 0xc085, name: "TLS_DH_anon_WITH_CAMELLIA_256_GCM_SHA384", openssl: "" },
    Suite { code: 0xc086, name: "TLS_ECDHE_ECDSA_WITH_CAMELLIA_128_GCM_SHA256", openssl: "" },
    Suite { code: 0xc087, name: "TLS_ECDHE_ECDSA_WITH_CAMELLIA_256_GCM_SHA384", openssl: "" },
    Suite { code: 0xc088, name: "TLS_ECDH_ECDSA_WITH_CAMELLIA_128_GCM_SHA256", openssl: "" },
    Suite { code: 0xc089, name: "TLS_ECDH_ECDSA_WITH_CAMELLIA_256_GCM_SHA384", openssl: "" },
    Suite { code: 0xc08a, name: "TLS_ECDHE_RSA_WITH_CAMELLIA_128_GCM_SHA256", openssl: "" },
    Suite { code: 0xc08b, name: "TLS_ECDHE_RSA_WITH_CAMELLIA_256_GCM_SHA384", openssl: "" },
    Suite { code: 0xc08c, name: "TLS_ECDH_RSA_WITH_CAMELLIA_128_GCM_SHA256", openssl: "" },
    Suite { code: 0xc08d, name: "TLS_ECDH_RSA_WITH_CAMELLIA_256_GCM_SHA384", openssl: "" },
    Suite { code: 0xc09c, name: "TLS_RSA_WITH_AES_128_CCM", openssl: "AES128-CCM" },
    Suite { code: 0xc09d, name: "TLS_RSA_WITH_AES_256_CCM", openssl: "AES256-CCM" },
    Suite { code: 0xc09e, name: "TLS_DHE_RSA_WITH_AES_128_CCM", openssl: "DHE-RSA-AES128-CCM" },
    Suite { code: 0xc09f, name: "TLS_DHE_RSA_WITH_AES_256_CCM", openssl: "DHE-RSA-AES256-CCM" },
    Suite { code: 0xc0a0, name: "TLS_RSA_WITH_AES_128_CCM_8", openssl: "AES128-CCM8" },
    Suite { code: 0xc0a1, name: "TLS_RSA_WITH_AES_256_CCM_8", openssl: "AES256-CCM8" },
    Suite { code: 0xc0a2, name: "TLS_DHE_RSA_WITH_AES_128_CCM_8", openssl: "DHE-RSA-AES128-CCM8" },
    Suite { code: 0xc0a3, name: "TLS_DHE_RSA_WITH_AES_256_CCM_8", openssl: "DHE-RSA-AES256-CCM8" },
    Suite { code: 0xc0ac, name: "TLS_ECDHE_ECDSA_WITH_AES_128_CCM", openssl: "ECDHE-ECDSA-AES128-CCM" },
    Suite { code: 0xc0ad, name: "TLS_ECDHE_ECDSA_WITH_AES_256_CCM", openssl: "ECDHE-ECDSA-AES256-CCM" },
    Suite { code: 0xc0ae, name: "TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8", openssl: "ECDHE-ECDSA-AES128-CCM8" },
    Suite { code: 0xc0af, name: "TLS_ECDHE_ECDSA_WITH_AES_256_CCM_8", openssl: "ECDHE-ECDSA-AES256-CCM8" },
    Suite { code: 0xcc13, name: "OLD_TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256", openssl: "ECDHE-RSA-CHACHA20-POLY1305-OLD" },
    Suite { code: 0xcc14, name: "OLD_TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", openssl: "ECDHE-ECDSA-CHACHA20-POLY1305-OLD" },
    Suite { code: 0xcc15, name: "OLD_TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256", openssl: "DHE-RSA-CHACHA20-POLY1305-OLD" },
    Suite { code: 0xcca8, name: "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256", openssl: "ECDHE-RSA-CHACHA20-POLY1305" },
    Suite { code: 0xcca9, name: "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", openssl: "ECDHE-ECDSA-CHACHA20-POLY1305" },
    Suite { code: 0xccaa, name: "TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256", openssl: "DHE-RSA-CHACHA20-POLY1305" },];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_names_are_unique() {
        assert!(SUITES.windows(2).all(|pair| pair[0].code < pair[1].code));
        let mut names: Vec<_> = SUITES.iter().map(|suite| suite.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), SUITES.len());
        assert_eq!(by_code(0x1301).map(|suite| suite.name), Some("TLS_AES_128_GCM_SHA256"));
        assert_eq!(by_code(0x5600), None); // a signal, not a suite
    }

    #[test]
    fn the_strongest_are_asked_first_and_the_anonymous_last() {
        let offered: Vec<_> = offered(false).collect();
        let place = |name: &str| offered.iter().position(|suite| suite.name == name).unwrap();
        assert!(place("TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384") < place("TLS_RSA_WITH_AES_256_GCM_SHA384"));
        assert!(place("TLS_RSA_WITH_AES_128_CBC_SHA") < place("TLS_ECDH_anon_WITH_AES_128_CBC_SHA"));
        assert!(offered.iter().all(|suite| !suite.is_tls13()));
    }
}
