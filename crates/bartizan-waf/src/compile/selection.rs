//! Rules that are named by identifier, tag or message, as a set of rules.

use std::sync::Arc;

use super::Compiler;
use super::link::Slot;
use crate::bits::Bits;
use crate::rule::{Control, Effect, Exclusion, Removed, Rule};
use crate::seclang::action::RuleSelector;

/// An effect that names rules, some of which may stand behind it.
pub(super) struct Pending {
    pub(super) slot: Slot,
    pub(super) rules: RuleSelector,
    pub(super) kind: Kind,
}

/// What happens to the rules.
pub(super) enum Kind {
    /// They do not run.
    Rules,
    /// They do not look at these values.
    Target(Exclusion),
}

/// Fills in the effects.
pub(super) fn resolve(pending: Vec<Pending>, compiler: &mut Compiler<'_>) {
    for Pending { slot, rules, kind } in pending {
        let rules = selected(&rules, &compiler.compiled.rules);
        let control = match kind {
            Kind::Rules => Control::RuleRemove(Arc::new(rules)),
            Kind::Target(exclusion) => Control::RuleRemoveTarget(Arc::new(Removed { rules, exclusion })),
        };
        let link = compiler.compiled.rules.get_mut(slot.rule).and_then(|rule| rule.links.get_mut(slot.link));
        if let Some(effect) = link.and_then(|link| link.effects.get_mut(slot.effect)) {
            *effect = Effect::Ctl(control);
        }
    }
}

/// Returns the rules that are named, by index.
pub(crate) fn selected(selector: &RuleSelector, rules: &[Rule]) -> Bits {
    let mut selected = Bits::new(rules.len());
    for (index, rule) in rules.iter().enumerate() {
        let is_selected = match selector {
            RuleSelector::Ids(ranges) => ranges.iter().any(|(first, last)| (*first..=*last).contains(&rule.id)),
            RuleSelector::Msg(text) => rule.msg.as_ref().and_then(|msg| msg.literal()) == Some(text),
            RuleSelector::Tag(text) => rule.tags.iter().any(|tag| **tag == **text),
        };
        if is_selected {
            selected.insert(index);
        }
    }
    selected
}
