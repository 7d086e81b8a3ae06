//! The narrowest policy that what was reported allows.
//!
//! Reports tell what a policy blocks, never what it lets pass: the proposal is the policy that they were sent under, and
//! to it what was blocked and is wanted. A report-only `default-src 'none'` therefore gives the narrowest of all.

use std::collections::{BTreeMap, BTreeSet};

use bartizan_headers::csp::{Directive, DirectiveName, Keyword, Policy, PolicyList, Source, Value};
use url::Url;

use super::Observed;
use super::blocked::{Blocked, directives};
use super::replay::{Reason, Verdict, judge};
use super::sources::{Addresses, Rule};
use crate::noise::Class;
use crate::sketch::Sketch;
use crate::store::{Group, PageCount, SiteSummary};
use crate::subject::Fingerprint;

/// What a proposal is made by.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// The policy to begin with; none means the newest that was reported on.
    pub base: Option<Policy>,
    /// Sources that fewer clients reported are left out, where clients are known.
    pub min_clients: u64,
    /// Whether sources name origins and never paths.
    pub origins_only: bool,
}

/// A policy, and how it came to be.
#[derive(Debug, Clone)]
pub struct Proposal {
    /// What it began with; none where no report tells its policy.
    pub base: Option<Policy>,
    /// The policy.
    pub policy: Policy,
    /// What was added to the base.
    pub sources: Vec<Proposed>,
    /// What cannot be decided from reports, by the place of the group.
    pub unverifiable: Vec<(usize, Reason)>,
    /// What is not taken for the site's doing, by the place of the group.
    pub left_out: Vec<(usize, LeftOut)>,
    /// What the base already allows, by the place of the group.
    pub allowed: Vec<usize>,
    /// What the proposal still blocks although it is wanted, by the place of the group.
    pub blocked: Vec<usize>,
    /// Directives that fall back to none and that the base does not say: nothing is known of them.
    pub unwatched: Vec<DirectiveName>,
}

/// Why a group is not taken for the site's doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeftOut {
    /// It is marked.
    Noise(Class),
    /// Too few of the many visitors reported it.
    Rare,
    /// Fewer clients than asked for reported it.
    TooFewClients,
}

impl LeftOut {
    /// Returns the name, as JSON has it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Noise(class) => class.as_str(),
            Self::Rare => "rare",
            Self::TooFewClients => "few-clients",
        }
    }
}

/// A source that was added, and who asked for it.
#[derive(Debug, Clone)]
pub struct Proposed {
    /// The directive that it was added to.
    pub directive: DirectiveName,
    /// The source.
    pub source: Source,
    /// By which part of the rule.
    pub rule: Rule,
    /// How many reports.
    pub count: u64,
    /// From how many clients.
    pub clients: u64,
    /// The first of them.
    pub first_seen: i64,
    /// The last of them.
    pub last_seen: i64,
    /// On which pages, the most frequent first.
    pub pages: Vec<PageCount>,
    /// The addresses.
    pub addresses: Vec<String>,
    /// The groups.
    pub groups: Vec<Fingerprint>,
}

/// Proposes a policy for a site.
pub fn propose(observed: &[Observed], site: Option<&SiteSummary>, settings: &Settings) -> Proposal {
    let base = settings.base.clone().or_else(|| newest(observed));
    let policy = base.clone().unwrap_or_else(nothing);
    let list = PolicyList::from(policy.clone());
    let mut made = Proposal {
        base,
        policy,
        sources: Vec::new(),
        unverifiable: Vec::new(),
        left_out: Vec::new(),
        allowed: Vec::new(),
        blocked: Vec::new(),
        unwatched: Vec::new(),
    };
    let mut wishes: BTreeMap<(String, String), Vec<usize>> = BTreeMap::new();
    for (place, seen) in observed.iter().enumerate() {
        if let Some(class) = seen.group.subject.noise {
            made.left_out.push((place, LeftOut::Noise(class)));
            continue;
        }
        match wish(&list, seen) {
            Wish::Granted => made.allowed.push(place),
            Wish::Unverifiable(reason) => made.unverifiable.push((place, reason)),
            Wish::Source { directive, bucket } => {
                wishes.entry((placed(&made.policy, directive).to_string(), bucket)).or_default().push(place);
            }
        }
    }
    for ((directive, _), places) in wishes {
        made.add(&DirectiveName::of(&directive), &places, observed, site, settings);
    }
    made.unwatched = ON_THEIR_OWN.iter().filter(|name| !made.policy.has(name)).cloned().collect();
    made
}

