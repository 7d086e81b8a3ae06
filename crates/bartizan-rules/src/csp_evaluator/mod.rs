//! The judgement of Google's CSP Evaluator, reproduced: policy text in, the same findings in the same order out.
//!
//! It is kept apart from our own rules, which may be stricter or milder. Where that program stops with an error over
//! a source that is no address, this one reports [`Kind::InvalidSource`] and goes on.

mod address;
mod bypass;
mod checks;
mod effective;
mod finding;
mod lighthouse;
mod policy;
mod several;
mod words;

pub use self::finding::{Finding, Kind, Severity};
pub use self::lighthouse::{Lighthouse, lighthouse};
pub use self::several::evaluate_all;

use self::checks::{DEFAULT, STRICT};
use self::policy::Policy;

/// The level of CSP that a browser speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Level {
    /// Neither nonces nor hashes.
    One,
    /// Nonces and hashes.
    Two,
    /// `'strict-dynamic'`, too.
    #[default]
    Three,
}

/// Which checks are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Checks {
    /// The fourteen that are always made.
    #[default]
    Default,
    /// Those, and whether the policy is a strict one that old browsers understand.
    Strict,
}

/// Returns what is to be said of one policy; a comma does not end it.
pub fn evaluate(text: &str, level: Level, checks: Checks) -> Vec<Finding> {
    evaluate_policy(&Policy::parse(text), level, checks)
}

fn evaluate_policy(policy: &Policy, level: Level, checks: Checks) -> Vec<Finding> {
    let mut findings = Vec::new();
    let effective = policy.effective(level, &mut findings);
    if checks == Checks::Strict {
        // These ask what was written, whatever a browser makes of it.
        STRICT.iter().for_each(|check| check(policy, &mut findings));
    }
    DEFAULT.iter().for_each(|check| check(&effective, &mut findings));
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, level: Level, checks: Checks, expected: &[(Kind, &str, Option<&str>)]) {
        let found = evaluate(text, level, checks);
        let found: Vec<_> = found.iter().map(|one| (one.kind, one.directive.as_str(), one.value.as_deref())).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn a_level_decides_what_counts() {
        let text = "script-src 'nonce-abcdefgh' 'unsafe-inline'; object-src 'none'; base-uri 'none'";
        let inline = Some("'unsafe-inline'");
        let ignored = [(Kind::Ignored, "script-src", inline)];
        // Once for scripts, once for elements and once for attributes: the first takes it away, the others see it still.
        check(text, Level::Three, Checks::Default, &[ignored[0], ignored[0], ignored[0]]);
        check(text, Level::One, Checks::Default, &[(Kind::ScriptUnsafeInline, "script-src", inline)]);
    }

    #[test]
    fn what_is_no_address_is_told_and_the_rest_is_judged() {
        let text = "script-src https://a.example:99999 'unsafe-eval'; object-src 'none'; base-uri 'none'";
        check(
            text,
            Level::Three,
            Checks::Default,
            &[
                (Kind::ScriptUnsafeEval, "script-src", Some("'unsafe-eval'")),
                (Kind::ScriptAllowlistBypass, "script-src", Some("https://a.example:99999")),
                (Kind::InvalidSource, "script-src", Some("https://a.example:99999")),
            ],
        );
    }

    #[test]
    fn strict_checks_come_before_the_others() {
        check(
            "script-src 'self' https:; object-src 'none'",
            Level::Three,
            Checks::Strict,
            &[
                (Kind::StrictDynamic, "script-src", None),
                (Kind::RequireTrustedTypes, "require-trusted-types-for", None),
                (Kind::PlainUrlSchemes, "script-src", Some("https:")),
                (Kind::ScriptAllowlistBypass, "script-src", Some("'self'")),
            ],
        );
    }

    #[test]
    fn several_policies_are_as_weak_as_the_strictest() {
        let kinds = |policies: &[&str]| -> Vec<Kind> {
            evaluate_all(policies, Level::Three, Checks::Default).iter().map(|one| one.kind).collect()
        };
        assert_eq!(kinds(&["default-src *", "default-src 'none'"]), []);
        assert_eq!(kinds(&["default-src *, default-src 'none'"]), []);
        assert_eq!(
            kinds(&["script-src 'unsafe-inline'; object-src 'none'", "default-src 'unsafe-inline'"]),
            [Kind::ScriptUnsafeInline]
        );
        assert_eq!(kinds(&["object-src 'none'", "script-src 'none'; x-src y"]), [Kind::UnknownDirective]);
        assert_eq!(kinds(&["script-src 'nonce-abcdefgh'; object-src 'none'", "base-uri 'none'"]), []);
        assert_eq!(
            kinds(&["script-src 'nonce-abcdefgh'; object-src 'none'", "img-src 'none'"]),
            [Kind::MissingDirectives]
        );
    }
}
