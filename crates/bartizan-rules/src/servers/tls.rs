//! What a list of protocols or ciphers allows.

use std::collections::BTreeSet;

use crate::facts::blocks::At;
use crate::facts::nginx::{Nginx, Peer, Reader};

/// Mozilla's intermediate list, without the suites that need parameters of their own.
pub(super) const MODERN: &str = "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:\
                                 ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:\
                                 ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";

/// Returns the old protocols that Apache speaks, its words followed from left to right.
pub(super) fn old_protocols<'a>(words: impl Iterator<Item = &'a str>) -> Vec<&'static str> {
    let spoken = spoken(words);
    OLD.iter().copied().filter(|old| spoken.contains(old)).collect()
}

/// Whether Apache speaks TLS 1.3 and nothing else.
pub(super) fn is_13_alone<'a>(words: impl Iterator<Item = &'a str>) -> bool {
    let spoken = spoken(words);
    !spoken.is_empty() && spoken.iter().all(|name| *name == "TLSv1.3")
}

fn spoken<'a>(words: impl Iterator<Item = &'a str>) -> Vec<&'static str> {
    let mut spoken: Vec<&str> = Vec::new();
    for word in words.take(MOST) {
        let (sign, name) = match word.split_at_checked(1) {
            Some((sign @ ("+" | "-"), name)) => (sign, name),
            _ => ("", word),
        };
        let named: Vec<&'static str> = if name.eq_ignore_ascii_case("all") {
            // SSLv3 is no longer built in.
            vec!["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"]
        } else {
            OLD.iter().chain(NEW).copied().filter(|known| known.eq_ignore_ascii_case(name)).collect()
        };
        match sign {
            "-" => spoken.retain(|known| !named.contains(known)),
            // httpd takes a word without a sign for the whole list, and warns; who wrote several meant all of them.
            _ => spoken.extend(named),
        }
    }
    spoken
}

/// More words than there are versions.
const MOST: usize = 100;

static NEW: &[&str] = &["TLSv1.2", "TLSv1.3"];

static OLD: &[&str] = &["SSLv2", "SSLv3", "TLSv1", "TLSv1.1"];

/// The names of a list that put something into it.
fn selectors(list: &str) -> impl Iterator<Item = &str> {
    let names = list.split([':', ',', ' ']).filter(|name| !name.is_empty());
    names.filter(|name| !name.starts_with(['!', '-', '+', '@']))
}

/// What a list bans for good, in upper case.
fn banned(list: &str) -> BTreeSet<String> {
    list.split([':', ',', ' ']).filter_map(|name| name.strip_prefix('!')).map(str::to_ascii_uppercase).collect()
}

/// Returns the names in a list that stand for weak ciphers.
pub(super) fn weak(list: &str) -> Vec<&str> {
    weak_beside(list, &banned(list))
}

fn weak_beside<'a>(list: &'a str, banned: &BTreeSet<String>) -> Vec<&'a str> {
    let is_everything = !["ANULL", "RC4", "3DES"].iter().all(|word| banned.contains(*word));
    let is_weak = |name: &&str| {
        let upper = name.to_ascii_uppercase();
        let is_word = upper.split(['-', '+']).any(|part| WEAK.contains(&part))
            && !(WEAK.contains(&&*upper) && banned.contains(&upper));
        // Everything, and with it what has no certificate or no encryption.
        is_word || (upper == "ALL" && is_everything)
    };
    selectors(list).filter(is_weak).collect()
}

/// Returns the weak ones that no later or earlier word bans for good, as OpenSSL reads a list.
pub(super) fn weak_and_allowed(list: &str) -> Vec<&str> {
    let banned = banned(list);
    let has = |word: &str| banned.contains(word);
    let is_banned = |name: &&str| {
        let upper = name.to_ascii_uppercase();
        let mut parts = upper.split(['-', '+']);
        parts.any(|part| {
            has(part)
                || match part {
                    "CBC3" => has("3DES"),
                    "ADH" | "AECDH" => has("ANULL"),
                    "NULL" => has("ENULL"),
                    "EXPORT40" | "EXPORT56" | "EXP" | "EXPORT" => has("EXP") || has("EXPORT"),
                    _ => false,
                }
        })
    };
    weak_beside(list, &banned).into_iter().filter(|name| name.eq_ignore_ascii_case("all") || !is_banned(name)).collect()
}

static WEAK: &[&str] = &[
    "RC4", "DES", "3DES", "CBC3", "MD5", "NULL", "ENULL", "ANULL", "EXP", "EXPORT", "EXPORT40", "EXPORT56", "ADH",
    "AECDH", "LOW", "MEDIUM", "SEED", "IDEA", "RC2",
];

