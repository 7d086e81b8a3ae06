//! One request and its response before the rules.
//!
//! Whoever has the request feeds it in the order in which it arrives and runs a phase when its part is complete:
//! [`Transaction::begin`], [`Transaction::request_line`], the fields, [`Transaction::begin_phase`] and
//! [`Transaction::run`] until it is done, and so on. A transaction is used again for the next request.

mod arguments;
pub(crate) mod body;
pub(crate) mod lookup;
mod request;
mod response;
pub(crate) mod vars;

use std::net::IpAddr;
use std::sync::Arc;

use crate::bits::Bits;
use crate::collections::Name;
use crate::compile::program::Program;
use crate::evaluate::{Cursor, Matched, Streams};
use crate::operators::Captures;
use crate::prefilter::Prefilter;
use crate::rule::Removed;
use crate::ruleset::{Exception, ExceptionKind, RuleSet};
use crate::seclang::action::{PartsChange, Switch};
use crate::transformations::Context;
use crate::values::{Value, Values};
use crate::variable::{VARIABLES, Variable};
use crate::verdict::{Action, Match, Reason, Refusal, Verdict};
use vars::Vars;

/// When rules run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// The request's line and fields are known.
    RequestHeaders = 1,
    /// The request's body is complete.
    RequestBody = 2,
    /// The response's line and fields are known.
    ResponseHeaders = 3,
    /// The response's body is complete.
    ResponseBody = 4,
    /// All is over.
    Logging = 5,
}

/// What is known before the first byte of a request.
#[derive(Clone, Copy, Debug)]
pub struct Start<'a> {
    /// The client.
    pub client: (IpAddr, u16),
    /// The server.
    pub server: (IpAddr, u16),
    /// A name for this transaction.
    pub id: &'a str,
    /// Seconds since 1970.
    pub now: u64,
}

/// What became of a part of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fed {
    /// It is looked at.
    Taken,
    /// The limit is reached: what comes next is not looked at.
    Full,
    /// The limit is reached, and the transaction is refused for it.
    Refused,
}

/// One request and its response.
#[derive(Debug)]
pub struct Transaction {
    pub(crate) rules: Arc<RuleSet>,
    pub(crate) values: Values,
    /// For each variable its values, with keys.
    pub(crate) items: Vec<Vec<Item>>,
    pub(crate) tx: Vars,
    pub(crate) env: Vars,
    pub(crate) opened: Vec<Name>,
    pub(crate) now: u64,
    pub(crate) elapsed_milliseconds: u64,
    pub(crate) engine: Switch,
    pub(crate) audit_engine: Switch,
    pub(crate) audit_parts: String,
    pub(crate) facts: Facts,
    pub(crate) body_processor: Box<str>,
    pub(crate) content_type: Vec<u8>,
    pub(crate) body: Vec<u8>,
    pub(crate) response_body: Vec<u8>,
    pub(crate) removed: Bits,
    pub(crate) removed_targets: Vec<Arc<Removed>>,
    exceptions: Vec<Exception>,
    /// Whether rules run that were folded when they were loaded, because some of them are left out.
    pub(crate) is_whole: bool,
    pub(crate) phase: Option<Phase>,
    pub(crate) cursor: Cursor,
    pub(crate) streams: Streams,
    pub(crate) matched: Vec<Matched>,
    pub(crate) captures: Captures,
    pub(crate) scratch: Vec<Item>,
    pub(crate) highest_severity: u8,
    pub(crate) matches: Vec<Match>,
    pub(crate) refusal: Option<Refusal>,
    pub(crate) watched: Option<Refusal>,
    pub(crate) allowed: Option<Phase>,
    pub(crate) is_exhausted: bool,
    pub(crate) is_relevant: bool,
    pub(crate) uri: Value,
    pub(crate) headers: Headers,
}

/// What rules may switch.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Facts {
    pub(crate) reads_request_body: bool,
    pub(crate) reads_response_body: bool,
    pub(crate) forces_request_body: bool,
}

/// The fields as they came, for the audit log.
#[derive(Debug, Default)]
pub(crate) struct Headers {
    pub(crate) request: Vec<Item>,
    pub(crate) response: Vec<Item>,
}

/// A value and its key; a variable with one value has an empty key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Item {
    pub(crate) key: Value,
    pub(crate) value: Value,
}

