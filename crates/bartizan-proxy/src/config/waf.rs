//! What the web application firewall does on a site or route.

use bartizan_waf::preset::{Source, Tuning};

/// What the firewall does; rules are loaded once for all sites that say the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WafPlan {
    /// Whether it refuses.
    pub mode: WafMode,
    /// Where the rules come from.
    pub source: Source,
    /// How they are tuned; whether the engine refuses is said by `mode`.
    pub tuning: Tuning,
    /// Of a hundred requests so many are looked at; all of them where the firewall refuses.
    pub sample: u8,
    /// What rules do not look at.
    pub exclusions: Vec<WafExclusion>,
}

impl Default for WafPlan {
    fn default() -> Self {
        Self {
            mode: WafMode::Detect,
            // Few rules of our own, for attacks that are recognised with little doubt.
            source: Source::Text(bartizan_waf::baseline::TEXT),
            tuning: Tuning::default(),
            sample: 100,
            exclusions: Vec::new(),
        }
    }
}

impl WafPlan {
    /// What it does to a request, in a line; nothing where it is off.
    pub fn describe(&self) -> Option<String> {
        let does = match self.mode {
            WafMode::Block => "refused",
            WafMode::Detect if self.sample < 100 => "written down, of a sample",
            WafMode::Detect => "written down",
            WafMode::Off => return None,
        };
        let rules = match &self.source {
            Source::Path(path) => format!("the rules in {}", path.display()),
            Source::Text(_) => "the built-in rules".to_owned(),
        };
        let exclusions = match self.exclusions.len() {
            0 => String::new(),
            1 => ", but for one exclusion".to_owned(),
            count => format!(", but for {count} exclusions"),
        };
        // Whoever waits for the whole of one of two bodies that speak in turns waits for ever.
        Some(format!(
            "what {rules} find is {does}{exclusions}; bodies of gRPC and WebSocket messages are not looked at"
        ))
    }
}

/// Whether the firewall refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum WafMode {
    /// What rules say is done.
    Block,
    /// What rules say is written down, and every request passes.
    #[default]
    Detect,
    /// No rule runs.
    Off,
}

/// Rules that do not run, or do not look at something.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct WafExclusion {
    /// Which rules.
    pub rules: WafRules,
    /// What they do not look at, such as `ARGS:comment`; unsaid, they do not run at all.
    pub target: Option<String>,
    /// Why; shown wherever the exclusion is.
    pub reason: String,
}

/// Which rules are meant.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum WafRules {
    /// Numbers and ranges, first and last.
    Ids(Vec<(u64, u64)>),
    /// A tag.
    Tag(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_off_is_not_described() {
        let plan = |mode| WafPlan { mode, ..WafPlan::default() }.describe();
        assert!(plan(WafMode::Block).is_some_and(|text| text.contains("built-in rules find is refused;")));
        assert!(plan(WafMode::Detect).is_some_and(|text| text.contains("is written down;") && text.contains("gRPC")));
        assert_eq!(plan(WafMode::Off), None);
    }
}
