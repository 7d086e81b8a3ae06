//! Data that a script holds as JSON (RFC 8259): it may have any form, as long as all that it says may vary.

/// What was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Read {
    /// How many bytes, also where it was in vain.
    pub(super) len: usize,
    /// Whether they are one value, and everything in it may vary.
    pub(super) is_whole: bool,
}

/// Reads one value; `may_vary` judges what stands between quotes.
pub(super) fn harmless(text: &str, may_vary: &dyn Fn(&str) -> bool) -> Read {
    let mut reader = Reader { text, at: 0, may_vary };
    let is_whole = reader.value(0).is_some();
    Read { len: reader.at, is_whole }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    may_vary: &'a dyn Fn(&str) -> bool,
}

impl Reader<'_> {
    fn value(&mut self, depth: usize) -> Option<()> {
        if depth > DEEPEST {
            return None;
        }
        self.blanks();
        match self.rest().bytes().next()? {
            b'{' => self.list(b'}', depth, true),
            b'[' => self.list(b']', depth, false),
            b'"' => self.string(),
            b'-' | b'0'..=b'9' => {
                let is_of_number = |byte: &u8| matches!(byte, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E');
                self.at += self.rest().bytes().take_while(is_of_number).count();
                Some(())
            }
            _ => {
                let word = ["true", "false", "null"].into_iter().find(|word| self.rest().starts_with(word))?;
                self.at += word.len();
                // `nullify` is no `null`.
                self.rest().starts_with([',', ']', '}', ' ', '\n', '\r', '\t']).then_some(())
            }
        }
    }

    /// The values between two brackets, each behind its name where they have names.
    fn list(&mut self, end: u8, depth: usize, has_names: bool) -> Option<()> {
        self.at += 1;
        self.blanks();
        if self.take(end).is_some() {
            return Some(());
        }
        loop {
            if has_names {
                self.blanks();
                self.string()?;
                self.blanks();
                self.take(b':')?;
            }
            self.value(depth + 1)?;
            self.blanks();
            if self.take(end).is_some() {
                return Some(());
            }
            self.take(b',')?;
        }
    }

    fn string(&mut self) -> Option<()> {
        self.take(b'"')?;
        let mut value = String::new();
        loop {
            let rest = self.text.get(self.at..)?;
            let end = rest.find(['"', '\\', '\n', '\r'])?;
            value.push_str(rest.get(..end)?);
            self.at += end;
            if self.take(b'"').is_some() {
                return (self.may_vary)(&value).then_some(());
            }
            // Slashes and letters are escaped by habit; what else is, would be no value that may vary.
            let (escaped, len) = match rest.get(end..)?.strip_prefix('\\')? {
                slash if slash.starts_with('/') => ('/', 2),
                code => {
                    let digits = code.strip_prefix('u')?.get(..4).filter(|it| !it.starts_with('+'))?;
                    (char::from_u32(u32::from_str_radix(digits, 16).ok()?)?, 6)
                }
            };
            value.push(escaped);
            self.at += len;
        }
    }

    fn blanks(&mut self) {
        self.at += self.rest().bytes().take_while(|byte| matches!(byte, b' ' | b'\n' | b'\r' | b'\t')).count();
    }

    fn take(&mut self, byte: u8) -> Option<()> {
        (self.rest().bytes().next()? == byte).then(|| self.at += 1)
    }

    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }
}

/// Deeper than the state of any app, and far from the end of a stack.
const DEEPEST: usize = 32;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_is_told_from_code() {
        for (text, rest) in [
            ("{}", Some("")),
            ("[] ", Some(" ")),
            ("{\"a\": [1, -2.5e3, true, false, null, \"b\"]};x", Some(";x")),
            ("[1, [2], {\"a\": {}}]", Some("")),
            ("[1,]", None),
            ("{a: 1}", None),
            ("{\"a\" 1}", None),
            ("[nullify]", None),
            ("[\"a\\n\"]", None),
            (r#"["a\/b\u00e9"]"#, Some("")),
            (r#"["b\u0061d"]"#, None), // it is judged as it is read
            (r#"["\u+061"]"#, None),
            ("[\"bad\"]", None),
            ("[x()]", None),
            ("[1", None),
            ("", None),
        ] {
            let read = harmless(text, &|value| value != "bad");
            assert_eq!(text.get(read.len..).filter(|_| read.is_whole), rest, "{text}");
        }
        let deep = "[".repeat(100_000);
        assert!(!harmless(&deep, &|_| true).is_whole);
    }
}
