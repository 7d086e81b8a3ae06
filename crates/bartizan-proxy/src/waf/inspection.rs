//! One exchange before the rules: fed in the order in which its parts arrive, run in slices.

use std::rc::Rc;
use std::time::SystemTime;

use bartizan_waf::seclang::action::Switch;
use bartizan_waf::{Action, Fed, Phase, Refusal as Found, Start, Transaction};
use http::{HeaderMap, HeaderValue, StatusCode, Version, header};
use http_body_util::BodyExt as _;

use super::judging::{in_slices, is_large};
use super::ledger::{Event, Fired, Ledger, Outcome};
use super::{WAF_REFUSED, WAF_WITHHELD, Waf, masking};
use crate::body::{RequestBody, Tap};
use crate::config::WafMode;
use crate::context::Exchange;
use crate::failure;
use crate::head::{RequestHead, ResponseHead};
use crate::stages::{Refusal, RefusalKind};

/// One exchange under inspection, for as long as it lasts.
#[derive(Debug)]
pub(crate) struct Inspection {
    /// Away while it is judged elsewhere.
    transaction: Option<Box<Transaction>>,
    /// The bytes that one step of judging may have to go through.
    weight: usize,
    /// What goes by of a body that is not held back: it is judged when the app has answered.
    tap: Option<Rc<Tap>>,
}

impl Inspection {
    /// Begins, where this request is looked at.
    pub(crate) fn begin(waf: &Waf, head: &RequestHead, exchange: &Exchange) -> Option<Self> {
        if !waf.is_sampled(&exchange.id) {
            return None;
        }
        let mut transaction = waf.take();
        let facts = &exchange.connection;
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_secs());
        transaction.begin(&Start {
            client: (exchange.client, facts.peer.port()),
            server: (facts.local.ip(), facts.local.port()),
            id: exchange.id.as_str(),
            now,
        });
        transaction.set_engine(if waf.mode == WafMode::Block { Switch::On } else { Switch::Between });
        for exception in &waf.exceptions {
            transaction.except(exception);
        }
        let target = head.target.path_and_query().as_str();
        transaction.request_line(head.method.as_str().as_bytes(), target.as_bytes(), version(head.version));
        transaction.request_header(b"Host", head.host.as_bytes());
        for (name, value) in &head.headers {
            transaction.request_header(name.as_str().as_bytes(), value.as_bytes());
        }
        // A short body with a coding may be a long one.
        let weight = if head.headers.contains_key(header::CONTENT_ENCODING) { usize::MAX } else { 0 };
        Some(Self { transaction: Some(transaction), weight, tap: None })
    }

    /// Judges the request's head and what is looked at of its body; the app has seen nothing of it yet.
    pub(crate) async fn request(
        &mut self,
        waf: &Waf,
        head: &RequestHead,
        body: &mut RequestBody,
    ) -> Result<(), Refusal> {
        self.run(waf, Phase::RequestHeaders).await;
        self.refusal(&WAF_REFUSED)?;
        // A wish to switch protocols changes nothing of the body that comes before: an app may pass over the wish.
        let wants_body = self.transaction.as_ref().is_some_and(|transaction| transaction.wants_request_body());
        if wants_body && !is_stream(&head.headers) {
            if waf.mode != WafMode::Block {
                // Nothing will be refused, so nothing needs to wait: streams go on as without a firewall.
                let tap = Tap::new(waf.rules.settings().request_body_limit);
                body.tap(&tap);
                self.tap = Some(tap);
                return Ok(());
            }
            self.take_body(body).await?;
        }
        self.run(waf, Phase::RequestBody).await;
        self.refusal(&WAF_REFUSED)
    }

    /// Judges a body that went by, once no more of it will come.
    async fn catch_up(&mut self, waf: &Waf) {
        if let Some(tap) = self.tap.take() {
            let body = tap.take();
            self.weight = self.weight.saturating_add(body.len());
            if let Some(transaction) = &mut self.transaction {
                transaction.request_body(&body);
            }
            self.run(waf, Phase::RequestBody).await;
        }
    }

    async fn take_body(&mut self, body: &mut RequestBody) -> Result<(), Refusal> {
        let Some(transaction) = &mut self.transaction else { return Ok(()) };
        let mut read = Vec::new();
        let mut length = 0_usize;
        let reading = async {
            while let Some(frame) = body.frame().await {
                let frame = frame.map_err(|error| failure::of_body(&error))?;
                length = length.saturating_add(frame.data_ref().map_or(0, |data| data.len()));
                let fed = frame.data_ref().map(|data| transaction.request_body(data));
                read.push(frame);
                if matches!(fed, Some(Fed::Full | Fed::Refused)) {
                    break;
                }
            }
            Ok(())
        };
        let outcome = reading.await;
        self.weight = self.weight.saturating_add(length);
        body.put_back(read);
        outcome
    }

    /// Judges the head of the app's answer.
    pub(crate) async fn response(&mut self, waf: &Waf, head: &ResponseHead) -> Result<(), Refusal> {
        self.catch_up(waf).await;
        if let Some(transaction) = &mut self.transaction {
            transaction.response_line(head.status.as_u16(), b"HTTP/1.1");
            for (name, value) in &head.headers {
                transaction.response_header(name.as_str().as_bytes(), value.as_bytes());
            }
        }
        self.run(waf, Phase::ResponseHeaders).await;
        self.refusal(&WAF_WITHHELD)
    }

    /// Whether the answer's body is looked at: not one that is folded, which rules cannot read.
    pub(crate) fn wants_response_body(&self, head: &ResponseHead) -> bool {
        let is_wanted = self.transaction.as_ref().is_some_and(|transaction| transaction.wants_response_body());
        is_wanted && !head.headers.contains_key(header::CONTENT_ENCODING)
    }

    /// Takes a part of the answer's body; false once no more is looked at.
    pub(crate) fn take_response(&mut self, part: &[u8]) -> bool {
        self.weight = self.weight.saturating_add(part.len());
        self.transaction.as_mut().is_some_and(|transaction| transaction.response_body(part) == Fed::Taken)
    }

    /// Judges what was taken of the answer's body.
    pub(crate) async fn response_body(&mut self, waf: &Waf) -> Result<(), Refusal> {
        self.run(waf, Phase::ResponseBody).await;
        self.refusal(&WAF_WITHHELD)
    }

    /// Ends: what rules found is written down, and the engine is free for the next.
    pub(crate) async fn end(mut self, waf: &Waf, ledger: &Ledger, site: &str, exchange: &Exchange) {
        self.catch_up(waf).await;
        if let Some(transaction) = &mut self.transaction {
            transaction.set_elapsed(u64::try_from(exchange.started.elapsed().as_millis()).unwrap_or(u64::MAX));
        }
        self.run(waf, Phase::Logging).await;
        let Some(transaction) = self.transaction else { return };
        let verdict = transaction.verdict();
        if verdict.is_exhausted {
            let outcome = if verdict.refusal.is_some() { "refused" } else { "let through" };
            tracing::warn!(id = %exchange.id, %site, "a request cost more work than `waf.work` allows, and was {outcome}");
        }
        if exchange.has_session {
            ledger.count_signed_in(site, verdict.refusal.is_some() || verdict.watched.is_some());
        }
        if !verdict.matches.is_empty() || verdict.refusal.is_some() || verdict.is_exhausted {
            let outcome = match (&verdict.refusal, &verdict.watched) {
                (Some(_), _) => Outcome::Refused,
                (None, Some(_)) => Outcome::WouldRefuse,
                (None, None) => Outcome::Passed,
            };
            let fired = verdict.matches.iter().take(MOST_RULES).map(|found| Fired {
                id: found.id,
                message: found.msg.clone(),
                place: found.place.to_string(),
                severity: found.severity.and_then(|number| SEVERITIES.get(usize::from(number)).copied()),
                parts: masking::excerpts(found.parts.iter().map(|part| (part.name.as_str(), part.excerpt.as_slice()))),
            });
            ledger.write(Event {
                id: exchange.id.to_string(),
                at: SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_secs()),
                site: site.to_owned(),
                client: exchange.client.to_string(),
                method: exchange.method.to_string(),
                path: exchange.path.path().to_owned(),
                outcome,
                score: verdict.score,
                exhausted: verdict.is_exhausted,
                rules: fired.collect(),
            });
        }
        waf.give_back(transaction);
    }

    /// Runs a phase; nobody else on the core waits for it.
    async fn run(&mut self, waf: &Waf, phase: Phase) {
        if is_large(self.weight) {
            if let Some(transaction) = self.transaction.take() {
                self.transaction = Some(waf.judges.elsewhere(transaction, phase).await);
            }
        } else if let Some(transaction) = &mut self.transaction {
            in_slices(transaction, phase).await;
        }
    }

    fn refusal(&self, kind: &'static RefusalKind) -> Result<(), Refusal> {
        let Some(transaction) = &self.transaction else { return Ok(()) };
        let Some(found) = transaction.refusal() else { return Ok(()) };
        let refusal = Refusal::new(kind).because(summary(transaction));
        Err(match &found.action {
            Action::Deny | Action::Drop => with_status(refusal, found),
            Action::Redirect(place) => match HeaderValue::try_from(place.as_str()) {
                Ok(place) => refusal.with_status(StatusCode::FOUND).with_header(header::LOCATION, place),
                Err(_) => with_status(refusal, found),
            },
        })
    }
}

