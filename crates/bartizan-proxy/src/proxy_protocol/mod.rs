//! The PROXY protocol, versions 1 and 2: who is at the other end of a load balancer.
//!
//! Only a trusted peer may send it, which the listener checks first. The header is believed whole or the
//! connection ends: a byte too many or too few would become part of the client's first request. TLVs
//! are skipped, checksums among them: TCP has its own, and a peer that lies could compute one.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::str::FromStr;

use tokio::io::{AsyncRead, AsyncReadExt};

/// The two ends of the connection that the peer accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Endpoints {
    /// The client.
    pub source: SocketAddr,
    /// The address it dialled.
    pub destination: SocketAddr,
}

/// Why a connection does not begin with a PROXY header that can be believed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ProxyProtocolError {
    /// The addresses or ports are not written as they must be.
    #[error("the PROXY header has an address or port that cannot be read")]
    Address,
    /// The command or version is unknown.
    #[error("the PROXY header has an unknown version or command")]
    Command,
    /// The family is unknown, or not that of a stream.
    #[error("the PROXY header has an address family that cannot be served")]
    Family,
    /// The connection ended or broke within the header.
    #[error("the connection ended within the PROXY header")]
    Io(#[from] io::Error),
    /// It is longer than any honest one, or too short for its addresses.
    #[error("the PROXY header has a wrong length")]
    Length,
    /// The connection begins with something else.
    #[error("the connection does not begin with a PROXY header")]
    Missing,
}

/// Reads exactly one header and not a byte more; nothing when the peer speaks for itself (health
/// checks) or for a client without an address.
///
/// The caller sets the deadline.
///
/// # Errors
///
/// A [`ProxyProtocolError`]; the connection is of no use then.
pub async fn read_header<S>(stream: &mut S) -> Result<Option<Endpoints>, ProxyProtocolError>
where
    S: AsyncRead + Unpin,
{
    let mut buffer = [0; LONGEST];
    let mut filled = 0;
    loop {
        match step(buffer.get(..filled).unwrap_or_default())? {
            Step::Done(endpoints) => return Ok(endpoints),
            Step::Need(count) => {
                let part = buffer.get_mut(filled..filled + count).ok_or(ProxyProtocolError::Length)?;
                stream.read_exact(part).await?;
                filled += count;
            }
        }
    }
}

/// Reads a header from the start of a buffer, and returns it with its length; nothing while the buffer
/// ends within the header.
///
/// # Errors
///
/// As [`read_header`].
pub fn parse(bytes: &[u8]) -> Result<Option<(Option<Endpoints>, usize)>, ProxyProtocolError> {
    let mut taken = 0;
    loop {
        let Some(seen) = bytes.get(..taken) else { return Ok(None) };
        match step(seen)? {
            Step::Done(endpoints) => return Ok(Some((endpoints, taken))),
            Step::Need(count) => taken += count,
        }
    }
}

/// Twelve bytes that no other protocol begins with (version 2, 2.2).
const SIGNATURE: &[u8; 12] = b"\r\n\r\n\0\r\nQUIT\n";

/// The longest line of version 1, with its end (version 1, 2.1).
const LONGEST_LINE: usize = 107;

/// The addresses take 216 bytes at most, and TLVs of a few hundred are all that load balancers send;
/// 536 bytes is what any host must take in one segment (version 2, 2.2).
const LONGEST_BODY: usize = 536;

const LONGEST: usize = 16 + LONGEST_BODY;

#[derive(Debug)]
enum Step {
    Done(Option<Endpoints>),
    /// So many bytes certainly still belong to the header.
    Need(usize),
}

/// What a header's first bytes tell: it, or how much of it is still to come at the least.
fn step(bytes: &[u8]) -> Result<Step, ProxyProtocolError> {
    // The shortest line of version 1 has fifteen bytes, so twelve never reach beyond the header.
    let Some(start) = bytes.first_chunk::<12>() else { return Ok(Step::Need(SIGNATURE.len() - bytes.len())) };
    if start == SIGNATURE {
        return step_binary(bytes);
    }
    if start.starts_with(b"PROXY ") {
        return step_line(bytes);
    }
    Err(ProxyProtocolError::Missing)
}

fn step_line(bytes: &[u8]) -> Result<Step, ProxyProtocolError> {
    if let Some(line) = bytes.strip_suffix(b"\r\n") {
        let line = line.strip_prefix(b"PROXY ").ok_or(ProxyProtocolError::Missing)?;
        return parse_line(line).map(Step::Done);
    }
    let text = bytes.strip_suffix(b"\r").unwrap_or(bytes);
    if text.iter().any(|byte| !matches!(byte, b' '..=b'~')) {
        return Err(ProxyProtocolError::Address);
    }
    let missing = if text.len() < bytes.len() {
        1
    } else if bytes.starts_with(b"PROXY U") {
        2
    } else {
        // Each field still to come has a space and a character, and the line its end.
        2 + 2 * 5_usize.saturating_sub(text.iter().filter(|&&byte| byte == b' ').count())
    };
    if bytes.len() + missing > LONGEST_LINE {
        return Err(ProxyProtocolError::Length);
    }
    Ok(Step::Need(missing))
}

