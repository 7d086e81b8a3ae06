//! From a regular expression of `allowed_hosts` to the host patterns that it means.
//!
//! KrakenD writes `^` and `$` around it and no group: an alternative is open at one end, and a dot is any character.
//! What is carried over is what was meant, and never more.

/// What a part of an expression may stand for; a star is any text.
type Texts = Vec<String>;

/// Returns the patterns, `*` for every host; nothing, where an expression is of no usual form.
pub(super) fn of(regex: &str) -> Option<Vec<String>> {
    let regex = regex.strip_prefix("(?i)").unwrap_or(regex);
    let characters: Vec<char> = regex.chars().take(LONGEST).collect();
    let mut parser = Parser { characters: &characters, at: 0 };
    let texts = parser.alternatives(0)?;
    if parser.at < characters.len() {
        return None;
    }
    let mut patterns = Vec::new();
    for text in texts {
        for pattern in pattern(&text)? {
            if !patterns.contains(&pattern) {
                patterns.push(pattern);
            }
        }
    }
    Some(patterns)
}

/// Returns the patterns of one text with stars.
fn pattern(text: &str) -> Option<Vec<String>> {
    // A host stands for its name on any port.
    let text = text.strip_suffix(":*").unwrap_or(text).to_ascii_lowercase();
    match text.strip_prefix('*') {
        None if text.contains('*') => None,
        None => Some(vec![text]),
        Some("") => Some(vec!["*".to_owned()]),
        Some(rest) if rest.contains('*') => None,
        Some(rest) if rest.starts_with('.') => Some(vec![text]),
        // Whatever stands before the name without a dot is another name.
        Some(rest) => Some(vec![rest.to_owned(), format!("*.{rest}")]),
    }
}

struct Parser<'a> {
    characters: &'a [char],
    at: usize,
}

impl Parser<'_> {
    fn alternatives(&mut self, depth: u8) -> Option<Texts> {
        let mut all = self.sequence(depth)?;
        while self.take('|') {
            all.extend(self.sequence(depth)?);
        }
        (all.len() <= MOST).then_some(all)
    }

    fn sequence(&mut self, depth: u8) -> Option<Texts> {
        let mut all = vec![String::new()];
        while let Some(character) = self.peek().filter(|character| !matches!(character, '|' | ')')) {
            self.at += 1;
            let part = match character {
                '^' | '$' => continue,
                '(' if depth < DEEPEST => {
                    if self.take('?') && !self.take(':') {
                        return None;
                    }
                    let inner = self.alternatives(depth + 1)?;
                    if !self.take(')') {
                        return None;
                    }
                    self.repeated(inner, true)?
                }
                '[' => self.class()?,
                '.' if self.is_many() => vec!["*".to_owned()],
                // Behind `^`, a star repeats nothing, so that what follows is open to the left.
                '*' if all.iter().all(String::is_empty) => vec!["*".to_owned()],
                '\\' => self.escaped()?,
                character if character.is_ascii_alphanumeric() || matches!(character, '.' | '-' | ':') => {
                    self.repeated(vec![character.to_string()], false)?
                }
                _ => return None,
            };
            all = joined(&all, &part)?;
        }
        Some(all)
    }

    /// What stands behind a backslash.
    fn escaped(&mut self) -> Option<Texts> {
        let character = self.peek()?;
        self.at += 1;
        match character {
            'A' | 'z' | 'b' => Some(vec![String::new()]),
            'd' | 'w' | 'S' if self.is_many() => Some(vec!["*".to_owned()]),
            '.' | '-' | ':' => self.repeated(vec![character.to_string()], false),
            _ => None,
        }
    }

    /// A class of characters: one alone, or any text.
    fn class(&mut self) -> Option<Texts> {
        let start = self.at;
        let length = self.characters.get(start + 1..)?.iter().position(|character| *character == ']')? + 1;
        let inner = self.characters.get(start..start + length)?;
        self.at = start + length + 1;
        if self.is_many() {
            return Some(vec!["*".to_owned()]);
        }
        match inner {
            [single @ ('.' | '-' | ':')] => Some(vec![single.to_string()]),
            _ => None,
        }
    }

    /// A part, or none of it where a question mark follows; a group may come often.
    fn repeated(&mut self, mut part: Texts, is_group: bool) -> Option<Texts> {
        match self.peek() {
            Some('?') => part.push(String::new()),
            Some('*') if is_group && part.iter().all(|text| text.starts_with('*')) => part.push(String::new()),
            Some('+') if is_group && part.iter().all(|text| text.starts_with('*')) => {}
            Some('*' | '+' | '{') => return None,
            _ => return Some(part),
        }
        self.at += 1;
        Some(part)
    }

    /// Whether what was read may come more than once, any number of times.
    fn is_many(&mut self) -> bool {
        let is_many = match self.peek() {
            Some('*' | '+') => true,
            Some('{') => {
                let rest = self.characters.get(self.at..).unwrap_or_default();
                let Some(length) = rest.iter().position(|character| *character == '}') else { return false };
                self.at += length;
                true
            }
            _ => false,
        };
        if is_many {
            self.at += 1;
            // One that takes as little as it can takes the same in the end.
            self.take('?');
        }
        is_many
    }

    fn peek(&self) -> Option<char> {
        self.characters.get(self.at).copied()
    }

    fn take(&mut self, character: char) -> bool {
        let is_next = self.peek() == Some(character);
        self.at += usize::from(is_next);
        is_next
    }
}

