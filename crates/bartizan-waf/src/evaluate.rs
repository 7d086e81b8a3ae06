//! Running the rules of a phase, a little at a time.
//!
//! The cursor says where the next step begins: rule, link, target, value. Everything that a step prepares is kept, so
//! that stopping after any value costs nothing. Work is counted in units of about a nanosecond.

use std::sync::Arc;

use crate::bits::is_in;
use crate::compile::program::{self, Program, Shortcut, Stream};
use crate::operators::Captures;
use crate::prefilter::Prefilter;
use crate::rule::{Link, LinkOperator, LinkTarget, Rule};
use crate::ruleset::RuleSet;
use crate::seclang::Role;
use crate::seclang::action::Switch;
use crate::settings::Exhausted;
use crate::transaction::lookup::integer;
use crate::transaction::{Item, Phase, Transaction, context};
use crate::values::{Value, Values};
use crate::variable::Variable;
use crate::verdict::{Action, Progress, Reason};

/// Where the next step begins.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Cursor {
    /// The place in the program.
    at: usize,
    /// The rule at that place.
    pub(crate) rule: usize,
    link: usize,
    target: usize,
    item: usize,
    /// Whether the values of the target have been gathered.
    is_gathered: bool,
    /// Whether a value of the link has matched.
    has_matched: bool,
}

/// A value that matched.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Matched {
    pub(crate) variable: Variable,
    pub(crate) key: Value,
    /// The number in `TX` in place of a key.
    pub(crate) slot: Option<u32>,
    pub(crate) value: Value,
}

/// What is known of the streams in this phase.
#[derive(Debug)]
pub(crate) struct Streams {
    /// How many values of the variable have been looked at; all of them.
    prepared: Vec<u32>,
    /// For each stream the operators that may match any of its values.
    unions: Vec<u64>,
    words: usize,
    /// For each variable the lanes in which none of its values can match anything.
    quiet: Vec<u64>,
    /// The streams that have to be looked at, as places in the program's list.
    touched: Vec<u32>,
    /// The place among those that is prepared next.
    next: usize,
    /// The steps that may come to something, once all streams are prepared.
    live: Vec<u64>,
}

impl Streams {
    pub(crate) fn new(count: usize, words: usize) -> Self {
        Self {
            prepared: vec![0; count],
            unions: vec![0; count * words],
            words,
            quiet: Vec::new(),
            touched: Vec::new(),
            next: 0,
            live: Vec::new(),
        }
    }

    /// Begins a phase with its streams: one in which nothing can match is not looked at again.
    pub(crate) fn reset(
        &mut self,
        program: &Program,
        known: &[Stream],
        items: &[Vec<Item>],
        values: &Values,
        prefilter: &Prefilter,
    ) {
        self.next = 0;
        self.live.clear();
        self.touched.clear();
        self.quiet.clear();
        let quiet = items
            .iter()
            .map(|items| items.iter().fold(u64::MAX, |quiet, item| quiet & values.quiet_lanes(item.value, prefilter)));
        self.quiet.extend(quiet);
        for (place, &stream) in (0..).zip(&program.streams) {
            let stream = stream as usize;
            let (Some(prepared), Some(known)) = (self.prepared.get_mut(stream), known.get(stream)) else {
                continue;
            };
            let variable = known.variable as usize;
            let is_empty = items.get(variable).is_none_or(Vec::is_empty);
            let is_quiet =
                known.lane < 64 && self.quiet.get(variable).is_some_and(|lanes| lanes & (1 << known.lane) != 0);
            if is_empty || is_quiet {
                *prepared = NOTHING;
                continue;
            }
            *prepared = 0;
            self.touched.push(place);
            if let Some(union) = self.unions.get_mut(stream * self.words..(stream + 1) * self.words) {
                union.fill(0);
            }
        }
    }

    /// Notes the steps that may come to something: those that no stream tells of, and those that one is for.
    fn complete(&mut self, program: &Program) {
        self.live.clear();
        self.live.extend_from_slice(program.always.words());
        for &place in &self.touched {
            let place = place as usize;
            let (Some(&stream), Some(&end)) = (program.streams.get(place), program.ends.get(place)) else { continue };
            let start = place.checked_sub(1).and_then(|before| program.ends.get(before)).copied().unwrap_or_default();
            let union = union(&self.unions, self.words, stream as usize);
            if union.iter().all(|&word| word == 0) {
                continue;
            }
            for &(operator, step) in program.takers.get(start as usize..end as usize).unwrap_or_default() {
                if is_in(union, operator as usize)
                    && let Some(word) = self.live.get_mut(step as usize / 64)
                {
                    *word |= 1 << (step % 64);
                }
            }
        }
    }

