//! What the browser saw on a journey, in a form in which two journeys can be compared.

use serde::Deserialize;

/// One journey.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Seen {
    /// What was done, in order.
    pub(crate) steps: Vec<String>,
    /// Why it ended early, if it did.
    pub(crate) error: Option<String>,
    /// Errors in the console.
    pub(crate) console: Vec<String>,
    /// What pages threw and nobody caught.
    pub(crate) pages: Vec<String>,
    /// Requests that failed or were answered with an error.
    pub(crate) failed: Vec<String>,
    /// What a policy forbade, or would have.
    pub(crate) violations: Vec<Violation>,
    /// What was to be read where it ended early.
    #[serde(default)]
    #[allow(dead_code, reason = "shown when a test fails")]
    text: String,
}

/// One event `securitypolicyviolation`.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Violation {
    /// `enforce` or `report`.
    pub(crate) disposition: String,
    pub(crate) directive: String,
    /// An address, or `inline`, `eval` and the like.
    pub(crate) blocked: String,
    #[allow(dead_code, reason = "shown when a test fails")]
    pub(crate) sample: String,
    #[allow(dead_code, reason = "shown when a test fails")]
    source_file: Option<String>,
    #[allow(dead_code, reason = "shown when a test fails")]
    line_number: u32,
}

impl Seen {
    /// Replaces what differs between two journeys by right: addresses, made-up names, numbers.
    pub(crate) fn without(mut self, replaced: &[(&str, &str)]) -> Self {
        for text in self.console.iter_mut().chain(&mut self.pages).chain(&mut self.failed) {
            let known = replaced.iter().fold(text.clone(), |text, (from, to)| text.replace(from, to));
            *text = without_reason(&known).split(' ').map(without_numbers).collect::<Vec<_>>().join(" ");
        }
        for list in [&mut self.console, &mut self.pages, &mut self.failed] {
            list.sort();
            list.dedup();
        }
        self
    }

    /// Returns what is missing or new beside another journey, but for faults that come and go.
    pub(crate) fn worse_than(&self, other: &Self, noise: &[String]) -> Vec<String> {
        let mut worse: Vec<String> = self.error.iter().cloned().collect();
        if self.error.is_none() && self.steps != other.steps {
            worse.push(format!("other steps: {:?}", self.steps));
        }
        for (mine, theirs) in
            [(&self.console, &other.console), (&self.pages, &other.pages), (&self.failed, &other.failed)]
        {
            let is_new =
                |text: &&String| !theirs.contains(text) && !noise.iter().any(|part| text.contains(part.as_str()));
            worse.extend(mine.iter().filter(is_new).cloned());
        }
        worse.extend(self.enforced().map(|it| format!("{} forbids {}", it.directive, it.blocked)));
        worse.sort();
        worse.dedup();
        worse
    }

    /// Returns what was forbidden.
    pub(crate) fn enforced(&self) -> impl Iterator<Item = &Violation> {
        self.violations.iter().filter(|violation| violation.disposition == "enforce")
    }

    /// Returns how many violations were only reported.
    pub(crate) fn reported(&self) -> usize {
        self.violations.len() - self.enforced().count()
    }
}

/// HTTP/2 has no words for a status: where HTTP/1.1 shows `404 (Not Found)`, the brackets are empty.
fn without_reason(text: &str) -> &str {
    let is_status = text.contains("the server responded with a status of ");
    text.rsplit_once(" (").filter(|_| is_status).map_or(text, |(start, _)| start)
}

/// Returns a word without its query, and with stars for the parts of it that are made of digits or look random.
fn without_numbers(word: &str) -> String {
    let word = word.split('?').next().unwrap_or_default();
    let is_random = |part: &str| {
        part.bytes().any(|byte| byte.is_ascii_digit())
            && part.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
    };
    let parts = word.split('/').map(|part| if part.len() > 3 && is_random(part) { "*" } else { part });
    parts.collect::<Vec<_>>().join("/")
}
