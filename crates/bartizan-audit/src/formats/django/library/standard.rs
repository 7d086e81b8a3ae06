//! The rest of Python's own library, as far as settings use it.

use std::cell::RefCell;
use std::rc::Rc;

use super::super::evaluate::{Arguments, Machine, Outcome};
use super::super::value::{Kind, Span, Value};

pub(super) fn call(machine: &mut Machine<'_>, name: &str, arguments: &Arguments, at: Span) -> Outcome<Option<Value>> {
    let first = arguments.positional.first().cloned();
    match name {
        "copy.copy" | "copy.deepcopy" => Ok(first.map(|value| copy(&value, 0))),
        "collections.OrderedDict" => machine.call(&builtin("dict", at), arguments.clone(), at).map(Some),
        "collections.defaultdict" => Ok(Some(Value::dict(Vec::new(), at))),
        "itertools.chain" => {
            let mut items = Vec::new();
            for value in &arguments.positional {
                let Some(more) = machine.items(value, at)? else { return Ok(None) };
                items.extend(more);
            }
            Ok(Some(Value::new(Kind::Iterator(Rc::new(RefCell::new(items.into()))), at)))
        }
        "importlib.import_module" => {
            let Some(module) = arguments.text(0, "name") else { return Ok(None) };
            let module = match (module.strip_prefix('.'), arguments.text(1, "package")) {
                (Some(relative), Some(package)) => format!("{package}.{relative}"),
                _ => module.to_string(),
            };
            machine.load(&module, at).map(Some)
        }
        "sys.exit" => machine.raise_known("SystemExit", String::new(), at),
        "datetime.timedelta" => Ok(timedelta(arguments, at)),
        "functools.reduce" => {
            let (Some(function), Some(of)) = (first, arguments.positional.get(1)) else { return Ok(None) };
            let Some(items) = machine.items(of, at)? else { return Ok(None) };
            let mut items = arguments.positional.get(2).cloned().into_iter().chain(items);
            let Some(mut total) = items.next() else { return Ok(None) };
            for item in items {
                total = machine.call(&function, Arguments::positional(vec![total, item]), at)?;
            }
            Ok(Some(total))
        }
        _ if name.starts_with("operator.") => operator(machine, name, arguments, at),
        "functools.partial" => {
            let Some(function) = first else { return Ok(None) };
            let kept = arguments.positional.iter().skip(1).cloned().collect();
            let named = arguments.named.iter().map(|(name, value)| (Value::text(name, at), value.clone())).collect();
            let values =
                [("function", function), ("positional", Value::list(kept, at)), ("named", Value::dict(named, at))];
            Ok(Some(super::reader("functools.partial", values, at)))
        }
        "contextlib.suppress" => {
            let classes = arguments.positional.iter().cloned();
            let names = ["a", "b", "c", "d", "e", "f"];
            Ok(Some(super::reader("contextlib.suppress", names.into_iter().zip(classes), at)))
        }
        "warnings.filterwarnings"
        | "warnings.warn"
        | "warnings.simplefilter"
        | "logging.disable"
        | "logging.basicConfig"
        | "logging.captureWarnings"
        | "mimetypes.add_type"
        | "locale.setlocale"
        | "sys.stdout.write"
        | "sys.stderr.write"
        | "sys.setrecursionlimit" => Ok(Some(Value::new(Kind::None, at))),
        "platform.system" => Ok(Some(Value::text("Linux", at))),
        "base64.b64decode" | "base64.b64encode" | "hashlib.sha256" => Ok(None),
        "os.urandom" => {
            let count = first.and_then(|value| value.as_int()).unwrap_or(0).clamp(0, 4_096);
            Ok(Some(Value::new(Kind::Bytes((0..count).map(|byte| byte as u8).collect()), at)))
        }
        "random.choices" => {
            let count = arguments.get(2, "k").and_then(Value::as_int).unwrap_or(1).clamp(0, 4_096);
            let text = super::random::stand_in(usize::try_from(count).unwrap_or(0), at);
            Ok(machine.items(&text, at)?.map(|items| Value::list(items, at)))
        }
        "random.choice" | "secrets.choice" => Ok(match &first {
            Some(value) => machine.items(value, at)?.and_then(|items| {
                // Each choice another one, as chance has it.
                machine.chances = machine.chances.wrapping_add(1);
                let index = machine.chances.checked_rem(items.len())?;
                items.into_iter().nth(index)
            }),
            None => None,
        }),
        "random.SystemRandom" | "random.Random" => Ok(Some(Value::new(Kind::Known(Rc::from("random")), at))),
        "split_settings.tools.optional" => Ok(first),
        "split_settings.tools.include" => {
            include(machine, arguments, at)?;
            Ok(Some(Value::new(Kind::None, at)))
        }
        _ if name.starts_with("django.utils.translation.") || name.starts_with("django.urls.reverse") => Ok(first),
        _ if name.starts_with("typing.") => Ok(None),
        _ => Ok(None),
    }
}

