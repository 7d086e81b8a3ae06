//! What several policies allow together: a browser does only what each of them allows (CSP3, 2.2).
//!
//! Of a script it is asked whether it may be loaded or stand in the page, of a handler whether its text is known; each
//! policy answers by itself, and the answers are met with each other. Which hash an `integrity` attribute names is not
//! looked at.

use super::effective::allows_inline;
use super::{DirectiveName, Keyword, Policy, Source};

/// What several policies allow together of one kind of thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Together {
    /// Of what kind.
    pub what: What,
    /// What each policy says, in their order.
    pub says: Vec<Say>,
    /// What all of them allow.
    pub all: Met,
    /// Whether there were more sources than are compared.
    pub is_cut: bool,
}

/// A kind of thing that policies speak about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// Something with this text in the page: scripts and styles.
    Inline(&'static DirectiveName),
    /// Handlers and style attributes.
    Attributes(&'static DirectiveName),
    /// Text that becomes code.
    Eval,
    /// Something that is loaded, or an address that is gone to.
    Addresses(&'static DirectiveName),
}

/// What one policy says of a kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Say {
    /// It does not restrict it.
    Anything,
    /// What one of these allows; nothing where there is none.
    Only(Vec<Source>),
}

/// What all policies allow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Met {
    /// None restricts it.
    Anything,
    /// What is allowed in one of these ways; of one way every part must hold.
    Only(Vec<Vec<Source>>),
}

/// Something that one policy allows and others do not, or not all of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blocked<'a> {
    /// What.
    pub source: &'a Source,
    /// The policy that allows it, by its place.
    pub from: usize,
    /// Those that block it.
    pub by: Vec<usize>,
    /// Those that let only a part of it pass.
    pub in_part: Vec<usize>,
}

/// Returns what policies allow together, for each kind that any of them restricts.
pub fn together(policies: &[Policy]) -> Vec<Together> {
    let rows = KINDS.iter().map(|what| meet(*what, policies));
    rows.filter(|row| row.says.iter().any(|say| *say != Say::Anything)).collect()
}

impl Together {
    /// Returns what one policy allows and another does not, or not all of it.
    pub fn blocked(&self) -> Vec<Blocked<'_>> {
        let mut found = Vec::new();
        for (from, say) in self.says.iter().enumerate() {
            let Say::Only(sources) = say else { continue };
            for source in sources {
                let mut blocked = Blocked { source, from, by: Vec::new(), in_part: Vec::new() };
                for (at, other) in self.says.iter().enumerate() {
                    let Say::Only(others) = other else { continue };
                    let ways = others.iter().filter_map(|other| join(self.what, std::slice::from_ref(source), other));
                    let ways: Vec<_> = ways.collect();
                    if ways.is_empty() {
                        blocked.by.push(at);
                    } else if !ways.iter().any(|way| way.contains(source)) {
                        blocked.in_part.push(at);
                    }
                }
                if !blocked.by.is_empty() || !blocked.in_part.is_empty() {
                    found.push(blocked);
                }
            }
        }
        found
    }
}

impl What {
    /// Returns the directive that speaks for it.
    pub const fn directive(self) -> &'static DirectiveName {
        match self {
            Self::Inline(name) | Self::Attributes(name) | Self::Addresses(name) => name,
            Self::Eval => &DirectiveName::ScriptSrc,
        }
    }
}

fn meet(what: What, policies: &[Policy]) -> Together {
    let mut is_cut = false;
    let says: Vec<Say> = policies
        .iter()
        .map(|policy| {
            let mut say = say(what, policy);
            if let Say::Only(sources) = &mut say {
                is_cut |= sources.len() > MOST_SOURCES;
                sources.truncate(MOST_SOURCES);
            }
            say
        })
        .collect();
    let mut ways = vec![Vec::new()];
    let mut is_restricted = false;
    for say in &says {
        let Say::Only(sources) = say else { continue };
        is_restricted = true;
        let joined = ways.iter().flat_map(|way| sources.iter().filter_map(|source| join(what, way, source)));
        let mut met: Vec<Vec<Source>> = Vec::new();
        for way in joined {
            if met.len() >= MOST_WAYS {
                is_cut = true;
                break;
            }
            // What asks for less allows the same and more.
            if !met.iter().any(|known| known.iter().all(|part| way.contains(part))) {
                met.retain(|known| !way.iter().all(|part| known.contains(part)));
                met.push(way);
            }
        }
        ways = met;
    }
    Together { what, says, all: if is_restricted { Met::Only(ways) } else { Met::Anything }, is_cut }
}

