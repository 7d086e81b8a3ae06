//! The rest of Python's own library, as far as settings use it.

use std::cell::RefCell;
use std::rc::Rc;

use super::super::evaluate::{Arguments, Machine, Outcome};
use super::super::value::{Kind, Span, Value};
use crate::formats::glob::is_match;

pub(super) fn call(machine: &mut Machine<'_>, name: &str, arguments: &Arguments, at: Span) -> Outcome<Option<Value>> {
    let first = arguments.positional.first().cloned();
    match name {
        "copy.copy" | "copy.deepcopy" => Ok(first.map(|value| copy(&value, 0))),
        "importlib.import_module" => {
            let Some(module) = arguments.text(0, "name") else { return Ok(None) };
            let module = match (module.strip_prefix('.'), arguments.text(1, "package")) {
                (Some(relative), Some(package)) => format!("{package}.{relative}"),
                _ => module.to_string(),
            };
            machine.load(&module, at).map(Some)
        }
        "sys.exit" => machine.raise_known("SystemExit", String::new(), at),
        "datetime.timedelta" | "django.utils.timezone.timedelta" => Ok(super::time::timedelta(arguments, at)),
        "dataclasses.dataclass" | "dataclasses.field" | "enum.auto" | "types.SimpleNamespace" => {
            let values = arguments.named.iter().map(|(name, value)| (Rc::from(&**name), value.clone())).collect();
            let reader = super::Reader { class: Rc::from(name), values: RefCell::new(values) };
            Ok(Some(Value::new(Kind::Reader(Rc::new(reader)), at)))
        }
        "enum.unique" | "functools.lru_cache" | "functools.wraps" | "functools.cache" => Ok(None),
        "importlib.util.find_spec" => {
            let Some(module) = arguments.text(0, "name") else { return Ok(None) };
            let is_there = machine.locate(&module).is_some() || super::is_known(&module);
            let label = format!("{module} is installed");
            // A package of others may be installed; where all is known, what is not here is not.
            let is_there =
                is_there || (!machine.options.variables.is_closed && machine.world.decide(&label, &Default::default()));
            Ok(Some(if is_there { super::reader("importlib.ModuleSpec", [], at) } else { Value::new(Kind::None, at) }))
        }
        "tomllib.loads" | "tomllib.load" => super::encode::toml(machine, arguments, at),
        "json.dumps" => super::encode::call(machine, name, arguments, at),
        "glob.glob" | "glob.iglob" => Ok(arguments.text(0, "pathname").and_then(|pattern| {
            let is_absolute = pattern.starts_with('/');
            let pattern = super::files::inside(&super::files::absolute(&pattern))?;
            let paths = super::files::glob(machine, &pattern)?;
            let shown = |path: String| match is_absolute {
                true => Value::text(&format!("{}/{path}", super::super::evaluate::ROOT), at),
                false => Value::text(&path, at),
            };
            Some(Value::list(paths.into_iter().map(shown).collect(), at))
        })),
        "math.floor" | "math.ceil" | "math.trunc" => Ok(match first.map(|value| value.kind) {
            Some(Kind::Int(number)) => Some(Value::new(Kind::Int(number), at)),
            Some(Kind::Float(number)) => {
                let rounded = match name {
                    "math.floor" => number.floor(),
                    "math.ceil" => number.ceil(),
                    _ => number.trunc(),
                };
                Some(Value::new(Kind::Int(rounded as i128), at))
            }
            _ => None,
        }),
        "sys.getdefaultencoding" | "sys.getfilesystemencoding" => Ok(Some(Value::text("utf-8", at))),
        "textwrap.dedent" | "inspect.cleandoc" => Ok(None),
        "logging.getLogger" => Ok(None),
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
        "random.SystemRandom" | "random.Random" | "secrets.SystemRandom" => {
            Ok(Some(Value::new(Kind::Known(Rc::from("random")), at)))
        }
        "random.sample" => {
            let Some(of) = first else { return Ok(None) };
            let count = arguments.get(1, "k").and_then(Value::as_int).and_then(|count| usize::try_from(count).ok());
            let items = machine.items(&of, at)?;
            Ok(items.zip(count).map(|(items, count)| Value::list(items.into_iter().take(count).collect(), at)))
        }
        "secrets.compare_digest" | "hmac.compare_digest" => {
            let Some(other) = arguments.positional.get(1) else { return Ok(None) };
            let same = first.map(|first| machine.equal(&first, other)).transpose()?.flatten();
            Ok(same.map(|same| Value::new(Kind::Bool(same), at)))
        }
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
        let names: Vec<String> = if name.contains('*') {
            let names = machine.tree.names(folder.as_ref()).into_iter();
            names.filter(|known| is_match(name, known)).collect()
        } else {
            vec![name.to_owned()]
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
