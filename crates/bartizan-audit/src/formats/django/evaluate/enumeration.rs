//! Enumerations: classes whose names are members of their own.

use std::rc::Rc;

use super::super::library;
use super::super::value::{Binding, Class, Kind, Span, Value};
use super::call::Arguments;
use super::class::{DEEPEST, is_wrapper};
use super::{Machine, Outcome};

impl Machine<'_> {
    /// Returns the member of an enumeration that has a value.
    pub(super) fn member(&mut self, class: &Rc<Class>, arguments: &Arguments, at: Span) -> Outcome {
        let unknown =
            || Value::unknown(format!("{}({})", class.name, arguments.label()), at).from(&arguments.sources());
        let Some(wanted) = arguments.get(0, "value") else { return Ok(unknown()) };
        for member in members(class) {
            let Kind::Reader(reader) = &member.kind else { continue };
            let value = reader.values.borrow().get("value").cloned();
            if let Some(value) = value
                && (self.equal(&value, wanted)? == Some(true) || self.equal(&member, wanted)? == Some(true))
            {
                return Ok(member.from(&wanted.variables));
            }
        }
        if wanted.is_unknown() {
            return Ok(unknown());
        }
        if let Some(missing) = Self::class_attribute(class, "_missing_", 0) {
            let object = Value::new(Kind::Class(Rc::clone(class)), at);
            let given = Arguments::positional(vec![wanted.clone()]);
            let found = self.call_method(&missing, &object, class, "_missing_", given, at)?;
            if !matches!(found.kind, Kind::None) {
                return Ok(found);
            }
        }
        self.raise("ValueError", format!("{} is not a valid {}", Self::shown(wanted), class.name), at)
    }
}

/// Whether a class enumerates: what it binds are members of their own.
pub(super) fn is_enumeration(class: &Class) -> bool {
    fn search(class: &Class, depth: u32) -> bool {
        depth < DEEPEST
            && class.bases.iter().any(|base| match &base.kind {
                Kind::Known(name) => ENUMERATIONS.contains(&&**name),
                Kind::Class(base) => search(base, depth + 1),
                _ => false,
            })
    }
    search(class, 0)
}

/// Returns the members of an enumeration in the order in which they are written.
pub(super) fn members(class: &Class) -> Vec<Value> {
    let names = class.names.borrow();
    let is_member = |value: &Value| matches!(&value.kind, Kind::Reader(reader) if &*reader.class == "enum member");
    let mut members: Vec<&Binding> = names.values().filter(|binding| is_member(&binding.value)).collect();
    members.sort_by_key(|binding| binding.at.start);
    members.into_iter().map(|binding| binding.value.clone()).collect()
}

/// Makes members of what an enumeration binds.
pub(super) fn enumerate(class: &Class) {
    let is_mixed = |wanted: &[&str]| {
        class.bases.iter().any(|base| matches!(&base.kind, Kind::Known(name) if wanted.contains(&&**name)))
    };
    let is_text = is_mixed(&["builtins.str", "enum.StrEnum"]);
    let is_number = is_mixed(&["builtins.int", "enum.IntEnum", "enum.IntFlag"]);
    let has_text = class.names.borrow().contains_key("__str__");
    let mut order: Vec<(u32, Rc<str>)> = Vec::new();
    for (name, binding) in class.names.borrow().iter() {
        let is_member = !name.starts_with('_')
            && !matches!(&binding.value.kind, Kind::Function(_))
            && !matches!(&binding.value.kind, Kind::Reader(reader) if is_wrapper(&reader.class));
        if is_member {
            order.push((binding.at.start, Rc::clone(name)));
        }
    }
    order.sort_unstable();
    let mut names = class.names.borrow_mut();
    for (index, (_, name)) in order.into_iter().enumerate() {
        let Some(binding) = names.get_mut(&name) else { continue };
        let at = binding.value.origin;
        let value = match &binding.value.kind {
            Kind::Reader(reader) if &*reader.class == "enum.auto" => match is_mixed(&["enum.StrEnum"]) {
                true => Value::text(&name.to_lowercase(), at),
                false => Value::new(Kind::Int(index as i128 + 1), at),
            },
            _ => binding.value.clone(),
        };
        let mut values = vec![("value", value.clone()), ("name", Value::text(&name, at))];
        values.push(("of", Value::text(&class.name, at)));
        if is_text || is_number {
            values.push(("mixed", value.clone()));
        }
        if is_mixed(&["enum.StrEnum", "enum.IntEnum"]) {
            values.push(("shown", value));
        } else if !has_text {
            values.push(("shown", Value::text(&format!("{}.{name}", class.name), at)));
        }
        binding.value = library::reader("enum member", values, at);
    }
}

/// What makes an enumeration of a class.
const ENUMERATIONS: &[&str] = &["enum.Enum", "enum.Flag", "enum.IntEnum", "enum.IntFlag", "enum.StrEnum"];
