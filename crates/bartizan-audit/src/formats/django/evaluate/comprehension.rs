//! Comprehensions: loops within an expression, with names of their own.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use ruff_python_ast::{Comprehension, Expr, ExprDictComp};

use super::super::value::Value;
use super::{Machine, Outcome, Scope};

impl Machine<'_> {
    pub(super) fn comprehend(
        &mut self,
        element: &Expr,
        generators: &[Comprehension],
        scope: &mut Scope,
    ) -> Outcome<Vec<Value>> {
        let mut items = Vec::new();
        let mut inner = Self::inner(scope);
        self.generate(generators, &mut inner, &mut |machine, inner| {
            if let Expr::Starred(starred) = element {
                let value = machine.expression(&starred.value, inner)?;
                items.extend(machine.items(&value, value.origin)?.unwrap_or_default());
            } else {
                items.push(machine.expression(element, inner)?);
            }
            Ok(())
        })?;
        Ok(items)
    }

    pub(super) fn comprehend_entries(
        &mut self,
        comprehension: &ExprDictComp,
        scope: &mut Scope,
    ) -> Outcome<Vec<(Value, Value)>> {
        let mut entries = Vec::new();
        let mut inner = Self::inner(scope);
        self.generate(&comprehension.generators, &mut inner, &mut |machine, inner| {
            let value = machine.expression(&comprehension.value, inner)?;
            match &comprehension.key {
                Some(key) => entries.push((machine.expression(key, inner)?, value)),
                None => entries.extend(machine.entries(&value)?.unwrap_or_default()),
            }
            Ok(())
        })?;
        Ok(entries)
    }

    fn generate(
        &mut self,
        generators: &[Comprehension],
        scope: &mut Scope,
        act: &mut dyn FnMut(&mut Self, &mut Scope) -> Outcome<()>,
    ) -> Outcome<()> {
        let Some((first, rest)) = generators.split_first() else { return act(self, scope) };
        let iterable = self.expression(&first.iter, scope)?;
        let at = scope.span(&first.iter);
        let items = match self.items(&iterable, at)? {
            Some(items) => items,
            None if self.world.decide(&format!("any {}", iterable.label()), &iterable.variables) => {
                vec![Value::unknown(format!("item of {}", iterable.label()), at).from(&iterable.variables)]
            }
            None => Vec::new(),
        };
        'items: for item in items {
            self.assign(&first.target, item, scope, at)?;
            for condition in &first.ifs {
                let value = self.expression(condition, scope)?;
                if !self.truth(&value)? {
                    continue 'items;
                }
            }
            self.deeper(|machine| machine.generate(rest, scope, act))?;
        }
        Ok(())
    }

    /// Returns a scope for the names of a comprehension, which nothing outside sees.
    fn inner(scope: &Scope) -> Scope {
        let mut inner = scope.clone();
        if let Some(locals) = inner.locals.take() {
            inner.enclosing.push(locals);
        }
        inner.locals = Some(Rc::new(RefCell::new(BTreeMap::new())));
        inner.globals.clear();
        inner.nonlocals.clear();
        inner
    }
}
