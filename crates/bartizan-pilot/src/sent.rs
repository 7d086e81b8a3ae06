//! With which policies pages leave: the app's own and ours, each combination once.
//!
//! A browser does only what each of them allows, so that an app with a policy of its own may be held back by either.
//! What follows from a combination is told by whoever shows it.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

/// The combinations that pages left with in this step, the newest last.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Sent(VecDeque<Combination>);

/// The policies of a page; nonces are replaced by who made them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Combination {
    /// A page that left with them.
    pub page: String,
    /// Those that the app sends, line by line.
    pub app: Vec<String>,
    /// Those that stand in the page.
    pub meta: Vec<String>,
    /// Ours, enforced.
    pub enforced: Option<String>,
    /// Ours, reported on.
    pub reported: Option<String>,
}

/// The policies that a page left with, as they were sent.
#[derive(Debug, Clone, Copy, Default)]
pub struct Policies<'a> {
    /// Those that the app enforces, line by line.
    pub app: &'a [String],
    /// Ours, enforced.
    pub enforced: Option<&'a str>,
    /// Ours, reported on.
    pub reported: Option<&'a str>,
    /// The nonce in ours.
    pub nonce: &'a str,
}

impl Sent {
    /// Takes note of a page.
    pub(crate) fn see(&mut self, page: &str, policies: Policies<'_>, meta: &[String]) {
        let told = |text: &str| nameless(text, policies.nonce);
        let seen = Combination {
            page: String::new(),
            app: policies.app.iter().map(|text| told(text)).collect(),
            meta: meta.iter().map(|text| told(text)).collect(),
            enforced: policies.enforced.map(told),
            reported: policies.reported.map(told),
        };
        let is_same = |known: &Combination| {
            (&known.app, &known.meta, &known.enforced, &known.reported)
                == (&seen.app, &seen.meta, &seen.enforced, &seen.reported)
        };
        if self.0.iter().any(is_same) || seen.bytes() > LARGEST {
            return;
        }
        if self.0.len() >= MOST {
            self.0.pop_front();
        }
        self.0.push_back(Combination { page: page.chars().take(LONGEST_PAGE).collect(), ..seen });
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Combination> {
        self.0.iter()
    }
}

impl Combination {
    fn bytes(&self) -> usize {
        let all = self.app.iter().chain(&self.meta).chain(&self.enforced).chain(&self.reported);
        all.map(String::len).sum()
    }
}

/// Writes who made a nonce in its place: it differs from page to page, and is nobody else's business.
fn nameless(text: &str, ours: &str) -> String {
    let mut parts = text.split("'nonce-");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (nonce, rest) = part.split_once('\'').unwrap_or((part, ""));
        plain.push_str(if nonce == ours { WALL_NONCE } else { APP_NONCE });
        plain.push_str(rest);
    }
    plain
}

/// Stands for the wall's nonce.
const WALL_NONCE: &str = "'nonce-wall'";

/// Stands for a nonce of the app's.
const APP_NONCE: &str = "'nonce-app'";

/// Apps have one or two policies; one that makes up a new one for each page is shown by some of them.
const MOST: usize = 8;

/// Heads are not larger, and what is cut would mean something else.
const LARGEST: usize = 32 << 10;

/// A path that is longer tells nothing more.
const LONGEST_PAGE: usize = 200;

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(policies: &[(&str, &str)]) -> Vec<(String, String)> {
        let mut sent = Sent::default();
        for (number, (app, ours)) in policies.iter().enumerate() {
            let app = [(*app).to_owned()];
            let policies = Policies { app: &app, enforced: Some(ours), reported: None, nonce: "ours" };
            sent.see(&format!("/{number}"), policies, &[]);
        }
        sent.iter().map(|seen| (seen.app.join(", "), seen.enforced.clone().unwrap_or_default())).collect()
    }

    #[test]
    fn each_combination_is_kept_once_and_without_its_nonces() {
        let found = sent(&[
            ("script-src 'nonce-a1'", "script-src 'nonce-ours' 'nonce-a1'"),
            ("script-src 'nonce-a2'", "script-src 'nonce-ours' 'nonce-a2'"),
            ("script-src 'self'", "script-src 'nonce-ours'"),
        ]);
        let pair = |one: &str, other: &str| (one.to_owned(), other.to_owned());
        assert_eq!(
            found,
            [
                pair("script-src 'nonce-app'", "script-src 'nonce-wall' 'nonce-app'"),
                pair("script-src 'self'", "script-src 'nonce-wall'")
            ]
        );
    }

    #[test]
    fn an_app_that_makes_up_policies_fills_nothing() {
        let texts: Vec<_> = (0..100).map(|number| format!("img-src a{number}.example")).collect();
        let all: Vec<_> = texts.iter().map(|text| (text.as_str(), "")).collect();
        assert_eq!(sent(&all).len(), MOST);
        assert_eq!(sent(&[(&"x".repeat(LARGEST + 1), "")]), []);
    }
}
