//! The states of the environment that make a difference to the settings.
//!
//! One evaluation happens in one world: it says of each variable that is asked for whether it is set, and decides each
//! condition over what cannot be known. [`explore`] begins with the world in which nothing more is set, and goes on with
//! those that differ in one answer, in two, and so on, up to a bound.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::rc::Rc;

use super::value::Sources;

/// The answers under which one evaluation happens.
#[derive(Debug, Default)]
pub(super) struct World {
    /// What is answered otherwise than at first.
    flips: BTreeMap<Question, bool>,
    /// All that was asked, in order.
    asked: Vec<Question>,
    answers: BTreeMap<Question, bool>,
    is_closed: bool,
}

/// What one evaluation asks.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Question {
    /// Whether a variable is set.
    IsSet(Rc<str>),
    /// Whether a condition holds, and on which variables it depends.
    Holds(Rc<str>, Vec<Rc<str>>),
}

impl World {
    /// Whether a variable that is not known is set.
    pub(super) fn is_set(&mut self, name: &str) -> bool {
        if self.is_closed {
            return false;
        }
        self.ask(Question::IsSet(Rc::from(name)), false)
    }

    /// Whether a condition over what cannot be known holds.
    pub(super) fn decide(&mut self, label: &str, variables: &Sources) -> bool {
        self.ask(Question::Holds(Rc::from(label), variables.names().cloned().collect()), true)
    }

    fn ask(&mut self, question: Question, usual: bool) -> bool {
        if let Some(answer) = self.answers.get(&question) {
            return *answer;
        }
        let answer = self.flips.get(&question).copied().unwrap_or(usual);
        if self.asked.len() < QUESTIONS {
            self.asked.push(question.clone());
        }
        self.answers.insert(question, answer);
        answer
    }

    /// Returns in words how this world differs from the first.
    pub(super) fn difference(&self) -> Vec<String> {
        let words = self.flips.iter().filter(|(question, _)| self.answers.contains_key(*question));
        let mut words: Vec<String> = words.map(|(question, answer)| question.words(*answer)).collect();
        words.dedup();
        words
    }
}

impl Question {
    fn words(&self, answer: bool) -> String {
        match self {
            Self::IsSet(name) => format!("{name} is {}", if answer { "set" } else { "unset" }),
            Self::Holds(_, variables) if variables.is_empty() => "a condition that cannot be known here".to_owned(),
            Self::Holds(_, variables) => format!("the value of {}", variables.join(", ")),
        }
    }
}

/// Evaluates in one world after the other, and returns the results, that of the first world first.
///
/// The second value says whether worlds were left out.
pub(super) fn explore<T>(is_closed: bool, mut evaluate: impl FnMut(&mut World) -> T) -> (Vec<T>, bool) {
    let mut results = Vec::new();
    let mut waiting = VecDeque::from([BTreeMap::new()]);
    let mut seen: BTreeSet<BTreeMap<Question, bool>> = BTreeSet::new();
    while let Some(flips) = waiting.pop_front() {
        if results.len() >= WORLDS {
            return (results, true);
        }
        let mut world = World { flips, is_closed, ..World::default() };
        results.push(evaluate(&mut world));
        for question in &world.asked {
            if world.flips.contains_key(question) || waiting.len() > WORLDS {
                continue;
            }
            let Some(answer) = world.answers.get(question) else { continue };
            let mut flips = world.flips.clone();
            flips.insert(question.clone(), !answer);
            if seen.insert(flips.clone()) {
                waiting.push_back(flips);
            }
        }
    }
    (results, false)
}

/// Worlds are visited by how much they differ from the first: a project that asks for twenty variables is seen with
/// each of them set, and with some pairs.
const WORLDS: usize = 64;
/// Questions of one evaluation that lead to further worlds.
const QUESTIONS: usize = 100;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn worlds_are_visited_from_the_nearest_on() {
        let ask = |world: &mut World| {
            let debug = world.is_set("DEBUG");
            let holds = debug && world.decide("DEBUG == '1'", &Sources::one("DEBUG"));
            (debug, holds, world.difference().join("; "))
        };
        let (seen, cut) = explore(false, ask);
        assert_eq!(
            seen.iter().map(|(set, holds, _)| (*set, *holds)).collect::<Vec<_>>(),
            [(false, false), (true, true), (true, false)]
        );
        assert_eq!(seen[1].2, "DEBUG is set");
        assert_eq!(seen[2].2, "DEBUG is set; the value of DEBUG");
        assert!(!cut);
        assert_eq!(explore(true, ask).0.len(), 1, "a closed environment has no other state");
        let (seen, cut) = explore(false, |world| (0..200).filter(|name| world.is_set(&name.to_string())).count());
        assert_eq!((seen.len(), cut), (WORLDS, true));
    }
}
