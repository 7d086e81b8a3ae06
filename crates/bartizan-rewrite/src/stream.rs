//! The bytes of a page on their way out: passed on as they came, with insertions, and held while a script is judged.

use std::collections::VecDeque;

/// What goes out, and what waits.
#[derive(Debug, Default)]
pub(crate) struct Stream {
    /// How many bytes of the page have come by.
    position: usize,
    /// What may leave.
    ready: Vec<u8>,
    /// What will be put in, by its place in the page, first to last.
    changes: VecDeque<Change>,
    held: Option<Held>,
}

/// Bytes that come in at a place of the page, instead of those that stood there.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Change {
    /// The first byte that goes, or before which the new ones come.
    pub(crate) at: usize,
    /// How many bytes go.
    pub(crate) instead_of: usize,
    /// What comes.
    pub(crate) bytes: Vec<u8>,
}

/// An element whose content must be seen before its start tag may leave.
#[derive(Debug)]
struct Held {
    /// The first byte that waits.
    start: usize,
    bytes: Vec<u8>,
}

/// The most that is held for one element, in bytes: the inline scripts of large single-page apps stay below, and one
/// connection cannot make us keep more.
pub(crate) const MOST_HELD: usize = 1 << 20;

impl Stream {
    /// Takes the next bytes of the page.
    pub(crate) fn push(&mut self, bytes: &[u8]) {
        match &mut self.held {
            None => self.pass(bytes),
            Some(held) => {
                held.bytes.extend_from_slice(bytes);
                if held.bytes.len() > MOST_HELD {
                    self.release();
                }
            }
        }
    }

    /// Holds what comes from here on.
    pub(crate) fn hold(&mut self) {
        if self.held.is_none() {
            self.held = Some(Held { start: self.position, bytes: Vec::new() });
        }
    }

    /// Returns what is held of a part of the page.
    pub(crate) fn held(&self, from: usize, to: usize) -> Option<&[u8]> {
        let held = self.held.as_ref()?;
        held.bytes.get(from.checked_sub(held.start)?..to.checked_sub(held.start)?)
    }

    /// Lets go what was held, with the changes that were decided.
    pub(crate) fn release(&mut self) {
        if let Some(held) = self.held.take() {
            self.pass(&held.bytes);
        }
    }

    /// Adds a change; places before what has left are too late and dropped.
    pub(crate) fn change(&mut self, change: Change) {
        if change.at >= self.position {
            let later = self.changes.iter().rposition(|known| known.at <= change.at).map_or(0, |at| at + 1);
            self.changes.insert(later, change);
        }
    }

    /// Moves what may leave to its reader.
    pub(crate) fn take_ready(&mut self, out: &mut Vec<u8>) {
        out.append(&mut self.ready);
    }

    /// Returns how many bytes of the page came by, those held included.
    pub(crate) fn received(&self) -> usize {
        self.position + self.held.as_ref().map_or(0, |held| held.bytes.len())
    }

    fn pass(&mut self, mut bytes: &[u8]) {
        while let Some(change) = self.changes.front() {
            let until = change.at.saturating_sub(self.position);
            let Some((before, rest)) = bytes.split_at_checked(until) else { break };
            // What is to go must be here whole; a tag is flushed at once, so it is.
            let Some(after) = rest.get(change.instead_of..) else { break };
            self.ready.extend_from_slice(before);
            self.ready.extend_from_slice(&change.bytes);
            self.position += until + change.instead_of;
            bytes = after;
            self.changes.pop_front();
        }
        self.ready.extend_from_slice(bytes);
        self.position += bytes.len();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn out(stream: &mut Stream) -> String {
        let mut out = Vec::new();
        stream.take_ready(&mut out);
        String::from_utf8(out).unwrap()
    }

    fn insert(at: usize, text: &str) -> Change {
        Change { at, instead_of: 0, bytes: text.into() }
    }

    #[test]
    fn changes_are_made_where_they_belong() {
        let mut stream = Stream::default();
        stream.push(b"<p>");
        stream.change(insert(7, " n"));
        stream.push(b"<br>");
        stream.change(Change { at: 8, instead_of: 2, bytes: b"XYZ".into() });
        stream.push(b"0123");
        assert_eq!(out(&mut stream), "<p><br> n0XYZ3");
        stream.change(insert(2, "too late"));
        stream.push(b"4");
        assert_eq!(out(&mut stream), "4");
    }

    #[test]
    fn what_is_held_waits_for_its_verdict() {
        let mut stream = Stream::default();
        stream.push(b"a");
        stream.hold();
        stream.push(b"<script>");
        stream.push(b"x()");
        assert_eq!(out(&mut stream), "a");
        assert_eq!(stream.held(9, 12), Some(&b"x()"[..]));
        assert_eq!(stream.held(9, 99), None);
        stream.change(insert(8, " nonce"));
        stream.release();
        stream.push(b"</script>");
        assert_eq!(out(&mut stream), "<script nonce>x()</script>");
    }

    #[test]
    fn too_much_is_let_go() {
        let mut stream = Stream::default();
        stream.hold();
        stream.push(&vec![b'x'; MOST_HELD + 1]);
        assert_eq!(stream.held(0, 1), None);
        assert_eq!(out(&mut stream).len(), MOST_HELD + 1);
    }
}