/// The operators that have a function of their own.
fn operator(machine: &mut Machine<'_>, name: &str, arguments: &Arguments, at: Span) -> Outcome<Option<Value>> {
    use ruff_python_ast::Operator;
    let operator = match (name, arguments.positional.as_slice()) {
        ("operator.not_" | "operator.truth", [of]) => {
            let truth = machine.truth(of)? == (name == "operator.truth");
            return Ok(Some(Value::new(Kind::Bool(truth), at).from(&of.variables)));
        }
        ("operator.add" | "operator.concat", _) => Operator::Add,
        ("operator.and_", _) => Operator::BitAnd,
        ("operator.floordiv", _) => Operator::FloorDiv,
        ("operator.mod", _) => Operator::Mod,
        ("operator.mul", _) => Operator::Mult,
        ("operator.or_", _) => Operator::BitOr,
        ("operator.sub", _) => Operator::Sub,
        _ => return Ok(None),
    };
    let [left, right] = arguments.positional.as_slice() else { return Ok(None) };
    machine.binary(operator, left, right, at).map(Some)
}

fn builtin(name: &str, at: Span) -> Value {
    Value::new(Kind::Known(Rc::from(format!("builtins.{name}"))), at)
}

fn timedelta(arguments: &Arguments, at: Span) -> Option<Value> {
    let units = [
        ("days", 86_400.0),
        ("seconds", 1.0),
        ("microseconds", 0.000_001),
        ("milliseconds", 0.001),
        ("minutes", 60.0),
        ("hours", 3_600.0),
        ("weeks", 604_800.0),
    ];
    let mut total = 0.0;
    for (index, (name, seconds)) in units.into_iter().enumerate() {
        let amount = match arguments.get(index, name).map(|value| &value.kind) {
            None => 0.0,
            Some(Kind::Int(number)) => *number as f64,
            Some(Kind::Float(number)) => *number,
            Some(_) => return None,
        };
        total += amount * seconds;
    }
    let days = (total / 86_400.0).floor();
    let values = [("days", Value::new(Kind::Int(days as i128), at)), ("seconds", Value::new(Kind::Float(total), at))];
    Some(super::reader("datetime.timedelta", values, at))
}

/// Copies what can be changed, so that a change of the copy leaves the original alone.
pub(in super::super) fn copy(value: &Value, depth: u32) -> Value {
    if depth > 30 {
        return value.clone();
    }
    let all = |items: &[Value]| items.iter().map(|item| copy(item, depth + 1)).collect::<Vec<_>>();
    let kind = match &value.kind {
        Kind::List(items) => Kind::List(Rc::new(RefCell::new(all(&items.borrow())))),
        Kind::Set(items) => Kind::Set(Rc::new(RefCell::new(all(&items.borrow())))),
        Kind::Dict(dict) => {
            let mut copied = dict.borrow().clone();
            for (_, value) in &mut copied.entries {
                *value = copy(value, depth + 1);
            }
            Kind::Dict(Rc::new(RefCell::new(copied)))
        }
        other => other.clone(),
    };
    Value { kind, origin: value.origin, variables: value.variables.clone() }
}

/// django-split-settings: the files run one after the other in the names of the settings.
fn include(machine: &mut Machine<'_>, arguments: &Arguments, at: Span) -> Outcome<()> {
    let Some(scope) = machine.frames.last().cloned() else { return Ok(()) };
    let directory = machine.directory();
    for pattern in arguments.positional.iter().filter_map(|value| value.as_text().cloned()) {
        let path = if directory.is_empty() { pattern.to_string() } else { format!("{directory}/{pattern}") };
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", &path));
        let names = match name.split_once('*') {
            None => vec![name.to_owned()],
            Some((start, end)) => {
                let names = machine.tree.names(folder.as_ref());
                let fits = |name: &String| {
                    name.len() >= start.len() + end.len() && name.starts_with(start) && name.ends_with(end)
                };
                names.into_iter().filter(fits).collect()
            }
        };
        for name in names {
            machine.spend(10)?;
            let path = if folder.is_empty() { name } else { format!("{folder}/{name}") };
            let path = super::files::clean(&path).to_string();
            machine.run_file(&path, &scope)?;
        }
    }
    let _ = at;
    Ok(())
}