    /// Whether it is known that no value of the stream is for this operator.
    fn is_without(&self, stream: usize, operator: usize) -> bool {
        self.prepared.get(stream) == Some(&NOTHING) || !is_in(union(&self.unions, self.words, stream), operator)
    }

    /// The first step from here on that may come to something.
    fn live_from(&self, at: usize) -> Option<usize> {
        let mut word = at / 64;
        let mut bits = self.live.get(word)? & (!0 << (at % 64));
        while bits == 0 {
            word += 1;
            bits = *self.live.get(word)?;
        }
        Some(word * 64 + bits.trailing_zeros() as usize)
    }
}

/// The operators that may match any value of a stream.
fn union(unions: &[u64], words: usize, stream: usize) -> &[u64] {
    unions.get(stream * words..(stream + 1) * words).unwrap_or_default()
}

/// What a step came to.
enum Step {
    Match,
    NoMatch,
    Yield,
}

impl Transaction {
    /// Runs rules until the phase is complete or about `budget` nanoseconds of work are done.
    pub fn run(&mut self, budget: u64) -> Progress {
        let Some(phase) = self.phase else { return Progress::Done };
        let rules = Arc::clone(&self.rules);
        let end = self.values.work.saturating_add(budget);
        let of_phase = |transaction: &Self| transaction.programs(&rules).get(phase as usize - 1);
        let (Some(mut program), mut prefilter) = (of_phase(self), self.prefilter(&rules, phase)) else {
            return Progress::Done;
        };
        let mut is_whole = self.is_whole;
        loop {
            if self.values.work >= rules.settings().limits.work || self.values.is_full() {
                self.exhaust(rules.settings().limits.exhausted);
                return Progress::Done;
            }
            if !self.prepare(&rules, program, prefilter, end) {
                return Progress::More;
            }
            if self.is_exhausted && rules.settings().limits.exhausted == Exhausted::Refuse {
                self.exhaust(Exhausted::Refuse);
                return Progress::Done;
            }
            let Some((at, &step)) =
                self.streams.live_from(self.cursor.at).and_then(|at| Some((at, program.steps.get(at)?)))
            else {
                break;
            };
            self.cursor.at = at;
            if let Shortcut::Assign { start, count } = step.shortcut {
                for &(slot, constant) in
                    rules.assignments.get(start as usize..(start + count) as usize).unwrap_or_default()
                {
                    self.tx.set_slot(slot, constant.map(|constant| self.values.constant(constant)));
                }
                self.cursor.at += 1;
                continue;
            }
            if self.is_skipped(&step) {
                self.values.work += SHORTCUT_WORK;
                self.cursor.at += 1;
                continue;
            }
            if self.values.work >= end {
                return Progress::More;
            }
            let index = step.rule as usize;
            let Some(rule) = rules.rules.get(index) else { break };
            self.cursor.rule = index;
            self.values.work += RULE_WORK;
            let (mut next, whole_next) = match self.rule(&rules, prefilter, rule, end) {
                Step::Yield => return Progress::More,
                Step::NoMatch => (self.cursor.at + 1, None),
                Step::Match => {
                    self.conclude(rule, phase);
                    (step.next as usize, rule.next)
                }
            };
            if self.is_whole != is_whole {
                // The rule took out what was worked out when rules were loaded: all is run as it was written.
                is_whole = true;
                let Some(whole) = of_phase(self) else { break };
                (program, prefilter) = (whole, self.prefilter(&rules, phase));
                next = whole_next.unwrap_or(step.at as usize + 1);
                self.begin_streams(phase);
            }
            self.matched.clear();
            self.cursor = Cursor { at: next, ..Cursor::default() };
            let has_ended = self.refusal.is_some() || self.allowed.is_some_and(|last| phase <= last);
            if self.engine == Switch::Off || has_ended && phase != Phase::Logging {
                break;
            }
        }
        self.phase = None;
        Progress::Done
    }

