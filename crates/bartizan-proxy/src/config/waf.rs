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
