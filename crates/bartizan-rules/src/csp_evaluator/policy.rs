//! A policy as csp_evaluator reads it: names in lower case, values once each, a comma without meaning.

use super::words::{FETCH, STRICT_DYNAMIC, is_hash, is_keyword, is_nonce, is_scheme};

/// Directives and their values, in the order in which they are reported.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Policy {
    pub(super) directives: Vec<(String, Vec<String>)>,
}

impl Policy {
    pub(super) fn parse(text: &str) -> Self {
        let mut policy = Self::default();
        for part in text.split(';') {
            let mut words = part.split(is_blank).filter(|word| !word.is_empty());
            let Some(name) = words.next().map(str::to_lowercase) else { continue };
            if policy.has(&name) || NEVER_STORED.contains(&name.as_str()) {
                continue;
            }
            let mut values: Vec<String> = Vec::new();
            for word in words {
                let value = normal(word);
                if !values.contains(&value) {
                    values.push(value);
                }
            }
            policy.directives.push((name, values));
        }
        // An object of JavaScript lists the names that are numbers first, smallest first.
        policy.directives.sort_by_key(|(name, _)| index(name).map_or((1, 0), |number| (0, number)));
        policy
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.directives.iter().any(|(known, _)| known == name)
    }

    /// Returns the values of a directive, without any fallback.
    pub(super) fn values(&self, name: &str) -> &[String] {
        self.directives.iter().find(|(known, _)| known == name).map_or(&[], |(_, values)| values)
    }

    pub(super) fn values_mut(&mut self, name: &str) -> Option<&mut Vec<String>> {
        self.directives.iter_mut().find(|(known, _)| known == name).map(|(_, values)| values)
    }

    /// Returns the directive that speaks for this one.
    pub(super) fn speaker<'a>(&self, name: &'a str) -> &'a str {
        let parent = match name {
            "script-src-attr" | "script-src-elem" => "script-src",
            "style-src-attr" | "style-src-elem" => "style-src",
            _ => name,
        };
        [name, parent]
            .into_iter()
            .find(|name| self.has(name))
            .unwrap_or_else(|| if FETCH.contains(&name) { "default-src" } else { name })
    }

    /// Returns the directives that speak for these, each once.
    pub(super) fn speakers<'a>(&self, names: &[&'a str]) -> Vec<&'a str> {
        let mut speakers = Vec::new();
        for name in names {
            let speaker = self.speaker(name);
            if !speakers.contains(&speaker) {
                speakers.push(speaker);
            }
        }
        speakers
    }

    /// Whether a value of the directive that speaks for scripts is a nonce.
    pub(super) fn has_nonce(&self, name: &str) -> bool {
        self.values(self.speaker(name)).iter().any(|value| is_nonce(value))
    }

    /// Whether a value of the directive that speaks for scripts is a hash.
    pub(super) fn has_hash(&self, name: &str) -> bool {
        self.values(self.speaker(name)).iter().any(|value| is_hash(value))
    }

    pub(super) fn has_strict_dynamic(&self, name: &str) -> bool {
        self.values(self.speaker(name)).iter().any(|value| value == STRICT_DYNAMIC)
    }
}

/// Keywords and bare schemes have no case; everything else keeps its own.
fn normal(word: &str) -> String {
    let lower = word.to_lowercase();
    if is_keyword(&lower) || is_scheme(word) { lower } else { word.to_owned() }
}

/// What JavaScript takes for a blank.
const fn is_blank(character: char) -> bool {
    matches!(
        character,
        '\t'..='\r'
            | ' '
            | '\u{a0}'
            | '\u{1680}'
            | '\u{2000}'..='\u{200a}'
            | '\u{2028}'
            | '\u{2029}'
            | '\u{202f}'
            | '\u{205f}'
            | '\u{3000}'
            | '\u{feff}'
    )
}

/// The number that a name is, where JavaScript would sort by it.
fn index(name: &str) -> Option<u32> {
    let number: u32 = name.parse().ok()?;
    (number.to_string() == name && number < u32::MAX).then_some(number)
}

/// Names that every object of JavaScript has already, so that a directive of that name seems to be its second.
const NEVER_STORED: &[&str] = &["constructor", "__proto__"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn policies_are_read_leniently() {
        let policy = Policy::parse("Script-Src 'SELF' HTTPS: A.example 'self'; ;script-src x; 7 y; img-src");
        let directives: Vec<_> =
            policy.directives.iter().map(|(name, values)| format!("{name} {}", values.join(" "))).collect();
        assert_eq!(directives, ["7 y", "script-src 'self' https: A.example", "img-src "]);
    }

    #[test]
    fn parents_speak_before_the_default() {
        let policy = Policy::parse("default-src a; script-src b");
        for (name, speaker) in [
            ("script-src-elem", "script-src"),
            ("style-src-elem", "default-src"),
            ("prefetch-src", "prefetch-src"),
            ("base-uri", "base-uri"),
        ] {
            assert_eq!(policy.speaker(name), speaker, "{name}");
        }
    }
}
