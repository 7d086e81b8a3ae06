//! `ctl`: how this transaction goes on.

use std::sync::Arc;

use crate::rule::Control;
use crate::transaction::Transaction;

impl Transaction {
    pub(super) fn control(&mut self, control: &Control) {
        match control {
            Control::AuditEngine(switch) => self.audit_engine = *switch,
            Control::AuditLogParts(change) => self.change_audit_parts(change),
            Control::ForceRequestBodyVariable(is_on) => self.facts.forces_request_body = *is_on,
            Control::RequestBodyAccess(is_on) => self.facts.reads_request_body = *is_on,
            Control::RequestBodyProcessor(name) => self.body_processor.clone_from(name),
            Control::ResponseBodyAccess(is_on) => self.facts.reads_response_body = *is_on,
            Control::RuleEngine(switch) => self.engine = *switch,
            Control::RuleRemove(rules) => {
                self.is_whole |= rules.meets(&self.rules.folded);
                self.removed.union(rules);
            }
            Control::RuleRemoveTarget(removed) => {
                // A rule that matches many values says the same many times.
                if !self.removed_targets.iter().any(|known| Arc::ptr_eq(known, removed)) {
                    self.is_whole |= self.rules.needs_whole(removed);
                    self.removed_targets.push(Arc::clone(removed));
                }
            }
        }
    }
}
