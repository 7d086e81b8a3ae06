//! A structured field that holds a token (RFC 9651, 3.3).

use sfv::{BareItem, Item, Parser};

/// Returns the token, whatever its parameters; nothing where the value is anything else.
pub(super) fn token(value: &str) -> Option<String> {
    let item: Item = Parser::new(value).parse().ok()?;
    match item.bare_item {
        BareItem::Token(token) => Some(token.as_str().to_owned()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_one_token_counts() {
        for (value, found) in [
            ("same-origin", Some("same-origin")),
            ("same-origin; report-to=\"x\"", Some("same-origin")),
            ("\"same-origin\"", None),
            ("same-origin, same-origin", None),
            ("same-origin;", None),
            ("Same-Origin", Some("Same-Origin")),
            ("", None),
        ] {
            assert_eq!(token(value).as_deref(), found, "{value}");
        }
    }
}
