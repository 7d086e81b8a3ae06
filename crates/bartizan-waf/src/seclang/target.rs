//! The second word of `SecRule`: which values a rule looks at.

use super::Problem;
use crate::variable::{self, Variable};

/// What a rule does with a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// `&`: looks at how many values there are.
    Count,
    /// `!`: leaves the values out that others would bring.
    Exclude,
    /// Looks at each value.
    Inspect,
}

/// Which values of a collection.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Selector {
    /// All.
    All,
    /// Those with this key, in lower case: keys are compared without case.
    Key(String),
    /// Those whose key this expression finds.
    Pattern(String),
}

/// One target.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Target {
    /// What the rule does with it.
    pub role: Role,
    /// The variable.
    pub variable: Variable,
    /// Which of its values.
    pub selector: Selector,
}

/// Reads targets separated by `|` or `,`.
pub fn parse(text: &str) -> Result<Vec<Target>, Problem> {
    let mut targets = Vec::new();
    let mut rest = text.trim();
    loop {
        let (target, after) = one(rest)?;
        targets.push(target);
        if targets.len() > MAX_TARGETS {
            return Err(Problem::Limit { what: "targets", limit: MAX_TARGETS });
        }
        rest = after.trim_start();
        match rest.strip_prefix(['|', ',']) {
            Some(next) => rest = next.trim_start(),
            None if rest.is_empty() => return Ok(targets),
            None => return Err(Problem::UnknownVariable(rest.to_owned())),
        }
    }
}

fn one(text: &str) -> Result<(Target, &str), Problem> {
    let (role, text) = match text.as_bytes().first() {
        Some(b'!') => (Role::Exclude, &text[1..]),
        Some(b'&') => (Role::Count, &text[1..]),
        _ => (Role::Inspect, text),
    };
    let end = text.find(|char: char| !char.is_ascii_alphanumeric() && char != '_').unwrap_or(text.len());
    let name = &text[..end];
    if let Some((name, reason)) = variable::REFUSED.iter().find(|(refused, _)| refused.eq_ignore_ascii_case(name)) {
        return Err(Problem::Unsupported { what: (*name).to_owned(), reason });
    }
    let variable = Variable::find(name).ok_or_else(|| Problem::UnknownVariable(name.to_owned()))?;
    let (selector, rest) = match text[end..].strip_prefix([':', '.']) {
        Some(after) => selector(variable, after)?,
        None => (Selector::All, &text[end..]),
    };
    if variable.is_scalar() && selector != Selector::All {
        return Err(Problem::UnknownVariable(text.to_owned()));
    }
    if variable == Variable::Xml && !matches!(&selector, Selector::Key(path) if path == "/*" || path == "//@*") {
        return Err(Problem::Unsupported {
            what: format!("XML:{selector:?}"),
            reason: "of XPath, only /* and //@* are",
        });
    }
    Ok((Target { role, variable, selector }, rest))
}

fn selector(variable: Variable, text: &str) -> Result<(Selector, &str), Problem> {
    if let Some(quoted) = text.strip_prefix('\'') {
        let end = unescaped(quoted, '\'').ok_or(Problem::UnclosedQuote)?;
        let (inside, rest) = (&quoted[..end], &quoted[end + 1..]);
        let pattern = inside.strip_prefix('/').and_then(|inside| inside.strip_suffix('/'));
        let selector = match pattern {
            Some(pattern) => Selector::Pattern(pattern.replace("\\/", "/")),
            None => Selector::Key(inside.to_ascii_lowercase()),
        };
        return Ok((selector, rest));
    }
    // An XPath begins with a slash and is no expression.
    if let Some(pattern) = text.strip_prefix('/')
        && variable != Variable::Xml
    {
        let end = unescaped(pattern, '/').ok_or(Problem::UnclosedQuote)?;
        return Ok((Selector::Pattern(pattern[..end].replace("\\/", "/")), &pattern[end + 1..]));
    }
    let end = text.find(['|', ',']).unwrap_or(text.len());
    let key = text[..end].trim_end();
    if key.is_empty() {
        return Err(Problem::UnknownVariable(format!("{}:", variable.name())));
    }
    Ok((Selector::Key(key.to_ascii_lowercase()), &text[end..]))
}

fn unescaped(text: &str, mark: char) -> Option<usize> {
    let mut is_escaped = false;
    text.char_indices().find_map(|(at, char)| {
        let is_mark = char == mark && !is_escaped;
        is_escaped = char == '\\' && !is_escaped;
        is_mark.then_some(at)
    })
}

/// Rules of CRS have some thirty; what is longer was not written by a person.
const MAX_TARGETS: usize = 2_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_read() {
        use Role::{Count, Exclude, Inspect};
        let key = |key: &str| Selector::Key(key.to_owned());
        for (text, expected) in [
            ("ARGS", vec![(Inspect, Variable::Args, Selector::All)]),
            (
                "args:Foo|!ARGS:/a\\/b|c/",
                vec![
                    (Inspect, Variable::Args, key("foo")),
                    (Exclude, Variable::Args, Selector::Pattern("a/b|c".to_owned())),
                ],
            ),
            ("&TX:x", vec![(Count, Variable::Tx, key("x"))]),
            ("XML:/*|XML://@*", vec![(Inspect, Variable::Xml, key("/*")), (Inspect, Variable::Xml, key("//@*"))]),
            ("ARGS:'/a|b/'", vec![(Inspect, Variable::Args, Selector::Pattern("a|b".to_owned()))]),
        ] {
            let targets = parse(text).unwrap();
            let targets: Vec<_> = targets.into_iter().map(|it| (it.role, it.variable, it.selector)).collect();
            assert_eq!(targets, expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_target_is_refused() {
        for text in
            ["", "ARG", "ARGS|", "ARGS:", "ARGS:/a", "ARGS:'a", "QUERY_STRING:a", "XML", "XML:/a/b", "GEO", "ARGS ARGS"]
        {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
