//! Which weak ciphers a list may enable, as gixy-ng follows it: with one suite for each weak family.
//!
//! What it cannot resolve it counts as possible, and marks it with a question mark.

use std::collections::BTreeSet;

static SAMPLES: &[&str] = &[
    "DES-CBC3-SHA",
    "DES-CBC-SHA",
    "ADH-AES128-SHA",
    "AECDH-AES128-SHA",
    "NULL-SHA",
    "CAMELLIA128-SHA",
    "CAMELLIA256-SHA",
    "RC4-SHA",
    "SEED-SHA",
    "IDEA-CBC-SHA",
    "EXP-RC4-MD5",
];

static ALIASES: &str = "ALL DEFAULT EXP EXPORT EXPORT40 EXPORT56 NULL ENULL ANULL DES 3DES DES-CBC3 RC4 MD5 ADH AECDH \
                        LOW MEDIUM CAMELLIA SEED IDEA SSLV2 CAMELLIA128 CAMELLIA256";

fn is_alias(name: &str) -> bool {
    ALIASES.split_whitespace().any(|alias| alias == name)
}

/// Returns what may be enabled.
pub(super) fn weak_for_ng(list: &str) -> Vec<String> {
    let mut enabled: BTreeSet<String> = BTreeSet::new();
    let mut banned: Vec<Vec<String>> = Vec::new();
    let commands = list.split(|c: char| matches!(c, ':' | ',') || c.is_whitespace());
    for command in commands.filter(|command| !command.is_empty() && !command.starts_with('@')).take(MOST) {
        let (operator, body) = match command.split_at_checked(1) {
            Some((operator @ ("!" | "-" | "+"), body)) => (operator, body),
            _ => ("", command),
        };
        let selectors: Vec<String> =
            body.split('+').filter(|part| !part.is_empty()).map(str::to_ascii_uppercase).collect();
        if selectors.is_empty() || operator == "+" {
            continue;
        }
        if !operator.is_empty() {
            enabled.retain(|suite| all_match(&selectors, suite) != Some(true));
            if operator == "!" {
                banned.push(selectors);
            }
            continue;
        }
        let is_concrete = selectors.iter().all(|name| is_concrete(name));
        let distinct: BTreeSet<_> = selectors.iter().collect();
        if (selectors.len() == 1 && selectors.iter().all(|name| is_unknown_digest(name)))
            || (is_concrete && distinct.len() > 1)
        {
            continue;
        }
        let mut candidates: BTreeSet<String> = SAMPLES.iter().map(|&name| name.to_owned()).collect();
        candidates.extend(selectors.iter().filter(|name| is_weak(name) && !is_alias(name)).cloned());
        if !is_empty_selection(&selectors) && !is_strong_selection(&selectors) && !is_concrete {
            candidates.insert(format!("?{}", selectors.join("+")));
        }
        let is_in = |suite: &String| {
            all_match(&selectors, suite) == Some(true) && !banned.iter().any(|ban| all_match(ban, suite) == Some(true))
        };
        enabled.extend(candidates.into_iter().filter(is_in));
    }
    enabled.into_iter().collect()
}

/// A list of thousands of names is nobody's.
const MOST: usize = 1_000;

/// One of a strong family, or the name of a suite that is weak.
fn is_concrete(name: &str) -> bool {
    is_strong(name) || (name.contains('-') && !is_alias(name) && is_weak(name))
}

fn without_exchange(name: &str) -> &str {
    let exchanges = ["ECDHE-RSA-", "ECDHE-ECDSA-", "DHE-RSA-", "DHE-ECDSA-"];
    exchanges.iter().find_map(|start| name.strip_prefix(start)).unwrap_or(name)
}

fn is_strong(name: &str) -> bool {
    let rest = without_exchange(name);
    let after = rest.strip_prefix("AES128").or_else(|| rest.strip_prefix("AES256"));
    let digest = after.map(|rest| rest.strip_prefix("-GCM").unwrap_or(rest));
    rest == "CHACHA20-POLY1305" || matches!(digest, Some("-SHA" | "-SHA256" | "-SHA384"))
}

fn is_unknown_digest(name: &str) -> bool {
    let rest = without_exchange(name);
    let after = rest.strip_prefix("AES128").or_else(|| rest.strip_prefix("AES256"));
    let digest = after.map(|rest| rest.strip_prefix("-GCM").unwrap_or(rest)).and_then(|rest| rest.strip_prefix("-SHA"));
    digest.is_some_and(|bits| {
        !bits.is_empty() && bits.bytes().all(|byte| byte.is_ascii_digit()) && !matches!(bits, "256" | "384" | "512")
    })
}

fn is_weak(name: &str) -> bool {
    if is_alias(name) || SAMPLES.contains(&name) {
        return true;
    }
    let parts: Vec<_> = name.split('-').collect();
    let followed = parts.split_last().map_or(&[][..], |(_, rest)| rest);
    let has = |word: &str| followed.contains(&word);
    let is_camellia = followed
        .iter()
        .any(|part| part.strip_prefix("CAMELLIA").is_some_and(|bits| bits.bytes().all(|byte| byte.is_ascii_digit())));
    let is_des = followed.windows(2).any(|pair| matches!(pair, ["DES", "CBC3" | "CBC"]));
    ["ADH", "AECDH", "NULL", "RC4", "SEED", "IDEA", "EXP"].into_iter().any(has)
        || is_camellia
        || is_des
        || name.ends_with("-MD5")
}

