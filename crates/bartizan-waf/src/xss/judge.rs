//! The verdict on a value.

use super::address::runs_script;
use super::html::{Kind, State, Tokens};
use super::names::{Attribute, attribute, is_active_tag, is_same};

/// Whether the value runs script somewhere in a page.
pub fn detect(value: &[u8]) -> bool {
    let has_tag = memchr::memchr(b'<', value).is_some();
    let has_value = memchr::memchr(b'=', value).is_some();
    if !has_tag && !has_value {
        return false;
    }
    PLACES.iter().any(|&place| (place != State::Data || has_tag) && runs(value, place))
}

/// Where a page puts values.
const PLACES: &[State] =
    &[State::Data, State::BeforeAttributeName, State::Quoted(b'\''), State::Quoted(b'"'), State::Quoted(b'`')];

fn runs(value: &[u8], place: State) -> bool {
    let mut tokens = Tokens::new(value, place);
    let mut current = Attribute::Plain;
    while let Some(token) = tokens.next() {
        let rest = value.get(token.start..).unwrap_or_default();
        let text = rest.get(..token.length).unwrap_or_default();
        let before = std::mem::replace(&mut current, Attribute::Plain);
        let is_active = match token.kind {
            Kind::Doctype => true,
            Kind::TagNameOpen => is_active_tag(text),
            Kind::AttributeName => {
                current = attribute(text);
                false
            }
            Kind::AttributeValue => match before {
                Attribute::Plain => false,
                Attribute::Script | Attribute::Style => true,
                Attribute::Address => runs_script(rest, token.length),
                Attribute::Name => attribute(text) != Attribute::Plain,
            },
            Kind::Comment => is_active_comment(text),
            Kind::TagClose | Kind::TagNameClose | Kind::Text => false,
        };
        if is_active {
            return true;
        }
    }
    false
}

/// Comments that Internet Explorer reads, and declarations of XML.
fn is_active_comment(text: &[u8]) -> bool {
    let begins = |name: &str| text.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name.as_bytes()));
    let names = |name: &str| text.get(..name.len()).is_some_and(|start| is_same(name, start));
    memchr::memchr(b'`', text).is_some()
        || text.len() > 3 && (begins("[IF") || begins("XML"))
        || text.len() > 5 && (names("IMPORT") || names("ENTITY"))
}

#[cfg(test)]
mod tests {
    use super::detect;

    #[test]
    fn script_is_found_wherever_a_page_puts_the_value() {
        for (value, runs) in [
            ("<script>alert(1)</script>", true),
            ("<a href=\"javascript:alert(1)\">", true),
            ("<a href=\"&#x6a;avascript:alert(1)\">", true),
            ("<a href=\"https://a.example/\">", false),
            ("\" onmouseover=alert(1) x=\"", true),
            ("' style='x", true),
            ("<b title=\"load=1\">", false),
            ("<!--[if IE]>", true),
            ("<!-- note -->", false),
            ("<p>1 < 2 and a = b</p>", false),
            ("a = b", false),
            ("", false),
        ] {
            assert_eq!(detect(value.as_bytes()), runs, "{value}");
        }
    }
}
