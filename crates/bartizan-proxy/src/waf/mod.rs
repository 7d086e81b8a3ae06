//! The web application firewall in the wall: rules over requests and answers.
//!
//! The engine is a crate of its own and never waits. Here it gets its parts in their order, in slices of at most a
//! millisecond, so that a body that is dear to judge delays nobody else on its core.

mod inspection;
mod judging;
pub mod ledger;
mod loaded;
mod masking;

use std::sync::{Arc, Mutex, PoisonError};

use bartizan_rules::{Explanation, Platform, Reference};
use bartizan_waf::preset::Tuning;
use bartizan_waf::seclang::action::{RuleSelector, Switch};
use bartizan_waf::{Exception, LoadErrors, RuleSet, Transaction};
use http::StatusCode;

pub(crate) use self::inspection::Inspection;
pub use self::judging::Judges;
pub use self::loaded::RuleSets;
use crate::config::{WafMode, WafPlan, WafRules};
use crate::request_id::RequestId;
use crate::shared::Shared;
use crate::stages::RefusalKind;
use crate::stages::refusal::After;

/// The firewall of one policy, ready.
#[derive(Debug)]
pub(crate) struct Waf {
    rules: Arc<RuleSet>,
    exceptions: Vec<Exception>,
    mode: WafMode,
    sample: u8,
    judges: Judges,
    /// Used again: each has room for an ordinary request.
    #[allow(clippy::vec_box, reason = "one moves between here and an exchange many times a second, and is large")]
    idle: Mutex<Vec<Box<Transaction>>>,
}

/// Why a firewall cannot be made ready.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WafError {
    /// The rules cannot be loaded.
    #[error("the rules cannot be loaded")]
    Load(#[source] LoadErrors),
    /// An exclusion does not name what rules know.
    #[error("the exclusion of `{target}`: {problem}")]
    Exclusion {
        /// What it names.
        target: String,
        /// What is wrong with it.
        problem: String,
    },
}

impl Waf {
    /// Makes a plan ready; nothing for one that is off.
    pub(crate) fn build(plan: &WafPlan, shared: &Shared) -> Result<Option<Self>, WafError> {
        if plan.mode == WafMode::Off {
            return Ok(None);
        }
        // One set serves those who refuse and those who watch: which it is, is said for each transaction.
        let tuning = Tuning { engine: Switch::On, ..plan.tuning.clone() };
        let rules = shared.rule_sets.get(&plan.source, &tuning).map_err(WafError::Load)?;
        let mut exceptions = Vec::with_capacity(plan.exclusions.len());
        for exclusion in &plan.exclusions {
            let selector = match &exclusion.rules {
                WafRules::Ids(ids) => RuleSelector::Ids(ids.clone()),
                WafRules::Tag(tag) => RuleSelector::Tag(tag.clone()),
            };
            let exception = rules.exception(&selector, exclusion.target.as_deref()).map_err(|problem| {
                let target = exclusion.target.clone().unwrap_or_default();
                WafError::Exclusion { target, problem: problem.to_string() }
            })?;
            exceptions.push(exception);
        }
        let judges = shared.judges.clone();
        Ok(Some(Self { rules, exceptions, mode: plan.mode, sample: plan.sample, judges, idle: Mutex::default() }))
    }

    /// Whether this request is looked at; which ones are, nobody can choose.
    fn is_sampled(&self, id: &RequestId) -> bool {
        let number: u32 =
            id.as_str().bytes().take(8).fold(0, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into()));
        self.mode == WafMode::Block || number % 100 < u32::from(self.sample)
    }

    fn take(&self) -> Box<Transaction> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        idle.unwrap_or_else(|| Box::new(Transaction::new(Arc::clone(&self.rules))))
    }

    fn give_back(&self, transaction: Box<Transaction>) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < MOST_IDLE {
            idle.push(transaction);
        }
    }
}

/// As many as run at once on a busy day; more are made and dropped again.
const MOST_IDLE: usize = 32;

/// Rules of the firewall refused it.
pub static WAF_REFUSED: RefusalKind = RefusalKind {
    about: Explanation {
        id: "waf-refused",
        title: "The request looks like an attack",
        why: "The rules of the firewall found in the request what attacks are made of: pieces of SQL, scripts, shell \
              commands or paths. Rules judge by patterns, and now and then what a visitor wrote looks like that without \
              being an attack. Which rules found what is written down under the number of the request.",
        fix: &[
            (
                Platform::Bartizan,
                "[[site.waf.exclude]]\nrules = \"942100\"\ntarget = \"ARGS:comment\"\nreason = \"visitors write about SQL\"",
            ),
            (Platform::Client, "Tell the operator the number on this page."),
        ],
        references: &[Reference::Cwe(20), Reference::Rfc(9110, "15.5.4")],
    },
    status: StatusCode::FORBIDDEN,
    after: After::Keep,
};

/// The rules found in an answer what should not leave.
pub static WAF_WITHHELD: RefusalKind = RefusalKind {
    about: Explanation {
        id: "waf-withheld",
        title: "The answer holds what should not leave",
        why: "The rules of the firewall found in the app's answer what leaks look like: messages of a database, listings, \
              source code, or the page of a planted shell. The answer is kept back, and which rules found what is \
              written down under the number of the request.",
        fix: &[(Platform::Bartizan, "[site.waf]\nresponses = \"none\"")],
        references: &[Reference::Cwe(200), Reference::Cwe(209)],
    },
    status: StatusCode::FORBIDDEN,
    after: After::Keep,
};