    /// Looks at the values of all streams of a phase, so that most rules need not be looked at. False where the budget
    /// is spent. Where most of the transaction's is, rules go on with what is known: whoever sends much must not be
    /// judged by nothing.
    fn prepare(&mut self, rules: &RuleSet, program: &Program, prefilter: &Prefilter, end: u64) -> bool {
        if self.streams.next > self.streams.touched.len() {
            return true;
        }
        let most = rules.settings().limits.work / 4 * 3;
        while let Some(&place) = self.streams.touched.get(self.streams.next) {
            if self.values.work >= most {
                self.is_exhausted = true;
                break;
            }
            let stream = program.streams.get(place as usize).map_or(usize::MAX, |&stream| stream as usize);
            if let Some(known) = rules.streams.get(stream)
                && !self.prepare_stream(rules, prefilter, known, stream, end.min(most))
            {
                if self.values.work >= most {
                    continue;
                }
                return false;
            }
            self.streams.next += 1;
        }
        self.streams.next = self.streams.touched.len() + 1;
        self.streams.complete(program);
        true
    }

    /// Whether a rule is known not to match, or does not run.
    fn is_skipped(&self, step: &program::Step) -> bool {
        if self.removed.contains(step.rule as usize) {
            return true;
        }
        match step.shortcut {
            Shortcut::None | Shortcut::Assign { .. } | Shortcut::Streams => false,
            // What is left out of a count changes it.
            Shortcut::Number { role: Role::Count, .. } if self.has_removed() => false,
            Shortcut::Number { slot, role, is_negated, comparison, number } => {
                let value = self.tx.slot(slot);
                let found = match (role, value) {
                    (Role::Count, value) => i64::from(value.is_some()),
                    (_, Some(value)) => integer(self.values.bytes(value)),
                    (_, None) => return true,
                };
                comparison.holds(found, number) == is_negated
            }
        }
    }

    fn exhaust(&mut self, exhausted: Exhausted) {
        self.is_exhausted = true;
        if exhausted == Exhausted::Refuse {
            self.refuse(Action::Deny, 403, Reason::Exhausted);
        }
        self.phase = None;
    }

    fn rule(&mut self, rules: &RuleSet, prefilter: &Prefilter, rule: &Rule, end: u64) -> Step {
        while let Some(link) = rule.links.get(self.cursor.link) {
            match self.link(rules, prefilter, link, end) {
                Step::Match => {
                    self.cursor = Cursor {
                        at: self.cursor.at,
                        rule: self.cursor.rule,
                        link: self.cursor.link + 1,
                        ..Cursor::default()
                    };
                }
                step => return step,
            }
        }
        Step::Match
    }

    fn link(&mut self, rules: &RuleSet, prefilter: &Prefilter, link: &Link, end: u64) -> Step {
        if link.targets.is_empty() {
            self.apply(rules, &link.effects);
            return Step::Match;
        }
        while let Some(target) = link.targets.get(self.cursor.target) {
            let is_complete = match (target.role, target.stream, &link.operator) {
                (Role::Count, ..) => {
                    self.count(rules, prefilter, link, target);
                    true
                }
                (_, Some(stream), LinkOperator::Fixed(operator)) => {
                    self.stream(rules, prefilter, link, target, stream, *operator, end)
                }
                _ => self.each(rules, prefilter, link, target, end),
            };
            if !is_complete {
                return Step::Yield;
            }
            self.cursor.target += 1;
            self.cursor.item = 0;
            self.cursor.is_gathered = false;
        }
        if self.cursor.has_matched { Step::Match } else { Step::NoMatch }
    }

    /// Looks at how many values a target has.
    fn count(&mut self, rules: &RuleSet, prefilter: &Prefilter, link: &Link, target: &LinkTarget) {
        let mut found = std::mem::take(&mut self.scratch);
        found.clear();
        self.gather(target.variable, &target.selector, &mut found);
        found.retain(|item| !self.is_excluded(link, target, item.key));
        let count = self.values.intern(found.len().to_string().as_bytes());
        self.scratch = found;
        let key = match &target.selector {
            crate::rule::KeySelector::Key(key) => self.values.intern(key.as_bytes()),
            _ => Value::EMPTY,
        };
        self.judge(rules, prefilter, link, target, Item { key, value: count }, count);
    }

