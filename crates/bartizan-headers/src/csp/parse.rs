//! Text to policy (CSP3, 2.2.1): what a browser keeps, what it passes over, what it cannot read.

use super::directive::{DirectiveName, Kind};
use super::source::{HashAlgorithm, HostSource, Keyword, Port, Source, SourceHost};
use super::{Directive, Policy, Value};
use crate::field::Note;

/// Returns the policy of a text without commas.
pub(super) fn policy(text: &str, notes: &mut Vec<Note>) -> Policy {
    let mut policy = Policy::default();
    for part in text.split(';') {
        let mut words = part.split_ascii_whitespace();
        let Some(name) = words.next() else { continue };
        if !part.is_ascii() || part.bytes().any(|byte| byte.is_ascii_control() && !byte.is_ascii_whitespace()) {
            notes.push(Note::syntax(part));
            continue;
        }
        let name = DirectiveName::of(name);
        // The first of a name counts; browsers only warn of the others.
        if policy.has(&name) {
            notes.push(Note::duplicate(name.as_str()));
            continue;
        }
        match &name {
            DirectiveName::Other(unknown) => notes.push(Note::unknown(unknown)),
            name if name.is_obsolete() => notes.push(Note::Obsolete(name.to_string())),
            _ => {}
        }
        let value = match name.kind() {
            Kind::Sources => Value::Sources(sources(&name, words, notes)),
            Kind::Demands | Kind::Flag | Kind::Grants | Kind::Other => {
                Value::Words(words.map(ToOwned::to_owned).collect())
            }
        };
        policy.directives.push(Directive { name, value });
    }
    policy
}

fn sources<'a>(name: &DirectiveName, words: impl Iterator<Item = &'a str>, notes: &mut Vec<Note>) -> Vec<Source> {
    let sources: Vec<_> = words
        .map(|word| {
            let source = source(word);
            if matches!(source, Source::Unknown(_)) || has_query(&source) {
                notes.push(Note::invalid(name.as_str(), word));
            }
            source
        })
        .collect();
    if sources.len() > 1 && sources.contains(&Source::None) {
        notes.push(Note::Conflict(format!("{name} without 'none'")));
    }
    sources
}

/// Whether a path has what the grammar has not; browsers pass over it, and the source counts without it.
fn has_query(source: &Source) -> bool {
    matches!(source, Source::Host(HostSource { path: Some(path), .. }) if path.contains(['?', '#']))
}

/// Returns the source expression that a word is.
pub(super) fn source(word: &str) -> Source {
    let known = match word.strip_prefix('\'').map(|rest| rest.strip_suffix('\'')) {
        Some(Some(quoted)) => quoted_source(quoted),
        Some(None) => None,
        None => scheme_source(word).or_else(|| host_source(word).map(Source::Host)),
    };
    known.unwrap_or_else(|| Source::Unknown(word.to_owned()))
}

fn quoted_source(word: &str) -> Option<Source> {
    if word.eq_ignore_ascii_case("none") {
        return Some(Source::None);
    }
    if word.eq_ignore_ascii_case("self") {
        return Some(Source::SelfOrigin);
    }
    if let Some(keyword) = Keyword::ALL.into_iter().find(|keyword| word.eq_ignore_ascii_case(keyword.as_str())) {
        return Some(Source::Keyword(keyword));
    }
    let (kind, value) = word.split_once('-')?;
    if !is_base64(value) {
        return None;
    }
    if kind.eq_ignore_ascii_case("nonce") {
        return Some(Source::Nonce(value.to_owned()));
    }
    let algorithm = HashAlgorithm::ALL.into_iter().find(|algorithm| kind.eq_ignore_ascii_case(algorithm.as_str()))?;
    Some(Source::Hash(algorithm, value.to_owned()))
}

/// Whether the text is a `base64-value`: either alphabet, at most two signs of padding.
fn is_base64(text: &str) -> bool {
    let body = text.trim_end_matches('=');
    text.len() - body.len() <= 2
        && !body.is_empty()
        && body.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_'))
}

