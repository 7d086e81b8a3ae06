//! A set of rules: loaded once, shared by all transactions.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use crate::bits::Bits;
use crate::byte_set::ByteSet;
use crate::collections::Collections;
use crate::compile::chains::Chain;
use crate::compile::link::key_selector;
use crate::compile::names::Names;
use crate::compile::program::{Program, Stream};
use crate::compile::selection::selected;
use crate::compile::{Compiled, compile};
use crate::files::Files;
use crate::operators::Operator;
use crate::prefilter::{MOST_WORDS, Prefilter, Side};
use crate::rule::{Exclusion, LinkOperator, Removed, Rule};
use crate::seclang::action::RuleSelector;
use crate::seclang::include::{self, Read};
use crate::seclang::{LoadError, LoadErrors, Place, Problem, target};
use crate::settings::Settings;
use crate::transformations::UnicodeMap;
use crate::variable::{VARIABLES, Variable};

/// Rules, ready to judge.
#[derive(Debug)]
pub struct RuleSet {
    settings: Settings,
    notes: Vec<(Place, String)>,
    pub(crate) rules: Vec<Rule>,
    pub(crate) programs: [Program; 5],
    /// The programs with the rules whose outcome is known.
    pub(crate) whole: [Program; 5],
    /// The prefilter for those, made when it is first needed.
    whole_prefilter: OnceLock<Prefilter>,
    /// The rules whose outcome is known.
    pub(crate) folded: Bits,
    pub(crate) assignments: Vec<(u32, Option<u32>)>,
    pub(crate) constants: Arc<[Box<[u8]>]>,
    pub(crate) operators: Vec<Box<dyn Operator>>,
    pub(crate) chains: Vec<Chain>,
    pub(crate) names: Names,
    pub(crate) streams: Vec<Stream>,
    pub(crate) request: Prefilter,
    pub(crate) response: Prefilter,
    pub(crate) unicode_map: Option<UnicodeMap>,
    pub(crate) collections: Arc<Collections>,
    pub(crate) score_slots: Vec<u32>,
    pub(crate) relevant_status: Option<regex::bytes::Regex>,
    by_id: HashMap<u64, usize>,
    used: Bits,
}

/// Rules that do not look at something, or do not run: an exception of a site or a route, ready to apply.
#[derive(Clone, Debug)]
pub struct Exception(pub(crate) Arc<ExceptionKind>);

#[derive(Debug)]
pub(crate) enum ExceptionKind {
    Rules(Bits),
    Target(Removed),
}

impl RuleSet {
    /// Loads rule files in order; a folder stands for its files ending in `.conf`.
    pub fn load(entries: &[PathBuf], files: &dyn Files) -> Result<Self, LoadErrors> {
        Self::from_read(include::read(entries, files), files)
    }

    /// Loads rules that stand nowhere else than in `text`; relative paths begin at the folder of `name`.
    pub fn from_text(name: &Path, text: &str, files: &dyn Files) -> Result<Self, LoadErrors> {
        Self::from_read(include::read_text(name, text, files), files)
    }

    fn from_read(read: Read, files: &dyn Files) -> Result<Self, LoadErrors> {
        let mut errors = read.errors;
        let (compiled, more) = compile(read.statements, files);
        errors.extend(more);
        let Compiled {
            settings,
            rules,
            programs,
            whole,
            folded,
            assignments,
            constants,
            operators,
            chains,
            mut names,
            streams,
            notes,
        } = compiled;
        let place = |path: &Path| Place { file: Arc::from(path), line: 0 };
        let mut fail = |directive: &str, path: &Path, problem| {
            errors.push(LoadError { place: place(path), directive: directive.to_owned(), problem });
        };
        let unicode_map =
            settings.unicode_map.as_ref().and_then(|(path, page)| match unicode_map(path, *page, files) {
                Ok(map) => Some(map),
                Err(problem) => {
                    fail("SecUnicodeMapFile", path, problem);
                    None
                }
            });
        let relevant_status = settings.audit_relevant_status.as_deref().and_then(|pattern| {
            // Patterns of PCRE with look-around are common here: `^(?:5|4(?!04))`, which has its own meaning below.
            let built = regex::bytes::RegexBuilder::new(&without_lookahead(pattern)).unicode(false).build();
            built
                .map_err(|error| {
                    let problem = Problem::Pattern { pattern: pattern.to_owned(), reason: error.to_string() };
                    fail("SecAuditLogRelevantStatus", Path::new(""), problem);
                })
                .ok()
        });
        if operators.len() > MOST_WORDS * 64 {
            fail("SecRule", Path::new(""), Problem::Limit { what: "operators", limit: MOST_WORDS * 64 });
        }
        if !errors.is_empty() {
            return Err(LoadErrors(errors));
        }
        let prefilter = |side, phases: std::ops::Range<usize>| {
            let used = used(&rules, phases.filter_map(|phase| programs.get(phase)), operators.len());
            Prefilter::new(side, &operators, &used)
        };
        let (request, response) = (prefilter(Side::Request, 0..2), prefilter(Side::Response, 2..5));
        let score_slots = SCORES.iter().map(|name| names.slot(name)).collect();
        let used = variables(&rules);
        let by_id = rules.iter().enumerate().map(|(index, rule)| (rule.id, index)).collect();
        Ok(Self {
            settings,
            notes,
            rules,
            programs,
            whole,
            whole_prefilter: OnceLock::new(),
            folded,
            assignments,
            constants: constants.into(),
            operators,
            chains,
            names,
            streams,
            request,
            response,
            unicode_map,
            collections: Arc::default(),
            score_slots,
            relevant_status,
            by_id,
            used,
        })
    }

