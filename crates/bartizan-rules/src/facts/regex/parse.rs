//! The reading of a pattern.
//!
//! What two neighbouring engines disagree on is refused: possessive repetitions, recursion, conditions.

use std::sync::Arc;

use thiserror::Error;

use super::{At, Groups, Item, Kind, Member};

/// A pattern that is wrong, or more than is understood here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the pattern cannot be read: {what}")]
pub struct Unreadable {
    /// What is wrong.
    what: &'static str,
}

/// Deeper brackets are refused: nobody writes them, and each costs stack.
const DEEPEST: usize = 100;

/// Repetitions above are refused, as by most engines.
const MOST: u32 = 65_535;

pub(super) fn parse(source: &str) -> Result<(Arc<[Item]>, Groups), Unreadable> {
    let mut chars = Vec::with_capacity(source.len());
    chars.extend(source.chars());
    let mut reader = Reader { chars, at: 0, depth: 0, opened: 0, ..Reader::default() };
    let sequence = reader.alternatives()?;
    if reader.at < reader.chars.len() {
        return Err(wrong("a bracket is closed that was not opened"));
    }
    Ok((sequence, reader.groups))
}

#[derive(Default)]
struct Reader {
    chars: Vec<char>,
    at: usize,
    depth: usize,
    /// How many capturing groups were opened.
    opened: u32,
    groups: Groups,
    /// In a look around, groups are counted and not listed: what they hold is no part of the match.
    looks: usize,
    is_verbose: bool,
}

const fn wrong(what: &'static str) -> Unreadable {
    Unreadable { what }
}

impl Reader {
    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn next(&mut self) -> Option<char> {
        let next = self.peek();
        self.at += usize::from(next.is_some());
        next
    }

    fn take(&mut self, expected: char) -> bool {
        let is_it = self.peek() == Some(expected);
        self.at += usize::from(is_it);
        is_it
    }

    fn alternatives(&mut self) -> Result<Arc<[Item]>, Unreadable> {
        let first = self.sequence()?;
        if self.peek() != Some('|') {
            return Ok(first.into());
        }
        let mut branches = vec![first];
        while self.take('|') {
            branches.push(self.sequence()?);
        }
        Ok(factored(branches).into())
    }

    fn sequence(&mut self) -> Result<Vec<Item>, Unreadable> {
        // Most pieces are one character; what is long grows.
        let mut items = Vec::with_capacity(self.chars.len().saturating_sub(self.at).min(16));
        while let Some(c) = self.peek() {
            if matches!(c, '|' | ')') {
                break;
            }
            self.at += 1;
            if self.is_verbose && self.skip_verbose(c) {
                continue;
            }
            match c {
                '[' => items.push(self.class()?),
                '*' => self.repeat(&mut items, 0, None)?,
                '+' => self.repeat(&mut items, 1, None)?,
                '?' => self.repeat(&mut items, 0, Some(1))?,
                '{' => match self.bounds()? {
                    Some((least, most)) => self.repeat(&mut items, least, most)?,
                    None => items.push(Item::Literal('{')),
                },
                '.' => items.push(Item::Any),
                '(' => {
                    if let Some(item) = self.bracket()? {
                        items.push(item);
                    }
                }
                '^' => items.push(Item::At(At::Begin)),
                '$' => items.push(Item::At(At::End)),
                '\\' => items.push(self.escape()?),
                c => items.push(Item::Literal(c)),
            }
        }
        Ok(items)
    }

    /// White space and comments of the verbose form.
    fn skip_verbose(&mut self, c: char) -> bool {
        if c == '#' {
            while self.next().is_some_and(|c| c != '\n') {}
        }
        c == '#' || Kind::Space.has(c)
    }

    fn repeat(&mut self, items: &mut Vec<Item>, least: u32, most: Option<u32>) -> Result<(), Unreadable> {
        let is_lazy = self.take('?');
        match items.pop() {
            None | Some(Item::At(_)) => Err(wrong("nothing to repeat")),
            Some(Item::Repeat { .. }) => Err(wrong("a repetition is repeated")),
            Some(item) => {
                items.push(Item::Repeat { least, most, is_lazy, body: Arc::new([item]) });
                Ok(())
            }
        }
    }

    /// `{2}`, `{2,}`, `{,3}`, `{2,3}`, after the first brace; anything else is text.
    fn bounds(&mut self) -> Result<Option<(u32, Option<u32>)>, Unreadable> {
        let start = self.at;
        if self.peek() == Some('}') {
            return Ok(None);
        }
        let least = self.digits();
        let most = if self.take(',') { self.digits() } else { least.clone() };
        if !self.take('}') {
            self.at = start;
            return Ok(None);
        }
        let number = |digits: &str| match digits.parse::<u32>() {
            Ok(number) if number <= MOST => Ok(number),
            _ => Err(wrong("a repetition is too large")),
        };
        let least = if least.is_empty() { 0 } else { number(&least)? };
        let most = if most.is_empty() { None } else { Some(number(&most)?) };
        if most.is_some_and(|most| most < least) {
            return Err(wrong("a repetition's bounds are swapped"));
        }
        Ok(Some((least, most)))
    }

