//! Unfolding: bytes come in as they arrive, and leave in bounded pieces.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::fmt;
use std::io::{self, BufReader, Read};
use std::rc::Rc;

use flate2::bufread::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};
use thiserror::Error;

use super::Coding;

/// A page is not what its `Content-Encoding` says, or was cut short.
#[derive(Debug, Error)]
#[error("the body is no {coding:?}, or ends too early")]
pub struct DecodeError {
    /// What it should be.
    pub coding: Coding,
    /// What the decoder says.
    pub source: io::Error,
}

/// What a reading gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decoded {
    /// Nothing until more comes in.
    NeedsMore,
    /// Nothing, ever again.
    Over,
    /// Some bytes; there may be more.
    Some,
}

/// Unfolds one body.
pub struct Decoder {
    coding: Coding,
    incoming: Rc<RefCell<Incoming>>,
    /// Made with the first bytes: they tell the two kinds of `deflate` apart.
    reader: Option<Box<dyn Read>>,
    buffer: Box<[u8]>,
}

#[derive(Debug, Default)]
struct Incoming {
    bytes: VecDeque<u8>,
    is_over: bool,
}

/// The decoders' end of what comes in: it says when it must wait.
struct Tap(Rc<RefCell<Incoming>>);

/// What one reading yields at most, in bytes: a page in a few readings, and no bomb at once.
const PIECE: usize = 32 << 10;

/// The most memory a Zstandard frame may ask for, as a power of two: what browsers take (RFC 9659).
const ZSTD_WINDOW: u32 = 23;

impl Decoder {
    /// Returns a decoder that has seen nothing.
    pub fn new(coding: Coding) -> Self {
        Self { coding, incoming: Rc::default(), reader: None, buffer: vec![0; PIECE].into() }
    }

    /// Takes bytes as they arrived.
    pub fn give(&mut self, bytes: &[u8]) {
        self.incoming.borrow_mut().bytes.extend(bytes);
    }

    /// Says that no more will come.
    pub fn end(&mut self) {
        self.incoming.borrow_mut().is_over = true;
    }

    /// Adds some unfolded bytes to `out`.
    ///
    /// # Errors
    ///
    /// When the body is no such coding, or was cut short.
    pub fn read(&mut self, out: &mut Vec<u8>) -> Result<Decoded, DecodeError> {
        let failed = |source| DecodeError { coding: self.coding, source };
        if self.reader.is_none() {
            let incoming = self.incoming.borrow();
            if incoming.bytes.len() < 2 && !incoming.is_over {
                return Ok(Decoded::NeedsMore);
            }
            // No bytes are no page in any coding: answers to HEAD, or an empty file.
            if incoming.bytes.is_empty() {
                return Ok(Decoded::Over);
            }
            let start: Vec<u8> = incoming.bytes.iter().take(2).copied().collect();
            drop(incoming);
            self.reader = Some(reader(self.coding, &start, Tap(Rc::clone(&self.incoming))).map_err(failed)?);
        }
        let Some(reader) = &mut self.reader else { return Ok(Decoded::Over) };
        match reader.read(&mut self.buffer) {
            Ok(0) => Ok(Decoded::Over),
            Ok(count) => {
                out.extend_from_slice(self.buffer.get(..count).unwrap_or_default());
                Ok(Decoded::Some)
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(Decoded::NeedsMore),
            Err(error) => Err(failed(error)),
        }
    }
}

fn reader(coding: Coding, start: &[u8], tap: Tap) -> io::Result<Box<dyn Read>> {
    let input = BufReader::new(tap);
    Ok(match coding {
        Coding::Identity => Box::new(input),
        Coding::Gzip => Box::new(MultiGzDecoder::new(input)),
        Coding::Deflate if is_zlib(start) => Box::new(ZlibDecoder::new(input)),
        Coding::Deflate => Box::new(DeflateDecoder::new(input)),
        Coding::Brotli => Box::new(brotli_decompressor::Decompressor::new(input, PIECE)),
        Coding::Zstd => {
            let mut decoder = zstd::stream::read::Decoder::with_buffer(input)?;
            decoder.window_log_max(ZSTD_WINDOW)?;
            Box::new(decoder)
        }
    })
}

/// Whether this is the head of a zlib stream (RFC 1950, 2.2): bare DEFLATE has none.
fn is_zlib(start: &[u8]) -> bool {
    let &[method, flags] = start else { return false };
    method & 0x0f == 8 && (u16::from(method) << 8 | u16::from(flags)).is_multiple_of(31)
}

impl Read for Tap {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut incoming = self.0.borrow_mut();
        if incoming.bytes.is_empty() && !incoming.is_over {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        incoming.bytes.read(buffer)
    }
}

impl fmt::Debug for Decoder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Decoder")
            .field("coding", &self.coding)
            .field("incoming", &self.incoming)
            .finish_non_exhaustive()
    }
}
