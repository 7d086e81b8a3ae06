//! The strict policy of a site: made from what its pages are known to contain and what is granted.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use bartizan_headers::Field as _;
use bartizan_headers::csp::{DirectiveName, Keyword, Policy, PolicyList, Source};
use bartizan_rewrite::{Inventory, Item, Load};
use serde::{Deserialize, Serialize};

use crate::grants::script_origin;
use crate::settings::Vouched;

/// The strict policy of a site, without what differs from page to page.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidate {
    /// Sources by directive, nonces left out.
    sources: BTreeMap<String, BTreeSet<String>>,
    /// Whether style elements need the nonce.
    style_nonce: bool,
    /// What it could not be made to allow.
    pub obstacles: Vec<String>,
}

/// The policies that the configuration has for a page.
#[derive(Debug, Clone, Copy, Default)]
pub struct Own<'a> {
    /// Enforced.
    pub enforced: Option<&'a str>,
    /// Reported on.
    pub reported: Option<&'a str>,
}

impl Candidate {
    /// Makes the policy.
    pub fn of(inventory: &Inventory, grants: &BTreeSet<String>) -> Self {
        let mut made = Self { style_nonce: true, ..Self::default() };
        for (directive, sources) in BASE {
            made.sources.entry((*directive).to_owned()).or_default().extend(sources.iter().map(ToString::to_string));
        }
        made.hashes(inventory);
        for item in inventory.known() {
            match item {
                Item::Loads(load, origin) => made.add_checked(directive_of(*load), origin),
                Item::StyleAt(address) => {
                    if let Some(origin) = foreign_origin(address) {
                        // A style sheet that a script adds carries no nonce.
                        made.add_checked("style-src", &origin);
                    }
                }
                _ => {}
            }
        }
        for grant in grants.iter().filter_map(|grant| grant.parse::<Vouched>().ok()) {
            if grant.directive == DirectiveName::StyleSrc && grant.source == Source::Keyword(Keyword::UnsafeInline) {
                made.style_nonce = false;
            }
            made.add(&grant.directive.to_string(), &grant.source.to_string());
        }
        made.drop_trust(inventory);
        made
    }

    /// Where scripts are allowed by address, `'strict-dynamic'` must go, or no address would count (CSP3, 6.7.1.1).
    fn drop_trust(&mut self, inventory: &Inventory) {
        let Some(sources) = self.sources.get_mut("script-src") else { return };
        let is_address = |source: &String| !source.starts_with('\'') || source == "'self'";
        if !sources.iter().any(is_address) {
            return;
        }
        sources.remove("'strict-dynamic'");
        sources.insert("'self'".to_owned());
        for origin in inventory.known().filter_map(script_origin) {
            self.add_checked("script-src", &origin);
        }
    }

    /// Handlers, addresses that are code, and style attributes, which only hashes can allow (CSP3, 6.7.3.3); and scripts
    /// in pieces of pages, which come with a nonce that is not the page's.
    fn hashes(&mut self, inventory: &Inventory) {
        let (mut code, mut inserted, mut styles) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        for item in inventory.known() {
            match item {
                Item::Handler(digest) | Item::ScriptUrl(digest) => drop(code.insert(digest.source())),
                Item::InsertedScript(digest) => drop(inserted.insert(digest.source())),
                Item::StyleAttribute(digest) => drop(styles.insert(digest.source())),
                _ => {}
            }
        }
        let handlers = code.len();
        if handlers > MOST_HASHES {
            self.obstacles.push(format!(
                "{} different event handlers in the pages: a policy holds {MOST_HASHES} hashes at most",
                handlers
            ));
        } else if !code.is_empty() {
            code.insert("'unsafe-hashes'".to_owned());
            self.sources.entry("script-src".to_owned()).or_default().extend(code);
        }
        // An app that fetches whole pages in the background for their head alone has many, and misses none.
        if !inserted.is_empty() && handlers + inserted.len() <= MOST_HASHES {
            self.sources.entry("script-src".to_owned()).or_default().extend(inserted);
        }
        if styles.len() > MOST_STYLE_HASHES {
            self.add("style-src-attr", "'unsafe-inline'");
        } else if !styles.is_empty() {
            styles.insert("'unsafe-hashes'".to_owned());
            self.sources.entry("style-src-attr".to_owned()).or_default().extend(styles);
        }
    }

    /// Adds what comes from a page: a host may hold what would end a source, a directive or a policy.
    fn add_checked(&mut self, directive: &str, source: &str) {
        if format!("{directive} {source}").parse::<Vouched>().is_ok() {
            self.add(directive, source);
        }
    }

    fn add(&mut self, directive: &str, source: &str) {
        let sources = self.sources.entry(directive.to_owned()).or_default();
        sources.remove("'none'");
        sources.insert(source.to_owned());
        // Beside a hash or a nonce 'unsafe-inline' says nothing (CSP3, 6.7.3.2).
        if source == "'unsafe-inline'" {
            sources.retain(|source| !source.starts_with("'sha") && source != "'unsafe-hashes'");
        } else if sources.contains("'unsafe-inline'") {
            sources.retain(|source| !source.starts_with("'sha"));
        }
    }

