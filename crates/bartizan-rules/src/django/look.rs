//! Questions to the settings that several rules ask; nothing where the answer cannot be known.

use crate::facts::django::{Literal, Outcome};

pub(super) const SECURITY: &str = "django.middleware.security.SecurityMiddleware";
pub(super) const FRAMES: &str = "django.middleware.clickjacking.XFrameOptionsMiddleware";
pub(super) const CSRF: &str = "django.middleware.csrf.CsrfViewMiddleware";
pub(super) const SESSIONS: &str = "django.contrib.sessions.middleware.SessionMiddleware";
/// What comes before CsrfViewMiddleware, as Django's own settings have it.
pub(super) const BEFORE_CSRF: &[&str] = &[SECURITY, SESSIONS, "django.middleware.common.CommonMiddleware"];
/// What comes before XFrameOptionsMiddleware, which Django's own settings have last.
pub(super) const BEFORE_FRAMES: &[&str] = &[
    SECURITY,
    SESSIONS,
    "django.middleware.common.CommonMiddleware",
    CSRF,
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
];
pub(super) const CSP: &str = "django.middleware.csp.ContentSecurityPolicyMiddleware";

/// Whether something is in a setting, as Python's `in` finds it: in a text it looks for a part.
pub(super) fn has(outcome: &Outcome, setting: &str, wanted: &str) -> Option<bool> {
    let Some(value) = outcome.value(setting) else { return Some(false) };
    let items: Vec<&Literal> = match value {
        Literal::Text(text) => return Some(text.contains(wanted)),
        Literal::Unknown | Literal::Other(_) => return None,
        Literal::Dict(entries) => entries.iter().map(|(key, _)| &key.value).collect(),
        _ => value.items().unwrap_or_default().iter().map(|item| &item.value).collect(),
    };
    if items.iter().any(|item| item.text() == Some(wanted)) {
        return Some(true);
    }
    if items.contains(&&Literal::Unknown) { None } else { Some(false) }
}

/// Whether a middleware is on.
pub(super) fn has_middleware(outcome: &Outcome, path: &str) -> Option<bool> {
    has(outcome, "MIDDLEWARE", path)
}

/// Whether a setting is `True` itself, as Django's checks ask, and not merely true.
pub(super) fn is_on(outcome: &Outcome, setting: &str, usual: bool) -> Option<bool> {
    match outcome.value(setting) {
        None => Some(usual),
        Some(Literal::Unknown) => None,
        Some(value) => Some(*value == Literal::Bool(true)),
    }
}

/// Whether a setting counts as true.
pub(super) fn is_truthy(outcome: &Outcome, setting: &str, usual: bool) -> Option<bool> {
    outcome.value(setting).map_or(Some(usual), Literal::truth)
}

/// Returns how a setting stands, in words.
pub(super) fn state(outcome: &Outcome, setting: &str) -> String {
    match outcome.value(setting) {
        None => format!("{setting} is not set"),
        Some(Literal::Unknown) => format!("{setting} may not be what it should"),
        Some(Literal::Bool(yes)) => format!("{setting} is {}", if *yes { "True" } else { "False" }),
        Some(Literal::None) => format!("{setting} is None"),
        Some(Literal::Int(number)) => format!("{setting} is {number}"),
        Some(Literal::Text(text)) if text.is_empty() => format!("{setting} is an empty text"),
        Some(value) => format!("{setting} is a {}", value.type_name()),
    }
}

/// Both conditions, as far as they are known: one that is false decides.
pub(super) const fn both(left: Option<bool>, right: Option<bool>) -> Option<bool> {
    match (left, right) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    }
}

/// The opposite, as far as it is known.
pub(super) const fn not(condition: Option<bool>) -> Option<bool> {
    match condition {
        Some(yes) => Some(!yes),
        None => None,
    }
}

/// Whether a key is one that Django calls weak.
///
/// Nothing where that cannot be known; an error where its check itself ends in one.
pub(super) fn is_weak_key(key: &Literal) -> Result<Option<bool>, String> {
    match key {
        Literal::Unknown | Literal::Other(_) => Ok(None),
        Literal::Text(text) => {
            let distinct = text.chars().collect::<std::collections::BTreeSet<_>>().len();
            Ok(Some(distinct < 5 || text.chars().count() < 50 || text.starts_with("django-insecure-")))
        }
        Literal::Bytes(bytes) => {
            let distinct = bytes.iter().collect::<std::collections::BTreeSet<_>>().len();
            if distinct < 5 || bytes.len() < 50 {
                return Ok(Some(true));
            }
            Err("TypeError: startswith first arg must be bytes or a tuple of bytes, not str".to_owned())
        }
        Literal::List(items) | Literal::Tuple(items) | Literal::Set(items) => {
            let mut distinct: Vec<&Literal> = Vec::new();
            for item in items {
                if distinct.len() < 5 && !distinct.contains(&&item.value) {
                    distinct.push(&item.value);
                }
            }
            if items.len() < 50 || distinct.len() < 5 {
                return Ok(Some(true));
            }
            Err(format!("AttributeError: '{}' object has no attribute 'startswith'", key.type_name()))
        }
        Literal::Dict(_) => Ok(Some(true)),
        _ => Err(format!("TypeError: '{}' object is not iterable", key.type_name())),
    }
}
