//! Follows a body in chunks, byte for byte, without keeping it (RFC 9112, 7.1).

use super::fault::Fault;
use super::field;
use super::limits::WireLimits;
use super::octets::{self, VISIBLE};

/// What came of following some bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Followed {
    /// How many of the bytes belong to the body and are valid.
    pub length: usize,
    /// Whether more is to come.
    pub outcome: Outcome,
}

/// Where a body stands after some bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The byte after the valid ones is a fault.
    Faulty(Fault),
    /// The last of the valid bytes ended the body.
    Finished,
    /// All bytes were valid and more must come.
    Unfinished,
}

/// A body in chunks as far as it has arrived.
#[derive(Clone, Debug, Default)]
pub struct Chunked {
    state: State,
    extension_bytes: usize,
    trailer_bytes: usize,
    trailer_fields: usize,
    /// The trailer line that is arriving; nothing is allocated for a body without trailers.
    trailer: Vec<u8>,
}

#[derive(Clone, Copy, Debug)]
enum State {
    Size { size: u64, digits: u8 },
    Extension { size: u64 },
    SizeLf { size: u64 },
    Data { left: u64 },
    DataCr,
    DataLf,
    Trailer,
    Finished,
}

impl Default for State {
    fn default() -> Self {
        Self::Size { size: 0, digits: 0 }
    }
}

impl Chunked {
    /// Follows the next bytes of the body; what comes after its end is not looked at.
    pub fn follow(&mut self, bytes: &[u8], limits: &WireLimits) -> Followed {
        let mut length = 0;
        loop {
            let rest = bytes.get(length..).unwrap_or_default();
            let outcome = match (self.state, rest) {
                (State::Finished, _) => Outcome::Finished,
                (_, []) => Outcome::Unfinished,
                (State::Data { left }, _) => {
                    let here = usize::try_from(left).map_or(rest.len(), |left| left.min(rest.len()));
                    length += here;
                    self.state = match left - here as u64 {
                        0 => State::DataCr,
                        left => State::Data { left },
                    };
                    continue;
                }
                (state, [octet, ..]) => match self.step(state, *octet, limits) {
                    Ok(state) => {
                        self.state = state;
                        length += 1;
                        continue;
                    }
                    Err(fault) => Outcome::Faulty(fault),
                },
            };
            return Followed { length, outcome };
        }
    }

    fn step(&mut self, state: State, octet: u8, limits: &WireLimits) -> Result<State, Fault> {
        match (state, octet) {
            (State::Size { size, digits }, _) if octet.is_ascii_hexdigit() => {
                // Sixteen digits are 64 bits; a seventeenth would overflow readers that do not look, and a 64th bit those
                // that count in signed numbers.
                if digits == 16 || size >= 1 << 59 {
                    return Err(Fault::BadChunkSize);
                }
                let digit = (octet as char).to_digit(16).ok_or(Fault::BadChunkSize)?;
                Ok(State::Size { size: size << 4 | u64::from(digit), digits: digits + 1 })
            }
            (State::Size { digits: 0, .. }, _) => Err(Fault::BadChunkSize),
            (State::Size { size, .. } | State::Extension { size }, b'\r') => Ok(State::SizeLf { size }),
            (State::Size { .. } | State::Extension { .. }, b'\n') => Err(Fault::BareLf),
            (State::Size { size, .. }, b';') => self.extension(size, limits),
            // Whitespace was once allowed here (RFC 7230); readers disagree on it, and no known client sends it.
            (State::Size { .. }, b' ' | b'\t') => Err(Fault::BadChunkExtension),
            (State::Size { .. }, _) => Err(Fault::BadChunkSize),
            (State::Extension { size }, _) if octets::is(octet, VISIBLE) => self.extension(size, limits),
            (State::Extension { .. }, _) => Err(Fault::BadChunkExtension),
            (State::SizeLf { size: 0 }, b'\n') => Ok(State::Trailer),
            (State::SizeLf { size }, b'\n') => Ok(State::Data { left: size }),
            (State::SizeLf { .. } | State::DataLf, _) if octet != b'\n' => Err(Fault::BareCr),
            (State::DataCr, b'\r') => Ok(State::DataLf),
            (State::DataCr, b'\n') => Err(Fault::BareLf),
            (State::DataCr, _) => Err(Fault::BadChunkEnd),
            (State::DataLf | State::SizeLf { .. }, _) => Ok(State::default()),
            (State::Trailer, b'\n') => self.trailer_line(limits),
            (State::Trailer, _) => {
                self.trailer_bytes += 1;
                if self.trailer_bytes > limits.trailer_bytes {
                    return Err(Fault::TrailersTooLarge);
                }
                self.trailer.push(octet);
                Ok(State::Trailer)
            }
            (State::Data { .. } | State::Finished, _) => Ok(state),
        }
    }

    fn extension(&mut self, size: u64, limits: &WireLimits) -> Result<State, Fault> {
        self.extension_bytes += 1;
        if self.extension_bytes > limits.chunk_extension_bytes {
            return Err(Fault::TooManyChunkExtensions);
        }
        Ok(State::Extension { size })
    }

    fn trailer_line(&mut self, limits: &WireLimits) -> Result<State, Fault> {
        let line = self.trailer.strip_suffix(b"\r").ok_or(Fault::BareLf)?;
        if line.is_empty() {
            return Ok(State::Finished);
        }
        let (name, _) = field::split(line)?;
        if FORBIDDEN_TRAILERS.iter().any(|forbidden| name.eq_ignore_ascii_case(forbidden)) {
            return Err(Fault::ForbiddenTrailer);
        }
        self.trailer_fields += 1;
        if self.trailer_fields > limits.trailer_fields {
            return Err(Fault::TrailersTooLarge);
        }
        self.trailer.clear();
        Ok(State::Trailer)
    }
}

/// Fields that decide framing, routing, authentication or how the body is read: too late after it (RFC 9110, 6.5.1).
const FORBIDDEN_TRAILERS: [&[u8]; 17] = [
    b"authorization",
    b"connection",
    b"content-encoding",
    b"content-length",
    b"content-range",
    b"content-type",
    b"content_length",
    b"cookie",
    b"expect",
    b"host",
    b"proxy-authorization",
    b"set-cookie",
    b"te",
    b"trailer",
    b"transfer-encoding",
    b"transfer_encoding",
    b"upgrade",
];
