//! The order of things on a client's connection: heads, bodies, and what may not pass (RFC 9112, 9.3).
//!
//! A state machine over bytes that others hold; it reads and writes nothing itself.

use super::chunked::{Chunked, Outcome};
use super::fault::Fault;
use super::head::{Framing, RequestHead};
use super::limits::WireLimits;

/// What a client's connection is in the middle of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Phase {
    /// No byte of the next request has come.
    Idle,
    /// A head has begun.
    Head,
    /// A body is outstanding.
    Body,
    /// An upgrade was asked for and is not decided; what follows is held.
    Upgrading,
    /// Another protocol has taken over; bytes pass unseen.
    Upgraded,
    /// The client asked to close after its last request; what follows is dropped.
    Last,
    /// A fault was met; nothing passes any more.
    Refused,
    /// All is answered and our side is closed; the client is waited for, lest closing tears the answer away.
    Lingering,
}

/// How many bytes may pass, and what becomes of the rest.
#[derive(Debug)]
pub(super) struct Judged {
    pub(super) passed: usize,
    pub(super) rest: Rest,
}

/// What becomes of the bytes that did not pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rest {
    /// They start with an empty line to be dropped, once what passed is gone; then they are judged again.
    Again,
    /// They are of no request.
    Drop,
    /// They wait: for more bytes, or for a decision.
    Keep,
    /// The body is faulty from here on.
    RefuseBody(Fault),
    /// The head that starts here is faulty.
    RefuseHead(Fault),
}

#[derive(Debug)]
pub(super) struct RequestStream {
    limits: WireLimits,
    part: Part,
    head: RequestHead,
    heads: u64,
    keeps_alive: bool,
    upgrade: bool,
}

#[derive(Debug)]
enum Part {
    Between,
    /// As `Between`, after the one empty line that is overlooked (RFC 9112, 2.2).
    BetweenAgain,
    Head,
    Length(u64),
    Chunked(Box<Chunked>),
    Upgrading,
    Upgraded,
    Last,
    Refused,
}

impl RequestStream {
    pub(super) fn new(limits: WireLimits) -> Self {
        let head = RequestHead::default();
        Self { limits, part: Part::Between, head, heads: 0, keeps_alive: true, upgrade: false }
    }

    pub(super) fn limits(&self) -> &WireLimits {
        &self.limits
    }

    /// How many heads have passed.
    pub(super) fn heads(&self) -> u64 {
        self.heads
    }

    pub(super) fn phase(&self) -> Phase {
        match self.part {
            Part::Between | Part::BetweenAgain => Phase::Idle,
            Part::Head => Phase::Head,
            Part::Length(_) | Part::Chunked(_) => Phase::Body,
            Part::Upgrading => Phase::Upgrading,
            Part::Upgraded => Phase::Upgraded,
            Part::Last => Phase::Last,
            Part::Refused => Phase::Refused,
        }
    }

    /// Judges bytes that start where the last ones passed ended: what was kept, and what has come since.
    pub(super) fn judge(&mut self, bytes: &[u8]) -> Judged {
        let mut passed = 0;
        let rest = loop {
            let rest = bytes.get(passed..).unwrap_or_default();
            match &mut self.part {
                Part::Between | Part::BetweenAgain | Part::Head if rest.is_empty() => break Rest::Keep,
                Part::Between if rest.starts_with(b"\r\n") => break Rest::Again,
                Part::Between if rest == b"\r" => break Rest::Keep,
                Part::Between | Part::BetweenAgain => {
                    self.head = RequestHead::default();
                    self.part = Part::Head;
                }
                Part::Head => match self.head.follow(rest, &self.limits) {
                    Ok(None) => break Rest::Keep,
                    Ok(Some((facts, length))) => {
                        passed += length;
                        self.heads += 1;
                        self.keeps_alive = facts.keeps_alive;
                        self.upgrade = facts.upgrade;
                        match facts.framing {
                            Framing::Length(length) => self.part = Part::Length(length),
                            Framing::Chunked => self.part = Part::Chunked(Box::default()),
                            // A request never runs until the close (RFC 9112, 6.3).
                            Framing::None | Framing::UntilClose => self.end_message(),
                        }
                    }
                    Err(fault) => break Rest::RefuseHead(fault),
                },
                Part::Length(_) | Part::Chunked(_) if rest.is_empty() => break Rest::Keep,
                Part::Length(left) => {
                    let here = usize::try_from(*left).map_or(rest.len(), |left| left.min(rest.len()));
                    passed += here;
                    *left -= here as u64;
                    if *left == 0 {
                        self.end_message();
                    }
                }
                Part::Chunked(chunked) => {
                    let followed = chunked.follow(rest, &self.limits);
                    passed += followed.length;
                    match followed.outcome {
                        Outcome::Faulty(fault) => break Rest::RefuseBody(fault),
                        Outcome::Finished => self.end_message(),
                        Outcome::Unfinished => {}
                    }
                }
                Part::Upgrading => break Rest::Keep,
                Part::Upgraded => {
                    passed = bytes.len();
                    break Rest::Keep;
                }
                Part::Last | Part::Refused => break Rest::Drop,
            }
        };
        Judged { passed, rest }
    }

    /// Overlooks one empty line before a request line.
    pub(super) fn skip_empty_line(&mut self) -> usize {
        self.part = Part::BetweenAgain;
        b"\r\n".len()
    }

    /// Lets everything pass from here on.
    pub(super) fn upgraded(&mut self) {
        self.part = Part::Upgraded;
    }

    /// Takes what follows for the next request after all.
    pub(super) fn not_upgraded(&mut self) {
        self.upgrade = false;
        self.end_message();
    }

    /// Lets nothing pass from here on; returns the number of the request that is refused.
    pub(super) fn refuse(&mut self) -> u64 {
        let request = if self.phase() == Phase::Body { self.heads.saturating_sub(1) } else { self.heads };
        self.part = Part::Refused;
        request
    }

    fn end_message(&mut self) {
        self.part = match (self.upgrade, self.keeps_alive) {
            (true, _) => Part::Upgrading,
            (false, true) => Part::Between,
            (false, false) => Part::Last,
        };
    }
}
