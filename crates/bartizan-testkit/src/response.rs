//! An HTTP/1.1 response as it stood on the wire, read without help of an HTTP library.

use std::io::{self, Read};

/// One response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawResponse {
    /// The status.
    pub status: u16,
    /// The header lines as sent, in order.
    pub headers: Vec<(String, String)>,
    /// The body without its framing.
    pub body: Vec<u8>,
    /// The trailer lines of a chunked body.
    pub trailers: Vec<(String, String)>,
    /// Every byte of it.
    pub raw: Vec<u8>,
    /// Whether the body came whole: an end of the connection before it counts as cut short.
    pub is_complete: bool,
}

impl RawResponse {
    /// Returns the value of a header's first line.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.all(name).next()
    }

    /// Returns the values of all lines of a header.
    pub fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        let name = name.to_owned();
        self.headers.iter().filter(move |(key, _)| key.eq_ignore_ascii_case(&name)).map(|(_, value)| value.as_str())
    }

    /// Returns the body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// Reads one response; `is_bodiless` for the answer to HEAD or CONNECT. Nothing is read beyond it.
    ///
    /// # Errors
    ///
    /// When the connection breaks or ends before the head is whole.
    pub fn read(stream: &mut impl Read, is_bodiless: bool) -> io::Result<Self> {
        let mut raw = Vec::new();
        let head = read_head(stream, &mut raw)?;
        let (status, headers) = parse_head(&head)?;
        let mut response = Self { status, headers, body: Vec::new(), trailers: Vec::new(), raw, is_complete: true };
        if is_bodiless || matches!(status, 100..=199 | 204 | 304) {
            return Ok(response);
        }
        let is_chunked = response.all("transfer-encoding").any(|value| value.to_ascii_lowercase().ends_with("chunked"));
        let length = response.header("content-length").and_then(|value| value.trim().parse::<usize>().ok());
        let outcome = match length {
            _ if is_chunked => response.read_chunks(stream),
            Some(length) => response.read_body(stream, length),
            None => read_rest(stream, &mut response.raw).map(|rest| response.body = rest),
        };
        response.is_complete = outcome.is_ok();
        Ok(response)
    }

    fn read_body(&mut self, stream: &mut impl Read, length: usize) -> io::Result<()> {
        let start = self.body.len();
        let outcome = stream.take(length as u64).read_to_end(&mut self.body);
        let part = self.body.get(start..).unwrap_or_default();
        self.raw.extend_from_slice(part);
        if outcome? < length {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(())
    }

    fn read_chunks(&mut self, stream: &mut impl Read) -> io::Result<()> {
        loop {
            let line = read_line(stream, &mut self.raw)?;
            let digits = line.split(';').next().unwrap_or_default().trim();
            let size = usize::from_str_radix(digits, 16).map_err(|_| invalid("chunk size", &line))?;
            if size == 0 {
                break;
            }
            self.read_body(stream, size)?;
            let end = read_line(stream, &mut self.raw)?;
            if !end.is_empty() {
                return Err(invalid("chunk end", &end));
            }
        }
        loop {
            let line = read_line(stream, &mut self.raw)?;
            if line.is_empty() {
                return Ok(());
            }
            self.trailers.push(split_field(&line)?);
        }
    }
}

/// Reads up to and with the empty line that ends a head.
pub(crate) fn read_head(stream: &mut impl Read, raw: &mut Vec<u8>) -> io::Result<String> {
    let start = raw.len();
    while !raw[start..].ends_with(b"\r\n\r\n") {
        read_byte(stream, raw)?;
    }
    Ok(String::from_utf8_lossy(&raw[start..]).into_owned())
}

fn parse_head(head: &str) -> io::Result<(u16, Vec<(String, String)>)> {
    let mut lines = head.trim_end_matches("\r\n").split("\r\n");
    let first = lines.next().unwrap_or_default();
    let status = first.split(' ').nth(1).and_then(|text| text.parse().ok()).ok_or_else(|| invalid("status", first))?;
    let headers = lines.map(split_field).collect::<Result<_, _>>()?;
    Ok((status, headers))
}

pub(crate) fn split_field(line: &str) -> io::Result<(String, String)> {
    let (name, value) = line.split_once(':').ok_or_else(|| invalid("header line", line))?;
    Ok((name.to_owned(), value.trim().to_owned()))
}

pub(crate) fn read_line(stream: &mut impl Read, raw: &mut Vec<u8>) -> io::Result<String> {
    let start = raw.len();
    while !raw[start..].ends_with(b"\r\n") {
        read_byte(stream, raw)?;
    }
    Ok(String::from_utf8_lossy(&raw[start..raw.len() - 2]).into_owned())
}

pub(crate) fn read_byte(stream: &mut impl Read, raw: &mut Vec<u8>) -> io::Result<u8> {
    let mut byte = [0];
    stream.read_exact(&mut byte)?;
    raw.push(byte[0]);
    Ok(byte[0])
}

fn read_rest(stream: &mut impl Read, raw: &mut Vec<u8>) -> io::Result<Vec<u8>> {
    let mut rest = Vec::new();
    let outcome = stream.read_to_end(&mut rest);
    raw.extend_from_slice(&rest);
    outcome.map(|_| rest)
}

fn invalid(what: &str, text: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("no valid {what}: {text:?}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_end_where_their_framing_says() {
        for (raw, status, body, is_complete, rest) in [
            ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhiHTTP", 200, "hi", true, "HTTP"),
            ("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nhi", 200, "hi", false, ""),
            (
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;x=1\r\nhi\r\n0\r\nT: u\r\n\r\nX",
                200,
                "hi",
                true,
                "X",
            ),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n", 200, "hi", false, ""),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nz\r\n", 200, "", false, ""),
            ("HTTP/1.1 204 No\r\nContent-Length: 2\r\n\r\nhi", 204, "", true, "hi"),
            ("HTTP/1.0 200 OK\r\n\r\nall", 200, "all", true, ""),
        ] {
            let mut stream = raw.as_bytes();
            let response = RawResponse::read(&mut stream, false).unwrap();
            assert_eq!(
                (response.status, response.text().as_str(), response.is_complete),
                (status, body, is_complete),
                "{raw}"
            );
            assert_eq!(stream, rest.as_bytes(), "{raw}");
        }
        let head = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n";
        assert!(RawResponse::read(&mut &head[..], true).unwrap().is_complete);
        assert!(RawResponse::read(&mut &head[..20], true).is_err());
    }
}
