//! Rules whose outcome is known when they are loaded: settings, and gates that look at nothing else.
//!
//! A rule set begins with dozens of rules that give variables their defaults, and each of its files has gates that leave
//! out the rules of higher levels. What they find depends on no request, so it is worked out here: defaults become one
//! assignment, and what stands behind a closed gate is gone. Wherever a request could change what a rule sees, the rule
//! stays. A transaction that takes such rules out (`ctl:ruleRemoveById`, an exception of a site) goes on with the program as
//! it was written. What ends the request early for its cost alone is not followed: the gates stay as the settings say.

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use super::Compiled;
use super::names::{CAPTURES, Names};
use crate::bits::Bits;
use crate::expand::{Segment, Template};
use crate::rule::{Change, Disruption, Effect, KeySelector, Link, LinkOperator, Rule, VarKey};
use crate::seclang::Role;
use crate::transaction::lookup::integer;
use crate::variable::Variable;

/// What is left of the programs.
pub(super) struct Folding {
    pub(super) programs: [Vec<Folded>; 5],
    /// The rules that are gone and did something: without them, the others come to something else.
    pub(super) rules: Bits,
}

/// What is left of a rule, or of several.
#[derive(Debug)]
pub(super) struct Folded {
    /// Where the first of them stood in its phase.
    pub(super) at: usize,
    pub(super) kind: Kind,
}

#[derive(Debug)]
pub(super) enum Kind {
    /// Variables of `TX` and their values; none for one that is unset.
    Assign(Vec<(u32, Option<Text>)>),
    /// The rule itself.
    Keep(u32),
}

type Text = Rc<[u8]>;

/// Returns a program as it was written.
pub(super) fn unfolded(rules: &[u32]) -> Vec<Folded> {
    rules.iter().enumerate().map(|(at, &rule)| Folded { at, kind: Kind::Keep(rule) }).collect()
}

/// Folds the programs of all phases.
pub(super) fn fold(programs: &[Vec<u32>; 5], compiled: &Compiled) -> Folding {
    let mut folder = Folder {
        compiled,
        rules: Bits::new(compiled.rules.len()),
        state: Some(State(vec![Known::Text(None); compiled.names.len()])),
        refused: None,
    };
    let last = programs.len() - 1;
    let programs = std::array::from_fn(|phase| {
        // The last phase runs after a refusal, too, wherever that was.
        if phase == last
            && let Some(refused) = folder.refused.take()
        {
            meet(&mut folder.state, &refused);
        }
        programs.get(phase).map(|program| folder.phase(program)).unwrap_or_default()
    });
    Folding { programs, rules: folder.rules }
}

/// What is known of a variable of `TX`.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Known {
    /// Its value, or that it has none.
    Text(Option<Text>),
    /// Nothing: it depends on the request.
    Unknown,
}

/// What is known of every variable.
#[derive(Clone, Debug)]
struct State(Vec<Known>);

impl State {
    fn get(&self, slot: u32) -> &Known {
        self.0.get(slot as usize).unwrap_or(&Known::Unknown)
    }

    fn set(&mut self, slot: u32, known: Known) {
        if let Some(kept) = self.0.get_mut(slot as usize) {
            *kept = known;
        }
    }

    /// What holds on both ways to a place.
    fn join(&mut self, other: &Self) {
        for (known, other) in self.0.iter_mut().zip(&other.0) {
            if known != other {
                *known = Known::Unknown;
            }
        }
    }

    /// Returns the text of a template, where all of it is known.
    fn expand(&self, template: &Template) -> Option<Vec<u8>> {
        let mut text = Vec::new();
        for segment in template.segments() {
            match segment {
                Segment::Literal(literal) => text.extend_from_slice(literal.as_bytes()),
                Segment::Slot(slot) => match self.get(*slot) {
                    Known::Text(value) => text.extend_from_slice(value.as_deref().unwrap_or_default()),
                    Known::Unknown => return None,
                },
                Segment::Value(..) => return None,
            }
        }
        Some(text)
    }
}

fn meet(place: &mut Option<State>, state: &State) {
    match place {
        Some(known) => known.join(state),
        None => *place = Some(state.clone()),
    }
}

/// What a rule comes to whose outcome is known.
struct Outcome {
    after: State,
    has_matched: bool,
}

struct Folder<'a> {
    compiled: &'a Compiled,
    rules: Bits,
    /// What is known before the next phase; nothing where no way leads to it.
    state: Option<State>,
    /// What is known wherever a request may be refused.
    refused: Option<State>,
}

