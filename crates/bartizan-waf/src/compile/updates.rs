//! `SecRuleUpdate*`: actions and targets of rules that stand elsewhere.
//!
//! As in ModSecurity 3 they hold wherever they stand. An update of a rule that does not exist is a note: files of
//! exclusions are written for more rules than are loaded.

use super::selection::selected;
use super::{Compiler, Draft, id};
use crate::rule::Link;
use crate::seclang::action::Action;
use crate::seclang::directive::Directive;
use crate::seclang::{Place, Problem, Role, Target};
use crate::variable::Variable;

/// Applies updates of actions before anything is compiled.
pub(super) fn actions(drafts: &mut [Draft], updates: &[(Place, Directive)], compiler: &mut Compiler<'_>) {
    for (place, update) in updates {
        let Directive::UpdateActions(wanted, link, actions) = update else { continue };
        let found =
            drafts.iter_mut().find(|draft| draft.links.first().and_then(|link| id(&link.actions)) == Some(*wanted));
        let Some(link) = found.and_then(|draft| draft.links.get_mut(*link)) else {
            compiler.compiled.notes.push((place.clone(), format!("no rule has the id {wanted}")));
            continue;
        };
        if actions.iter().any(|action| matches!(action, Action::Id(_) | Action::Phase(_) | Action::Chain)) {
            let problem =
                Problem::ActionArgument { action: "id, phase or chain".to_owned(), argument: wanted.to_string() };
            compiler.fail(place, "SecRuleUpdateActionById", problem);
            continue;
        }
        // New transformations replace the old ones; whatever else a rule has one of, the last word counts.
        if actions.iter().any(|action| matches!(action, Action::Transformation(_))) {
            link.actions.retain(|action| !matches!(action, Action::Transformation(_)));
        }
        link.actions.extend(actions.iter().cloned());
    }
}

/// Applies updates of targets to the first link of each rule that is named.
pub(super) fn targets(updates: &[(Place, Directive)], compiler: &mut Compiler<'_>) {
    for (place, update) in updates {
        let Directive::UpdateTargets { rules, targets, replaced } = update else { continue };
        let selected = selected(rules, &compiler.compiled.rules);
        if selected.is_empty() {
            compiler.compiled.notes.push((place.clone(), format!("no rule is meant by {rules:?}")));
        }
        for index in 0..compiler.compiled.rules.len() {
            if !selected.contains(index) {
                continue;
            }
            let first = compiler.compiled.rules.get_mut(index).and_then(|rule| rule.links.first_mut());
            let Some(link) = first else { continue };
            let mut link = std::mem::replace(link, placeholder());
            link.targets.retain(|kept| !replaced.iter().any(|replaced| is_same(replaced, kept.variable, kept.role)));
            for target in targets {
                if let Err(problem) = compiler.target(target, &mut link) {
                    compiler.fail(place, "SecRuleUpdateTarget", problem);
                }
            }
            if let Some(first) = compiler.compiled.rules.get_mut(index).and_then(|rule| rule.links.first_mut()) {
                *first = link;
            }
        }
    }
}

fn is_same(target: &Target, variable: Variable, role: Role) -> bool {
    target.variable == variable && target.role == role
}

const fn placeholder() -> Link {
    Link {
        targets: Vec::new(),
        exclusions: Vec::new(),
        chain: 0,
        is_multi_match: false,
        operator: crate::rule::LinkOperator::Always,
        is_negated: false,
        captures: false,
        effects: Vec::new(),
    }
}
