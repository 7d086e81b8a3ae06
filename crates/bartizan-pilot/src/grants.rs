//! What may be added to a candidate beyond what the site's pages contain: what real clients reported, and what the
//! site's own pages confirm.
//!
//! Reports alone never add an origin: the site's own pages must load from it or name it, or the operator must vouch
//! for it. What has no origin (`data:` pictures, `blob:` workers) is added for enough clients that the wall has served.

use std::collections::BTreeSet;

use bartizan_headers::csp::{DirectiveName, Keyword, Policy, Source, SourceHost};
use bartizan_reports::advise::{Observed, Settings as Advice, propose};
use bartizan_reports::store::SiteSummary;
use bartizan_rewrite::{Inventory, Item};
use url::Url;

use crate::evidence::{Evidence, SELF};
use crate::settings::{Settings, Vouched};

/// What the reports of a site ask for, and what of it is believed.
#[derive(Debug, Default)]
pub(crate) struct Asked {
    pub(crate) granted: Vec<Vouched>,
    /// Asked for by enough real clients, and confirmed by nothing.
    pub(crate) doubted: Vec<Vouched>,
}

/// Judges what stored reports ask for beyond a policy.
pub(crate) fn judge(
    observed: &[Observed],
    summary: Option<&SiteSummary>,
    base: &Policy,
    evidence: &Evidence,
    inventory: &Inventory,
    settings: &Settings,
) -> Asked {
    let advice = Advice { base: Some(base.clone()), min_clients: 0, origins_only: true };
    let proposal = propose(observed, summary, &advice);
    let hosts = known_hosts(inventory);
    let mut asked = Asked::default();
    for proposed in proposal.sources {
        let witnesses = evidence.witnesses(|what, target| {
            is_of(&proposed.directive, what) && is_from(&proposed.source, target, &proposed.addresses)
        });
        if witnesses < settings.witnesses {
            continue;
        }
        let wish = Vouched { directive: proposed.directive.clone(), source: proposed.source.clone() };
        if is_confirmed(&wish, &hosts) { asked.granted.push(wish) } else { asked.doubted.push(wish) }
    }
    asked
}

/// Returns what reports about the candidate itself ask for: words that no address stands for.
pub(crate) fn words(evidence: &Evidence, clients: u64, inventory: &Inventory, settings: &Settings) -> Vec<Vouched> {
    let mut granted = scripts(evidence, inventory, settings);
    for (what, target, directive, keyword, share) in WORDS {
        let witnesses = evidence.witnesses(|seen, of| seen == *what && of == *target);
        let is_enough = witnesses >= settings.witnesses && witnesses as u64 * 100 >= clients * share;
        if is_enough {
            granted.push(Vouched { directive: directive.clone(), source: Source::Keyword(*keyword) });
        }
    }
    granted
}

/// Scripts that other scripts write into the page by its parser, which `'strict-dynamic'` stops: they are allowed by
/// their origin, if it is the site's own or pages are known to have scripts from there.
fn scripts(evidence: &Evidence, inventory: &Inventory, settings: &Settings) -> Vec<Vouched> {
    let known: BTreeSet<String> = inventory.known().filter_map(script_origin).collect();
    let is_meant = |target: &str| target == SELF || known.contains(target);
    let targets: BTreeSet<&str> = evidence
        .entries()
        .filter(|(what, target, _)| *what == "script-src-elem" && is_meant(target))
        .map(|(_, target, _)| target)
        .collect();
    let is_enough =
        |target: &&str| evidence.witnesses(|what, of| what == "script-src-elem" && of == *target) >= settings.witnesses;
    targets.into_iter().filter(is_enough).filter_map(|target| format!("script-src {target}").parse().ok()).collect()
}

/// Returns where a known script of another origin comes from.
pub(crate) fn script_origin(item: &Item) -> Option<String> {
    match item {
        Item::ScriptAt(address) => origin(address),
        _ => None,
    }
}

/// By report, the word that allows it, and by how many of a hundred clients it must be met: `eval` opens much, so what
/// few pages do is left to the operator.
const WORDS: &[(&str, &str, DirectiveName, Keyword, u64)] = &[
    ("script-src", "eval", DirectiveName::ScriptSrc, Keyword::UnsafeEval, 5),
    ("script-src", "wasm-eval", DirectiveName::ScriptSrc, Keyword::WasmUnsafeEval, 0),
    ("style-src-attr", "inline", DirectiveName::StyleSrcAttr, Keyword::UnsafeInline, 0),
    ("style-src-elem", "inline", DirectiveName::StyleSrc, Keyword::UnsafeInline, 0),
];

