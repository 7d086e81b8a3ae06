//! A value cut into tokens of SQL.

use super::table;
use super::token::{Kind, Token};
use crate::byte_set::ByteSet;

/// How a value is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Reading {
    /// The quote that the statement opened before the value.
    pub(super) quote: Option<u8>,
    pub(super) dialect: Dialect,
}

/// Where dialects read a value in different ways.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    /// `#` is an operator, and `--` a comment whatever follows it.
    Ansi,
    /// `#` is a comment, and `--` one only before white space.
    Mysql,
}

/// The tokens of a value.
#[derive(Debug)]
pub(super) struct Tokens<'a> {
    value: &'a [u8],
    place: usize,
    reading: Reading,
    /// How many tokens were read.
    pub(super) read: usize,
    /// Whether the dialects differ about a comment.
    pub(super) is_ambiguous: bool,
}

impl<'a> Tokens<'a> {
    pub(super) const fn new(value: &'a [u8], reading: Reading) -> Self {
        Self { value, place: 0, reading, read: 0, is_ambiguous: false }
    }

    /// Returns the next token.
    pub(super) fn next(&mut self) -> Option<Token> {
        if let (0, Some(quote), false) = (self.place, self.reading.quote, self.value.is_empty()) {
            self.read += 1;
            return Some(self.string(0, quote));
        }
        while let Some(byte) = self.at(0) {
            if let Some(token) = self.token(byte) {
                self.read += 1;
                return Some(token);
            }
        }
        None
    }

    fn at(&self, ahead: usize) -> Option<u8> {
        self.value.get(self.place + ahead).copied()
    }

