//! Which of the cures of a finding to show.

use bartizan_rules::{Finding, Platform, Provenance, Rule, Topic};

use super::report::Report;

/// A text to paste, and what it is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Fix<'a> {
    /// The program; nothing where the text is for this very place.
    pub(super) platform: Option<Platform>,
    pub(super) text: &'a str,
}

/// Returns the cure for this very place, or for the program in use; nginx's where that is unknown.
pub(super) fn fix<'a>(finding: &'a Finding, report: &Report, asked: Option<Platform>) -> Option<Fix<'a>> {
    if let Some(text) = &finding.fix {
        return Some(Fix { platform: None, text });
    }
    let is_in_file = matches!(finding.at, Provenance::File(_));
    of_rule(finding.rule, report.platform, asked, is_in_file)
}

/// Returns the cure that the rule itself has.
pub(super) fn of_rule(
    rule: &'static Rule,
    serving: Option<Platform>,
    asked: Option<Platform>,
    is_in_file: bool,
) -> Option<Fix<'static>> {
    let own = platform_of(rule.topic).filter(|_| is_in_file);
    let wanted = [own, asked, serving, Some(Platform::Nginx)];
    let fixes = rule.about.fix;
    let found = wanted.into_iter().flatten().find_map(|platform| fixes.iter().find(|(known, _)| *known == platform));
    let (platform, text) = found.or_else(|| fixes.first())?;
    Some(Fix { platform: Some(*platform), text })
}

const fn platform_of(topic: Topic) -> Option<Platform> {
    match topic {
        Topic::Apache => Some(Platform::Apache),
        Topic::Django => Some(Platform::Django),
        Topic::Krakend => Some(Platform::Krakend),
        Topic::Nginx => Some(Platform::Nginx),
        Topic::Systemd => Some(Platform::Systemd),
        Topic::Containers => Some(Platform::Docker),
        _ => None,
    }
}