fn joined(first: &Texts, second: &Texts) -> Option<Texts> {
    if first.len() * second.len() > MOST {
        return None;
    }
    let join = |start: &String, end: &String| {
        let end = if start.ends_with('*') { end.trim_start_matches('*') } else { end };
        format!("{start}{end}")
    };
    Some(first.iter().flat_map(|start| second.iter().map(move |end| join(start, end))).collect())
}

/// More than a person writes into one expression.
const MOST: usize = 64;
const LONGEST: usize = 1_000;
const DEEPEST: u8 = 10;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usual_regular_expressions_are_patterns() {
        for (regex, patterns) in [
            (r".*\.example\.org", Some(vec!["*.example.org"])),
            (r"*\.example\.com", Some(vec!["*.example.com"])),
            (r"api\.example\.org", Some(vec!["api.example.org"])),
            (r"API.example.org", Some(vec!["api.example.org"])),
            (r"^api\.example\.org:8080$", Some(vec!["api.example.org:8080"])),
            (r"^api\.example\.org(:\d+)?$", Some(vec!["api.example.org"])),
            (r"(api|www)\.example\.org", Some(vec!["api.example.org", "www.example.org"])),
            (r"api\.example\.org|b\.example\.org", Some(vec!["api.example.org", "b.example.org"])),
            (r"([a-z0-9-]+\.)?example\.org", Some(vec!["*.example.org", "example.org"])),
            (r"(?:.+\.)*example\.org", Some(vec!["*.example.org", "example.org"])),
            (r"[^.]+[.]example[.]org", Some(vec!["*.example.org"])),
            (r"(?i)\w+\.example\.org", Some(vec!["*.example.org"])),
            (r"[a-z]{2,5}\.example\.org", Some(vec!["*.example.org"])),
            (r".*example\.org", Some(vec!["example.org", "*.example.org"])),
            (r"(.*)\.example\.org", Some(vec!["*.example.org"])),
            (r".*", Some(vec!["*"])),
            (r"example\.(com|org)", Some(vec!["example.com", "example.org"])),
            (r"a|b", Some(vec!["a", "b"])),
            (r".*sub\..+-awesome-example\.com", None),
            (r"api[0-9]\.example\.org", None),
            (r"example\.[a-z]+", None),
            (r"ab+c", None),
            (r"(a", None),
            (r"a)", None),
            (r"[a", None),
            (r"\", None),
            (r"(?P<x>a)", None),
            (&"(".repeat(100), None),
            (&"(a|b)".repeat(20), None),
        ] {
            let found = of(regex);
            let found = found.as_ref().map(|found| found.iter().map(String::as_str).collect::<Vec<_>>());
            assert_eq!(found, patterns, "{regex}");
        }
    }
}
