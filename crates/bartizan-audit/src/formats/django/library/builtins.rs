//! Python's built-in functions and types.

use std::cell::RefCell;
use std::rc::Rc;

use super::super::evaluate::{Arguments, Exception, Machine, Outcome, is_exception};
use super::super::value::{Kind, Span, Value};

pub(super) fn call(machine: &mut Machine<'_>, name: &str, arguments: &Arguments, at: Span) -> Outcome<Option<Value>> {
    let name = name.trim_start_matches("builtins.");
    let sources = arguments.sources();
    let first = arguments.positional.first().cloned();
    let second = arguments.positional.get(1).cloned();
    let value = |kind: Kind| Ok(Some(Value::new(kind, at).from(&sources)));
    match (name, first) {
        ("bool", None) => value(Kind::Bool(false)),
        ("bool", Some(of)) => {
            let truth = machine.truth(&of)?;
            value(Kind::Bool(truth))
        }
        ("int", None) => value(Kind::Int(0)),
        ("int", Some(of)) => integer(machine, &of, arguments, at),
        ("float", Some(of)) => match &of.kind {
            Kind::Int(number) => value(Kind::Float(*number as f64)),
            Kind::Float(_) => Ok(Some(of)),
            Kind::Text(text) => match text.trim().parse::<f64>() {
                Ok(number) => value(Kind::Float(number)),
                Err(_) => {
                    let message = format!("could not convert string to float: {}", Machine::shown(&of));
                    machine.raise("ValueError", message, at)
                }
            },
            _ => Ok(None),
        },
        ("str", None) => value(Kind::Text(Rc::from(""))),
        ("str", Some(of)) => Ok(machine.text_of(&of)?.map(|text| Value::text(&text, of.origin).from(&sources))),
        ("repr", Some(of)) => Ok(machine.repr(&of).map(|text| Value::text(&text, at).from(&sources))),
        ("len", Some(of)) => match &of.kind {
            Kind::Text(text) => value(Kind::Int(text.chars().count() as i128)),
            Kind::Int(_) | Kind::Bool(_) | Kind::None | Kind::Float(_) => {
                machine.raise("TypeError", format!("object of type '{}' has no len()", of.type_name()), at)
            }
            Kind::Instance(_) => machine.special(&of, "__len__", Vec::new(), at),
            _ => match machine.items(&of, at)? {
                Some(items) => value(Kind::Int(items.len() as i128)),
                None => Ok(None),
            },
        },
        ("list" | "tuple" | "set" | "frozenset", None) => collect(machine, name, Vec::new(), at).map(Some),
        ("list" | "tuple" | "set" | "frozenset" | "sorted" | "reversed", Some(of)) => {
            let Some(mut items) = machine.items(&of, at)? else { return Ok(None) };
            match name {
                "sorted" => sort(machine, &mut items, arguments, at)?,
                "reversed" => items.reverse(),
                _ => {}
            }
            Ok(Some(collect(machine, name, items, at)?.from(&sources)))
        }
        ("dict", first) => {
            let mut entries = match &first {
                Some(of) => match machine.entries(of)? {
                    Some(entries) => entries,
                    None => return Ok(None),
                },
                None => Vec::new(),
            };
            entries.extend(arguments.named.iter().map(|(name, value)| (Value::text(name, at), value.clone())));
            machine.dict_of(entries, at).map(Some)
        }
        ("range", Some(of)) => {
            let numbers: Option<Vec<i64>> = arguments.positional.iter().map(Value::as_int).collect();
            match (numbers.as_deref(), of) {
                (Some([end]), _) => value(Kind::Range(0, *end, 1)),
                (Some([start, end]), _) => value(Kind::Range(*start, *end, 1)),
                (Some([start, end, step]), _) if *step != 0 => value(Kind::Range(*start, *end, *step)),
                _ => Ok(None),
            }
        }
        ("enumerate", Some(of)) => {
            let Some(items) = machine.items(&of, at)? else { return Ok(None) };
            let start = arguments.get(1, "start").and_then(Value::as_int).unwrap_or(0);
            let pair = |(index, item): (usize, Value)| {
                let index = Value::new(Kind::Int(index as i128 + i128::from(start)), at);
                Value::tuple(vec![index, item], at)
            };
            let pairs = items.into_iter().enumerate().map(pair).collect();
            value(Kind::Iterator(Rc::new(RefCell::new(pairs))))
        }
        ("zip", _) => {
            let mut columns = Vec::new();
            for of in &arguments.positional {
                let Some(items) = machine.items(of, at)? else { return Ok(None) };
                columns.push(items);
            }
            let count = columns.iter().map(Vec::len).min().unwrap_or(0);
            let row = |index: usize| {
                Value::tuple(columns.iter().filter_map(|column| column.get(index).cloned()).collect(), at)
            };
            value(Kind::Iterator(Rc::new(RefCell::new((0..count).map(row).collect()))))
        }
        ("map", Some(function)) if arguments.positional.len() > 2 => {
            let rows = Arguments::positional(arguments.positional.iter().skip(1).cloned().collect());
            let Some(rows) = call(machine, "zip", &rows, at)? else { return Ok(None) };
            let mut results = std::collections::VecDeque::new();
            for row in machine.items(&rows, at)?.unwrap_or_default() {
                let row = machine.items(&row, at)?.unwrap_or_default();
                results.push_back(machine.call(&function, Arguments::positional(row), at)?);
            }
            value(Kind::Iterator(Rc::new(RefCell::new(results))))
        }
        ("map" | "filter", Some(function)) => {
            let Some(of) = second else { return Ok(None) };
            let Some(items) = machine.items(&of, at)? else { return Ok(None) };
            let mut results = std::collections::VecDeque::new();
            for item in items {
                let result = match function.kind {
                    Kind::None => item.clone(),
                    _ => machine.call(&function, Arguments::positional(vec![item.clone()]), at)?,
                };
                if name == "map" {
                    results.push_back(result);
                } else if machine.truth(&result)? {
                    results.push_back(item);
                }
            }
            value(Kind::Iterator(Rc::new(RefCell::new(results))))
        }
        ("any" | "all", Some(of)) => {
            let Some(items) = machine.items(&of, at)? else { return Ok(None) };
            for item in items {
                if machine.truth(&item)? == (name == "any") {
                    return value(Kind::Bool(name == "any"));
                }
            }
            value(Kind::Bool(name == "all"))
        }
        ("sum", Some(of)) => {
            let Some(items) = machine.items(&of, at)? else { return Ok(None) };
            let mut total = second.unwrap_or_else(|| Value::new(Kind::Int(0), at));
            for item in items {
                total = machine.binary(ruff_python_ast::Operator::Add, &total, &item, at)?;
            }
            Ok(Some(total))
        }
        ("min" | "max", Some(of)) => {
            let items = if arguments.positional.len() > 1 {
                Some(arguments.positional.clone())
            } else {
                machine.items(&of, at)?
            };
            let Some(mut items) = items else { return Ok(None) };
            if items.is_empty() {
                return Ok(arguments.named("default").cloned());
            }
            sort(machine, &mut items, arguments, at)?;
            Ok(if name == "min" { items.into_iter().next() } else { items.pop() })
        }
        ("abs", Some(of)) => match of.kind {
            Kind::Int(number) => value(Kind::Int(number.saturating_abs())),
            Kind::Float(number) => value(Kind::Float(number.abs())),
            _ => Ok(None),
        },
        ("round", Some(of)) => match of.kind {
            Kind::Float(number) if second.is_none() => value(Kind::Int(number.round_ties_even() as i128)),
            Kind::Float(number) => {
                let places = second.as_ref().and_then(Value::as_int).and_then(|places| i32::try_from(places).ok());
                Ok(places.filter(|places| places.abs() < 15).map(|places| {
                    let scale = 10_f64.powi(places);
                    Value::new(Kind::Float((number * scale).round_ties_even() / scale), at).from(&sources)
                }))
            }
            Kind::Int(_) => Ok(Some(of)),
            _ => Ok(None),
        },
        ("hex" | "oct" | "bin", Some(of)) => Ok(of.as_int().map(|number| {
            let sign = if number < 0 { "-" } else { "" };
            let digits = match name {
                "hex" => format!("{sign}0x{:x}", number.unsigned_abs()),
                "oct" => format!("{sign}0o{:o}", number.unsigned_abs()),
                _ => format!("{sign}0b{:b}", number.unsigned_abs()),
            };
            Value::text(&digits, at).from(&sources)
        })),
        ("pow", Some(of)) => match (second, arguments.positional.len()) {
            (Some(by), 2) => machine.binary(ruff_python_ast::Operator::Pow, &of, &by, at).map(Some),
            _ => Ok(None),
        },
        ("super", None) => Ok(machine.parent(at)),
        ("super", Some(_)) => Ok(machine.parent(at)),
        ("isinstance" | "issubclass", Some(of)) => {
            let Some(class) = second else { return Ok(None) };
            match machine.is_instance(&of, &class) {
                Some(answer) => value(Kind::Bool(answer)),
                None => {
                    let label = format!("{} is a {}", of.label(), class.label());
                    Ok(Some(machine.decided(&label, &sources, at)))
                }
            }
        }
        ("callable", Some(of)) => {
            value(Kind::Bool(matches!(of.kind, Kind::Function(_) | Kind::Class(_) | Kind::Known(_) | Kind::Method(_))))
        }
        ("type", Some(of)) => match &of.kind {
            Kind::Instance(instance) => value(Kind::Class(Rc::clone(&instance.class))),
            Kind::Unknown(_) => Ok(None),
            _ => value(Kind::Known(Rc::from(format!("builtins.{}", of.type_name())))),
        },
        ("getattr" | "hasattr", Some(of)) => {
            let Some(attribute) = second.as_ref().and_then(|name| name.as_text().cloned()) else { return Ok(None) };
            let result = machine.attribute(&of, &attribute, at);
            match (name, result) {
                ("hasattr", Ok(found)) if found.is_unknown() => {
                    let label = format!("hasattr({}, {attribute})", of.label());
                    Ok(Some(machine.decided(&label, &of.variables, at)))
                }
                ("hasattr", Ok(_)) => value(Kind::Bool(true)),
                ("hasattr", Err(super::super::evaluate::Stop::Raised(_))) => value(Kind::Bool(false)),
                ("getattr", Err(super::super::evaluate::Stop::Raised(raised))) => match arguments.positional.get(2) {
                    Some(default) => Ok(Some(default.clone())),
                    None => Err(super::super::evaluate::Stop::Raised(raised)),
                },
                (_, other) => other.map(Some),
            }
        }
        ("setattr", Some(of)) => {
            if let (Some(name), Some(new)) = (second.as_ref().and_then(Value::as_text), arguments.positional.get(2)) {
                machine.set_attribute(&of, name, new.clone(), at);
            }
            value(Kind::None)
        }
        ("delattr", Some(of)) => {
            if let (Some(name), Kind::Module(module)) = (second.as_ref().and_then(Value::as_text), &of.kind) {
                module.names.borrow_mut().remove(name);
            }
            value(Kind::None)
        }
        ("globals", _) => Ok(machine.frames.last().map(|frame| names(&frame.module.names, at))),
        ("locals" | "vars" | "dir", None) => Ok(machine.frames.last().map(|frame| names(frame.own(), at))),
        ("vars", Some(of)) => machine.attribute(&of, "__dict__", at).map(Some),
        ("dir", Some(of)) => machine.attribute(&of, "__dict__", at).map(Some),
        ("print", _) => value(Kind::None),
        ("iter", Some(of)) => {
            let Some(items) = machine.items(&of, at)? else { return Ok(None) };
            value(Kind::Iterator(Rc::new(RefCell::new(items.into()))))
        }
        ("next", Some(of)) => match &of.kind {
            Kind::Iterator(items) => {
                let item = items.borrow_mut().pop_front();
                match item.or(second) {
                    Some(item) => Ok(Some(item)),
                    None => machine.raise("StopIteration", "", at),
                }
            }
            _ => Ok(None),
        },
        ("chr", Some(of)) => {
            let character = of.as_int().and_then(|code| char::from_u32(u32::try_from(code).ok()?));
            Ok(character.map(|character| Value::text(&character.to_string(), at)))
        }
        ("ord", Some(of)) => {
            Ok(of.as_text().and_then(|text| text.chars().next()).map(|c| Value::new(Kind::Int(c as i128), at)))
        }
        ("bytes" | "bytearray", Some(of)) => match &of.kind {
            Kind::Text(text) => value(Kind::Bytes(text.as_bytes().into())),
            Kind::Bytes(_) => Ok(Some(of)),
            // So many zeros; more than a setting can be is not made.
            Kind::Int(count @ 0..=4_096) => value(Kind::Bytes((0..*count).map(|_| 0).collect())),
            Kind::List(items) | Kind::Set(items) => {
                let bytes: Option<Vec<u8>> =
                    items.borrow().iter().map(|item| u8::try_from(item.as_int()?).ok()).collect();
                Ok(bytes.map(|bytes| Value::new(Kind::Bytes(bytes.into()), at).from(&sources)))
            }
            _ => Ok(None),
        },
        ("divmod", Some(of)) => {
            let Some(by) = second else { return Ok(None) };
            let quotient = machine.binary(ruff_python_ast::Operator::FloorDiv, &of, &by, at)?;
            let rest = machine.binary(ruff_python_ast::Operator::Mod, &of, &by, at)?;
            Ok(Some(Value::tuple(vec![quotient, rest], at)))
        }
        ("format", Some(of)) => {
            let spec = second.as_ref().map_or(Some(""), |spec| spec.as_text().map(|spec| &**spec));
            let Some(spec) = spec else { return Ok(None) };
            let text = machine.formatted(&of, spec)?;
            Ok(text.map(|text| Value::text(&text, at).from(&sources)))
        }
        ("open", Some(_)) => super::files::open(machine, arguments, at).map(Some),
        ("exec", Some(of)) => {
            execute(machine, &of, at)?;
            value(Kind::None)
        }
        ("compile", Some(of)) => Ok(Some(of)),
        ("eval", Some(of)) => super::parse::evaluate(machine, &of, super::parse::Form::Any, at),
        ("__import__", Some(of)) => match of.as_text().cloned() {
            Some(name) => machine.load(&name, at).map(Some),
            None => Ok(None),
        },
        ("object", None) => Ok(Some(super::reader("object", [], at))),
        ("exit" | "quit", _) => machine.raise("SystemExit", "", at),
        ("staticmethod" | "classmethod", Some(of)) => Ok(Some(super::reader(name, [("function", of)], at))),
        ("property", Some(of)) => Ok(Some(super::reader("property", [("function", of)], at))),
        (class, first) if is_exception(class) => {
            let message = first.map(|of| machine.text_of(&of)).transpose()?.flatten().unwrap_or_default();
            Ok(Some(super::reader(class, [("message", Value::text(&message, at))], at)))
        }
        (path, Some(of)) => match path.split_once('.') {
            // `str.strip` and the like, called with the object.
            Some((class, method)) if class == "dict" && method == "fromkeys" => {
                let empty = Value::dict(Vec::new(), at);
                super::super::method::call(machine, &empty, method, arguments, at).map(Some)
            }
            Some((class, method)) if of.type_name() == class => {
                let rest = arguments.positional.iter().skip(1).cloned().collect();
                let rest = Arguments { positional: rest, ..arguments.clone() };
                super::super::method::call(machine, &of, method, &rest, at).map(Some)
            }
            _ => Ok(None),
        },
        _ => Ok(None),
    }
}

