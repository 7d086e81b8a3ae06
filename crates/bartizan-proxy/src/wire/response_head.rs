//! Strict reading of a response head. What an upstream sends is foreign, too: a lenient reader would let it speak for
//! the next exchange.

use super::fault::Fault;
use super::field::{self, FramingFields};
use super::head::Framing;
use super::limits::WireLimits;
use super::lines::Lines;

/// What was asked of the upstream, as far as it decides how the answer is framed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// HEAD: the answer has no body, whatever it says of one.
    Head,
    /// Anything else.
    Other,
    /// A switch to another protocol: 101 may come.
    Upgrade,
}

/// What a valid response head says to those who follow the bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ResponseFacts {
    /// 100 to 599.
    pub status: u16,
    /// Where the body ends.
    pub framing: Framing,
    /// Whether the upstream means to keep the connection.
    pub keeps_alive: bool,
}

impl ResponseFacts {
    /// Whether another head follows for the same request.
    pub fn is_interim(&self) -> bool {
        self.status < 200 && self.status != SWITCHING_PROTOCOLS
    }

    /// Whether the bytes that follow are of another protocol.
    pub fn is_switch(&self) -> bool {
        self.status == SWITCHING_PROTOCOLS
    }
}

/// Judges the response head at the start of `bytes`; `None` while it is incomplete, else the facts and its length.
pub fn response_head(bytes: &[u8], asked: Asked, limits: &WireLimits) -> Result<Option<(ResponseFacts, usize)>, Fault> {
    ResponseHead::default().follow(bytes, asked, limits)
}

/// A response head as far as it has arrived.
#[derive(Clone, Debug, Default)]
pub(super) struct ResponseHead {
    lines: Lines,
    status_line: Option<StatusLine>,
    fields: usize,
    framing: FramingFields,
}

#[derive(Clone, Copy, Debug)]
struct StatusLine {
    status: u16,
    is_http_11: bool,
}

impl ResponseHead {
    /// Judges each line that has become complete. `head` starts with the head's first byte at each call.
    pub(super) fn follow(
        &mut self,
        head: &[u8],
        asked: Asked,
        limits: &WireLimits,
    ) -> Result<Option<(ResponseFacts, usize)>, Fault> {
        let limit = limits.response_head_bytes;
        if self.status_line.is_none() {
            // At once: an upstream of another protocol may never send a line end.
            if head.first().is_some_and(|octet| *octet != b'H') {
                return Err(Fault::BadStatusLine);
            }
            let Some(line) = self.lines.next(head, limit, Fault::HeadTooLarge)? else { return Ok(None) };
            self.status_line = Some(status_line(line)?);
        }
        while let Some(line) = self.lines.next(head, limit, Fault::HeadTooLarge)? {
            if line.is_empty() {
                return self.facts(asked).map(|facts| Some((facts, self.lines.taken())));
            }
            self.fields += 1;
            if self.fields > limits.fields {
                return Err(Fault::TooManyFields);
            }
            let (name, value) = field::split(line)?;
            self.framing.note(name, value)?;
        }
        Ok(None)
    }

    fn facts(&self, asked: Asked) -> Result<ResponseFacts, Fault> {
        let StatusLine { status, is_http_11 } = self.status_line.ok_or(Fault::BadStatusLine)?;
        if self.framing.chunked && !is_http_11 {
            return Err(Fault::TransferEncodingOnHttp10);
        }
        if status == SWITCHING_PROTOCOLS && !(asked == Asked::Upgrade && is_http_11 && self.framing.upgrades()) {
            return Err(Fault::UnexpectedUpgrade);
        }
        // RFC 9112, 6.3, in its order. That a 204 or an answer to HEAD speaks of a length is common and harmless; bytes
        // that follow it are not, and are refused where they arrive.
        let framing = match (status, self.framing.content_length) {
            (100..=199 | 204 | 304, _) => Framing::None,
            _ if asked == Asked::Head => Framing::None,
            _ if self.framing.chunked => Framing::Chunked,
            (_, Some(0)) => Framing::None,
            (_, Some(length)) => Framing::Length(length),
            (_, None) => Framing::UntilClose,
        };
        let keeps_alive = self.framing.persists(is_http_11) && framing != Framing::UntilClose;
        Ok(ResponseFacts { status, framing, keeps_alive })
    }
}

fn status_line(line: &[u8]) -> Result<StatusLine, Fault> {
    let rest = line.strip_prefix(b"HTTP/").ok_or(Fault::BadStatusLine)?;
    let (is_http_11, rest) = match rest {
        [b'1', b'.', b'1', b' ', rest @ ..] => (true, rest),
        [b'1', b'.', b'0', b' ', rest @ ..] => (false, rest),
        _ => return Err(Fault::BadVersion),
    };
    let ([hundreds, tens, ones], reason) = rest.split_first_chunk::<3>().ok_or(Fault::BadStatusLine)?;
    let digits = [hundreds, tens, ones];
    if !digits.iter().all(|digit| digit.is_ascii_digit()) {
        return Err(Fault::BadStatusLine);
    }
    match reason {
        // Some servers leave out the space before an empty reason; nothing can be read into it.
        [] => {}
        [b' ', reason @ ..] => field::check_value(reason)?,
        _ => return Err(Fault::BadStatusLine),
    }
    let status = digits.iter().fold(0, |status, digit| status * 10 + u16::from(**digit - b'0'));
    if !(100..=599).contains(&status) {
        return Err(Fault::BadStatus);
    }
    Ok(StatusLine { status, is_http_11 })
}

const SWITCHING_PROTOCOLS: u16 = 101;
