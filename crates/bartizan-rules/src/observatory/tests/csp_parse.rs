//! Several policies, combined as the peer combines them.
//!
//! Not what browsers do: a directive that only a later policy has becomes `'none'`, and a third policy takes nothing
//! away that the second confirmed.

use std::collections::{HashMap, HashSet};

use crate::observatory::collation::compare;
use crate::observatory::javascript::{decode_uri_component, is_space, trim};

/// The directives of all policies, in the order in which they came first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Combined {
    directives: Vec<(String, Vec<String>)>,
    /// Whether a directive stood twice that may.
    pub(super) has_repeated_report: bool,
}

/// The peer throws.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Invalid;

#[derive(Debug, Clone)]
struct Source {
    text: String,
    policy: usize,
    is_kept: bool,
}

impl Combined {
    /// Combines policies.
    pub(super) fn parse(policies: &[String]) -> Result<Self, Invalid> {
        let clean = |text: &String| trim(&text.replace(['\r', '\n'], "")).to_owned();
        let policies: Vec<_> = policies.iter().map(clean).collect();
        // The shortest directive name has seven characters; the peer asks for six.
        if policies.iter().any(|policy| policy.encode_utf16().count() < 6) {
            return Err(Invalid);
        }
        let mut directives: Vec<(String, Vec<Source>)> = Vec::new();
        let mut places: HashMap<String, usize> = HashMap::new();
        let mut has_repeated_report = false;
        for (index, policy) in policies.iter().enumerate() {
            let mut met = HashSet::new();
            for entry in policy.split(';') {
                let mut words = trim(entry).split(is_space).filter(|word| !word.is_empty());
                let Some(name) = words.next().map(str::to_lowercase) else { continue };
                if !met.insert(name.clone()) {
                    if name != "report-uri" && name != "report-to" {
                        return Err(Invalid);
                    }
                    has_repeated_report = true;
                }
                let new = |text: String| Source { text, policy: index, is_kept: index == 0 };
                let mut sources: Vec<_> = words.map(|word| new(word.to_lowercase())).collect();
                if sources.is_empty() && name.ends_with("-src") {
                    sources.push(new("'none'".to_owned()));
                }
                let place = *places.entry(name).or_insert_with_key(|name| {
                    directives.push((name.clone(), Vec::new()));
                    directives.len() - 1
                });
                let Some((_, stored)) = directives.get_mut(place) else { continue };
                *stored = combine(if index == 0 { Vec::new() } else { std::mem::take(stored) }, sources)?;
                if index == 0 && policies.len() > 1 {
                    stored.iter_mut().for_each(|source| source.is_kept = false);
                }
            }
        }
        let directives = directives.into_iter().map(|(name, sources)| (name, texts(sources))).collect();
        Ok(Self { directives, has_repeated_report })
    }

    /// Whether there is nothing at all, apart from some directives.
    pub(super) fn is_empty_without(&self, ignored: &[&str]) -> bool {
        !self.has_repeated_report && self.directives.iter().all(|(name, _)| ignored.contains(&name.as_str()))
    }

    /// Returns the place of the first of some directives that is there.
    pub(super) fn first_of(&self, names: &[&str]) -> Option<usize> {
        names.iter().find_map(|name| self.directives.iter().position(|(known, _)| known == name))
    }

    /// Returns the sources at a place.
    pub(super) fn at(&self, place: usize) -> &[String] {
        self.directives.get(place).map_or(&[], |(_, sources)| sources)
    }

    /// Takes sources away at a place, for every directive that shares it.
    pub(super) fn remove(&mut self, place: usize, is_removed: impl Fn(&str) -> bool) {
        if let Some((_, sources)) = self.directives.get_mut(place) {
            sources.retain(|source| !is_removed(source));
        }
    }

    /// Returns each directive and its sources.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &[String])> {
        self.directives.iter().map(|(name, sources)| (name.as_str(), sources.as_slice()))
    }
}

