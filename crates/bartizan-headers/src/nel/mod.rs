//! NEL (W3C Network Error Logging, 4): whether browsers report requests that never arrived.

mod json;

use std::fmt;
use std::time::Duration;

use http::HeaderName;

use crate::field::{Field, Note, Parsed, first_line};
use crate::nel::json::Json;

/// The policy of a NEL field.
#[derive(Debug, Clone, PartialEq)]
pub struct Nel {
    /// The group of endpoints, by name; nothing for a policy that takes the former one back.
    pub report_to: Option<String>,
    /// How long the browser remembers the policy, in whole seconds.
    pub max_age: Duration,
    /// Whether names below the host are covered, too.
    pub include_subdomains: bool,
    /// The share of successes that is reported, from 0 to 1.
    pub success_fraction: f64,
    /// The share of failures that is reported, from 0 to 1.
    pub failure_fraction: f64,
}

impl Nel {
    /// Returns a policy that reports every failure and no success.
    pub const fn failures(report_to: String, max_age: Duration) -> Self {
        Self {
            report_to: Some(report_to),
            max_age: Duration::from_secs(max_age.as_secs()),
            include_subdomains: false,
            success_fraction: 0.0,
            failure_fraction: 1.0,
        }
    }
}

impl Field for Nel {
    const NAME: HeaderName = HeaderName::from_static("nel");

    /// Reads one JSON object; a member of the wrong type spoils the field.
    fn parse(lines: &[&str]) -> Parsed<Self> {
        let mut notes = Vec::new();
        let Some(line) = first_line(lines, &mut notes) else { return Parsed::absent() };
        let Some(members) = json::object(line) else { return Parsed::rejected(notes, Note::syntax(line)) };
        let mut policy = Self {
            report_to: None,
            max_age: Duration::ZERO,
            include_subdomains: false,
            success_fraction: 0.0,
            failure_fraction: 1.0,
        };
        let mut has_age = false;
        for (name, value) in members {
            match (name.as_str(), value) {
                ("report_to", Json::Text(group)) => policy.report_to = Some(group),
                // Beyond 2^53 a float names no single second; no browser remembers anything that long.
                ("max_age", Json::Number(age)) if age >= 0.0 && age.fract() == 0.0 && age < 9e15 => {
                    policy.max_age = Duration::from_secs_f64(age);
                    has_age = true;
                }
                ("include_subdomains", Json::Truth(truth)) => policy.include_subdomains = truth,
                ("success_fraction", Json::Number(share)) if is_share(share) => policy.success_fraction = share,
                ("failure_fraction", Json::Number(share)) if is_share(share) => policy.failure_fraction = share,
                ("report_to" | "max_age" | "include_subdomains" | "success_fraction" | "failure_fraction", _) => {
                    return Parsed::rejected(notes, Note::invalid(&name, "of another type or out of range"));
                }
                _ => notes.push(Note::unknown(&name)),
            }
        }
        if !has_age {
            return Parsed::rejected(notes, Note::Missing("max_age"));
        }
        if policy.report_to.is_none() && !policy.max_age.is_zero() {
            return Parsed::rejected(notes, Note::Missing("report_to"));
        }
        Parsed::accepted(policy, notes)
    }
}

impl fmt::Display for Nel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("{")?;
        if let Some(group) = &self.report_to {
            f.write_str("\"report_to\":")?;
            json::write_text(f, group)?;
            f.write_str(",")?;
        }
        write!(f, "\"max_age\":{}", self.max_age.as_secs())?;
        if self.include_subdomains {
            f.write_str(",\"include_subdomains\":true")?;
        }
        if self.success_fraction != 0.0 {
            write!(f, ",\"success_fraction\":{}", self.success_fraction)?;
        }
        if self.failure_fraction < 1.0 {
            write!(f, ",\"failure_fraction\":{}", self.failure_fraction)?;
        }
        f.write_str("}")
    }
}

fn is_share(number: f64) -> bool {
    (0.0..=1.0).contains(&number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn policies_are_json_objects() {
        for (line, canonical, notes) in [
            (r#"{"report_to":"nel","max_age":86400}"#, Some(r#"{"report_to":"nel","max_age":86400}"#), 0),
            (
                r#" { "max_age" : 1e2, "report_to":"a\"b", "include_subdomains":true, "failure_fraction":0.5 } "#,
                Some(r#"{"report_to":"a\"b","max_age":100,"include_subdomains":true,"failure_fraction":0.5}"#),
                0,
            ),
            (r#"{"max_age":0}"#, Some(r#"{"max_age":0}"#), 0),
            (r#"{"max_age":0,"request_headers":["a",{"b":[]}]}"#, Some(r#"{"max_age":0}"#), 1),
            (r#"{"report_to":"nel"}"#, None, 1),
            (r#"{"max_age":10}"#, None, 1),
            (r#"{"report_to":"nel","max_age":"10"}"#, None, 1),
            (r#"{"report_to":"nel","max_age":-1}"#, None, 1),
            (r#"{"report_to":"nel","max_age":1,"success_fraction":2}"#, None, 1),
            (r#"{"report_to":"nel","max_age":1"#, None, 1),
            (r#"{"max_age":0} trailing"#, None, 1),
            ("[]", None, 1),
            ("", None, 1),
        ] {
            let parsed = Nel::parse(&[line]);
            assert_eq!(parsed.value.map(|value| value.to_string()).as_deref(), canonical, "{line}");
            assert_eq!(parsed.notes.len(), notes, "{line}: {:?}", parsed.notes);
        }
    }
}
