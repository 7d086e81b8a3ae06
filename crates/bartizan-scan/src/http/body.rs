//! Where a body ends (RFC 9112, 6.3).

use super::head::Head;
use super::reader::Fault;

/// How the end is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Framing {
    /// In chunks.
    Chunked(Chunked),
    /// After so many bytes more.
    Length(u64),
    /// With the connection.
    Close,
}

/// Where in the chunks the reader stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Chunked {
    /// Before the line with a size.
    Size,
    /// Within a chunk, so many bytes before its end.
    Data(u64),
    /// Before the line end after a chunk.
    AfterData,
    /// In the lines after the last chunk.
    Trailer,
    /// Behind it all.
    Done,
}

/// A line with a size or of a trailer is not longer than this.
const LONGEST_LINE: usize = 4096;

impl Framing {
    /// Returns how the body of an answer is framed.
    pub(super) fn of(head: &Head, method: &str) -> Result<Self, Fault> {
        if method == "HEAD" || matches!(head.status, 204 | 304) {
            return Ok(Self::Length(0));
        }
        let is_chunked = head.values("transfer-encoding").last().is_some_and(|value| {
            value
                .split(|byte| *byte == b',')
                .next_back()
                .is_some_and(|last| last.trim_ascii().eq_ignore_ascii_case(b"chunked"))
        });
        if is_chunked {
            return Ok(Self::Chunked(Chunked::Size));
        }
        let mut lengths = head.values("content-length");
        let Some(first) = lengths.next() else { return Ok(Self::Close) };
        if lengths.any(|other| other != first) {
            return Err(Fault::Length);
        }
        let digits = std::str::from_utf8(first).ok().filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
        digits.and_then(|text| text.parse().ok()).map(Self::Length).ok_or(Fault::Length)
    }

    /// Whether nothing more is to come.
    pub(super) const fn is_done(self) -> bool {
        matches!(self, Self::Length(0) | Self::Chunked(Chunked::Done))
    }

    /// Moves what belongs to the body out of what was received; what is left needs more bytes.
    pub(super) fn take(&mut self, received: &mut Vec<u8>, body: &mut Vec<u8>) -> Result<(), Fault> {
        match self {
            Self::Close => body.append(received),
            Self::Length(left) => *left -= give(received, body, *left),
            Self::Chunked(chunked) => chunked.take(received, body)?,
        }
        Ok(())
    }
}

impl Chunked {
    fn take(&mut self, received: &mut Vec<u8>, body: &mut Vec<u8>) -> Result<(), Fault> {
        let mut at = 0;
        loop {
            let rest = received.get(at..).unwrap_or_default();
            match *self {
                Self::Done => break,
                Self::Data(left) => {
                    let length = usize::try_from(left).unwrap_or(usize::MAX).min(rest.len());
                    body.extend_from_slice(rest.get(..length).unwrap_or_default());
                    at += length;
                    let left = left - length as u64;
                    *self = if left == 0 { Self::AfterData } else { Self::Data(left) };
                    if left > 0 {
                        break;
                    }
                }
                Self::Size | Self::AfterData | Self::Trailer => {
                    let Some(end) = rest.iter().position(|byte| *byte == b'\n') else {
                        if rest.len() > LONGEST_LINE {
                            return Err(Fault::Chunk);
                        }
                        break;
                    };
                    let line = rest.get(..end).unwrap_or_default().trim_ascii();
                    at += end + 1;
                    *self = self.after(line)?;
                }
            }
        }
        received.drain(..at);
        Ok(())
    }

    fn after(self, line: &[u8]) -> Result<Self, Fault> {
        match self {
            Self::Size => match size(line)? {
                0 => Ok(Self::Trailer),
                size => Ok(Self::Data(size)),
            },
            Self::AfterData if line.is_empty() => Ok(Self::Size),
            Self::Trailer if line.is_empty() => Ok(Self::Done),
            Self::Trailer => Ok(Self::Trailer),
            Self::AfterData | Self::Data(_) | Self::Done => Err(Fault::Chunk),
        }
    }
}

fn size(line: &[u8]) -> Result<u64, Fault> {
    let digits = line.split(|byte| *byte == b';').next().unwrap_or_default().trim_ascii();
    let text = std::str::from_utf8(digits).ok().filter(|text| !text.starts_with('+'));
    text.and_then(|text| u64::from_str_radix(text, 16).ok()).ok_or(Fault::Chunk)
}

fn give(received: &mut Vec<u8>, body: &mut Vec<u8>, most: u64) -> u64 {
    let length = usize::try_from(most).unwrap_or(usize::MAX).min(received.len());
    body.extend(received.drain(..length));
    length as u64
}
