//! Our own requests, which no visitor would notice: a page twice, an error page, other origins, other names.

use std::fmt::Write as _;
use std::io;
use std::net::SocketAddr;

use bartizan_rules::Facts;
use bartizan_rules::facts::{CrossOriginAnswer, Families, Purpose, Response, Stranger};
use bartizan_rules::observatory::registrable_domain;
use http::Method;
use sha2::{Digest as _, Sha256};
use url::Url;

use super::facts::{chain, response};
use super::{Plan, Probing, probes};
use crate::client::{Client, Verification};
use crate::failure::Failure;
use crate::http::Request;
use crate::kept::Kept;
use crate::observatory::Visit;
use crate::resolver::{Override, Resolver};
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

    /// Sends a request with what goes with every request of ours, over a connection that is kept for the next.
    pub(super) async fn ask(self, kept: &mut Kept, request: Request) -> Option<Hop> {
        let sent = self.dressed(request);
        let response = self.client.ask_over(kept, &sent, self.verification).await.ok()?;
        Some(Hop { url: sent.url, response })
    }

    /// Adds what goes with every request of ours.
    fn dressed(self, mut request: Request) -> Request {
        for (name, value) in [USER_AGENT, ACCEPT, ACCEPT_ENCODING] {
            request = request.with(name, value);
        }
        if request.url.origin() == self.page.origin() {
            request.lines.extend_from_slice(self.own_lines);
        }
        request
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
    let (files, strangers, path, sister, families) = tokio::join!(
        files(asker, &nowhere),
        strangers(asker),
        plain_path(asker, visit, &nowhere),
        sister(asker, target),
        families(asker),
    );
    if let Some(again) = files.again {
        facts = facts.with_repeat(response(last), response(&again));
    }
    if let Some(page) = files.error_page {
        facts = facts.with_error_page(response(&page));
    }
    if let Some(text) = files.security_txt {
        facts = facts.with_security_txt(response(&text));
    }
    if let Some(families) = families {
        facts = facts.with_families(families);
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

/// What any visitor could ask for.
struct Files {
    again: Option<Hop>,
    error_page: Option<Hop>,
    security_txt: Option<Hop>,
}

async fn files(asker: Asker<'_>, nowhere: &str) -> Files {
    let mut kept = Kept::default();
    let again = asker.ask(&mut kept, Request::get(asker.page.clone())).await;
    let mut get = async |path| asker.ask(&mut kept, asker.path(path)?).await;
    Files { again, error_page: get(nowhere).await, security_txt: get("/.well-known/security.txt").await }
}

/// Asks for the page at an address of either family, where the name has both.
async fn families(asker: Asker<'_>) -> Option<Families> {
    let addresses = asker.client.resolver.resolve(asker.page).await.ok()?;
    let first = |is_wanted: fn(&SocketAddr) -> bool| addresses.iter().copied().find(is_wanted);
    let (ipv4, ipv6) = (first(SocketAddr::is_ipv4)?, first(SocketAddr::is_ipv6)?);
    let (ipv4, ipv6) = tokio::join!(over(asker, ipv4), over(asker, ipv6));
    Some(Families { page: asker.page.clone(), ipv4: ipv4?, ipv6: ipv6? })
}

/// Asks for the page at one address; nothing where this machine has no way to it.
async fn over(asker: Asker<'_>, address: SocketAddr) -> Option<Result<Response, String>> {
    let resolver = Resolver::new(vec![Override::to(asker.page, address)]);
    let client = Client { resolver, ..asker.client.clone() };
    let request = asker.dressed(Request::get(asker.page.clone()));
    match client.ask(&request, asker.verification).await {
        Ok(answer) => Some(Ok(response(&Hop { url: request.url, response: answer }))),
        Err(Failure::Connect(error)) if is_ours(&error) => None,
        Err(failure) => Some(Err(super::reason(&failure))),
    }
}

/// Whether a connection failed on this side: most machines have no IPv6.
fn is_ours(error: &io::Error) -> bool {
    use io::ErrorKind::{AddrNotAvailable, HostUnreachable, NetworkDown, NetworkUnreachable};
    matches!(error.kind(), AddrNotAvailable | HostUnreachable | NetworkDown | NetworkUnreachable)
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
    let (mut answers, mut kept) = (Vec::new(), Kept::default());
    // One after the other: a site must not feel it.
    for (stranger, origin) in origins.into_iter().chain(plain) {
        let request = Request::get(asker.page.clone()).with("Origin", &*origin);
        if let Some(hop) = asker.ask(&mut kept, request).await {
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