    /// Looks at each value of a target of which nothing is known beforehand. False where the budget is spent.
    fn each(&mut self, rules: &RuleSet, prefilter: &Prefilter, link: &Link, target: &LinkTarget, end: u64) -> bool {
        if !self.cursor.is_gathered {
            let mut found = std::mem::take(&mut self.scratch);
            found.clear();
            self.gather(target.variable, &target.selector, &mut found);
            self.scratch = found;
            self.cursor.is_gathered = true;
        }
        let Some(chain) = rules.chains.get(link.chain) else { return true };
        while let Some(&item) = self.scratch.get(self.cursor.item) {
            if self.values.work >= end {
                return false;
            }
            self.cursor.item += 1;
            if self.is_excluded(link, target, item.key) {
                continue;
            }
            if !link.is_multi_match {
                let value = self.values.transformed(item.value, chain, &context(rules));
                self.judge(rules, prefilter, link, target, item, value);
                continue;
            }
            let mut value = item.value;
            self.judge(rules, prefilter, link, target, item, value);
            for &step in &chain.steps {
                let next = self.values.step(value, step, &context(rules));
                if next != value {
                    value = next;
                    self.judge(rules, prefilter, link, target, item, value);
                }
            }
        }
        true
    }

    /// Notes which operators may match the values of a stream. False where the budget is spent.
    fn prepare_stream(
        &mut self,
        rules: &RuleSet,
        prefilter: &Prefilter,
        known: &Stream,
        stream: usize,
        end: u64,
    ) -> bool {
        let Some(chain) = rules.chains.get(known.chain) else { return true };
        let context = context(rules);
        let Some(prepared) = self.streams.prepared.get_mut(stream) else { return true };
        let items = &self.items[known.variable as usize];
        let words = self.streams.words;
        let union = self.streams.unions.get_mut(stream * words..(stream + 1) * words).unwrap_or_default();
        while let Some(item) = items.get(*prepared as usize) {
            if self.values.work >= end {
                return false;
            }
            *prepared += 1;
            if self.values.is_quiet(item.value, prefilter, known.lane)
                || !known.selector.selects(self.values.bytes(item.key))
            {
                continue;
            }
            let mut is_quiet = true;
            let mut look = |values: &mut Values, value| {
                for (word, candidates) in union.iter_mut().zip(values.candidates(value, prefilter)) {
                    is_quiet &= *candidates == 0;
                    *word |= candidates;
                }
                values.work += VALUE_WORK;
            };
            if known.is_multi_match {
                let mut value = item.value;
                look(&mut self.values, value);
                for &step in &chain.steps {
                    let next = self.values.step(value, step, &context);
                    if next != value {
                        value = next;
                        look(&mut self.values, value);
                    }
                }
            } else {
                let value = self.values.transformed(item.value, chain, &context);
                look(&mut self.values, value);
            }
            if is_quiet {
                self.values.quiet(item.value, prefilter, known.lane);
            }
        }
        true
    }

    /// Looks at those values of a target that the prefilter leaves. False where the budget is spent.
    #[expect(clippy::too_many_arguments, reason = "the inner loop: nothing is packed and unpacked on the way")]
    fn stream(
        &mut self,
        rules: &RuleSet,
        prefilter: &Prefilter,
        link: &Link,
        target: &LinkTarget,
        stream: usize,
        operator: usize,
        end: u64,
    ) -> bool {
        let Some(chain) = rules.chains.get(link.chain) else { return true };
        let context = context(rules);
        let variable = target.variable as usize;
        if self.streams.is_without(stream, operator) {
            return true;
        }
        while let Some(&item) = self.items[variable].get(self.cursor.item) {
            if self.values.work >= end {
                return false;
            }
            self.cursor.item += 1;
            self.values.work += VALUE_WORK;
            if !target.selector.selects(self.values.bytes(item.key)) {
                continue;
            }
            if !link.is_multi_match {
                let value = self.values.transformed(item.value, chain, &context);
                self.candidate(rules, prefilter, link, target, item, value, operator);
                continue;
            }
            let mut value = item.value;
            self.candidate(rules, prefilter, link, target, item, value, operator);
            for &step in &chain.steps {
                let next = self.values.step(value, step, &context);
                if next != value {
                    value = next;
                    self.candidate(rules, prefilter, link, target, item, value, operator);
                }
            }
        }
        true
    }