    fn rest(&self) -> &'a [u8] {
        self.value.get(self.place..).unwrap_or_default()
    }

    /// Takes so many bytes as a token.
    fn take(&mut self, kind: Kind, length: usize) -> Token {
        let rest = self.rest();
        let length = length.min(rest.len());
        self.place += length;
        Token::new(kind, rest.get(..length).unwrap_or_default())
    }

    fn token(&mut self, byte: u8) -> Option<Token> {
        Some(match byte {
            0..=b' ' | 0x7f | 0xa0 => {
                self.place += 1;
                return None;
            }
            b'!' | b'&' | b'*' | b':' | b'<' | b'=' | b'>' | b'|' => self.operator(),
            b'"' | b'\'' => self.string(1, byte),
            b'#' => {
                self.is_ambiguous = true;
                match self.reading.dialect {
                    Dialect::Ansi => self.take(Kind::Operator, 1),
                    Dialect::Mysql => self.line_comment(),
                }
            }
            b'$' => self.money(),
            b'%' | b'+' | b'^' | b'~' => self.take(Kind::Operator, 1),
            b'(' => self.take(Kind::LeftParenthesis, 1),
            b')' => self.take(Kind::RightParenthesis, 1),
            b',' => self.take(Kind::Comma, 1),
            b'-' => self.dash(),
            b'.' | b'0'..=b'9' => return self.number(),
            b'/' => self.slash(),
            b';' => self.take(Kind::Semicolon, 1),
            b'?' | b']' => self.take(Kind::Unknown, 1),
            b'@' => self.variable(),
            b'B' | b'b' => self.digits_in_quotes(ByteSet::of(b"01")),
            b'X' | b'x' => self.digits_in_quotes(HEXADECIMAL),
            b'E' | b'e' => self.escaped_string(),
            b'N' | b'n' => match (self.at(1), self.at(2)) {
                (Some(b'\''), Some(_)) => self.escaped_string(),
                _ => self.oracle_string(1),
            },
            b'Q' | b'q' => self.oracle_string(0),
            b'U' | b'u' => self.unicode_string(),
            b'[' => self.bracketed(),
            b'\\' if self.at(1) == Some(b'N') => self.take(Kind::Number, 2),
            b'\\' => self.take(Kind::Backslash, 1),
            b'`' => self.backticks(),
            b'{' => self.take(Kind::LeftBrace, 1),
            b'}' => self.take(Kind::RightBrace, 1),
            _ => self.word(),
        })
    }

    fn operator(&mut self) -> Token {
        if self.rest().starts_with(b"<=>") {
            return self.take(Kind::Operator, 3);
        }
        if let Some(kind) = self.rest().get(..2).and_then(table::kind) {
            return self.take(kind, 2);
        }
        let is_colon = self.rest().len() > 1 && self.at(0) == Some(b':');
        self.take(if is_colon { Kind::Colon } else { Kind::Operator }, 1)
    }

    fn line_comment(&mut self) -> Token {
        let length = memchr::memchr(b'\n', self.rest());
        let token = self.take(Kind::Comment, length.unwrap_or(usize::MAX));
        self.place += usize::from(length.is_some());
        token
    }

    fn dash(&mut self) -> Token {
        if self.at(1) != Some(b'-') {
            return self.take(Kind::Operator, 1);
        }
        if self.at(2).is_none_or(|byte| WHITE.contains(byte)) {
            return self.line_comment();
        }
        match self.reading.dialect {
            Dialect::Ansi => {
                self.is_ambiguous = true;
                self.line_comment()
            }
            Dialect::Mysql => self.take(Kind::Operator, 1),
        }
    }

    fn slash(&mut self) -> Token {
        let Some(inside) = self.rest().strip_prefix(b"/*") else { return self.take(Kind::Operator, 1) };
        let end = memchr::memmem::find(inside, b"*/");
        // PostgreSQL nests comments, MySQL runs those with a bang: nobody can say what the server sees.
        let is_nested =
            end.is_some_and(|end| inside.get(..=end).is_some_and(|text| memchr::memmem::find(text, b"/*").is_some()));
        let kind = if is_nested || inside.first() == Some(&b'!') { Kind::Evil } else { Kind::Comment };
        self.take(kind, end.map_or(usize::MAX, |end| end + 4))
    }

    /// A string whose quote is so many bytes ahead of its text; nothing ahead where the statement opened it.
    fn string(&mut self, offset: usize, quote: u8) -> Token {
        let text = self.rest().get(offset..).unwrap_or_default();
        let mut from = 0;
        let end = loop {
            let Some(found) = text.get(from..).and_then(|rest| memchr::memchr(quote, rest)) else { break None };
            let place = from + found;
            let backslashes =
                text.get(..place).unwrap_or_default().iter().rev().take_while(|&&byte| byte == b'\\').count();
            if backslashes % 2 == 1 {
                from = place + 1;
            } else if text.get(place + 1) == Some(&quote) {
                from = place + 2;
            } else {
                break Some(place);
            }
        };
        let mut token = Token::new(Kind::String, text.get(..end.unwrap_or(text.len())).unwrap_or_default());
        token.opened = (offset > 0).then_some(quote);
        token.closed = end.map(|_| quote);
        self.place += offset + end.map_or(text.len(), |end| end + 1);
        token
    }

    /// `E'…'` of PostgreSQL, `N'…'` of MySQL.
    fn escaped_string(&mut self) -> Token {
        if self.at(1) == Some(b'\'') && self.at(2).is_some() { self.string(2, b'\'') } else { self.word() }
    }

    /// `U&'…'` of the standard.
    fn unicode_string(&mut self) -> Token {
        if self.at(1) != Some(b'&') || self.at(2) != Some(b'\'') {
            return self.word();
        }
        self.place += 2;
        let mut token = self.string(1, b'\'');
        token.opened = Some(b'u');
        token.closed = token.closed.map(|_| b'u');
        token
    }

    /// `q'(…)'` and `nq'(…)'` of Oracle.
    fn oracle_string(&mut self, offset: usize) -> Token {
        let Some([b'q' | b'Q', b'\'', open @ 33..=127]) =
            self.rest().get(offset..).and_then(|rest| rest.first_chunk::<3>())
        else {
            return self.word();
        };
        let close = match open {
            b'(' => b')',
            b'[' => b']',
            b'{' => b'}',
            b'<' => b'>',
            _ => *open,
        };
        let text = self.rest().get(offset + 3..).unwrap_or_default();
        let end = memchr::memmem::find(text, &[close, b'\'']);
        self.quoted(offset + 3, text, end, 2, b'q')
    }

    /// A string whose end is known.
    fn quoted(&mut self, offset: usize, text: &[u8], end: Option<usize>, closing: usize, mark: u8) -> Token {
        let mut token = Token::new(Kind::String, text.get(..end.unwrap_or(text.len())).unwrap_or_default());
        token.opened = Some(mark);
        token.closed = end.map(|_| mark);
        self.place += offset + end.map_or(text.len(), |end| end + closing);
        token
    }

    /// `b'01'` and `x'0f'`.
    fn digits_in_quotes(&mut self, digits: ByteSet) -> Token {
        if self.at(1) == Some(b'\'') && self.at(2).is_some() {
            let length = spanned(self.rest().get(2..).unwrap_or_default(), digits);
            if self.at(2 + length) == Some(b'\'') {
                return self.take(Kind::Number, length + 3);
            }
        }
        self.word()
    }

    /// `[name]` of SQL Server.
    fn bracketed(&mut self) -> Token {
        let length = memchr::memchr(b']', self.rest()).map_or(usize::MAX, |end| end + 1);
        self.take(Kind::Bareword, length)
    }

    fn word(&mut self) -> Token {
        let rest = self.rest();
        let length = rest.iter().position(|&byte| WORD_END.contains(byte)).unwrap_or(rest.len());
        let mut token = Token::new(Kind::Bareword, rest.get(..length).unwrap_or_default());
        // A keyword may be followed by a dot or a backtick without white space.
        for (at, &byte) in token.text().iter().enumerate() {
            if matches!(byte, b'.' | b'`')
                && let Some(kind) = token.text().get(..at).and_then(table::kind)
                && kind != Kind::Bareword
            {
                return self.take(kind, at);
            }
        }
        if length == token.text().len() {
            token.kind = table::kind(token.text()).unwrap_or(Kind::Bareword);
        }
        self.place += length;
        token
    }

    fn backticks(&mut self) -> Token {
        let mut token = self.string(1, b'`');
        let is_function = table::kind(token.text()) == Some(Kind::Function);
        token.kind = if is_function { Kind::Function } else { Kind::Bareword };
        token
    }

    fn variable(&mut self) -> Token {
        self.place += if self.at(1) == Some(b'@') { 2 } else { 1 };
        match self.at(0) {
            Some(b'`') => {
                let mut token = self.backticks();
                token.kind = Kind::Variable;
                token
            }
            Some(quote @ (b'\'' | b'"')) => {
                let mut token = self.string(1, quote);
                token.kind = Kind::Variable;
                token
            }
            _ => {
                let rest = self.rest();
                let length = rest.iter().position(|&byte| VARIABLE_END.contains(byte)).unwrap_or(rest.len());
                self.take(Kind::Variable, length)
            }
        }
    }

    /// `$1,000.00`, and the strings of PostgreSQL between `$$` or `$name$`.
    fn money(&mut self) -> Token {
        let after = self.rest().get(1..).unwrap_or_default();
        if after.is_empty() {
            return self.take(Kind::Bareword, 1);
        }
        let length = spanned(after, ByteSet::of(b"0123456789.,"));
        if length == 1 && after.first() == Some(&b'.') {
            return self.word();
        }
        if length > 0 {
            return self.take(Kind::Number, length + 1);
        }
        if let Some(text) = after.strip_prefix(b"$") {
            return self.quoted(2, text, memchr::memmem::find(text, b"$$"), 2, b'$');
        }
        let name = spanned(after, LETTERS);
        if name == 0 || after.get(name) != Some(&b'$') {
            return self.take(Kind::Bareword, 1);
        }
        let mark = self.rest().get(..name + 2).unwrap_or_default();
        let text = self.rest().get(name + 2..).unwrap_or_default();
        self.quoted(name + 2, text, memchr::memmem::find(text, mark), name + 2, b'$')
    }

    fn number(&mut self) -> Option<Token> {
        let rest = self.rest();
        let radix = match rest {
            [b'0', b'x' | b'X', ..] => Some(HEXADECIMAL),
            [b'0', b'b' | b'B', ..] => Some(ByteSet::of(b"01")),
            _ => None,
        };
        if let Some(digits) = radix {
            let length = spanned(rest.get(2..).unwrap_or_default(), digits);
            return Some(self.take(if length == 0 { Kind::Bareword } else { Kind::Number }, length + 2));
        }
        let digits = |from: usize| rest.iter().skip(from).take_while(|byte| byte.is_ascii_digit()).count();
        let mut length = digits(0);
        if rest.get(length) == Some(&b'.') {
            length += 1 + digits(length + 1);
            if length == 1 {
                return Some(self.take(Kind::Dot, 1));
            }
        }
        let mut is_cut_off = false;
        if matches!(rest.get(length), Some(b'e' | b'E')) {
            length += 1;
            length += usize::from(matches!(rest.get(length), Some(b'+' | b'-')));
            let exponent = digits(length);
            is_cut_off = exponent == 0;
            length += exponent;
        }
        // The suffixes of Oracle; before a U the hidden start of a UNION.
        if matches!(rest.get(length), Some(b'd' | b'D' | b'f' | b'F'))
            && rest.get(length + 1).is_none_or(|&byte| WHITE.contains(byte) || matches!(byte, b';' | b'u' | b'U'))
        {
            length += 1;
        }
        if is_cut_off {
            // MySQL reads past an exponent without digits as if nothing stood there.
            self.place += length;
            return None;
        }
        Some(self.take(Kind::Number, length))
    }
}

/// The length of what only has these bytes; a zero byte is among them.
fn spanned(text: &[u8], bytes: ByteSet) -> usize {
    text.iter().take_while(|&&byte| byte == 0 || bytes.contains(byte)).count()
}

const HEXADECIMAL: ByteSet = ByteSet::of(b"0123456789ABCDEFabcdef");
const LETTERS: ByteSet = ByteSet::range(b'a', b'z').union(ByteSet::range(b'A', b'Z'));
const WHITE: ByteSet = ByteSet::of(b" \t\n\x0b\x0c\r\xa0\0");
const WORD_END: ByteSet = WHITE.union(ByteSet::of(b"[]{}<>:\\?=@!#~+-*/&|^%(),';\""));
const VARIABLE_END: ByteSet = ByteSet::of(b" <>:\\?=@!#~+-*/&|^%(),';\t\n\x0b\x0c\r'`\"\0");