fn is_empty_selection(selectors: &[String]) -> bool {
    let family = |name: &String| match &**name {
        name if name.starts_with("AES") => Some("AES"),
        name if name.starts_with("CAMELLIA") => Some("CAMELLIA"),
        "3DES" | "DES-CBC3" => Some("3DES"),
        "ENULL" | "NULL" => Some("NULL"),
        "RC4" => Some("RC4"),
        "SEED" => Some("SEED"),
        "IDEA" => Some("IDEA"),
        _ => None,
    };
    selectors.iter().filter_map(family).collect::<BTreeSet<_>>().len() > 1
}

fn is_strong_selection(selectors: &[String]) -> bool {
    let is_cipher = |name: &String| matches!(&**name, "AES128" | "AES256" | "AESGCM");
    let is_exchange = |name: &String| matches!(&**name, "EDH" | "DHE" | "EECDH" | "ECDHE");
    selectors.iter().any(is_cipher)
        && selectors.iter().any(is_exchange)
        && selectors.iter().all(|name| is_cipher(name) || is_exchange(name))
}

/// Nothing, where it cannot be told.
fn all_match(selectors: &[String], suite: &str) -> Option<bool> {
    let matches: Vec<_> = selectors.iter().map(|selector| matches(selector, suite)).collect();
    if matches.contains(&Some(false)) {
        return Some(false);
    }
    (!matches.contains(&None)).then_some(true)
}

fn matches(selector: &str, suite: &str) -> Option<bool> {
    if let Some(positive) = suite.strip_prefix('?') {
        let parts: Vec<_> = positive.split('+').collect();
        if parts.iter().any(|part| covers(selector, part)) {
            return Some(true);
        }
        let is_null = selector == "ALL" && parts.iter().any(|part| matches!(*part, "ENULL" | "NULL"));
        return is_null.then_some(false);
    }
    if selector == suite {
        return Some(true);
    }
    if selector == "ALL" {
        return Some(suite != "ENULL" && !suite.starts_with("NULL-"));
    }
    if selector == "DEFAULT" || matches!(suite, "ALL" | "DEFAULT") {
        return None;
    }
    let starts = |starts: &[&str]| starts.iter().any(|start| suite.starts_with(start));
    Some(match selector {
        "ANULL" => starts(&["ADH-", "AECDH-"]),
        "ADH" => starts(&["ADH-"]),
        "AECDH" => starts(&["AECDH-"]),
        "ENULL" | "NULL" => starts(&["NULL-"]) || suite.contains("-NULL-"),
        "3DES" | "DES-CBC3" => suite.contains("DES-CBC3-"),
        "DES" => suite.contains("DES-CBC-"),
        "CAMELLIA" | "CAMELLIA128" | "CAMELLIA256" | "AES" | "AES128" | "AES256" | "RC4" | "SEED" | "IDEA" | "MD5" => {
            suite.contains(selector)
        }
        "AESGCM" => suite.contains("-AES128-GCM-") || suite.contains("-AES256-GCM-"),
        "KRSA" | "RSA" | "ARSA" => starts(&["NULL-", "DES-CBC", "CAMELLIA", "RC4-", "SEED-", "IDEA-"]),
        "KDHE" | "KEDH" | "DH" => starts(&["ADH-", "DHE-"]),
        "KECDHE" | "KEECDH" | "ECDH" => starts(&["AECDH-", "ECDHE-"]),
        "EDH" | "DHE" => starts(&["DHE-"]),
        "EECDH" | "ECDHE" => starts(&["ECDHE-"]),
        "EXP" | "EXPORT" | "EXPORT40" | "EXPORT56" => starts(&["EXP-"]),
        selector if selector.contains('-') => false,
        _ => return None,
    })
}

fn covers(selector: &str, positive: &str) -> bool {
    if selector == positive {
        return true;
    }
    match selector {
        "ALL" => {
            (is_alias(positive) && !matches!(positive, "ENULL" | "NULL"))
                || matches!(positive, "AES" | "AES128" | "AES256")
        }
        "ANULL" => matches!(positive, "ADH" | "AECDH"),
        "ENULL" => positive == "NULL",
        "NULL" => positive == "ENULL",
        "CAMELLIA" => matches!(positive, "CAMELLIA128" | "CAMELLIA256"),
        "AES" => matches!(positive, "AES128" | "AES256"),
        "3DES" => positive == "DES-CBC3",
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weak_families_are_followed_through_a_list() {
        for (list, expected) in [
            ("ECDHE-RSA-AES128-GCM-SHA256", vec![]),
            ("EECDH+AESGCM:AES256+EECDH", vec![]),
            ("ECDHE-RSA-AES128-GCM-SHA256:RC4-SHA", vec!["RC4-SHA"]),
            ("HIGH:!aNULL:!MD5", vec!["?HIGH"]),
            ("RC4:!RC4", vec![]),
        ] {
            assert_eq!(weak_for_ng(list), expected, "{list}");
        }
    }
}