fn say(what: What, policy: &Policy) -> Say {
    let Some(directive) = policy.effective(what.directive()) else { return Say::Anything };
    let sources = directive.value.sources();
    let has = |keyword| sources.contains(&Source::Keyword(keyword));
    let only =
        |is_meant: fn(&Source) -> bool| Say::Only(sources.iter().filter(|source| is_meant(source)).cloned().collect());
    match what {
        What::Inline(_) if allows_inline(sources) => Say::Anything,
        What::Inline(_) => only(|source| matches!(source, Source::Nonce(_) | Source::Hash(..))),
        What::Attributes(_) if allows_inline(sources) => Say::Anything,
        What::Attributes(_) if has(Keyword::UnsafeHashes) => only(|source| matches!(source, Source::Hash(..))),
        What::Attributes(_) => Say::Only(Vec::new()),
        What::Eval if has(Keyword::UnsafeEval) => Say::Anything,
        What::Eval => only(|source| *source == Source::Keyword(Keyword::WasmUnsafeEval)),
        // Addresses no longer speak for scripts there (CSP3, 6.7.1.1).
        What::Addresses(DirectiveName::ScriptSrcElem | DirectiveName::WorkerSrc) if has(Keyword::StrictDynamic) => {
            only(|source| matches!(source, Source::Nonce(_) | Source::Keyword(Keyword::StrictDynamic)))
        }
        What::Addresses(DirectiveName::ScriptSrcElem | DirectiveName::StyleSrcElem) => {
            only(|source| source.is_address() || matches!(source, Source::Nonce(_)))
        }
        What::Addresses(_) => only(Source::is_address),
    }
}

/// Adds a source to a way; nothing where nothing can be both.
fn join(what: What, way: &[Source], source: &Source) -> Option<Vec<Source>> {
    let within = |inner: &Source, outer: &Source| inner.is_within(what.directive(), std::slice::from_ref(outer));
    let mut joined = Vec::with_capacity(way.len() + 1);
    for part in way {
        if within(part, source) {
            return Some(way.to_vec());
        }
        if within(source, part) {
            continue;
        }
        let is_apart = (part.is_address() && source.is_address())
            // An element carries one nonce.
            || matches!(
                (part, source),
                (Source::Nonce(_), Source::Nonce(_)) | (Source::Hash(..), Source::Hash(..))
            );
        if is_apart {
            return None;
        }
        joined.push(part.clone());
    }
    joined.push(source.clone());
    Some(joined)
}

/// Every kind, in the order in which it matters.
static KINDS: &[What] = &[
    What::Addresses(&DirectiveName::ScriptSrcElem),
    What::Inline(&DirectiveName::ScriptSrcElem),
    What::Attributes(&DirectiveName::ScriptSrcAttr),
    What::Eval,
    What::Addresses(&DirectiveName::StyleSrcElem),
    What::Inline(&DirectiveName::StyleSrcElem),
    What::Attributes(&DirectiveName::StyleSrcAttr),
    What::Addresses(&DirectiveName::ImgSrc),
    What::Addresses(&DirectiveName::FontSrc),
    What::Addresses(&DirectiveName::MediaSrc),
    What::Addresses(&DirectiveName::ConnectSrc),
    What::Addresses(&DirectiveName::FrameSrc),
    What::Addresses(&DirectiveName::WorkerSrc),
    What::Addresses(&DirectiveName::ManifestSrc),
    What::Addresses(&DirectiveName::ObjectSrc),
    What::Addresses(&DirectiveName::BaseUri),
    What::Addresses(&DirectiveName::FormAction),
    What::Addresses(&DirectiveName::FrameAncestors),
];

/// A policy of a whole head of 16 KiB has not many more.
const MOST_SOURCES: usize = 300;

