//! The order in which rules run: one list for each phase, with markers and skips as places in it, and the streams of
//! values that they read.

use std::collections::HashMap;

use super::selection::selected;
use super::{Compiler, Ordered};
use crate::bits::Bits;
use crate::rule::{KeySelector, LinkOperator};
use crate::seclang::directive::Directive;
use crate::seclang::{Place, Role};
use crate::variable::Variable;

/// Values of one target after one list of transformations: what several rules look at is prepared once.
#[derive(Clone, Debug)]
pub(crate) struct Stream {
    /// The variable.
    pub(crate) variable: Variable,
    /// Which of its values.
    pub(crate) selector: KeySelector,
    /// The list of transformations.
    pub(crate) chain: usize,
}

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
    compiler.compiled.programs = programs;
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

/// Gives each target that stays as it is during a phase its stream.
fn streams(compiler: &mut Compiler<'_>) {
    let mut known: HashMap<(Variable, String, usize), usize> = HashMap::new();
    for rule in &mut compiler.compiled.rules {
        for link in &mut rule.links {
            // Only where a prefilter can tell that an operator finds nothing is there something to remember.
            if !matches!(link.operator, LinkOperator::Fixed(_)) || link.is_negated || link.is_multi_match {
                continue;
            }
            for target in &mut link.targets {
                if target.role != Role::Inspect || target.variable.is_changing() {
                    continue;
                }
                let name = match &target.selector {
                    KeySelector::All => String::new(),
                    KeySelector::Key(key) => format!("k{key}"),
                    KeySelector::Pattern(pattern) => format!("p{pattern}"),
                    KeySelector::Slot(_) => continue,
                };
                let next = known.len();
                let stream = *known.entry((target.variable, name, link.chain)).or_insert(next);
                if stream == next {
                    let selector = target.selector.clone();
                    compiler.compiled.streams.push(Stream { variable: target.variable, selector, chain: link.chain });
                }
                target.stream = Some(stream);
            }
        }
    }
}
