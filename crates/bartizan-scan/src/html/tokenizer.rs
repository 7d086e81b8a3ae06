//! Tags and the text between them (HTML, 13.2.5).

use super::character_references::decode;
use super::raw_text::RawText;

/// Whose reading of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// The standard's.
    Browser,
    /// That of `htmlparser2`, version 10.
    Stream,
}

/// A piece of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Token<'a> {
    /// An end tag, by its name in lower case.
    End(String),
    /// A start tag.
    Start(Tag),
    /// Text, with its references as written.
    Text(&'a str),
}

/// A start tag.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tag {
    /// Its name in lower case.
    pub name: String,
    /// Its attributes, names in lower case; the first of a name counts.
    pub attributes: Vec<(String, String)>,
    /// Whether it ends in a slash.
    pub is_self_closing: bool,
}

impl Tag {
    /// Returns the value of an attribute.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// Reads a page from front to back, once.
#[derive(Debug)]
pub struct Tokenizer<'a> {
    text: &'a str,
    at: usize,
    dialect: Dialect,
    raw: Option<RawText>,
    is_foreign: bool,
}

/// More attributes than any page needs; beyond it they are read and dropped, so that looking for one stays cheap.
const MOST_ATTRIBUTES: usize = 128;

impl<'a> Tokenizer<'a> {
    /// Begins at the front.
    pub const fn new(text: &'a str, dialect: Dialect) -> Self {
        Self { text, at: 0, dialect, raw: None, is_foreign: false }
    }

    /// Reads what follows as text, up to its end tag.
    pub(super) const fn read_raw(&mut self, raw: RawText) {
        self.raw = Some(raw);
    }

    /// Says whether what follows is foreign content, which may have sections of plain text.
    pub(super) const fn set_foreign(&mut self, is_foreign: bool) {
        self.is_foreign = is_foreign;
    }

    fn peek(&self, ahead: usize) -> Option<u8> {
        self.text.as_bytes().get(self.at + ahead).copied()
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Goes behind the next occurrence of a text, or to the end.
    fn skip_past(&mut self, text: &str) {
        self.at = self.rest().find(text).map_or(self.text.len(), |found| self.at + found + text.len());
    }

    fn skip_while(&mut self, is_skipped: impl Fn(u8) -> bool) -> &'a str {
        let from = self.at;
        let rest = self.text.as_bytes().get(from..).unwrap_or_default();
        self.at += rest.iter().position(|byte| !is_skipped(*byte)).unwrap_or(rest.len());
        self.text.get(from..self.at).unwrap_or_default()
    }

    fn text_token(&mut self, length: usize) -> Option<Token<'a>> {
        let text = self.rest().get(..length)?;
        self.at += length;
        Some(Token::Text(text))
    }

    /// Reads what a `<` begins, where it begins anything; comments and the like yield nothing.
    fn markup(&mut self) -> Markup {
        match (self.peek(1), self.peek(2)) {
            (Some(b'!'), _) => {
                self.at += 2;
                self.declaration();
                Markup::Nothing
            }
            (Some(b'?'), _) => {
                self.skip_past(">");
                Markup::Nothing
            }
            (Some(letter), _) if letter.is_ascii_alphabetic() => {
                self.at += 1;
                self.start_tag().map_or(Markup::Nothing, Markup::Start)
            }
            (Some(b'/'), Some(next)) => {
                self.at += 2;
                self.end_tag(next)
            }
            _ => Markup::None,
        }
    }

    /// Skips what follows `<!`.
    fn declaration(&mut self) {
        let rest = self.rest();
        if rest.starts_with("--") {
            self.at += 2;
            self.comment();
        } else if rest.starts_with("[CDATA[") && (self.is_foreign || self.dialect == Dialect::Stream) {
            self.skip_past("]]>");
        } else {
            if self.dialect == Dialect::Stream {
                // That reader takes the first character unseen, even where it is the end; and two after a dash.
                let unseen = rest.chars().take(if rest.starts_with('-') { 2 } else { 1 });
                self.at += unseen.map(char::len_utf8).sum::<usize>();
            }
            self.skip_past(">");
        }
    }

    fn comment(&mut self) {
        let rest = self.rest();
        let at_once = [">", "->"].iter().find(|end| rest.starts_with(**end));
        if let Some(end) = at_once {
            self.at += end.len();
            return;
        }
        let plain = rest.find("-->").map(|at| at + 3);
        let wrong = rest.find("--!>").map(|at| at + 4).filter(|_| self.dialect == Dialect::Browser);
        let end = plain.into_iter().chain(wrong).min();
        self.at += end.unwrap_or(rest.len());
    }

    fn end_tag(&mut self, next: u8) -> Markup {
        if self.dialect == Dialect::Stream {
            self.skip_while(is_space);
        }
        match self.peek(0) {
            Some(b'>') => {
                self.at += 1;
                Markup::Nothing
            }
            Some(letter) if letter.is_ascii_alphabetic() => self.named_end_tag(),
            _ => {
                debug_assert!(!next.is_ascii_alphabetic(), "a name would have been read");
                self.skip_past(">");
                Markup::Nothing
            }
        }
    }

    fn named_end_tag(&mut self) -> Markup {
        if self.dialect == Dialect::Stream {
            let name = self.skip_while(|byte| !is_space(byte) && byte != b'>').to_ascii_lowercase();
            let is_over = self.rest().contains('>');
            self.skip_past(">");
            return if is_over { Markup::End(name) } else { Markup::Nothing };
        }
        // An end tag has attributes that nobody reads, and quotes in them that count.
        self.start_tag().map_or(Markup::Nothing, |tag| Markup::End(tag.name))
    }

    /// Reads a tag from its name on; nothing where the page ends within it.
    fn start_tag(&mut self) -> Option<Tag> {
        let name = self.skip_while(|byte| !is_end_of_name(byte)).to_ascii_lowercase();
        let mut tag = Tag { name, ..Tag::default() };
        loop {
            self.skip_while(is_space);
            match self.peek(0)? {
                b'>' => {
                    self.at += 1;
                    return Some(tag);
                }
                b'/' => {
                    self.at += 1;
                    if self.dialect == Dialect::Stream {
                        self.skip_while(is_space);
                    }
                    if self.peek(0)? == b'>' {
                        self.at += 1;
                        tag.is_self_closing = true;
                        return Some(tag);
                    }
                }
                _ => self.attribute(&mut tag)?,
            }
        }
    }

    fn attribute(&mut self, tag: &mut Tag) -> Option<()> {
        let from = self.at;
        // The first character belongs to the name, even an equals sign.
        self.at += self.rest().chars().next()?.len_utf8();
        self.skip_while(|byte| !is_end_of_name(byte) && byte != b'=');
        let name = self.text.get(from..self.at)?.to_ascii_lowercase();
        self.skip_while(is_space);
        let mut value = "";
        if self.peek(0)? == b'=' {
            self.at += 1;
            self.skip_while(is_space);
            value = match self.peek(0)? {
                quote @ (b'"' | b'\'') => {
                    self.at += 1;
                    let value = self.skip_while(|byte| byte != quote);
                    self.peek(0)?;
                    self.at += 1;
                    value
                }
                _ => self.skip_while(|byte| !is_space(byte) && byte != b'>'),
            };
        }
        if tag.attributes.len() < MOST_ATTRIBUTES && tag.attribute(&name).is_none() {
            tag.attributes.push((name, decode(value).into_owned()));
        }
        Some(())
    }
}

