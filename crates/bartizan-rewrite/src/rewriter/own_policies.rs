//! Policies that the page brings itself, in `meta` elements: browsers enforce them beside all others.
//!
//! An element carries one nonce. So where such a policy names one, ours is named beside it, and takes its place in the
//! elements that carried it: the policy allows what it allowed, and nothing else. An element that carried none of its
//! nonces gets none of ours either. Where the policy cannot be written anew for certain, its elements stay as they are.

use bartizan_headers::Field as _;
use bartizan_headers::csp::{DirectiveName, Policy, Source};

/// The policies of one page that name nonces.
#[derive(Debug, Default)]
pub(super) struct OwnPolicies {
    met: Vec<Nonces>,
    /// Whether there is one that stays as it is.
    has_unmet: bool,
}

/// What a policy asks of elements: nothing, or one of these nonces.
#[derive(Debug)]
struct Nonces {
    scripts: Option<Vec<String>>,
    styles: Option<Vec<String>>,
}

/// What kind of element is asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Script,
    Style,
}

impl OwnPolicies {
    /// Takes note of a policy, and returns how it reads with a nonce of ours; nothing where it stays as it is.
    pub(super) fn meet(&mut self, policy: &str, nonce: &str) -> Option<String> {
        if !names_nonce(policy) {
            return None;
        }
        let met = if self.met.len() < MOST { merged(policy, nonce) } else { None };
        match met {
            Some((text, nonces)) => {
                self.met.push(nonces);
                Some(text)
            }
            None => {
                self.has_unmet = true;
                None
            }
        }
    }

    /// Says that a policy could not be written anew.
    pub(super) const fn leave(&mut self) {
        self.has_unmet = true;
    }

    /// Whether there is a policy that stays as it is, and whose nonces must stay too.
    pub(super) const fn has_unmet(&self) -> bool {
        self.has_unmet
    }

    /// Whether an element that carries this nonce may carry ours instead.
    pub(super) fn give_way(&self, kind: Kind, own: Option<&str>) -> bool {
        if self.has_unmet && own.is_some() {
            return false;
        }
        self.met.iter().all(|policy| {
            let asked = match kind {
                Kind::Script => &policy.scripts,
                Kind::Style => &policy.styles,
            };
            asked.as_ref().is_none_or(|nonces| own.is_some_and(|own| nonces.iter().any(|nonce| nonce == own)))
        })
    }
}

pub(super) fn names_nonce(policy: &str) -> bool {
    policy.to_ascii_lowercase().contains("'nonce-")
}

/// Returns the policy with our nonce wherever it names one, and what it asks for.
fn merged(policy: &str, nonce: &str) -> Option<(String, Nonces)> {
    // A comma is no end of a policy here for all browsers, and other characters have other bytes in the page's charset.
    if policy.len() > LONGEST || !policy.is_ascii() || policy.contains([',', '\0']) {
        return None;
    }
    let said = Policy::parse(&[policy]).value?;
    let asked = |name: &DirectiveName| {
        let sources = said.effective(name).map(|directive| directive.value.sources()).unwrap_or_default();
        let nonces = sources.iter().filter_map(|source| match source {
            Source::Nonce(nonce) => Some(nonce.clone()),
            _ => None,
        });
        let nonces: Vec<_> = nonces.collect();
        (!nonces.is_empty()).then_some(nonces)
    };
    let nonces = Nonces { scripts: asked(&DirectiveName::ScriptSrcElem), styles: asked(&DirectiveName::StyleSrcElem) };
    let directives = policy.split(';').map(|directive| {
        let at = directive.to_ascii_lowercase().find("'nonce-");
        match at.and_then(|at| directive.split_at_checked(at)) {
            Some((before, after)) => format!("{before}'nonce-{nonce}' {after}"),
            None => directive.to_owned(),
        }
    });
    Some((directives.collect::<Vec<_>>().join(";"), nonces))
}

/// Pages have one.
const MOST: usize = 16;

/// Longer ones are lists of hashes, which name no nonce.
const LONGEST: usize = 8 << 10;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_nonce_is_named_beside_the_apps() {
        for (policy, expected) in [
            ("script-src 'nonce-m'", Some("script-src 'nonce-W' 'nonce-m'")),
            (
                "img-src *; script-src 'self' 'nonce-m' x; style-src 'NONCE-m'",
                Some("img-src *; script-src 'self' 'nonce-W' 'nonce-m' x; style-src 'nonce-W' 'NONCE-m'"),
            ),
            ("script-src 'self'", None),
            ("script-src 'nonce-m', img-src *", None),
            ("script-src 'nonce-m'; img-src \u{e9}.example", None),
        ] {
            let mut policies = OwnPolicies::default();
            assert_eq!(policies.meet(policy, "W").as_deref(), expected, "{policy}");
            assert_eq!(policies.has_unmet(), expected.is_none() && policy.contains("nonce"), "{policy}");
        }
    }

    #[test]
    fn only_what_carried_its_nonce_carries_ours() {
        for (policies, kind, own, expected) in [
            (&["script-src 'nonce-m'"][..], Kind::Script, Some("m"), true),
            (&["script-src 'nonce-m'"], Kind::Script, Some("x"), false),
            (&["script-src 'nonce-m'"], Kind::Script, None, false),
            (&["script-src 'nonce-m'"], Kind::Style, None, true),
            (&["default-src 'nonce-m'"], Kind::Style, None, false),
            (&["default-src 'nonce-m'; style-src 'self'"], Kind::Style, None, true),
            (&["script-src 'nonce-m'", "script-src 'nonce-n'"], Kind::Script, Some("m"), false),
            (&["script-src 'nonce-m', x"], Kind::Script, Some("m"), false),
            (&["script-src 'nonce-m', x"], Kind::Script, None, true), // neither before nor now does it run by a nonce
            (&["script-src 'self'"], Kind::Script, None, true),
        ] {
            let mut all = OwnPolicies::default();
            policies.iter().for_each(|policy| drop(all.meet(policy, "W")));
            assert_eq!(all.give_way(kind, own), expected, "{policies:?} {kind:?} {own:?}");
        }
    }
}
