//! The wall as two ordered lists of small, pure steps; `order.rs` is the whole truth about their order.
//!
//! A stage never waits: no sockets, files, clocks or randomness. `exchange/` alone does those.

pub mod order;
pub mod refusal;
pub mod request;
pub mod response;

use std::sync::Arc;

use bartizan_rules::Explanation;
use http::HeaderMap;

use crate::context::Exchange;
use crate::head::{RequestHead, ResponseHead};
use crate::services::LocalService;
pub use refusal::{Refusal, RefusalKind};

/// A step that a request passes or is refused at.
pub trait RequestStage: Send + Sync {
    /// Returns the name, as `order.rs`, the log and `explain` give it.
    fn name(&self) -> &'static str;

    /// Returns what the stage does for this site, in one line for `explain --config`.
    fn describe(&self) -> String;

    /// Judges, and may rewrite, the head.
    fn head(&self, request: &mut RequestHead, exchange: &mut Exchange) -> Verdict;
}

/// What a request stage decided.
#[derive(Debug)]
pub enum Verdict {
    /// On to the next stage.
    Pass,
    /// The exchange ends with an error page.
    Refuse(Refusal),
    /// The exchange ends with an answer of ours.
    Answer(Box<Answer>),
    /// The exchange ends with what a service of ours says.
    Serve(Arc<dyn LocalService>),
}

/// An answer that needs no upstream: a redirect, a file of ours.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: http::StatusCode,
    /// The header lines; the response stages add theirs.
    pub headers: HeaderMap,
    /// The whole body.
    pub body: bytes::Bytes,
}

/// A step that a response head passes; the app's answers, refusals and redirects alike.
pub trait ResponseStage: Send + Sync {
    /// Returns the name, as `order.rs`, the log and `explain` give it.
    fn name(&self) -> &'static str;

    /// Returns what the stage does for this site, in one line for `explain --config`.
    fn describe(&self) -> String;

    /// Returns the rules whose faults the stage mends; `every_stage` proves each.
    fn mends(&self) -> &'static [&'static bartizan_rules::Rule] {
        &[]
    }

    /// Rewrites the head, or has the whole answer replaced.
    fn head(&self, response: &mut ResponseHead, exchange: &Exchange) -> ResponseVerdict;

    /// Judges the first bytes of a body, after [`ResponseVerdict::Inspect`] asked for them.
    fn start_of_body(&self, _start: &[u8], _response: &ResponseHead, _exchange: &Exchange) -> ResponseVerdict {
        ResponseVerdict::Pass
    }
}

/// What a response stage decided.
#[derive(Debug)]
pub enum ResponseVerdict {
    /// On to the next stage.
    Pass,
    /// The stage wants to see the first bytes of the body, so many at most, before anything is sent.
    Inspect(usize),
    /// Body and headers are dropped and our page takes their place.
    Replace(Refusal),
}

/// Returns the explanation of every refusal, sorted by id.
pub fn refusals() -> impl Iterator<Item = &'static Explanation> {
    order::REFUSALS.iter().map(|kind| &kind.about)
}
