//! A value cut into tokens of HTML, as forgiving as old browsers are.

/// A token: its kind, and where it is in the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) start: usize,
    pub(super) length: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    AttributeName,
    AttributeValue,
    Comment,
    Doctype,
    TagClose,
    TagNameClose,
    TagNameOpen,
    Text,
}

/// Where in a page a value begins, and where its reading stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    AfterAttributeName,
    AfterQuoted,
    AttributeName,
    BeforeAttributeName,
    BeforeAttributeValue,
    BogusComment,
    Cdata,
    Comment,
    Data,
    Doctype,
    End,
    EndTagOpen,
    MarkupDeclaration,
    /// `<% … %>`, a comment for some browsers.
    PercentComment,
    Quoted(u8),
    SelfClosing,
    TagName,
    TagNameClose,
    TagOpen,
    Unquoted,
}

/// The tokens of a value.
#[derive(Debug)]
pub(super) struct Tokens<'a> {
    value: &'a [u8],
    place: usize,
    state: State,
    is_close: bool,
}

impl<'a> Tokens<'a> {
    pub(super) const fn new(value: &'a [u8], state: State) -> Self {
        Self { value, place: 0, state, is_close: false }
    }

    /// Returns the next token. Each round moves on in the value or returns, apart from a few changes of state.
    pub(super) fn next(&mut self) -> Option<Token> {
        loop {
            match self.state {
                State::End => return None,
                State::Data => {
                    let start = self.place;
                    match self.find(b'<') {
                        None => {
                            let length = self.value.len().saturating_sub(start);
                            return (length > 0).then(|| self.token(Kind::Text, start, length, State::End));
                        }
                        Some(place) => {
                            self.place = place + 1;
                            self.state = State::TagOpen;
                            if place > start {
                                return Some(self.token(Kind::Text, start, place - start, State::TagOpen));
                            }
                        }
                    }
                }
                State::TagOpen => match self.at(0)? {
                    b'!' => self.go(1, State::MarkupDeclaration),
                    b'/' => {
                        self.is_close = true;
                        self.go(1, State::EndTagOpen);
                    }
                    b'?' => self.go(1, State::BogusComment),
                    b'%' => self.go(1, State::PercentComment),
                    0 => self.state = State::TagName,
                    byte if byte.is_ascii_alphabetic() => self.state = State::TagName,
                    _ => return Some(self.token(Kind::Text, self.place.saturating_sub(1), 1, State::Data)),
                },
                State::EndTagOpen => match self.at(0)? {
                    b'>' => self.state = State::Data,
                    byte if byte.is_ascii_alphabetic() => self.state = State::TagName,
                    _ => {
                        self.is_close = false;
                        self.state = State::BogusComment;
                    }
                },
                State::TagName => return Some(self.tag_name()),
                State::TagNameClose => return Some(self.tag_name_close()),
                State::BeforeAttributeName => match self.skip_white()? {
                    b'/' => self.go(1, State::SelfClosing),
                    b'>' => {
                        self.place += 1;
                        return Some(self.token(Kind::TagNameClose, self.place - 1, 1, State::Data));
                    }
                    _ => self.state = State::AttributeName,
                },
                State::SelfClosing => match self.at(0)? {
                    b'>' => {
                        self.place += 1;
                        return Some(self.token(Kind::TagNameClose, self.place.saturating_sub(2), 2, State::Data));
                    }
                    _ => self.state = State::BeforeAttributeName,
                },
                State::AttributeName => return Some(self.attribute_name()),
                State::AfterAttributeName => match self.skip_white()? {
                    b'/' => self.go(1, State::SelfClosing),
                    b'=' => self.go(1, State::BeforeAttributeValue),
                    b'>' => self.state = State::TagNameClose,
                    _ => self.state = State::AttributeName,
                },
                State::BeforeAttributeValue => match self.skip_white()? {
                    quote @ (b'"' | b'\'' | b'`') => self.state = State::Quoted(quote),
                    _ => self.state = State::Unquoted,
                },
                State::Quoted(quote) => return Some(self.quoted(quote)),
                State::Unquoted => return Some(self.unquoted()),
                State::AfterQuoted => match self.at(0)? {
                    byte if is_white(byte) => self.go(1, State::BeforeAttributeName),
                    b'/' => self.go(1, State::SelfClosing),
                    b'>' => {
                        self.place += 1;
                        return Some(self.token(Kind::TagNameClose, self.place - 1, 1, State::Data));
                    }
                    _ => self.state = State::BeforeAttributeName,
                },
                State::MarkupDeclaration => {
                    let rest = self.rest();
                    if rest.get(..7).is_some_and(|start| start.eq_ignore_ascii_case(b"DOCTYPE")) {
                        self.state = State::Doctype;
                    } else if rest.starts_with(b"[CDATA[") {
                        self.go(7, State::Cdata);
                    } else if rest.starts_with(b"--") {
                        self.go(2, State::Comment);
                    } else {
                        self.state = State::BogusComment;
                    }
                }
                State::BogusComment => return Some(self.until(Kind::Comment, b">")),
                State::PercentComment => return Some(self.until(Kind::Comment, b"%>")),
                State::Comment => return Some(self.comment()),
                State::Cdata => return Some(self.until(Kind::Text, b"]]>")),
                State::Doctype => return Some(self.until(Kind::Doctype, b">")),
            }
        }
    }

