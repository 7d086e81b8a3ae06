//! Docker Compose files, as far as they set variables and open doors: services, and within them some keys.

mod yaml;

use bartizan_rules::facts::container::{Service, is_proxy};
use bartizan_rules::facts::node::{Entry, Node, NodeValue};
use bartizan_rules::facts::setting::{Carrier, Variable, Variables};

use crate::Source;

pub use self::yaml::parse;

/// Reads the variables of each service.
pub fn read(source: &Source) -> Vec<Variables> {
    let root = parse(source);
    let services = root.get("services").map(Node::entries).unwrap_or_default();
    services.iter().map(|service| of_service(source, service)).collect()
}

/// Reads what each service says of its container.
pub fn services(source: &Source) -> Vec<Service> {
    let root = parse(source);
    let entries = root.get("services").map(Node::entries).unwrap_or_default();
    let proxies = |entry: &Entry| entry.value.get("image").and_then(Node::text).is_some_and(is_proxy);
    let has_proxy = entries.iter().any(proxies);
    let service = |entry: &Entry| Service {
        name: entry.key.clone(),
        at: entry.at.clone(),
        keys: entry.value.clone(),
        is_beside_proxy: has_proxy,
    };
    entries.iter().map(service).collect()
}

fn of_service(source: &Source, service: &Entry) -> Variables {
    let environment = service.value.get("environment");
    let mut items = Vec::new();
    for entry in environment.map(Node::entries).unwrap_or_default() {
        items.push(Variable {
            name: entry.key.clone(),
            value: scalar(&entry.value),
            at: entry.at.clone(),
            value_at: entry.value.at.clone(),
        });
    }
    for item in environment.map(Node::items).unwrap_or_default() {
        let Some(text) = item.text() else { continue };
        let (name, value) = text.split_once('=').map_or((text, None), |(name, value)| (name, Some(value)));
        items.push(Variable {
            name: name.into(),
            value: value.map(Into::into),
            at: item.at.clone(),
            value_at: item.at.clone(),
        });
    }
    // What Compose fills in from outside is nobody's literal value.
    for item in &mut items {
        if item.value.as_deref().is_some_and(|value| value.contains("${") || value.starts_with('$')) {
            item.value = None;
        }
    }
    let _ = source;
    Variables { carrier: Carrier::Compose, items, is_world_readable: false, start: service.at.clone() }
}

fn scalar(node: &Node) -> Option<Box<str>> {
    match &node.value {
        NodeValue::Text(text) | NodeValue::Number(text) => Some(text.clone()),
        NodeValue::Bool(yes) => Some(if *yes { "true".into() } else { "false".into() }),
        NodeValue::Null | NodeValue::List(_) | NodeValue::Map(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_of_services_are_read() {
        let text = "services:\n  web:\n    environment:\n      DEBUG: true\n      KEY: ${KEY}\n  db:\n    environment:\n      - POSTGRES_PASSWORD=secret # no\n      - PASSED\n";
        let read = read(&Source::new("compose.yaml", text.as_bytes().to_vec()));
        let items = |index: usize| -> Vec<_> {
            read[index].items.iter().map(|item| (&*item.name, item.value.as_deref(), item.at.line)).collect()
        };
        assert_eq!(items(0), [("DEBUG", Some("true"), 4), ("KEY", None, 5)]);
        assert_eq!(items(1), [("POSTGRES_PASSWORD", Some("secret"), 8), ("PASSED", None, 9)]);
    }
}
