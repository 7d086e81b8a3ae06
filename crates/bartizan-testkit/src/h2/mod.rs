//! HTTP/2 frame by frame (RFC 9113): whatever a test wants to send, and what comes back in words.
//!
//! It keeps no state that would stop a test from breaking the protocol: no windows, no stream states.

mod hpack;
mod huffman;

pub use hpack::{Decoder, Field, encode, indexed, indexing};

use std::io::{self, Read};

use crate::WireClient;

/// What every HTTP/2 client sends first.
pub const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// Frame types (RFC 9113, 6).
#[expect(missing_docs, reason = "the specification's names")]
pub mod kind {
    pub const DATA: u8 = 0;
    pub const HEADERS: u8 = 1;
    pub const RST_STREAM: u8 = 3;
    pub const SETTINGS: u8 = 4;
    pub const PING: u8 = 6;
    pub const GOAWAY: u8 = 7;
    pub const WINDOW_UPDATE: u8 = 8;
    pub const CONTINUATION: u8 = 9;
}

/// Frame flags (RFC 9113, 6).
#[expect(missing_docs, reason = "the specification's names")]
pub mod flag {
    pub const NONE: u8 = 0;
    pub const ACK: u8 = 1;
    pub const END_STREAM: u8 = 1;
    pub const END_HEADERS: u8 = 4;
}

/// One frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// Its type, from [`kind`].
    pub kind: u8,
    /// Its flags, from [`flag`].
    pub flags: u8,
    /// Its stream; zero is the connection.
    pub stream: u32,
    /// What it carries.
    pub payload: Vec<u8>,
}

/// What became of a stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The connection was closed without a word.
    Closed,
    /// The connection is being closed, with this error code.
    GoAway(u32),
    /// The stream was reset, with this error code; what came before is kept.
    Reset(u32, Answer),
    /// It ended as it should.
    Response(Answer),
}

/// A response as far as it came.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answer {
    /// Its status; zero until a final one came.
    pub status: u16,
    /// Its header lines.
    pub headers: Vec<(String, String)>,
    /// Its body.
    pub body: Vec<u8>,
    /// Its trailer lines.
    pub trailers: Vec<(String, String)>,
}

/// A connection on which a test speaks HTTP/2 by hand.
#[derive(Debug)]
pub struct H2Client {
    /// The connection below, for bytes that are no frame.
    pub wire: WireClient,
    decoder: Decoder,
}

impl Frame {
    /// Makes a frame.
    pub fn new(kind: u8, flags: u8, stream: u32, payload: impl Into<Vec<u8>>) -> Self {
        Self { kind, flags, stream, payload: payload.into() }
    }

    /// Makes a whole header block of any bytes.
    pub fn headers(stream: u32, flags: u8, fields: &[(&[u8], &[u8])]) -> Self {
        Self::new(kind::HEADERS, flags | flag::END_HEADERS, stream, encode(fields))
    }

    /// Makes a piece of a body.
    pub fn data(stream: u32, flags: u8, payload: impl Into<Vec<u8>>) -> Self {
        Self::new(kind::DATA, flags, stream, payload)
    }

    /// Resets a stream.
    pub fn reset(stream: u32, code: u32) -> Self {
        Self::new(kind::RST_STREAM, flag::NONE, stream, code.to_be_bytes())
    }

    /// Gives the other side room to send.
    pub fn window(stream: u32, bytes: u32) -> Self {
        Self::new(kind::WINDOW_UPDATE, flag::NONE, stream, bytes.to_be_bytes())
    }

    /// Announces settings, each a number and a value (RFC 9113, 6.5.2).
    pub fn settings(settings: &[(u16, u32)]) -> Self {
        let pairs = settings.iter().flat_map(|(id, value)| [&id.to_be_bytes()[..], &value.to_be_bytes()].concat());
        Self::new(kind::SETTINGS, flag::NONE, 0, pairs.collect::<Vec<_>>())
    }

    /// Returns the bytes on the wire.
    ///
    /// # Panics
    ///
    /// When the payload is longer than a frame can say.
    pub fn bytes(&self) -> Vec<u8> {
        let [high, length @ ..] = u32::try_from(self.payload.len()).unwrap().to_be_bytes();
        assert_eq!(high, 0, "a frame's length has three bytes");
        [&length[..], &[self.kind, self.flags], &self.stream.to_be_bytes(), &self.payload].concat()
    }

    /// Reads the next frame.
    ///
    /// # Errors
    ///
    /// When the connection ends first.
    pub fn read(stream: &mut impl Read) -> io::Result<Self> {
        let mut head = [0; 9];
        stream.read_exact(&mut head)?;
        let [a, b, c, kind, flags, id @ ..] = head;
        let mut payload = vec![0; usize::try_from(u32::from_be_bytes([0, a, b, c])).unwrap()];
        stream.read_exact(&mut payload)?;
        Ok(Self { kind, flags, stream: u32::from_be_bytes(id) & 0x7fff_ffff, payload })
    }

    /// Returns the error code of RST_STREAM or GOAWAY.
    pub fn code(&self) -> Option<u32> {
        let skip = if self.kind == kind::GOAWAY { 4 } else { 0 };
        self.payload.get(skip..)?.first_chunk::<4>().map(|bytes| u32::from_be_bytes(*bytes))
    }
}

impl H2Client {
    /// Begins HTTP/2: sends the preface with no settings of its own.
    pub fn new(wire: WireClient) -> Self {
        Self::with_settings(wire, &[])
    }

