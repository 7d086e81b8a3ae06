//! One link of a chain: targets, transformations, operator and what a match does.

use regex::bytes::RegexBuilder;
use std::sync::Arc;

use super::names::Names;
use super::selection::{Kind, Pending};
use super::{Compiler, DraftLink};
use crate::expand::{Template, has_macro};
use crate::files::Beside;
use crate::operators::{self, OperatorError};
use crate::rule::{
    Change, Comparison, Control, Effect, Exclusion, KeyPattern, KeySelector, Link, LinkOperator, LinkTarget, VarKey,
};
use crate::seclang::action::{self, Action, Ctl, SetVar};
use crate::seclang::directive::RuleText;
use crate::seclang::{Place, Problem, Role, Selector, Target};
use crate::transaction::lookup::integer;
use crate::variable::Variable;

/// What selections resolve to later: the effect that waits for the rules.
pub(super) struct Slot {
    pub(super) rule: usize,
    pub(super) link: usize,
    pub(super) effect: usize,
}

impl Compiler<'_> {
    #[expect(clippy::too_many_arguments, reason = "one caller, which has them all at hand")]
    pub(super) fn link(
        &mut self,
        link: &DraftLink,
        directive: &str,
        defaults: &[Action],
        beside: &Beside<'_>,
        rule: usize,
        index: usize,
        selections: &mut Vec<Pending>,
    ) -> Result<Link, Problem> {
        let names = defaults.iter().chain(&link.actions).filter_map(|action| match action {
            Action::Transformation(name) => Some(name.as_str()),
            _ => None,
        });
        let chain = self.chains.number(names)?;
        let mut compiled = Link {
            targets: Vec::new(),
            exclusions: Vec::new(),
            chain,
            is_multi_match: link.actions.contains(&Action::MultiMatch),
            operator: LinkOperator::Always,
            is_negated: false,
            captures: link.actions.contains(&Action::Capture),
            effects: Vec::new(),
        };
        if let Some(text) = &link.text {
            for target in &text.targets {
                self.target(target, &mut compiled)?;
            }
            compiled.is_negated = text.is_negated;
            compiled.operator = self.operator(text, &link.place, beside)?;
        }
        for action in &link.actions {
            let slot = Slot { rule, link: index, effect: compiled.effects.len() };
            match effect(action, &mut self.compiled.names, slot, selections) {
                Ok(Some(effect)) => compiled.effects.push(effect),
                Ok(None) => {}
                // The others are looked at as well: a person corrects them together.
                Err(problem) => self.fail(&link.place, directive, problem),
            }
        }
        Ok(compiled)
    }

    /// Adds a target to those of a link.
    pub(super) fn target(&mut self, target: &Target, link: &mut Link) -> Result<(), Problem> {
        let selector = key_selector(target, &mut self.compiled.names)?;
        let variable = target.variable;
        match target.role {
            Role::Exclude => link.exclusions.push(Exclusion { variable, selector }),
            role => link.targets.push(LinkTarget { role, variable, selector, stream: None }),
        }
        Ok(())
    }

    fn operator(&mut self, text: &RuleText, place: &Place, beside: &Beside<'_>) -> Result<LinkOperator, Problem> {
        if let Some((name, reason)) = NEVER.iter().find(|(name, _)| name.eq_ignore_ascii_case(&text.operator)) {
            if text.is_negated {
                return Err(Problem::Unsupported { what: format!("!@{name}"), reason });
            }
            self.compiled.notes.push((place.clone(), format!("@{name} never matches: {reason}")));
            return Ok(LinkOperator::Never);
        }
        let entry = operators::find(&text.operator).ok_or_else(|| Problem::UnknownOperator(text.operator.clone()))?;
        if entry.name == "unconditionalMatch" {
            return Ok(LinkOperator::Always);
        }
        if has_macro(&text.argument) {
            let Some(evaluate) = entry.evaluate else {
                let what = format!("a macro in the argument of @{}", entry.name);
                return Err(Problem::Unsupported { what, reason: "the argument must be known when rules are loaded" });
            };
            let argument = Template::parse(&text.argument, &mut self.compiled.names)?;
            return Ok(LinkOperator::Dynamic { evaluate, argument });
        }
        if let Some(comparison) = Comparison::find(entry.name) {
            return Ok(LinkOperator::Number(comparison, integer(text.argument.as_bytes())));
        }
        // Only operators that read files depend on where the rule stands.
        let folder = entry.name.ends_with("FromFile").then(|| beside.folder.to_owned());
        let key = (entry.name, text.argument.clone(), folder);
        if let Some(&number) = self.operators.get(&key) {
            return Ok(LinkOperator::Fixed(number));
        }
        let operator = (entry.compile)(&text.argument, beside).map_err(|error| Problem::Operator(explained(&error)))?;
        let number = self.compiled.operators.len();
        self.compiled.operators.push(operator);
        self.operators.insert(key, number);
        Ok(LinkOperator::Fixed(number))
    }
}