    /// Goes on with the collections of an earlier set: what rules counted outlives a change of rules.
    #[must_use]
    pub fn with_collections(mut self, collections: Arc<Collections>) -> Self {
        self.collections = collections;
        self
    }

    /// Returns the settings.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Changes the settings before any transaction begins: whoever runs the engine has the last word.
    pub fn settings_mut(&mut self) -> &mut Settings {
        &mut self.settings
    }

    /// Returns what was read and has no effect, and why.
    pub fn notes(&self) -> &[(Place, String)] {
        &self.notes
    }

    /// Returns the rules in the order of the files.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// Returns the rule with that identifier.
    pub fn rule(&self, id: u64) -> Option<&Rule> {
        self.by_id.get(&id).and_then(|&index| self.rules.get(index))
    }

    /// Returns the operator of that number.
    pub fn operator(&self, number: usize) -> Option<&dyn Operator> {
        self.operators.get(number).map(|operator| &**operator)
    }

    /// Returns how many operators there are.
    pub fn operators(&self) -> usize {
        self.operators.len()
    }

    /// Returns the operators that the prefilters leave for this value, after transformations.
    pub fn candidates(&self, value: &[u8]) -> Bits {
        let mut found = Bits::new(self.operators.len());
        self.whole_prefilter().scan(value, ByteSet::present_in(value), found.words_mut());
        found
    }

    /// Returns the prefilter of all phases, with the rules whose outcome is known.
    pub(crate) fn whole_prefilter(&self) -> &Prefilter {
        self.whole_prefilter.get_or_init(|| {
            let used = used(&self.rules, self.whole.iter(), self.operators.len());
            Prefilter::new(Side::Whole, &self.operators, &used)
        })
    }

    /// Whether what was worked out when the rules were loaded does not hold without what this takes out.
    pub(crate) fn needs_whole(&self, removed: &Removed) -> bool {
        removed.exclusion.variable == Variable::Tx && removed.rules.meets(&self.folded)
    }

    /// Returns the collections that outlive transactions.
    pub fn collections(&self) -> &Arc<Collections> {
        &self.collections
    }

    /// Whether any rule looks at a variable: what is costly to make is only made for one that does.
    pub(crate) fn uses(&self, variable: Variable) -> bool {
        self.used.contains(variable as usize)
    }

    /// Prepares an exception: those rules do not look at that target (`ARGS:q`), or do not run at all.
    pub fn exception(&self, rules: &RuleSelector, target: Option<&str>) -> Result<Exception, Problem> {
        let rules = selected(rules, &self.rules);
        let Some(target) = target else { return Ok(Exception(Arc::new(ExceptionKind::Rules(rules)))) };
        let targets = target::parse(target)?;
        let [target] = &targets[..] else { return Err(Problem::UnknownVariable(target.to_owned())) };
        // Names of TX that no rule knows need no number: no rule looks at them.
        let selector = key_selector(target, &mut self.names.clone())?;
        let exclusion = Exclusion { variable: target.variable, selector };
        Ok(Exception(Arc::new(ExceptionKind::Target(Removed { rules, exclusion }))))
    }
}

fn variables(rules: &[Rule]) -> Bits {
    let mut used = Bits::new(VARIABLES.len());
    for target in rules.iter().flat_map(|rule| &rule.links).flat_map(|link| &link.targets) {
        used.insert(target.variable as usize);
    }
    used
}

/// The operators of these phases whose streams are prepared.
fn used<'a>(rules: &[Rule], programs: impl Iterator<Item = &'a Program>, operators: usize) -> Bits {
    let mut used = Bits::new(operators);
    let steps = programs.flat_map(|program| &program.steps);
    let links = steps.filter_map(|step| rules.get(step.rule as usize)).flat_map(|rule| &rule.links);
    for link in links {
        if let LinkOperator::Fixed(number) = link.operator {
            used.insert(number);
        }
    }
    used
}

fn unicode_map(path: &Path, page: u32, files: &dyn Files) -> Result<UnicodeMap, Problem> {
    let bytes = files.read(path).map_err(|source| Problem::Io { path: path.to_owned(), source: Arc::new(source) })?;
    UnicodeMap::parse(&String::from_utf8_lossy(&bytes), page).map_err(|error| Problem::Operator(error.to_string()))
}

/// The recommended `^(?:5|4(?!04))` means every error but 404.
fn without_lookahead(pattern: &str) -> String {
    pattern.replace("4(?!04)", "4(?:0[^4]|[^0].)")
}

/// Where CRS 4 and 3 keep the inbound anomaly score.
const SCORES: &[&str] = &["blocking_inbound_anomaly_score", "inbound_anomaly_score", "anomaly_score"];