/// Whether a list has a word that stands for many suites.
pub(super) fn is_broad(list: &str) -> bool {
    selectors(list).any(|name| {
        matches!(
            &*name.to_ascii_uppercase(),
            "HIGH"
                | "ALL"
                | "DEFAULT"
                | "AES"
                | "AES128"
                | "AES256"
                | "AESGCM"
                | "SHA"
                | "SHA256"
                | "SHA384"
                | "TLSV1.2"
        )
    })
}

fn suites(list: &str) -> impl Iterator<Item = &str> {
    selectors(list).filter(|name| name.contains("-SHA") || name.contains("GCM") || name.contains("POLY1305"))
}

/// Returns the suites with CBC.
pub(super) fn cbc(list: &str) -> Vec<&str> {
    let is_aead = |name: &str| ["GCM", "CCM", "POLY1305"].iter().any(|mode| name.contains(mode));
    let is_other = |name: &str| ["RC4", "NULL"].iter().any(|word| name.contains(word));
    suites(list)
        .filter(|name| !name.contains('+') && !is_aead(name) && !is_other(name) && !name.contains("DES"))
        .collect()
}

/// Returns the suites without forward secrecy.
pub(super) fn no_forward_secrecy(list: &str) -> Vec<&str> {
    let has = |name: &str| {
        ["ECDHE-", "DHE-", "EECDH", "EDH", "TLS_", "ADH", "AECDH"].iter().any(|start| name.starts_with(start))
    };
    suites(list).filter(|name| !name.contains('+') && !has(name) && weak(name).is_empty()).collect()
}

/// Whether TLS 1.3 alone is spoken, which has ciphers of its own.
pub(super) fn is_13_only(server: At<'_>) -> bool {
    server
        .effective("ssl_protocols")
        .is_some_and(|node| !node.words().is_empty() && node.args().all(|arg| arg == "TLSv1.3"))
}

/// The same, as gixy-ng looks for it: in the block and in the one around, and for a server in `http`.
pub(super) fn is_13_for_ng<'a>(ng: &'a Reader, block: At<'a>, http: Option<At<'a>>) -> bool {
    let scopes = std::iter::once(block).chain(block.parent()).chain(http);
    let protocols = scopes.into_iter().find_map(|scope| ng.some(scope, "ssl_protocols"));
    protocols.is_some_and(|node| !node.words().is_empty() && node.args().all(|arg| arg == "TLSv1.3"))
}

/// Whether gixy-ng finds a directive in the server or in `http`.
pub(super) fn has_for_ng(nginx: &Nginx, server: At<'_>, name: &str) -> bool {
    let ng = nginx.reader(Peer::Ng);
    std::iter::once(server).chain(nginx.http()).any(|scope| ng.some(scope, name).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_protocols_are_read_from_left_to_right() {
        for (words, old) in [
            ("all -SSLv3 -TLSv1 -TLSv1.1", vec![]),
            ("-all +TLSv1 +TLSv1.2", vec!["TLSv1"]),
            ("TLSv1.1 TLSv1.2", vec!["TLSv1.1"]),
            ("+SSLv3 +TLSv1.2", vec!["SSLv3"]),
            ("all", vec!["TLSv1", "TLSv1.1"]),
            ("TLSv1.3", vec![]),
        ] {
            assert_eq!(old_protocols(words.split(' ')), old, "{words}");
        }
    }

    #[test]
    fn ciphers_are_known_by_their_names() {
        for (list, is_weak, is_broad, has_cbc, is_static) in [
            (MODERN, false, false, false, false),
            ("ECDHE-RSA-AES128-GCM-SHA256:RC4-SHA", true, false, false, false),
            ("MEDIUM:HIGH", true, true, false, false),
            ("HIGH:!aNULL:!MD5", false, true, false, false),
            ("ECDHE-RSA-AES128-SHA256", false, false, true, false),
            ("AES128-GCM-SHA256", false, false, false, true),
            ("EECDH+AESGCM:AES256+EECDH", false, false, false, false),
            ("ECDHE-RSA-AES128-GCM-SHA256:DES-CBC3-SHA", true, false, false, false),
        ] {
            let found = (
                !weak(list).is_empty(),
                super::is_broad(list),
                !cbc(list).is_empty(),
                !no_forward_secrecy(list).is_empty(),
            );
            assert_eq!(found, (is_weak, is_broad, has_cbc, is_static), "{list}");
        }
    }
}
