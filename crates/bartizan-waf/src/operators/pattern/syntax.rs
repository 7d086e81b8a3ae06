//! PCRE's syntax in that of the engines: every byte that could mean something else to them is written as a number.

use super::{Engine, PatternError};

/// Returns the pattern for the engine that it needs.
pub(super) fn translate(pattern: &str) -> Result<(String, Engine), PatternError> {
    let (text, engine) = Translation::new(pattern, Engine::Automaton).run()?;
    if engine == Engine::Automaton {
        return Ok((text, engine));
    }
    Translation::new(pattern, Engine::Backtracker).run()
}

/// A pattern on its way.
struct Translation<'a> {
    bytes: &'a [u8],
    place: usize,
    /// The engine that is written for.
    target: Engine,
    /// The engine that the pattern turned out to need.
    needs: Engine,
    out: String,
}

/// One member of a class.
enum Member {
    Byte(u8),
    Class(&'static str),
}

impl<'a> Translation<'a> {
    const fn new(pattern: &'a str, target: Engine) -> Self {
        Self { bytes: pattern.as_bytes(), place: 0, target, needs: target, out: String::new() }
    }

    fn run(mut self) -> Result<(String, Engine), PatternError> {
        let mut is_quantified = false;
        while let Some(byte) = self.next() {
            let was_quantified = std::mem::take(&mut is_quantified);
            match byte {
                b'\\' => self.escape()?,
                b'[' => self.class()?,
                b'(' => self.group()?,
                b'*' | b'?' => {
                    self.out.push(char::from(byte));
                    is_quantified = !was_quantified;
                }
                b'+' => {
                    if was_quantified {
                        self.needs = Engine::Backtracker;
                    }
                    self.out.push('+');
                    is_quantified = !was_quantified;
                }
                b'{' => match self.repetition() {
                    Some(length) => {
                        self.out.push('{');
                        for _ in 0..length {
                            self.copy();
                        }
                        is_quantified = true;
                    }
                    None => self.out.push_str(r"\{"),
                },
                b'}' => self.out.push_str(r"\}"),
                b']' => self.out.push_str(r"\]"),
                b'&' | b'~' | b'-' => self.out.push(char::from(byte)),
                _ if byte.is_ascii() => self.out.push(char::from(byte)),
                _ => self.literal(byte),
            }
        }
        Ok((self.out, self.needs))
    }

    fn peek(&self, ahead: usize) -> Option<u8> {
        self.bytes.get(self.place + ahead).copied()
    }

    fn next(&mut self) -> Option<u8> {
        let byte = self.peek(0)?;
        self.place += 1;
        Some(byte)
    }

    fn copy(&mut self) {
        if let Some(byte) = self.next() {
            self.out.push(char::from(byte));
        }
    }

    fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.place..).unwrap_or_default()
    }

    /// Writes a byte that means itself.
    fn literal(&mut self, byte: u8) {
        if byte.is_ascii_alphanumeric() {
            self.out.push(char::from(byte));
        } else {
            self.out.push_str(&format!(r"\x{byte:02X}"));
        }
    }

    fn unsupported(&self, construct: &str) -> PatternError {
        PatternError::Unsupported { construct: construct.to_owned(), place: self.place }
    }

    /// The length of a repetition behind its brace, where it is one: any other brace means itself.
    fn repetition(&self) -> Option<usize> {
        let length = self.rest().iter().position(|&byte| byte == b'}')?;
        let inner = self.rest().get(..length)?;
        let (first, second) = match inner.iter().position(|&byte| byte == b',') {
            Some(comma) => (inner.get(..comma)?, inner.get(comma + 1..)?),
            None => (inner, &[] as &[u8]),
        };
        let is_number = |digits: &[u8]| digits.iter().all(u8::is_ascii_digit);
        (!first.is_empty() && is_number(first) && is_number(second)).then_some(length + 1)
    }

    fn group(&mut self) -> Result<(), PatternError> {
        match self.rest() {
            [b'?', b'#', ..] => {
                while self.next().is_some_and(|byte| byte != b')') {}
                return Ok(());
            }
            [b'?', b'=' | b'!' | b'>', ..] | [b'?', b'<', b'=' | b'!', ..] | [b'?', b'P', b'=', ..] => {
                self.needs = Engine::Backtracker;
            }
            [b'?', b'|', ..] => return Err(self.unsupported("(?|")),
            [b'?', b'R' | b'&' | b'+' | b'0'..=b'9' | b'(', ..]
            | [b'?', b'P', b'>', ..]
            | [b'?', b'-', b'0'..=b'9', ..] => {
                return Err(self.unsupported("a recursion or condition"));
            }
            [b'*', ..] => return Err(self.unsupported("(*")),
            _ => {}
        }
        self.out.push('(');
        if self.peek(0) == Some(b'?') {
            self.copy();
            // Flags, names and look-around are the same in all engines up to here.
            while let Some(byte) = self.peek(0) {
                match byte {
                    b':' | b')' | b'=' | b'!' | b'>' => {
                        self.copy();
                        break;
                    }
                    _ if byte.is_ascii_alphanumeric() || matches!(byte, b'<' | b'_' | b'-' | b'^') => self.copy(),
                    _ => return Err(self.unsupported("a group of an unknown kind")),
                }
            }
        }
        Ok(())
    }

    fn escape(&mut self) -> Result<(), PatternError> {
        if self.rest().first() == Some(&b'Q') {
            self.place += 1;
            for byte in self.quoted() {
                self.literal(*byte);
            }
            return Ok(());
        }
        let start = self.place;
        match self.peek(0) {
            Some(b'1'..=b'9') => {
                self.needs = Engine::Backtracker;
                self.out.push('\\');
                while self.peek(0).is_some_and(|byte| byte.is_ascii_digit()) {
                    self.copy();
                }
                // A digit of the pattern must not join the number.
                self.out.push_str("(?:)");
            }
            Some(b'g' | b'k' | b'K' | b'G') => {
                self.needs = Engine::Backtracker;
                self.out.push('\\');
                self.copy();
            }
            Some(b'Z') => {
                self.place += 1;
                self.needs = Engine::Backtracker;
                self.out.push_str(r"(?=\n?\z)");
            }
            Some(anchor @ (b'b' | b'B')) => {
                self.place += 1;
                self.out.push_str(match (self.target, anchor) {
                    (Engine::Automaton, b'b') => r"\b",
                    (Engine::Automaton, _) => r"\B",
                    // The backtracker's own would count letters beyond ASCII.
                    (Engine::Backtracker, b'b') => {
                        r"(?:(?<=[0-9A-Za-z_])(?![0-9A-Za-z_])|(?<![0-9A-Za-z_])(?=[0-9A-Za-z_]))"
                    }
                    (Engine::Backtracker, _) => {
                        r"(?:(?<=[0-9A-Za-z_])(?=[0-9A-Za-z_])|(?<![0-9A-Za-z_])(?![0-9A-Za-z_]))"
                    }
                });
            }
            Some(b'A') => {
                self.place += 1;
                self.out.push_str(r"\A");
            }
            Some(b'z') => {
                self.place += 1;
                self.out.push_str(r"\z");
            }
            Some(b'R') => {
                self.place += 1;
                self.out.push_str(r"(?:\r\n|[\n\x0B\x0C\r\x85])");
            }
            Some(b'N') => {
                self.place += 1;
                self.out.push_str(r"[^\n]");
            }
            Some(b'p' | b'P' | b'X' | b'C') => return Err(self.unsupported("a property of characters")),
            _ => match self.member()? {
                Member::Byte(byte) => self.literal(byte),
                Member::Class(class) => self.out.push_str(class),
            },
        }
        debug_assert!(self.place > start || self.rest().is_empty());
        Ok(())
    }

    /// The bytes up to `\E`.
    fn quoted(&mut self) -> &'a [u8] {
        let rest = self.rest();
        let length = memchr::memmem::find(rest, br"\E").unwrap_or(rest.len());
        self.place += (length + 2).min(rest.len());
        rest.get(..length).unwrap_or_default()
    }

    /// What an escape means where it means a byte or a class, in a class and out of one.
    fn member(&mut self) -> Result<Member, PatternError> {
        let Some(byte) = self.next() else { return Err(self.unsupported("a backslash at the end")) };
        Ok(match byte {
            b'd' => Member::Class("[0-9]"),
            b'D' => Member::Class("[^0-9]"),
            b'w' => Member::Class("[0-9A-Za-z_]"),
            b'W' => Member::Class("[^0-9A-Za-z_]"),
            b's' => Member::Class(r"[\t\n\x0B\x0C\r\x20]"),
            b'S' => Member::Class(r"[^\t\n\x0B\x0C\r\x20]"),
            b'h' => Member::Class(r"[\t\x20\xA0]"),
            b'H' => Member::Class(r"[^\t\x20\xA0]"),
            b'v' => Member::Class(r"[\n\x0B\x0C\r\x85]"),
            b'V' => Member::Class(r"[^\n\x0B\x0C\r\x85]"),
            b'a' => Member::Byte(0x07),
            b'e' => Member::Byte(0x1b),
            b'f' => Member::Byte(0x0c),
            b'n' => Member::Byte(b'\n'),
            b'r' => Member::Byte(b'\r'),
            b't' => Member::Byte(b'\t'),
            b'c' => Member::Byte(self.next().map_or(b'c', |byte| byte.to_ascii_uppercase() ^ 0x40)),
            b'x' => Member::Byte(self.hexadecimal()?),
            b'0'..=b'7' => {
                let mut number = u16::from(byte - b'0');
                for _ in 0..2 {
                    let Some(digit @ b'0'..=b'7') = self.peek(0) else { break };
                    self.place += 1;
                    number = number * 8 + u16::from(digit - b'0');
                }
                Member::Byte(number as u8)
            }
            _ => Member::Byte(byte),
        })
    }

    /// The number behind `\x`: in braces, or of two digits at most.
    fn hexadecimal(&mut self) -> Result<u8, PatternError> {
        let rest = self.rest();
        let digits = if rest.first() == Some(&b'{') {
            let length = rest.iter().position(|&byte| byte == b'}').ok_or_else(|| self.unsupported(r"\x{"))?;
            self.place += length + 1;
            rest.get(1..length).unwrap_or_default()
        } else {
            let length = rest.iter().take(2).take_while(|byte| byte.is_ascii_hexdigit()).count();
            self.place += length;
            rest.get(..length).unwrap_or_default()
        };
        let text = std::str::from_utf8(digits).unwrap_or_default();
        if text.is_empty() {
            return Ok(0);
        }
        u8::from_str_radix(text, 16).map_err(|_| self.unsupported("a character beyond a byte"))
    }

    fn class(&mut self) -> Result<(), PatternError> {
        self.out.push('[');
        if self.peek(0) == Some(b'^') {
            self.copy();
        }
        let first = self.place;
        loop {
            let is_first = self.place == first;
            let Some(byte) = self.next() else { return Err(self.unsupported("a class without end")) };
            let member = match byte {
                b']' if !is_first => break,
                b'[' if matches!(self.peek(0), Some(b':')) => {
                    if self.named() {
                        continue;
                    }
                    Member::Byte(b'[')
                }
                b'\\' if self.peek(0) == Some(b'Q') => {
                    self.place += 1;
                    for byte in self.quoted() {
                        self.literal(*byte);
                    }
                    continue;
                }
                b'\\' if self.peek(0) == Some(b'b') => {
                    self.place += 1;
                    Member::Byte(0x08)
                }
                b'\\' => self.member()?,
                _ => Member::Byte(byte),
            };
            match member {
                Member::Class(class) => self.out.push_str(class),
                Member::Byte(byte) => {
                    self.literal(byte);
                    self.range()?;
                }
            }
        }
        self.out.push(']');
        Ok(())
    }

    /// Writes `[:name:]` where it is one.
    fn named(&mut self) -> bool {
        let rest = self.rest();
        let Some(length) = memchr::memmem::find(rest, b":]") else { return false };
        let name = rest.get(1..length).unwrap_or_default();
        if !name.iter().all(|byte| byte.is_ascii_lowercase() || *byte == b'^') {
            return false;
        }
        self.out.push('[');
        for _ in 0..length + 2 {
            self.copy();
        }
        true
    }

    /// Writes the hyphen and the end of a range behind its first byte, where it is one.
    fn range(&mut self) -> Result<(), PatternError> {
        if self.peek(0) != Some(b'-') || matches!(self.peek(1), None | Some(b']')) {
            return Ok(());
        }
        self.place += 1;
        let end = match self.next() {
            Some(b'\\') if self.peek(0) == Some(b'b') => {
                self.place += 1;
                Member::Byte(0x08)
            }
            Some(b'\\') => self.member()?,
            Some(byte) => Member::Byte(byte),
            None => return Ok(()),
        };
        match end {
            Member::Byte(byte) => {
                self.out.push('-');
                self.literal(byte);
            }
            // Between a byte and a class a hyphen means itself.
            Member::Class(class) => {
                self.literal(b'-');
                self.out.push_str(class);
            }
        }
        Ok(())
    }
}