/// What a group asks of a policy.
enum Wish {
    Granted,
    Source { directive: DirectiveName, bucket: String },
    Unverifiable(Reason),
}

fn wish(base: &PolicyList, seen: &Observed) -> Wish {
    let blocked = Blocked::of(seen);
    let names = directives(seen, &blocked);
    match judge(base, seen) {
        Verdict::Allowed => return Wish::Granted,
        Verdict::Unverifiable(reason @ (Reason::Redirect | Reason::Target | Reason::Trust | Reason::Typed)) => {
            return Wish::Unverifiable(reason);
        }
        // What was blocked had neither nonce nor digest, and an origin can be allowed without knowing the path.
        Verdict::Blocked | Verdict::Unverifiable(_) => {}
    }
    let directive = match names.as_slice() {
        [only] => only.clone(),
        // It names a directive that can be written as it is.
        [_, ..] if seen.group.subject.what == "child-src" => DirectiveName::ChildSrc,
        _ if blocked == Blocked::Inline => return Wish::Unverifiable(Reason::Inline),
        _ => return Wish::Unverifiable(Reason::Kind),
    };
    match blocked {
        Blocked::Address { url, .. } if url.scheme() == "data" && runs_code(&directive) => {
            Wish::Unverifiable(Reason::Risk)
        }
        Blocked::Address { url, .. } if url.has_host() => {
            let port = url.port_or_known_default().unwrap_or_default();
            let bucket = format!("{}://{}:{port}", url.scheme(), url.host_str().unwrap_or_default());
            Wish::Source { directive, bucket }
        }
        Blocked::Address { url, .. } => Wish::Source { directive, bucket: url.scheme().to_owned() },
        Blocked::Wasm => Wish::Source { directive, bucket: String::new() },
        Blocked::Eval => Wish::Unverifiable(Reason::Eval),
        Blocked::Inline => Wish::Unverifiable(Reason::Inline),
        Blocked::Typed => Wish::Unverifiable(Reason::Typed),
        Blocked::Untold => Wish::Unverifiable(Reason::Target),
    }
}

impl Proposal {
    /// Adds the source for groups of one directive and origin, unless too few asked for it.
    fn add(
        &mut self,
        directive: &DirectiveName,
        places: &[usize],
        observed: &[Observed],
        site: Option<&SiteSummary>,
        settings: &Settings,
    ) {
        let wanted: Vec<_> = places.iter().filter_map(|place| observed.get(*place)).collect();
        let Some(first) = wanted.first() else { return };
        let mut clients = Sketch::default();
        wanted.iter().for_each(|seen| clients.merge(&seen.group.clients));
        // Rarity is judged over the origin: each address of a large one may be rare.
        let together = Group { clients, ..first.group.clone() };
        // Reports that were imported tell no clients.
        let known = clients.estimate();
        let why = if known > 0 && site.is_some_and(|site| together.is_rare(site)) {
            Some(LeftOut::Rare)
        } else if known > 0 && known < settings.min_clients {
            Some(LeftOut::TooFewClients)
        } else {
            None
        };
        if let Some(why) = why {
            self.left_out.extend(places.iter().map(|place| (*place, why)));
            return;
        }
        let Some((source, rule)) = source(&wanted, settings.origins_only) else {
            self.unverifiable.extend(places.iter().map(|place| (*place, Reason::Unsayable)));
            return;
        };
        self.policy = widened(&self.policy, directive, &source);
        let list = PolicyList::from(self.policy.clone());
        for place in places {
            let is_blocked = observed.get(*place).is_some_and(|seen| judge(&list, seen) == Verdict::Blocked);
            if is_blocked {
                self.blocked.push(*place);
            }
        }
        self.sources.push(proposed(directive, source, rule, &wanted, known));
    }
}

fn source(wanted: &[&Observed], origins_only: bool) -> Option<(Source, Rule)> {
    let (mut urls, mut have_paths, mut pages) = (Vec::new(), true, Vec::<Url>::new());
    for seen in wanted {
        match Blocked::of(seen) {
            Blocked::Address { url, has_path } => {
                have_paths &= has_path;
                urls.push(url);
            }
            Blocked::Wasm => return Some((Source::Keyword(Keyword::WasmUnsafeEval), Rule::Keyword)),
            _ => {}
        }
        for page in seen.origins() {
            if !pages.iter().any(|known| known.origin() == page.origin()) {
                pages.push(page);
            }
        }
    }
    Addresses { urls: &urls, have_paths, pages: &pages }.source(origins_only)
}

