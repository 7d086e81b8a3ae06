//! Reads an answer from bytes as they come.

use thiserror::Error;

use super::body::Framing;
use super::head::Head;

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Response {
    /// Status and lines.
    pub head: Head,
    /// The body as it was sent; unpacked after [`super::decode`].
    pub body: Vec<u8>,
    /// Whether more was to come than is kept.
    pub is_cut: bool,
}

/// Why bytes are no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Fault {
    /// A chunk without a size.
    #[error("its chunks have no sizes")]
    Chunk,
    /// It ended before its end.
    #[error("it ends too early")]
    Early,
    /// The head is larger than Node allows.
    #[error("its header lines are larger than 16 KiB")]
    HeadTooLarge,
    /// A length that is none, or two.
    #[error("its length is no number, or two")]
    Length,
    /// It does not begin as HTTP/1 does.
    #[error("it has no status line")]
    NoStatusLine,
    /// It became another protocol.
    #[error("it switches protocols unasked")]
    Upgrade,
}

/// What is kept of a body.
pub(crate) const LARGEST_BODY: usize = 8 * 1024 * 1024;
/// Bytes of a head with all its white space; what counts of it is bounded more tightly.
const LARGEST_RAW_HEAD: usize = 64 * 1024;
/// Interim answers before the real one.
const MOST_INTERIM: usize = 16;

/// Takes bytes and makes an answer of them.
#[derive(Debug)]
pub struct Reader {
    method: &'static str,
    received: Vec<u8>,
    response: Response,
    framing: Option<Framing>,
    interim: usize,
}

impl Reader {
    /// Expects an answer to a method.
    pub const fn new(method: &'static str) -> Self {
        let head = Head { status: 0, reason: Vec::new(), is_current: false, lines: Vec::new(), odd_lines: 0 };
        let response = Response { head, body: Vec::new(), is_cut: false };
        Self { method, received: Vec::new(), response, framing: None, interim: 0 }
    }

    /// Takes some bytes; returns whether the answer is complete.
    ///
    /// # Errors
    ///
    /// The bytes are no answer.
    pub fn take(&mut self, bytes: &[u8]) -> Result<bool, Fault> {
        self.received.extend_from_slice(bytes);
        while self.framing.is_none() {
            let Some((head, length)) = Head::read(&self.received)? else {
                return if self.received.len() > LARGEST_RAW_HEAD { Err(Fault::HeadTooLarge) } else { Ok(false) };
            };
            self.received.drain(..length);
            match head.status {
                101 => return Err(Fault::Upgrade),
                100..=199 if self.interim < MOST_INTERIM => self.interim += 1,
                200.. => {
                    self.framing = Some(Framing::of(&head, self.method)?);
                    self.response.head = head;
                }
                _ => return Err(Fault::NoStatusLine),
            }
        }
        let Some(framing) = &mut self.framing else { return Ok(false) };
        framing.take(&mut self.received, &mut self.response.body)?;
        if self.response.body.len() > LARGEST_BODY {
            self.response.body.truncate(LARGEST_BODY);
            self.response.is_cut = true;
            return Ok(true);
        }
        Ok(framing.is_done())
    }

    /// Whether the connection can serve another request: the answer ended by itself, nothing came after it, and the
    /// server does not close (RFC 9112, 9.3).
    pub(crate) fn leaves_connection_open(&self) -> bool {
        let head = &self.response.head;
        let mut options = head.values("connection").flat_map(|value| value.split(|byte| *byte == b','));
        let closes = options.any(|option| option.trim_ascii().eq_ignore_ascii_case(b"close"));
        let is_over = self.framing.is_some_and(Framing::is_done) && self.received.is_empty();
        is_over && head.is_current && !closes && !self.response.is_cut
    }

    /// Returns the answer, now that it is complete or the connection has ended.
    ///
    /// # Errors
    ///
    /// Something is missing.
    pub fn finish(self) -> Result<Response, Fault> {
        match self.framing {
            _ if self.response.is_cut => Ok(self.response),
            Some(framing) if framing.is_done() || framing == Framing::Close => Ok(self.response),
            Some(_) | None => Err(Fault::Early),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, piece: usize) -> Result<(u16, String), Fault> {
        let mut reader = Reader::new("GET");
        for piece in text.as_bytes().chunks(piece) {
            if reader.take(piece)? {
                break;
            }
        }
        let response = reader.finish()?;
        Ok((response.head.status, String::from_utf8(response.body).unwrap()))
    }

    #[test]
    fn bodies_end_where_they_say() {
        for (text, expected) in [
            ("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcdef", Ok((200, "abc"))),
            ("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc", Err(Fault::Early)),
            ("HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc", Ok((200, "abc"))),
            ("HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc", Err(Fault::Length)),
            ("HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\nabc", Err(Fault::Length)),
            ("HTTP/1.1 200 OK\r\n\r\nabc", Ok((200, "abc"))),
            ("HTTP/1.1 204 No\r\nContent-Length: 3\r\n\r\nabc", Ok((204, ""))),
            (
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;x\r\nab\r\n1\nc\n0\r\nT: x\r\n\r\n",
                Ok((200, "abc")),
            ),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n", Err(Fault::Early)),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", Err(Fault::Chunk)),
            ("HTTP/1.1 103 Early\r\n\r\nHTTP/1.1 200 OK\r\n\r\nx", Ok((200, "x"))),
            ("HTTP/1.1 101 Switch\r\n\r\n", Err(Fault::Upgrade)),
            ("", Err(Fault::Early)),
        ] {
            for piece in [1, 7, 4096] {
                let expected = expected.map(|(status, body)| (status, body.to_owned()));
                assert_eq!(read(text, piece), expected, "{text:?} by {piece}");
            }
        }
    }

    #[test]
    fn a_connection_is_kept_only_where_nothing_is_left() {
        for (text, is_open) in [
            ("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx", true),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", true),
            ("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nxHTTP", false), // more than was asked for
            ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nx", false),
            ("HTTP/1.1 200 OK\r\n\r\nx", false),
            ("HTTP/1.1 200 OK\r\nConnection: X, Close\r\nContent-Length: 0\r\n\r\n", false),
            ("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", false),
            ("HTTP/1.1 200 OK\r\n", false),
        ] {
            let mut reader = Reader::new("GET");
            reader.take(text.as_bytes()).unwrap();
            assert_eq!(reader.leaves_connection_open(), is_open, "{text:?}");
        }
    }

    #[test]
    fn endless_heads_and_bodies_are_cut() {
        let mut reader = Reader::new("GET");
        reader.take(b"HTTP/1.1 200 OK\r\n\r\n").unwrap();
        let piece = vec![b'x'; 1 << 20];
        let mut taken = 0;
        while !reader.take(&piece).unwrap() {
            taken += 1;
            assert!(taken < 16);
        }
        let response = reader.finish().unwrap();
        assert!(response.is_cut && response.body.len() == LARGEST_BODY);

        let mut reader = Reader::new("GET");
        let line = b"HTTP/1.1 200 OK\r\nA: \r\n";
        let fault = (0..1 << 16).find_map(|_| reader.take(line).err());
        assert_eq!(fault, Some(Fault::HeadTooLarge));
    }
}
