//! Whether what was reported would still be blocked under another policy.

use bartizan_headers::csp::{Directive, DirectiveName, HostSource, Keyword, Load, Policy, PolicyList, Source, Value};
use url::Url;

use super::Observed;
use super::blocked::{Blocked, directives};

/// What a policy does to what was reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It lets it pass.
    Allowed,
    /// It blocks it, at one of its pages at least.
    Blocked,
    /// A report does not tell what would decide.
    Unverifiable(Reason),
}

/// What reports do not tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Reason {
    /// Whether the code is wanted: no source speaks for it alone.
    Eval,
    /// The content's digest.
    Hash,
    /// What the inline code is, as a whole.
    Inline,
    /// What was loaded: the report names a directive that speaks for much.
    Kind,
    /// The element's nonce.
    Nonce,
    /// The path of the address.
    Path,
    /// Where a redirect led.
    Redirect,
    /// Whether the address is wanted: it would let injected text run.
    Risk,
    /// What was blocked.
    Target,
    /// What loaded the script.
    Trust,
    /// How the value was made.
    Typed,
    /// How to say the address in a policy: no source can.
    Unsayable,
}

impl Reason {
    /// Returns the name, as JSON has it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Eval => "eval",
            Self::Hash => "hash",
            Self::Inline => "inline",
            Self::Kind => "kind",
            Self::Nonce => "nonce",
            Self::Path => "path",
            Self::Redirect => "redirect",
            Self::Risk => "risk",
            Self::Target => "target",
            Self::Trust => "strict-dynamic",
            Self::Typed => "trusted-types",
            Self::Unsayable => "unsayable",
        }
    }

    /// Says why nothing can be said.
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Eval => "strings become code here; only 'unsafe-eval' would allow it, and for every string",
            Self::Hash => "it is allowed if its content has a digest that the policy names; reports tell no content",
            Self::Inline => "code stands in the page; it needs a nonce or a hash, and reports tell its start at most",
            Self::Kind => "the report names a directive that speaks for several kinds of load",
            Self::Nonce => "it is allowed if its element carries the nonce; reports tell no nonce",
            Self::Path => "the policy asks for a path, and the report tells the origin alone",
            Self::Redirect => {
                "its own policy allowed the address told: a redirect from there was blocked, to where is untold"
            }
            Self::Risk => "data: would let any text that gets into the page run as code",
            Self::Target => "the report does not tell what was blocked",
            Self::Trust => "under 'strict-dynamic' it depends on what loaded it; reports tell no such thing",
            Self::Typed => "it depends on how the value was made; reports tell its start at most",
            Self::Unsayable => "no source of a policy can name this address",
        }
    }
}

/// Returns what policies that are enforced together do to what was reported.
pub fn judge(list: &PolicyList, observed: &Observed) -> Verdict {
    let blocked = Blocked::of(observed);
    let verdict = of_list(list, observed, &blocked);
    let is_address = matches!(blocked, Blocked::Address { .. });
    if verdict == Verdict::Allowed && is_address && observed.is_violation() && is_redirect(observed, &blocked) {
        return Verdict::Unverifiable(Reason::Redirect);
    }
    verdict
}

/// Whether the policies it was sent under allow what it tells; browsers tell what was asked for first (CSP3, 5.3).
fn is_redirect(observed: &Observed, blocked: &Blocked) -> bool {
    let mut own = observed.policies.iter().map(|policy| PolicyList::from(policy.clone()));
    !observed.policies.is_empty() && own.all(|list| of_list(&list, observed, blocked) == Verdict::Allowed)
}

fn of_list(list: &PolicyList, observed: &Observed, blocked: &Blocked) -> Verdict {
    let names = directives(observed, blocked);
    let pages = observed.origins();
    let verdicts = pages.iter().map(|page| {
        let each = list.policies.iter().map(|policy| of_policy(policy, &names, blocked, page));
        each.fold(Verdict::Allowed, stricter)
    });
    if pages.is_empty() || *blocked == Blocked::Untold {
        return Verdict::Unverifiable(Reason::Target);
    }
    verdicts.fold(Verdict::Allowed, stricter)
}

const fn stricter(one: Verdict, other: Verdict) -> Verdict {
    match (one, other) {
        (Verdict::Blocked, _) | (_, Verdict::Blocked) => Verdict::Blocked,
        (Verdict::Unverifiable(reason), _) | (_, Verdict::Unverifiable(reason)) => Verdict::Unverifiable(reason),
        _ => Verdict::Allowed,
    }
}