/// Whether a reported directive is the one a source was proposed for.
fn is_of(directive: &DirectiveName, what: &str) -> bool {
    let named = DirectiveName::of(what);
    named == *directive
        || matches!(
            (directive, &named),
            (DirectiveName::ScriptSrc, DirectiveName::ScriptSrcElem)
                | (DirectiveName::StyleSrc, DirectiveName::StyleSrcElem)
        )
}

fn is_from(source: &Source, target: &str, addresses: &[String]) -> bool {
    match source {
        Source::Scheme(scheme) => target == scheme,
        Source::Keyword(Keyword::WasmUnsafeEval) => target == "wasm-eval",
        Source::SelfOrigin => target == SELF,
        _ => addresses.iter().any(|address| origin(address).is_some_and(|origin| origin == target)),
    }
}

fn origin(address: &str) -> Option<String> {
    let url = Url::parse(address).ok()?;
    url.has_host().then(|| url[..url::Position::BeforePath].to_owned())
}

/// Hosts that the site's own pages load from or name.
pub(crate) fn known_hosts(inventory: &Inventory) -> BTreeSet<String> {
    let addresses = inventory.known().filter_map(|item| match item {
        Item::Loads(_, address) | Item::Names(address) | Item::ScriptAt(address) | Item::StyleAt(address) => {
            Url::parse(address).ok()
        }
        _ => None,
    });
    addresses.filter_map(|url| url.host_str().map(str::to_owned)).collect()
}

fn is_confirmed(wish: &Vouched, hosts: &BTreeSet<String>) -> bool {
    use DirectiveName as Name;
    match &wish.source {
        Source::SelfOrigin => !runs_code(&wish.directive),
        Source::Scheme(scheme) => match scheme.as_str() {
            "data" => matches!(wish.directive, Name::ImgSrc | Name::FontSrc | Name::MediaSrc),
            "blob" => matches!(
                wish.directive,
                Name::ImgSrc | Name::FontSrc | Name::MediaSrc | Name::WorkerSrc | Name::ConnectSrc | Name::FrameSrc
            ),
            _ => false,
        },
        Source::Host(source) if !runs_code(&wish.directive) => {
            matches!(&source.host, SourceHost::Exact(host) if hosts.contains(host))
        }
        Source::Keyword(Keyword::WasmUnsafeEval) => true,
        _ => false,
    }
}

/// Scripts are known by the pages that bring them, and by nothing else.
const fn runs_code(directive: &DirectiveName) -> bool {
    matches!(
        directive,
        DirectiveName::ScriptSrc
            | DirectiveName::ScriptSrcElem
            | DirectiveName::ScriptSrcAttr
            | DirectiveName::ObjectSrc
            | DirectiveName::BaseUri
            | DirectiveName::DefaultSrc
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_of_known_origins_may_be_written_by_scripts() {
        let mut inventory = Inventory::new(bartizan_rewrite::Limits { items: 10, clients: 1 });
        let item = Item::ScriptAt("https://cdn.example/lib.js".into());
        let seen = [bartizan_rewrite::Seen { item, verdict: bartizan_rewrite::Verdict::Blessed }];
        inventory.see(&seen, bartizan_rewrite::Sighting { at: 0, client: 1, page: "/" });
        inventory.settle();
        let settings = Settings { witnesses: 2, ..Settings::default() };
        for (target, clients, is_granted) in [
            (SELF, 2, true),
            (SELF, 1, false),
            ("https://cdn.example", 2, true),
            ("https://evil.example", 2, false),
            ("inline", 2, false),
        ] {
            let mut evidence = Evidence::default();
            let violation = crate::evidence::Violation {
                what: "script-src-elem".to_owned(),
                target: target.to_owned(),
                page: "/".to_owned(),
            };
            (0..clients).for_each(|client| evidence.add(&violation, client));
            assert_eq!(words(&evidence, 2, &inventory, &settings).len(), usize::from(is_granted), "{target} {clients}");
        }
    }

    #[test]
    fn what_reports_ask_for_needs_confirmation() {
        let hosts = BTreeSet::from(["cdn.example".to_owned()]);
        for (wish, is_believed) in [
            ("img-src https://cdn.example", true),
            ("img-src https://evil.example", false),
            ("connect-src wss://cdn.example:8443", true),
            ("connect-src https://sub.cdn.example", false),
            ("script-src https://cdn.example", false), // scripts come by pages alone
            ("object-src https://cdn.example", false),
            ("base-uri https://cdn.example", false),
            ("img-src data:", true),
            ("script-src data:", false),
            ("frame-src data:", false),
            ("worker-src blob:", true),
            ("script-src blob:", false),
            ("script-src 'wasm-unsafe-eval'", true),
            ("img-src https:", false),
            ("img-src *", false),
            ("style-src 'self'", true),
            ("script-src 'self'", false),
        ] {
            assert_eq!(is_confirmed(&wish.parse().unwrap(), &hosts), is_believed, "{wish}");
        }
    }
}
