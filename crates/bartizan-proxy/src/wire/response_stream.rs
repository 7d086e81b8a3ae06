//! The order of things on an upstream's connection: one answer for each request, and nothing else.
//!
//! A state machine over bytes that others hold; it reads and writes nothing itself.

use super::chunked::{Chunked, Outcome};
use super::fault::Fault;
use super::head::Framing;
use super::limits::WireLimits;
use super::response_head::{Asked, ResponseHead};

/// How many bytes may pass, and whether the connection fails after them.
#[derive(Debug)]
pub(super) struct Judged {
    pub(super) passed: usize,
    pub(super) fault: Option<Fault>,
}

/// What an upstream's connection is in the middle of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum UpstreamPhase {
    /// No request is under way.
    Idle,
    /// A request is under way and no byte of its answer has come.
    Awaiting,
    /// A head has begun.
    Head,
    /// A body is outstanding.
    Body,
    /// Another protocol has taken over; bytes pass unseen.
    Upgraded,
    /// A fault was met; nothing passes any more.
    Failed,
}

#[derive(Debug)]
pub(super) struct ResponseStream {
    limits: WireLimits,
    part: Part,
    head: ResponseHead,
    asked: Asked,
    interim: usize,
    keeps_alive: bool,
}

#[derive(Debug)]
enum Part {
    Idle,
    /// An answer is over, and no other request was announced.
    Done,
    /// Expected, but not a byte of the request has been written.
    Unsent,
    Awaiting,
    Head,
    Length(u64),
    Chunked(Box<Chunked>),
    UntilClose,
    Upgraded,
    Failed,
}

impl ResponseStream {
    pub(super) fn new(limits: WireLimits) -> Self {
        let head = ResponseHead::default();
        Self { limits, part: Part::Idle, head, asked: Asked::Other, interim: 0, keeps_alive: true }
    }

    pub(super) fn phase(&self) -> UpstreamPhase {
        match self.part {
            Part::Idle | Part::Done => UpstreamPhase::Idle,
            Part::Unsent | Part::Awaiting => UpstreamPhase::Awaiting,
            Part::Head => UpstreamPhase::Head,
            Part::Length(_) | Part::Chunked(_) | Part::UntilClose => UpstreamPhase::Body,
            Part::Upgraded => UpstreamPhase::Upgraded,
            Part::Failed => UpstreamPhase::Failed,
        }
    }

    /// Whether the connection may be used again, after an answer or before the first.
    pub(super) fn is_reusable(&self) -> bool {
        self.keeps_alive && matches!(self.part, Part::Idle | Part::Done)
    }

    /// Whether the end of the stream now leaves an answer incomplete that had begun.
    pub(super) fn is_cut_short_by_end(&self) -> bool {
        matches!(self.part, Part::Head | Part::Length(_) | Part::Chunked(_))
    }

    /// Begins an exchange; an earlier one that is not over makes the connection fail.
    pub(super) fn expect(&mut self, asked: Asked) -> Result<(), Fault> {
        if !matches!(self.part, Part::Idle | Part::Done) {
            self.part = Part::Failed;
            return Err(Fault::UnsolicitedResponse);
        }
        self.asked = asked;
        self.interim = 0;
        self.part = Part::Unsent;
        Ok(())
    }

    /// Notes that bytes of the request are on their way, so that an answer is no longer ahead of its question; whether
    /// they are the first.
    pub(super) fn sent(&mut self) -> bool {
        let first = matches!(self.part, Part::Unsent);
        if first {
            self.part = Part::Awaiting;
        }
        first
    }

    pub(super) fn fail(&mut self) {
        self.part = Part::Failed;
    }

    /// Judges bytes that start where the last ones passed ended: what was kept, and what has come since.
    pub(super) fn judge(&mut self, bytes: &[u8]) -> Judged {
        let mut passed = 0;
        let fault = loop {
            let rest = bytes.get(passed..).unwrap_or_default();
            if rest.is_empty() {
                break None;
            }
            match &mut self.part {
                Part::Done => break Some(Fault::BytesAfterResponse),
                Part::Idle | Part::Unsent | Part::Failed => break Some(Fault::UnsolicitedResponse),
                Part::Awaiting => {
                    self.head = ResponseHead::default();
                    self.part = Part::Head;
                }
                Part::Head => match self.head.follow(rest, self.asked, &self.limits) {
                    Ok(None) => break None,
                    Ok(Some((facts, length))) => {
                        passed += length;
                        if facts.is_interim() {
                            self.interim += 1;
                            if self.interim > self.limits.interim_responses {
                                break Some(Fault::TooManyInterimResponses);
                            }
                            self.part = Part::Awaiting;
                            continue;
                        }
                        self.keeps_alive = facts.keeps_alive;
                        self.part = match facts.framing {
                            _ if facts.is_switch() => Part::Upgraded,
                            Framing::Chunked => Part::Chunked(Box::default()),
                            Framing::Length(length) => Part::Length(length),
                            Framing::None => Part::Done,
                            Framing::UntilClose => Part::UntilClose,
                        };
                    }
                    Err(fault) => break Some(fault),
                },
                Part::Length(left) => {
                    let here = usize::try_from(*left).map_or(rest.len(), |left| left.min(rest.len()));
                    passed += here;
                    *left -= here as u64;
                    if *left == 0 {
                        self.part = Part::Done;
                    }
                }
                Part::Chunked(chunked) => {
                    let followed = chunked.follow(rest, &self.limits);
                    passed += followed.length;
                    match followed.outcome {
                        Outcome::Faulty(fault) => break Some(fault),
                        Outcome::Finished => self.part = Part::Done,
                        Outcome::Unfinished => {}
                    }
                }
                Part::UntilClose | Part::Upgraded => passed = bytes.len(),
            }
        };
        if fault.is_some() {
            self.part = Part::Failed;
        }
        Judged { passed, fault }
    }
}