/// Where several directives may be meant, their verdicts must agree.
fn of_policy(policy: &Policy, names: &[DirectiveName], blocked: &Blocked, page: &Url) -> Verdict {
    let mut verdicts = names.iter().map(|name| of_directive(policy, name, blocked, page));
    let Some(first) = verdicts.next() else { return Verdict::Unverifiable(Reason::Kind) };
    if verdicts.all(|verdict| verdict == first) { first } else { Verdict::Unverifiable(Reason::Kind) }
}

fn of_directive(policy: &Policy, name: &DirectiveName, blocked: &Blocked, page: &Url) -> Verdict {
    let Some(directive) = policy.effective(name) else { return Verdict::Allowed };
    let sources = directive.value.sources();
    let has = |keyword: Keyword| sources.contains(&Source::Keyword(keyword));
    match blocked {
        Blocked::Address { url, has_path } => {
            let load = Load { directive: name, url, redirected_from: None, page };
            if !policy.blocks(load) {
                Verdict::Allowed
            } else if !has_path && !without_paths(directive).blocks(load) {
                Verdict::Unverifiable(Reason::Path)
            } else {
                other_means(name, sources).map_or(Verdict::Blocked, Verdict::Unverifiable)
            }
        }
        Blocked::Eval if has(Keyword::UnsafeEval) => Verdict::Allowed,
        Blocked::Eval if has(Keyword::TrustedTypesEval) => Verdict::Unverifiable(Reason::Typed),
        // Older browsers call WebAssembly so, too.
        Blocked::Eval if has(Keyword::WasmUnsafeEval) => Verdict::Unverifiable(Reason::Eval),
        Blocked::Wasm if has(Keyword::UnsafeEval) || has(Keyword::WasmUnsafeEval) => Verdict::Allowed,
        Blocked::Eval | Blocked::Wasm => Verdict::Blocked,
        Blocked::Inline => inline(name, sources),
        Blocked::Typed if *name == DirectiveName::RequireTrustedTypesFor => Verdict::Blocked,
        Blocked::Typed => Verdict::Unverifiable(Reason::Typed),
        Blocked::Untold => Verdict::Unverifiable(Reason::Target),
    }
}

/// Returns by what else than its address something may be allowed (CSP3, 6.7.1.1 and 6.7.1.2).
fn other_means(name: &DirectiveName, sources: &[Source]) -> Option<Reason> {
    let is_strict = sources.contains(&Source::Keyword(Keyword::StrictDynamic));
    let has_nonce = sources.iter().any(|source| matches!(source, Source::Nonce(_)));
    let has_hash = sources.iter().any(|source| matches!(source, Source::Hash(..)));
    match name {
        DirectiveName::ScriptSrcElem | DirectiveName::WorkerSrc if is_strict => Some(Reason::Trust),
        DirectiveName::ScriptSrcElem | DirectiveName::StyleSrcElem if has_nonce => Some(Reason::Nonce),
        DirectiveName::ScriptSrcElem if has_hash => Some(Reason::Hash),
        _ => None,
    }
}

/// CSP3, 6.7.3.3: nonces speak for elements, hashes for attributes only where that is said.
fn inline(name: &DirectiveName, sources: &[Source]) -> Verdict {
    let has = |keyword: Keyword| sources.contains(&Source::Keyword(keyword));
    let has_nonce = sources.iter().any(|source| matches!(source, Source::Nonce(_)));
    let has_hash = sources.iter().any(|source| matches!(source, Source::Hash(..)));
    let is_script = matches!(name, DirectiveName::ScriptSrcElem | DirectiveName::ScriptSrcAttr);
    let is_element = matches!(name, DirectiveName::ScriptSrcElem | DirectiveName::StyleSrcElem);
    let is_strict = is_script && has(Keyword::StrictDynamic);
    if has(Keyword::UnsafeInline) && !has_nonce && !has_hash && !is_strict {
        Verdict::Allowed
    } else if is_element && has_nonce {
        Verdict::Unverifiable(Reason::Nonce)
    } else if has_hash && (is_element || has(Keyword::UnsafeHashes)) {
        Verdict::Unverifiable(Reason::Hash)
    } else {
        Verdict::Blocked
    }
}

/// Returns a policy of this directive alone, whose hosts stand for all their paths.
fn without_paths(directive: &Directive) -> Policy {
    let sources = directive.value.sources().iter().map(|source| match source {
        Source::Host(host) => Source::Host(HostSource { path: None, ..host.clone() }),
        other => other.clone(),
    });
    Policy::default().with(Directive { name: directive.name.clone(), value: Value::Sources(sources.collect()) })
}

#[cfg(test)]
mod tests {
    use bartizan_headers::Field as _;

    use super::super::observed::tests::observed;
    use super::*;