/// Sorts old and new sources and keeps those that both policies have.
fn combine(old: Vec<Source>, new: Vec<Source>) -> Result<Vec<Source>, Invalid> {
    let mut all = old;
    all.extend(new);
    all.sort_by(|a, b| compare(&a.text, &b.text));
    for at in 1..all.len() {
        let (before, rest) = all.split_at_mut(at);
        let (Some(previous), Some(source)) = (before.last(), rest.first_mut()) else { continue };
        if source.policy == previous.policy {
            // The longer one adds nothing.
            if source.text.starts_with(&previous.text) {
                source.is_kept = false;
            }
        } else if path_matches(&previous.text, &source.text)? {
            source.is_kept = true;
        }
    }
    all.retain(|source| source.is_kept);
    Ok(all)
}

fn texts(sources: Vec<Source>) -> Vec<String> {
    if sources.is_empty() {
        return vec!["'none'".to_owned()];
    }
    let mut met = HashSet::new();
    sources.into_iter().map(|source| source.text).filter(|text| met.insert(text.clone())).collect()
}

/// Whether the second is the first, or below it where the first ends in a slash.
fn path_matches(a: &str, b: &str) -> Result<bool, Invalid> {
    if a.is_empty() || (a == "/" && b.is_empty()) {
        return Ok(true);
    }
    let is_exact = !a.ends_with('/');
    let mut pieces: Vec<_> = a.split('/').collect();
    let others: Vec<_> = b.split('/').collect();
    if pieces.len() > others.len() || (is_exact && pieces.len() != others.len()) {
        return Ok(false);
    }
    if !is_exact {
        pieces.pop();
    }
    for (a, b) in pieces.iter().zip(&others) {
        let decode = |text: &str| decode_uri_component(text).ok_or(Invalid);
        if decode(a)? != decode(b)? {
            return Ok(false);
        }
    }
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(policies: &[&str]) -> Result<Vec<(String, Vec<String>)>, Invalid> {
        let policies: Vec<_> = policies.iter().map(|policy| (*policy).to_owned()).collect();
        Combined::parse(&policies).map(|combined| combined.directives)
    }

    fn check(policies: &[&str], expected: &[(&str, &[&str])]) {
        let expected = expected.iter().map(|(name, sources)| {
            ((*name).to_owned(), sources.iter().map(|source| (*source).to_owned()).collect::<Vec<_>>())
        });
        assert_eq!(parse(policies), Ok(expected.collect()), "{policies:?}");
    }

    #[test]
    fn policies_combine_as_the_peer_does() {
        check(&["default-src 'self'"], &[("default-src", &["'self'"])]);
        check(&["script-src"], &[("script-src", &["'none'"])]);
        check(&["sandbox"], &[("sandbox", &["'none'"])]);
        check(&["img-src https://a.example https://a.example/x"], &[("img-src", &["https://a.example"])]);
        check(&["img-src 'self' b.example", "img-src b.example"], &[("img-src", &["b.example"])]);
        check(&["img-src 'self'", "img-src b.example"], &[("img-src", &["'none'"])]);
        let later: &[(&str, &[&str])] = &[("img-src", &["'self'"]), ("script-src", &["'none'"])];
        check(&["img-src 'self'", "script-src https:"], later);
        check(&["img-src https://a.example/", "img-src https://a.example/x"], &[("img-src", &["https://a.example/x"])]);
    }

    #[test]
    fn some_policies_make_the_peer_throw() {
        for policies in [&["abc"][..], &[""], &["img-src a; img-src b"], &["img-src a/%zz", "img-src a/%zz"]] {
            assert_eq!(parse(policies), Err(Invalid), "{policies:?}");
        }
        assert!(parse(&["report-uri /a; report-uri /b"]).is_ok());
        assert_eq!(parse(&[]), Ok(Vec::new()));
    }
}
