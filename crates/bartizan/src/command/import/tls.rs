//! TLS as OpenSSL's words say it, in the words of the standards.

use bartizan_proxy::config::{KeyExchangeGroup, Suite};

use super::plan::Table;
use super::written::quoted;
use crate::config::Choices;

/// Returns the files of a certificate as a table in a line.
pub(super) fn certificate(chain: &str, key: &str, ocsp: Option<&str>) -> String {
    let ocsp = ocsp.map(|file| format!(", ocsp = {}", quoted(file))).unwrap_or_default();
    format!("{{ chain = {}, key = {}{ocsp} }}", quoted(chain), quoted(key))
}

/// Returns whom a client's certificate has to come from.
pub(super) fn client_certificates(authorities: &str, is_required: bool) -> String {
    format!("{{ authorities = {}, required = {is_required} }}", quoted(authorities))
}

/// Sets the versions; returns what is lost.
pub(super) fn versions(named: &[&str], table: &mut Table) -> Option<String> {
    let is_old = |name: &&str| {
        matches!(
            name.to_ascii_lowercase().as_str(),
            "sslv2" | "sslv3" | "tlsv1" | "tlsv1.0" | "tlsv1.1" | "tls1.0" | "tls1.1"
        )
    };
    let mut ours: Vec<String> = Vec::new();
    for (word, version) in [("1.3", "1.3"), ("1.2", "1.2")] {
        if named.iter().any(|name| name.ends_with(word)) {
            ours.push(version.to_owned());
        }
    }
    if !ours.is_empty() {
        table.list("versions", &ours);
    }
    named.iter().any(is_old).then(|| "versions older than TLS 1.2 are not spoken".to_owned())
}

/// Sets the suites of a list of OpenSSL's; returns what is lost.
pub(super) fn suites(list: &str, table: &mut Table) -> Option<String> {
    let mut ours: Vec<String> = TLS13.iter().map(|name| (*name).to_owned()).collect();
    let mut count = 0;
    let mut lost = 0;
    for name in list.split([':', ',', ' ']).filter(|name| !name.is_empty()) {
        let known = SUITES.iter().find(|(openssl, iana)| *openssl == name || *iana == name);
        match known.map(|(_, iana)| (*iana).to_owned()) {
            Some(iana) if !ours.contains(&iana) => {
                count += 1;
                ours.push(iana);
            }
            Some(_) => {}
            None if name.starts_with("TLS_") || name.starts_with(['!', '-', '@']) => {}
            None => lost += 1,
        }
    }
    if count == 0 {
        return Some("the list is made of words that stand for many suites; ours are spoken instead".to_owned());
    }
    ours.retain(|name| is_known::<Suite>(name));
    table.list("suites", &ours);
    (lost > 0)
        .then(|| format!("{lost} of its suites are not spoken: no forward secrecy, or no authenticated encryption"))
}

/// Sets the groups of a list of OpenSSL's; returns what is lost.
pub(super) fn groups(list: &str, table: &mut Table) -> Option<String> {
    if list == "auto" {
        return None;
    }
    let (mut ours, mut lost) = (Vec::new(), Vec::new());
    for name in list.split([':', ' ']).filter(|name| !name.is_empty()) {
        let known = GROUPS.iter().find(|(openssl, _)| openssl.eq_ignore_ascii_case(name));
        match known.map(|(_, ours)| (*ours).to_owned()).filter(|name| is_known::<KeyExchangeGroup>(name)) {
            Some(name) if !ours.contains(&name) => ours.push(name),
            Some(_) => {}
            None => lost.push(name),
        }
    }
    if !ours.is_empty() {
        table.list("groups", &ours);
    }
    (!lost.is_empty()).then(|| format!("not spoken: {}", lost.join(", ")))
}

fn is_known<T: Choices>(name: &str) -> bool {
    T::CHOICES.iter().any(|(word, ..)| *word == name)
}

static TLS13: &[&str] = &["TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"];

/// OpenSSL's names of the suites that are spoken below TLS 1.3.
static SUITES: &[(&str, &str)] = &[
    ("ECDHE-ECDSA-AES128-GCM-SHA256", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"),
    ("ECDHE-ECDSA-AES256-GCM-SHA384", "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"),
    ("ECDHE-ECDSA-CHACHA20-POLY1305", "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256"),
    ("ECDHE-RSA-AES128-GCM-SHA256", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"),
    ("ECDHE-RSA-AES256-GCM-SHA384", "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"),
    ("ECDHE-RSA-CHACHA20-POLY1305", "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256"),
];

static GROUPS: &[(&str, &str)] = &[
    ("X25519MLKEM768", "X25519MLKEM768"),
    ("SecP256r1MLKEM768", "secp256r1MLKEM768"),
    ("MLKEM768", "MLKEM768"),
    ("X25519", "X25519"),
    ("prime256v1", "secp256r1"),
    ("secp256r1", "secp256r1"),
    ("P-256", "secp256r1"),
    ("secp384r1", "secp384r1"),
    ("P-384", "secp384r1"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_openssl_are_those_of_the_standards() {
        for (fill, words, key, has, is_lost) in [
            (
                suites as fn(&str, &mut Table) -> Option<String>,
                "ECDHE-RSA-AES128-GCM-SHA256:AES128-SHA",
                "suites",
                true,
                true,
            ),
            (suites, "ECDHE-RSA-AES128-GCM-SHA256:!aNULL", "suites", true, false),
            (suites, "HIGH:!aNULL", "suites", false, true),
            (groups, "X25519:prime256v1", "groups", true, false),
            (groups, "sect571r1", "groups", false, true),
            (groups, "auto", "groups", false, false),
        ] {
            let mut table = Table::default();
            let lost = fill(words, &mut table);
            assert_eq!((table.has(key), lost.is_some()), (has, is_lost), "{words}");
        }
        let mut table = Table::default();
        assert!(versions(&["TLSv1.1", "TLSv1.2"], &mut table).is_some());
        assert_eq!(table.value("versions").as_deref(), Some("[\"1.2\"]"));
    }
}