fn names(names: &super::super::value::Names, at: Span) -> Value {
    Value::new(Kind::Names(Rc::clone(names)), at)
}

fn collect(machine: &mut Machine<'_>, name: &str, items: Vec<Value>, at: Span) -> Outcome {
    match name {
        "tuple" => Ok(Value::tuple(items, at)),
        "set" | "frozenset" => machine.set_of(items, at),
        _ => Ok(Value::list(items, at)),
    }
}

fn integer(machine: &mut Machine<'_>, of: &Value, arguments: &Arguments, at: Span) -> Outcome<Option<Value>> {
    let base = arguments.get(1, "base").and_then(Value::as_int).and_then(|base| u32::try_from(base).ok());
    let kind = match &of.kind {
        Kind::Bool(yes) => Kind::Int(i128::from(*yes)),
        Kind::Int(number) => Kind::Int(*number),
        Kind::Float(number) => Kind::Int(number.trunc() as i128),
        Kind::Text(text) => {
            let mut digits = text.trim().replace('_', "").to_lowercase();
            let prefix = match base {
                Some(0) => ["0x", "0o", "0b"].into_iter().find(|prefix| digits.starts_with(prefix)),
                Some(16) => Some("0x"),
                Some(8) => Some("0o"),
                Some(2) => Some("0b"),
                _ => None,
            };
            let base = match (base, prefix) {
                (Some(0), Some("0x")) => 16,
                (Some(0), Some("0o")) => 8,
                (Some(0), Some(_)) => 2,
                (base, _) => base.filter(|base| (2..=36).contains(base)).unwrap_or(10),
            };
            if let Some(rest) = prefix.and_then(|prefix| digits.strip_prefix(prefix)) {
                digits = rest.to_owned();
            }
            match i128::from_str_radix(&digits, base) {
                Ok(number) if !text.trim().starts_with('_') => Kind::Int(number),
                _ => {
                    let message = format!("invalid literal for int() with base {base}: {}", Machine::shown(of));
                    return machine.raise("ValueError", message, at);
                }
            }
        }
        Kind::None | Kind::List(_) | Kind::Tuple(_) | Kind::Dict(_) => {
            let message = format!("int() argument must be a string or a real number, not '{}'", of.type_name());
            return machine.raise("TypeError", message, at);
        }
        _ => return Ok(None),
    };
    Ok(Some(Value::new(kind, at).from(&of.variables)))
}

