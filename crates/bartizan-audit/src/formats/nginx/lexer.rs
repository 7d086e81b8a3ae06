//! The words and signs of an nginx file, each with its place.
//!
//! As `ngx_conf_read_token` reads them: a quote opens a string only at the start of a word, `${` holds its brace, a
//! backslash keeps the character behind it, and a number sign begins a comment only where a word could begin.

use std::ops::Range;

use super::super::Problem;

/// A piece of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) span: Range<usize>,
    pub(super) line: usize,
}

/// What kind of piece it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    Close,
    /// With its number sign.
    Comment,
    End,
    /// Code of another language, with its braces.
    Foreign,
    Open,
    Word(Box<str>),
}

/// Splits a file; a string or a brace that does not end leaves nothing to rely on.
///
/// # Errors
///
/// Where the file does not end as it began.
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, Problem> {
    let tokens = Vec::with_capacity(text.len() / USUAL);
    let mut lexer = Lexer { text, at: 0, line: 1, is_first: true, tokens };
    while lexer.step()? {}
    balanced(&lexer.tokens, text)?;
    Ok(lexer.tokens)
}

/// Shows each piece of a file until one is what was looked for; says whether one was.
pub(super) fn each(text: &str, mut is_it: impl FnMut(&Token) -> bool) -> bool {
    let mut lexer = Lexer { text, at: 0, line: 1, is_first: true, tokens: Vec::new() };
    while lexer.step().unwrap_or(false) {
        if lexer.tokens.drain(..).any(|token| is_it(&token)) {
            return true;
        }
    }
    false
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
    line: usize,
    /// Whether a directive begins here.
    is_first: bool,
    tokens: Vec<Token>,
}

impl<'a> Lexer<'a> {
    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn peek(&self) -> Option<char> {
        match self.byte()? {
            byte if byte.is_ascii() => Some(char::from(byte)),
            _ => self.text.get(self.at..)?.chars().next(),
        }
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        self.line += usize::from(c == '\n');
        Some(c)
    }

    fn push(&mut self, kind: Kind, start: usize, line: usize) {
        self.tokens.push(Token { kind, span: start..self.at, line });
    }

    /// Reads a piece, and the blanks before it; says whether there was one.
    fn step(&mut self) -> Result<bool, Problem> {
        self.blanks();
        let Some(byte) = self.byte() else { return Ok(false) };
        let (start, line) = (self.at, self.line);
        match byte {
            b'#' => {
                let rest = self.text.get(start..).unwrap_or_default();
                self.at += rest.find('\n').unwrap_or(rest.len());
                self.push(Kind::Comment, start, line);
            }
            b'{' | b'}' | b';' => {
                self.at += 1;
                let kind = match byte {
                    b'{' => Kind::Open,
                    b'}' => Kind::Close,
                    _ => Kind::End,
                };
                self.push(kind, start, line);
                self.is_first = true;
            }
            b'"' | b'\'' => {
                let word = self.quoted(char::from(byte))?;
                self.push(Kind::Word(word), start, line);
                self.is_first = false;
            }
            _ => {
                let (word, writing) = self.bare();
                let is_foreign = self.is_first && word.ends_with("_by_lua_block");
                self.push(Kind::Word(writing.read(word)), start, line);
                self.is_first = false;
                if is_foreign {
                    self.foreign()?;
                    self.is_first = true;
                }
            }
        }
        Ok(true)
    }

    fn blanks(&mut self) {
        while let Some(byte) = self.byte() {
            match byte {
                b' ' | b'\t' | b'\r' | 0x0b | 0x0c => self.at += 1,
                b'\n' => {
                    self.at += 1;
                    self.line += 1;
                }
                byte if byte.is_ascii() => break,
                // There are blanks beyond ASCII, too.
                _ => match self.peek().filter(|c| c.is_whitespace()) {
                    Some(c) => self.at += c.len_utf8(),
                    None => break,
                },
            }
        }
    }

    fn bare(&mut self) -> (&'a str, Writing) {
        let start = self.at;
        let mut writing = Writing::Plain;
        let mut is_dollar = false;
        loop {
            let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
            let run = rest.iter().position(|byte| !is_plain(*byte)).unwrap_or(rest.len());
            if let Some(last) = run.checked_sub(1) {
                is_dollar = rest.get(last) == Some(&b'$');
            }
            self.at += run;
            let Some(c) = self.peek() else { break };
            match c {
                '\\' => {
                    self.next();
                    self.next();
                    writing = Writing::Escaped;
                    is_dollar = false;
                }
                '{' if is_dollar => {
                    while let Some(c) = self.peek().filter(|c| !c.is_whitespace()) {
                        self.next();
                        if c == '\\' {
                            writing = Writing::Escaped;
                        }
                        if c == '}' {
                            break;
                        }
                    }
                    is_dollar = false;
                }
                '{' | '}' | ';' => break,
                c if c.is_whitespace() => break,
                _ => {
                    is_dollar = false;
                    self.next();
                }
            }
        }
        (self.text.get(start..self.at).unwrap_or_default(), writing)
    }

    fn quoted(&mut self, quote: char) -> Result<Box<str>, Problem> {
        let (start, line) = (self.at, self.line);
        self.next();
        let mut writing = Writing::Plain;
        loop {
            match self.next() {
                None => {
                    return Err(Problem::new(
                        start..self.text.len(),
                        line,
                        format!("a string that {quote} opens does not end"),
                    ));
                }
                Some('\\') => {
                    self.next();
                    writing = Writing::Escaped;
                }
                Some('\r') => writing = Writing::Escaped,
                Some(c) if c == quote => break,
                Some(_) => {}
            }
        }
        Ok(writing.read(self.text.get(start + 1..self.at - 1).unwrap_or_default()))
    }