    fn digits(&mut self) -> String {
        let mut digits = String::new();
        while let Some(c) = self.peek().filter(char::is_ascii_digit) {
            digits.push(c);
            self.at += 1;
        }
        digits
    }

    fn bracket(&mut self) -> Result<Option<Item>, Unreadable> {
        if self.take('*') {
            // A verb such as (*UTF8).
            while let Some(c) = self.next() {
                if c == ')' {
                    return Ok(None);
                }
            }
            return Err(wrong("a verb is not closed"));
        }
        if !self.take('?') {
            return self.capture(None).map(Some);
        }
        match self.next() {
            Some(':') => Ok(Some(Item::Group { index: None, body: self.inside()? })),
            Some('#') => {
                while let Some(c) = self.next() {
                    if c == ')' {
                        return Ok(None);
                    }
                }
                Err(wrong("a comment is not closed"))
            }
            Some('P') => match self.next() {
                Some('<') => self.named('>').map(Some),
                Some('=') => {
                    let name = self.name(')')?;
                    self.groups.names.get(name.as_str()).map(|index| Some(Item::Reference(*index))).ok_or(UNKNOWN_GROUP)
                }
                _ => Err(wrong("an unknown bracket")),
            },
            Some('\'') => self.named('\'').map(Some),
            Some('<') => match self.peek() {
                Some('=' | '!') => {
                    let is_negative = self.next() == Some('!');
                    self.look(is_negative).map(Some)
                }
                _ => self.named('>').map(Some),
            },
            Some('=') => self.look(false).map(Some),
            Some('!') => self.look(true).map(Some),
            Some(flag @ ('i' | 'm' | 's' | 'x' | 'u' | 'L' | 't')) => self.flags(flag),
            _ => Err(wrong("an unknown bracket")),
        }
    }

    /// `(?i)` or `(?i:…)`, after its first letter.
    fn flags(&mut self, first: char) -> Result<Option<Item>, Unreadable> {
        self.is_verbose |= first == 'x';
        loop {
            match self.next() {
                Some('x') => self.is_verbose = true,
                Some('i' | 'm' | 's' | 'u' | 'L' | 't') => {}
                Some(':') => return Ok(Some(Item::Group { index: None, body: self.inside()? })),
                Some(')') => return Ok(None),
                _ => return Err(wrong("an unknown switch")),
            }
        }
    }

    fn named(&mut self, end: char) -> Result<Item, Unreadable> {
        let name = self.name(end)?;
        self.capture(Some(name))
    }

    fn name(&mut self, end: char) -> Result<String, Unreadable> {
        let mut name = String::new();
        while let Some(c) = self.next() {
            if c == end {
                let is_name = name.chars().next().is_some_and(|c| !c.is_ascii_digit());
                return if is_name { Ok(name) } else { Err(wrong("a group has no name")) };
            }
            if !Kind::Word.has(c) {
                return Err(wrong("a group's name has a strange character"));
            }
            name.push(c);
        }
        Err(wrong("a group's name does not end"))
    }

    fn capture(&mut self, name: Option<String>) -> Result<Item, Unreadable> {
        self.opened += 1;
        let index = self.opened;
        if let Some(name) = name {
            self.groups.names.insert(name.into(), index);
        }
        let body = self.inside()?;
        if self.looks == 0 {
            self.groups.sequences.insert(index, Arc::clone(&body));
        }
        Ok(Item::Group { index: Some(index), body })
    }

    fn look(&mut self, is_negative: bool) -> Result<Item, Unreadable> {
        self.looks += 1;
        let body = self.inside()?;
        self.looks -= 1;
        Ok(Item::Look { is_negative, body })
    }

