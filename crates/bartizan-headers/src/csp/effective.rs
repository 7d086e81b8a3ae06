//! What holds for a directive that was not written: the value of the one it falls back to.

use super::{Directive, DirectiveName, Keyword, Policy, PolicyList, Source};

impl Policy {
    /// Returns the directive that speaks for this name: itself, or the nearest one it falls back to.
    pub fn effective(&self, name: &DirectiveName) -> Option<&Directive> {
        self.directive(name).or_else(|| name.fallbacks().iter().find_map(|fallback| self.directive(fallback)))
    }

    /// Whether scripts may stand in the page without nonce or hash, as a browser of Level 2 or later sees it.
    pub fn allows_inline_scripts(&self) -> bool {
        let effective = self.effective(&DirectiveName::ScriptSrcElem);
        effective.is_none_or(|directive| allows_inline(directive.value.sources()))
    }
}

impl PolicyList {
    /// Whether any policy speaks for this name.
    pub fn is_said(&self, name: &DirectiveName) -> bool {
        self.policies.iter().any(|policy| policy.effective(name).is_some())
    }

    /// Whether every policy lets scripts stand in the page without nonce or hash.
    pub fn allows_inline_scripts(&self) -> bool {
        self.policies.iter().all(Policy::allows_inline_scripts)
    }
}

/// Whether `'unsafe-inline'` is there and in force: a nonce, a hash or `'strict-dynamic'` ends it (CSP3, 6.7.3.2).
pub(super) fn allows_inline(sources: &[Source]) -> bool {
    sources.contains(&Source::Keyword(Keyword::UnsafeInline))
        && !sources.iter().any(|source| {
            matches!(source, Source::Hash(..) | Source::Nonce(_) | Source::Keyword(Keyword::StrictDynamic))
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::Field;

    #[test]
    fn fallbacks_are_followed_nearest_first() {
        for (policy, name, speaks) in [
            ("default-src 'self'; script-src a.example", "script-src-elem", Some("script-src")),
            ("default-src 'self'", "worker-src", Some("default-src")),
            ("child-src a.example; script-src b.example", "worker-src", Some("child-src")),
            ("script-src a.example", "img-src", None),
            ("default-src 'none'", "frame-ancestors", None),
            ("default-src 'none'", "base-uri", None),
        ] {
            let policy = Policy::strict(policy).unwrap();
            let effective = policy.effective(&DirectiveName::of(name));
            assert_eq!(effective.map(|directive| directive.name.as_str()), speaks, "{policy} {name}");
        }
    }

    #[test]
    fn nonces_end_unsafe_inline() {
        for (policy, is_allowed) in [
            ("img-src 'self'", true),
            ("default-src 'self'", false),
            ("script-src 'unsafe-inline'", true),
            ("script-src 'unsafe-inline' 'nonce-abc'", false),
            ("default-src 'unsafe-inline'; script-src-elem 'self'", false),
        ] {
            assert_eq!(Policy::strict(policy).unwrap().allows_inline_scripts(), is_allowed, "{policy}");
        }
    }
}
