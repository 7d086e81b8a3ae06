//! `match`: which pattern a value fits, and what it binds.

use ruff_python_ast::{Pattern, Singleton};

use super::super::value::{Kind, Value};
use super::{Machine, Outcome, Scope};

impl Machine<'_> {
    pub(super) fn matches(&mut self, pattern: &Pattern, subject: &Value, scope: &mut Scope) -> Outcome<bool> {
        self.deeper(|machine| machine.fits(pattern, subject, scope))
    }

    fn fits(&mut self, pattern: &Pattern, subject: &Value, scope: &mut Scope) -> Outcome<bool> {
        let at = scope.span(pattern);
        match pattern {
            Pattern::MatchValue(value) => {
                let value = self.expression(&value.value, scope)?;
                self.compare(ruff_python_ast::CmpOp::Eq, subject, &value, at)
            }
            Pattern::MatchSingleton(singleton) => {
                let kind = match singleton.value {
                    Singleton::None => Kind::None,
                    Singleton::True => Kind::Bool(true),
                    Singleton::False => Kind::Bool(false),
                };
                self.compare(ruff_python_ast::CmpOp::Is, subject, &Value::new(kind, at), at)
            }
            Pattern::MatchAs(named) => {
                if let Some(inner) = &named.pattern
                    && !self.matches(inner, subject, scope)?
                {
                    return Ok(false);
                }
                if let Some(name) = &named.name {
                    scope.bind(name, subject.clone(), at);
                }
                Ok(true)
            }
            Pattern::MatchOr(alternatives) => {
                for alternative in &alternatives.patterns {
                    if self.matches(alternative, subject, scope)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            Pattern::MatchSequence(sequence) => {
                if subject.is_unknown() {
                    return Ok(self.world.decide(&format!("{} fits", subject.label()), &subject.variables));
                }
                if !matches!(subject.kind, Kind::List(_) | Kind::Tuple(_)) {
                    return Ok(false);
                }
                let items = self.items(subject, at)?.unwrap_or_default();
                let star = sequence.patterns.iter().position(|pattern| matches!(pattern, Pattern::MatchStar(_)));
                let least = sequence.patterns.len() - usize::from(star.is_some());
                if items.len() < least || (star.is_none() && items.len() != least) {
                    return Ok(false);
                }
                let mut items = items.into_iter();
                let extra = items.len() - least;
                for pattern in &sequence.patterns {
                    if let Pattern::MatchStar(rest) = pattern {
                        let taken: Vec<Value> = items.by_ref().take(extra).collect();
                        if let Some(name) = &rest.name {
                            scope.bind(name, Value::list(taken, at), at);
                        }
                    } else {
                        let Some(item) = items.next() else { return Ok(false) };
                        if !self.matches(pattern, &item, scope)? {
                            return Ok(false);
                        }
                    }
                }
                Ok(true)
            }
            Pattern::MatchMapping(mapping) => {
                let Kind::Dict(dict) = &subject.kind else {
                    return Ok(subject.is_unknown() && self.world.decide(&subject.label(), &subject.variables));
                };
                let entries = dict.borrow().entries.clone();
                let keys: Vec<Value> = entries.iter().map(|(key, _)| key.clone()).collect();
                let mut taken = Vec::new();
                for (key, pattern) in mapping.keys.iter().zip(&mapping.patterns) {
                    let key = self.expression(key, scope)?;
                    let found = self.position(&keys, &key)?.and_then(|index| entries.get(index));
                    let Some((_, value)) = found else { return Ok(false) };
                    if !self.matches(pattern, value, scope)? {
                        return Ok(false);
                    }
                    taken.push(key);
                }
                if let Some(rest) = &mapping.rest {
                    let mut left = Vec::new();
                    for (key, value) in entries {
                        if self.position(&taken, &key)?.is_none() {
                            left.push((key, value));
                        }
                    }
                    scope.bind(rest, Value::dict(left, at), at);
                }
                Ok(true)
            }
            Pattern::MatchClass(pattern) => {
                let class = self.expression(&pattern.cls, scope)?;
                let is_one = match self.is_instance(subject, &class) {
                    Some(answer) => answer,
                    None => {
                        let label = format!("{} is a {}", subject.label(), class.label());
                        self.world.decide(&label, &subject.variables)
                    }
                };
                if !is_one {
                    return Ok(false);
                }
                // Python's own types bind the subject itself (PEP 634, class patterns).
                for inner in &pattern.arguments.patterns {
                    if !self.matches(inner, subject, scope)? {
                        return Ok(false);
                    }
                }
                for keyword in &pattern.arguments.keywords {
                    let value = self.attribute(subject, &keyword.attr, at)?;
                    if !self.matches(&keyword.pattern, &value, scope)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            Pattern::MatchStar(_) => Ok(true),
        }
    }
}
