//! Going over what can be gone over.

use super::super::library;
use super::super::value::{Kind, Span, Value};
use super::enumeration::{is_enumeration, members};
use super::{Machine, Outcome};

impl Machine<'_> {
    /// Returns the items of a value; nothing, if they cannot be known.
    pub(in super::super) fn items(&mut self, value: &Value, at: Span) -> Outcome<Option<Vec<Value>>> {
        let items: Vec<Value> = match &value.kind {
            Kind::List(items) | Kind::Set(items) => items.borrow().clone(),
            Kind::Tuple(items) => items.to_vec(),
            Kind::Iterator(items) => items.borrow_mut().drain(..).collect(),
            Kind::Dict(dict) => dict.borrow().entries.iter().map(|(key, _)| key.clone()).collect(),
            Kind::Names(names) => names.borrow().keys().map(|name| Value::text(name, at)).collect(),
            Kind::Text(text) => {
                self.spend(text.len())?;
                let character = |character: char| {
                    let mut bytes = [0; 4];
                    Value::text(character.encode_utf8(&mut bytes), value.origin)
                };
                text.chars().map(character).collect()
            }
            Kind::Bytes(bytes) => {
                self.spend(bytes.len())?;
                bytes.iter().map(|byte| Value::new(Kind::Int(i128::from(*byte)), at)).collect()
            }
            Kind::Range(start, end, step) => {
                let count = if *step > 0 {
                    (i128::from(*end) - i128::from(*start) + i128::from(*step) - 1).max(0) / i128::from(*step)
                } else {
                    (i128::from(*start) - i128::from(*end) - i128::from(*step) - 1).max(0) / -i128::from(*step)
                };
                self.spend(usize::try_from(count).unwrap_or(usize::MAX))?;
                (0..count)
                    .map(|index| Value::new(Kind::Int(i128::from(*start) + index * i128::from(*step)), at))
                    .collect()
            }
            Kind::File(path) => {
                let text = self.read_text(&path.clone(), at)?;
                let Some(text) = text.as_text() else { return Ok(None) };
                self.spend(text.len())?;
                text.split_inclusive('\n').map(|line| Value::text(line, at)).collect()
            }
            Kind::None | Kind::Bool(_) | Kind::Int(_) | Kind::Float(_) | Kind::Function(_) | Kind::Ellipsis => {
                return self.raise("TypeError", format!("'{}' object is not iterable", value.type_name()), at);
            }
            Kind::Environ if self.options.variables.is_closed => {
                self.all_variables().into_iter().map(|(name, _)| Value::text(&name, at)).collect()
            }
            Kind::Class(class) if is_enumeration(class) => members(class),
            Kind::Reader(reader) => match library::items(reader, at) {
                Some(items) => items,
                None => return Ok(None),
            },
            Kind::Instance(_) => match self.special(value, "__iter__", Vec::new(), at)? {
                Some(items) if !matches!(items.kind, Kind::Instance(_)) => return self.items(&items, at),
                _ => return Ok(None),
            },
            Kind::Path(_)
            | Kind::Class(_)
            | Kind::Module(_)
            | Kind::Known(_)
            | Kind::Method(_)
            | Kind::Environ
            | Kind::Unknown(_) => return Ok(None),
        };
        self.spend(items.len())?;
        Ok(Some(items.into_iter().map(|item| item.from(&value.variables)).collect()))
    }

    /// Returns the keys and values of a mapping, or of pairs; nothing, if they cannot be known.
    pub(in super::super) fn entries(&mut self, value: &Value) -> Outcome<Option<Vec<(Value, Value)>>> {
        Ok(match &value.kind {
            Kind::Dict(dict) => Some(dict.borrow().entries.clone()),
            Kind::Names(names) => {
                let names = names.borrow();
                let entry = |(name, binding): (&std::rc::Rc<str>, &super::Binding)| {
                    (Value::text(name, binding.at), binding.value.clone())
                };
                Some(names.iter().map(entry).collect())
            }
            Kind::Environ if self.options.variables.is_closed => Some(
                self.all_variables()
                    .into_iter()
                    .map(|(name, value)| (Value::text(&name, value.origin), value))
                    .collect(),
            ),
            Kind::Reader(reader) => library::entries(reader),
            Kind::List(_) | Kind::Tuple(_) | Kind::Set(_) | Kind::Iterator(_) => {
                let Some(items) = self.items(value, value.origin)? else { return Ok(None) };
                let mut entries = Vec::new();
                for item in items {
                    let Some(pair) = self.items(&item, item.origin)? else { return Ok(None) };
                    let mut pair = pair.into_iter();
                    match (pair.next(), pair.next(), pair.next()) {
                        (Some(key), Some(value), None) => entries.push((key, value)),
                        _ => return self.raise("ValueError", "dictionary update sequence element", item.origin),
                    }
                }
                Some(entries)
            }
            _ => None,
        })
    }
}
