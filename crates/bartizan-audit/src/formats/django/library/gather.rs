//! `itertools` and `collections`: over what is known, all at once.

use std::cell::RefCell;
use std::rc::Rc;

use super::super::evaluate::{Arguments, Machine, Outcome};
use super::super::value::{Kind, Span, Value};

pub(super) fn call(machine: &mut Machine<'_>, name: &str, arguments: &Arguments, at: Span) -> Outcome<Option<Value>> {
    let first = arguments.positional.first().cloned();
    let all = |items: Vec<Value>| Some(Value::new(Kind::Iterator(Rc::new(RefCell::new(items.into()))), at));
    Ok(match (name, first) {
        ("collections.OrderedDict", _) => {
            let dict = Value::new(Kind::Known(Rc::from("builtins.dict")), at);
            Some(machine.call(&dict, arguments.clone(), at)?)
        }
        ("collections.defaultdict", factory) => {
            let rest =
                Arguments { positional: arguments.positional.iter().skip(1).cloned().collect(), ..arguments.clone() };
            let dict = call(machine, "collections.OrderedDict", &rest, at)?;
            if let Some(Value { kind: Kind::Dict(dict), .. }) = &dict {
                dict.borrow_mut().missing = factory.filter(|factory| !matches!(factory.kind, Kind::None));
            }
            dict
        }
        ("collections.Counter", first) => {
            let counter = Value::dict(Vec::new(), at);
            let items = match &first {
                Some(of) => machine.items(of, at)?,
                None => Some(Vec::new()),
            };
            let Some(items) = items else { return Ok(None) };
            for item in items {
                let known = machine.entries(&counter)?.unwrap_or_default();
                let keys: Vec<Value> = known.iter().map(|(key, _)| key.clone()).collect();
                let count = machine.position(&keys, &item)?.and_then(|index| known.get(index)?.1.as_int()).unwrap_or(0);
                machine.set_item(&counter, item, Value::new(Kind::Int(i128::from(count) + 1), at), at)?;
            }
            Some(counter)
        }
        ("collections.ChainMap", _) => {
            let mut entries = Vec::new();
            for map in arguments.positional.iter().rev() {
                let Some(more) = machine.entries(map)? else { return Ok(None) };
                entries.extend(more);
            }
            Some(machine.dict_of(entries, at)?)
        }
        ("collections.deque", Some(of)) => machine.items(&of, at)?.map(|mut items| {
            let most = arguments.get(1, "maxlen").and_then(Value::as_int).and_then(|most| usize::try_from(most).ok());
            let extra = items.len().saturating_sub(most.unwrap_or(usize::MAX));
            Value::list(items.split_off(extra), at)
        }),
        ("itertools.chain", _) => {
            let mut items = Vec::new();
            for value in &arguments.positional {
                let Some(more) = machine.items(value, at)? else { return Ok(None) };
                items.extend(more);
            }
            all(items)
        }
        ("itertools.chain.from_iterable", Some(of)) => {
            let Some(lists) = machine.items(&of, at)? else { return Ok(None) };
            call(machine, "itertools.chain", &Arguments::positional(lists), at)?
        }
        ("itertools.islice", Some(of)) => {
            let bound = |index: usize| arguments.positional.get(index).and_then(Value::as_int);
            let (start, end) = match arguments.positional.len() {
                2 => (0, bound(1)),
                _ => (bound(1).unwrap_or(0), bound(2)),
            };
            let Some(items) = machine.items(&of, at)? else { return Ok(None) };
            let end = end.and_then(|end| usize::try_from(end).ok()).unwrap_or(items.len());
            all(items.into_iter().take(end).skip(usize::try_from(start).unwrap_or(0)).collect())
        }
        ("itertools.repeat", Some(of)) => {
            let Some(count) = arguments.get(1, "times").and_then(Value::as_int) else { return Ok(None) };
            let count = usize::try_from(count).unwrap_or(0);
            machine.spend(count)?;
            all(vec![of; count])
        }
        ("itertools.product", Some(_)) => {
            let mut rows = vec![Vec::new()];
            for value in &arguments.positional {
                let Some(items) = machine.items(value, at)? else { return Ok(None) };
                machine.spend(rows.len().saturating_mul(items.len()))?;
                let longer = |row: &Vec<Value>| {
                    let row = row.clone();
                    items.iter().map(move |item| [row.clone(), vec![item.clone()]].concat()).collect::<Vec<_>>()
                };
                rows = rows.iter().flat_map(longer).collect();
            }
            all(rows.into_iter().map(|row| Value::tuple(row, at)).collect())
        }
        ("itertools.takewhile" | "itertools.dropwhile", Some(test)) => {
            let Some(of) = arguments.positional.get(1) else { return Ok(None) };
            let Some(items) = machine.items(of, at)? else { return Ok(None) };
            let mut count = 0;
            for item in &items {
                let answer = machine.call(&test, Arguments::positional(vec![item.clone()]), at)?;
                if !machine.truth(&answer)? {
                    break;
                }
                count += 1;
            }
            all(match name {
                "itertools.takewhile" => items.into_iter().take(count).collect(),
                _ => items.into_iter().skip(count).collect(),
            })
        }
        _ => None,
    })
}
