//! A question as it is sent, and the records of its answer (RFC 1035, 4).

use crate::wire::{Reader, put, put_vector};

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Who may issue certificates (RFC 8659).
    Caa,
    /// How a site wants to be met (RFC 9460).
    Https,
    /// Who answers for a zone.
    Ns,
}

impl Kind {
    const fn code(self) -> u16 {
        match self {
            Self::Ns => 2,
            Self::Https => 65,
            Self::Caa => 257,
        }
    }
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Message {
    /// The data of the records of the kind that was asked for, whatever alias led to them.
    pub(crate) records: Vec<Vec<u8>>,
    /// Whether the server found all of it signed (RFC 4035, 3.2.3).
    pub(crate) is_authentic: bool,
    /// Whether there is more than fits into a datagram.
    pub(crate) is_cut: bool,
    code: u8,
}

impl Message {
    /// Whether it says what there is, be it nothing.
    pub(super) const fn is_answer(&self) -> bool {
        // No error, or no such name; all else says something of the server only.
        matches!(self.code, 0 | 3) && !self.is_cut
    }
}

/// What a server may send in one datagram: as much as crosses most networks in one piece (RFC 9715).
pub(super) const LARGEST_DATAGRAM: usize = 1232;

/// Returns a question, unless the name is none.
pub(super) fn question(id: [u8; 2], name: &str, kind: Kind) -> Option<Vec<u8>> {
    let mut out = id.to_vec();
    // Recursion, and the server's word on signatures, wanted (RFC 6840, 5.7). One question, one addition.
    out.extend([1, 0x20, 0, 1, 0, 0, 0, 0, 0, 1]);
    for label in name.split('.').filter(|_| !name.is_empty()) {
        // RFC 1035, 2.3.4.
        if !(1..=63).contains(&label.len()) {
            return None;
        }
        put_vector(&mut out, 1, label.as_bytes());
    }
    out.push(0);
    if out.len() > HEADER + 255 {
        return None;
    }
    put(&mut out, 2, kind.code().into());
    put(&mut out, 2, INTERNET.into());
    // The addition: how much we take (RFC 6891, 6.1.2).
    out.extend([0, 0, 41]);
    put(&mut out, 2, LARGEST_DATAGRAM);
    out.extend([0; 6]);
    Some(out)
}

/// Reads an answer to a question; `None` if it is none, or to another.
pub(crate) fn parse(bytes: &[u8], question: &[u8]) -> Option<Message> {
    let (mut answer, mut asked) = (Reader::new(bytes), Reader::new(question));
    let is_same_id = answer.take(2)? == asked.take(2)?;
    let (flags, code) = (answer.u8()?, answer.u8()?);
    let (questions, answers) = (answer.u16()?, answer.u16()?);
    asked.take(HEADER - 2)?;
    answer.take(HEADER - 8)?;
    let (name, kind, class) = (name(&mut answer)?, answer.u16()?, answer.u16()?);
    let is_same_question = name.eq_ignore_ascii_case(self::name(&mut asked)?)
        && (kind, class) == (asked.u16()?, asked.u16()?)
        && class == INTERNET;
    if !is_same_id || flags & 0x80 == 0 || questions != 1 || !is_same_question {
        return None;
    }
    let mut records = Vec::new();
    let is_cut = flags & 2 != 0;
    for _ in 0..answers {
        let (Some(_), Some(found), Some(class)) = (self::name(&mut answer), answer.u16(), answer.u16()) else {
            // What was cut may end anywhere.
            return is_cut.then_some(Message { records, is_authentic: false, is_cut, code: code & 15 });
        };
        answer.take(4)?;
        let data = answer.vector(2)?;
        if (found, class) == (kind, INTERNET) {
            records.push(data.to_vec());
        }
    }
    Some(Message { records, is_authentic: code & 0x20 != 0, is_cut, code: code & 15 })
}

/// Takes a name as it is written: labels to the root, or to a pointer, which is passed over and never followed.
pub(super) fn name<'a>(reader: &mut Reader<'a>) -> Option<&'a [u8]> {
    let start = reader.rest();
    loop {
        match reader.u8()? {
            0 => break,
            length @ 1..=63 => {
                reader.take(length.into())?;
            }
            0xc0.. => {
                reader.u8()?;
                break;
            }
            _ => return None,
        }
    }
    start.get(..start.len() - reader.rest().len())
}

const HEADER: usize = 12;
/// The class of all names that matter here.
const INTERNET: u16 = 1;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_are_none_are_not_asked_for() {
        let long = ["a"; 140].join(".");
        let label = "a".repeat(64);
        for (name, is_asked) in [("app.example", true), ("", true), ("a..b", false), (&label, false), (&long, false)] {
            assert_eq!(question([0, 1], name, Kind::Caa).is_some(), is_asked, "{name}");
        }
    }

    #[test]
    fn an_answer_fits_its_question() {
        let asked = question([7, 9], "app.example", Kind::Ns).unwrap();
        let end = asked.len() - 11;
        let answer = |id: [u8; 2], flags: [u8; 2], name: &[u8], records: &[u8]| {
            let counts = [0, 1, 0, u8::from(!records.is_empty()), 0, 0, 0, 0];
            [&id[..], &flags, &counts, name, records].concat()
        };
        let name = &asked[12..end];
        let other = question([7, 9], "bpp.example", Kind::Ns).unwrap();
        let record = b"\xc0\x0c\x00\x02\x00\x01\x00\x00\x00\x09\x00\x02ab";
        for (bytes, records) in [
            (answer([7, 9], [0x81, 0xa0], name, record), Some(1)),
            (answer([7, 9], [0x81, 0xa0], &name.to_ascii_uppercase(), record), Some(1)),
            (answer([7, 9], [0x81, 0xa0], name, &[]), Some(0)),
            (answer([7, 8], [0x81, 0xa0], name, record), None), // another question's
            (answer([7, 9], [0x01, 0xa0], name, record), None), // no answer
            (answer([7, 9], [0x81, 0xa0], &other[12..end], record), None),
            (answer([7, 9], [0x81, 0xa0], name, &record[..9]), None),
            (answer([7, 9], [0x83, 0xa0], name, &record[..1]), Some(0)), // cut, and says so
        ] {
            let found = parse(&bytes, &asked);
            assert_eq!(found.as_ref().map(|message| message.records.len()), records, "{bytes:?}");
            assert!(found.is_none_or(|message| message.is_authentic != message.is_cut));
        }
    }
}
