//! Texts with macros: `%{tx.score} of %{tx.limit}`, split when rules are loaded.

use crate::compile::names::Names;
use crate::seclang::Problem;
use crate::variable::Variable;

/// A text with macros.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    segments: Box<[Segment]>,
}

/// A part of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Segment {
    /// As it stands.
    Literal(Box<str>),
    /// The first value of a variable with that key.
    Value(Variable, Box<str>),
    /// A variable of `TX`, by its number.
    Slot(u32),
}

impl Template {
    /// Splits a text; a macro of an unknown variable is refused.
    pub(crate) fn parse(text: &str, names: &mut Names) -> Result<Self, Problem> {
        let mut segments = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("%{") {
            let Some((name, next)) = after.split_once('}') else { break };
            if !before.is_empty() {
                segments.push(Segment::Literal(before.into()));
            }
            segments.push(value(name, names)?);
            rest = next;
        }
        if !rest.is_empty() {
            segments.push(Segment::Literal(rest.into()));
        }
        Ok(Self { segments: segments.into() })
    }

    /// Returns a text without macros.
    pub fn literal(&self) -> Option<&str> {
        match &*self.segments {
            [] => Some(""),
            [Segment::Literal(text)] => Some(text),
            _ => None,
        }
    }

    /// Returns the parts.
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }
}

/// Whether an operator's argument holds a macro that is one: expressions may hold `%{` as well.
pub(crate) fn has_macro(text: &str) -> bool {
    text.split("%{").skip(1).any(|after| {
        after.split_once('}').is_some_and(|(name, _)| {
            let name = name.split_once(['.', ':']).map_or(name, |(name, _)| name);
            Variable::find(name.trim()).is_some()
        })
    })
}

fn value(text: &str, names: &mut Names) -> Result<Segment, Problem> {
    let (name, key) = text.split_once(['.', ':']).unwrap_or((text, ""));
    let variable = Variable::find(name.trim()).ok_or_else(|| Problem::UnknownVariable(format!("%{{{text}}}")))?;
    Ok(match variable {
        Variable::Tx if !key.is_empty() => Segment::Slot(names.slot(key)),
        _ => Segment::Value(variable, key.trim().to_ascii_lowercase().into()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_split_at_macros() {
        let mut names = Names::default();
        let mut check = |text: &str| Template::parse(text, &mut names).map(|template| template.segments.to_vec());
        let literal = |text: &str| Segment::Literal(text.into());
        assert_eq!(check("plain %{").unwrap(), [literal("plain %{")]);
        assert_eq!(
            check("a%{MATCHED_VAR}b").unwrap(),
            [literal("a"), Segment::Value(Variable::MatchedVar, "".into()), literal("b")]
        );
        assert_eq!(check("%{TX.Score}").unwrap(), check("%{tx.score}").unwrap());
        assert!(check("%{nothing}").is_err());
    }

    #[test]
    fn expressions_are_no_macros() {
        for (text, expected) in [("%{tx.a}", true), ("%{remote_addr}", true), (r"%{[^}]*}", false), ("a%", false)] {
            assert_eq!(has_macro(text), expected, "{text}");
        }
    }
}
