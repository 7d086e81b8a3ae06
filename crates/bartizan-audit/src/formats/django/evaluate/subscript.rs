//! Elements and slices: read, written, deleted.

use ruff_python_ast::{Expr, ExprSlice};

use super::super::library;
use super::super::value::{Binding, Kind, Span, Value};
use super::enumeration::is_enumeration;
use super::{Machine, Outcome, Scope};

/// The bounds of a slice; none where Python has its own.
pub(super) type Bounds = (Option<i64>, Option<i64>, i64);

impl Machine<'_> {
    pub(super) fn slice(&mut self, slice: &ExprSlice, scope: &mut Scope) -> Outcome<Option<Bounds>> {
        let mut bound = |expression: &Option<Box<Expr>>| -> Outcome<Option<Option<i64>>> {
            let Some(expression) = expression else { return Ok(Some(None)) };
            let value = self.expression(expression, scope)?;
            if matches!(value.kind, Kind::None) {
                return Ok(Some(None));
            }
            Ok(value.as_int().map(Some))
        };
        let (lower, upper, step) = (bound(&slice.lower)?, bound(&slice.upper)?, bound(&slice.step)?);
        let (Some(lower), Some(upper), Some(step)) = (lower, upper, step) else { return Ok(None) };
        Ok(Some((lower, upper, step.unwrap_or(1))))
    }

    pub(super) fn sliced(&mut self, object: &Value, bounds: Option<Bounds>, at: Span) -> Outcome {
        let unknown = || Value::unknown(format!("{}[slice]", object.label()), at).from(&object.variables);
        let Some(bounds) = bounds else { return Ok(unknown()) };
        if bounds.2 == 0 {
            return self.raise("ValueError", "slice step cannot be zero", at);
        }
        if let Kind::Bytes(bytes) = &object.kind {
            let chosen = indices(bytes.len(), bounds).filter_map(|index| bytes.get(index).copied());
            return Ok(Value::new(Kind::Bytes(chosen.collect()), at).from(&object.variables));
        }
        if !matches!(object.kind, Kind::Text(_) | Kind::List(_) | Kind::Tuple(_) | Kind::Range(..)) {
            return Ok(unknown());
        }
        let Some(items) = self.items(object, at)? else { return Ok(unknown()) };
        let chosen = indices(items.len(), bounds).filter_map(|index| items.get(index).cloned()).collect::<Vec<_>>();
        Ok(match &object.kind {
            Kind::Text(_) => {
                let text: String = chosen.iter().filter_map(|item| item.as_text()).map(|part| &**part).collect();
                Value::text(&text, at)
            }
            Kind::Tuple(_) => Value::tuple(chosen, at),
            _ => Value::list(chosen, at),
        }
        .from(&object.variables))
    }

    pub(in super::super) fn item(&mut self, object: &Value, key: &Value, at: Span) -> Outcome {
        self.spend(1)?;
        let unknown = |object: &Value, key: &Value| {
            let label = format!("{}[{}]", object.label(), key.label());
            Value::unknown(label, at).from(&object.variables.with(&key.variables))
        };
        match &object.kind {
            Kind::Dict(dict) => {
                let keys: Vec<Value> = dict.borrow().entries.iter().map(|(key, _)| key.clone()).collect();
                match self.position(&keys, key)? {
                    Some(index) => {
                        let found = dict.borrow().entries.get(index).map(|(_, value)| value.clone());
                        Ok(found.unwrap_or_else(Value::none).from(&object.variables))
                    }
                    None if key.is_unknown() || keys.iter().any(Value::is_unknown) => Ok(unknown(object, key)),
                    None => {
                        let missing = dict.borrow().missing.clone();
                        let Some(missing) = missing else { return self.raise("KeyError", Self::shown(key), at) };
                        let value = self.call(&missing, super::Arguments::default(), at)?;
                        self.set_item(object, key.clone(), value.clone(), at)?;
                        Ok(value)
                    }
                }
            }
            Kind::Class(class) if is_enumeration(class) => {
                let found = key.as_text().and_then(|name| Self::class_attribute(class, name, 0));
                match found {
                    Some(member) => Ok(member),
                    None => self.raise("KeyError", Self::shown(key), at),
                }
            }
            Kind::Instance(_) => {
                let found = self.special(object, "__getitem__", vec![key.clone()], at)?;
                Ok(found.unwrap_or_else(|| unknown(object, key)))
            }
            Kind::Names(names) => {
                let Some(name) = key.as_text() else { return Ok(unknown(object, key)) };
                let found = names.borrow().get(name).map(|binding| binding.value.clone());
                match found {
                    Some(value) => Ok(value),
                    None => self.raise("KeyError", Self::shown(key), at),
                }
            }
            Kind::Environ => {
                let Some(name) = key.as_text().cloned() else { return Ok(unknown(object, key)) };
                match self.required_variable(&name, at) {
                    Some(value) => Ok(value),
                    None => self.raise("KeyError", Self::shown(key), at),
                }
            }
            Kind::List(_) | Kind::Tuple(_) | Kind::Text(_) | Kind::Range(..) | Kind::Bytes(_) => {
                if key.is_unknown() {
                    return Ok(unknown(object, key));
                }
                let Some(index) = key.as_int() else {
                    let message = format!("indices must be integers or slices, not {}", key.type_name());
                    return self.raise("TypeError", message, at);
                };
                let Some(items) = self.items(object, at)? else { return Ok(unknown(object, key)) };
                match resolve(items.len(), index).and_then(|index| items.get(index).cloned()) {
                    Some(value) => Ok(value),
                    None => self.raise("IndexError", format!("{} index out of range", object.type_name()), at),
                }
            }
            Kind::None | Kind::Bool(_) | Kind::Int(_) | Kind::Float(_) => {
                self.raise("TypeError", format!("'{}' object is not subscriptable", object.type_name()), at)
            }
            Kind::Known(name) if &**name == "sys.modules" => {
                let found = key.as_text().and_then(|name| self.modules.get(&**name)).cloned();
                Ok(found.map_or_else(|| unknown(object, key), |module| Value::new(Kind::Module(module), at)))
            }
            // `list[str]` and the like, in annotations and aliases.
            Kind::Known(_) => Ok(object.clone()),
            Kind::Reader(reader) if reader.class.starts_with("environ.") || &*reader.class == "decouple.Config" => {
                let arguments = super::call::Arguments::positional(vec![key.clone()]);
                self.call(object, arguments, at)
            }
            Kind::Reader(reader) => match library::item(self, reader, key, at)? {
                Some(value) => Ok(value),
                None => Ok(unknown(object, key)),
            },
            _ => Ok(unknown(object, key)),
        }
    }

    pub(in super::super) fn set_item(&mut self, object: &Value, key: Value, value: Value, by: Span) -> Outcome<()> {
        self.spend(1)?;
        match &object.kind {
            Kind::Dict(dict) => {
                if matches!(key.kind, Kind::List(_) | Kind::Dict(_) | Kind::Set(_)) {
                    return self.raise("TypeError", format!("unhashable type: '{}'", key.type_name()), by);
                }
                let keys: Vec<Value> = dict.borrow().entries.iter().map(|(key, _)| key.clone()).collect();
                let found = self.position(&keys, &key)?;
                let mut dict = dict.borrow_mut();
                match found.and_then(|index| dict.entries.get_mut(index)) {
                    Some(entry) => entry.1 = value,
                    None => dict.entries.push((key, value)),
                }
            }
            Kind::Names(names) => {
                if let Some(name) = key.as_text() {
                    names.borrow_mut().insert(name.clone(), Binding { value, at: by });
                }
            }
            Kind::Environ => {
                if let Some(name) = key.as_text() {
                    self.environment.insert(name.clone(), Some(value));
                }
            }
            Kind::List(items) => {
                let Some(index) = key.as_int() else { return Ok(()) };
                let length = items.borrow().len();
                let Some(index) = resolve(length, index) else {
                    return self.raise("IndexError", "list assignment index out of range", by);
                };
                if let Some(item) = items.borrow_mut().get_mut(index) {
                    *item = value;
                }
            }
            Kind::Tuple(_) | Kind::Text(_) | Kind::None | Kind::Int(_) | Kind::Bool(_) => {
                let message = format!("'{}' object does not support item assignment", object.type_name());
                return self.raise("TypeError", message, by);
            }
            _ => {}
        }
        Ok(())
    }

    pub(super) fn set_slice(&mut self, object: &Value, bounds: Option<Bounds>, value: &Value, by: Span) -> Outcome<()> {
        let (Kind::List(list), Some(bounds)) = (&object.kind, bounds) else { return Ok(()) };
        let Some(new) = self.items(value, by)? else { return Ok(()) };
        let length = list.borrow().len();
        let chosen: Vec<usize> = indices(length, bounds).collect();
        let mut items = list.borrow_mut();
        if bounds.2 == 1 {
            let start = start_of(length, bounds);
            let end = start + chosen.len();
            items.splice(start..end, new);
        } else {
            for (index, value) in chosen.into_iter().zip(new) {
                if let Some(item) = items.get_mut(index) {
                    *item = value;
                }
            }
        }
        Ok(())
    }

    pub(in super::super) fn delete_item(&mut self, object: &Value, key: &Value, at: Span) -> Outcome<()> {
        match &object.kind {
            Kind::Dict(dict) => {
                let keys: Vec<Value> = dict.borrow().entries.iter().map(|(key, _)| key.clone()).collect();
                match self.position(&keys, key)? {
                    Some(index) => drop(dict.borrow_mut().entries.remove(index)),
                    None if key.is_unknown() => {}
                    None => return self.raise("KeyError", Self::shown(key), at),
                }
            }
            Kind::Names(names) => {
                let known = key.as_text().is_some_and(|name| names.borrow_mut().remove(name).is_some());
                if !known {
                    return self.raise("KeyError", Self::shown(key), at);
                }
            }
            Kind::Environ => {
                if let Some(name) = key.as_text() {
                    self.environment.insert(name.clone(), None);
                }
            }
            Kind::List(items) => {
                let Some(index) = key.as_int() else { return Ok(()) };
                let length = items.borrow().len();
                match resolve(length, index) {
                    Some(index) => drop(items.borrow_mut().remove(index)),
                    None => return self.raise("IndexError", "list assignment index out of range", at),
                }
            }
            _ => {}
        }
        Ok(())
    }

    pub(super) fn delete_slice(&mut self, object: &Value, bounds: Option<Bounds>) -> Outcome<()> {
        let (Kind::List(items), Some(bounds)) = (&object.kind, bounds) else { return Ok(()) };
        self.spend(items.borrow().len())?;
        let length = items.borrow().len();
        let mut chosen: Vec<usize> = indices(length, bounds).collect();
        chosen.sort_unstable();
        let mut index = 0;
        items.borrow_mut().retain(|_| {
            index += 1;
            chosen.binary_search(&(index - 1)).is_err()
        });
        Ok(())
    }

    /// Returns a value as an error message shows it.
    pub(in super::super) fn shown(value: &Value) -> String {
        match &value.kind {
            Kind::Text(text) => format!("'{}'", text.chars().take(80).collect::<String>()),
            _ => value.label(),
        }
    }
}