fn proposed(directive: &DirectiveName, source: Source, rule: Rule, wanted: &[&Observed], clients: u64) -> Proposed {
    let mut pages: BTreeMap<&str, u64> = BTreeMap::new();
    for page in wanted.iter().flat_map(|seen| &seen.pages) {
        *pages.entry(&page.page).or_default() += page.count;
    }
    let mut pages: Vec<_> = pages.into_iter().map(|(page, count)| PageCount { page: page.to_owned(), count }).collect();
    pages.sort_by_key(|page| std::cmp::Reverse(page.count));
    let addresses: BTreeSet<_> = wanted.iter().map(|seen| seen.group.subject.target.to_string()).collect();
    Proposed {
        directive: directive.clone(),
        source,
        rule,
        count: wanted.iter().map(|seen| seen.group.count).sum(),
        clients,
        first_seen: wanted.iter().map(|seen| seen.group.first_seen).min().unwrap_or_default(),
        last_seen: wanted.iter().map(|seen| seen.group.last_seen).max().unwrap_or_default(),
        pages,
        addresses: addresses.into_iter().collect(),
        groups: wanted.iter().map(|seen| seen.group.id).collect(),
    }
}

/// Returns the policy with a source more; a directive that was unsaid begins with what it fell back to.
fn widened(policy: &Policy, directive: &DirectiveName, source: &Source) -> Policy {
    let said = policy.effective(directive).map(|directive| directive.value.sources()).unwrap_or_default();
    let mut sources: Vec<_> = said.iter().filter(|source| **source != Source::None).cloned().collect();
    if !sources.contains(source) {
        sources.push(source.clone());
    }
    policy.clone().with(Directive { name: directive.clone(), value: Value::Sources(sources) })
}

/// Returns the directive that a source is written to: all browsers know `script-src`, not all `script-src-elem`.
fn placed(policy: &Policy, directive: DirectiveName) -> DirectiveName {
    match directive {
        DirectiveName::ScriptSrcElem if !policy.has(&directive) => DirectiveName::ScriptSrc,
        DirectiveName::StyleSrcElem if !policy.has(&directive) => DirectiveName::StyleSrc,
        other => other,
    }
}

const fn runs_code(directive: &DirectiveName) -> bool {
    matches!(
        directive,
        DirectiveName::ObjectSrc
            | DirectiveName::ScriptSrc
            | DirectiveName::ScriptSrcAttr
            | DirectiveName::ScriptSrcElem
            | DirectiveName::WorkerSrc
    )
}

/// The newest policy that was reported on.
fn newest(observed: &[Observed]) -> Option<Policy> {
    let told = observed.iter().filter(|seen| seen.group.subject.noise.is_none() && !seen.policies.is_empty());
    told.max_by_key(|seen| seen.newest)?.policies.first().cloned()
}

fn nothing() -> Policy {
    Policy::default().with(Directive { name: DirectiveName::DefaultSrc, value: Value::Sources(vec![Source::None]) })
}

/// Directives that no other speaks for.
const ON_THEIR_OWN: &[DirectiveName] =
    &[DirectiveName::BaseUri, DirectiveName::FormAction, DirectiveName::FrameAncestors];

#[cfg(test)]
mod tests {
    use bartizan_headers::Field as _;

    use super::super::observed::tests::observed;
    use super::*;
    use crate::sketch::Client;

    const PAGE: &[&str] = &["https://a.example/page"];