    /// Lua between braces: they balance outside of its strings and comments.
    fn foreign(&mut self) -> Result<(), Problem> {
        // `set_by_lua_block` names its variable first.
        loop {
            match self.peek() {
                Some(c) if c.is_whitespace() => drop(self.next()),
                Some('{') => break,
                Some('}' | ';') | None => return Ok(()),
                Some(_) => {
                    let (start, line) = (self.at, self.line);
                    let (word, writing) = self.bare();
                    self.push(Kind::Word(writing.read(word)), start, line);
                }
            }
        }
        let (start, line) = (self.at, self.line);
        let mut depth = 0_usize;
        while let Some(c) = self.next() {
            match c {
                '{' => depth += 1,
                '}' => {
                    depth -= 1;
                    if depth == 0 {
                        self.push(Kind::Foreign, start, line);
                        return Ok(());
                    }
                }
                '-' if self.peek() == Some('-') => while self.next().is_some_and(|c| c != '\n') {},
                quote @ ('"' | '\'') => while self.next().is_some_and(|c| c != quote) {},
                _ => {}
            }
        }
        Err(Problem::new(start..self.text.len(), line, "a block of Lua does not end"))
    }
}

/// How a word is written.
#[derive(Clone, Copy)]
enum Writing {
    /// With backslashes, or with a carriage return.
    Escaped,
    /// As it is read.
    Plain,
}

impl Writing {
    /// A word as the directive sees it: quotes lose their backslash, and lines end with a line feed.
    fn read(self, raw: &str) -> Box<str> {
        if matches!(self, Self::Plain) {
            return raw.into();
        }
        let mut text = String::with_capacity(raw.len());
        let mut chars = raw.chars().peekable();
        while let Some(c) = chars.next() {
            match (c, chars.peek()) {
                ('\\', Some('"' | '\'')) | ('\r', Some('\n')) => text.extend(chars.next()),
                ('\\', Some(_)) => text.extend([c].into_iter().chain(chars.next())),
                (c, _) => text.push(c),
            }
        }
        text.into()
    }
}

/// Whether a byte within a word is a character by itself and means nothing.
fn is_plain(byte: u8) -> bool {
    PLAIN.get(usize::from(byte)).copied().unwrap_or(false)
}

/// Looked up, for every byte is asked about.
static PLAIN: [bool; 256] = {
    let mut is_plain = [false; 256];
    let mut byte = b'!';
    while byte <= b'~' {
        is_plain[byte as usize] = !matches!(byte, b'\\' | b'{' | b'}' | b';');
        byte += 1;
    }
    is_plain
};

fn balanced(tokens: &[Token], text: &str) -> Result<(), Problem> {
    let mut open: Vec<&Token> = Vec::new();
    for token in tokens {
        match token.kind {
            Kind::Open => open.push(token),
            Kind::Close if open.pop().is_none() => {
                return Err(Problem::new(token.span.clone(), token.line, "a brace closes what was not opened"));
            }
            _ => {}
        }
        if open.len() > DEEPEST {
            return Err(Problem::new(token.span.clone(), token.line, "blocks are nested too deep"));
        }
    }
    match open.pop() {
        None => Ok(()),
        Some(token) => Err(Problem::new(token.span.start..text.len(), token.line, "a block does not end")),
    }
}

/// Bytes of a file for each of its pieces.
const USUAL: usize = 5;

/// nginx itself knows five levels or so.
const DEEPEST: usize = 100;

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        let show = |token: Token| match token.kind {
            Kind::Close => "}".to_owned(),
            Kind::Comment => text[token.span].to_owned(),
            Kind::End => ";".to_owned(),
            Kind::Foreign => "{lua}".to_owned(),
            Kind::Open => "{".to_owned(),
            Kind::Word(text) => text.into(),
        };
        tokens(text).unwrap().into_iter().map(show).collect()
    }

    #[test]
    fn words_are_split_as_nginx_splits_them() {
        for (text, expected) in [
            ("user www;", vec!["user", "www", ";"]),
            (r#"add_header X "a;b{c}" always;"#, vec!["add_header", "X", "a;b{c}", "always", ";"]),
            (r"location ~ \.php$ {}", vec!["location", "~", r"\.php$", "{", "}"]),
            ("set $a ${b}c;", vec!["set", "$a", "${b}c", ";"]),
            (r#"set $a "x\"y";"#, vec!["set", "$a", r#"x"y"#, ";"]),
            (r"a b\;c;", vec!["a", r"b\;c", ";"]),
            ("a#b; # c\nd;", vec!["a#b", ";", "# c", "d", ";"]),
            ("a{b;}", vec!["a", "{", "b", ";", "}"]),
            ("content_by_lua_block {\n say(\"}\") -- }\n}\nx;", vec!["content_by_lua_block", "{lua}", "x", ";"]),
            ("set_by_lua_block $a { return 1 }", vec!["set_by_lua_block", "$a", "{lua}"]),
            ("a 'b\r\nc';\r\n", vec!["a", "b\nc", ";"]),
        ] {
            assert_eq!(words(text), expected, "{text}");
        }
    }

    #[test]
    fn what_does_not_end_is_told() {
        for (text, is_read) in [
            ("a {", false),
            ("a }", false),
            ("a \"b;", false),
            ("x_by_lua_block { \"}", false),
            ("a ${b", true),
            ("\\", true),
            ("", true),
        ] {
            assert_eq!(tokens(text).is_ok(), is_read, "{text}");
        }
        assert!(tokens(&"a{".repeat(100_000)).is_err());
    }
}
