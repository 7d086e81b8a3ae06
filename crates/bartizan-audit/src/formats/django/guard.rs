//! What keeps a hostile file from making the parser's tree too deep to walk.
//!
//! A parser's tree is as deep as brackets, operators and blocks are stacked, and walking it takes that much stack. The
//! depth is estimated over the bytes before anything is parsed: generously for what people write, never too low.

/// Whether the parser's tree of a text is shallow enough to be walked.
pub(super) fn is_shallow(text: &str) -> bool {
    let mut scan = Scan { bytes: text.as_bytes(), at: 0, levels: vec![0], total: 0, indents: vec![0] };
    scan.run()
}

struct Scan<'a> {
    bytes: &'a [u8],
    at: usize,
    /// For each open bracket, the tokens since its last comma: a chain of them may nest as deep as it is long.
    levels: Vec<u32>,
    total: u32,
    indents: Vec<usize>,
}

impl Scan<'_> {
    fn run(&mut self) -> bool {
        let mut starts_line = true;
        while let Some(byte) = self.peek(0) {
            if starts_line && self.levels.len() == 1 && !self.indent() {
                return false;
            }
            starts_line = false;
            match byte {
                b'\n' => {
                    starts_line = true;
                    self.at += 1;
                    if self.levels.len() == 1 {
                        self.restart();
                    }
                }
                b'#' => self.comment(),
                b'\'' | b'"' => {
                    let braces = self.string(byte);
                    self.count(1 + braces);
                }
                b'(' | b'[' | b'{' => {
                    self.count(1);
                    self.levels.push(0);
                    self.at += 1;
                }
                b')' | b']' | b'}' => {
                    self.close();
                    self.at += 1;
                }
                b',' | b';' => {
                    self.restart();
                    self.at += 1;
                }
                b' ' | b'\t' | b'\r' | b'\x0c' => self.at += 1,
                _ if is_word(byte) => {
                    self.count(1);
                    while self.peek(0).is_some_and(is_word) {
                        self.at += 1;
                    }
                }
                _ => {
                    self.count(1);
                    self.at += 1;
                }
            }
            if self.total > DEEPEST_CHAIN || self.levels.len() > DEEPEST_BRACKETS {
                return false;
            }
        }
        true
    }

    fn peek(&self, ahead: usize) -> Option<u8> {
        self.bytes.get(self.at + ahead).copied()
    }

    fn count(&mut self, tokens: u32) {
        if let Some(level) = self.levels.last_mut() {
            *level = level.saturating_add(tokens);
        }
        self.total = self.total.saturating_add(tokens);
    }

    fn restart(&mut self) {
        if let Some(level) = self.levels.last_mut() {
            self.total = self.total.saturating_sub(*level);
            *level = 0;
        }
    }

    fn close(&mut self) {
        self.restart();
        if self.levels.len() > 1 {
            self.levels.pop();
        }
    }

    fn comment(&mut self) {
        while self.peek(0).is_some_and(|byte| byte != b'\n') {
            self.at += 1;
        }
    }

    /// Passes a string and returns its braces: in an f-string each may open an expression.
    fn string(&mut self, quote: u8) -> u32 {
        let is_long = self.peek(1) == Some(quote) && self.peek(2) == Some(quote);
        let length = if is_long { 3 } else { 1 };
        self.at += length;
        let mut braces = 0;
        while let Some(byte) = self.peek(0) {
            match byte {
                b'\\' => self.at += 1,
                b'{' => braces += 1,
                b'\n' if !is_long => return braces,
                _ if byte == quote && (!is_long || (self.peek(1) == Some(quote) && self.peek(2) == Some(quote))) => {
                    self.at += length;
                    return braces;
                }
                _ => {}
            }
            self.at += 1;
        }
        braces
    }

    /// Notes the indentation of a line; false when blocks are nested too deep.
    fn indent(&mut self) -> bool {
        let mut width = 0;
        while let Some(byte @ (b' ' | b'\t' | b'\x0c')) = self.peek(width) {
            let _ = byte;
            width += 1;
        }
        if matches!(self.peek(width), Some(b'\n' | b'\r' | b'#') | None) {
            return true;
        }
        while self.indents.last().is_some_and(|last| *last > width) {
            self.indents.pop();
        }
        if self.indents.last().is_none_or(|last| *last < width) {
            self.indents.push(width);
        }
        self.indents.len() <= DEEPEST_BLOCKS
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'.' || byte >= 0x80
}

/// Python itself refuses more than 100 blocks within each other.
const DEEPEST_BLOCKS: usize = 101;
/// Python itself refuses more than 200 open brackets; nobody writes a tenth of them.
const DEEPEST_BRACKETS: usize = 100;
/// Tokens between commas, over all open brackets: a chain of operators nests once for two of them.
const DEEPEST_CHAIN: u32 = 2_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_write_is_shallow_and_what_attackers_write_is_not() {
        let hosts = format!("HOSTS = [{}]", "'a.example',".repeat(50_000));
        let blocks: String = (0..150).map(|depth| format!("{}if x:\n", " ".repeat(depth))).collect();
        let elifs: String = "elif x == 1:\n    y = 2\n".repeat(5_000);
        for (text, shallow) in [
            ("DEBUG = False\n", true),
            (&*hosts, true),
            (&*"X = 1\n".repeat(50_000), true),
            (&*format!("if x:\n    y = 1\n{elifs}"), true),
            ("X = '((((((((((' # ((((((\n", true),
            ("X = '''\n((((((\n'''\n", true),
            (&*"(".repeat(200), false),
            (&*"[(".repeat(100), false),
            (&*"-".repeat(5_000), false),
            (&*format!("X = {}1", "1 + ".repeat(5_000)), false),
            (&*format!("X = {}1", "not ".repeat(5_000)), false),
            (&*format!("X = {}1", "lambda: ".repeat(5_000)), false),
            (&*format!("X = a{}", "(b)".repeat(5_000)), false),
            (&*format!("X = a{}", "[0]".repeat(5_000)), false),
            (&*format!("X = {}1{}", "f'{".repeat(5_000), "}'".repeat(5_000)), false),
            (&*blocks, false),
        ] {
            assert_eq!(is_shallow(text), shallow, "{}", text.chars().take(40).collect::<String>());
        }
    }
}