/// What a `<` began.
enum Markup {
    End(String),
    Start(Tag),
    /// Something that yields no token.
    Nothing,
    /// No markup: the character itself.
    None,
}

impl<'a> Iterator for Tokenizer<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(raw) = self.raw.take() {
            let length = raw.end(self.rest(), self.dialect);
            if length > 0 {
                return self.text_token(length);
            }
        }
        loop {
            let rest = self.rest();
            if rest.is_empty() {
                return None;
            }
            let text = rest.find('<').unwrap_or(rest.len());
            if text > 0 {
                return self.text_token(text);
            }
            match self.markup() {
                Markup::End(name) => return Some(Token::End(name)),
                Markup::Nothing => {}
                Markup::None => return self.text_token(1),
                Markup::Start(tag) => {
                    if self.dialect == Dialect::Stream && !tag.is_self_closing {
                        self.raw = RawText::of_stream(&tag.name);
                    }
                    return Some(Token::Start(tag));
                }
            }
        }
    }
}

const fn is_space(byte: u8) -> bool {
    matches!(byte, b'\t' | b'\n' | b'\x0c' | b'\r' | b' ')
}

const fn is_end_of_name(byte: u8) -> bool {
    is_space(byte) || matches!(byte, b'/' | b'>')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tags(text: &str, dialect: Dialect) -> String {
        let tokens = Tokenizer::new(text, dialect).filter_map(|token| match token {
            Token::Start(tag) => {
                let attributes = tag.attributes.iter().map(|(name, value)| format!(" {name}={value}"));
                Some(format!("{}{}", tag.name, attributes.collect::<String>()))
            }
            Token::End(name) => Some(format!("/{name}")),
            Token::Text(_) => None,
        });
        tokens.collect::<Vec<_>>().join("|")
    }

    #[test]
    fn tags_are_read_as_browsers_read_them() {
        for (text, expected) in [
            ("<P CLASS=x id='y' z>", "p class=x id=y z="),
            ("<a href=1 HREF=2>", "a href=1"),
            ("<a =b c==d>", "a =b= c==d"),
            ("<a/b/c=/d/>", "a b= c=/d/"),
            ("<a x=\"1\"y='2'>", "a x=1 y=2"),
            ("<a x=&quot;&amp>", "a x=\"&"),
            ("< a><3>", ""),
            ("<a x=\"1>", ""), // ends within a tag
            ("<!-- <b> --><i>", "i"),
            ("<!--><b>", "b"),
            ("<!--->-<b>", "b"),
            ("<!-- --!><b>", "b"),
            ("<!x><?y><b>", "b"),
            ("<![CDATA[<b>]]><i>", "i"),
            ("</><b>", "b"),
            ("</ x><b>", "b"),
            ("</b x='>'><i>", "/b|i"),
            ("<<b>", "b"),
        ] {
            assert_eq!(tags(text, Dialect::Browser), expected, "{text}");
        }
    }

    #[test]
    fn a_streaming_reader_differs() {
        for (text, expected) in [
            ("<!-- --!><b>--><i>", "i"),
            ("<!x><b>", "b"),
            ("<!><b><i>", "i"),
            ("<![CDATA[<b>]]><i>", "i"),
            ("</ b><i>", "/b|i"),
            ("</b x='>'><i>", "/b|i"),
            ("<script><b></script ><i>", "script|/script|i"),
            ("<script/><b>", "script|b"),
            ("<script / ><b>", "script|b"),
            ("<iframe><b></iframe>", "iframe|b|/iframe"),
        ] {
            assert_eq!(tags(text, Dialect::Stream), expected, "{text}");
        }
    }
}
