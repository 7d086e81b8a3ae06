//! Whether a check of `Origin` or `Referer` lets others pass: what its pattern matches is tried.
//!
//! Each text that matches is looked at as it is, with something before it and with something behind it, as far as the
//! pattern is not tied to the text's ends. A host that then belongs to somebody else is a gap.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::address::{self, Address};
use crate::Severity;
use crate::facts::Nginx;
use crate::facts::blocks::At;
use crate::facts::nginx::Peer;
use crate::facts::regex::{Case, Regex};

/// Which header is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Header {
    Origin,
    Referrer,
}

/// A finding: how much it matters, what to say, and the words in which the peer says it.
type Said = (Severity, String, String);

/// Returns what is wrong with a pattern.
pub(super) fn judge(peer: Peer, regex: &Regex, header: Header) -> Vec<Said> {
    let mut search = Search { peer, header, foreign: BTreeSet::new(), invalid: BTreeSet::new() };
    for sample in regex.samples(OPEN) {
        let text = sample.text.replace(|c| !is_of_address(c), OPEN_TEXT);
        search.consider(&text, sample.is_start, sample.is_end);
    }
    search.sort_out();
    let mut said = Vec::new();
    let example = |texts: &BTreeSet<String>| texts.first().map(|text| text.replace(OPEN, "a")).unwrap_or_default();
    if !search.foreign.is_empty() {
        let severity = if header == Header::Origin { Severity::High } else { Severity::Medium };
        let words = format!("foreign {:?}", search.foreign);
        said.push((severity, format!("{} passes", example(&search.foreign)), words));
    }
    if !search.invalid.is_empty() {
        let words = format!("invalid {:?}", search.invalid);
        said.push((Severity::Low, format!("{} can never be sent", example(&search.invalid)), words));
    }
    said
}

/// Returns what is wrong with the map behind an `Access-Control-Allow-Origin`.
pub(super) fn given<'a>(nginx: &'a Nginx, peer: Peer, header: At<'a>) -> Vec<(At<'a>, Severity, String, String)> {
    let value = header.arg(1).unwrap_or_default().trim().trim_matches(['"', '\'']);
    if !value.starts_with('$') {
        return Vec::new();
    }
    let reader = nginx.reader(peer);
    let is_next = peer == Peer::Next;
    let reflected = |at| (at, Severity::High, "any origin that asks is allowed".to_owned(), "reflected".to_owned());
    if is_next && is_origin(value) {
        return vec![reflected(header)];
    }
    let variable = value.trim_start_matches('$');
    let variable = if is_next { variable.to_lowercase() } else { variable.to_owned() };
    let mut found = Vec::new();
    let is_this = |name: Option<&str>| {
        let name = name.unwrap_or_default().trim_start_matches('$');
        if is_next { name.to_lowercase() == variable } else { name == variable }
    };
    if is_next {
        let sets = nginx.each("set").filter(|set| reader.sees(*set) && is_this(set.arg(0)));
        let reflecting = sets.filter(|set| is_origin(set.arg(1).unwrap_or_default().trim().trim_matches(['"', '\''])));
        found.extend(reflecting.map(reflected));
    }
    for map in nginx.each("map").filter(|map| map.is_block() && reader.sees(*map) && is_this(map.arg(1))) {
        let source = map.arg(0).unwrap_or_default();
        if source != "$http_origin" && !(is_next && source.eq_ignore_ascii_case("$http_origin")) {
            continue;
        }
        for entry in reader.children(map) {
            let Some(pattern) = entry.name().strip_prefix('~') else {
                let value = entry.arg(0).unwrap_or_default().trim().trim_matches(['"', '\'']);
                if is_next && entry.is("default") && is_origin(value) {
                    found.push(reflected(entry));
                }
                continue;
            };
            let (pattern, case) = match pattern.strip_prefix('*') {
                Some(pattern) => (pattern, Case::Insensitive),
                None => (pattern, Case::Sensitive),
            };
            let Ok(regex) = entry.regex(pattern, case) else { continue };
            let said = judge(peer, &regex, Header::Origin).into_iter();
            found.extend(said.map(|(severity, message, words)| (entry, severity, message, words)));
        }
    }
    found
}

fn is_origin(value: &str) -> bool {
    value.trim_start_matches('$').trim_matches(['{', '}']).eq_ignore_ascii_case("http_origin")
}

/// Stands for whatever a visitor may put there.
const OPEN: char = '`';
const OPEN_TEXT: &str = "`";

const fn is_of_address(c: char) -> bool {
    c.is_ascii_graphic() && !matches!(c, '<' | '>' | '\\' | '{' | '|' | '}')
}

struct Search {
    peer: Peer,
    header: Header,
    foreign: BTreeSet<String>,
    invalid: BTreeSet<String>,
}

