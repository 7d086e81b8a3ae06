//! Keys and values as the text of a configuration file.

use std::collections::BTreeMap;
use std::fmt::Write as _;

/// The keys of one file, by the path that the schema gives them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Settings(BTreeMap<String, String>);

impl Settings {
    /// Writes a key; no value takes it out.
    pub(crate) fn set(&mut self, key: &str, value: &str) {
        if value.is_empty() {
            self.0.remove(key);
        } else {
            self.0.insert(key.to_owned(), value.to_owned());
        }
    }

    /// Whether a key is written.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.0.contains_key(key)
    }

    /// Returns the file.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        for (prefix, table) in TABLES {
            // The longest prefix owns a key, so that a route's keys are not also its site's.
            let owner =
                |key: &str| TABLES.iter().filter(|(prefix, _)| key.starts_with(prefix)).map(|(p, _)| p.len()).max();
            let own = self.0.iter().filter(|(key, _)| key.starts_with(prefix) && owner(key) == Some(prefix.len()));
            let lines: Vec<_> = own.map(|(key, value)| format!("{} = {value}", &key[prefix.len()..])).collect();
            if !lines.is_empty() {
                // Writing to a String cannot fail.
                let _ = writeln!(text, "{table}\n{}", lines.join("\n"));
            }
        }
        text
    }
}

const TABLES: &[(&str, &str)] = &[
    ("server.", "[server]"),
    ("reports.", "[reports]"),
    ("reports.alerts.", "[reports.alerts]"),
    ("reports.alerts.webhook[].", "[[reports.alerts.webhook]]"),
    ("reports.alerts.mail[].", "[[reports.alerts.mail]]"),
    ("reports.alerts.command[].", "[[reports.alerts.command]]"),
    ("dashboard.", "[dashboard]"),
    ("dashboard.user[].", "[[dashboard.user]]"),
    ("dashboard.token[].", "[[dashboard.token]]"),
    ("site[].", "[[site]]"),
    ("site[].route[].", "[[site.route]]"),
    ("site[].uploads[].", "[[site.uploads]]"),
    ("site[].waf.exclude[].", "[[site.waf.exclude]]"),
    ("site[].route[].waf.exclude[].", "[[site.route.waf.exclude]]"),
];
