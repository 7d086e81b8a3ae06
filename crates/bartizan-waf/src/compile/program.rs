//! The order in which rules run: one list for each phase, with markers and skips as places in it, and the streams of
//! values that they read.

use std::collections::{BTreeMap, HashMap};

use super::folding::{self, Folded};
use super::selection::selected;
use super::{Compiler, Ordered};
use crate::bits::Bits;
use crate::rule::{Comparison, KeySelector, Link, LinkOperator, LinkTarget};
use crate::seclang::directive::Directive;
use crate::seclang::{Place, Role};
use crate::variable::Variable;

/// Builds the programs.
pub(super) fn build(order: &[Ordered], updates: &[(Place, Directive)], compiler: &mut Compiler<'_>) {
    let mut removed = Bits::new(compiler.compiled.rules.len());
    for (_, update) in updates {
        if let Directive::RemoveRules(rules) = update {
            removed.union(&selected(rules, &compiler.compiled.rules));
        }
    }
    let mut programs: [Vec<u32>; 5] = Default::default();
    // A marker stands in every phase, before the rule that comes next there.
    let mut markers: HashMap<&str, Vec<[usize; 5]>> = HashMap::new();
    for ordered in order {
        match ordered {
            Ordered::Marker(name) => {
                markers.entry(name).or_default().push(std::array::from_fn(|phase| programs[phase].len()));
            }
            Ordered::Rule(index) => {
                let Some(rule) = compiler.compiled.rules.get(*index) else { continue };
                if !removed.contains(*index)
                    && let Ok(number) = u32::try_from(*index)
                {
                    programs[usize::from(rule.phase) - 1].push(number);
                }
            }
        }
    }
    jumps(&programs, &markers, compiler);
    streams(compiler);
    let whole = programs.each_ref().map(|rules| folding::unfolded(rules));
    compiler.compiled.whole = whole.each_ref().map(|program| self::program(program, compiler));
    let folding::Folding { programs, rules } = folding::fold(&programs, &compiler.compiled);
    compiler.compiled.folded = rules;
    compiler.compiled.programs = programs.map(|program| self::program(&program, compiler));
}

/// What runs in a phase.
#[derive(Clone, Debug, Default)]
pub(crate) struct Program {
    /// The steps, in order.
    pub(crate) steps: Vec<Step>,
    /// The streams that they look at: only those are begun anew.
    pub(crate) streams: Vec<u32>,
    /// The steps that are told by no stream, as a set.
    pub(crate) always: Bits,
    /// For each of the streams, where its takers end.
    pub(crate) ends: Vec<u32>,
    /// The operators that streams are for, each with its step.
    pub(crate) takers: Vec<(u32, u32)>,
}

/// The values of a variable after a list of transformations, or after each of them.
#[derive(Clone, Debug)]
pub(crate) struct Stream {
    /// The variable.
    pub(crate) variable: Variable,
    /// Which of its values.
    pub(crate) selector: KeySelector,
    /// The list.
    pub(crate) chain: usize,
    /// Whether each of the list's results is a value.
    pub(crate) is_multi_match: bool,
    /// A number for the list, the same for all variables.
    pub(crate) lane: u8,
}

/// One rule in a program, with what often tells that it does not match: rules lie far apart in memory, steps do not.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Step {
    /// The rule.
    pub(crate) rule: u32,
    /// Where the phase goes on after a match.
    pub(crate) next: u32,
    /// Where the rule stands in the program as it was written.
    pub(crate) at: u32,
    /// What tells that it does not match.
    pub(crate) shortcut: Shortcut,
}

/// What tells that a rule does not match.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Shortcut {
    /// There is no rule any more: what rules do that always match is known, and done at once.
    Assign {
        /// The first of the variables in the list of all assignments.
        start: u32,
        /// How many.
        count: u32,
    },
    /// Nothing.
    None,
    /// The number in a variable of `TX`, or how many there are of it.
    Number {
        /// The variable.
        slot: u32,
        /// Whether it is counted.
        role: Role,
        /// Whether the rule matches where the comparison does not hold.
        is_negated: bool,
        /// The comparison.
        comparison: Comparison,
        /// With what.
        number: i64,
    },
    /// No stream that it looks at has its operator as a candidate.
    Streams,
}

