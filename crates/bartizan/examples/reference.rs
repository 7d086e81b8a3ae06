//! Writes the reference pages into a directory: what the program knows of itself, in Markdown.
//!
//! `cargo xtask docs` runs it; nobody edits the pages by hand.
#![allow(clippy::print_stderr, reason = "a tool for the terminal speaks to the terminal")]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use bartizan::config::{Environment, Key, Overrides, from_text, keys, show};
use bartizan_proxy::stages::order::REFUSALS;
use bartizan_proxy::stages::refusal::After;
use bartizan_rules::Explanation;
use bartizan_rules::catalog::rules;

fn main() -> io::Result<()> {
    let Some(folder) = env::args_os().nth(1).map(PathBuf::from) else {
        eprintln!("name the directory");
        return Ok(());
    };
    fs::create_dir_all(folder.join("rules"))?;
    fs::write(folder.join("configuration.md"), configuration())?;
    fs::write(folder.join("refusals.md"), refusals())?;
    fs::write(folder.join("rules").join("README.md"), rule_list())?;
    for rule in rules() {
        fs::write(folder.join("rules").join(format!("{}.md", rule.id())), page(rule))?;
    }
    Ok(())
}

fn configuration() -> String {
    let mut text = head("Configuration");
    text.push_str(
        "One TOML file. Unknown keys are errors; `bartizan config check FILE` shows every problem with its line, and\n\
         `bartizan config schema` writes the JSON Schema that this page is made from. Times are written `\"10s\"`, sizes\n\
         `\"64MiB\"`, rates `\"100/s burst 200\"`; `\"none\"` switches off what can be off. The reasons of all defaults are\n\
         in [RATIONALE.md](../RATIONALE.md), and every key stands once in\n\
         [examples/reference.toml](../examples/reference.toml).\n\n\
         A `[[site.route]]` may say again what its site says, tables included (`[site.route.headers]`, `.cookies`, `.csrf`,\n\
         `.errors`); what it leaves out is as in the site.\n",
    );
    let all = keys();
    let mut tables: Vec<&str> = all.iter().map(|key| table(&key.path)).collect();
    tables.dedup();
    // A route's own tables are those of its site.
    tables.retain(|table| !table.starts_with("site[].route[]."));
    tables.sort_unstable();
    tables.dedup();
    for name in tables {
        let _ = write!(text, "\n## `{}`\n\n| key | written as | what it does |\n|---|---|---|\n", title(name));
        for key in all.iter().filter(|key| table(&key.path) == name) {
            let name = key.path.rsplit('.').next().unwrap_or_default();
            let _ = writeln!(text, "| `{name}` | {} | {} |", forms(key), cell(&key.description));
        }
    }
    text.push_str(
        "\n## What holds without a word\n\nThe five-line file, as `bartizan config show` tells it:\n\n```toml\n",
    );
    text.push_str(&effective());
    text.push_str("```\n");
    text
}

/// The table that a key stands in; the tables of a route repeat those of the site.
fn table(path: &str) -> &str {
    path.rsplit_once('.').map_or("", |(table, _)| table)
}

fn title(table: &str) -> String {
    let name = table.replace("[]", "");
    if table.ends_with("[]") { format!("[[{name}]]") } else { format!("[{name}]") }
}

/// What may be written: fixed words, examples, or the type.
fn forms(key: &Key) -> String {
    let mut forms = Vec::new();
    collect(&key.schema, &mut forms);
    forms.dedup();
    if forms.is_empty() {
        forms.push(
            if key.path.contains(".headers.") { "a value, `{ mode, value }`, `false`" } else { "text" }.to_owned(),
        );
    }
    forms.join(", ")
}

