//! DEBUG is a text.

use super::weigh::{Hit, weigh};
use crate::explanation::Platform::Django;
use crate::explanation::Reference::{Cwe, Spec};
use crate::facts::django::Literal;
use crate::rule::Format;
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// DEBUG is a text from the environment, and any text counts as true.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "debug-setting-text",
        title: "DEBUG is a text from the environment, and any text counts as true",
        why: "An environment variable is always a text, and every text but the empty one counts as true. DEBUG=False \
              in the environment then turns debugging on, and error pages show source code and settings to \
              everybody.",
        fix: &[(Django, r#"DEBUG = os.environ.get("DEBUG") == "True""#)],
        references: &[
            Spec("Django settings: DEBUG", "https://docs.djangoproject.com/en/stable/ref/settings/#debug"),
            Cwe(489),
        ],
    },
    topic: Topic::Django,
    severity: Severity::High,
    bad: Example::File(Format::Django, "import os\n\nDEBUG = os.environ.get(\"DEBUG\", \"False\")"),
    good: Example::File(Format::Django, "import os\n\nDEBUG = os.environ.get(\"DEBUG\") == \"True\""),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    weigh(&RULE, facts, findings, |django, outcome| {
        let Some(setting) = outcome.setting("DEBUG") else { return Vec::new() };
        let is_text = match &setting.item.value {
            Literal::Text(text) => !text.is_empty(),
            // What comes from the environment and was never compared with anything is still a text.
            Literal::Unknown => !setting.item.variables.is_empty(),
            _ => false,
        };
        if !is_text {
            return Vec::new();
        }
        let message = match setting.item.variables.first() {
            Some(name) => format!("DEBUG is the text of {name}, and is on whatever it says"),
            None => "DEBUG is a text, and is on whatever it says".to_owned(),
        };
        vec![Hit::new(django, outcome, "DEBUG", message).fix("DEBUG = os.environ.get(\"DEBUG\") == \"True\"")]
    });
}