    /// Asks the operator about one value, where the prefilter leaves it.
    #[expect(clippy::too_many_arguments, reason = "the inner loop: nothing is packed and unpacked on the way")]
    fn candidate(
        &mut self,
        rules: &RuleSet,
        prefilter: &Prefilter,
        link: &Link,
        target: &LinkTarget,
        item: Item,
        value: Value,
        operator: usize,
    ) {
        if is_in(self.values.candidates(value, prefilter), operator) && !self.is_excluded(link, target, item.key) {
            self.judge(rules, prefilter, link, target, item, value);
        }
    }

    fn is_excluded(&self, link: &Link, target: &LinkTarget, key: Value) -> bool {
        let is_left_out = !link.exclusions.is_empty()
            && link.exclusions.iter().any(|exclusion| {
                exclusion.variable == target.variable && self.is_key(&exclusion.selector, target, key)
            });
        is_left_out || self.has_removed() && self.is_removed(self.cursor.rule, target.variable, key)
    }

    fn is_key(&self, selector: &crate::rule::KeySelector, target: &LinkTarget, key: Value) -> bool {
        use crate::rule::KeySelector::Slot;
        match (selector, &target.selector) {
            (Slot(slot), Slot(looked_at)) => slot == looked_at,
            (Slot(slot), _) => self.rules.names.name(*slot).as_bytes().eq_ignore_ascii_case(self.values.bytes(key)),
            (selector, Slot(looked_at)) => selector.selects(self.rules.names.name(*looked_at).as_bytes()),
            _ => selector.selects(self.values.bytes(key)),
        }
    }

    /// Asks the operator about one value, and does what a match does.
    fn judge(
        &mut self,
        rules: &RuleSet,
        prefilter: &Prefilter,
        link: &Link,
        target: &LinkTarget,
        item: Item,
        value: Value,
    ) {
        let mut captures = std::mem::take(&mut self.captures);
        captures.clear();
        let wanted = (link.captures && !link.is_negated).then_some(&mut captures);
        let found = match &link.operator {
            LinkOperator::Always => true,
            LinkOperator::Never => false,
            LinkOperator::Fixed(number) => {
                // The same text need not be looked at again: not for another rule, not in the next request.
                match self.values.known(value, prefilter, *number) {
                    Some(found) if !found || wanted.is_none() => found,
                    _ => {
                        self.values.work += self.values.length(value) as u64 * OPERATOR_WORK + VALUE_WORK;
                        let operator = rules.operators.get(*number);
                        let found = operator.is_some_and(|it| it.matches(self.values.bytes(value), wanted));
                        self.values.learn(value, prefilter, *number, found);
                        found
                    }
                }
            }
            LinkOperator::Number(comparison, number) => comparison.holds(integer(self.values.bytes(value)), *number),
            LinkOperator::Dynamic { evaluate, argument } => {
                let argument = self.expand(argument);
                self.values.work += (self.values.length(value) + argument.len()) as u64 * OPERATOR_WORK + VALUE_WORK;
                evaluate(&argument, self.values.bytes(value), wanted)
            }
        };
        if found != link.is_negated {
            self.cursor.has_matched = true;
            let slot = match &target.selector {
                crate::rule::KeySelector::Slot(slot) => Some(*slot),
                _ => None,
            };
            if self.matched.len() < MOST_MATCHED {
                self.matched.push(Matched { variable: target.variable, key: item.key, slot, value });
            }
            if link.captures && !link.is_negated {
                self.capture(&captures, value);
            }
            self.apply(rules, &link.effects);
        }
        self.captures = captures;
    }

    /// Keeps the parts of a match as `TX.0` and so on; parts of an earlier match are forgotten.
    fn capture(&mut self, captures: &Captures, value: Value) {
        for index in 0..crate::compile::names::CAPTURES {
            let text = captures.bytes(index as usize, self.values.bytes(value)).map(<[u8]>::to_vec);
            let kept = text.map(|text| self.values.intern(&text));
            self.tx.set_slot(index, kept);
        }
    }
}

/// More values than any variable can have: there is nothing in the stream.
const NOTHING: u32 = u32::MAX;
/// What a rule, a value and a byte before an operator cost, in nanoseconds, measured.
const SHORTCUT_WORK: u64 = 4;
const RULE_WORK: u64 = 20;
const VALUE_WORK: u64 = 10;
const OPERATOR_WORK: u64 = 2;
/// As many values as a rule can match in a request of ordinary size; more tell nobody more.
const MOST_MATCHED: usize = 10_000;
