//! JSON as names and values: `{"a":[1]}` is `json.a.array_0` with `1`.
//!
//! What is refused is what yajl refuses, which ModSecurity reads JSON with. Names that stand twice are told twice.

/// How places in arrays are named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Places {
    /// `json.a.array_0`, as in ModSecurity.
    Array,
    /// `json.a.0`, as in Coraza.
    Number,
}

/// Why a body is no JSON, or is not read to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JsonError {
    /// The text breaks the grammar (RFC 8259).
    #[error("not JSON from byte {place} on")]
    Syntax {
        /// Where.
        place: usize,
    },
    /// Values are nested too deep.
    #[error("nested deeper than {limit}")]
    Depth {
        /// How deep is allowed.
        limit: usize,
    },
    /// Whoever takes the values wants no more.
    #[error("more values than are wanted")]
    Stopped,
}

/// Reads a body and tells each value under its name. The receiver says whether it wants more.
pub fn read(
    body: &[u8],
    places: Places,
    depth: usize,
    mut tell: impl FnMut(&[u8], &[u8]) -> bool,
) -> Result<(), JsonError> {
    let mut reader = Reader { body, place: 0, name: b"json".to_vec() };
    let mut open: Vec<Open> = Vec::new();
    reader.skip_white();
    loop {
        // A value stands here, under the name that was written for it.
        match reader.peek() {
            Some(byte @ (b'{' | b'[')) => {
                if open.len() >= depth {
                    return Err(JsonError::Depth { limit: depth });
                }
                reader.place += 1;
                open.push(Open { is_array: byte == b'[', count: 0, length: reader.name.len() });
                reader.skip_white();
                let is_empty = reader.peek() == Some(if byte == b'[' { b']' } else { b'}' });
                if !is_empty {
                    reader.begin_member(open.last_mut(), places)?;
                    continue;
                }
            }
            _ => {
                let value = reader.scalar()?;
                if !tell(&reader.name, &value) {
                    return Err(JsonError::Stopped);
                }
            }
        }
        // Behind a value, or at the end of an empty array or object.
        loop {
            reader.skip_white();
            let Some(container) = open.last_mut() else {
                return if reader.peek().is_none() { Ok(()) } else { reader.wrong() };
            };
            reader.name.truncate(container.length);
            match reader.peek() {
                Some(b',') if reader.is_behind_value() => {
                    reader.place += 1;
                    reader.skip_white();
                    reader.begin_member(Some(container), places)?;
                    break;
                }
                Some(b']') if container.is_array => {}
                Some(b'}') if !container.is_array => {}
                _ => return reader.wrong(),
            }
            reader.place += 1;
            open.pop();
        }
    }
}

/// An array or object that is being read.
struct Open {
    is_array: bool,
    count: usize,
    /// How long its name is.
    length: usize,
}

struct Reader<'a> {
    body: &'a [u8],
    place: usize,
    name: Vec<u8>,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.body.get(self.place).copied()
    }

    const fn wrong<T>(&self) -> Result<T, JsonError> {
        Err(JsonError::Syntax { place: self.place })
    }

    fn skip_white(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c)) {
            self.place += 1;
        }
    }

    /// Whether what stands before is not the bracket that opened the container.
    fn is_behind_value(&self) -> bool {
        let before = self.body.get(..self.place).unwrap_or_default();
        !matches!(before.trim_ascii_end().last(), Some(b'[' | b'{') | None)
    }

    /// Reads up to the value of the next member and writes its name.
    fn begin_member(&mut self, container: Option<&mut Open>, places: Places) -> Result<(), JsonError> {
        let Some(container) = container else { return Ok(()) };
        self.name.push(b'.');
        if container.is_array {
            let prefix = if places == Places::Array { "array_" } else { "" };
            self.name.extend_from_slice(format!("{prefix}{}", container.count).as_bytes());
            container.count += 1;
            return Ok(());
        }
        if self.peek() != Some(b'"') {
            return self.wrong();
        }
        let key = self.string()?;
        self.name.extend_from_slice(if key.is_empty() { b"empty-key" } else { &key });
        self.skip_white();
        if self.peek() != Some(b':') {
            return self.wrong();
        }
        self.place += 1;
        self.skip_white();
        Ok(())
    }

    fn scalar(&mut self) -> Result<Vec<u8>, JsonError> {
        let rest = self.body.get(self.place..).unwrap_or_default();
        match rest {
            [b'"', ..] => self.string(),
            [b'-' | b'0'..=b'9', ..] => self.number(),
            _ => {
                for (word, value) in [("true", "true"), ("false", "false"), ("null", "")] {
                    if rest.starts_with(word.as_bytes()) {
                        self.place += word.len();
                        return Ok(value.as_bytes().to_vec());
                    }
                }
                self.wrong()
            }
        }
    }

    fn digits(&mut self) -> Result<(), JsonError> {
        if !self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            return self.wrong();
        }
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.place += 1;
        }
        Ok(())
    }

    /// A number as it is written.
    fn number(&mut self) -> Result<Vec<u8>, JsonError> {
        let start = self.place;
        if self.peek() == Some(b'-') {
            self.place += 1;
        }
        if self.peek() == Some(b'0') {
            self.place += 1;
        } else {
            self.digits()?;
        }
        if self.peek() == Some(b'.') {
            self.place += 1;
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.place += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.place += 1;
            }
            self.digits()?;
        }
        Ok(self.body.get(start..self.place).unwrap_or_default().to_vec())
    }

    /// The text between quotes, with its escapes read.
    fn string(&mut self) -> Result<Vec<u8>, JsonError> {
        self.place += 1;
        let mut out = Vec::new();
        loop {
            let rest = self.body.get(self.place..).unwrap_or_default();
            let plain = rest.iter().position(|&byte| !matches!(byte, 0x20..=0x7e) || matches!(byte, b'"' | b'\\'));
            let plain = plain.unwrap_or(rest.len());
            out.extend_from_slice(rest.get(..plain).unwrap_or_default());
            self.place += plain;
            match rest.get(plain) {
                Some(b'"') => {
                    self.place += 1;
                    return Ok(out);
                }
                Some(b'\\') => self.escape(&mut out)?,
                Some(0x7f) => {
                    out.push(0x7f);
                    self.place += 1;
                }
                Some(0x80..) => {
                    let length = sequence(rest.get(plain..).unwrap_or_default());
                    let Some(sequence) = length.and_then(|length| rest.get(plain..plain + length)) else {
                        return self.wrong();
                    };
                    out.extend_from_slice(sequence);
                    self.place += sequence.len();
                }
                _ => return self.wrong(),
            }
        }
    }

    fn escape(&mut self, out: &mut Vec<u8>) -> Result<(), JsonError> {
        let Some(&letter) = self.body.get(self.place + 1) else { return self.wrong() };
        let byte = match letter {
            b'"' | b'\\' | b'/' => letter,
            b'b' => 0x08,
            b'f' => 0x0c,
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'u' => return self.unicode(out),
            _ => return self.wrong(),
        };
        out.push(byte);
        self.place += 2;
        Ok(())
    }

    /// `\uHHHH`, two of them for a character beyond the first plane; half a pair is a question mark.
    fn unicode(&mut self, out: &mut Vec<u8>) -> Result<(), JsonError> {
        let Some(first) = self.code_unit(self.place) else { return self.wrong() };
        self.place += 6;
        let pair = match (first, self.code_unit(self.place)) {
            (0xd800..=0xdbff, Some(second @ 0xdc00..=0xdfff)) => {
                self.place += 6;
                char::from_u32(0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00))
            }
            _ => char::from_u32(first),
        };
        let mut buffer = [0; 4];
        out.extend_from_slice(pair.unwrap_or('?').encode_utf8(&mut buffer).as_bytes());
        Ok(())
    }

    fn code_unit(&self, place: usize) -> Option<u32> {
        let digits = self.body.get(place..place + 6)?.strip_prefix(b"\\u")?;
        digits.iter().try_fold(0, |number, &digit| Some(number * 16 + char::from(digit).to_digit(16)?))
    }
}

