//! The map of `SecUnicodeMapFile`: which byte of a code page stands for a code point.

use std::collections::BTreeMap;

/// Bytes of one code page by code point.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UnicodeMap(BTreeMap<u16, u8>);

/// Why a file is no map.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum UnicodeMapError {
    /// The file has no section for the code page.
    #[error("code page {code_page} is not in the file")]
    Missing {
        /// The page asked for.
        code_page: u32,
    },
    /// A pair of the section is not `code point:byte` in hexadecimal digits.
    #[error("line {line}: {pair} is not a pair of numbers")]
    Pair {
        /// The line, from one.
        line: usize,
        /// What stands there.
        pair: String,
    },
}

impl UnicodeMap {
    /// Reads the section of a code page: a line that begins with its number, then lines of pairs `00a1:21`.
    pub fn parse(text: &str, code_page: u32) -> Result<Self, UnicodeMapError> {
        let mut map = BTreeMap::new();
        let mut is_section = false;
        let mut is_found = false;
        for (line, content) in text.lines().enumerate() {
            let content = content.trim();
            if content.starts_with('#') {
                continue;
            }
            if !content.contains(':') {
                if let Some(page) = content.split_whitespace().next().and_then(|word| word.parse::<u32>().ok()) {
                    is_section = page == code_page;
                    is_found |= is_section;
                }
                continue;
            }
            if !is_section {
                continue;
            }
            for pair in content.split_whitespace() {
                let numbers = pair.split_once(':').and_then(|(code_point, byte)| {
                    Some((u16::from_str_radix(code_point, 16).ok()?, u8::from_str_radix(byte, 16).ok()?))
                });
                let Some((code_point, byte)) = numbers else {
                    return Err(UnicodeMapError::Pair { line: line + 1, pair: pair.to_owned() });
                };
                map.insert(code_point, byte);
            }
        }
        if is_found { Ok(Self(map)) } else { Err(UnicodeMapError::Missing { code_page }) }
    }

    /// The byte for a code point.
    pub fn byte(&self, code_point: u16) -> Option<u8> {
        self.0.get(&code_point).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::{UnicodeMap, UnicodeMapError};

    #[test]
    fn only_the_page_asked_for_is_read() {
        let text = "# maps\n1250  (ANSI)\n00a1:21 00a2:63\n\n20127 (US-ASCII)\n00a1:22\n";
        assert_eq!(UnicodeMap::parse(text, 20127).map(|map| (map.byte(0xa1), map.byte(0xa2))), Ok((Some(0x22), None)));
        assert_eq!(UnicodeMap::parse(text, 1250).map(|map| map.byte(0xa2)), Ok(Some(0x63)));
        assert_eq!(UnicodeMap::parse(text, 1), Err(UnicodeMapError::Missing { code_page: 1 }));
        let wrong = UnicodeMapError::Pair { line: 2, pair: "00a1:zz".to_owned() };
        assert_eq!(UnicodeMap::parse("1\n00a1:zz", 1), Err(wrong));
    }
}