fn scheme_source(word: &str) -> Option<Source> {
    let scheme = word.strip_suffix(':')?;
    is_scheme(scheme).then(|| Source::Scheme(scheme.to_ascii_lowercase()))
}

fn host_source(word: &str) -> Option<HostSource> {
    let (scheme, rest) = match word.split_once("://") {
        Some((scheme, rest)) if is_scheme(scheme) => (Some(scheme.to_ascii_lowercase()), rest),
        Some(_) => return None,
        None => (None, word),
    };
    let (authority, path) = match rest.split_once('/') {
        Some((authority, below)) => (authority, Some(format!("/{below}"))),
        None => (rest, None),
    };
    if path.as_deref().is_some_and(|path| path.contains(['\'', '"'])) {
        return None;
    }
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, "*")) => (host, Some(Port::Any)),
        Some((host, digits)) => (host, Some(Port::Number(crate::host::parse_port(digits).ok()?))),
        None => (authority, None),
    };
    let host = match host.strip_prefix("*.") {
        _ if host == "*" => SourceHost::Any,
        Some(name) if is_host(name) => SourceHost::Below(name.to_ascii_lowercase()),
        None if is_host(host) => SourceHost::Exact(host.to_ascii_lowercase()),
        _ => return None,
    };
    Some(HostSource { scheme, host, port, path })
}

fn is_scheme(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'))
}

/// Whether the text is labels between dots; a dot may end it, and browsers take no underscore.
fn is_host(text: &str) -> bool {
    let mut labels = text.strip_suffix('.').unwrap_or(text).split('.');
    labels.all(|label| !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'))
}

#[cfg(test)]
mod tests {
    use super::super::PolicyList;
    use crate::field::Field;

    #[test]
    fn policies_are_kept_as_written() {
        for (lines, canonical, notes) in [
            (&["default-src 'self'; img-src *"][..], Some("default-src 'self'; img-src *"), 0),
            (
                &[" Default-SRC  'SELF' HTTPS://A.example:443/X ;;"],
                Some("default-src 'self' https://a.example:443/X"),
                0,
            ),
            (&["img-src a.example; img-src *"], Some("img-src a.example"), 1),
            (&["a-new-thing x Y"], Some("a-new-thing x Y"), 1),
            (&["script-src 'nonce-aB3=' 'sha256-xyz='"], Some("script-src 'nonce-aB3=' 'sha256-xyz='"), 0),
            (
                &["default-src 'none'", "img-src data:, font-src *.a.example:*"],
                Some("default-src 'none', img-src data:, font-src *.a.example:*"),
                0,
            ),
            (&["sandbox allow-scripts; report-to x"], Some("sandbox allow-scripts; report-to x"), 0),
            (&["script-src 'none' 'self'"], Some("script-src 'none' 'self'"), 1),
            (&["script-src self 'unsafe-inlin' [::1]"], Some("script-src self 'unsafe-inlin' [::1]"), 2),
            (&["img-src \u{fc}.example; font-src 'self'"], Some("font-src 'self'"), 1),
            (&["", " ; "], None, 1),
            (&[], None, 0),
        ] {
            let parsed = PolicyList::parse(lines);
            assert_eq!(parsed.value.map(|list| list.to_string()).as_deref(), canonical, "{lines:?}");
            assert_eq!(parsed.notes.len(), notes, "{lines:?}: {:?}", parsed.notes);
        }
    }

    #[test]
    fn words_that_are_no_source_are_told() {
        for (word, is_source) in [
            ("a.example", true),
            ("*.a.example:*/x/", true),
            ("wss://a.example", true),
            ("blob:", true),
            ("'none'", true),
            ("'nonce-'", false),
            ("'sha1-abc'", false),
            ("a.example:port", false),
            ("a.*.example", false),
            ("https://", false),
            ("'self", false),
            ("a.example/x?y", true), // the query is passed over
            ("a.example.", true),
            ("a_b.example", false),
        ] {
            assert_eq!(!matches!(super::source(word), super::Source::Unknown(_)), is_source, "{word}");
        }
    }
}
