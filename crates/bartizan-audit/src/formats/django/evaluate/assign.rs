//! Assignment: to names, in unpacking, to elements and attributes; and its opposite.

use ruff_python_ast::{Expr, StmtAugAssign};

use super::super::value::{Binding, Kind, Span, Value};
use super::{Machine, Outcome, Scope};

impl Machine<'_> {
    pub(super) fn assign(&mut self, target: &Expr, value: Value, scope: &mut Scope, by: Span) -> Outcome<()> {
        self.deeper(|machine| match target {
            Expr::Name(name) => {
                scope.bind(&name.id, value, by);
                Ok(())
            }
            Expr::Tuple(tuple) => machine.unpack(&tuple.elts, &value, scope, by),
            Expr::List(list) => machine.unpack(&list.elts, &value, scope, by),
            Expr::Starred(starred) => machine.assign(&starred.value, value, scope, by),
            Expr::Attribute(attribute) => {
                let object = machine.expression(&attribute.value, scope)?;
                machine.set_attribute(&object, &attribute.attr, value, by);
                Ok(())
            }
            Expr::Subscript(subscript) => {
                let object = machine.expression(&subscript.value, scope)?;
                if let Expr::Slice(slice) = &*subscript.slice {
                    let bounds = machine.slice(slice, scope)?;
                    return machine.set_slice(&object, bounds, &value, by);
                }
                let key = machine.expression(&subscript.slice, scope)?;
                machine.set_item(&object, key, value, by)
            }
            _ => Ok(()),
        })
    }

    fn unpack(&mut self, targets: &[Expr], value: &Value, scope: &mut Scope, by: Span) -> Outcome<()> {
        let Some(items) = self.items(value, by)? else {
            for target in targets {
                let part = Value::unknown(format!("part of {}", value.label()), by).from(&value.variables);
                let part = if matches!(target, Expr::Starred(_)) { Value::list(vec![part], by) } else { part };
                self.assign(target, part, scope, by)?;
            }
            return Ok(());
        };
        let star = targets.iter().position(|target| matches!(target, Expr::Starred(_)));
        let Some(star) = star else {
            if items.len() != targets.len() {
                let problem = if items.len() > targets.len() { "too many" } else { "not enough" };
                let message = format!("{problem} values to unpack (expected {})", targets.len());
                return self.raise("ValueError", message, by);
            }
            for (target, item) in targets.iter().zip(items) {
                self.assign(target, item, scope, by)?;
            }
            return Ok(());
        };
        let after = targets.len() - star - 1;
        if items.len() < star + after {
            return self.raise("ValueError", "not enough values to unpack", by);
        }
        let mut items = items;
        let tail = items.split_off(items.len() - after);
        let middle = items.split_off(star);
        let values = items.into_iter().chain([Value::list(middle, by)]).chain(tail);
        for (target, item) in targets.iter().zip(values) {
            self.assign(target, item, scope, by)?;
        }
        Ok(())
    }

    pub(super) fn assign_in_place(&mut self, statement: &StmtAugAssign, scope: &mut Scope) -> Outcome<()> {
        let by = scope.span(statement);
        let old = self.expression(&statement.target, scope)?;
        let value = self.expression(&statement.value, scope)?;
        // A list is changed where it is, and so for all that share it; `+=` takes whatever can be gone over.
        if let (Kind::List(list), ruff_python_ast::Operator::Add) = (&old.kind, statement.op) {
            match self.items(&value, by)? {
                Some(items) => {
                    self.spend(items.len())?;
                    list.borrow_mut().extend(items);
                    return self.assign(&statement.target, old.from(&value.variables), scope, by);
                }
                None => {
                    let value = Value::unknown(format!("{} + {}", old.label(), value.label()), by)
                        .from(&old.variables.with(&value.variables));
                    return self.assign(&statement.target, value, scope, by);
                }
            }
        }
        let value = self.binary(statement.op, &old, &value, by)?;
        self.assign(&statement.target, value, scope, by)
    }

    /// Binds a name of an object.
    pub(in super::super) fn set_attribute(&self, object: &Value, name: &str, value: Value, by: Span) {
        let names = match &object.kind {
            Kind::Module(module) => &module.names,
            Kind::Class(class) => &class.names,
            Kind::Instance(instance) => &instance.names,
            Kind::Reader(reader) => {
                reader.values.borrow_mut().insert(name.into(), value);
                return;
            }
            _ => return,
        };
        names.borrow_mut().insert(name.into(), Binding { value, at: by });
    }

    pub(super) fn delete(&mut self, target: &Expr, scope: &mut Scope) -> Outcome<()> {
        match target {
            Expr::Name(name) => {
                let known = scope.names_for(&name.id).borrow_mut().remove(name.id.as_str());
                if known.is_none() {
                    return self.raise("NameError", format!("name '{}' is not defined", name.id), scope.span(name));
                }
            }
            Expr::Tuple(tuple) => {
                for target in &tuple.elts {
                    self.delete(target, scope)?;
                }
            }
            Expr::List(list) => {
                for target in &list.elts {
                    self.delete(target, scope)?;
                }
            }
            Expr::Subscript(subscript) => {
                let object = self.expression(&subscript.value, scope)?;
                if let Expr::Slice(slice) = &*subscript.slice {
                    let bounds = self.slice(slice, scope)?;
                    return self.delete_slice(&object, bounds);
                }
                let key = self.expression(&subscript.slice, scope)?;
                self.delete_item(&object, &key, scope.span(subscript))?;
            }
            Expr::Attribute(attribute) => {
                let object = self.expression(&attribute.value, scope)?;
                if let Kind::Module(module) = &object.kind {
                    module.names.borrow_mut().remove(attribute.attr.as_str());
                }
            }
            _ => {}
        }
        Ok(())
    }
}