/// Two policies of ordinary size have some dozens.
const MOST_WAYS: usize = 1000;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::Field;

    fn row(policies: &[&str], what: What) -> Together {
        let policies: Vec<_> = policies.iter().map(|text| Policy::parse(&[text]).value.unwrap()).collect();
        let found = together(&policies).into_iter().find(|row| row.what == what);
        found.unwrap_or(Together { what, says: Vec::new(), all: Met::Anything, is_cut: false })
    }

    fn told(met: &Met) -> String {
        let Met::Only(ways) = met else { return "anything".to_owned() };
        let way = |way: &Vec<Source>| way.iter().map(ToString::to_string).collect::<Vec<_>>().join("+");
        ways.iter().map(way).collect::<Vec<_>>().join(" ")
    }

    const SCRIPTS: What = What::Addresses(&DirectiveName::ScriptSrcElem);
    const INLINE: What = What::Inline(&DirectiveName::ScriptSrcElem);
    const HANDLERS: What = What::Attributes(&DirectiveName::ScriptSrcAttr);
    const IMAGES: What = What::Addresses(&DirectiveName::ImgSrc);

    #[test]
    fn only_what_each_allows_is_allowed() {
        for (policies, what, expected) in [
            (&["img-src 'self'"][..], IMAGES, "'self'"),
            (&["img-src 'self'", "script-src 'none'"], IMAGES, "'self'"),
            (&["font-src 'self'"], IMAGES, "anything"),
            (&["img-src 'self' https:", "img-src https://a.example data:"], IMAGES, "https://a.example"),
            (&["img-src a.example", "img-src b.example"], IMAGES, ""),
            (&["default-src 'self'", "img-src *"], IMAGES, "'self'"),
            (&["img-src *", "img-src https:", "img-src *.a.example"], IMAGES, "*.a.example"),
            (&["script-src 'self' 'unsafe-inline'", "script-src 'nonce-w' 'strict-dynamic'"], INLINE, "'nonce-w'"),
            (
                &["script-src 'self' 'unsafe-inline'", "script-src 'nonce-w' 'strict-dynamic'"],
                SCRIPTS,
                "'self'+'nonce-w' 'self'+'strict-dynamic'",
            ),
            (&["script-src 'self'", "script-src 'nonce-w'"], INLINE, ""),
            (&["script-src 'nonce-a'", "script-src 'nonce-w' 'nonce-a'"], INLINE, "'nonce-a'"),
            (&["script-src 'nonce-a'", "script-src 'nonce-w'"], INLINE, ""),
            (
                &["script-src 'nonce-a' 'strict-dynamic'", "script-src 'nonce-a' 'strict-dynamic'"],
                SCRIPTS,
                "'nonce-a' 'strict-dynamic'",
            ),
            (&["script-src 'unsafe-inline'", "script-src 'sha256-YQ=='"], HANDLERS, ""),
            (&["script-src 'unsafe-inline'", "script-src 'sha256-YQ==' 'unsafe-hashes'"], HANDLERS, "'sha256-YQ=='"),
            (&["script-src 'unsafe-eval'", "script-src 'wasm-unsafe-eval'"], What::Eval, "'wasm-unsafe-eval'"),
            (&["script-src 'unsafe-eval'", "script-src 'self'"], What::Eval, ""),
            (&["script-src 'unsafe-eval'", "img-src 'self'"], What::Eval, "anything"),
        ] {
            assert_eq!(told(&row(policies, what).all), expected, "{policies:?}");
        }
    }

    #[test]
    fn who_blocks_what_is_known() {
        for (policies, what, expected) in [
            (&["img-src 'self' a.example", "img-src 'self'"][..], IMAGES, &[("a.example", 0, &[1][..], &[][..])][..]),
            (&["img-src 'self'", "img-src https:"], IMAGES, &[("https:", 1, &[], &[0])]),
            (
                &["img-src a.example", "img-src b.example", "img-src *"],
                IMAGES,
                &[("a.example", 0, &[1], &[]), ("b.example", 1, &[0], &[]), ("*", 2, &[], &[0, 1])],
            ),
            (&["script-src 'self'", "script-src 'nonce-w'"], INLINE, &[("'nonce-w'", 1, &[0], &[])]),
            (&["script-src 'self'", "script-src 'nonce-w'"], SCRIPTS, &[]), // both can hold
        ] {
            let row = row(policies, what);
            let found = row.blocked();
            let found: Vec<_> = found
                .iter()
                .map(|found| (found.source.to_string(), found.from, found.by.as_slice(), found.in_part.as_slice()))
                .collect();
            let expected: Vec<_> =
                expected.iter().map(|(source, from, by, part)| ((*source).to_owned(), *from, *by, *part)).collect();
            assert_eq!(found, expected, "{policies:?}");
        }
    }

    #[test]
    fn endless_policies_are_cut() {
        let long: String = (0..2000).map(|number| format!(" a{number}.example")).collect();
        let policy = format!("img-src https:{long}; script-src{long}");
        let row = row(&[&policy, &policy], IMAGES);
        assert!(row.is_cut);
        assert!(matches!(row.all, Met::Only(ways) if ways.len() <= MOST_WAYS));
    }
}
