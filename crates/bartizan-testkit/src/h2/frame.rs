//! Frames as they stand on the wire, lawful or not.

use std::io::{self, Read};

use super::encode;

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

    pub(super) const fn ends_stream(&self) -> bool {
        self.flags & flag::END_STREAM != 0
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