/// Makes a program of what is left of the rules of a phase.
fn program(folded: &[Folded], compiler: &mut Compiler<'_>) -> Program {
    let compiled = &mut compiler.compiled;
    let mut steps = Vec::with_capacity(folded.len());
    let mut always = Bits::new(folded.len());
    let mut takers: BTreeMap<u32, Vec<(u32, u32)>> = BTreeMap::new();
    for (place, one) in folded.iter().enumerate() {
        let (rule, shortcut, jump) = match &one.kind {
            folding::Kind::Keep(index) => {
                let Some(rule) = compiled.rules.get(*index as usize) else { continue };
                let targets = rule.links.iter().flat_map(|link| &link.targets);
                for stream in targets.filter_map(|target| u32::try_from(target.stream?).ok()) {
                    takers.entry(stream).or_default();
                }
                let shortcut = rule.links.first().map_or(Shortcut::None, |link| {
                    let told = told(link);
                    for (stream, operator) in told.iter().flatten() {
                        takers.entry(*stream).or_default().push((*operator, number(steps.len())));
                    }
                    if told.is_some() { Shortcut::Streams } else { shortcut(link) }
                });
                (*index, shortcut, rule.next)
            }
            folding::Kind::Assign(variables) => {
                let start = number(compiled.assignments.len());
                compiled.assignments.extend(variables.iter().map(|(slot, text)| {
                    (*slot, text.as_ref().map(|text| number(constant(text, &mut compiled.constants))))
                }));
                (u32::MAX, Shortcut::Assign { start, count: number(variables.len()) }, None)
            }
        };
        let next = match jump {
            Some(target) => folded.partition_point(|other| other.at < target),
            None => place + 1,
        };
        if !matches!(shortcut, Shortcut::Streams) {
            always.insert(steps.len());
        }
        steps.push(Step { rule, next: number(next), at: number(one.at), shortcut });
    }
    let mut program = Program { steps, always, ..Program::default() };
    for (stream, takers) in takers {
        program.streams.push(stream);
        program.takers.extend(takers);
        program.ends.push(number(program.takers.len()));
    }
    program
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// Returns the number of a text that rules set variables to.
fn constant(text: &[u8], constants: &mut Vec<Box<[u8]>>) -> usize {
    constants.iter().position(|known| **known == *text).unwrap_or_else(|| {
        constants.push(text.into());
        constants.len() - 1
    })
}

/// The streams of a link and its operator, where they tell that it does not match.
fn told(link: &Link) -> Option<Vec<(u32, u32)>> {
    let LinkOperator::Fixed(operator) = &link.operator else { return None };
    let operator = u32::try_from(*operator).ok()?;
    let stream = |target: &LinkTarget| u32::try_from(target.stream?).ok();
    let all: Option<Vec<_>> = link.targets.iter().map(|target| Some((stream(target)?, operator))).collect();
    all.filter(|all| !all.is_empty())
}

fn shortcut(link: &Link) -> Shortcut {
    match (&link.operator, link.targets.as_slice()) {
        (LinkOperator::Number(comparison, number), [target]) if link.chain == 0 && link.exclusions.is_empty() => {
            let KeySelector::Slot(slot) = target.selector else { return Shortcut::None };
            let (comparison, number, is_negated) = (*comparison, *number, link.is_negated);
            Shortcut::Number { slot, role: target.role, is_negated, comparison, number }
        }
        _ => Shortcut::None,
    }
}

fn jumps(programs: &[Vec<u32>; 5], markers: &HashMap<&str, Vec<[usize; 5]>>, compiler: &mut Compiler<'_>) {
    for (phase, program) in programs.iter().enumerate() {
        for (at, &index) in program.iter().enumerate() {
            let Some(skip) = compiler.skips.get(&(index as usize)) else { continue };
            let Some(rule) = compiler.compiled.rules.get_mut(index as usize) else { continue };
            rule.next = Some(match skip {
                super::Skip::Rules(count) => at.saturating_add(1).saturating_add(*count as usize),
                super::Skip::After(name) => {
                    let places = markers.get(name.as_str()).into_iter().flatten();
                    match places.map(|place| place[phase]).find(|&place| place > at) {
                        Some(place) => place,
                        None => {
                            // As ModSecurity does: nothing stands after a marker that is nowhere.
                            let note = format!("no marker '{name}' follows, so the phase ends here");
                            compiler.compiled.notes.push((rule.place.clone(), note));
                            program.len()
                        }
                    }
                }
            });
        }
    }
}

/// Gives each target that stays as it is during a phase its stream: its values after one list of transformations, which
/// are prepared once for all rules that look at them.
fn streams(compiler: &mut Compiler<'_>) {
    let mut known: HashMap<(Variable, String, usize, bool), usize> = HashMap::new();
    let mut lanes: HashMap<(usize, bool), u8> = HashMap::new();
    for rule in &mut compiler.compiled.rules {
        for link in &mut rule.links {
            // Only where a prefilter can tell that an operator finds nothing is there something to remember.
            if !matches!(link.operator, LinkOperator::Fixed(_)) || link.is_negated {
                continue;
            }
            for target in &mut link.targets {
                if target.role != Role::Inspect || target.variable.is_changing() {
                    continue;
                }
                let name = match &target.selector {
                    KeySelector::All => String::new(),
                    KeySelector::Key(key) => format!("k{key}"),
                    KeySelector::Pattern(pattern) => format!("p{}", pattern.regex),
                    KeySelector::Slot(_) => continue,
                };
                let next = known.len();
                let stream = *known.entry((target.variable, name, link.chain, link.is_multi_match)).or_insert(next);
                if stream == next {
                    let next = lanes.len();
                    let lane = lanes.entry((link.chain, link.is_multi_match));
                    let lane = *lane.or_insert_with(|| u8::try_from(next).unwrap_or(u8::MAX));
                    compiler.compiled.streams.push(Stream {
                        variable: target.variable,
                        selector: target.selector.clone(),
                        chain: link.chain,
                        is_multi_match: link.is_multi_match,
                        lane,
                    });
                }
                target.stream = Some(stream);
            }
        }
    }
}
