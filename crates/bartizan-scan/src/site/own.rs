//! Our own requests, which no visitor would notice: a page twice, an error page, other origins, other names.

use std::fmt::Write as _;

use bartizan_rules::Facts;
use bartizan_rules::facts::{CrossOriginAnswer, Purpose, Stranger};
use bartizan_rules::observatory::registrable_domain;
use http::Method;
use sha2::{Digest as _, Sha256};
use url::Url;

use super::facts::{chain, response};
use super::{Plan, Probing, probes};
use crate::client::{Client, Verification};
use crate::failure::Failure;
use crate::http::Request;
use crate::observatory::Visit;
use crate::session::{Hop, Manner, Session};
use crate::target::Target;

/// How we introduce ourselves.
const USER_AGENT: (&str, &str) =
    ("User-Agent", concat!("Mozilla/5.0 (compatible; bartizan/", env!("CARGO_PKG_VERSION"), ")"));
const ACCEPT: (&str, &str) = ("Accept", "text/html,application/xhtml+xml,*/*;q=0.8");
const ACCEPT_ENCODING: (&str, &str) = ("Accept-Encoding", "gzip, deflate, br");

/// Asks one site, as it was visited.
#[derive(Clone, Copy)]
pub(super) struct Asker<'a> {
    client: &'a Client,
    /// The last address of the visit.
    pub(super) page: &'a Url,
    own_lines: &'a [(String, String)],
    verification: Verification,
}

impl<'a> Asker<'a> {
    /// Returns a GET for a path of the site.
    pub(super) fn path(self, path: &str) -> Option<Request> {
        self.page.join(path).ok().map(Request::get)
    }

    /// Sends a request with what goes with every request of ours.
    pub(super) async fn ask(self, request: Request) -> Option<Hop> {
        let mut sent = request;
        for (name, value) in [USER_AGENT, ACCEPT, ACCEPT_ENCODING] {
            sent = sent.with(name, value);
        }
        if sent.url.origin() == self.page.origin() {
            sent.lines.extend_from_slice(self.own_lines);
        }
        let response = self.client.ask(&sent, self.verification).await.ok()?;
        Some(Hop { url: sent.url, response })
    }

    async fn session(self, start: Url) -> Session {
        let manner = Manner {
            lines: &[ACCEPT, USER_AGENT, ACCEPT_ENCODING],
            own_lines: if start.origin() == self.page.origin() { self.own_lines } else { &[] },
            patience: self.client.patience,
        };
        Session::visit(self.client, start, manner).await
    }
}

/// Asks, and adds what it learns.
pub(super) async fn ask(mut facts: Facts, client: &Client, visit: &Visit, target: &Target, plan: &Plan) -> Facts {
    let Some(session) = visit.graded() else { return facts };
    let Some(last) = session.last() else { return facts };
    // The operator's own lines go to the site that was named, wherever it led.
    let is_own = last.url.host() == session.start.host();
    let own_lines = if is_own { plan.own_lines.as_slice() } else { &[] };
    let asker = Asker { client, page: &last.url, own_lines, verification: session.verification() };
    let nowhere = format!("/{}", word(asker.page));
    let (again, error_page, security_txt, strangers, path, sister) = tokio::join!(
        asker.ask(Request::get(last.url.clone())),
        get(asker, &nowhere),
        get(asker, "/.well-known/security.txt"),
        strangers(asker),
        plain_path(asker, visit, &nowhere),
        sister(asker, target),
    );
    if let Some(again) = again {
        facts = facts.with_repeat(response(last), response(&again));
    }
    if let Some(page) = error_page {
        facts = facts.with_error_page(response(&page));
    }
    if let Some(text) = security_txt {
        facts = facts.with_security_txt(response(&text));
    }
    facts = strangers.into_iter().fold(facts, Facts::with_cross_origin_answer);
    for (session, purpose) in
        path.into_iter().map(|s| (s, Purpose::Path)).chain(sister.into_iter().map(|s| (s, Purpose::Sister)))
    {
        facts = facts.with_chain(chain(&session, purpose));
    }
    if plan.probing == Probing::Probe {
        facts = probes::ask(facts, asker, &nowhere).await;
    }
    facts
}

async fn get(asker: Asker<'_>, path: &str) -> Option<Hop> {
    asker.ask(asker.path(path)?).await
}

/// Asks for the page under names that have no business there.
async fn strangers(asker: Asker<'_>) -> Vec<CrossOriginAnswer> {
    let host = asker.page.host_str().unwrap_or_default();
    let plain = (asker.page.scheme() == "https").then(|| (Stranger::PlainHttp, format!("http://{host}")));
    let origins = [
        (Stranger::Foreign, "https://bartizan-scan.example".to_owned()),
        (Stranger::Lookalike, format!("https://{host}.bartizan-scan.example")),
        (Stranger::Lookalike, format!("https://bartizan-scan{host}")),
        (Stranger::Null, "null".to_owned()),
    ];
    let mut answers = Vec::new();
    // One after the other: a site must not feel it.
    for (stranger, origin) in origins.into_iter().chain(plain) {
        let request = Request::get(asker.page.clone()).with("Origin", &*origin);
        if let Some(hop) = asker.ask(request).await {
            answers.push(CrossOriginAnswer { origin, stranger, method: Method::GET, response: response(&hop) });
        }
    }
    answers
}

/// Follows a plain address that is not the site's first page, if the site answers plain requests at all.
async fn plain_path(asker: Asker<'_>, visit: &Visit, path: &str) -> Option<Session> {
    let plain = visit.http.as_ref().filter(|session| !session.route.is_empty())?;
    let start = plain.start.join(path).ok()?;
    Some(asker.session(start).await)
}

/// Follows the site's other name, with or without `www.`, over both schemes; nothing where there is none.
async fn sister(asker: Asker<'_>, target: &Target) -> Vec<Session> {
    if target.port().is_some() {
        return Vec::new();
    }
    let host = target.host();
    let name = match host.strip_prefix("www.") {
        Some(bare) => bare.to_owned(),
        None if registrable_domain(host) == Some(host) => format!("www.{host}"),
        None => return Vec::new(),
    };
    let address = |scheme: &str| {
        let mut url = target.address(scheme, None);
        url.set_host(Some(&name)).ok().map(|()| url)
    };
    let (Some(plain), Some(secure)) = (address("http"), address("https")) else { return Vec::new() };
    let (plain, secure) = tokio::join!(asker.session(plain), asker.session(secure));
    let exists =
        |session: &Session| !matches!(session.end, Err(Failure::Unresolved { .. })) || !session.route.is_empty();
    [plain, secure].into_iter().filter(exists).collect()
}

/// Returns a word that no site has a page for; the same for the same site, so that reports can be compared.
fn word(site: &Url) -> String {
    let digest = Sha256::digest(site.origin().ascii_serialization());
    digest.iter().take(8).fold("bartizan-".to_owned(), |mut word, byte| {
        let _ = write!(word, "{byte:02x}");
        word
    })
}
