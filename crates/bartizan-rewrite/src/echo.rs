//! What a page repeats from the address that it was asked for: whoever wrote the address wrote that, not the site.
//!
//! Such code is never learnt. Otherwise a few visits to a page that repeats its query would make an attacker's script
//! one of the site's own.

use percent_encoding::percent_decode_str;
use url::Url;

/// The parts of an address that a page may repeat.
#[derive(Debug, Default)]
pub(crate) struct Echo(Vec<String>);

impl Echo {
    /// Returns what stands in an address.
    pub(crate) fn of(url: &Url) -> Self {
        let path = percent_decode_str(url.path()).decode_utf8_lossy().into_owned();
        let values = url.query_pairs().flat_map(|(name, value)| [name.into_owned(), value.into_owned()]);
        let parts = std::iter::once(path).chain(values.take(MOST)).filter(|part| part.len() >= SHORTEST);
        Self(parts.collect())
    }

    /// Whether code stands in the address, or a part of the address that could be code stands in it.
    pub(crate) fn holds(&self, code: &str) -> bool {
        let code = code.trim();
        let is_part = |part: &String| part.contains(code) || (is_like_code(part) && code.contains(part.as_str()));
        !code.is_empty() && self.0.iter().any(is_part)
    }
}

/// Words and numbers in a script are values of the app's; what runs needs more than letters.
fn is_like_code(part: &str) -> bool {
    part.contains(['(', ')', '=', ';', '`', '<', '>', '"', '\'', '{', '\\'])
}

/// Shorter parts are numbers and words, and no code.
const SHORTEST: usize = 4;

/// Forms have fewer fields.
const MOST: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_address_says_is_no_word_of_the_site() {
        for (address, code, is_echo) in [
            ("https://a.example/?q=%3Cscript%3Esteal()%3C/script%3E", "steal()", true),
            ("https://a.example/?q=%3Cscript%3Esteal()%3C/script%3E", "start()", false),
            ("https://a.example/?q=x%22;steal()//", "var q = \"x\";steal()//\"", true), // within a script of the app's
            ("https://a.example/?q=settings", "open('settings')", false),               // a value
            ("https://a.example/%3Cscript%3Esteal()%3C/script%3E", "steal()", true),
            ("https://a.example/?next=//evil.example/x.js", "//evil.example/x.js", true),
            ("https://a.example/", "", false),
        ] {
            assert_eq!(Echo::of(&Url::parse(address).unwrap()).holds(code), is_echo, "{address} {code}");
        }
    }
}
