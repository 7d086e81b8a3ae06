//! Folding: tokens that add nothing to the shape of a statement are taken out until at most five are left.

use super::token::{Kind, Token};
use super::tokens::{Reading, Tokens};

/// What is left of a value.
#[derive(Debug)]
pub(super) struct Folded {
    pub(super) tokens: Vec<Token>,
    /// How many tokens were read.
    pub(super) read: usize,
    /// Whether MySQL would read comments in another way.
    pub(super) is_ambiguous: bool,
}

/// Reads a value and folds its tokens.
pub(super) fn fold(value: &[u8], reading: Reading) -> Folded {
    let mut folding = Folding {
        source: Tokens::new(value, reading),
        kept: Vec::with_capacity(MOST + 3),
        comment: None,
        is_end: false,
    };
    let mut tokens = folding.run();
    tokens.truncate(MOST);
    // A backtick that opens nothing and is not closed is a comment for PHP and MySQL.
    if let [_, _, .., last] = tokens.as_mut_slice()
        && last.is(Kind::Bareword)
        && last.opened == Some(b'`')
        && last.closed.is_none()
        && last.text().is_empty()
    {
        last.kind = Kind::Comment;
    }
    Folded { tokens, read: folding.source.read, is_ambiguous: folding.source.is_ambiguous }
}

struct Folding<'a> {
    source: Tokens<'a>,
    kept: Vec<Token>,
    /// The comment behind the last token that was kept.
    comment: Option<Token>,
    is_end: bool,
}

/// What a rule of folding did.
enum Step {
    /// Nothing fits here.
    None,
    /// Read on at the first token.
    Restart,
    /// Read on one token before.
    Back,
    /// Read on at the same place.
    Again,
    /// The rest does not matter.
    Stop,
}

