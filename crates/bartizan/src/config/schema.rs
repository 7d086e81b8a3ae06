//! The JSON Schema of the file, and a walk over all its keys.

use schemars::generate::SchemaSettings;
use serde_json::Value;

use super::raw::File;

/// Returns the JSON Schema (draft 2020-12) of the configuration file.
pub fn schema() -> Value {
    let mut schema = value();
    if let Some(root) = schema.as_object_mut() {
        root.insert("title".to_owned(), "Bartizan configuration".into());
    }
    schema
}

pub(crate) fn value() -> Value {
    SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<File>().to_value()
}

/// One key of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// Its path, such as `server.limits.body` or `site[].headers.hsts`.
    pub path: String,
    /// What it does.
    pub description: String,
    /// The part of the schema that says what may be written.
    pub schema: Value,
}

/// Returns every key that holds a value, tables left out, sorted by path.
pub fn keys() -> Vec<Key> {
    let root = value();
    let mut keys = Vec::new();
    walk(&root, &root, "", &mut keys);
    keys.sort_by(|a, b| a.path.cmp(&b.path));
    keys
}

fn walk(schema: &Value, root: &Value, path: &str, keys: &mut Vec<Key>) {
    let Some(properties) = schema.get("properties").and_then(Value::as_object) else { return };
    for (name, property) in properties {
        let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        let before = keys.len();
        for form in forms(property, root) {
            // A header's long form is another spelling of the same key.
            if form.get("properties").is_some() && !has_short_form(property, root) {
                walk(form, root, &path, keys);
            } else if let Some(items) = form.get("items") {
                for item in forms(items, root) {
                    walk(item, root, &format!("{path}[]"), keys);
                }
            }
        }
        if keys.len() == before {
            let description = property.get("description").and_then(Value::as_str).unwrap_or_default().to_owned();
            keys.push(Key { path, description, schema: property.clone() });
        }
    }
}

fn forms<'a>(schema: &'a Value, root: &'a Value) -> Vec<&'a Value> {
    if let Some(name) = schema.get("$ref").and_then(Value::as_str) {
        return root.pointer(name.trim_start_matches('#')).map_or(vec![], |schema| forms(schema, root));
    }
    match schema.get("anyOf").and_then(Value::as_array) {
        Some(all) => all.iter().flat_map(|schema| forms(schema, root)).collect(),
        None => vec![schema],
    }
}

fn has_short_form(schema: &Value, root: &Value) -> bool {
    forms(schema, root).iter().any(|form| form.get("type").and_then(Value::as_str) == Some("string"))
}