/// The length of a sequence of UTF-8 by its lead byte, where its other bytes continue it.
fn sequence(rest: &[u8]) -> Option<usize> {
    let length = match rest.first()? {
        0xc0..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf7 => 4,
        _ => return None,
    };
    rest.get(1..length)?.iter().all(|byte| byte & 0xc0 == 0x80).then_some(length)
}

#[cfg(test)]
mod tests {
    use super::{JsonError, Places, read};

    fn told(body: &str, places: Places) -> (Vec<String>, Result<(), JsonError>) {
        let mut told = Vec::new();
        let result = read(body.as_bytes(), places, 5, |name, value| {
            told.push(format!("{}={}", String::from_utf8_lossy(name), String::from_utf8_lossy(value)));
            told.len() < 20
        });
        (told, result)
    }

    #[test]
    fn values_have_names() {
        for (body, expected) in [
            (
                r#"{"a":[1,{"b":null,"c":true}],"":"x","d.e":"y","f":[],"g":{}}"#,
                &["json.a.array_0=1", "json.a.array_1.b=", "json.a.array_1.c=true", "json.empty-key=x", "json.d.e=y"]
                    as &[&str],
            ),
            (" \"s\" ", &["json=s"]),
            ("[]", &[]),
            ("-1.50e+3", &["json=-1.50e+3"]),
            (r#"{"a":1,"a":2}"#, &["json.a=1", "json.a=2"]),
            (r#"["\u0041\ud83d\ude00\ud800","\n\/é"]"#, &["json.array_0=A😀?", "json.array_1=\n/é"]),
            ("[[1],[2]]", &["json.array_0.array_0=1", "json.array_1.array_0=2"]),
        ] {
            assert_eq!(
                told(body, Places::Array),
                (expected.iter().map(|&text| text.to_owned()).collect(), Ok(())),
                "{body}"
            );
        }
        assert_eq!(told("[[1]]", Places::Number).0, ["json.0.0=1"]);
    }

    #[test]
    fn what_is_no_json_is_refused_where_it_ends() {
        for (body, place) in [
            ("", 0),
            ("{\"a\":1", 6),
            ("[1,]", 3),
            ("[,1]", 1),
            ("{a:1}", 1),
            ("{\"a\" 1}", 5),
            ("1 2", 2),
            ("01", 1),
            ("1.", 2),
            ("nul", 0),
            ("\"\u{1}\"", 1),
            ("\"\\x\"", 1),
            ("[1}", 2),
        ] {
            assert_eq!(told(body, Places::Array).1, Err(JsonError::Syntax { place }), "{body}");
        }
        assert_eq!(told("[[[[[[1]]]]]]", Places::Array).1, Err(JsonError::Depth { limit: 5 }));
        let many = format!("[{}1]", "1,".repeat(30));
        assert_eq!(told(&many, Places::Array).1, Err(JsonError::Stopped));
        assert!(read(b"\"\xff\"", Places::Array, 5, |_, _| true).is_err());
    }
}
