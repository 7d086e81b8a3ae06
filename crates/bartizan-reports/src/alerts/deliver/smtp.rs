//! The talk with a mail server: one command, one answer, both bounded (RFC 5321, 4.2 and 4.5.3).

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::DeliveryError;
use super::connect::Stream;
use crate::alerts::plain;

/// One connection to a mail server.
pub(super) struct Talk {
    stream: Box<dyn Stream>,
    /// What was received and not yet read.
    unread: Vec<u8>,
}

impl Talk {
    pub(super) fn new(stream: Box<dyn Stream>) -> Self {
        Self { stream, unread: Vec::new() }
    }

    /// Returns the stream to be encrypted; bytes that came before that are somebody else's.
    pub(super) fn into_stream(self) -> Result<Box<dyn Stream>, DeliveryError> {
        if self.unread.is_empty() { Ok(self.stream) } else { Err(DeliveryError::Garbled { step: "STARTTLS" }) }
    }

    /// Introduces itself, and returns what the server offers, in capitals.
    pub(super) async fn hello(&mut self) -> Result<Vec<String>, DeliveryError> {
        let offers = self.ask("EHLO", "EHLO localhost", &[250]).await?;
        Ok(offers.iter().skip(1).map(|offer| offer.trim_end().to_ascii_uppercase()).collect())
    }

    /// Says something, and returns the lines of the answer if it has one of these codes.
    pub(super) async fn ask(
        &mut self,
        step: &'static str,
        line: &str,
        codes: &[u16],
    ) -> Result<Vec<String>, DeliveryError> {
        let broken = |source| DeliveryError::Broken { step, source };
        self.stream.write_all(format!("{line}\r\n").as_bytes()).await.map_err(broken)?;
        self.stream.flush().await.map_err(broken)?;
        self.answer(step, codes).await
    }

    /// Waits for an answer.
    pub(super) async fn answer(&mut self, step: &'static str, codes: &[u16]) -> Result<Vec<String>, DeliveryError> {
        let mut lines = Vec::new();
        loop {
            let line = self.line(step).await?;
            let (code, is_last, text) = read(&line).ok_or(DeliveryError::Garbled { step })?;
            lines.push(text.to_owned());
            if lines.len() > MOST_LINES {
                return Err(DeliveryError::Garbled { step });
            }
            if is_last {
                if codes.contains(&code) {
                    return Ok(lines);
                }
                return Err(DeliveryError::Refused { step, code, text: plain(&lines.join(" ")) });
            }
        }
    }

    async fn line(&mut self, step: &'static str) -> Result<String, DeliveryError> {
        loop {
            if let Some(end) = self.unread.iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = self.unread.drain(..=end).collect();
                return Ok(String::from_utf8_lossy(&line).trim_end_matches(['\r', '\n']).to_owned());
            }
            if self.unread.len() > LONGEST_LINE {
                return Err(DeliveryError::Garbled { step });
            }
            let mut chunk = [0; 1024];
            let broken = |source| DeliveryError::Broken { step, source };
            let length = self.stream.read(&mut chunk).await.map_err(broken)?;
            if length == 0 {
                return Err(broken(std::io::ErrorKind::UnexpectedEof.into()));
            }
            self.unread.extend_from_slice(chunk.get(..length).unwrap_or_default());
        }
    }
}

/// Reads a line of an answer: its code, whether it is the last, and its text.
pub(crate) fn read(line: &str) -> Option<(u16, bool, &str)> {
    let (code, rest) = line.split_at_checked(3)?;
    let is_code = code.bytes().all(|byte| byte.is_ascii_digit());
    let code = code.parse().ok().filter(|code| is_code && (200..600).contains(code))?;
    match rest.split_at_checked(1) {
        None => Some((code, true, "")),
        Some((" ", text)) => Some((code, true, text)),
        Some(("-", text)) => Some((code, false, text)),
        Some(_) => None,
    }
}

/// Twice what a server may write (RFC 5321, 4.5.3.1.5).
const LONGEST_LINE: usize = 1024;

const MOST_LINES: usize = 100;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_a_code_and_a_text() {
        for (line, expected) in [
            ("250 fine", Some((250, true, "fine"))),
            ("250-more", Some((250, false, "more"))),
            ("354", Some((354, true, ""))),
            ("25", None),
            ("+25 x", None),
            ("100 x", None),
            ("2500", None),
            ("", None),
            ("25€", None),
        ] {
            assert_eq!(read(line), expected, "{line}");
        }
    }
}
