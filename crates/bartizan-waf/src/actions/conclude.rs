//! What a complete match does: it is logged, and it may end the transaction.

use crate::expand::Template;
use crate::rule::{Disruption, Rule};
use crate::seclang::action::Allow;
use crate::transaction::{Phase, Transaction};
use crate::verdict::{Action, Match, Part, Reason};

impl Transaction {
    /// Logs and acts once all links of a rule have matched.
    pub(crate) fn conclude(&mut self, rule: &Rule, phase: Phase) {
        if let Some(severity) = rule.severity {
            self.highest_severity = self.highest_severity.min(severity);
        }
        self.is_relevant |= rule.is_audited && rule.is_logged;
        if rule.is_logged && self.matches.len() < MOST_MATCHES {
            let found = self.logged(rule);
            self.matches.push(found);
        }
        let refuse = |transaction: &mut Self, action| transaction.refuse(action, rule.status, Reason::Rule(rule.id));
        match &rule.disruption {
            Disruption::Pass => {}
            Disruption::Allow(allow) => {
                let last = match allow {
                    Allow::All => Phase::ResponseBody,
                    Allow::Phase => phase,
                    Allow::Request => Phase::RequestBody,
                };
                if self.engine == crate::seclang::action::Switch::On {
                    self.allowed = self.allowed.max(Some(last));
                }
            }
            Disruption::Deny => refuse(self, Action::Deny),
            Disruption::Drop => refuse(self, Action::Drop),
            Disruption::Redirect(target) => {
                let target = String::from_utf8_lossy(&self.expand(target)).into_owned();
                // A refusal's status says nothing about a redirection.
                let status = if (300..400).contains(&rule.status) { rule.status } else { 302 };
                self.refuse(Action::Redirect(target), status, Reason::Rule(rule.id));
            }
        }
    }

    fn logged(&self, rule: &Rule) -> Match {
        let text = |template: &Option<Template>| {
            let mut text = template.as_ref().map(|template| self.expand(template)).unwrap_or_default();
            text.truncate(MOST_TEXT);
            String::from_utf8_lossy(&text).into_owned()
        };
        let parts = self.matched.iter().enumerate().rev().take(MOST_PARTS).map(|(index, matched)| {
            let value = self.values.bytes(matched.value);
            let mut name = self.matched_name(index);
            name.truncate(MOST_EXCERPT);
            Part {
                name: String::from_utf8_lossy(&name).into_owned(),
                excerpt: value.get(..MOST_EXCERPT).unwrap_or(value).to_vec(),
            }
        });
        Match {
            id: rule.id,
            place: rule.place.clone(),
            phase: rule.phase,
            msg: text(&rule.msg),
            logdata: text(&rule.logdata),
            tags: rule.tags.iter().map(|tag| tag.clone().into()).collect(),
            severity: rule.severity,
            ver: rule.ver.clone().unwrap_or_default().into(),
            rev: rule.rev.clone().unwrap_or_default().into(),
            parts: parts.collect(),
            is_audited: rule.is_audited,
        }
    }
}

/// Rules that one transaction logs: more than there are in CRS.
const MOST_MATCHES: usize = 1_000;
/// The values of a match that are shown.
const MOST_PARTS: usize = 8;
const MOST_EXCERPT: usize = 256;
const MOST_TEXT: usize = 2_048;