/// What the log says: the score and the rules.
fn summary(transaction: &Transaction) -> String {
    let rules = transaction.matches().iter().take(MOST_RULES).map(|found| found.id.to_string());
    let rules = rules.collect::<Vec<_>>().join(" ");
    match transaction.score() {
        Some(score) => format!("score {score}: {rules}"),
        None => rules,
    }
}

/// What ModSecurity calls them, from 0.
const SEVERITIES: &[&str] = &["emergency", "alert", "critical", "error", "warning", "notice", "info", "debug"];

/// The rules of one request that are written down; an attack that trips more is told by the first.
const MOST_RULES: usize = 40;

/// Rules may name statuses that are no errors; those would let a refusal look like success.
fn with_status(refusal: Refusal, found: &Found) -> Refusal {
    match StatusCode::from_u16(found.status) {
        Ok(status) if status.is_client_error() || status.is_server_error() => refusal.with_status(status),
        _ => refusal,
    }
}

/// Bodies whose two ends speak in turns: whoever waits for the whole of one waits for ever.
fn is_stream(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).map(HeaderValue::as_bytes).unwrap_or_default();
    let Some((start, rest)) = kind.split_at_checked(b"application/grpc".len()) else { return false };
    start.eq_ignore_ascii_case(b"application/grpc") && matches!(rest, [] | [b'+' | b';' | b' ', ..])
}

fn version(version: Version) -> &'static [u8] {
    match version {
        Version::HTTP_10 => b"HTTP/1.0",
        Version::HTTP_2 => b"HTTP/2.0",
        _ => b"HTTP/1.1",
    }
}
