//! A whole scan of one site: the Observatory's requests, then our own, then TLS; all of it as facts.

mod facts;
mod own;
mod page;
mod probes;

use bartizan_rules::Facts;
use bartizan_rules::facts::Provenance;
use bartizan_rules::observatory::{Algorithm, Retrieval};
use jiff::Timestamp;
use url::Url;

use crate::client::Client;
use crate::observatory::{Visit, visit};
use crate::session::Session;
use crate::target::{Scheme, Target};
use crate::tls;

pub use self::page::page;

/// What to look at, and how.
#[derive(Debug, Clone)]
pub struct Plan {
    /// By which edition the Observatory's requests are made.
    pub algorithm: Algorithm,
    /// Which parts of a scan to make.
    pub parts: Vec<Part>,
    /// Lines that go to the site itself with every request, such as a cookie.
    pub own_lines: Vec<(String, String)>,
    /// Whether to ask for what no visitor asks for.
    pub probing: Probing,
    /// How to look at TLS.
    pub tls: tls::Options,
}

/// A part of a scan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// What our own rules judge.
    Findings,
    /// What the Observatory grades.
    Observatory,
    /// How the server speaks TLS.
    Tls,
}

/// Whether to ask for what no visitor asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Probing {
    /// Only what visitors do.
    #[default]
    Guest,
    /// Files left behind, strange hosts, `TRACE`.
    Probe,
}

/// What a scan saw.
#[derive(Debug)]
pub struct Scanned {
    /// What the Observatory grades, if that was asked for.
    pub retrieval: Option<Retrieval>,
    /// What rules judge.
    pub facts: Facts,
    /// How the server speaks TLS, if that was asked for and it does.
    pub tls: Option<tls::Report>,
    /// What could not be seen, each in one line.
    pub unseen: Vec<String>,
    /// Whether anything answered.
    pub is_reached: bool,
}

impl Plan {
    fn has(&self, part: Part) -> bool {
        self.parts.contains(&part)
    }
}

/// Scans a site.
pub async fn scan(client: &Client, target: &Target, plan: &Plan) -> Scanned {
    let mut scanned = Scanned {
        retrieval: None,
        facts: Facts::default().at_time(Timestamp::now()),
        tls: None,
        unseen: Vec::new(),
        is_reached: false,
    };
    let mut seen = None;
    if plan.has(Part::Observatory) || plan.has(Part::Findings) {
        let visit = Box::pin(visit(client, target, plan.algorithm, &plan.own_lines)).await;
        scanned.is_reached = visit.graded().is_some();
        scanned.unseen = unseen(&visit);
        if plan.has(Part::Observatory) {
            scanned.retrieval = Some(visit.retrieval(target, plan.algorithm));
        }
        if plan.has(Part::Findings) && scanned.is_reached {
            let facts = facts::of_visit(std::mem::take(&mut scanned.facts), &visit);
            scanned.facts = Box::pin(own::ask(facts, client, &visit, target, plan)).await;
        }
        seen = Some(visit);
    }
    if plan.has(Part::Tls) {
        let Some(url) = secure_address(target, seen.as_ref()) else {
            if seen.is_none() {
                scanned.unseen.push(format!("TLS: {target} is a plain address"));
            }
            return scanned;
        };
        let report = Box::pin(inspect(client, &url, seen.as_ref(), plan)).await;
        if let Some(report) = report {
            match (&report.answers, report.unseen.first()) {
                // Each question failed, and alike.
                (None, Some(unseen)) => scanned.unseen.push(format!("TLS: {}", unseen.why)),
                _ => scanned.unseen.extend(report.unseen.iter().map(|unseen| format!("TLS: {unseen}"))),
            }
            if report.answers.is_some() {
                scanned.is_reached = true;
                let handshake = report.handshake.clone();
                scanned.facts = scanned.facts.with_handshake(handshake, Provenance::Live { url });
            }
            scanned.tls = Some(report);
        }
    }
    scanned
}

/// Returns where TLS is spoken, if anywhere.
fn secure_address(target: &Target, seen: Option<&Visit>) -> Option<Url> {
    match (seen.map(|visit| &visit.https), target.scheme()) {
        (Some(Some(session)), _) => Some(session.start.clone()),
        (Some(None), _) => None,
        (None, Scheme::Http) if target.port().is_some() => None,
        (None, Scheme::Http) => Some(target.address("https", None)),
        (None, Scheme::Https | Scheme::Unsaid) => Some(target.address("https", target.port())),
    }
}

async fn inspect(client: &Client, url: &Url, seen: Option<&Visit>, plan: &Plan) -> Option<tls::Report> {
    let address = *client.resolver.resolve(url).await.ok()?.first()?;
    let last = seen.and_then(|visit| visit.https.as_ref()).and_then(Session::last);
    let head = last.map(|hop| &hop.response.head);
    let hsts = head.and_then(|head| head.text("strict-transport-security"));
    let options = tls::Options {
        alt_svc: head.and_then(|head| head.text("alt-svc")),
        hsts: hsts.and_then(|value| max_age(&value)),
        ..plan.tls.clone()
    };
    let target = tls::Target { host: url.host_str()?.to_owned(), address };
    Some(tls::inspect(&target, &options).await)
}

fn max_age(value: &str) -> Option<u64> {
    use bartizan_headers::{Field as _, Hsts};
    Hsts::parse(&[value]).value.map(|hsts| hsts.max_age.as_secs())
}

/// Says what the visits did not see.
fn unseen(visit: &Visit) -> Vec<String> {
    let sessions = [&visit.http, &visit.https].into_iter().flatten();
    let mut lines: Vec<_> = sessions
        .flat_map(|session| {
            let at = session.route.last().map_or(&session.start, |hop| &hop.url);
            let end = session.end.as_ref().err().map(|failure| format!("{at}: {}", reason(failure)));
            let endless = facts::is_endless(session)
                .then(|| format!("{}: redirects do not end; {} were followed", session.start, session.route.len() - 1));
            let cut = session.route.iter().filter(|hop| hop.response.is_cut);
            let cut = cut.map(|hop| format!("{}: more than 8 MiB; the rest was not read", hop.url));
            end.into_iter().chain(endless).chain(cut).collect::<Vec<_>>()
        })
        .collect();
    lines.dedup();
    lines
}

/// Returns a failure with its causes, in one line.
pub(crate) fn reason(failure: &crate::failure::Failure) -> String {
    let mut text = failure.to_string();
    let mut cause = std::error::Error::source(failure);
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}