    /// Begins HTTP/2 with settings, such as a window of zero.
    ///
    /// # Panics
    ///
    /// When the other side has gone.
    pub fn with_settings(mut wire: WireClient, settings: &[(u16, u32)]) -> Self {
        wire.send(&[PREFACE, &Frame::settings(settings).bytes()].concat());
        Self { wire, decoder: Decoder::default() }
    }

    /// Sends a frame.
    ///
    /// # Panics
    ///
    /// When the other side has gone.
    pub fn send(&mut self, frame: &Frame) {
        self.wire.send(&frame.bytes());
    }

    /// Sends a frame to a side that may have gone.
    ///
    /// # Errors
    ///
    /// When it has.
    pub fn try_send(&mut self, frame: &Frame) -> io::Result<()> {
        self.wire.try_send(&frame.bytes())
    }

    /// Sends a GET for a path of a host, with further lines.
    ///
    /// # Panics
    ///
    /// When the other side has gone.
    pub fn get(&mut self, stream: u32, authority: &str, path: &str, more: &[(&[u8], &[u8])]) {
        let head: [(&[u8], &[u8]); 4] = [
            (b":method", b"GET"),
            (b":scheme", b"https"),
            (b":authority", authority.as_bytes()),
            (b":path", path.as_bytes()),
        ];
        self.send(&Frame::headers(stream, flag::END_STREAM, &[&head[..], more].concat()));
    }

    /// Reads the next frame, and answers settings and pings as a peer must.
    ///
    /// # Errors
    ///
    /// When the connection ends first.
    pub fn read(&mut self) -> io::Result<Frame> {
        let frame = Frame::read(&mut self.wire)?;
        if matches!(frame.kind, kind::SETTINGS | kind::PING) && frame.flags & flag::ACK == 0 {
            let payload = if frame.kind == kind::PING { frame.payload.clone() } else { Vec::new() };
            // A side that has closed already gets no answer; what it said before still counts.
            let _ = self.try_send(&Frame::new(frame.kind, flag::ACK, 0, payload));
        }
        Ok(frame)
    }

    /// Reads until it is clear what became of a stream; other streams' frames are passed over.
    ///
    /// # Panics
    ///
    /// When nothing comes before the deadline, or a header block is malformed.
    pub fn outcome(&mut self, stream: u32) -> Outcome {
        let mut answer = Answer::default();
        let mut block = Vec::new();
        let mut is_last = false;
        loop {
            let frame = match self.read() {
                Ok(frame) => frame,
                Err(error) if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut) => {
                    panic!("nothing became of stream {stream}; so far {answer:?}")
                }
                Err(_) => return Outcome::Closed,
            };
            match frame.kind {
                kind::GOAWAY if frame.code() != Some(0) => return Outcome::GoAway(frame.code().unwrap_or_default()),
                kind::RST_STREAM if frame.stream == stream => {
                    return Outcome::Reset(frame.code().unwrap_or_default(), answer);
                }
                kind::HEADERS | kind::CONTINUATION => {
                    is_last |= frame.stream == stream && frame.kind == kind::HEADERS && frame.ends_stream();
                    block.extend_from_slice(&frame.payload);
                    if frame.flags & flag::END_HEADERS == 0 {
                        continue;
                    }
                    // Every block passes through the decoder, or its table would be wrong for the next.
                    let fields = self.decoder.decode(&std::mem::take(&mut block)).unwrap();
                    if frame.stream == stream {
                        answer.take(&fields);
                    }
                }
                kind::DATA if frame.stream == stream => {
                    is_last |= frame.ends_stream();
                    let length = u32::try_from(frame.payload.len()).unwrap();
                    answer.body.extend_from_slice(&frame.payload);
                    if length > 0 && !is_last {
                        let _ = self.try_send(&Frame::window(0, length));
                        let _ = self.try_send(&Frame::window(stream, length));
                    }
                }
                _ => {}
            }
            if is_last {
                return Outcome::Response(answer);
            }
        }
    }
}

impl Frame {
    const fn ends_stream(&self) -> bool {
        self.flags & flag::END_STREAM != 0
    }
}

impl Outcome {
    /// Returns the status of a response that came whole.
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Response(answer) => Some(answer.status),
            Self::Closed | Self::GoAway(_) | Self::Reset(..) => None,
        }
    }
}

impl Answer {
    /// Returns the value of a header's first line.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    fn take(&mut self, fields: &[Field]) {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let lines: Vec<_> = fields.iter().map(|(name, value)| (text(name), text(value))).collect();
        match lines.iter().find(|(name, _)| name == ":status") {
            // An interim response (RFC 9110, 15.2) is not the answer.
            Some((_, status)) if status.starts_with('1') => {}
            Some((_, status)) => {
                self.status = status.parse().unwrap_or_default();
                self.headers = lines.into_iter().filter(|(name, _)| !name.starts_with(':')).collect();
            }
            None => self.trailers = lines,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_read_as_written() {
        for frame in [
            Frame::headers(1, flag::END_STREAM, &[(b":status", b"200")]),
            Frame::data(3, flag::NONE, "body"),
            Frame::settings(&[(3, 100), (4, 0)]),
            Frame::window(0, 9),
        ] {
            assert_eq!(Frame::read(&mut frame.bytes().as_slice()).unwrap(), frame);
            assert!(Frame::read(&mut &frame.bytes()[..8]).is_err());
        }
        assert_eq!(Frame::reset(5, 8).code(), Some(8));
        assert_eq!(Frame::new(kind::GOAWAY, 0, 0, [0, 0, 0, 1, 0, 0, 0, 11]).code(), Some(11));
        assert_eq!(Frame::data(1, 0, "").code(), None);
    }
}