/// Returns the place in a sequence that an index means; negative ones count from the end.
pub(in super::super) fn resolve(length: usize, index: i64) -> Option<usize> {
    let length = i64::try_from(length).ok()?;
    let index = if index < 0 { index + length } else { index };
    (0..length).contains(&index).then(|| usize::try_from(index).ok())?
}

fn start_of(length: usize, (lower, _, _): Bounds) -> usize {
    let length = i64::try_from(length).unwrap_or(i64::MAX);
    usize::try_from(clamp(lower.unwrap_or(0), length, 0, length)).unwrap_or(0)
}

/// Returns the places that a slice chooses, in its order.
fn indices(length: usize, (lower, upper, step): Bounds) -> impl Iterator<Item = usize> {
    let length = i64::try_from(length).unwrap_or(i64::MAX);
    let (start, end) = if step > 0 {
        (clamp(lower.unwrap_or(0), length, 0, length), clamp(upper.unwrap_or(length), length, 0, length))
    } else {
        let last = length - 1;
        (
            lower.map_or(last, |lower| clamp(lower, length, -1, last)),
            upper.map_or(-1, |upper| clamp(upper, length, -1, last)),
        )
    };
    let mut next = start;
    std::iter::from_fn(move || {
        let is_inside = if step > 0 { next < end } else { next > end };
        let index = usize::try_from(next).ok().filter(|_| is_inside)?;
        next = next.checked_add(step)?;
        Some(index)
    })
}

fn clamp(bound: i64, length: i64, least: i64, most: i64) -> i64 {
    let bound = if bound < 0 { bound.saturating_add(length) } else { bound };
    bound.max(least).min(most)
}