fn parse_line(line: &[u8]) -> Result<Option<Endpoints>, ProxyProtocolError> {
    let line = std::str::from_utf8(line).map_err(|_| ProxyProtocolError::Address)?;
    let mut fields = line.split(' ');
    let family = fields.next().unwrap_or_default();
    if family == "UNKNOWN" {
        return Ok(None);
    }
    let (Some(source), Some(destination), Some(source_port), Some(destination_port), None) =
        (fields.next(), fields.next(), fields.next(), fields.next(), fields.next())
    else {
        return Err(ProxyProtocolError::Address);
    };
    let (source, destination) = match family {
        "TCP4" => (address::<Ipv4Addr>(source)?, address::<Ipv4Addr>(destination)?),
        "TCP6" => (address::<Ipv6Addr>(source)?, address::<Ipv6Addr>(destination)?),
        _ => return Err(ProxyProtocolError::Family),
    };
    Ok(Some(endpoints(source, port(source_port)?, destination, port(destination_port)?)))
}

fn address<A: FromStr + Into<IpAddr>>(text: &str) -> Result<IpAddr, ProxyProtocolError> {
    text.parse::<A>().map(Into::into).map_err(|_| ProxyProtocolError::Address)
}

/// Digits only, no leading zero: `+80` and `080` are ports to some readers and not to others.
fn port(text: &str) -> Result<u16, ProxyProtocolError> {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit()) && (text == "0" || !text.starts_with('0'));
    if is_plain { text.parse().map_err(|_| ProxyProtocolError::Address) } else { Err(ProxyProtocolError::Address) }
}

fn step_binary(bytes: &[u8]) -> Result<Step, ProxyProtocolError> {
    let Some(&[command, family, high, low]) = bytes.get(12..16).and_then(|part| part.first_chunk::<4>()) else {
        return Ok(Step::Need(16_usize.saturating_sub(bytes.len())));
    };
    let length = usize::from(u16::from_be_bytes([high, low]));
    if length > LONGEST_BODY {
        return Err(ProxyProtocolError::Length);
    }
    let body = bytes.get(16..).unwrap_or_default();
    if body.len() < length {
        return Ok(Step::Need(length - body.len()));
    }
    match command {
        // LOCAL: the peer itself, and what follows is skipped whatever it says (version 2, 2.2).
        0x20 => Ok(Step::Done(None)),
        0x21 => parse_body(family, body).map(Step::Done),
        _ => Err(ProxyProtocolError::Command),
    }
}

fn parse_body(family: u8, body: &[u8]) -> Result<Option<Endpoints>, ProxyProtocolError> {
    match family {
        UNSPECIFIED => Ok(None),
        TCP_OVER_IPV4 => addresses::<4>(body).map(Some),
        TCP_OVER_IPV6 => addresses::<16>(body).map(Some),
        UNIX_STREAM if body.len() >= UNIX_ADDRESSES => Ok(None),
        UNIX_STREAM => Err(ProxyProtocolError::Length),
        _ => Err(ProxyProtocolError::Family),
    }
}

const UNSPECIFIED: u8 = 0x00;
const TCP_OVER_IPV4: u8 = 0x11;
const TCP_OVER_IPV6: u8 = 0x21;
const UNIX_STREAM: u8 = 0x31;

/// Two socket paths of 108 bytes.
const UNIX_ADDRESSES: usize = 216;

/// Two addresses of `N` bytes and two ports; TLVs may follow.
fn addresses<const N: usize>(body: &[u8]) -> Result<Endpoints, ProxyProtocolError>
where
    IpAddr: From<[u8; N]>,
{
    let (source, rest) = body.split_first_chunk::<N>().ok_or(ProxyProtocolError::Length)?;
    let (destination, rest) = rest.split_first_chunk::<N>().ok_or(ProxyProtocolError::Length)?;
    let &[a, b, c, d] = rest.first_chunk::<4>().ok_or(ProxyProtocolError::Length)?;
    let [source_port, destination_port] = [[a, b], [c, d]].map(u16::from_be_bytes);
    Ok(endpoints((*source).into(), source_port, (*destination).into(), destination_port))
}

/// An IPv4 client behind an IPv6 socket is the IPv4 client, for limits and logs alike.
fn endpoints(source: IpAddr, source_port: u16, destination: IpAddr, destination_port: u16) -> Endpoints {
    Endpoints {
        source: SocketAddr::new(source.to_canonical(), source_port),
        destination: SocketAddr::new(destination.to_canonical(), destination_port),
    }
}

#[cfg(test)]
mod tests;
