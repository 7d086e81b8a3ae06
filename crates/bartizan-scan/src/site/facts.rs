//! The Observatory's visit as facts.

use std::sync::Arc;

use bartizan_rules::Facts;
use bartizan_rules::facts::{Chain, CrossOriginAnswer, End, Purpose, Response, Stranger};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};

use crate::client::Verification;
use crate::failure::Failure;
use crate::observatory::Visit;
use crate::session::{Hop, Session};

/// What is kept of a body: enough for an error page or a key, little for a thousand sites at once.
const KEPT: usize = 64 * 1024;

/// Adds what the visit saw.
pub(super) fn of_visit(mut facts: Facts, visit: &Visit) -> Facts {
    let sessions = [&visit.https, &visit.http].into_iter().flatten();
    let mut met = Vec::new();
    for session in sessions.clone() {
        // Both visits may end at the same address; one answer of it is enough.
        for hop in &session.route {
            if !met.contains(&&hop.url) {
                met.push(&hop.url);
                let response = response(hop);
                let at = response.at();
                facts = facts.with_response(response, at);
            }
        }
    }
    for session in sessions {
        facts = facts.with_chain(chain(session, Purpose::Site));
    }
    // An error page in its place is looked at by a question of its own.
    if let Some(hop) = visit.robots.as_ref().filter(|hop| (200..300).contains(&hop.response.head.status)) {
        let response = response(hop);
        let at = response.at();
        facts = facts.with_response(response, at);
    }
    if let Some(hop) = &visit.preflight {
        facts = facts.with_cross_origin_answer(CrossOriginAnswer {
            origin: crate::observatory::ORIGIN.1.to_owned(),
            stranger: Stranger::Foreign,
            method: Method::OPTIONS,
            response: response(hop),
        });
    }
    if let Some(hop) = visit.graded().and_then(Session::last)
        && response(hop).is_document()
    {
        facts = facts.with_page(super::page(&hop.url, &String::from_utf8_lossy(&hop.response.body)));
    }
    facts
}

/// Whether the last answer that was looked at leads on.
pub(super) fn is_endless(session: &Session) -> bool {
    session.last().is_some_and(|hop| {
        matches!(hop.response.head.status, 301 | 302 | 303 | 307 | 308)
            && hop.response.head.values("location").next().is_some()
    })
}

/// Returns what a session saw as a chain.
pub(super) fn chain(session: &Session, purpose: Purpose) -> Chain {
    let end = match &session.end {
        Ok(()) if is_endless(session) => End::Endless,
        Ok(()) => End::Answered,
        Err(Failure::Redirect | Failure::Scheme) => End::Nowhere,
        Err(failure) => End::Unreachable(super::reason(failure)),
    };
    Chain {
        asked: session.start.clone(),
        purpose,
        responses: session.route.iter().map(response).collect(),
        end,
        is_trusted: session.verification() == Verification::Required,
    }
}

/// Returns an answer as rules take it, with the start of its body.
pub(super) fn response(hop: &Hop) -> Response {
    let head = &hop.response.head;
    let mut headers = HeaderMap::new();
    for (name, value) in &head.lines {
        // What may not stand in a field is shown as a question mark: the rest of the line still counts.
        let plain = value.iter().map(|byte| if *byte < b' ' && *byte != b'\t' || *byte == 0x7f { b'?' } else { *byte });
        let value = HeaderValue::from_bytes(&plain.collect::<Vec<_>>());
        if let (Ok(name), Ok(value)) = (HeaderName::from_bytes(name.as_bytes()), value) {
            // A head has at most 16 KiB, far from what the map holds.
            headers.append(name, value);
        }
    }
    let status = StatusCode::from_u16(head.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let body = &hop.response.body;
    let start: Arc<str> = String::from_utf8_lossy(body.get(..KEPT.min(body.len())).unwrap_or_default()).into();
    Response::new(hop.url.clone(), status, &headers).with_body(start)
}
