//! Parts of a script in which nothing may vary, and whose end must be known for certain: templates, regular
//! expressions and comments.

/// Returns what follows a template (ECMAScript, 12.9.6), with all the code in it; nothing where its end is uncertain.
pub(super) fn template(text: &str) -> Option<&str> {
    nested(text.strip_prefix('`')?, 0)
}

/// Reads on within a template, to its end.
fn nested(mut rest: &str, depth: usize) -> Option<&str> {
    if depth > DEEPEST {
        return None;
    }
    loop {
        let at = rest.find(['`', '\\', '$'])?;
        let (first, after) = (rest.get(at..=at)?, rest.get(at + 1..)?);
        rest = match first {
            "`" => return Some(after),
            "\\" => after.get(after.chars().next()?.len_utf8()..)?,
            _ => after.strip_prefix('{').map_or(Some(after), |code| substitution(code, depth))?,
        };
    }
}

/// Reads code within a template, to its closing bracket.
fn substitution(mut rest: &str, depth: usize) -> Option<&str> {
    let mut open = 0_usize;
    loop {
        let at = rest.find(['{', '}', '"', '\'', '`', '/'])?;
        let (first, after) = (rest.get(at..=at)?, rest.get(at + 1..)?);
        rest = match first {
            "{" => {
                open += 1;
                after
            }
            "}" if open == 0 => return Some(after),
            "}" => {
                open -= 1;
                after
            }
            "`" => nested(after, depth + 1)?,
            "/" => comment(rest.get(at..)?)?,
            quote => super::quoted(rest.get(at..)?, quote.chars().next()?)?.1,
        };
    }
}

/// Returns what follows a regular expression (ECMAScript, 12.9.5); nothing where `before`, the code before it, leaves
/// open whether it is a division.
pub(super) fn regex<'a>(text: &'a str, before: &str) -> Option<&'a str> {
    if !before.trim_end().ends_with(['(', ',', '=', ':', '[', '!', '&', '|', '?', ';']) {
        return None;
    }
    let inner = text.strip_prefix('/')?;
    let (mut is_escaped, mut is_in_class) = (false, false);
    for (at, next) in inner.char_indices() {
        match next {
            '\n' | '\r' | '\u{2028}' | '\u{2029}' => return None,
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            '[' => is_in_class = true,
            ']' => is_in_class = false,
            '/' if !is_in_class => return inner.get(at + 1..),
            _ => {}
        }
    }
    None
}

/// Returns what follows a comment; nothing for a slash that is none.
pub(super) fn comment(text: &str) -> Option<&str> {
    if let Some(line) = text.strip_prefix("//") {
        return Some(line.find('\n').map_or("", |end| line.get(end..).unwrap_or_default()));
    }
    let block = text.strip_prefix("/*")?;
    block.get(block.find("*/")? + 2..)
}

/// Templates in templates in templates are no style of anybody's.
const DEEPEST: usize = 8;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_ends_where_it_ends() {
        for (text, rest) in [
            ("`a` b", Some(" b")),
            ("`a \\` b` c", Some(" c")),
            ("`$ {x}` c", Some(" c")),
            ("`${x}` c", Some(" c")),
            ("`${ {a: \"}`\"} }` c", Some(" c")),
            ("`${ `${y}` /* } */ }` c", Some(" c")),
            ("`${ a / b }` c", None), // or a regular expression
            ("`${x`", None),
            ("`a", None),
            ("`\\", None),
        ] {
            assert_eq!(template(text), rest, "{text}");
        }
        assert_eq!(template(&"`${".repeat(10_000)), None);
    }

    #[test]
    fn a_regular_expression_is_told_from_a_division() {
        for (before, text, rest) in [
            ("x.replace(", "/'/g, 1", Some("g, 1")),
            ("x = ", "/[/'\\]]\\//.y", Some(".y")),
            ("x ", "/ y", None),
            ("f(x) ", "/'/.y", None), // after `if (x)` it is one, after `f(x)` none
            ("x = ", "/a\n/", None),
            ("x = ", "/a", None),
        ] {
            assert_eq!(regex(text, before), rest, "{before}{text}");
        }
    }
}
