//! Classes and attributes.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use ruff_python_ast::StmtClassDef;

use super::super::value::{Class, Instance, Kind, Names, Span, Value};
use super::super::{library, method};
use super::call::Arguments;
use super::{Machine, Outcome, Scope};

impl Machine<'_> {
    pub(super) fn class(&mut self, statement: &StmtClassDef, scope: &mut Scope) -> Outcome {
        let mut bases = Vec::new();
        if let Some(arguments) = &statement.arguments {
            for base in &arguments.args {
                bases.push(self.expression(base, scope)?);
            }
        }
        let names: Names = Rc::new(RefCell::new(BTreeMap::new()));
        let mut inner = Scope {
            locals: Some(Rc::clone(&names)),
            enclosing: Self::closure(scope),
            is_class: true,
            ..Scope::of_module(&scope.module)
        };
        self.frames.push(inner.clone());
        let result = self.block(&statement.body, &mut inner);
        self.frames.pop();
        result?;
        let class = Class { name: Rc::from(statement.name.as_str()), bases, names };
        Ok(Value::new(Kind::Class(Rc::new(class)), scope.span(&statement.name)))
    }

    pub(super) fn instantiate(&mut self, class: &Rc<Class>, arguments: Arguments, at: Span) -> Outcome {
        let instance = Instance { class: Rc::clone(class), names: Rc::new(RefCell::new(BTreeMap::new())) };
        let value = Value::new(Kind::Instance(Rc::new(instance)), at);
        if let Some(init) = Self::class_attribute(class, "__init__", 0) {
            let mut arguments = arguments;
            arguments.positional.insert(0, value.clone());
            self.call(&init, arguments, at)?;
        } else if let Some(first) = arguments.positional.into_iter().next() {
            // Exceptions keep what they were made with.
            self.set_attribute(&value, "args", first, at);
        }
        Ok(value)
    }

    /// Returns an attribute of a class or of those that it is derived from.
    pub(super) fn class_attribute(class: &Class, name: &str, depth: u32) -> Option<Value> {
        if depth > DEEPEST {
            return None;
        }
        let own = class.names.borrow().get(name).map(|binding| binding.value.clone());
        own.or_else(|| {
            class.bases.iter().find_map(|base| match &base.kind {
                Kind::Class(base) => Self::class_attribute(base, name, depth + 1),
                _ => None,
            })
        })
    }

    /// Returns an attribute of a value.
    pub(in super::super) fn attribute(&mut self, object: &Value, name: &str, at: Span) -> Outcome {
        self.spend(1)?;
        let unknown = || Value::unknown(format!("{}.{name}", object.label()), at).from(&object.variables);
        Ok(match &object.kind {
            Kind::Module(module) => {
                let found = module.names.borrow().get(name).map(|binding| binding.value.clone());
                match found {
                    Some(value) => value,
                    None => match self.submodule(&module.name.clone(), name, at)? {
                        Some(value) => value,
                        None if name == "__dict__" => Value::new(Kind::Names(Rc::clone(&module.names)), at),
                        None => {
                            let message = format!("module '{}' has no attribute '{name}'", module.name);
                            return self.raise("AttributeError", message, at);
                        }
                    },
                }
            }
            Kind::Instance(instance) => {
                let own = instance.names.borrow().get(name).map(|binding| binding.value.clone());
                match own.or_else(|| Self::class_attribute(&instance.class, name, 0)) {
                    Some(Value { kind: Kind::Function(_), .. }) => bound(object, name, at),
                    Some(value) => value,
                    None if name == "__dict__" => Value::new(Kind::Names(Rc::clone(&instance.names)), at),
                    None => unknown(),
                }
            }
            Kind::Class(class) => match Self::class_attribute(class, name, 0) {
                Some(value) => value,
                None if name == "__name__" => Value::text(&class.name, at),
                None if name == "__dict__" => Value::new(Kind::Names(Rc::clone(&class.names)), at),
                None => unknown(),
            },
            Kind::Known(path) => library::attribute(self, path, name, at),
            Kind::Unknown(_) => unknown(),
            Kind::Reader(reader) => {
                let own = reader.values.borrow().get(name).cloned();
                own.unwrap_or_else(|| bound(object, name, at))
            }
            Kind::None | Kind::Bool(_) | Kind::Float(_) if !name.starts_with("__") && !method::exists(object, name) => {
                let message = format!("'{}' object has no attribute '{name}'", object.type_name());
                return self.raise("AttributeError", message, at);
            }
            _ => match method::property(self, object, name, at)? {
                Some(value) => value,
                None if method::exists(object, name) => bound(object, name, at),
                None if name.starts_with("__") => unknown(),
                None => match object.kind {
                    Kind::List(_) | Kind::Tuple(_) | Kind::Dict(_) | Kind::Set(_) | Kind::Text(_) | Kind::Int(_) => {
                        let message = format!("'{}' object has no attribute '{name}'", object.type_name());
                        return self.raise("AttributeError", message, at);
                    }
                    _ => unknown(),
                },
            },
        })
    }

    /// Whether a value is of a class; nothing, if that cannot be known.
    pub(in super::super) fn is_instance(&self, value: &Value, class: &Value) -> Option<bool> {
        if let Kind::Tuple(classes) = &class.kind {
            let answers: Vec<_> = classes.iter().map(|class| self.is_instance(value, class)).collect();
            if answers.contains(&Some(true)) {
                return Some(true);
            }
            return if answers.contains(&None) { None } else { Some(false) };
        }
        if value.is_unknown() {
            return None;
        }
        match &class.kind {
            Kind::Known(name) => {
                let name = name.rsplit('.').next().unwrap_or(name);
                Some(match (name, &value.kind) {
                    ("object", _) => true,
                    ("int", Kind::Bool(_) | Kind::Int(_)) => true,
                    ("Path" | "PurePath" | "PosixPath", Kind::Path(_)) => true,
                    ("Mapping" | "MutableMapping", Kind::Dict(_)) => true,
                    ("Iterable" | "Sequence", Kind::List(_) | Kind::Tuple(_) | Kind::Text(_)) => true,
                    _ => name == value.type_name(),
                })
            }
            Kind::Class(class) => match &value.kind {
                Kind::Instance(instance) => Some(derives(&instance.class, class, 0)),
                _ => Some(false),
            },
            _ => None,
        }
    }
}

fn bound(object: &Value, name: &str, at: Span) -> Value {
    Value::new(Kind::Method(Rc::new((object.clone(), Rc::from(name)))), at).from(&object.variables)
}

fn derives(class: &Rc<Class>, from: &Rc<Class>, depth: u32) -> bool {
    Rc::ptr_eq(class, from)
        || depth < DEEPEST
            && class.bases.iter().any(|base| match &base.kind {
                Kind::Class(base) => derives(base, from, depth + 1),
                _ => false,
            })
}

/// Classes are derived from one another some three times; a loop of them must end.
const DEEPEST: u32 = 20;