    fn inside(&mut self) -> Result<Arc<[Item]>, Unreadable> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(wrong("brackets are too deep"));
        }
        let body = self.alternatives()?;
        self.depth -= 1;
        if self.take(')') { Ok(body) } else { Err(wrong("a bracket is not closed")) }
    }

    fn class(&mut self) -> Result<Item, Unreadable> {
        let is_negated = self.take('^');
        let mut members = Vec::new();
        let mut is_first = true;
        loop {
            let member = match self.next() {
                None => return Err(wrong("a class is not closed")),
                Some(']') if !is_first => break,
                Some('\\') => self.class_escape()?,
                Some(c) => Member::Literal(c),
            };
            is_first = false;
            if !self.take('-') {
                members.push(member);
                continue;
            }
            let end = match self.next() {
                None => return Err(wrong("a class is not closed")),
                Some(']') => {
                    members.extend([member, Member::Literal('-')]);
                    break;
                }
                Some('\\') => self.class_escape()?,
                Some(c) => Member::Literal(c),
            };
            match (member, end) {
                (Member::Literal(low), Member::Literal(high)) if low <= high => members.push(Member::Range(low, high)),
                _ => return Err(wrong("a range is wrong")),
            }
        }
        Ok(match (is_negated, &*members) {
            (false, [Member::Literal(c)]) => Item::Literal(*c),
            (true, [Member::Literal(c)]) => Item::NotLiteral(*c),
            _ => Item::Class { is_negated, members },
        })
    }

    fn class_escape(&mut self) -> Result<Member, Unreadable> {
        let c = self.next().ok_or(wrong("a backslash stands at the end"))?;
        Ok(match kind(c) {
            Some(kind) => kind,
            None if c == 'b' => Member::Literal('\x08'),
            None => Member::Literal(self.character(c)?),
        })
    }

    fn escape(&mut self) -> Result<Item, Unreadable> {
        let c = self.next().ok_or(wrong("a backslash stands at the end"))?;
        if let Some(kind) = kind(c) {
            return Ok(Item::Class { is_negated: false, members: vec![kind] });
        }
        Ok(match c {
            'A' => Item::At(At::BeginText),
            'Z' => Item::At(At::EndText),
            'b' => Item::At(At::Boundary),
            'B' => Item::At(At::NoBoundary),
            '1'..='9' => {
                let mut digits = String::from(c);
                if let Some(more) = self.peek().filter(char::is_ascii_digit) {
                    digits.push(more);
                    self.at += 1;
                }
                match digits.parse() {
                    Ok(index) if self.groups.sequences.contains_key(&index) => Item::Reference(index),
                    _ => return Err(UNKNOWN_GROUP),
                }
            }
            c => Item::Literal(self.character(c)?),
        })
    }

    /// The character that an escape stands for, after its first letter.
    fn character(&mut self, c: char) -> Result<char, Unreadable> {
        Ok(match c {
            'a' => '\x07',
            'f' => '\x0c',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'v' => '\x0b',
            'x' => {
                let mut code = 0;
                for _ in 0..2 {
                    let digit = self.next().and_then(|c| c.to_digit(16)).ok_or(wrong("a code is wrong"))?;
                    code = code * 16 + digit;
                }
                char::from_u32(code).unwrap_or('\u{fffd}')
            }
            '0' => {
                let mut code = 0;
                for _ in 0..2 {
                    let Some(digit) = self.peek().and_then(|c| c.to_digit(8)) else { break };
                    code = code * 8 + digit;
                    self.at += 1;
                }
                char::from_u32(code).unwrap_or('\u{fffd}')
            }
            c => c,
        })
    }
}

const UNKNOWN_GROUP: Unreadable = wrong("a reference to a group that is not closed here");

const fn kind(c: char) -> Option<Member> {
    let kind = match c {
        'd' | 'D' => Kind::Digit,
        's' | 'S' => Kind::Space,
        'w' | 'W' => Kind::Word,
        _ => return None,
    };
    Some(Member::Kind { kind, is_negated: c.is_ascii_uppercase() })
}

/// Pulls what all branches begin with before them, and makes a class of single characters.
fn factored(mut branches: Vec<Vec<Item>>) -> Vec<Item> {
    let mut items = Vec::new();
    while let Some(first) = branches.first().and_then(|branch| branch.first()).cloned()
        && branches.iter().all(|branch| branch.first() == Some(&first))
    {
        for branch in &mut branches {
            branch.remove(0);
        }
        items.push(first);
    }
    let literal = |branch: &Vec<Item>| match branch.as_slice() {
        [Item::Literal(c)] => Some(Member::Literal(*c)),
        _ => None,
    };
    items.push(match branches.iter().map(literal).collect::<Option<Vec<_>>>() {
        Some(members) => Item::Class { is_negated: false, members },
        None => Item::Branch(branches.into_iter().map(Arc::from).collect()),
    });
    items
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_read_is_refused() {
        for (pattern, is_read) in [
            (r"^/a(b|c)+\.php$", true),
            (r"(?<year>\d{4})-(?P<m>\d\d)", true),
            (r"(a)\1", true),
            ("a{,3}b{x}", true),
            ("(?i)abc", true),
            ("(*UTF8)a", true),
            (r"[]a-z\]-]", true),
            ("a++", false), // possessive
            ("*a", false),
            ("(a", false),
            ("a)", false),
            (r"\1(a)", false),
            ("[z-a]", false),
            ("a{3,2}", false),
            ("(?<1>a)", false),
            (r"a\", false),
        ] {
            assert_eq!(parse(pattern).is_ok(), is_read, "{pattern}");
        }
        assert!(parse(&"(".repeat(10_000)).is_err());
    }
}