impl Search {
    fn consider(&mut self, text: &str, is_start: bool, is_end: bool) {
        let Some(base) = self.parse(text) else { return };
        let base_name = base.name().unwrap_or_default();
        if is_start && is_end && !text.contains(OPEN) {
            return self.consider_only(text, &base, &base_name);
        }
        let behind = if is_end { Cow::Borrowed(text) } else { format!("{text}.evil.com").into() };
        let Some(suffix) = self.parse(&behind) else { return };
        let suffix_name = suffix.name().unwrap_or_default();
        if !self.is_same(&base_name, &suffix_name) {
            self.foreign.insert(behind.into_owned());
            return;
        }
        let before = match (is_start, self.header) {
            (true, _) => Cow::Borrowed(text),
            (false, Header::Referrer) => format!("http://evil.com/?{text}").into(),
            (false, Header::Origin) => format!("http://evil.com{text}").into(),
        };
        let Some(prefix) = self.parse(&before) else { return };
        let prefix_name = prefix.name().unwrap_or_default();
        if !self.is_same(&base_name, &prefix_name) {
            self.foreign.insert(before.into_owned());
            return;
        }
        // What stays open is filled by whoever asks.
        let fill = |text: &str, with: &str| text.replace(OPEN, with);
        let [base_text, suffix_text, prefix_text] = [fill(text, "a"), fill(&behind, "b"), fill(&before, "c")];
        let own = fill(&base_name, "a");
        let compared = if self.peer == Peer::Next { &*base_name } else { &*own };
        for (name, filled) in
            [(&own, &base_text), (&fill(&suffix_name, "b"), &suffix_text), (&fill(&prefix_name, "c"), &prefix_text)]
        {
            let with = if std::ptr::eq(filled, &raw const base_text) { compared } else { &own };
            if !self.is_same(with, name) {
                self.foreign.insert(filled.clone());
                return;
            }
        }
        let parts = [(&base, "a", base_text), (&suffix, "b", suffix_text), (&prefix, "c", prefix_text)];
        for (address, with, filled) in &parts {
            if !is_lower(&fill(&address.host, with)) {
                self.invalid.insert(filled.clone());
                return;
            }
        }
        if self.header == Header::Origin {
            for (address, _, filled) in parts {
                if !address.path.is_empty() || address.has_more {
                    self.invalid.insert(filled);
                    return;
                }
            }
        }
    }

    /// Nothing can stand before or behind it, and nobody fills it: there is one text to look at.
    fn consider_only(&mut self, text: &str, address: &Address<'_>, name: &str) {
        let has_more = !address.path.is_empty() || address.has_more;
        if !self.is_same(name, name) {
            self.foreign.insert(text.to_owned());
        } else if !is_lower(&address.host) || (self.header == Header::Origin && has_more) {
            self.invalid.insert(text.to_owned());
        }
    }

    /// What has no scheme or host passes and belongs to nobody.
    fn parse<'a>(&mut self, text: &'a str) -> Option<Address<'a>> {
        let Some(address) = address::split(text) else {
            self.invalid.insert(text.to_owned());
            return None;
        };
        if address.name().is_none() || address.scheme.is_empty() {
            let text = if text.starts_with('/') { format!("abc.com{text}") } else { text.to_owned() };
            if text.is_empty() {
                self.invalid.insert(text);
                return None;
            }
            let text = if text.contains("://") { text } else { format!("https://def.com{text}") };
            self.foreign.insert(text);
            return None;
        }
        if !address.is_web() {
            self.foreign.insert(text.to_owned());
            return None;
        }
        Some(address)
    }

    /// Whether two hosts belong to the same owner.
    fn is_same(&self, one: &str, other: &str) -> bool {
        let (one, other) = (one.trim_matches('.'), other.trim_matches('.'));
        if self.peer == Peer::Next {
            let (one, other) = (address::lower(one), address::lower(other));
            return !one.is_empty()
                && (one == other || registered(&one).is_some_and(|it| registered(&other) == Some(it)));
        }
        !one.is_empty() && (one == other || last_two(one).is_some_and(|it| last_two(other) == Some(it)))
    }

    /// An origin with a path is no origin; no browser sends it.
    fn sort_out(&mut self) {
        let header = self.header;
        let is_invalid = |text: &String| match address::split(text) {
            None => false,
            Some(address) => {
                let has_path = !address.path.is_empty() || address.has_more;
                address.scheme.is_empty() || address.name().is_none() || (header == Header::Origin && has_path)
            }
        };
        let (invalid, foreign) = std::mem::take(&mut self.foreign).into_iter().partition(is_invalid);
        self.foreign = foreign;
        let mut invalid: BTreeSet<String> = invalid;
        self.invalid.append(&mut invalid);
    }
}

fn last_two(host: &str) -> Option<&str> {
    let (start, _) = host.rmatch_indices('.').nth(1).map_or((None, ()), |(at, _)| (Some(at + 1), ()));
    let start = if host.contains('.') { start.unwrap_or(0) } else { return None };
    host.get(start..)
}

fn registered(host: &str) -> Option<&str> {
    let suffix = bartizan_suffixes::suffix(host).filter(|suffix| suffix.is_known)?;
    let rest = host.len().checked_sub(suffix.len + 1)?;
    let label = host.get(..rest)?.rfind('.').map_or(0, |at| at + 1);
    host.get(label..).filter(|domain| !domain.starts_with('.'))
}

fn is_lower(host: &str) -> bool {
    let is_it = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || b".:[]-".contains(&c);
    !host.is_empty() && host.bytes().all(is_it)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_are_found_and_tight_patterns_are_not() {
        for (pattern, severities) in [
            (r"^https://www\.example\.org$", vec![]),
            (r"https?://example.org", vec![Severity::High]),
            (r"^https://www.example\.org$", vec![Severity::High, Severity::Low]),
            (r"^https://example\.org", vec![Severity::High]),
            (r"^https://example\.org/$", vec![Severity::Low]),
        ] {
            let regex = Regex::read(pattern, Case::Sensitive).unwrap();
            let said = judge(Peer::Ng, &regex, Header::Origin);
            let found: Vec<_> = said.iter().map(|(severity, ..)| *severity).collect();
            if severities.is_empty() {
                assert!(found.is_empty(), "{pattern} {said:?}");
            } else {
                assert!(severities.contains(found.first().unwrap()), "{pattern} {said:?}");
            }
        }
    }
}
