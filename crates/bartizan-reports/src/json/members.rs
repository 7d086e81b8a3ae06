//! Walks over the members of a list, or over the one value of a text, so that a member that is known is not read again.
//!
//! What it takes and refuses is what [`read`](super::read) does, fault by fault.

use super::reader::{Fault, Limits, Reader};
use super::{Value, text_of};

/// The members of a text that is a list or an object.
#[derive(Debug)]
pub(crate) struct Members<'a> {
    bytes: &'a [u8],
    /// The same as text, once a member had to be read.
    text: Option<&'a str>,
    at: usize,
    /// What is left for each member, and for all.
    depth: usize,
    values: usize,
    place: Place,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Before the one value that there is.
    Alone,
    /// Before the first member.
    First,
    /// Behind a member of a list.
    Behind,
    /// Behind the one value.
    Last,
}

impl<'a> Members<'a> {
    /// Begins; none where the text is neither, or begins with a mark of its byte order.
    pub(crate) fn of(bytes: &'a [u8], limits: Limits) -> Option<Self> {
        let at = blanks(bytes);
        let (at, depth, values, place) = match bytes.get(at) {
            Some(b'{') => (at, limits.depth, limits.values, Place::Alone),
            Some(b'[') => (at + 1, limits.depth.checked_sub(1)?, limits.values.checked_sub(1)?, Place::First),
            _ => return None,
        };
        Some(Self { bytes, text: None, at, depth, values, place })
    }

    /// Whether the text is a list.
    pub(crate) fn are_a_list(&self) -> bool {
        matches!(self.place, Place::First | Place::Behind)
    }

    /// Goes to the next member, which is then to be read or passed, and returns the text from it on; none at the end.
    pub(crate) fn next(&mut self) -> Result<Option<&'a [u8]>, Fault> {
        self.skip_blanks();
        match (self.place, self.peek()) {
            (Place::Alone, _) => self.place = Place::Last,
            (Place::First, Some(b']')) | (Place::Behind, Some(b']')) => {
                self.at += 1;
                self.skip_blanks();
                return if self.at == self.bytes.len() { Ok(None) } else { Err(self.syntax()) };
            }
            (Place::First, _) => self.place = Place::Behind,
            (Place::Behind, Some(b',')) => {
                self.at += 1;
                self.skip_blanks();
            }
            (Place::Last, None) => return Ok(None),
            (Place::Behind | Place::Last, _) => return Err(self.syntax()),
        }
        Ok(Some(self.rest()))
    }

    /// Passes over a member whose bytes have been read before, and which has so many values.
    pub(crate) fn pass(&mut self, bytes: usize, values: usize) -> Result<(), Fault> {
        self.values = self.values.checked_sub(values).ok_or(Fault::Values { at: self.at })?;
        self.at += bytes;
        Ok(())
    }

    /// Reads a member; returns it with how many bytes it has, and how many values.
    pub(crate) fn read(&mut self) -> Result<(Value<'a>, usize, usize), Fault> {
        let text = match self.text {
            Some(text) => text,
            None => *self.text.insert(text_of(self.bytes)?),
        };
        let mut reader = Reader { text, bytes: self.bytes, at: self.at, depth: self.depth, values: self.values };
        let value = reader.value()?;
        let (bytes, values) = (reader.at - self.at, self.values - reader.values);
        (self.at, self.values) = (reader.at, reader.values);
        Ok((value, bytes, values))
    }

    fn skip_blanks(&mut self) {
        self.at += blanks(self.rest());
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    fn syntax(&self) -> Fault {
        Fault::Syntax { at: self.at }
    }
}

/// Returns how many blanks come first.
pub(crate) fn blanks(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r')).count()
}

#[cfg(test)]
mod tests {
    use super::super::read;
    use super::*;

    /// Reads every member but those that a pattern says to pass, whose length is then known from the reading of all.
    fn walked(text: &str, limits: Limits, pass: u32) -> Option<Result<Vec<Value<'_>>, Fault>> {
        let mut members = Members::of(text.as_bytes(), limits)?;
        let walk = |members: &mut Members<'_>| {
            let mut lengths = Vec::new();
            while members.next()?.is_some() {
                let (_, bytes, values) = members.read()?;
                lengths.push((bytes, values));
            }
            Ok::<_, Fault>(lengths)
        };
        let lengths = match walk(&mut members) {
            Ok(lengths) => lengths,
            Err(fault) => return Some(Err(fault)),
        };
        let mut members = Members::of(text.as_bytes(), limits)?;
        let mut values = Vec::new();
        for (at, (bytes, count)) in lengths.into_iter().enumerate() {
            members.next().unwrap().unwrap();
            if pass & (1 << at) == 0 {
                values.push(members.read().unwrap().0);
            } else {
                members.pass(bytes, count).unwrap();
                values.push(Value::Null);
            }
        }
        assert_eq!(members.next(), Ok(None), "{text}");
        Some(Ok(values))
    }

    #[test]
    fn a_walk_takes_and_refuses_what_reading_the_whole_does() {
        let limits = Limits { depth: 3, values: 8 };
        for text in [
            "[]",
            " [ ] ",
            "[{}]",
            "[{},{}]",
            "[ {} , {\"a\":1} ]\n",
            "[1,\"a\",null,[]]",
            "{}",
            " {\"a\":[1]} ",
            "[",
            "[,]",
            "[{}",
            "[{},]",
            "[{} {}]",
            "[{}],",
            "[{}]]",
            "{}{}",
            "{} x",
            "{\"a\":1",
            "[[[]]]",
            "[[[[]]]]",
            "{\"a\":[[]]}",
            "{\"a\":[[[]]]}",
            "[1,2,3,4,5,6,7]",
            "[1,2,3,4,5,6,7,8]",
            "[\"\u{e9}\"]",
        ] {
            let whole = read(text.as_bytes(), limits);
            let walk = walked(text, limits, 0).unwrap();
            let expected = whole.clone().map(|whole| match whole {
                Value::Array(members) => members,
                one => vec![one],
            });
            assert_eq!(walk.is_ok(), whole.is_ok(), "{text}");
            assert_eq!(walk.ok(), expected.ok(), "{text}");
        }
        for text in ["", "1", "\"a\"", "null", "\u{feff}[]"] {
            assert!(walked(text, limits, 0).is_none(), "{text}");
        }
        assert_eq!(Members::of(b"[\"\xff\"]", limits).unwrap().read(), Err(Fault::Encoding { at: 2 }));
    }

    #[test]
    fn members_that_are_known_are_passed() {
        let limits = Limits::default();
        let values = walked("[ {\"a\":[1,2]} , {\"b\":2},3]", limits, 0b101).unwrap().unwrap();
        let written: Vec<_> = values.iter().map(|value| matches!(value, Value::Null)).collect();
        assert_eq!(written, [true, false, true]);
        let mut members = Members::of(b"[{}]", Limits { depth: 2, values: 2 }).unwrap();
        members.next().unwrap();
        assert_eq!(members.pass(2, 2), Err(Fault::Values { at: 1 }));
    }
}
