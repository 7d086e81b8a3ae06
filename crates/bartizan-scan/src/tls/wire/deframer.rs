//! From a stream of bytes to records, and from records to handshake messages (RFC 8446, 4 and 5.1).
//!
//! A message may be cut over many records and a record may hold many messages; both are followed
//! within limits, so that no server can make a scan remember without end.

use crate::wire::Reader;

/// What a server said next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Event {
    /// A warning or an end: its level and its description (RFC 8446, 6).
    Alert(u8, u8),
    /// The keys change from here on.
    ChangeCipherSpec,
    /// A handshake message: its kind and its body.
    Message(u8, Vec<u8>),
    /// A record that is none of these or is encrypted: its content type and its body.
    Record(u8, Vec<u8>),
    /// It is not TLS, or more than a handshake needs.
    Garbage,
}

/// Bytes that have come and are not yet understood.
#[derive(Debug, Default)]
pub(crate) struct Deframer {
    bytes: Vec<u8>,
    messages: Vec<u8>,
    total: usize,
    alerts: usize,
    is_encrypted: bool,
    is_broken: bool,
}

impl Deframer {
    /// Adds what came.
    pub(crate) fn push(&mut self, bytes: &[u8]) {
        self.total = self.total.saturating_add(bytes.len());
        if self.total > MAX_TOTAL {
            self.is_broken = true;
        } else {
            self.bytes.extend_from_slice(bytes);
        }
    }

    /// Returns the next thing said, if it is there as a whole.
    pub(crate) fn next(&mut self) -> Option<Event> {
        loop {
            if self.is_broken {
                return Some(Event::Garbage);
            }
            if let Some(message) = self.message() {
                return Some(message);
            }
            let mut reader = Reader::new(&self.bytes);
            let (kind, major) = (reader.u8()?, reader.u8()?);
            let _minor = reader.u8()?;
            if !(20..=24).contains(&kind) || major != 3 {
                self.is_broken = true;
                continue;
            }
            let length = usize::from(reader.u16()?);
            if length > MAX_RECORD {
                self.is_broken = true;
                continue;
            }
            let body = reader.take(length)?.to_vec();
            let rest = reader.rest().len();
            self.bytes.drain(..self.bytes.len() - rest);
            match (kind, &body[..]) {
                (HANDSHAKE, _) if !self.is_encrypted => {
                    // An empty fragment would let a server speak without end and say nothing.
                    self.is_broken = body.is_empty() || self.messages.len() + body.len() > MAX_MESSAGE;
                    self.messages.extend_from_slice(&body);
                }
                (ALERT, [level, description]) if !self.is_encrypted => {
                    self.alerts += 1;
                    self.is_broken = self.alerts > MAX_ALERTS;
                    return Some(Event::Alert(*level, *description));
                }
                (CHANGE_CIPHER_SPEC, [1]) => {
                    self.is_encrypted = true;
                    return Some(Event::ChangeCipherSpec);
                }
                _ => return Some(Event::Record(kind, body)),
            }
        }
    }

    fn message(&mut self) -> Option<Event> {
        let mut reader = Reader::new(&self.messages);
        let kind = reader.u8()?;
        let length = usize::try_from(reader.number(3)?).ok()?;
        if length > MAX_MESSAGE {
            return Some(Event::Garbage);
        }
        let body = reader.take(length)?.to_vec();
        let rest = reader.rest().len();
        self.messages.drain(..self.messages.len() - rest);
        Some(Event::Message(kind, body))
    }
}

/// The content type of a ChangeCipherSpec.
pub(crate) const CHANGE_CIPHER_SPEC: u8 = 20;
/// The content type of an alert.
pub(crate) const ALERT: u8 = 21;
/// The content type of handshake messages.
pub(crate) const HANDSHAKE: u8 = 22;

/// The largest encrypted record of any version (RFC 5246, 6.2.3).
const MAX_RECORD: usize = (1 << 14) + 2048;

/// Chains of a dozen RSA-4096 certificates stay below; nothing that helps a visitor is longer.
const MAX_MESSAGE: usize = 128 * 1024;

/// All that one connection may say: a flight of the longest messages and some answers.
const MAX_TOTAL: usize = 256 * 1024;

/// A server warns of a name or two; one that goes on is not going to say hello.
const MAX_ALERTS: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;

    fn events(chunks: &[&[u8]]) -> Vec<Event> {
        let mut deframer = Deframer::default();
        let mut events = Vec::new();
        for chunk in chunks {
            deframer.push(chunk);
            while let Some(event) = deframer.next() {
                events.push(event.clone());
                if event == Event::Garbage {
                    return events;
                }
            }
        }
        events
    }

    #[test]
    fn messages_are_found_however_they_are_cut() {
        let done = Event::Message(14, vec![]);
        let whole: &[u8] = &[22, 3, 3, 0, 4, 14, 0, 0, 0];
        for (chunks, expected) in [
            (vec![whole], vec![done.clone()]),
            (whole.chunks(1).collect(), vec![done.clone()]),
            (vec![&[22, 3, 3, 0, 1, 14][..], &[22, 3, 3, 0, 3, 0, 0, 0]], vec![done.clone()]), // over two records
            (vec![&[22, 3, 1, 0, 8, 14, 0, 0, 0, 14, 0, 0, 0][..]], vec![done.clone(), done]),
            (vec![&[21, 3, 3, 0, 2, 2, 40][..]], vec![Event::Alert(2, 40)]),
            (
                vec![&[20, 3, 3, 0, 1, 1, 22, 3, 3, 0, 1, 9][..]],
                vec![Event::ChangeCipherSpec, Event::Record(22, vec![9])],
            ),
            (vec![b"HTTP/1.1 400 Bad Request\r\n"], vec![Event::Garbage]),
            (vec![&[22, 3, 3, 0xff, 0xff][..]], vec![Event::Garbage]), // no record is so long
            (vec![&[22, 3, 3, 0, 0][..]], vec![Event::Garbage]),       // and none is empty
            (vec![&[22, 3, 3, 0, 4, 11, 0xff, 0, 0][..]], vec![Event::Garbage]),
            (vec![&[22, 3, 3][..]], vec![]),
        ] {
            assert_eq!(events(&chunks), expected, "{chunks:?}");
        }
    }

    #[test]
    fn endless_talk_ends() {
        let alert = [21, 3, 3, 0, 2, 1, 90];
        let mut deframer = Deframer::default();
        let said = (0..MAX_TOTAL).find(|_| {
            deframer.push(&alert);
            deframer.next() == Some(Event::Garbage)
        });
        assert!(said.is_some());
    }
}
