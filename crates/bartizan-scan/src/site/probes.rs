//! Questions that no visitor asks; only where the operator asked for them.

use bartizan_rules::Facts;
use bartizan_rules::facts::{Asked, LoadKind, Probe};
use bartizan_rules::leaks::file_exposed::FILES;
use url::Url;

use super::facts::response;
use super::own::Asker;
use crate::http::Request;
use crate::kept::Kept;

/// A name that belongs to nobody (RFC 6761, 6.4).
const NOBODY: &str = "bartizan-scan.invalid";
/// A value that only our own question carries.
const TRACED: (&str, &str) = ("X-Bartizan-Probe", "c2VudGluZWw");

/// Half an escape and a byte that begins nothing in UTF-8.
const MALFORMED: &str = "/%zz%ff";

/// Asks, one question after the other, and adds the answers.
pub(super) async fn ask(mut facts: Facts, asker: Asker<'_>, nowhere: &str) -> Facts {
    let directory = directory(&facts, asker);
    let maps = source_maps(&facts, asker);
    let mut kept = Kept::default();
    let baseline = match asker.path(nowhere) {
        Some(request) => asker.ask(&mut kept, request).await.as_ref().map(response),
        None => None,
    };
    // What no program takes for text: some answer with their inside.
    if let Some(request) = asker.path(MALFORMED)
        && let Some(hop) = asker.ask(&mut kept, request).await
        && hop.response.head.status >= 400
    {
        facts = facts.with_error_page(response(&hop));
    }
    let mut questions = Vec::new();
    for file in FILES {
        questions.push((Asked::File(file.path), asker.path(file.path)));
    }
    if let Some(path) = directory {
        questions.push((Asked::Directory, asker.path(&path)));
    }
    for map in maps {
        questions.push((Asked::SourceMap, Some(Request::get(map))));
    }
    for url in redirects(asker.page) {
        questions.push((Asked::Redirect(NOBODY.to_owned()), Some(Request::get(url))));
    }
    // IIS has a name of its own for it.
    for method in ["TRACE", "TRACK"] {
        let trace = Request { method, url: asker.page.clone(), lines: Vec::new() };
        questions.push((Asked::Trace(TRACED.1.to_owned()), Some(trace.with(TRACED.0, TRACED.1))));
    }
    let site = || Request::get(asker.page.clone());
    questions.push((Asked::UnknownHost(NOBODY.to_owned()), Some(site().with("Host", NOBODY))));
    questions.push((Asked::ForwardedHost(NOBODY.to_owned()), Some(site().with("X-Forwarded-Host", NOBODY))));
    // The one method that changes nothing and answers otherwise.
    let overridden = site().with("X-HTTP-Method-Override", "HEAD");
    questions.push((Asked::MethodOverride, Some(overridden)));
    for (asked, request) in questions {
        let Some(request) = request else { continue };
        if let Some(hop) = asker.ask(&mut kept, request).await {
            facts = facts.with_probe(Probe { asked, response: response(&hop), baseline: baseline.clone() });
        }
    }
    facts
}

/// Returns a folder from which the page loads something of its own.
fn directory(facts: &Facts, asker: Asker<'_>) -> Option<String> {
    let loads = facts.pages().iter().flat_map(|page| &page.loads);
    let own = loads.filter(|load| load.url.origin() == asker.page.origin());
    let mut folders = own.filter_map(|load| {
        let path = load.url.path();
        let end = path.rfind('/')? + 1;
        path.get(..end).filter(|folder| *folder != "/").map(str::to_owned)
    });
    folders.next()
}

/// Returns where the maps of the site's own scripts would be: beside them.
fn source_maps(facts: &Facts, asker: Asker<'_>) -> Vec<Url> {
    let loads = facts.pages().iter().flat_map(|page| &page.loads);
    let scripts = loads.filter(|load| matches!(load.kind, LoadKind::ModulePreload | LoadKind::Script));
    let own = scripts.filter(|load| load.url.origin() == asker.page.origin());
    let maps = own.map(|load| {
        let mut map = load.url.clone();
        map.set_path(&format!("{}.map", load.url.path()));
        map
    });
    // All scripts of a site are built alike.
    maps.take(2).collect()
}

/// Returns addresses that lead elsewhere where a site redirects without looking: behind two slashes, and by the names
/// that parameters for it have.
fn redirects(page: &Url) -> Vec<Url> {
    let mut slashes = page.clone();
    slashes.set_path(&format!("//{NOBODY}"));
    slashes.set_query(None);
    let mut named = page.clone();
    let place = format!("https://{NOBODY}/");
    named.query_pairs_mut().extend_pairs(PARAMETERS.iter().map(|name| (*name, place.as_str())));
    vec![slashes, named]
}

/// Parameters that say where to go on.
const PARAMETERS: &[&str] = &[
    "continue",
    "dest",
    "go",
    "goto",
    "next",
    "redirect",
    "redirect_to",
    "redirect_uri",
    "return",
    "return_to",
    "rurl",
    "u",
    "url",
];
