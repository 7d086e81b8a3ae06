//! The head of an answer.

use super::reader::Fault;

/// Status line and header lines.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Head {
    /// The status.
    pub status: u16,
    /// The text behind the status.
    pub reason: Vec<u8>,
    /// Whether the answer is of HTTP/1.1, not 1.0.
    pub is_current: bool,
    /// The lines: names in lower case, values without white space around them.
    pub lines: Vec<(String, Vec<u8>)>,
    /// How many lines were none: without a colon, or with a name that is no token.
    pub odd_lines: usize,
}

impl Head {
    /// Returns the values of a field, by its name in lower case.
    pub fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a [u8]> {
        self.lines.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_slice())
    }

    /// Returns the first value of a field as text.
    pub fn text(&self, name: &str) -> Option<String> {
        self.values(name).next().map(latin1)
    }

    /// Returns the lines with a character for each byte, as Node hands them on.
    pub fn latin1_lines(&self) -> Vec<(String, String)> {
        self.lines.iter().map(|(name, value)| (name.clone(), latin1(value))).collect()
    }

    /// Reads a head; returns it and its length, or nothing where it is not complete.
    pub(super) fn read(bytes: &[u8]) -> Result<Option<(Self, usize)>, Fault> {
        let Some(length) = length(bytes) else { return Ok(None) };
        let mut lines = bytes.get(..length).unwrap_or_default().split(|byte| *byte == b'\n').map(without_return);
        let mut head = Self::of_status_line(lines.next().unwrap_or_default())?;
        for line in lines.filter(|line| !line.is_empty()) {
            head.line(line);
        }
        // Node counts names, values and the reason, and hangs up at its limit; browsers go on for longer.
        let size = head.lines.iter().map(|(name, value)| name.len() + value.len()).sum::<usize>() + head.reason.len();
        if size >= LARGEST { Err(Fault::HeadTooLarge) } else { Ok(Some((head, length))) }
    }

    fn of_status_line(line: &[u8]) -> Result<Self, Fault> {
        let rest = line.strip_prefix(b"HTTP/1.").ok_or(Fault::NoStatusLine)?;
        let (minor, rest) = rest.split_first().ok_or(Fault::NoStatusLine)?;
        let rest = rest.trim_ascii_start();
        let digits = rest.get(..3).filter(|digits| digits.iter().all(u8::is_ascii_digit)).ok_or(Fault::NoStatusLine)?;
        let after = rest.get(3..).unwrap_or_default();
        if !minor.is_ascii_digit() || !matches!(after.first(), None | Some(b' ')) {
            return Err(Fault::NoStatusLine);
        }
        let status = digits.iter().fold(0, |number, digit| number * 10 + u16::from(digit - b'0'));
        let reason = after.trim_ascii().to_vec();
        Ok(Self { status, reason, is_current: *minor != b'0', ..Self::default() })
    }

    fn line(&mut self, line: &[u8]) {
        if line.first().is_some_and(|byte| matches!(byte, b' ' | b'\t')) {
            // Folded: the line belongs to the one before (RFC 9112, 5.2).
            match self.lines.last_mut() {
                Some((_, value)) => {
                    value.push(b' ');
                    value.extend_from_slice(line.trim_ascii());
                }
                None => self.odd_lines += 1,
            }
            return;
        }
        let colon = line.iter().position(|byte| *byte == b':');
        let parts = colon.and_then(|at| Some((line.get(..at)?, line.get(at + 1..)?)));
        match parts {
            Some((name, value)) if !name.is_empty() && name.iter().all(|byte| is_token(*byte)) => {
                let name = String::from_utf8_lossy(name).to_ascii_lowercase();
                self.lines.push((name, value.trim_ascii().to_vec()));
            }
            _ => self.odd_lines += 1,
        }
    }
}

/// Returns each byte as a character.
pub(crate) fn latin1(bytes: &[u8]) -> String {
    bytes.iter().copied().map(char::from).collect()
}

/// Returns the length of a head, with the empty line that ends it.
fn length(bytes: &[u8]) -> Option<usize> {
    let ends = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at);
    let mut before = None;
    for end in ends {
        let start = before.map_or(0, |at: usize| at + 1);
        if start > 0 && without_return(bytes.get(start..end)?).is_empty() {
            return Some(end + 1);
        }
        before = Some(end);
    }
    None
}

fn without_return(line: &[u8]) -> &[u8] {
    line.strip_suffix(b"\r").unwrap_or(line)
}

const fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(byte, b'!' | b'#'..=b'\'' | b'*' | b'+' | b'-' | b'.' | b'^'..=b'`' | b'|' | b'~')
}

/// What Node allows: the peer sees no site behind a larger head.
const LARGEST: usize = 16 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_are_read_with_their_slips() {
        let text = b"HTTP/1.1 200 OK\r\nA: b \nnonsense\r\nC:d\r\n\te\r\nBad Name: x\r\n: y\r\n\r\nbody";
        let (head, length) = Head::read(text).unwrap().unwrap();
        assert_eq!((head.status, head.is_current, head.odd_lines, length), (200, true, 3, text.len() - 4));
        assert_eq!(head.lines, [("a".to_owned(), b"b".to_vec()), ("c".to_owned(), b"d e".to_vec())]);
    }

    #[test]
    fn incomplete_and_foreign_heads_are_told_apart() {
        for (text, result) in [
            (&b"HTTP/1.1 200 OK\r\nA: b\r\n"[..], Ok(None)),
            (b"", Ok(None)),
            (b"SSH-2.0-x\r\n\r\n", Err(Fault::NoStatusLine)),
            (b"HTTP/2 200\r\n\r\n", Err(Fault::NoStatusLine)),
            (b"HTTP/1.1 2000\r\n\r\n", Err(Fault::NoStatusLine)),
        ] {
            assert_eq!(Head::read(text).map(|found| found.map(|(head, _)| head.status)), result);
        }
        assert_eq!(Head::read(b"HTTP/1.0 302\n\n").unwrap().unwrap().0.status, 302);
        let large = format!("HTTP/1.1 200 OK\r\nA: {}\r\n\r\n", "x".repeat(LARGEST));
        assert_eq!(Head::read(large.as_bytes()), Err(Fault::HeadTooLarge));
    }
}