/// Sorts as far as the order is known; what has none keeps its place.
pub(in super::super) fn sort(
    machine: &mut Machine<'_>,
    items: &mut Vec<Value>,
    arguments: &Arguments,
    at: Span,
) -> Outcome<()> {
    machine.spend(items.len().saturating_mul(10))?;
    let key = arguments.named("key").cloned();
    let mut keyed = Vec::new();
    for item in items.drain(..) {
        let by = match &key {
            Some(key) if !matches!(key.kind, Kind::None) => {
                machine.call(key, Arguments::positional(vec![item.clone()]), at)?
            }
            _ => item.clone(),
        };
        keyed.push((by, item));
    }
    let mut failure = None;
    keyed.sort_by(|(left, _), (right, _)| match machine.ordering(left, right, at) {
        Ok(ordering) => ordering.unwrap_or(std::cmp::Ordering::Equal),
        Err(stop) => {
            failure.get_or_insert(stop);
            std::cmp::Ordering::Equal
        }
    });
    if let Some(stop) = failure {
        return Err(stop);
    }
    items.extend(keyed.into_iter().map(|(_, item)| item));
    if let Some(reverse) = arguments.named("reverse").cloned()
        && machine.truth(&reverse)?
    {
        items.reverse();
    }
    Ok(())
}

/// Runs code from a text: a file that was read as a whole, or a text of its own.
fn execute(machine: &mut Machine<'_>, code: &Value, at: Span) -> Outcome<()> {
    let Some(scope) = machine.frames.last().cloned() else { return Ok(()) };
    if matches!(code.kind, Kind::Text(_)) {
        return machine.run_text(code, &scope, at);
    }
    machine.has_strange_names = true;
    Ok(())
}

impl Machine<'_> {
    /// Returns an exception of a library as it is raised.
    pub(super) fn raise_known<T>(&self, class: &str, message: String, at: Span) -> Outcome<T> {
        self.raise_exception(Exception::new(class, message, at))
    }
}
