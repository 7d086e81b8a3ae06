//! Strict reading of a request head: either each octet is as RFC 9112 writes it, or the head is refused.

use std::ops::Range;

use super::authority::Authority;
use super::fault::Fault;
use super::field::{self, FramingFields};
use super::limits::WireLimits;
use super::lines::Lines;
use super::octets::{self, TOKEN};
use super::target;

/// How the end of a message's body is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Framing {
    /// In chunks.
    Chunked,
    /// After this many bytes; never zero.
    Length(u64),
    /// There is no body.
    None,
    /// With the connection; only a response may say so.
    UntilClose,
}

/// What a valid request head says to those who follow the bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeadFacts {
    /// Where the body ends.
    pub framing: Framing,
    /// Whether another request may follow on the connection.
    pub keeps_alive: bool,
    /// Whether a switch to another protocol is asked for: the field, the connection option and HTTP/1.1.
    pub upgrade: bool,
    /// Whether the client waits for 100 before it sends the body.
    pub expects_continue: bool,
}

/// Judges the request head at the start of `bytes`; `None` while it is incomplete, else the facts and its length.
pub fn request_head(bytes: &[u8], limits: &WireLimits) -> Result<Option<(HeadFacts, usize)>, Fault> {
    RequestHead::default().follow(bytes, limits)
}

/// A request head as far as it has arrived.
#[derive(Clone, Debug, Default)]
pub(super) struct RequestHead {
    lines: Lines,
    request_line: Option<RequestLine>,
    fields: usize,
    framing: FramingFields,
    has_host: bool,
    expects_continue: bool,
}

#[derive(Clone, Debug)]
struct RequestLine {
    is_http_11: bool,
    absolute: Option<(Range<usize>, u16)>,
}

impl RequestHead {
    /// Judges each line that has become complete. `head` starts with the head's first byte at each call.
    pub(super) fn follow(&mut self, head: &[u8], limits: &WireLimits) -> Result<Option<(HeadFacts, usize)>, Fault> {
        if self.request_line.is_none() {
            // At once, lest a TLS hello or a foreign protocol without line ends waits for the time limit.
            match head.first() {
                Some(b'\r') => return Err(Fault::BareCr),
                Some(b'\n') => return Err(Fault::BareLf),
                Some(octet) if !octets::is(*octet, TOKEN) => return Err(Fault::BadMethod),
                _ => {}
            }
            let limit = limits.request_line_bytes.min(limits.head_bytes);
            let Some(line) = self.lines.next(head, limit, Fault::RequestLineTooLong)? else { return Ok(None) };
            self.request_line = Some(request_line(line)?);
        }
        while let Some(line) = self.lines.next(head, limits.head_bytes, Fault::HeadTooLarge)? {
            if line.is_empty() {
                return self.facts().map(|facts| Some((facts, self.lines.taken())));
            }
            self.fields += 1;
            if self.fields > limits.fields {
                return Err(Fault::TooManyFields);
            }
            self.field(line, head)?;
        }
        Ok(None)
    }

    #[inline]
    fn field(&mut self, line: &[u8], head: &[u8]) -> Result<(), Fault> {
        let (name, value) = field::split(line)?;
        match name.len() {
            4 if name.eq_ignore_ascii_case(b"host") => self.host(value, head),
            6 if name.eq_ignore_ascii_case(b"expect") => {
                if self.expects_continue || !value.eq_ignore_ascii_case(b"100-continue") {
                    return Err(Fault::BadExpectation);
                }
                self.expects_continue = true;
                Ok(())
            }
            _ => self.framing.note(name, value),
        }
    }

    fn host(&mut self, value: &[u8], head: &[u8]) -> Result<(), Fault> {
        if std::mem::replace(&mut self.has_host, true) {
            return Err(Fault::RepeatedHost);
        }
        let host = Authority::parse(value)?;
        if let Some((range, default_port)) = self.request_line.as_ref().and_then(|line| line.absolute.clone()) {
            let target = Authority::parse(head.get(range).unwrap_or_default())?;
            if !host.agrees(&target, default_port) {
                return Err(Fault::HostDisagrees);
            }
        }
        Ok(())
    }

    fn facts(&self) -> Result<HeadFacts, Fault> {
        let line = self.request_line.as_ref().ok_or(Fault::BadRequestLine)?;
        if !self.has_host {
            return Err(Fault::MissingHost);
        }
        if self.framing.chunked && !line.is_http_11 {
            return Err(Fault::TransferEncodingOnHttp10);
        }
        Ok(HeadFacts {
            framing: match (self.framing.chunked, self.framing.content_length) {
                (true, _) => Framing::Chunked,
                (false, None | Some(0)) => Framing::None,
                (false, Some(length)) => Framing::Length(length),
            },
            keeps_alive: self.framing.persists(line.is_http_11),
            upgrade: line.is_http_11 && self.framing.upgrades(),
            expects_continue: line.is_http_11 && self.expects_continue,
        })
    }
}

fn request_line(line: &[u8]) -> Result<RequestLine, Fault> {
    let method_end = memchr::memchr(b' ', line).ok_or(Fault::BadRequestLine)?;
    let (method, rest) = line.split_at_checked(method_end).ok_or(Fault::BadRequestLine)?;
    if method.is_empty() || method.len() > METHOD_BYTES || !octets::all(method, TOKEN) {
        return Err(Fault::BadMethod);
    }
    let rest = rest.get(1..).unwrap_or_default();
    let target_end = memchr::memchr(b' ', rest).ok_or(Fault::BadRequestLine)?;
    let (target, version) = rest.split_at_checked(target_end).ok_or(Fault::BadRequestLine)?;
    if target.is_empty() {
        return Err(Fault::BadRequestLine);
    }
    let is_http_11 = match version {
        b" HTTP/1.1" => true,
        b" HTTP/1.0" => false,
        [b' ', version @ ..] if memchr::memchr2(b' ', b'\r', version).is_some() => return Err(Fault::BadRequestLine),
        _ => return Err(Fault::BadVersion),
    };
    if method == b"CONNECT" {
        return Err(Fault::ConnectMethod);
    }
    let absolute = target::judge(method, target)?.map(|form| {
        let start = method_end + 1;
        (start + form.authority.start..start + form.authority.end, form.default_port)
    });
    Ok(RequestLine { is_http_11, absolute })
}

/// The longest registered method, `UPDATEREDIRECTREF`, has 17.
const METHOD_BYTES: usize = 32;