fn collect(schema: &serde_json::Value, forms: &mut Vec<String>) {
    for all in ["anyOf", "oneOf"] {
        for one in schema.get(all).and_then(|all| all.as_array()).into_iter().flatten() {
            collect(one, forms);
        }
    }
    let word = |value: &serde_json::Value| format!("`{}`", value.to_string().replace('|', "\\|"));
    forms.extend(schema.get("const").map(word));
    forms.extend(
        schema.get("enum").and_then(|all| all.as_array()).into_iter().flatten().filter(|it| !it.is_null()).map(word),
    );
    if let Some(examples) = schema.get("examples").and_then(|all| all.as_array()) {
        forms
            .extend(examples.iter().filter_map(|it| it.as_str()).map(|it| format!("`\"{}\"`", it.replace('|', "\\|"))));
        return;
    }
    let kind = schema.get("type");
    let is = |name: &str| {
        kind.is_some_and(|kind| kind == name || kind.as_array().is_some_and(|all| all.iter().any(|it| it == name)))
    };
    if is("boolean") {
        forms.push("`true`, `false`".to_owned());
    } else if is("integer") {
        forms.push("a number".to_owned());
    } else if is("array") {
        let mut items = Vec::new();
        collect(schema.get("items").unwrap_or(&serde_json::Value::Null), &mut items);
        forms.push(format!("a list of {}", if items.is_empty() { "text".to_owned() } else { items.join(", ") }));
    } else if is("object") && schema.get("additionalProperties").is_some() {
        forms.push("a table of text".to_owned());
    }
}

fn effective() -> String {
    let text = "[server]\nlisten = [\"0.0.0.0:443\"]\n[[site]]\nhosts = [\"app.example\"]\nupstream = [\"http://127.0.0.1:8000\"]\n";
    let environment = Environment { is_root: true, ..Environment::default() };
    let loaded = from_text(text, "bartizan.toml", Path::new("."), &environment, &Overrides::default());
    let shown = loaded.map(|loaded| show(&loaded)).unwrap_or_else(|report| format!("{report:?}"));
    // The number of cores is the machine's, not the program's.
    let lines = shown.lines().map(|line| match line.strip_prefix("workers = ") {
        Some(_) => "workers = \"cores\"                                      # default",
        None => line,
    });
    lines.fold(String::new(), |text, line| text + line + "\n")
}

fn refusals() -> String {
    let mut text = head("Refusals");
    text.push_str(
        "What the wall does not let through. The id stands in the access log and in the metric\n\
         `bartizan_refusals_total`; the visitor sees the status and a number to quote.\n\n\
         | id | status | then | what |\n|---|---|---|---|\n",
    );
    for kind in REFUSALS {
        let then = match kind.after {
            After::Close => "the connection closes",
            After::Drop => "closed without an answer",
            After::Keep => "the connection stays",
        };
        let about = &kind.about;
        let _ =
            writeln!(text, "| [`{0}`](#{0}) | {1} | {then} | {2} |", about.id, kind.status.as_u16(), cell(about.title));
    }
    for kind in REFUSALS {
        let _ = write!(text, "\n## {}\n\n**{}.** ", kind.about.id, kind.about.title);
        explain(&kind.about, &mut text);
    }
    text
}

fn rule_list() -> String {
    let mut text = head("Rules");
    text.push_str("Faults that Bartizan knows. `bartizan explain ID` prints the same.\n\n| id | topic | severity | what |\n|---|---|---|---|\n");
    for rule in rules() {
        let topic = rule.topic.as_str().replace('_', "-");
        let _ = writeln!(
            text,
            "| [{0}]({0}.md) | {topic} | {1} | {2} |",
            rule.id(),
            rule.severity.as_str(),
            cell(rule.about.title)
        );
    }
    text
}

fn page(rule: &bartizan_rules::Rule) -> String {
    let mut text = head(rule.about.title);
    let _ =
        write!(text, "`{}` · {} · {}\n\n", rule.id(), rule.topic.as_str().replace('_', "-"), rule.severity.as_str());
    explain(&rule.about, &mut text);
    let (bad, good) = (rule.bad.text().trim_end(), rule.good.text().trim_end());
    let (bad_is, good_is) = (rule.bad.language(), rule.good.language());
    let _ = write!(text, "\nFound here:\n\n```{bad_is}\n{bad}\n```\n\nNot here:\n\n```{good_is}\n{good}\n```\n");
    text
}

fn explain(about: &Explanation, text: &mut String) {
    let _ = writeln!(text, "{}", about.why);
    for (platform, fix) in about.fix {
        let _ = write!(text, "\n{platform}:\n\n```\n{}\n```\n", fix.trim_end());
    }
    text.push_str("\nRead on:\n\n");
    for reference in about.references {
        let _ = writeln!(text, "- [{reference}]({})", reference.url());
    }
}

fn head(title: &str) -> String {
    format!("<!-- Written by `cargo xtask docs`; do not edit. -->\n# {title}\n\n")
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}
