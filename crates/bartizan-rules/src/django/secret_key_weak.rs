//! SECRET_KEY can be guessed.

use super::look::is_weak_key;
use super::weigh::{Hit, weigh};
use crate::explanation::Platform::Django;
use crate::explanation::Reference::{Cwe, Spec};
use crate::facts::django::Literal;
use crate::rule::Format;
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// The secret key is missing, short or a shipped one.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "secret-key-weak",
        title: "The secret key is missing, short or a shipped one",
        why: "The key signs sessions, password resets and everything else that Django must recognize as its own. \
              Whoever guesses it can log in as anybody. Keys that begin with django-insecure- were made for \
              development.",
        fix: &[(Django, r#"SECRET_KEY = os.environ["SECRET_KEY"]"#)],
        references: &[
            Spec("Django settings: SECRET_KEY", "https://docs.djangoproject.com/en/stable/ref/settings/#secret-key"),
            Cwe(330),
        ],
    },
    topic: Topic::Django,
    severity: Severity::High,
    bad: Example::File(Format::Django, r#"SECRET_KEY = "changeme""#),
    good: Example::File(Format::Django, "import os\n\nSECRET_KEY = os.environ[\"SECRET_KEY\"]"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    weigh(&RULE, facts, findings, |django, outcome| {
        let key = outcome.value("SECRET_KEY");
        let is_weak = match key {
            None => Some(true),
            Some(key) if key.truth() == Some(false) => Some(true),
            Some(key) => is_weak_key(key).ok().flatten(),
        };
        // A key from elsewhere is most likely a good one: nobody is told of a key that cannot be seen.
        if is_weak != Some(true) {
            return Vec::new();
        }
        let message = match key {
            None => "SECRET_KEY is not set".to_owned(),
            Some(Literal::Text(text)) if text.starts_with("django-insecure-") => {
                "SECRET_KEY was made for development".to_owned()
            }
            Some(Literal::Text(text)) if text.chars().count() < 50 => {
                format!("SECRET_KEY has {} characters, not 50", text.chars().count())
            }
            Some(_) => "SECRET_KEY has hardly any different characters".to_owned(),
        };
        let hit = Hit::new(django, outcome, "SECRET_KEY", message);
        vec![hit.id("security.W009").fix("SECRET_KEY = os.environ[\"SECRET_KEY\"]")]
    });
}