    fn at(&self, ahead: usize) -> Option<u8> {
        self.value.get(self.place + ahead).copied()
    }

    fn rest(&self) -> &'a [u8] {
        self.value.get(self.place..).unwrap_or_default()
    }

    fn find(&self, byte: u8) -> Option<usize> {
        memchr::memchr(byte, self.rest()).map(|found| self.place + found)
    }

    const fn go(&mut self, bytes: usize, state: State) {
        self.place += bytes;
        self.state = state;
    }

    fn token(&mut self, kind: Kind, start: usize, length: usize, next: State) -> Token {
        self.state = next;
        Token { kind, start, length }
    }

    fn skip_white(&mut self) -> Option<u8> {
        while let Some(byte) = self.at(0) {
            if !is_white(byte) {
                return Some(byte);
            }
            self.place += 1;
        }
        None
    }

    /// A name up to white space, a slash or the end of the tag. Zero bytes belong to it: old browsers leave them out.
    fn tag_name(&mut self) -> Token {
        let start = self.place;
        let end = self.rest().iter().position(|&byte| byte != 0 && is_white(byte) || matches!(byte, b'/' | b'>'));
        let Some(length) = end else { return self.token(Kind::TagNameOpen, start, self.rest().len(), State::End) };
        match self.at(length) {
            Some(b'>') if self.is_close => {
                self.is_close = false;
                self.place += length + 1;
                self.token(Kind::TagClose, start, length, State::Data)
            }
            Some(b'>') => {
                self.place += length;
                self.token(Kind::TagNameOpen, start, length, State::TagNameClose)
            }
            Some(b'/') => {
                self.place += length + 1;
                self.token(Kind::TagNameOpen, start, length, State::SelfClosing)
            }
            _ => {
                self.place += length + 1;
                self.token(Kind::TagNameOpen, start, length, State::BeforeAttributeName)
            }
        }
    }

    fn tag_name_close(&mut self) -> Token {
        self.is_close = false;
        self.place += 1;
        let next = if self.rest().is_empty() { State::End } else { State::Data };
        self.token(Kind::TagNameClose, self.place - 1, 1, next)
    }

    /// A name of at least one byte, whatever that is.
    fn attribute_name(&mut self) -> Token {
        let start = self.place;
        let rest = self.rest().get(1..).unwrap_or_default();
        let end = rest.iter().position(|&byte| is_white(byte) || matches!(byte, b'/' | b'=' | b'>'));
        let length = 1 + end.unwrap_or(rest.len());
        let (taken, next) = match self.at(length) {
            None => (length, State::End),
            Some(b'>') => (length, State::TagNameClose),
            Some(b'/') => (length + 1, State::SelfClosing),
            Some(b'=') => (length + 1, State::BeforeAttributeValue),
            Some(_) => (length + 1, State::AfterAttributeName),
        };
        self.place += taken;
        self.token(Kind::AttributeName, start, length, next)
    }

    /// A value up to its quote. Where the page opened the quote, there is none at the start.
    fn quoted(&mut self, quote: u8) -> Token {
        if self.place > 0 {
            self.place += 1;
        }
        let start = self.place;
        match self.find(quote) {
            None => self.token(Kind::AttributeValue, start, self.rest().len(), State::End),
            Some(end) => {
                self.place = end + 1;
                self.token(Kind::AttributeValue, start, end - start, State::AfterQuoted)
            }
        }
    }

    fn unquoted(&mut self) -> Token {
        let start = self.place;
        let end = self.rest().iter().position(|&byte| is_white(byte) || byte == b'>');
        let Some(length) = end else { return self.token(Kind::AttributeValue, start, self.rest().len(), State::End) };
        let is_tag_end = self.at(length) == Some(b'>');
        self.place += length + usize::from(!is_tag_end);
        let next = if is_tag_end { State::TagNameClose } else { State::BeforeAttributeName };
        self.token(Kind::AttributeValue, start, length, next)
    }

    /// Everything up to a mark, or to the end.
    fn until(&mut self, kind: Kind, mark: &[u8]) -> Token {
        let start = self.place;
        match memchr::memmem::find(self.rest(), mark) {
            None => self.token(kind, start, self.rest().len(), State::End),
            Some(length) => {
                self.place += length + mark.len();
                self.token(kind, start, length, State::Data)
            }
        }
    }

    /// A comment ends with `-->` or `-!>`; zero bytes may stand behind its first dash.
    fn comment(&mut self) -> Token {
        let start = self.place;
        for dash in memchr::memchr_iter(b'-', self.rest()) {
            let after = self.rest().get(dash + 1..).unwrap_or_default();
            if after.len() < 2 {
                break;
            }
            let zeros = after.iter().take_while(|&&byte| byte == 0).count();
            match after.get(zeros..).unwrap_or_default() {
                [] | [b'-' | b'!'] => break,
                [b'-' | b'!', b'>', ..] => {
                    self.place = start + dash + 1 + zeros + 2;
                    return self.token(Kind::Comment, start, dash, State::Data);
                }
                _ => {}
            }
        }
        self.token(Kind::Comment, start, self.rest().len(), State::End)
    }
}

/// White space of HTML, and the zero byte that Internet Explorer takes for it.
const fn is_white(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | 0x0b | 0x0c | b'\r' | 0)
}