impl Transaction {
    /// Makes room for transactions under these rules.
    pub fn new(rules: Arc<RuleSet>) -> Self {
        let settings = rules.settings();
        let values = Values::new(settings.limits.value_bytes, settings.limits.values, Arc::clone(&rules.constants));
        let streams = Streams::new(rules.streams.len(), rules.request.words());
        let mut transaction = Self {
            values,
            items: VARIABLES.iter().map(|_| Vec::new()).collect(),
            tx: Vars::default(),
            env: Vars::default(),
            opened: Vec::new(),
            now: 0,
            elapsed_milliseconds: 0,
            engine: Switch::Off,
            audit_engine: Switch::Off,
            audit_parts: String::new(),
            facts: Facts::default(),
            body_processor: "".into(),
            content_type: Vec::new(),
            body: Vec::new(),
            response_body: Vec::new(),
            removed: Bits::new(rules.rules.len()),
            removed_targets: Vec::new(),
            exceptions: Vec::new(),
            is_whole: false,
            phase: None,
            cursor: Cursor::default(),
            streams,
            matched: Vec::new(),
            captures: Captures::default(),
            scratch: Vec::new(),
            highest_severity: u8::MAX,
            matches: Vec::new(),
            refusal: None,
            watched: None,
            allowed: None,
            is_exhausted: false,
            is_relevant: false,
            uri: Value::EMPTY,
            headers: Headers::default(),
            rules,
        };
        transaction.reset();
        transaction
    }

    /// Begins the next transaction; nothing of the one before is left.
    pub fn begin(&mut self, start: &Start<'_>) {
        self.reset();
        self.now = start.now;
        let addresses = [
            (Variable::RemoteAddr, start.client.0.to_string()),
            (Variable::RemoteHost, start.client.0.to_string()),
            (Variable::RemotePort, start.client.1.to_string()),
            (Variable::ServerAddr, start.server.0.to_string()),
            (Variable::ServerPort, start.server.1.to_string()),
            (Variable::UniqueId, start.id.to_owned()),
        ];
        for (variable, text) in addresses {
            self.set(variable, text.as_bytes());
        }
        let web_app = self.rules.settings().web_app_id.clone();
        self.set(Variable::WebAppId, web_app.as_bytes());
        self.set(Variable::ModsecBuild, b"030000000");
    }

    fn reset(&mut self) {
        let settings = self.rules.settings();
        self.engine = settings.engine;
        self.audit_engine = settings.audit_engine;
        self.audit_parts.clone_from(&settings.audit_parts);
        self.facts = Facts {
            reads_request_body: settings.request_body_access,
            reads_response_body: settings.response_body_access,
            forces_request_body: false,
        };
        self.values.reset();
        self.items.iter_mut().for_each(Vec::clear);
        self.tx.reset(self.rules.names.len());
        self.env.reset(0);
        self.opened.clear();
        self.elapsed_milliseconds = 0;
        self.body_processor = "".into();
        self.content_type.clear();
        self.body.clear();
        self.body.shrink_to(KEPT_BODY);
        self.response_body.clear();
        self.response_body.shrink_to(KEPT_BODY);
        self.removed.clear();
        self.removed_targets.clear();
        self.exceptions.clear();
        self.is_whole = false;
        self.phase = None;
        self.cursor = Cursor::default();
        self.matched.clear();
        self.scratch.clear();
        self.highest_severity = u8::MAX;
        self.matches.clear();
        self.refusal = None;
        self.watched = None;
        self.allowed = None;
        self.is_exhausted = false;
        self.is_relevant = false;
        self.uri = Value::EMPTY;
        self.headers.request.clear();
        self.headers.response.clear();
    }

    /// Forgets what is known of the texts of earlier transactions, as if this were the first.
    pub fn forget(&mut self) {
        self.values.forget();
    }

    /// Applies an exception from here on.
    pub fn except(&mut self, exception: &Exception) {
        match &*exception.0 {
            ExceptionKind::Rules(rules) => {
                self.is_whole |= rules.meets(&self.rules.folded);
                self.removed.union(rules);
            }
            ExceptionKind::Target(removed) => {
                self.is_whole |= self.rules.needs_whole(removed);
                self.exceptions.push(exception.clone());
            }
        }
    }

    /// Whether rules refuse, only watch, or do not run; whoever runs the engine may say it for one transaction.
    pub fn set_engine(&mut self, engine: Switch) {
        self.engine = engine;
    }

    /// Says how long the transaction has lasted, for `DURATION`.
    pub fn set_elapsed(&mut self, milliseconds: u64) {
        self.elapsed_milliseconds = milliseconds;
    }

    /// Makes a phase ready to run. Its part of the request or the response must be complete.
    pub fn begin_phase(&mut self, phase: Phase) {
        match phase {
            Phase::RequestHeaders => self.complete_headers(),
            Phase::RequestBody => self.complete_body(),
            Phase::ResponseHeaders => self.complete_response_headers(),
            Phase::ResponseBody => self.complete_response_body(),
            Phase::Logging => {}
        }
        let is_over = self.engine == Switch::Off
            || phase != Phase::Logging && (self.refusal.is_some() || self.allowed.is_some_and(|last| phase <= last));
        self.phase = (!is_over).then_some(phase);
        self.cursor = Cursor::default();
        // What the request cost is not held against its response.
        if matches!(phase, Phase::RequestHeaders | Phase::ResponseHeaders | Phase::Logging) {
            self.values.work = 0;
        }
        self.begin_streams(phase);
    }