fn explained(error: &OperatorError) -> String {
    let mut text = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}

/// Compiles which values of a collection are meant.
pub(crate) fn key_selector(target: &Target, names: &mut Names) -> Result<KeySelector, Problem> {
    Ok(match &target.selector {
        Selector::All => KeySelector::All,
        Selector::Key(key) if target.variable == Variable::Tx => KeySelector::Slot(names.slot(key)),
        Selector::Key(key) => KeySelector::Key(key.as_str().into()),
        Selector::Pattern(pattern) => {
            // Keys are compared without case everywhere, so they are here.
            let built =
                RegexBuilder::new(pattern).unicode(false).case_insensitive(true).size_limit(PATTERN_BYTES).build();
            let wrong = |error: regex::Error| Problem::Pattern { pattern: pattern.clone(), reason: error.to_string() };
            KeySelector::Pattern(Arc::new(KeyPattern::new(built.map_err(wrong)?)))
        }
    })
}

fn effect(
    action: &Action,
    names: &mut Names,
    slot: Slot,
    selections: &mut Vec<Pending>,
) -> Result<Option<Effect>, Problem> {
    Ok(Some(match action {
        Action::Ctl(ctl) => Effect::Ctl(control(ctl, names, slot, selections)?),
        Action::ExpireVar { collection, key, seconds } => Effect::ExpireVar {
            collection: *collection,
            key: Template::parse(key, names)?,
            seconds: Template::parse(seconds, names)?,
        },
        Action::InitCol { collection, key } => {
            Effect::InitCol { collection: *collection, key: Template::parse(key, names)? }
        }
        Action::SetIdentity { collection, key } => {
            Effect::SetIdentity { collection: *collection, key: Template::parse(key, names)? }
        }
        Action::SetVar(set) => set_var(set, names)?,
        _ => return Ok(None),
    }))
}

fn set_var(set: &SetVar, names: &mut Names) -> Result<Effect, Problem> {
    let template = Template::parse(&set.key, names)?;
    let key = match template.literal() {
        Some(name) if set.collection == Variable::Tx => VarKey::Slot(names.slot(name)),
        _ => VarKey::Named(template),
    };
    let change = match &set.change {
        action::Change::Add(text) => Change::Add(Template::parse(text, names)?),
        action::Change::Set(text) => Change::Set(Template::parse(text, names)?),
        action::Change::Subtract(text) => Change::Subtract(Template::parse(text, names)?),
        action::Change::Unset => Change::Unset,
    };
    Ok(Effect::SetVar { collection: set.collection, key, change })
}

fn control(ctl: &Ctl, names: &mut Names, slot: Slot, selections: &mut Vec<Pending>) -> Result<Control, Problem> {
    Ok(match ctl {
        Ctl::AuditEngine(switch) => Control::AuditEngine(*switch),
        Ctl::AuditLogParts(change) => Control::AuditLogParts(change.clone()),
        Ctl::ForceRequestBodyVariable(is_on) => Control::ForceRequestBodyVariable(*is_on),
        Ctl::RequestBodyAccess(is_on) => Control::RequestBodyAccess(*is_on),
        Ctl::RequestBodyProcessor(name) => Control::RequestBodyProcessor(name.as_str().into()),
        Ctl::ResponseBodyAccess(is_on) => Control::ResponseBodyAccess(*is_on),
        Ctl::RuleEngine(switch) => Control::RuleEngine(*switch),
        Ctl::RuleRemove(rules) => {
            selections.push(Pending { slot, rules: rules.clone(), kind: Kind::Rules });
            Control::RuleRemove(Arc::default())
        }
        Ctl::RuleRemoveTarget { rules, target } => {
            let selector = key_selector(target, names)?;
            let exclusion = Exclusion { variable: target.variable, selector };
            selections.push(Pending { slot, rules: rules.clone(), kind: Kind::Target(exclusion) });
            Control::RuleRemove(Arc::default())
        }
    })
}

/// Operators of services: rules of public sets have them behind switches that are off, so they load.
const NEVER: &[(&str, &str)] = &[
    ("geoLookup", "there is no database of places"),
    ("gsbLookup", "there is no database of addresses"),
    ("rbl", "no address is asked for elsewhere"),
];

/// What an expression over keys may take when compiled.
const PATTERN_BYTES: usize = 1 << 20;