    /// Returns the policy for one page.
    pub fn written(&self, nonce: &str, own_nonces: &[String], report: &str, configured: Option<&str>) -> String {
        let configured = configured.and_then(|text| PolicyList::parse(&[text]).value).unwrap_or_default();
        // What restricts nothing that is loaded belongs into the same policy; another one stands beside ours.
        let is_merged = configured.policies.len() <= 1
            && configured.policies.iter().flat_map(Policy::directives).all(|said| !is_about_loads(&said.name));
        let said: &[_] = configured.policies.first().filter(|_| is_merged).map_or(&[], |policy| policy.directives());
        let mut text = String::with_capacity(600);
        for (directive, sources) in &self.sources {
            if said.iter().any(|said| said.name.to_string() == *directive) {
                continue;
            }
            separate(&mut text);
            text.push_str(directive);
            if directive == "script-src" || (directive == "style-src" && self.style_nonce) {
                let _ = write!(text, " 'nonce-{nonce}'");
                for own in own_nonces {
                    let _ = write!(text, " 'nonce-{own}'");
                }
            }
            for source in sources {
                text.push(' ');
                text.push_str(source);
            }
        }
        for directive in said {
            if !matches!(directive.name, DirectiveName::ReportUri | DirectiveName::ReportTo) {
                separate(&mut text);
                let _ = write!(text, "{directive}");
            }
        }
        let _ = write!(text, "; report-uri {report}");
        if !is_merged {
            let _ = write!(text, ", {configured}");
        }
        text
    }

    /// Returns the policy with a nonce that stands for any.
    pub fn policy(&self) -> Policy {
        Policy::parse(&[&self.written("any", &[], "/", None)]).value.unwrap_or_default()
    }

    /// Returns what this one allows that another does not, for people.
    pub fn beyond(&self, other: &Self) -> Vec<String> {
        let mut more = Vec::new();
        for (directive, sources) in &self.sources {
            let known = other.sources.get(directive);
            let new: Vec<_> =
                sources.iter().filter(|source| known.is_none_or(|known| !known.contains(*source))).collect();
            // Hashes say nothing to people.
            let (hashes, words): (Vec<_>, Vec<_>) = new.into_iter().partition(|source| source.starts_with("'sha"));
            more.extend(words.into_iter().map(|source| format!("{directive} {source}")));
            if !hashes.is_empty() {
                more.push(format!("{directive}: {} by hash", hashes.len()));
            }
        }
        more
    }
}

fn separate(text: &mut String) {
    if !text.is_empty() {
        text.push_str("; ");
    }
}

const fn directive_of(load: Load) -> &'static str {
    match load {
        Load::Base => "base-uri",
        Load::Form => "form-action",
        Load::Frame => "frame-src",
        Load::Image => "img-src",
        Load::Manifest => "manifest-src",
        Load::Media => "media-src",
        Load::Object => "object-src",
    }
}

/// The origin of an address that an item is known by; nothing for the site's own, which `'self'` allows.
fn foreign_origin(address: &str) -> Option<String> {
    let url = url::Url::parse(address).ok().filter(url::Url::has_host)?;
    Some(url[..url::Position::BeforePath].to_owned())
}

/// Whether a directive says from where something is loaded or what may run, and not who may frame or where forms go.
fn is_about_loads(name: &DirectiveName) -> bool {
    !matches!(
        name,
        DirectiveName::BaseUri
            | DirectiveName::FormAction
            | DirectiveName::FrameAncestors
            | DirectiveName::ObjectSrc
            | DirectiveName::ReportTo
            | DirectiveName::ReportUri
            | DirectiveName::Sandbox
            | DirectiveName::UpgradeInsecureRequests
    )
}

/// What every candidate begins with. A site's own files are allowed wherever they run no code: what some page uses once
/// a year would break, and would gain an attacker nothing.
const BASE: &[(&str, &[&str])] = &[
    ("base-uri", &["'self'"]),
    ("connect-src", &["'self'"]),
    ("default-src", &["'none'"]),
    ("font-src", &["'self'"]),
    ("form-action", &["'self'"]),
    ("frame-ancestors", &["'self'"]),
    ("frame-src", &["'self'"]),
    ("img-src", &["'self'"]),
    ("manifest-src", &["'self'"]),
    ("media-src", &["'self'"]),
    ("object-src", &["'none'"]),
    ("script-src", &["'report-sample'", "'strict-dynamic'"]),
    ("style-src", &["'report-sample'", "'self'"]),
    ("worker-src", &["'self'"]),
];

/// Fifty bytes each; servers and proxies stop at heads of 8 KiB.
const MOST_HASHES: usize = 60;

/// Styles are worth less of that.
const MOST_STYLE_HASHES: usize = 20;

#[cfg(test)]
mod tests {
    use bartizan_rewrite::{Digest, Limits, Seen, Sighting, Verdict};

    use super::*;