    /// Forgets what is known of the streams of a phase.
    pub(crate) fn begin_streams(&mut self, phase: Phase) {
        let rules = Arc::clone(&self.rules);
        if let Some(program) = self.programs(&rules).get(phase as usize - 1) {
            let prefilter = self.prefilter(&rules, phase);
            self.streams.reset(program, &rules.streams, &self.items, &self.values, prefilter);
        }
    }

    /// The programs of this transaction.
    pub(crate) fn programs<'a>(&self, rules: &'a RuleSet) -> &'a [Program; 5] {
        if self.is_whole { &rules.whole } else { &rules.programs }
    }

    /// The prefilter of a phase of this transaction.
    pub(crate) fn prefilter<'a>(&self, rules: &'a RuleSet, phase: Phase) -> &'a Prefilter {
        match phase {
            _ if self.is_whole => rules.whole_prefilter(),
            Phase::RequestHeaders | Phase::RequestBody => &rules.request,
            _ => &rules.response,
        }
    }

    /// Returns the refusal, once there is one.
    pub fn refusal(&self) -> Option<&Refusal> {
        self.refusal.as_ref()
    }

    /// Returns what was found so far.
    pub fn verdict(&self) -> Verdict {
        Verdict {
            refusal: self.refusal.clone(),
            watched: self.watched.clone(),
            score: self.score(),
            matches: self.matches.clone(),
            is_exhausted: self.is_exhausted,
        }
    }

    /// Returns the inbound anomaly score.
    pub fn score(&self) -> Option<i64> {
        let value = self.rules.score_slots.iter().find_map(|&slot| self.tx.slot(slot))?;
        Some(lookup::integer(self.values.bytes(value)))
    }

    /// Returns the units of work, about a nanosecond each, since the request or the response began.
    pub fn work(&self) -> u64 {
        self.values.work
    }

    /// Returns the rules that matched and are logged.
    pub fn matches(&self) -> &[Match] {
        &self.matches
    }

    /// Whether the transaction belongs into the audit log.
    pub fn is_audited(&self) -> bool {
        match self.audit_engine {
            Switch::Off => false,
            Switch::On => true,
            Switch::Between => {
                let status = self.items(Variable::ResponseStatus).first().map(|item| self.values.bytes(item.value));
                let is_relevant =
                    |status: &[u8]| self.rules.relevant_status.as_ref().is_some_and(|it| it.is_match(status));
                let refused = self.refusal.as_ref().map(|refusal| refusal.status.to_string());
                self.is_relevant
                    || status.is_some_and(is_relevant)
                    || refused.is_some_and(|status| is_relevant(status.as_bytes()))
            }
        }
    }

    pub(crate) fn change_audit_parts(&mut self, change: &PartsChange) {
        match change {
            PartsChange::Add(parts) => self.audit_parts.push_str(parts),
            PartsChange::Remove(parts) => self.audit_parts.retain(|part| !parts.contains(part)),
            PartsChange::Set(parts) => self.audit_parts.clone_from(parts),
        }
    }

    /// Whether a value is left out of a rule by something that was said while the transaction runs.
    pub(crate) fn is_removed(&self, rule: usize, variable: Variable, key: Value) -> bool {
        let is_meant = |removed: &Removed| {
            removed.rules.contains(rule)
                && removed.exclusion.variable == variable
                && removed.exclusion.selector.selects(self.values.bytes(key))
        };
        self.removed_targets.iter().any(|removed| is_meant(removed))
            || self.exceptions.iter().any(|exception| match &*exception.0 {
                ExceptionKind::Target(removed) => is_meant(removed),
                ExceptionKind::Rules(_) => false,
            })
    }

    /// Whether any value may be left out of any rule.
    pub(crate) fn has_removed(&self) -> bool {
        !self.removed_targets.is_empty() || !self.exceptions.is_empty()
    }

    pub(crate) fn items(&self, variable: Variable) -> &[Item] {
        &self.items[variable as usize]
    }

    pub(crate) fn add(&mut self, variable: Variable, key: Value, value: Value) {
        self.items[variable as usize].push(Item { key, value });
    }

    /// Gives a variable one value.
    pub(crate) fn set(&mut self, variable: Variable, text: &[u8]) {
        let value = self.values.intern(text);
        self.set_value(variable, value);
    }

    /// Gives a variable a text that is known already.
    pub(crate) fn set_value(&mut self, variable: Variable, value: Value) {
        let items = &mut self.items[variable as usize];
        items.clear();
        items.push(Item { key: Value::EMPTY, value });
    }

    /// Refuses, or notes that it would have.
    pub(crate) fn refuse(&mut self, action: Action, status: u16, reason: Reason) {
        let phase = self.phase.map_or(0, |phase| phase as u8);
        let refusal = Refusal { action, status, phase, reason };
        let kept = if self.engine == Switch::On { &mut self.refusal } else { &mut self.watched };
        kept.get_or_insert(refusal);
    }
}

/// The map of characters that transformations read.
pub(crate) fn context(rules: &RuleSet) -> Context<'_> {
    Context { unicode_map: rules.unicode_map.as_ref() }
}

/// Room for an ordinary body.
const KEPT_BODY: usize = 1 << 17;
