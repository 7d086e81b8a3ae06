//! The one place where a header of ours meets the app's: `set`, `keep`, `tighten` and `off`.
//!
//! The common case, a header that the app did not send, costs one insertion of a value made at start;
//! the app's value is read only where there is one.

use std::str;

use bartizan_headers::{Field, Tighten};
use http::header::{Entry, GetAll};
use http::{HeaderMap, HeaderName, HeaderValue};

use crate::config::{HeaderMode, HeaderRule};

/// A header of ours with the name it is sent under.
#[derive(Debug)]
pub(super) struct Ours<T> {
    name: HeaderName,
    rule: HeaderRule,
    /// The value as a type; nothing where the configured text has no meaning to browsers.
    value: Option<T>,
}

impl<T: Field + Tighten> Ours<T> {
    /// Returns the header, unless the rule sends nothing.
    pub(super) fn new(rule: Option<&HeaderRule>) -> Option<Self> {
        Self::named(T::NAME, rule)
    }

    /// As [`Ours::new`] for a field that shares the grammar of `T` under another name.
    pub(super) fn named(name: HeaderName, rule: Option<&HeaderRule>) -> Option<Self> {
        let rule = sent(rule)?.clone();
        let value = T::parse(&[text(&rule.value)]).value;
        Some(Self { name, rule, value })
    }

    /// Sends the header, as the mode has it.
    pub(super) fn send(&self, headers: &mut HeaderMap) {
        apply(headers, &self.name, &self.rule, |lines| {
            let stricter = T::parse(lines).tighten(self.value.as_ref()?).to_string();
            HeaderValue::try_from(stricter).ok()
        });
    }

    /// Returns the line for `explain --config`.
    pub(super) fn describe(&self) -> String {
        describe(&self.name, &self.rule)
    }
}

/// Sends a header; `tighten` makes of the app's lines the one line to send instead, or leaves them.
pub(super) fn apply(
    headers: &mut HeaderMap,
    name: &HeaderName,
    rule: &HeaderRule,
    tighten: impl FnOnce(&[&str]) -> Option<HeaderValue>,
) {
    match rule.mode {
        HeaderMode::Off => {}
        HeaderMode::Set => {
            headers.insert(name, rule.value.clone());
        }
        HeaderMode::Keep | HeaderMode::Tighten => match headers.entry(name) {
            Entry::Vacant(entry) => {
                entry.insert(rule.value.clone());
            }
            Entry::Occupied(mut entry) if rule.mode == HeaderMode::Tighten => {
                let lines: Vec<&str> = entry.iter().map(text).collect();
                if let Some(value) = tighten(&lines) {
                    entry.insert(value);
                }
            }
            Entry::Occupied(_) => {}
        },
    }
}

/// Sends a header with only one safe value, which any other of the app's gives way to.
pub(super) fn apply_only_safe(headers: &mut HeaderMap, name: &HeaderName, rule: &HeaderRule) {
    apply(headers, name, rule, |_| Some(rule.value.clone()));
}

/// Sends a header of which neither value is the stricter, so that the app's stands unless the mode is `set`.
pub(super) fn apply_unless_said(headers: &mut HeaderMap, name: &HeaderName, rule: &HeaderRule) {
    apply(headers, name, rule, |_| None);
}

/// Returns the rule if it sends anything.
pub(super) fn sent(rule: Option<&HeaderRule>) -> Option<&HeaderRule> {
    rule.filter(|rule| rule.mode != HeaderMode::Off)
}

/// Returns the line for `explain --config` on one header.
pub(super) fn describe(name: &HeaderName, rule: &HeaderRule) -> String {
    let who = match rule.mode {
        HeaderMode::Keep => "where the app is silent",
        HeaderMode::Off => "never",
        HeaderMode::Set => "in place of the app's",
        HeaderMode::Tighten => "the stricter of it and the app's",
    };
    format!("sends {name}: {} ({who})", text(&rule.value))
}

/// Returns the text of a value; one that is not text means nothing to a browser either.
pub(super) fn text(value: &HeaderValue) -> &str {
    str::from_utf8(value.as_bytes()).unwrap_or_default()
}

/// Returns all lines of a field as texts.
pub(super) fn texts(lines: GetAll<'_, HeaderValue>) -> impl Iterator<Item = &str> {
    lines.into_iter().map(text)
}

#[cfg(test)]
mod tests {
    use bartizan_headers::Hsts;
    use http::header::STRICT_TRANSPORT_SECURITY;

    use super::*;

    fn check(mode: HeaderMode, app: &[&'static str], expected: &[&str]) {
        let mut headers = HeaderMap::new();
        for line in app {
            headers.append(STRICT_TRANSPORT_SECURITY, HeaderValue::from_static(line));
        }
        if let Some(ours) = Ours::<Hsts>::new(Some(&HeaderRule::fixed(mode, "max-age=100"))) {
            ours.send(&mut headers);
        }
        assert_eq!(texts(headers.get_all(STRICT_TRANSPORT_SECURITY)).collect::<Vec<_>>(), expected, "{mode:?} {app:?}");
    }

    #[test]
    fn the_mode_says_who_wins() {
        check(HeaderMode::Keep, &[], &["max-age=100"]);
        check(HeaderMode::Set, &[], &["max-age=100"]);
        check(HeaderMode::Tighten, &[], &["max-age=100"]);
        check(HeaderMode::Off, &[], &[]);

        check(HeaderMode::Keep, &["max-age=1"], &["max-age=1"]);
        check(HeaderMode::Set, &["max-age=1"], &["max-age=100"]);
        check(HeaderMode::Tighten, &["max-age=1"], &["max-age=100"]);
        check(HeaderMode::Off, &["max-age=1"], &["max-age=1"]);

        check(HeaderMode::Set, &["max-age=200"], &["max-age=100"]);
        check(HeaderMode::Tighten, &["max-age=200"], &["max-age=200"]);
        // A value that browsers ignore protects nobody.
        check(HeaderMode::Tighten, &["max-age=soon"], &["max-age=100"]);
        // Of several lines browsers act on the first.
        check(HeaderMode::Tighten, &["max-age=200", "max-age=300"], &["max-age=200"]);
    }
}
