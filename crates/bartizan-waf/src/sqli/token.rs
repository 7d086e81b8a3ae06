//! A token of SQL.

use super::table;

/// What a token is. The letters are those of fingerprints.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Kind {
    Backslash = b'\\',
    Bareword = b'n',
    Collate = b'A',
    Colon = b':',
    Comma = b',',
    Comment = b'c',
    Dot = b'.',
    /// What cannot be read one way only.
    Evil = b'X',
    Expression = b'E',
    Function = b'f',
    Group = b'B',
    Keyword = b'k',
    LeftBrace = b'{',
    LeftParenthesis = b'(',
    LogicOperator = b'&',
    Number = b'1',
    Operator = b'o',
    RightBrace = b'}',
    RightParenthesis = b')',
    Semicolon = b';',
    SqlType = b't',
    String = b's',
    /// A statement of Transact-SQL.
    Tsql = b'T',
    Union = b'U',
    Unknown = b'?',
    Variable = b'v',
}

impl Kind {
    /// The kind that the table of words names by a letter.
    pub(super) const fn of_letter(letter: &[u8]) -> Option<Self> {
        Some(match letter {
            b"1" => Self::Number,
            b"&" => Self::LogicOperator,
            b"A" => Self::Collate,
            b"B" => Self::Group,
            b"E" => Self::Expression,
            b"T" => Self::Tsql,
            b"U" => Self::Union,
            b"f" => Self::Function,
            b"k" => Self::Keyword,
            b"n" => Self::Bareword,
            b"o" => Self::Operator,
            b"t" => Self::SqlType,
            b"v" => Self::Variable,
            _ => return None,
        })
    }
}

/// A token: its kind, the beginning of its text, and its quotes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    pub(super) kind: Kind,
    text: [u8; TEXT],
    length: u8,
    pub(super) opened: Option<u8>,
    pub(super) closed: Option<u8>,
}

impl Token {
    /// Makes a token. Of its text no more is kept than tells words apart.
    pub(super) fn new(kind: Kind, text: &[u8]) -> Self {
        let mut token = Self { kind, text: [0; TEXT], length: 0, opened: None, closed: None };
        for (kept, &byte) in token.text.iter_mut().zip(text) {
            *kept = byte;
            token.length += 1;
        }
        token
    }

    /// The text, or its beginning.
    pub(super) fn text(&self) -> &[u8] {
        self.text.get(..usize::from(self.length)).unwrap_or_default()
    }

    pub(super) fn first(&self) -> Option<u8> {
        self.text().first().copied()
    }

    pub(super) fn is(&self, kind: Kind) -> bool {
        self.kind == kind
    }

    pub(super) fn is_any(&self, kinds: &[Kind]) -> bool {
        kinds.contains(&self.kind)
    }

    pub(super) const fn says(&self, word: &str) -> bool {
        let (text, _) = self.text.split_at(self.length as usize);
        text.eq_ignore_ascii_case(word.as_bytes())
    }

    /// An operator that may stand before a single operand.
    pub(super) fn is_unary(&self) -> bool {
        self.is(Kind::Operator)
            && match self.text() {
                [byte] => b"+-!~".contains(byte),
                text => text == b"!!" || text.eq_ignore_ascii_case(b"NOT"),
            }
    }

    pub(super) fn is_arithmetic(&self) -> bool {
        self.is(Kind::Operator) && matches!(self.text(), [b'*' | b'/' | b'-' | b'+' | b'%'])
    }

    /// The token that two words are together, such as `UNION ALL`.
    pub(super) fn merged(&self, next: &Self) -> Option<Self> {
        if !self.is_any(MERGING) || !(next.is_any(MERGING) || next.is(Kind::LogicOperator)) {
            return None;
        }
        let text = [self.text(), b" ", next.text()].concat();
        if text.len() > TEXT {
            return None;
        }
        let kind = table::kind(&text)?;
        Some(Self { opened: self.opened, closed: self.closed, ..Self::new(kind, &text) })
    }
}

/// What may be a part of a phrase.
const MERGING: &[Kind] = &[
    Kind::Keyword,
    Kind::Bareword,
    Kind::Operator,
    Kind::Union,
    Kind::Function,
    Kind::Expression,
    Kind::Tsql,
    Kind::SqlType,
];

/// How much text is kept: longer words are in no table.
const TEXT: usize = 31;