impl Folding<'_> {
    fn run(&mut self) -> Vec<Token> {
        // Comments, parentheses and signs before everything else say nothing.
        loop {
            let Some(token) = self.source.next() else { return Vec::new() };
            if !(token.is_any(&[Kind::Comment, Kind::LeftParenthesis, Kind::SqlType]) || token.is_unary()) {
                self.kept.push(token);
                break;
            }
        }
        let mut left = 0;
        loop {
            if self.kept.len() >= MOST && self.is_one_operand() {
                self.kept.drain(1..MOST);
                left = 0;
            }
            if self.is_end || left >= MOST {
                left = self.kept.len();
                break;
            }
            self.fill(left, 2);
            if self.kept.len() < left + 2 {
                left = self.kept.len();
                continue;
            }
            match self.pair(&mut left) {
                Step::Restart => left = 0,
                Step::Back => left = left.saturating_sub(1),
                Step::Again => {}
                Step::Stop => {
                    self.kept.truncate(left + 2);
                    return std::mem::take(&mut self.kept);
                }
                Step::None => {
                    self.fill(left, 3);
                    if self.kept.len() < left + 3 {
                        left = self.kept.len();
                        continue;
                    }
                    left = match self.triple(left) {
                        Step::Restart => 0,
                        _ => left + 1,
                    };
                }
            }
        }
        let mut kept = std::mem::take(&mut self.kept);
        if left < MOST {
            kept.extend(self.comment);
        }
        kept
    }

    /// Reads until there are so many tokens from a place on. Comments between tokens are left out.
    fn fill(&mut self, left: usize, count: usize) {
        while !self.is_end && self.kept.len() <= MOST && self.kept.len() < left + count {
            match self.source.next() {
                None => self.is_end = true,
                Some(token) if token.is(Kind::Comment) => self.comment = Some(token),
                Some(token) => {
                    self.comment = None;
                    self.kept.push(token);
                }
            }
        }
    }

    /// Whether the first five tokens are together an operand such as `1 + ( 2 )`.
    fn is_one_operand(&self) -> bool {
        use Kind::{Bareword, Comma, LeftParenthesis, Number, Operator, RightParenthesis};
        let kinds: Vec<Kind> = self.kept.iter().take(MOST).map(|token| token.kind).collect();
        matches!(
            kinds.as_slice(),
            [Number, Operator | Comma, LeftParenthesis, Number, RightParenthesis]
                | [Bareword, Operator, LeftParenthesis, Bareword | Number, RightParenthesis]
                | [Number, RightParenthesis, Comma, LeftParenthesis, Number]
                | [Bareword, RightParenthesis, Operator, LeftParenthesis, Bareword]
        )
    }

    /// Folds two tokens. What is taken out is taken from the end: tokens before it were judged together with it already.
    fn pair(&mut self, left: &mut usize) -> Step {
        let at = *left;
        let Some([first, second]) = self.kept.get(at..).and_then(|rest| rest.first_chunk::<2>()).copied() else {
            return Step::None;
        };
        match (first.kind, second.kind) {
            (Kind::String, Kind::String) | (Kind::Semicolon, Kind::Semicolon) => return self.drop_last(Step::Again),
            (Kind::Operator | Kind::LogicOperator, _) if second.is_unary() || second.is(Kind::SqlType) => {
                return self.drop_last(Step::Restart);
            }
            (Kind::LeftParenthesis, _) if second.is_unary() => return self.drop_last(Step::Back),
            _ => {}
        }
        if let Some(merged) = first.merged(&second) {
            self.put(at, merged);
            return self.drop_last(Step::Back);
        }
        match (first.kind, second.kind) {
            // A function elsewhere, a statement of its own in Transact-SQL.
            (Kind::Semicolon, Kind::Function)
                if second.text().get(..2).is_some_and(|start| start.eq_ignore_ascii_case(b"IF")) =>
            {
                self.retype(at + 1, Kind::Tsql);
                Step::Again
            }
            (Kind::Bareword | Kind::Variable, Kind::LeftParenthesis)
                if FUNCTIONS.iter().any(|name| first.says(name)) =>
            {
                self.retype(at, Kind::Function);
                Step::Again
            }
            (Kind::Keyword, _) if first.says("IN") || first.says("NOT IN") => {
                let is_list = second.is(Kind::LeftParenthesis);
                self.retype(at, if is_list { Kind::Operator } else { Kind::Bareword });
                Step::Again
            }
            (Kind::Operator, _) if first.says("LIKE") || first.says("NOT LIKE") => {
                if second.is(Kind::LeftParenthesis) {
                    self.retype(at, Kind::Function);
                }
                Step::None
            }
            (Kind::SqlType, kind) if OPERANDS.contains(&kind) => {
                self.put(at, second);
                self.drop_last(Step::Restart)
            }
            (Kind::Collate, Kind::Bareword) => {
                // Collations are too many for a table; their names have an underscore.
                if second.text().contains(&b'_') {
                    self.retype(at + 1, Kind::SqlType);
                    *left = 0;
                }
                Step::None
            }
            (Kind::Backslash, _) if second.is_arithmetic() => {
                self.retype(at, Kind::Number);
                Step::Restart
            }
            (Kind::Backslash, _) => {
                self.put(at, second);
                self.drop_last(Step::Restart)
            }
            (Kind::LeftParenthesis, Kind::LeftParenthesis) | (Kind::RightParenthesis, Kind::RightParenthesis) => {
                self.drop_last(Step::Restart)
            }
            (Kind::LeftBrace, Kind::Bareword) if second.text().is_empty() => {
                self.retype(at + 1, Kind::Evil);
                Step::Stop
            }
            // `{name expression}` is the expression.
            (Kind::LeftBrace, Kind::Bareword) => self.drop_two(),
            (_, Kind::RightBrace) => self.drop_last(Step::Restart),
            _ => Step::None,
        }
    }

    fn put(&mut self, at: usize, token: Token) {
        if let Some(kept) = self.kept.get_mut(at) {
            *kept = token;
        }
    }

    fn retype(&mut self, at: usize, kind: Kind) {
        if let Some(kept) = self.kept.get_mut(at) {
            kept.kind = kind;
        }
    }

    fn drop_last(&mut self, step: Step) -> Step {
        self.kept.pop();
        step
    }

    /// Folds three tokens.
    fn triple(&mut self, left: usize) -> Step {
        use Kind::{
            Bareword, Comma, Dot, Expression, Function, Group, Keyword, LeftParenthesis, LogicOperator, Number,
            Operator, RightParenthesis, SqlType, String, Variable,
        };
        let Some([first, second, third]) = self.kept.get(left..).and_then(|rest| rest.first_chunk::<3>()).copied()
        else {
            return Step::None;
        };
        let is_unary = second.is_unary();
        match (first.kind, second.kind, third.kind) {
            (Number, Operator, Number)
            | (LogicOperator, _, LogicOperator)
            | (Variable, Operator, Variable | Number | Bareword)
            | (Bareword | Number, Operator, Number | Bareword)
            | (Bareword | Number | String | Variable, Comma, Number | Bareword | String | Variable)
            | (Bareword, Dot, Bareword) => self.drop_two(),
            (Operator, kind, Operator) if kind != LeftParenthesis => self.drop_two(),
            (Bareword | Number | Variable | String, Operator, SqlType) if second.text() == b"::" => self.drop_two(),
            (Expression | Group | Comma, _, LeftParenthesis) if is_unary => self.drop_sign(left, third),
            (Keyword | Expression | Group, _, Number | Bareword | Variable | String | Function) if is_unary => {
                self.drop_sign(left, third)
            }
            (Comma, _, Number | Bareword | Variable | String) if is_unary => {
                // `1,-1` is `1,1`, which folds further together with what stands before it.
                self.drop_sign(left, third);
                self.drop_two()
            }
            (Comma, _, Function) if is_unary => self.drop_sign(left, third),
            (Expression, Dot, Bareword) => self.drop_sign(left, third),
            // With an argument it is not the function of that name.
            (Function, LeftParenthesis, kind) if kind != RightParenthesis && first.says("USER") => {
                self.retype(left, Bareword);
                Step::None
            }
            _ => Step::None,
        }
    }

    /// The last two tokens are part of the one before.
    fn drop_two(&mut self) -> Step {
        let length = self.kept.len().saturating_sub(2);
        self.kept.truncate(length);
        Step::Restart
    }

    /// The middle one of three tokens says nothing.
    fn drop_sign(&mut self, left: usize, third: Token) -> Step {
        self.put(left + 1, third);
        self.drop_last(Step::Restart)
    }
}

/// What a type may stand before.
const OPERANDS: &[Kind] =
    &[Kind::Bareword, Kind::Number, Kind::SqlType, Kind::LeftParenthesis, Kind::Function, Kind::Variable, Kind::String];

/// Words that name a column, or a function where a parenthesis follows.
const FUNCTIONS: &[&str] = &[
    "USER_ID",
    "USER_NAME",
    "DATABASE",
    "PASSWORD",
    "USER",
    "CURRENT_USER",
    "CURRENT_DATE",
    "CURRENT_TIME",
    "CURRENT_TIMESTAMP",
    "LOCALTIME",
    "LOCALTIMESTAMP",
];

/// How many tokens a fingerprint has.
const MOST: usize = 5;