impl Folder<'_> {
    fn phase(&mut self, program: &[u32]) -> Vec<Folded> {
        let mut folded: Vec<Folded> = Vec::new();
        // What is known at places that rules jump to, and where the phase ends early.
        let mut jumps: HashMap<usize, Option<State>> = HashMap::new();
        let mut ended: Option<State> = None;
        let mut state = self.state.take();
        for (at, &index) in program.iter().enumerate() {
            let target = jumps.remove(&at).flatten();
            let is_target = target.is_some();
            if let Some(target) = target {
                meet(&mut state, &target);
            }
            let Some(rule) = self.compiled.rules.get(index as usize) else { continue };
            let Some(before) = state.take() else { continue };
            match self.outcome(rule, &before) {
                Some(Outcome { after, has_matched }) => {
                    let does_something = assign(at, &before, &after, is_target, &mut folded);
                    let jump = rule.next.filter(|_| has_matched);
                    // Without a rule that does nothing, the others come to the same.
                    if does_something || jump.is_some() {
                        self.rules.insert(index as usize);
                    }
                    match jump {
                        Some(next) => meet(jumps.entry(next).or_default(), &after),
                        None => state = Some(after),
                    }
                }
                None => {
                    folded.push(Folded { at, kind: Kind::Keep(index) });
                    let mut after = before;
                    self.forget(rule, &mut after);
                    if let Some(next) = rule.next {
                        meet(jumps.entry(next).or_default(), &after);
                    }
                    match rule.disruption {
                        Disruption::Pass => {}
                        Disruption::Allow(_) => meet(&mut ended, &after),
                        Disruption::Deny | Disruption::Drop | Disruption::Redirect(_) => {
                            meet(&mut self.refused, &after);
                        }
                    }
                    state = Some(after);
                }
            }
        }
        for end in jumps.into_values().flatten().chain(ended) {
            meet(&mut state, &end);
        }
        self.state = state;
        folded
    }

    /// Returns what a rule comes to, and what is known after it; nothing where that depends on the request.
    fn outcome(&self, rule: &Rule, before: &State) -> Option<Outcome> {
        let mut state = before.clone();
        for link in &rule.links {
            if !self.link(link, &mut state)? {
                return Some(Outcome { after: state, has_matched: false });
            }
        }
        let is_silent = !rule.is_logged && rule.severity.is_none() && rule.disruption == Disruption::Pass;
        is_silent.then_some(Outcome { after: state, has_matched: true })
    }

    /// Whether a link matches.
    fn link(&self, link: &Link, state: &mut State) -> Option<bool> {
        if link.is_multi_match || link.chain != 0 || link.captures || !link.exclusions.is_empty() {
            return None;
        }
        if link.targets.is_empty() {
            effects(&link.effects, state)?;
            return Some(true);
        }
        let mut has_matched = false;
        for target in &link.targets {
            let (Variable::Tx, KeySelector::Slot(slot)) = (target.variable, &target.selector) else { return None };
            let Known::Text(value) = state.get(*slot).clone() else { return None };
            let value: Text = match (target.role, value) {
                (Role::Count, value) => Rc::from(if value.is_some() { b"1" } else { b"0" }.as_slice()),
                (_, Some(value)) => value,
                (_, None) => continue,
            };
            let found = match &link.operator {
                LinkOperator::Always => true,
                LinkOperator::Never => false,
                LinkOperator::Number(comparison, number) => comparison.holds(integer(&value), *number),
                LinkOperator::Fixed(number) => self.compiled.operators.get(*number)?.matches(&value, None),
                LinkOperator::Dynamic { evaluate, argument } => evaluate(&state.expand(argument)?, &value, None),
            };
            if found != link.is_negated {
                has_matched = true;
                effects(&link.effects, state)?;
            }
        }
        Some(has_matched)
    }

    /// Forgets what a rule may change that may match or not.
    fn forget(&self, rule: &Rule, state: &mut State) {
        for link in &rule.links {
            if link.captures {
                (0..CAPTURES).for_each(|slot| state.set(slot, Known::Unknown));
            }
            for effect in &link.effects {
                let Effect::SetVar { collection: Variable::Tx, key, .. } = effect else { continue };
                match key {
                    VarKey::Slot(slot) => state.set(*slot, Known::Unknown),
                    VarKey::Named(name) => named(name, &self.compiled.names, |slot| state.set(slot, Known::Unknown)),
                }
            }
        }
    }
}

/// Adds what a rule changed to the assignment before it, or begins one; whether there was a change.
fn assign(at: usize, before: &State, after: &State, is_target: bool, folded: &mut Vec<Folded>) -> bool {
    let changed = before.0.iter().zip(&after.0).enumerate().filter(|(_, (before, after))| before != after);
    let changed = changed.filter_map(|(slot, (_, after))| match after {
        Known::Text(text) => Some((u32::try_from(slot).ok()?, text.clone())),
        Known::Unknown => None,
    });
    let changed: BTreeMap<u32, Option<Text>> = changed.collect();
    if changed.is_empty() {
        return false;
    }
    // A place that rules jump to must begin a step of its own.
    if let Some(Folded { kind: Kind::Assign(variables), .. }) = folded.last_mut().filter(|_| !is_target) {
        variables.retain(|(slot, _)| !changed.contains_key(slot));
        variables.extend(changed);
    } else {
        folded.push(Folded { at, kind: Kind::Assign(changed.into_iter().collect()) });
    }
    true
}

/// Does what a match does to variables; nothing where that is not known, or is something else.
fn effects(effects: &[Effect], state: &mut State) -> Option<()> {
    for effect in effects {
        let Effect::SetVar { collection: Variable::Tx, key: VarKey::Slot(slot), change } = effect else { return None };
        let old = |state: &State| match state.get(*slot) {
            Known::Text(text) => Some(text.as_deref().map_or(0, integer)),
            Known::Unknown => None,
        };
        let number = |state: &State, template| state.expand(template).map(|text| integer(&text));
        let text = match change {
            Change::Set(text) => Some(state.expand(text)?),
            Change::Add(add) => Some(old(state)?.saturating_add(number(state, add)?).to_string().into_bytes()),
            Change::Subtract(less) => {
                let sum = old(state)?.saturating_add(number(state, less)?.saturating_neg());
                Some(sum.to_string().into_bytes())
            }
            Change::Unset => None,
        };
        state.set(*slot, Known::Text(text.map(Rc::from)));
    }
    Some(())
}

/// Calls with each variable that a name with macros may come to: what stands before the first macro is known.
fn named(name: &Template, names: &Names, mut call: impl FnMut(u32)) {
    let start = match name.segments() {
        [Segment::Literal(start), ..] => start.to_ascii_lowercase(),
        _ => String::new(),
    };
    for slot in 0..u32::try_from(names.len()).unwrap_or(u32::MAX) {
        if names.name(slot).starts_with(&start) {
            call(slot);
        }
    }
}