    fn inventory(items: &[Item]) -> Inventory {
        let mut inventory = Inventory::new(Limits { items: 1000, clients: 1 });
        let seen: Vec<_> = items.iter().map(|item| Seen { item: item.clone(), verdict: Verdict::NeedsHash }).collect();
        inventory.see(&seen, Sighting { at: 0, client: 1, page: "/" });
        inventory.settle();
        inventory
    }

    fn made(items: &[Item], grants: &[&str]) -> Policy {
        let grants = grants.iter().map(ToString::to_string).collect();
        Candidate::of(&inventory(items), &grants).policy()
    }

    fn directive(policy: &Policy, name: &DirectiveName) -> String {
        policy.directive(name).map(ToString::to_string).unwrap_or_default()
    }

    #[test]
    fn what_pages_contain_is_allowed_and_nothing_else() {
        let handler = Digest::of("go()");
        let policy = made(
            &[
                Item::Handler(handler),
                Item::Loads(Load::Image, "https://img.example".into()),
                Item::Names("https://api.example".into()), // named is not used
                Item::ScriptAt("https://cdn.example/x.js".into()), // by its nonce
            ],
            &["font-src data:"],
        );
        for (name, expected) in [
            (DirectiveName::ImgSrc, "img-src 'self' https://img.example".to_owned()),
            (DirectiveName::ConnectSrc, "connect-src 'self'".to_owned()),
            (DirectiveName::FontSrc, "font-src 'self' data:".to_owned()),
            (
                DirectiveName::ScriptSrc,
                format!("script-src 'nonce-any' 'report-sample' {} 'strict-dynamic' 'unsafe-hashes'", handler.source()),
            ),
        ] {
            assert_eq!(directive(&policy, &name), expected);
        }
    }

    #[test]
    fn addresses_of_scripts_take_the_place_of_trust() {
        let items = [Item::ScriptAt("https://cdn.example/x.js".into()), Item::ScriptAt("/static/".into())];
        for (grants, expected) in [
            (&[][..], "script-src 'nonce-any' 'report-sample' 'strict-dynamic'"),
            (&["script-src 'unsafe-eval'"], "script-src 'nonce-any' 'report-sample' 'strict-dynamic' 'unsafe-eval'"),
            (&["script-src 'self'"], "script-src 'nonce-any' 'report-sample' 'self' https://cdn.example"),
        ] {
            assert_eq!(directive(&made(&items, grants), &DirectiveName::ScriptSrc), expected);
        }
    }

    #[test]
    fn scripts_of_pieces_of_pages_are_allowed_by_hash() {
        let many = |count: usize| -> Vec<_> {
            (0..count).map(|number| Item::InsertedScript(Digest::of(&format!("go({number})")))).collect()
        };
        for (count, hashes) in [(1, 1), (MOST_HASHES, MOST_HASHES), (MOST_HASHES + 1, 0)] {
            let made = directive(&made(&many(count), &[]), &DirectiveName::ScriptSrc);
            assert_eq!(made.matches("'sha256-").count(), hashes, "{made}");
            // They are elements, and no handler needs to be allowed for them.
            assert!(made.contains("'strict-dynamic'") && !made.contains("'unsafe-hashes'"), "{made}");
        }
    }

    #[test]
    fn inline_styles_are_allowed_without_nonce_or_hash() {
        let styles: Vec<_> = (0..3).map(|number| Item::StyleAttribute(Digest::of(&format!("top: {number}")))).collect();
        let policy = made(&styles, &[]);
        assert!(directive(&policy, &DirectiveName::StyleSrcAttr).contains("'sha256-"));
        let policy = made(&styles, &["style-src 'unsafe-inline'", "style-src-attr 'unsafe-inline'"]);
        assert_eq!(directive(&policy, &DirectiveName::StyleSrc), "style-src 'report-sample' 'self' 'unsafe-inline'");
        assert_eq!(directive(&policy, &DirectiveName::StyleSrcAttr), "style-src-attr 'unsafe-inline'");
    }

    #[test]
    fn the_configured_policy_is_never_weakened() {
        let candidate = Candidate::of(&Inventory::default(), &BTreeSet::new());
        for (configured, contains, policies) in [
            (None, "frame-ancestors 'self'", 1),
            (Some("frame-ancestors 'none'; object-src 'none'"), "frame-ancestors 'none'", 1),
            (Some("default-src 'self'; report-uri /own"), ", default-src 'self'", 2),
            (Some("img-src a.example, img-src b.example"), ", img-src a.example", 3),
        ] {
            let text = candidate.written("abc", &["app".to_owned()], "/r", configured);
            assert!(text.contains(contains), "{text}");
            assert!(text.contains("script-src 'nonce-abc' 'nonce-app'"), "{text}");
            assert_eq!(PolicyList::parse(&[&text]).value.unwrap().policies.len(), policies, "{text}");
        }
    }

    #[test]
    fn too_many_handlers_are_an_obstacle() {
        let many: Vec<_> =
            (0..=MOST_HASHES).map(|number| Item::Handler(Digest::of(&format!("go({number})")))).collect();
        let inventory = inventory(&many);
        assert_eq!(Candidate::of(&inventory, &BTreeSet::new()).obstacles.len(), 1);
    }
}