    #[test]
    fn what_was_blocked_is_added_narrowly() {
        for (own, reports, expected) in [
            (
                "default-src 'none'",
                &[("img-src", "https://a.example/x.png"), ("img-src", "https://b.example/y.png")][..],
                "default-src 'none'; img-src 'self' https://b.example/y.png",
            ),
            (
                "default-src 'self'",
                &[("script-src-elem", "https://b.example/x/1.js"), ("script-src-elem", "https://b.example/x/2.js")],
                "default-src 'self'; script-src 'self' https://b.example/x/",
            ),
            (
                "script-src 'self'; script-src-elem 'none'",
                &[("script-src-elem", "https://a.example/1.js")],
                "script-src 'self'; script-src-elem 'self'",
            ),
            ("default-src 'self'", &[("img-src", "data")], "default-src 'self'; img-src 'self' data:"),
            ("default-src 'self'", &[("script-src-elem", "data")], "default-src 'self'"),
            ("default-src 'self'", &[("script-src-elem", "inline"), ("script-src", "eval")], "default-src 'self'"),
            (
                "default-src 'self'",
                &[("script-src", "wasm-eval")],
                "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'",
            ),
            ("form-action 'none'", &[("form-action", "https://a.example/send")], "form-action 'self'"),
            ("img-src b.example", &[("img-src", "https://b.example/x")], "img-src b.example"), // a redirect
            (
                "script-src 'strict-dynamic'",
                &[("script-src-elem", "https://b.example/x")],
                "script-src 'strict-dynamic'",
            ),
            (
                "script-src 'nonce-abc'",
                &[("script-src-elem", "https://b.example/x")],
                "script-src 'nonce-abc' https://b.example/x",
            ),
            (
                "default-src 'none'; report-uri /r",
                &[("connect-src", "wss://b.example/live"), ("worker-src", "blob")],
                "default-src 'none'; report-uri /r; connect-src wss://b.example/live; worker-src blob:",
            ),
        ] {
            let seen: Vec<_> = reports.iter().map(|(what, target)| observed(what, target, own, PAGE)).collect();
            let made = propose(&seen, None, &Settings::default());
            assert_eq!(made.policy.to_string(), expected, "{own}: {reports:?}");
            assert_eq!(made.blocked, [0; 0], "{own}: {reports:?}");
        }
    }

    #[test]
    fn what_was_loaded_before_is_allowed_as_well() {
        let mut loaded = observed("script", "https://b.example/x.js", "", PAGE);
        loaded.group.subject.kind = "csp-hash".into();
        let made = propose(&[loaded], None, &Settings::default());
        assert_eq!(made.policy.to_string(), "default-src 'none'; script-src https://b.example/x.js");
    }

    #[test]
    fn noise_and_what_few_saw_is_left_out() {
        let many = |number: u64| {
            let mut clients = Sketch::default();
            (0..number)
                .for_each(|client| clients.add(Client(client.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(9))));
            clients
        };
        let site = |clients| SiteSummary {
            site: "a.example".to_owned(),
            reports: 1000,
            noise: 0,
            groups: 1,
            last_seen: 0,
            clients,
        };
        for (noise, clients, of, min_clients, left_out) in [
            (None, 10, 500, 0, None),
            (Some(Class::Extension), 10, 500, 0, Some(LeftOut::Noise(Class::Extension))),
            (None, 1, 500, 0, Some(LeftOut::Rare)),
            (None, 1, 3, 0, None), // a small site cannot tell
            (None, 3, 10, 8, Some(LeftOut::TooFewClients)),
            (None, 0, 500, 8, None), // imported: not known
        ] {
            let mut seen = observed("img-src", "https://b.example/x", "default-src 'self'", PAGE);
            seen.group.subject.noise = noise;
            seen.group.clients = many(clients);
            let settings = Settings { min_clients, ..Settings::default() };
            let made = propose(&[seen], Some(&site(many(of))), &settings);
            assert_eq!(made.left_out.first().map(|(_, why)| *why), left_out, "{noise:?} {clients} of {of}");
            assert_eq!(made.sources.is_empty(), left_out.is_some(), "{noise:?} {clients} of {of}");
        }
    }

    #[test]
    fn a_proposal_tells_what_cannot_be_verified_and_what_was_not_watched() {
        use Reason::{Eval, Inline, Kind, Redirect, Risk, Target, Trust, Typed, Unsayable};
        for (what, target, own, reason) in [
            ("script-src-elem", "inline", "default-src 'self'", Inline),
            ("script-src", "inline", "script-src 'nonce-abc'", Inline),
            ("script-src", "eval", "default-src 'self'", Eval),
            ("script-src-elem", "data", "default-src 'self'", Risk),
            ("img-src", "https://b.example/x", "img-src b.example", Redirect),
            ("default-src", "https://b.example/x", "default-src 'self'", Kind),
            ("script-src", "self", "default-src 'self'", Target),
            ("script-src-elem", "https://b.example/", "script-src 'strict-dynamic'", Trust),
            ("trusted-types", "trusted-types-policy", "trusted-types a", Typed),
            ("img-src", "https://[::1]/x", "default-src 'self'", Unsayable),
        ] {
            let made = propose(&[observed(what, target, own, PAGE)], None, &Settings::default());
            assert_eq!(made.unverifiable, [(0, reason)], "{what} {target}");
        }
        let base = Policy::parse(&["default-src 'self'; base-uri 'none'"]).value;
        let made = propose(&[], None, &Settings { base, ..Settings::default() });
        assert_eq!(made.unwatched, [DirectiveName::FormAction, DirectiveName::FrameAncestors]);
    }
}
