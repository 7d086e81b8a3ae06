//! Questions that no visitor asks; only where the operator asked for them.

use bartizan_rules::Facts;
use bartizan_rules::facts::{Asked, Probe};
use bartizan_rules::leaks::file_exposed::FILES;

use super::facts::response;
use super::own::Asker;
use crate::http::Request;

/// A name that belongs to nobody (RFC 6761, 6.4).
const NOBODY: &str = "bartizan-scan.invalid";
/// A value that only our own question carries.
const TRACED: (&str, &str) = ("X-Bartizan-Probe", "c2VudGluZWw");

/// Asks, one question after the other, and adds the answers.
pub(super) async fn ask(mut facts: Facts, asker: Asker<'_>, nowhere: &str) -> Facts {
    let directory = directory(&facts, asker);
    let baseline = match asker.path(nowhere) {
        Some(request) => asker.ask(request).await.as_ref().map(response),
        None => None,
    };
    let mut questions = Vec::new();
    for file in FILES {
        questions.push((Asked::File(file.path), asker.path(file.path)));
    }
    if let Some(path) = directory {
        questions.push((Asked::Directory, asker.path(&path)));
    }
    let trace = Request { method: "TRACE", url: asker.page.clone(), lines: Vec::new() };
    questions.push((Asked::Trace(TRACED.1.to_owned()), Some(trace.with(TRACED.0, TRACED.1))));
    let site = || Request::get(asker.page.clone());
    questions.push((Asked::UnknownHost(NOBODY.to_owned()), Some(site().with("Host", NOBODY))));
    questions.push((Asked::ForwardedHost(NOBODY.to_owned()), Some(site().with("X-Forwarded-Host", NOBODY))));
    for (asked, request) in questions {
        let Some(request) = request else { continue };
        if let Some(hop) = asker.ask(request).await {
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