    #[test]
    fn what_was_reported_is_judged_under_another_policy() {
        use Reason::{Eval, Hash, Kind, Nonce, Path, Redirect, Target, Trust, Typed};
        use Verdict::{Allowed, Blocked, Unverifiable};
        for (what, target, own, policy, expected) in [
            ("img-src", "https://b.example/x.png", "img-src 'self'", "img-src b.example", Allowed),
            ("img-src", "https://b.example/x.png", "img-src 'self'", "img-src c.example", Blocked),
            ("img-src", "https://b.example/x.png", "img-src 'self'", "font-src 'self'", Allowed),
            ("img-src", "https://a.example/x.png", "img-src 'none'", "default-src 'self'", Allowed),
            ("img-src", "https://b.example/x.png", "img-src b.example", "img-src *", Unverifiable(Redirect)),
            ("img-src", "https://b.example/x.png", "img-src b.example", "img-src 'self'", Blocked),
            ("img-src", "https://b.example", "img-src 'self'", "img-src b.example/x/", Unverifiable(Path)),
            ("img-src", "https://b.example", "img-src 'self'", "img-src b.example", Allowed),
            ("img-src", "data", "img-src 'self'", "img-src data:", Allowed),
            ("img-src", "data:", "img-src 'self'", "img-src *", Blocked),
            ("worker-src", "blob", "", "worker-src blob:", Allowed),
            ("script-src-elem", "https://b.example/x.js", "", "script-src 'nonce-abc'", Unverifiable(Nonce)),
            ("script-src-elem", "https://b.example/x.js", "", "script-src 'sha256-abc'", Unverifiable(Hash)),
            ("script-src", "https://b.example/x.js", "", "script-src 'strict-dynamic' https:", Unverifiable(Trust)),
            ("img-src", "https://b.example/x.js", "", "img-src 'nonce-abc'", Blocked),
            ("script-src-elem", "inline", "", "script-src 'unsafe-inline'", Allowed),
            ("script-src-elem", "inline", "", "script-src 'self' https:", Blocked),
            ("script-src-elem", "inline", "", "script-src 'unsafe-inline' 'nonce-abc'", Unverifiable(Nonce)),
            ("script-src-elem", "inline", "", "script-src 'sha256-abc'", Unverifiable(Hash)),
            ("script-src-attr", "inline", "", "script-src 'nonce-abc' 'sha256-abc'", Blocked),
            ("script-src-attr", "inline", "", "script-src 'unsafe-hashes' 'sha256-abc'", Unverifiable(Hash)),
            ("script-src", "inline", "", "script-src 'nonce-abc'", Unverifiable(Kind)),
            ("script-src", "inline", "", "script-src 'self'", Blocked),
            ("style-src-attr", "inline", "", "style-src 'unsafe-inline'", Allowed),
            ("script-src", "eval", "", "script-src 'unsafe-eval'", Allowed),
            ("script-src", "eval", "", "script-src 'self'", Blocked),
            ("script-src", "eval", "", "script-src 'wasm-unsafe-eval'", Unverifiable(Eval)),
            ("script-src", "wasm-eval", "", "script-src 'wasm-unsafe-eval'", Allowed),
            ("script-src", "wasm-eval", "", "script-src 'self'", Blocked),
            ("require-trusted-types-for", "trusted-types-sink", "", "default-src 'self'", Allowed),
            ("require-trusted-types-for", "trusted-types-sink", "", "require-trusted-types-for 'script'", Blocked),
            ("trusted-types", "trusted-types-policy", "", "trusted-types a", Unverifiable(Typed)),
            ("default-src", "https://b.example/x", "", "default-src 'self'", Blocked),
            ("default-src", "https://b.example/x", "", "default-src 'self'; img-src b.example", Unverifiable(Kind)),
            ("script-src", "self", "", "script-src 'self'", Unverifiable(Target)),
            ("script-src", "", "", "script-src 'self'", Unverifiable(Target)),
            ("a-new-thing", "https://b.example/x", "", "default-src 'self'", Unverifiable(Kind)),
            ("img-src", "https://b.example/x.png", "", "img-src b.example, img-src 'self'", Blocked),
        ] {
            let list = PolicyList::parse(&[policy]).value.unwrap();
            let seen = observed(what, target, own, &["https://a.example/page"]);
            assert_eq!(judge(&list, &seen), expected, "{what} {target}: {policy}");
        }
    }

    #[test]
    fn each_origin_of_the_pages_counts() {
        let list = PolicyList::parse(&["img-src 'self'"]).value.unwrap();
        for (pages, expected) in [
            (&["https://a.example/"][..], Verdict::Allowed),
            (&["https://a.example/", "https://www.a.example/"], Verdict::Blocked),
            (&["about"], Verdict::Allowed), // the site's name stands in
        ] {
            let seen = observed("img-src", "https://a.example/x.png", "img-src 'none'", pages);
            assert_eq!(judge(&list, &seen), expected, "{pages:?}");
        }
    }
}
